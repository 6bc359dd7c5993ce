#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "entitle/store/memory/scan_customers.hpp"
#include "entitle/store/memory_store.hpp"

/// What a `MemoryStore` keeps for service levels.
namespace entitle::inline v0 {

inline Result<void> MemoryStore::keep(const ServiceTerms& terms) {
    ServiceTerms copy = terms;  // first: what was there stays where there is no memory for it
    ServiceTerms& kept = service_terms_[{terms.kind, terms.id}];
    const bool stays = terms.kind == ServiceTerms::Kind::service_level && !kept.text.empty();
    if (!stays) kept = std::move(copy);
    return {};
}

inline Result<void> MemoryStore::list(std::vector<ServiceTerms>& out) const {
    for (const auto& [key, terms] : service_terms_) out.push_back(terms);
    return {};
}

inline ServedCase MemoryStore::served_case(std::uint32_t at, const CaseService& service) const {
    const detail::CaseRecord& record = cases_[at];
    return {block_of(record.customer)->id, record.id, entitlements_[record.entitlement].id, service};
}

inline Result<void> MemoryStore::scan(const Filter& filter, Cursor& cursor,
                                      std::vector<ServedCase>& out) const {
    const Block* one = filter.customer ? find_customer(filter.customer) : nullptr;
    std::size_t filled = 0;
    detail::scan_customers(
        customers_, one ? one->slot : nowhere, !filter.customer.is_none(), cursor, filled,
        [&](std::uint32_t slot) {
            const std::size_t first = out.size();
            for (std::uint32_t at = block_of(slot)->last_case; at != nowhere; at = cases_[at].previous) {
                const CaseService* service = services_.find(at);
                if (service == nullptr || cases_[at].deleted) continue;
                if (last_change(*service) <= filter.changed_after && filter.changed_after != Instant::min())
                    continue;
                out.push_back(served_case(at, *service));
            }
            std::reverse(out.begin() + static_cast<std::ptrdiff_t>(first), out.end());
            filled += out.size() - first;
        });
    return {};
}

inline Result<void> MemoryStore::due(Instant until, CustomerId only, Cursor& cursor,
                                     std::vector<ServedCase>& out) const {
    constexpr std::size_t page = 4096;
    const auto& due = services_.by_due();
    auto at = due.upper_bound({cursor.at, static_cast<std::uint32_t>(cursor.position)});
    if (cursor.at == Instant::min()) at = due.begin();
    const auto is_due = [&] {
        return at != due.end() && at->first <= until && at->first != KpiInstance::never;
    };
    for (std::size_t seen = 0; is_due() && seen < page; ++seen, ++at) {
        ServedCase served = served_case(at->second, *services_.find(at->second));
        if (!only || served.customer == only) out.push_back(std::move(served));
        cursor.at = at->first;
        cursor.position = at->second;
    }
    cursor.done = !is_due();
    return {};
}

}  // namespace entitle::inline v0
