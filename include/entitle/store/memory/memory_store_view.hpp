#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "entitle/store/memory/scan_customers.hpp"
#include "entitle/store/memory_store.hpp"
#include "entitle/value/expiring_hold_text.hpp"

/// How `MemoryStore` shows what it keeps: no function here changes anything.
namespace entitle::inline v0 {

inline MemoryStore::MemoryStore(const Options& options)
    : memory_{options.memory},
      seed_{options.hash_seed != 0
                ? options.hash_seed
                : detail::mix(reinterpret_cast<std::uintptr_t>(this), 0xA076'1D64'78BD'642F) | 1},
      retention_{options.request_retention},
      max_entries_{std::min(options.max_entries, Options{}.max_entries)},
      arena_{memory_},
      customers_{memory_},
      customer_index_{memory_, options.expected_customers},
      entitlements_{memory_},
      entitlement_index_{memory_, options.expected_entitlements},
      cases_{memory_, options.expected_cases},
      case_index_{memory_, options.expected_cases},
      facts_{memory_},
      openings_{memory_},
      ledger_{memory_, options.expected_cases},
      requests_{memory_},
      request_index_{memory_},
      receipts_{memory_},
      annotations_{memory_},
      names_{memory_},
      name_index_{memory_} {}

inline MemoryStore::~MemoryStore() {
    roll_back();
    for (std::uint32_t i = 0; i < entitlements_.size(); ++i) delete entitlements_[i].record;
}

inline MemoryStore::Block* MemoryStore::find_customer(CustomerId id, detail::HashIndex::Spot spot) const {
    const std::uint32_t at = spot.find([&](std::uint32_t reference) {
        const Block* block = block_at(reference);
        // The rows and channels lie behind the header: all on their way at once.
        for (std::size_t line = 1; line < block_lines; ++line) __builtin_prefetch(block + line);
        return block->id == id;
    });
    return at == nothing ? nullptr : block_at(at);
}

inline std::uint32_t MemoryStore::find_case(std::uint32_t slot, detail::HashIndex::Spot spot,
                                            CaseId id) const {
    return spot.find_rare([&](std::uint32_t at) {
        return cases_[at].id == id && cases_[at].customer == slot && !cases_[at].deleted;
    });
}

inline std::uint32_t MemoryStore::find_request(std::uint32_t slot, CustomerId customer, RequestId id) const {
    return request_index_.spot(hash(customer, id.bits())).find_rare([&](std::uint32_t at) {
        return requests_[at].id == id && requests_[at].customer == slot;
    });
}

[[gnu::noinline]] inline std::uint32_t MemoryStore::find_entitlement(const Block* block,
                                                                     EntitlementId id) const {
    if (block == nullptr) return nothing;
    return entitlement_index_.find(hash(id), [&](std::uint32_t at) {
        return entitlements_[at].id == id && entitlements_[at].customer == block->slot;
    });
}

[[gnu::always_inline]] inline void MemoryStore::locate(CustomerId customer, CaseId support_case,
                                                       Seen& at) const {
    at.is_current = true;
    at.customer = customer.bits();
    at.support_case = support_case.bits();
    at.case_at = nothing;
    const detail::HashIndex::Spot spot = customer_index_.spot(hash(customer));
    spot.prefetch();
    if (support_case) {
        at.case_spot = case_index_.spot(hash(customer, support_case.bits()));
        at.case_spot.prefetch_rare();  // on its way while the customer is looked for
    }
    at.block = find_customer(customer, spot);
    if (support_case && at.block != nullptr) {
        at.case_at = find_case(at.block->slot, at.case_spot, support_case);
    }
}

[[gnu::noinline]] inline bool MemoryStore::is_referred(const Block& block, EntitlementId id) const {
    for (std::uint32_t at = block.last_case; at != nowhere; at = cases_[at].previous) {
        if (!cases_[at].deleted && entitlements_[cases_[at].entitlement].id == id) return true;
    }
    return false;
}

// (Forced inline, or with a statement that does nothing: gcc 12 drops calls of a function that only prefetches.
// A test looks for them in what was compiled.)

/// The index lines that a footprint hashes to.
__attribute__((always_inline)) inline void MemoryStore::prefetch_slots(const Footprint& footprint) const {
    customer_index_.spot(hash(footprint.customer)).prefetch();
    if (footprint.support_case) {
        case_index_.spot(hash(footprint.customer, footprint.support_case.bits())).prefetch_rare();
    }
    if (footprint.request)
        request_index_.spot(hash(footprint.customer, footprint.request.bits())).prefetch_rare();
}

/// The block that a footprint's index line, near by now, points at.
__attribute__((always_inline)) inline void MemoryStore::prefetch_block(const Footprint& footprint) const {
    const std::uint32_t guess = customer_index_.guess(hash(footprint.customer));
    if (guess == nothing) return;
    const std::byte* block = arena_.at(guess);
    for (std::size_t line = 0; line < block_lines; ++line) {
        __builtin_prefetch(block + line * detail::BlockArena::line);
    }
}

/// While one command of a batch is decided, the lines of those to come are on their way.
__attribute__((always_inline)) inline void MemoryStore::prefetch_ahead(const Footprint& footprint) const {
    const auto at = static_cast<std::size_t>(&footprint - unit_.data());
    if (at + slots_ahead < unit_.size()) prefetch_slots(unit_[at + slots_ahead]);
    if (at + block_ahead < unit_.size()) prefetch_block(unit_[at + block_ahead]);
}

/// All of what is only read; of a batch that writes, the first, and the others as it goes on.
__attribute__((noinline)) inline void MemoryStore::prefetch_unit(std::span<const Footprint> unit,
                                                                 bool all) const {
    asm volatile("");
    for (const auto& one : unit.first(all ? unit.size() : std::min(unit.size(), slots_ahead)))
        prefetch_slots(one);
    for (const auto& one : unit.first(all ? unit.size() : std::min(unit.size(), block_ahead)))
        prefetch_block(one);
}

inline Result<void> MemoryStore::begin(std::span<const Footprint> unit, Access access, std::uint64_t policy) {
    if (policy_ != policy && policy_ != 0) return refuse(ErrorCode::policy_mismatch);
    if (unit.size() > 1) prefetch_unit(unit, access == Access::read);
    if (access == Access::read) return {};
    unit_policy_ = policy;
    unit_ = unit;
    writing_ = true;
    seen_.is_current = false;
    mark_ = mark();
    return {};
}

inline Result<void> MemoryStore::view(const Footprint& footprint, View& out) {
    const bool in_batch = writing_ && unit_.size() > 1 && !std::less<>{}(&footprint, unit_.data()) &&
                          std::less<>{}(&footprint, unit_.data() + unit_.size());
    if (in_batch) prefetch_ahead(footprint);
    Seen
        looked;  // NOLINT(*-init): `locate` does. A unit that reads shares the store with others: it remembers nothing
    Seen& at = writing_ ? seen_ : looked;
    locate(footprint.customer, footprint.support_case, at);
    Block* block = at.block;
    out.customer = footprint.customer;
    out.opening = nullptr;
    out.service = nullptr;
    out.has_case = false;
    out.has_first = false;
    out.referred = false;
    out.known = false;
    if (block == nullptr) {
        out.rows = {};
        out.held = nullptr;
        out.shape = 0;
        out.last_number = 0;
        out.due = Instant::max();
        out.names_level = false;
        return {};
    }
    show_rows(*block, out);
    if (at.case_at != nothing) show_found(at.case_at, out);
    if (footprint.request) look_for_request(footprint, *block, out);
    if (footprint.entitlement) {
        out.known = find_entitlement(block, footprint.entitlement) != nothing;
        out.referred = out.known && is_referred(*block, footprint.entitlement);
    }
    return {};
}

/// What a customer's block says of its rows.
[[gnu::always_inline]] inline void MemoryStore::show_rows(Block& block, View& out) {
    out.rows = {block.row_data(), block.rows};
    out.channels = block.channel_data();
    out.scope_words = block.scope_data();
    out.held = block.held == 0 ? nullptr : block.held_data();
    out.shape = block.shape;
    out.last_number = block.last_number;
    out.due = block.due;
    out.names_level = block.names_level != 0;
}

// (Apart from `view`, which most commands leave without them: in it they would take its registers.)

[[gnu::noinline]] inline void MemoryStore::show_found(std::uint32_t at, View& out) const {
    const detail::CaseRecord& record = cases_[at];
    show_case(record, out.add_case());
    if (record.opening != nowhere) out.opening = &openings_[record.opening];
    out.service = services_.find(at);
}

[[gnu::noinline]] inline void MemoryStore::look_for_request(const Footprint& footprint, const Block& block,
                                                            View& out) const {
    const std::uint32_t known = find_request(block.slot, footprint.customer, footprint.request);
    if (known != nothing) show_first(requests_[known], out.add_first());
}

inline void MemoryStore::show_case(const detail::CaseRecord& record, SupportCase& out) const {
    out.id = record.id;
    out.customer = block_of(record.customer)->id;
    out.entitlement = entitlements_[record.entitlement].id;
    out.facts = {};
    if (record.facts != nowhere) {
        const detail::FactsRecord& facts = facts_[record.facts];
        out.facts = {facts.contact, facts.product, facts.asset, facts.case_type, {}};
    }
    out.facts.origin = name_at(record.origin);
    out.state = record.state;
    out.decrement = record.decrement;
    out.named = record.named;
    out.since = record.since;
    out.last_number = record.last_number;
    out.posted = {};
    if (record.posted != nowhere) {
        const detail::LedgerRecord& posted = ledger_[record.posted];
        out.posted.entry = posted.reverses == 0 ? EntryRef{posted.number, posted.ordinal}
                                                : EntryRef{posted.reverses, posted.reverses_ordinal};
        out.posted.quantity = -posted.total_moved;
        out.posted.channel = name_at(posted.channel);
    }
    out.held = {};
    out.overage = 0;
    if (record.apart != nowhere) show_apart(ledger_[record.apart], out);
}

/// What an open case holds, or what a resolved one was short of.
[[gnu::noinline]] inline void MemoryStore::show_apart(const detail::LedgerRecord& record,
                                                      SupportCase& out) const {
    const std::int64_t amount = annotations_[record.annotation].amount;
    if (record.kind == EntryKind::overage) out.overage = amount;
    else out.held = {{{record.number, record.ordinal}, amount, name_at(record.channel)}, until_of(record)};
}

/// When a hold expires: its reason says so.
inline Instant MemoryStore::until_of(const detail::LedgerRecord& record) const {
    const std::uint32_t reason = annotations_[record.annotation].reason;
    return reason == nowhere ? Instant::max() : until_from(reasons_[reason]);
}

inline void MemoryStore::show_first(const detail::RequestRecord& record, Remembered& out) const {
    out.arguments = record.arguments;
    out.receipt = record.entry == nowhere ? receipts_[record.receipt] : receipt_of(record.entry);
}

/// A command's receipt, out of its entries.
inline Receipt MemoryStore::receipt_of(std::uint32_t last_entry) const {
    const detail::LedgerRecord& last = ledger_[last_entry];
    const detail::EntitlementSlot& subject = entitlements_[last.entitlement];
    Receipt receipt;
    receipt.command = last.command;
    receipt.customer = block_of(last.customer)->id;
    receipt.number = last.number;
    receipt.at = last.at;
    receipt.entitlement = subject.id;
    receipt.set_unit(last.unit);
    if (last.support_case != nowhere) receipt.support_case = cases_[last.support_case].id;
    if (last.request != nowhere) receipt.request = requests_[last.request].id;
    for (std::uint32_t at = last_entry - last.ordinal; at <= last_entry; ++at) {
        const detail::LedgerRecord& entry = ledger_[at];
        if (entry.entitlement != last.entitlement) continue;
        if (entry.kind == EntryKind::low_water) [[unlikely]]
            receipt.add_mark(name_at(entry.channel), annotations_[entry.annotation].amount);
        if (explains(entry.kind) || comes_by_time(entry.kind, entry.reverses != 0)) continue;
        receipt.add(entry.total_moved, entry.remaining, name_at(entry.channel), entry.channel_moved,
                    entry.channel_remaining);
        if (has_amount(entry.kind)) receipt.add_amount(entry.kind, annotations_[entry.annotation].amount);
    }
    return receipt;
}

inline Result<Commit> MemoryStore::history(CustomerId customer, EntitlementId entitlement, std::uint64_t from,
                                           std::vector<Entry>& out) {
    const Block* block = find_customer(customer);
    const std::size_t first = out.size();
    std::uint32_t at = block == nullptr ? nowhere : block->last_entry;
    for (; at != nowhere && ledger_[at].number >= from; at = ledger_[at].previous) {
        const detail::LedgerRecord& record = ledger_[at];
        if (entitlements_[record.entitlement].id == entitlement) out.push_back(entry_of(record));
    }
    std::reverse(out.begin() + static_cast<std::ptrdiff_t>(first), out.end());
    return Commit::done;
}

inline Entry MemoryStore::entry_of(const detail::LedgerRecord& record) const {
    Entry entry;
    entry.customer = block_of(record.customer)->id;
    entry.number = record.number;
    entry.ordinal = record.ordinal;
    entry.command = record.command;
    entry.kind = record.kind;
    entry.entitlement = entitlements_[record.entitlement].id;
    if (record.support_case != nowhere) entry.support_case = cases_[record.support_case].id;
    entry.channel = name_at(record.channel);
    entry.total_moved = record.total_moved;
    entry.channel_moved = record.channel_moved;
    entry.remaining = record.remaining;
    entry.channel_remaining = record.channel_remaining;
    if (record.reverses != 0) entry.reverses = {record.reverses, record.reverses_ordinal};
    entry.at = record.at;
    entry.unit = record.unit;
    if (record.request != nowhere) entry.request = requests_[record.request].id;
    if (record.annotation != nowhere) {
        const detail::AnnotationRecord& annotation = annotations_[record.annotation];
        entry.actor = annotation.actor;
        entry.amount = annotation.amount;
        if (annotation.reason != nowhere) entry.reason = reasons_[annotation.reason];
    }
    return entry;
}

inline Result<void> MemoryStore::scan(const Filter& filter, Cursor& cursor,
                                      std::vector<Entitlement>& out) const {
    const Block* one = filter.customer ? find_customer(filter.customer) : nullptr;
    std::size_t filled = 0;
    detail::scan_customers(customers_, one ? one->slot : nowhere, !filter.customer.is_none(), cursor, filled,
                           [&](std::uint32_t slot) {
                               Block& block = *block_of(slot);
                               View shown;
                               shown.customer = block.id;
                               show_rows(block, shown);
                               const std::size_t first = out.size();
                               for (std::uint32_t i = 0; i < block.rows; ++i)
                                   out.push_back(detail::entitlement_of(shown, i));
                               detail::sort_as_made(out, first);
                               filled += block.rows;
                           });
    return {};
}

inline Result<void> MemoryStore::scan(const Filter& filter, Cursor& cursor,
                                      std::vector<SupportCase>& out) const {
    const Block* one = filter.customer ? find_customer(filter.customer) : nullptr;
    std::size_t filled = 0;
    detail::scan_customers(customers_, one ? one->slot : nowhere, !filter.customer.is_none(), cursor, filled,
                           [&](std::uint32_t slot) {
                               const std::size_t first = out.size();
                               for (std::uint32_t at = block_of(slot)->last_case; at != nowhere;
                                    at = cases_[at].previous) {
                                   if (cases_[at].deleted) continue;
                                   show_case(cases_[at], out.emplace_back());
                               }
                               std::reverse(out.begin() + static_cast<std::ptrdiff_t>(first), out.end());
                               filled += out.size() - first;
                           });
    return {};
}

inline Result<void> MemoryStore::scan(const Filter& filter, Cursor& cursor, std::vector<Entry>& out) const {
    const Block* one = filter.customer ? find_customer(filter.customer) : nullptr;
    std::size_t filled = 0;
    detail::scan_customers(
        customers_, one ? one->slot : nowhere, !filter.customer.is_none(), cursor, filled,
        [&](std::uint32_t slot) {
            const std::size_t first = out.size();
            for (std::uint32_t at = block_of(slot)->last_entry; at != nowhere; at = ledger_[at].previous) {
                const bool wanted =
                    !filter.entitlement || entitlements_[ledger_[at].entitlement].id == filter.entitlement;
                if (wanted) out.push_back(entry_of(ledger_[at]));
            }
            std::reverse(out.begin() + static_cast<std::ptrdiff_t>(first), out.end());
            filled += out.size() - first;
        });
    return {};
}

inline Result<CustomerId> MemoryStore::customer_of(EntitlementId entitlement) const {
    const std::uint32_t at = entitlement_index_.find(hash(entitlement), [&](std::uint32_t handle) {
        return entitlements_[handle].id == entitlement && entitlements_[handle].record != nullptr;
    });
    return at == nothing ? CustomerId{} : block_of(entitlements_[at].customer)->id;
}

inline Result<CustomerId> MemoryStore::customer_of(CaseId support_case) const {
    for (std::uint32_t at = 0; at < cases_.size(); ++at) {
        if (cases_[at].id == support_case && !cases_[at].deleted) return block_of(cases_[at].customer)->id;
    }
    return CustomerId{};
}

}  // namespace entitle::inline v0
