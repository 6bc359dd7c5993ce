#pragma once

#include <nlohmann/json.hpp>

namespace program {

/// Members stay in the order in which they are written down.
using Json = nlohmann::ordered_json;

}  // namespace program
