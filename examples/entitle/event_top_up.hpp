#pragma once

#include <string_view>

#include "event.hpp"

namespace program {

/// The columns of a row that only top-ups use.
struct TopUpColumns {
    std::string_view amount{}, priority{}, from{}, expires{}, rollover{};
};

/// What is issued: its amounts stay texts, since of what they are is known when the entitlement is.
void read_top_up(Row& row, const TopUpColumns& columns);
/// Which of the entitlement's is voided.
void read_void_top_up(Row& row, std::string_view amount);

}  // namespace program
