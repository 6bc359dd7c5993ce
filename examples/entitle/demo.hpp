#pragma once

namespace program {

/// Tells the worked example of the 2014 articles (R12), step by step, in words or as JSON. Returns the exit status.
[[nodiscard]] int demo(bool as_json);

}  // namespace program
