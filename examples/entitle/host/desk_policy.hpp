#pragma once

#include <string>

#include <entitle/rule/policy.hpp>

#include "host/failure.hpp"

/// A policy as one text: as arguments name it, and as the desk keeps it.
namespace program {

/// A preset, perhaps with choices behind it: `crm2014,exhausted_channel=count_negative`.
[[nodiscard]] Or<entitle::Policy> policy_in(const std::string& written);

/// The shortest such text: a preset, or the one that differs least and in what.
[[nodiscard]] std::string text_of(const entitle::Policy& policy);

}  // namespace program
