#pragma once

#include <cstdint>
#include <ostream>
#include <vector>

#include "property/history.hpp"

/// The stores that histories run over.
namespace entitle_property {

struct StoreSort {
    const char* name;
    StoreOf open;
    std::uint64_t slower;  ///< than memory, about: it gets so many times fewer commands

    friend void PrintTo(const StoreSort& sort, std::ostream* out) { *out << sort.name; }
};

/// Memory, an SQLite file, a PostgreSQL server, and both attached to a host's connection.
[[nodiscard]] std::vector<StoreSort> store_sorts();

}  // namespace entitle_property
