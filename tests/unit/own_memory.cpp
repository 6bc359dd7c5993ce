#include "own_memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

namespace {

void* allocated(std::size_t size, std::size_t alignment) {
    unit_memory::on_allocation();
    const std::size_t rounded = (size + alignment - 1) / alignment * alignment;
    void* at = std::aligned_alloc(alignment, rounded == 0 ? alignment : rounded);
    if (at == nullptr) throw std::bad_alloc{};
    return at;
}

}  // namespace

// (Not inlined: gcc 12 takes a `delete` that it sees through for a mismatched `free`.)
[[gnu::noinline]] void* operator new(std::size_t size) { return allocated(size, alignof(std::max_align_t)); }
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
    return allocated(size, static_cast<std::size_t>(alignment));
}
// The standard's own hands its result to the `delete` below, but a sanitizer's brings its own memory.
[[gnu::noinline]] void* operator new(std::size_t size, const std::nothrow_t& /*none*/) noexcept {
    try {
        return operator new(size);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}
[[gnu::noinline]] void operator delete(void* at) noexcept { std::free(at); }
[[gnu::noinline]] void operator delete(void* at, std::size_t) noexcept { std::free(at); }
[[gnu::noinline]] void operator delete(void* at, std::align_val_t) noexcept { std::free(at); }
[[gnu::noinline]] void operator delete(void* at, std::size_t, std::align_val_t) noexcept { std::free(at); }
