#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "block.hpp"

/// What commands change of a customer's entitlements, as it stands with the customer in the file: JSON that a
/// person can read. What is left, `{"7":[5,2],"9":[40]}`, what is held of it, and whose balances nothing has moved yet,
/// `[9]`.
namespace entitle::inline v0::sqlite {

/// Of one entitlement: in total, and then on each of its channels.
struct Remaining {
    std::uint64_t entitlement = 0;  ///< its sequence
    std::vector<std::int64_t> amounts{};
};

[[nodiscard]] std::string write_remaining(const Block& block);
/// What is held, of the entitlements of which anything is, in the same form.
[[nodiscard]] std::string write_held(const Block& block);
/// Off: it is not such a text.
[[nodiscard]] bool read_remaining(std::string_view text, std::vector<Remaining>& out);

/// By their sequences.
[[nodiscard]] std::string write_unmoved(const Block& block);
[[nodiscard]] bool read_unmoved(std::string_view text, std::vector<std::uint64_t>& out);

}  // namespace entitle::inline v0::sqlite
