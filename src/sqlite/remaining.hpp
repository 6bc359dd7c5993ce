#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "block.hpp"

/// What is left, as it stands with a customer in the file: JSON that a person can read, `{"7":[5,2],"9":[40]}`.
namespace entitle::inline v0::sqlite {

/// Of one entitlement: in total, and then on each of its channels.
struct Remaining {
    std::uint64_t entitlement = 0;  ///< its sequence
    std::vector<std::int64_t> amounts{};
};

[[nodiscard]] std::string write_remaining(const Block& block);
/// Off: it is not such a text.
[[nodiscard]] bool read_remaining(std::string_view text, std::vector<Remaining>& out);

}  // namespace entitle::inline v0::sqlite
