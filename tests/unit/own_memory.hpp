#pragma once

/// For a program that takes over its allocations, whose source own_memory.cpp is then one of: every allocation of C++
/// in it comes by here first.
namespace unit_memory {

/// Defined by the program; throws `std::bad_alloc` where the allocation is to fail.
void on_allocation();

}  // namespace unit_memory
