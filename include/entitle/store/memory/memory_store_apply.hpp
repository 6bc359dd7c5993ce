#pragma once

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <utility>
#include <vector>

#include "entitle/store/memory_store.hpp"
#include "entitle/store/receipts.hpp"

/// How `MemoryStore` applies a plan. Counters change in place, and the entries tell how to take it back; whatever
/// moves rows writes a new block beside the old one.
namespace entitle::inline v0 {

inline bool MemoryStore::still_holds(const Plan& plan, const Seen& at) const {
    Block* block = at.block;
    if ((block == nullptr ? 0 : block->shape) != plan.shape) return false;
    if (plan.support_case_id) {
        const std::uint64_t version = at.case_at == nothing ? 0 : cases_[at.case_at].last_number;
        if (version != plan.case_version) return false;
    }
    for (const Guard& guard : plan.guards) {
        const EntitlementRow& row = block->row_data()[guard.row];
        const bool of_total = guard.channel == no_channel;
        std::int64_t counter =
            of_total ? row.remaining : block->channel_data()[row.channel_at + guard.channel].remaining;
        if (guard.of_available && block->held != 0) {
            counter -=
                block->held_data()[of_total ? guard.row : block->rows + row.channel_at + guard.channel];
        }
        if (counter < guard.lower || counter > guard.upper) return false;
    }
    const EntitlementChange& change = plan.entitlement;
    if (change.kind == EntitlementChange::Kind::replace) {
        const EntitlementRow& row = block->row_data()[change.row];
        if (row.has_history && change.agreement.unit() != unit_of(row)) return false;
    }
    return change.kind != EntitlementChange::Kind::remove || !is_referred(*block, change.id);
}

/// For a plan that is not about what was viewed last.
[[gnu::noinline]] inline void MemoryStore::locate_again(const Plan& plan) {
    locate(plan.customer, plan.support_case_id, seen_);
}

inline Result<Commit> MemoryStore::stage(const Plan& plan, Receipt& receipt) {
    assert(writing_);
    if (!seen_.is_current || plan.customer.bits() != seen_.customer ||
        plan.support_case_id.bits() != seen_.support_case) {
        locate_again(plan);
    }
    seen_.is_current = false;  // once this is applied
    if (!still_holds(plan, seen_)) {
        roll_back();
        return Commit::stale;
    }
    const std::span<const PlannedEntry> entries{plan.entries};
    if (entries.size() > max_entries_ - ledger_.size()) {
        roll_back();
        return refuse(ErrorCode::store_limit);
    }
    try {
        apply(plan, entries, seen_, receipt);
    } catch (...) {  // out of memory: the unit never was
        roll_back();
        throw;
    }
    return Commit::done;
}

[[gnu::always_inline]] inline void MemoryStore::apply(const Plan& plan, std::span<const PlannedEntry> entries,
                                                      const Seen& at, Receipt& receipt) {
    Block* block = at.block;
    std::span<const std::uint32_t> moved;  // where the plan's rows are now
    Block* removed_from = nullptr;
    if (plan.boundaries != 0) [[unlikely]] {
        pass_boundaries(plan, *block);
        entries = entries.subspan(plan.boundaries);
    }
    if (plan.entitlement.kind == EntitlementChange::Kind::remove) {
        removed_from = block;  // its last entry is written while the row is there
    } else if (plan.changes_rows()) {
        block = restructure(plan, block);
        moved = plan.order;
    }
    if (plan.sets_terms_apart) [[unlikely]]
        block = make_room_for_holds(plan, block);

    detail::begin_receipt(plan, receipt);
    std::uint32_t last_entry = nowhere;
    if (entries.empty()) {
        std::span<const EntitlementRow> rows;
        if (block != nullptr) rows = {block->row_data(), block->rows};
        detail::answer_nothing(plan, rows, receipt);
    } else {
        last_entry = append(plan, entries, *block, at, moved, receipt);
    }
    if (plan.request) remember_request(plan, *block, last_entry, receipt);
    if (removed_from != nullptr) (void)restructure(plan, removed_from);
}

/// Boundaries come first: what they move, they move of the agreements as they were.
[[gnu::noinline]] inline void MemoryStore::pass_boundaries(const Plan& plan, Block& block) {
    replaces_ = true;
    const std::span<const PlannedEntry> boundaries = std::span{plan.entries}.first(plan.boundaries);
    ledger_.reserve_more(plan.entries.size());
    std::uint32_t annotation = nowhere;
    std::uint16_t ordinal = 0;
    for (const PlannedEntry& entry : boundaries) {
        if (!plan.actor && entry.amount == 0) annotation = nowhere;
        else if (annotation == nowhere || annotations_[annotation].amount != entry.amount) {
            annotation = annotations_.append({plan.actor, nowhere, entry.amount});
        }
        EntitlementRow& row = block.row_data()[entry.row];
        const std::uint32_t place = ledger_.size();
        detail::LedgerRecord& record = ledger_.extend();
        record.at = plan.instant_of(entry);
        record.customer = block.slot;
        record.number = block.last_number + 1;
        record.ordinal = ordinal++;
        record.support_case = nowhere;  // it is not its command's own
        record.request = plan.request ? requests_.size() : nowhere;
        record.annotation = annotation;
        record.command = plan.command;
        record.previous = block.last_entry;
        post(entry, row, block, record);
        if (entry.kind == EntryKind::hold_expiry)
            move_held(block, entry.row, channel_of(row, entry), entry.amount);
        block.last_entry = place;
    }
}

/// Writes the block that the customer has after the plan beside the one it has.
[[gnu::noinline]] inline MemoryStore::Block* MemoryStore::restructure(const Plan& plan, Block* block) {
    replaces_ = true;
    const std::uint32_t slot = block == nullptr ? customers_.size() : block->slot;
    std::uint32_t handle = nowhere;
    if (plan.entitlement.kind == EntitlementChange::Kind::insert) handle = make_entitlement(plan, slot);
    std::vector<detail::LooseRow> rows = changed_rows(plan, block, handle);
    Block* written = write_block(block, plan.customer, rows);
    ++written->shape;
    return written;
}

/// What is set apart is told by annotations, by which it would have to be taken back: room for them comes first. From
/// its first hold on, a customer's block counts them.
[[gnu::noinline]] inline MemoryStore::Block* MemoryStore::make_room_for_holds(const Plan& plan,
                                                                              Block* block) {
    annotations_.reserve_more(plan.entries.size() + 1);
    if (block->held != 0) return block;
    replaces_ = true;
    std::vector<detail::LooseRow> rows = detail::loosen(block);
    return write_block(block, block->id, rows, true);
}

/// What a hold, a release or an overage sets apart. Returns its annotation, for which there is room.
[[gnu::noinline]] inline std::uint32_t MemoryStore::set_apart(const Plan& plan, const PlannedEntry& entry,
                                                              std::size_t row, Block& block,
                                                              std::uint32_t of_command) {
    const std::uint32_t at = annotate_amount(plan, entry, of_command);
    if (entry.kind == EntryKind::overage) return at;
    move_held(block, row, channel_of(block.row_data()[row], entry), entry.amount);
    return at;
}

/// Where the channel row of an entry is.
inline std::uint32_t MemoryStore::channel_of(const EntitlementRow& row, const PlannedEntry& entry) {
    return entry.channel == no_channel ? nowhere : row.channel_at + entry.channel;
}

inline void MemoryStore::move_held(Block& block, std::size_t row, std::uint32_t channel_at,
                                   std::int64_t amount) {
    assert(block.held != 0);
    block.held_data()[row] += amount;
    if (channel_at != nowhere) block.held_data()[block.rows + channel_at] += amount;
}

inline std::uint32_t MemoryStore::make_entitlement(const Plan& plan, std::uint32_t slot) {
    const EntitlementChange& change = plan.entitlement;
    auto record = std::make_unique<EntitlementRecord>();
    record->customer = plan.customer;
    record->renewed_from = change.renewed_from;
    record->purchase = change.purchase;
    record->agreement = change.agreement;
    const std::uint32_t hashed = hash(change.id);
    entitlement_index_.reserve(hashed);
    const std::uint32_t handle = entitlements_.append({change.id, record.get(), slot});
    (void)record.release();
    entitlement_index_.insert(hashed, handle);
    return handle;
}

inline void MemoryStore::replace_record(const Plan& plan, detail::LooseRow& loose) {
    const EntitlementChange& change = plan.entitlement;
    auto record = std::make_unique<EntitlementRecord>(*loose.row.record);
    detail::agree(*record, change);
    detail::EntitlementSlot& slot = entitlements_[loose.row.handle];
    saved_records_.push_back({loose.row.handle, slot.record});
    slot.record = record.get();
    loose.row.record = record.release();
}

/// The customer's rows after the plan, in their order.
inline std::vector<detail::LooseRow> MemoryStore::changed_rows(const Plan& plan, Block* block,
                                                               std::uint32_t handle) {
    using Kind = EntitlementChange::Kind;
    const EntitlementChange& change = plan.entitlement;
    std::vector<detail::LooseRow> rows = detail::loosen(block);
    if (plan.sets_default) {
        for (std::uint32_t i = 0; i < rows.size(); ++i) rows[i].row.is_default = i == plan.default_row;
    }
    detail::LooseRow inserted;
    if (change.kind == Kind::insert) {
        inserted.row.id = change.id;
        inserted.row.handle = handle;
        inserted.row.record = entitlements_[handle].record;
        inserted.row.is_default = plan.default_inserted;
        inserted.row.phase = change.phase;
        entitlements_[handle].record->sequence = block == nullptr ? 1 : std::uint64_t{block->last_number} + 1;
    }
    if (change.kind == Kind::insert || change.kind == Kind::replace) {
        detail::LooseRow& loose = change.kind == Kind::insert ? inserted : rows[change.row];
        if (change.kind == Kind::replace) replace_record(plan, loose);
        loose.row.remaining += change.add;
        loose.channels = detail::carried(change, loose.channels);
        loose.channels_held = detail::carried_holds(change, loose.channels_held);
        loose.names.clear();
        for (const ChannelCarry& carry : change.channels) loose.names.push_back(intern(carry.channel));
        loose.scope = detail::scope_words(change.agreement.scope);
        detail::describe(loose.row, *loose.row.record, change.span);
    }
    if (change.kind == Kind::phase || change.kind == Kind::replace) rows[change.row].row.phase = change.phase;
    advance_periods(plan, block, rows, inserted);
    if (change.kind == Kind::remove) {
        detail::EntitlementSlot& slot = entitlements_[rows[change.row].row.handle];
        saved_records_.push_back({rows[change.row].row.handle, slot.record});
        slot.record = nullptr;
    }
    if (plan.order.empty() && change.kind != Kind::remove) return rows;
    std::vector<detail::LooseRow> ordered;
    ordered.reserve(plan.order.size());
    for (const std::uint32_t at : plan.order)
        ordered.push_back(std::move(at == no_row ? inserted : rows[at]));
    return ordered;
}

inline void MemoryStore::advance_periods(const Plan& plan, const Block* block,
                                         std::span<detail::LooseRow> rows, detail::LooseRow& inserted) {
    const std::uint64_t number = block == nullptr ? 1 : std::uint64_t{block->last_number} + 1;
    for (const PeriodChange& change : plan.periods) {
        EntitlementRow& row = change.row == no_row ? inserted.row : rows[change.row].row;
        EntitlementRecord* record = entitlements_[row.handle].record;
        saved_periods_.push_back({record, record->periods, record->top_ups, record->holds});
        detail::advance(row, *record, change, {number, plan.held_by});
    }
}

inline MemoryStore::Block* MemoryStore::write_block(Block* former, CustomerId id,
                                                    std::span<detail::LooseRow> rows, bool holds) {
    Block header;
    if (former != nullptr) header = *former;
    header.id = id;
    header.rows = static_cast<std::uint32_t>(rows.size());
    header.channels = 0;
    header.scope_words = 0;
    header.due = Instant::max();
    header.names_level = 0;
    for (const detail::LooseRow& loose : rows) {
        header.due = std::min(header.due, loose.row.record->periods.due);
        if (loose.row.record->agreement.sla) header.names_level = 1;
        header.channels += static_cast<std::uint32_t>(loose.channels.size());
        header.scope_words += static_cast<std::uint32_t>(loose.scope.size());
    }
    holds = holds || header.held != 0;
    header.held = holds ? header.rows + header.channels : 0;
    const std::uint32_t hashed = hash(id);
    customers_.reserve_more(1);
    customer_index_.reserve(hashed);
    make_room(saved_blocks_);
    std::uint32_t lines = 0;
    const std::uint32_t reference = arena_.allocate(header.bytes(), lines);
    header.lines = lines & 0x7FFF'FFFFU;
    if (former == nullptr) {
        header.slot = customers_.append(reference);
        customer_index_.insert(hashed, reference);
    } else {
        const std::uint32_t before = customers_[header.slot];
        saved_blocks_.push_back({header.slot, before, ledger_.size()});
        customer_index_.replace(hashed, before, reference);
        customers_[header.slot] = reference;
    }
    auto* written = ::new (static_cast<void*>(arena_.at(reference))) Block(header);
    detail::settle(rows, written);
    return written;
}

namespace detail {

[[nodiscard, gnu::noinline]] inline std::size_t place_in(std::span<const std::uint32_t> order,
                                                         std::uint32_t row) {
    return static_cast<std::size_t>(std::find(order.begin(), order.end(), row) - order.begin());
}

/// Where a plan's row is once its order has been taken.
[[nodiscard]] inline std::size_t row_after(std::span<const std::uint32_t> moved, std::uint32_t row) {
    return moved.empty() ? row : place_in(moved, row);
}

}  // namespace detail

/// Moves what an entry says, and writes it down with the balances after it.
[[gnu::always_inline]] inline void MemoryStore::post(const PlannedEntry& entry, EntitlementRow& row,
                                                     Block& block, detail::LedgerRecord& record) {
    record.kind = entry.kind;
    record.unit = unit_of(row);
    record.entitlement = row.handle;
    record.reverses = static_cast<std::uint32_t>(entry.reverses.number);
    record.reverses_ordinal = static_cast<std::uint16_t>(entry.reverses.ordinal);
    record.begins_history = !row.has_history && entry.uses();
    row.has_history = row.has_history || record.begins_history;
    record.total_moved = entry.total_moved;
    row.remaining += entry.total_moved;
    record.remaining = row.remaining;
    record.channel = nowhere;
    record.channel_moved = entry.channel_moved;
    record.channel_remaining = 0;
    if (entry.channel == no_channel) return;
    const std::uint32_t at = row.channel_at + entry.channel;
    ChannelRow& channel = block.channel_data()[at];
    channel.remaining += entry.channel_moved;
    record.channel_remaining = channel.remaining;
    record.channel = block.name_data()[at];
}

/// Appends the plan's entries. Returns the last one's place.
[[gnu::always_inline]] inline std::uint32_t MemoryStore::append(const Plan& plan,
                                                                std::span<const PlannedEntry> entries,
                                                                Block& block, const Seen& at,
                                                                std::span<const std::uint32_t> moved,
                                                                Receipt& receipt) {
    ledger_.reserve_more(entries.size());
    const std::uint32_t number = block.last_number + 1;
    const std::uint32_t of_case = !plan.support_case_id                    ? nowhere
                                  : plan.case_change == CaseChange::insert ? cases_.size()
                                                                           : at.case_at;
    const std::uint32_t annotation = plan.actor || !plan.reason.empty() ? annotate(plan) : nowhere;
    std::uint32_t last = block.last_entry;
    Written written;
    auto ordinal = static_cast<std::uint16_t>(plan.boundaries);
    for (const PlannedEntry& entry : entries) {
        const std::size_t index = detail::row_after(moved, entry.row);
        EntitlementRow& row = block.row_data()[index];
        const std::uint32_t place = ledger_.size();
        const bool is_amount = has_amount(entry.kind) && !sets_apart(entry.kind);
        // before the entry: where there is no room for it, there is no entry to take back
        const std::uint32_t noted = is_amount ? annotate_amount(plan, entry, annotation) : annotation;
        detail::LedgerRecord& record = ledger_.extend();
        record.at = plan.at;
        record.customer = block.slot;
        record.number = number;
        record.ordinal = ordinal;
        record.support_case = of_case;
        record.request = plan.request ? requests_.size() : nowhere;
        record.annotation = noted;
        record.command = plan.command;
        record.previous = last;
        post(entry, row, block, record);
        last = place;
        written.entitlement = row.handle;
        if (ordinal == plan.posted_by) written.posted = place;
        if (sets_apart(entry.kind)) [[unlikely]] {
            record.annotation = set_apart(plan, entry, index, block, annotation);
            const bool bills = entry.kind == EntryKind::overage && entry.amount > 0;
            if (ordinal == plan.held_by || bills) written.apart = place;
        }
        ++ordinal;
        if (row.id == plan.subject) {
            receipt.set_unit(record.unit);
            if (explains(entry.kind)) [[unlikely]] {
                if (entry.kind == EntryKind::low_water)
                    receipt.add_mark(name_at(record.channel), entry.amount);
                continue;
            }
            receipt.add(record.total_moved, record.remaining, name_at(record.channel), record.channel_moved,
                        record.channel_remaining);
            if (sets_apart(entry.kind)) [[unlikely]]
                receipt.add_amount(entry.kind, entry.amount);
        }
    }
    block.last_number = number;
    block.last_entry = last;
    receipt.number = number;
    if (plan.case_change == CaseChange::insert) {
        insert_case(plan.support_case, block, at, written);
    } else if (plan.case_change != CaseChange::none) {
        change_case(plan, block, at, written);
    }
    if (plan.service) [[unlikely]] {
        replaces_ = true;
        services_.set(of_case, *plan.service);
    }
    return last;
}

[[gnu::noinline]] inline std::uint32_t MemoryStore::annotate(const Plan& plan) {
    std::uint32_t reason = nowhere;
    annotations_.reserve_more(1);
    if (!plan.reason.empty()) {
        reason = static_cast<std::uint32_t>(reasons_.size());
        reasons_.push_back(plan.reason);
    }
    return annotations_.append({plan.actor, reason, 0});
}

/// A mark's own annotation: its command's, with the mark.
[[gnu::noinline]] inline std::uint32_t MemoryStore::annotate_amount(const Plan& plan,
                                                                    const PlannedEntry& entry,
                                                                    std::uint32_t of_command) {
    const std::uint32_t reason = of_command == nowhere ? nowhere : annotations_[of_command].reason;
    return annotations_.append({plan.actor, reason, entry.amount});
}

[[gnu::always_inline]] inline std::uint32_t MemoryStore::intern(const Channel& channel) {
    if (!channel) return nowhere;
    std::uint32_t& recent = recent_names_[(channel.key().bits() * 0x9E37'79B9'7F4A'7C15) >> 58];
    if (recent < names_.size() && channel.is_spelled(names_[recent])) return recent;
    const std::uint32_t hashed = hash(channel);
    const std::uint32_t at =
        name_index_.find(hashed, [&](std::uint32_t i) { return channel.is_spelled(names_[i]); });
    if (at != nothing) return recent = at;
    name_index_.reserve(hashed);
    recent = names_.append(channel);
    name_index_.insert(hashed, recent);
    return recent;
}

/// The facts besides the origin; those of `former` are kept where they are when nothing changed.
[[gnu::always_inline]] inline std::uint32_t MemoryStore::keep_facts(const CaseFacts& facts,
                                                                    std::uint32_t former) {
    const Uuid contact = facts.contact.bits(), product = facts.product.bits(), asset = facts.asset.bits(),
               case_type = facts.case_type.bits();
    const std::uint64_t any =
        contact.hi | contact.lo | product.hi | product.lo | asset.hi | asset.lo | case_type.hi | case_type.lo;
    if (any == 0) return nowhere;
    if (former != nowhere) {
        const detail::FactsRecord& kept = facts_[former];
        if (kept.contact == facts.contact && kept.product == facts.product && kept.asset == facts.asset &&
            kept.case_type == facts.case_type) {
            return former;
        }
    }
    facts_.reserve_more(1);
    const std::uint32_t at = facts_.size();
    facts_.extend() = {facts.contact, facts.product, facts.asset, facts.case_type};
    return at;
}

[[gnu::always_inline]] inline void MemoryStore::insert_case(const SupportCase& opened, Block& block,
                                                            const Seen& at, const Written& written) {
    // Whatever may run out of memory comes first: a case is in its index, or is not at all.
    const std::uint32_t origin = intern(opened.facts.origin);
    const std::uint32_t facts = keep_facts(opened.facts, nowhere);
    const detail::HashIndex::Room room = case_index_.reserve(at.case_spot);
    cases_.reserve_more(1);
    const std::uint32_t place = cases_.size();
    detail::CaseRecord& record = cases_.extend();
    record.id = opened.id;
    record.since = opened.since;
    record.customer = block.slot;
    record.entitlement = written.entitlement;
    record.origin = origin;
    record.facts = facts;
    record.opening = nowhere;
    record.previous = std::exchange(block.last_case, place);
    record.posted = written.posted;
    record.apart = written.apart;
    record.last_number = block.last_number;
    record.state = opened.state;
    record.decrement = opened.decrement;
    record.named = opened.named;
    record.deleted = false;
    detail::HashIndex::put(room, place);
}

[[gnu::noinline]] inline void MemoryStore::change_case(const Plan& plan, const Block& block, const Seen& at,
                                                       const Written& written) {
    const SupportCase& after = plan.support_case;
    replaces_ = true;
    saved_cases_.push_back({at.case_at, cases_[at.case_at]});
    detail::CaseRecord& record = cases_[at.case_at];
    record.last_number = block.last_number;
    if (plan.case_change == CaseChange::erase) {
        erased_cases_.push_back(at.case_at);
        record.deleted = true;  // out of the index at commit
        return;
    }
    if (plan.opening_changed && record.opening == nowhere) {
        SupportCase before;
        show_case(record, before);
        record.opening = openings_.append(
            {before.facts, before.named ? before.entitlement : EntitlementId{}, before.decrement});
    }
    record.since = after.since;
    record.entitlement = written.entitlement;
    record.origin = intern(after.facts.origin);
    record.facts = keep_facts(after.facts, record.facts);
    if (written.posted != nowhere) record.posted = written.posted;
    else if (!after.posted.stands()) record.posted = nowhere;
    if (written.apart != nowhere) record.apart = written.apart;
    else if (!after.held.stands() && after.overage == 0) record.apart = nowhere;
    record.state = after.state;
    record.decrement = after.decrement;
}

[[gnu::noinline]] inline void MemoryStore::remember_request(const Plan& plan, const Block& block,
                                                            std::uint32_t last_entry,
                                                            const Receipt& receipt) {
    const std::uint32_t hashed = hash(plan.customer, plan.request.bits());
    const std::uint32_t former = find_request(block.slot, plan.customer, plan.request);
    request_index_.reserve(hashed);
    make_room(saved_requests_);
    detail::RequestRecord record{plan.request, plan.arguments, block.slot, last_entry, nowhere};
    if (last_entry == nowhere) record.receipt = receipts_.append(receipt);
    const std::uint32_t at = requests_.append(record);
    if (former == nothing) {
        request_index_.insert(hashed, at);
    } else {
        replaces_ = true;
        request_index_.replace(hashed, former, at);
        saved_requests_.push_back({hashed, former, at});
    }
}

}  // namespace entitle::inline v0
