#pragma once

#include <cstdint>
#include <optional>
#include <string>

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

/// A whole number of 32 bits; the default where it is none.
[[nodiscard]] std::int32_t read_priority(const Node& node, const std::string& path, Faults& faults);

}  // namespace program
