#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "host/session.hpp"

namespace program {

/// What a case is about, as arguments say it.
struct CaseFactsOptions {
    std::string customer, contact, product, asset, case_type, origin, entitlement;
    bool spares_terms = false;
};

void add_case_facts(CLI::App& app, CaseFactsOptions& options);

/// The opening that is meant. Where the desk is only looked at, a key that it has never met is nobody's: an id that
/// no thing has.
[[nodiscard]] Or<entitle::OpenCase> opening_in(Session& session, const CaseFactsOptions& options, Use use);

/// A channel's name; none where it is empty.
[[nodiscard]] Or<entitle::Channel> channel_in(const std::string& name);

/// The id of a fact; none where the key is empty.
template <class Id>
[[nodiscard]] Or<Id> fact_in(Session& session, const std::string& key, Use use) {
    if (key.empty()) return Id{};
    if (use != Use::read) return session.keys().get_or_make<Id>(key);
    const auto found = session.keys().find<Id>(key);
    if (!found) return passed_on(found);
    return *found ? (*found)->id : Id::from_name(key);
}

}  // namespace program
