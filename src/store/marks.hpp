#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "entitle/value/low_water.hpp"

/// Marks as they stand in a column: `[{"left":2},{"percent":20,"channel":"phone"}]`, JSON for whoever looks, in base
/// units.
namespace entitle::inline v0::store {

/// Empty where there are none.
[[nodiscard]] std::string write_marks(const std::vector<LowWater>& marks);

/// Off: it is not what `write_marks` writes of at most 8. `unit`: what an amount counts.
[[nodiscard]] bool read_marks(std::string_view text, Unit unit, std::vector<LowWater>& out);

}  // namespace entitle::inline v0::store
