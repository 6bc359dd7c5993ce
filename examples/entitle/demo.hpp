#pragma once

namespace program {

/// Tells the worked example of the 2014 articles (R12), step by step. Returns the exit status.
[[nodiscard]] int demo();

}  // namespace program
