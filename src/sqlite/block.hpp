#pragma once

#include <cstdint>

#include "../store/block.hpp"

namespace entitle::inline v0::sqlite {

/// A customer as the file has it.
struct Block : store::Block {
    std::int64_t key = 0;         ///< the customer's in the file; 0: it has none yet
    std::int64_t last_entry = 0;  ///< row of the last entry; 0: there is none
    std::int64_t last_case = 0;   ///< … and of the last case
};

}  // namespace entitle::inline v0::sqlite
