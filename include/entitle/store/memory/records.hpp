#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "entitle/store/rows.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/plan.hpp"
#include "entitle/value/row.hpp"
#include "entitle/value/seal.hpp"

/// How the memory store lays out what it keeps: references are 32-bit positions in its arrays.
namespace entitle::inline v0::detail {

inline constexpr std::uint32_t nowhere = 0xFFFF'FFFF;

/// A customer's block: this header, its rows, its channel rows, its scopes' words, what is held of each row and each
/// channel row (where anything ever was), its channels' names, one after another.
struct CustomerBlock {
    CustomerId id{};
    Instant due = Instant::max();  ///< the first of the rows' `PeriodProgress::due`
    std::uint32_t last_number = 0;
    std::uint32_t shape = 0;
    std::uint32_t last_entry = nowhere;
    std::uint32_t last_case = nowhere;
    std::uint32_t slot = 0;  ///< its place among the customers: what the ledger and the cases refer to
    std::uint32_t lines : 31 = 0;
    std::uint32_t names_level : 1 = 0;  ///< an agreement names a service level
    std::uint32_t rows = 0;
    std::uint32_t channels = 0;
    std::uint32_t scope_words = 0;
    std::uint32_t held = 0;  ///< counters of what is held: none, or one for each row and channel row

    [[nodiscard]] EntitlementRow* row_data() { return reinterpret_cast<EntitlementRow*>(this + 1); }
    [[nodiscard]] ChannelRow* channel_data() { return reinterpret_cast<ChannelRow*>(row_data() + rows); }
    [[nodiscard]] Uuid* scope_data() { return reinterpret_cast<Uuid*>(channel_data() + channels); }
    /// Of the rows' totals, then of the channel rows.
    [[nodiscard]] std::int64_t* held_data() {
        return reinterpret_cast<std::int64_t*>(scope_data() + scope_words);
    }
    /// Each channel row's name, interned: what the ledger keeps.
    [[nodiscard]] std::uint32_t* name_data() { return reinterpret_cast<std::uint32_t*>(held_data() + held); }

    [[nodiscard]] std::size_t bytes() const {
        return sizeof(CustomerBlock) + rows * sizeof(EntitlementRow) + scope_words * sizeof(Uuid) +
               held * sizeof(std::int64_t) + channels * (sizeof(ChannelRow) + sizeof(std::uint32_t));
    }
};
static_assert(sizeof(CustomerBlock) == 64);

/// One line of the ledger. (No field has a default, nor one of a case: each is written once, in its place.)
struct LedgerRecord {
    Instant at;
    std::int64_t total_moved;
    std::int64_t channel_moved;
    std::int64_t remaining;
    std::int64_t channel_remaining;
    std::uint32_t customer;
    std::uint32_t number;
    std::uint32_t entitlement;
    std::uint32_t support_case;
    std::uint32_t channel;
    std::uint32_t previous;  ///< of the customer
    std::uint32_t request;
    std::uint32_t annotation;
    std::uint32_t reverses;  ///< number
    std::uint16_t reverses_ordinal;
    std::uint16_t ordinal;
    CommandKind command;
    EntryKind kind;
    Unit unit;            ///< of the entitlement then
    bool begins_history;  ///< the first that moved a counter of the entitlement
};
static_assert(sizeof(LedgerRecord) <= 88);

/// One case.
struct CaseRecord {
    CaseId id;
    Instant since;
    std::uint32_t customer;
    std::uint32_t entitlement;
    std::uint32_t origin;
    std::uint32_t facts;     ///< where any but the origin is given
    std::uint32_t opening;   ///< where the facts have changed
    std::uint32_t previous;  ///< of the customer
    std::uint32_t posted;    ///< the ledger record that stands posted
    std::uint32_t apart;     ///< … that holds terms while it is open, or says its overage
    std::uint32_t last_number;
    CaseState state;
    bool decrement;
    bool named;
    bool deleted;
};
static_assert(sizeof(CaseRecord) <= 64);

/// The facts of a case that few have.
struct FactsRecord {
    ContactId contact{};
    ProductId product{};
    AssetId asset{};
    CaseTypeId case_type{};
};

/// One entitlement, by the handle that its row and the ledger carry. Stays when it is removed.
struct EntitlementSlot {
    EntitlementId id{};
    EntitlementRecord* record = nullptr;  ///< owned; none once removed
    std::uint32_t customer = nowhere;
};

/// One remembered request.
struct RequestRecord {
    RequestId id{};
    std::uint64_t arguments = 0;
    std::uint32_t customer = nowhere;
    std::uint32_t entry = nowhere;    ///< the last ledger record of the command; none: it recorded nothing
    std::uint32_t receipt = nowhere;  ///< … and this is what it answered
};

/// What few entries have: who commanded, and why, and an amount.
struct AnnotationRecord {
    ActorId actor{};
    std::uint32_t reason = nowhere;
    std::int64_t amount = 0;
};

/// A customer's seals, and what stands before its entries.
struct Sealed {
    std::optional<Base> base{};
    std::vector<Digest> heads{};  ///< from the command after the base on

    [[nodiscard]] std::uint64_t number() const { return base ? base->seal.number : 0; }
};

/// One entitlement of a block, taken apart so that a plan can change it.
struct LooseRow {
    EntitlementRow row{};
    std::vector<ChannelRow> channels{};
    std::vector<std::uint32_t> names{};
    std::vector<Uuid> scope{};
    std::int64_t held = 0;
    std::vector<std::int64_t> channels_held{};
};

/// Takes a block apart, in the order of its rows.
[[nodiscard]] inline std::vector<LooseRow> loosen(CustomerBlock* block) {
    std::vector<LooseRow> rows;
    if (block == nullptr) return rows;
    for (std::uint32_t i = 0; i < block->rows; ++i) {
        const EntitlementRow& row = block->row_data()[i];
        LooseRow loose{row, {}, {}, {}, 0, std::vector<std::int64_t>(row.kept)};
        const ChannelRow* channels = block->channel_data() + row.channel_at;
        const std::uint32_t* names = block->name_data() + row.channel_at;
        loose.channels.assign(channels, channels + row.kept);
        loose.names.assign(names, names + row.kept);
        if (row.scope != 0) loose.scope = scope_words(row.record->agreement.scope);
        if (block->held != 0) {
            const std::int64_t* held = block->held_data();
            loose.held = held[i];
            std::copy_n(held + block->rows + row.channel_at, row.kept, loose.channels_held.begin());
        }
        rows.push_back(std::move(loose));
    }
    return rows;
}

/// Writes rows into a block whose header says how many of each there are.
inline void settle(std::span<LooseRow> rows, CustomerBlock* block) {
    std::uint32_t channel_at = 0;
    std::uint32_t scope_at = 0;
    for (std::uint32_t i = 0; i < rows.size(); ++i) {
        LooseRow& loose = rows[i];
        loose.row.channel_at = channel_at;
        loose.row.scope_at = scope_at;
        block->row_data()[i] = loose.row;
        if (block->held != 0) {
            std::int64_t* held = block->held_data();
            held[i] = loose.held;
            std::copy(loose.channels_held.begin(), loose.channels_held.end(),
                      held + block->rows + channel_at);
        }
        for (std::size_t k = 0; k < loose.channels.size(); ++k, ++channel_at) {
            block->channel_data()[channel_at] = loose.channels[k];
            block->name_data()[channel_at] = loose.names[k];
        }
        for (const Uuid& word : loose.scope) block->scope_data()[scope_at++] = word;
    }
}

}  // namespace entitle::inline v0::detail
