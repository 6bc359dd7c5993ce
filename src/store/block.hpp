#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "entitle/value/plan.hpp"
#include "entitle/value/row.hpp"
#include "entitle/value/view.hpp"

/// A customer as it is in memory while a unit looks at it: the rows that rules read, side by side. What the
/// stores over a database share.
namespace entitle::inline v0::store {

/// One entitlement, taken out of its block so that a plan can change it.
struct LooseRow {
    EntitlementRow row{};
    std::unique_ptr<EntitlementRecord> record{};
    std::vector<ChannelRow> channels{};
    std::int64_t held = 0;
    std::vector<std::int64_t> channels_held{};
};

struct Block {
    CustomerId id{};
    std::uint64_t last_number = 0;
    std::uint64_t shape = 0;
    Instant due = Instant::max();  ///< the first of the rows' `PeriodProgress::due`
    bool names_level = false;      ///< an agreement names a service level
    std::vector<EntitlementRow> rows{};
    std::vector<ChannelRow> channels{};
    std::vector<Uuid> scope_words{};
    std::vector<std::int64_t> held{};  ///< as `View::held` has them; none: nothing is held
    std::vector<std::unique_ptr<EntitlementRecord>> records{};  ///< of the rows
    bool moved = false;    ///< the customer's row in the database is not as this is
    bool in_unit = false;  ///< among those that the unit has changed

    [[nodiscard]] ChannelRow* channels_of(const EntitlementRow& row) {
        return channels.data() + row.channel_at;
    }
    /// What is held of a row, or of one of its channels.
    [[nodiscard]] std::int64_t held_of(std::size_t row, std::uint16_t channel) const {
        return held.empty() ? 0 : held[held_at(row, channel)];
    }
    [[nodiscard]] std::size_t held_at(std::size_t row, std::uint16_t channel) const {
        return channel == no_channel ? row : rows.size() + rows[row].channel_at + channel;
    }
    [[nodiscard]] bool holds_any() const;
    /// What a unit is shown of its rows.
    void show(View& out) const;
    [[nodiscard]] std::size_t bytes() const;
};

/// Takes a block apart; `settle` puts rows, in their order, into one.
[[nodiscard]] std::vector<LooseRow> loosen(Block& block);
void settle(std::vector<LooseRow> rows, Block& block);

/// The rows after a plan that changes them, in their new order. A removed row is left out.
[[nodiscard]] std::vector<LooseRow> changed_rows(const Plan& plan, Block& block);

/// Where a plan's row is when its entries are written: once its order has been taken, but for a removal, which
/// comes after them.
[[nodiscard]] std::size_t row_after(const Plan& plan, std::uint32_t row);

}  // namespace entitle::inline v0::store
