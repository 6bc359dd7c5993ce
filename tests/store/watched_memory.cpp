#include "watched_memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <new>

#include <sqlite3.h>

namespace store_contract {

namespace {

sqlite3_mem_methods real_memory;

/// Comes before SQLite's first use.
bool watch_sqlite() {
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory) != SQLITE_OK) return false;
    sqlite3_mem_methods watched = real_memory;
    watched.xMalloc = [](int size) { return in_sqlite.strikes() ? nullptr : real_memory.xMalloc(size); };
    watched.xRealloc = [](void* at, int size) {
        return in_sqlite.strikes() ? nullptr : real_memory.xRealloc(at, size);
    };
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &watched) == SQLITE_OK;
}

}  // namespace

thread_local Allocations in_sqlite;
thread_local Allocations in_cpp;
const bool sqlite_is_watched = watch_sqlite();

}  // namespace store_contract

// Every allocation of the test program passes here; only one that is asked to fails.
void* operator new(std::size_t size, const std::nothrow_t& /*none*/) noexcept {
    return store_contract::in_cpp.strikes() ? nullptr : std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size) {
    void* memory = operator new(size, std::nothrow);
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }
