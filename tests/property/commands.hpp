#pragma once

#include <string>

#include "entitle/value/command.hpp"
#include "entitle/value/entitlement.hpp"
#include "entitle/value/template.hpp"

#include "reference/model.hpp"

/// The model's words in the engine's.
namespace entitle_property {

namespace model = entitle_reference;

template <class Id>
[[nodiscard]] Id id_of(int key) {
    return key == 0 ? Id{} : Id::from_integer(static_cast<std::uint64_t>(key));
}
[[nodiscard]] inline entitle::CustomerId customer_id(int key) { return id_of<entitle::CustomerId>(key); }
/// Also of what is assigned for a purchase: its key tells the customer's and the purchase's.
[[nodiscard]] entitle::EntitlementId entitlement_id(int key);
[[nodiscard]] inline entitle::CaseId case_id(int key) { return id_of<entitle::CaseId>(key); }

[[nodiscard]] entitle::Instant instant(long long microseconds);
/// None where the name is empty.
[[nodiscard]] entitle::Channel channel(const std::string& name);
[[nodiscard]] entitle::Unit unit_of(model::Allocation allocation, const std::string& currency);
/// As the engine keeps it.
[[nodiscard]] entitle::Agreement agreement(const model::Agreement& from);
[[nodiscard]] entitle::Template template_of(int key, const model::Template& from);
/// The facts as a case that was opened with them would have them.
[[nodiscard]] entitle::OpenCase opening(const model::CaseFacts& facts);

/// The command, which is none of the catalog's; `names_customer` off leaves the customer out where that is allowed.
[[nodiscard]] entitle::Command command_of(const model::Op& op, bool names_customer = true);

}  // namespace entitle_property
