#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory_resource>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace benchmark_of_entitle {

/// Keeps what is freed, and maps nothing apart: so memory that was touched once stays touched, for both sides.
inline void keep_heap() {
#if defined(__GLIBC__)
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
#endif
}

/// Touches this much of what malloc gives next: nobody is timed while the system finds pages.
inline void touch_heap(std::size_t bytes) {
    void* memory = std::malloc(bytes);
    if (memory == nullptr) return;
    std::memset(memory, 1, bytes);
    asm volatile("" : : "r"(memory) : "memory");
    std::free(memory);
}

/// What malloc has given and not got back; 0 where the system does not tell.
[[nodiscard]] inline std::size_t heap_in_use() {
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
    return mallinfo2().uordblks;
#else
    return 0;
#endif
}

/// Counts what a store holds.
class CountingResource final : public std::pmr::memory_resource {
public:
    [[nodiscard]] std::size_t in_use() const { return in_use_; }

private:
    void* do_allocate(std::size_t bytes, std::size_t alignment) override {
        in_use_ += bytes;
        return std::pmr::new_delete_resource()->allocate(bytes, alignment);
    }
    void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override {
        in_use_ -= bytes;
        std::pmr::new_delete_resource()->deallocate(memory, bytes, alignment);
    }
    [[nodiscard]] bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
        return this == &other;
    }

    std::size_t in_use_ = 0;
};

}  // namespace benchmark_of_entitle
