#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "host/session.hpp"
#include "text.hpp"
#include "view/words.hpp"

namespace program {

/// One command about one case, and what it did.
template <class Command>
[[nodiscard]] Or<Told> on_case(Session& session, const std::string& key, Command command,
                               std::string_view done) {
    const auto known = session.keys().get<entitle::CaseId>(key);
    if (!known) return passed_on(known);
    command.customer = known->owner;
    command.id = known->id;
    const auto receipt = session.run(command);
    if (!receipt) return passed_on(receipt);
    return told(session, *receipt, fmt::format("case {} {}", escaped(key), done));
}

}  // namespace program
