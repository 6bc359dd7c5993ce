#pragma once

#include <stdexcept>

#include <fmt/format.h>

#include "entitle/value/error.hpp"

namespace entitle_property {

/// For steps that no test expects to fail.
inline void must(const entitle::Result<void>& done) {
    if (!done) throw std::runtime_error{fmt::format("{}", done.error())};
}

}  // namespace entitle_property
