#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include <entitle/value/channel.hpp>
#include <entitle/value/instant.hpp>
#include <entitle/value/quantity.hpp>

#include "fault.hpp"
#include "plan_json.hpp"

/// Values that more than one thing of a plan has.
namespace program {

/// An amount of a unit, 0 or more; nothing where it is at fault, or where there is no unit.
[[nodiscard]] std::optional<entitle::Quantity> read_amount(const Node& node, const std::string& path,
                                                           const std::optional<entitle::Unit>& unit,
                                                           Faults& faults);

/// A key of something; empty where it is at fault.
[[nodiscard]] std::string read_key(const Node& node, const std::string& path, Faults& faults);

/// A channel's name; none where it is at fault.
[[nodiscard]] entitle::Channel read_channel(const Node& node, const std::string& path, Faults& faults);

[[nodiscard]] std::optional<entitle::Instant> read_instant(const Node& node, const std::string& path,
                                                           Faults& faults);

/// Takes each member of an object; `take` says whether it knows the key. Faults: it is none, a member is given twice
/// (the first counts), is not known (`has` then says what is), or is missing of those that are needed.
void read_members(const Node& node, const std::string& path, std::initializer_list<std::string_view> needed,
                  std::string_view has, Faults& faults,
                  const std::function<bool(const Node& item, const std::string& path)>& take);

/// Takes each element of a list.
void read_list(const Node& node, const std::string& path, Faults& faults,
               const std::function<void(const Node& element, const std::string& path)>& take);

/// A whole number of 32 bits; the default where it is none.
[[nodiscard]] std::int32_t read_priority(const Node& node, const std::string& path, Faults& faults);

}  // namespace program
