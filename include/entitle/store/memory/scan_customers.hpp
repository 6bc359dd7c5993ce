#pragma once

#include <cstddef>
#include <cstdint>

#include "entitle/store/memory/records.hpp"
#include "entitle/store/store.hpp"

namespace entitle::inline v0::detail {

/// Walks a scan's customers: the filter's one, or every slot from the cursor on; `visit` shows one customer.
/// A page ends with the customer that fills it.
template <class Customers, class Visit>
void scan_customers(const Customers& customers, std::uint32_t only, bool filtered, Cursor& cursor,
                    const std::size_t& filled, Visit visit) {
    constexpr std::size_t page = 4096;
    if (filtered) {
        if (only != nowhere) visit(only);
        cursor.done = true;
        return;
    }
    const std::size_t before = filled;
    while (cursor.position < customers.size() && filled - before < page) {
        visit(static_cast<std::uint32_t>(cursor.position++));
    }
    cursor.done = cursor.position >= customers.size();
}

}  // namespace entitle::inline v0::detail
