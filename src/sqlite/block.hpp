#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <unordered_map>
#include <vector>

#include "entitle/value/plan.hpp"
#include "entitle/value/row.hpp"

/// A customer as it is in memory while a unit looks at it: the rows that rules read, side by side.
namespace entitle::inline v0::sqlite {

/// One entitlement, taken out of its block so that a plan can change it.
struct LooseRow {
    EntitlementRow row{};
    std::unique_ptr<EntitlementRecord> record{};
    std::vector<ChannelRow> channels{};
};

struct Block {
    CustomerId id{};
    std::int64_t key = 0;  ///< the customer's in the file; 0: it has none yet
    std::uint64_t last_number = 0;
    std::int64_t last_entry = 0;  ///< row of the last entry; 0: there is none
    std::int64_t last_case = 0;   ///< … and of the last case
    std::uint64_t shape = 0;
    std::vector<EntitlementRow> rows{};
    std::vector<ChannelRow> channels{};
    std::vector<Uuid> scope_words{};
    std::vector<std::unique_ptr<EntitlementRecord>> records{};  ///< of the rows
    bool moved = false;    ///< the customer's row in the file is not as this is
    bool in_unit = false;  ///< among those that the unit has changed

    [[nodiscard]] ChannelRow* channels_of(const EntitlementRow& row) {
        return channels.data() + row.channel_at;
    }
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

/// Blocks kept between units, the least recently used dropped first. A block stays where it is until then.
class Cache {
public:
    [[nodiscard]] Block* find(CustomerId id);
    Block& add(Block block);
    void drop(CustomerId id);
    void clear();
    /// Drops until at most so many bytes are left. Never in a unit.
    void trim(std::size_t bytes);
    /// To be told when a block's size may have changed.
    void weigh(Block& block);

private:
    struct Kept {
        Block block;
        std::size_t weight = 0;
    };
    struct Hash {
        std::uint64_t seed;
        [[nodiscard]] std::size_t operator()(CustomerId id) const;
    };
    using Order = std::list<Kept>;

    Order order_;  // most recently used first
    std::unordered_map<CustomerId, Order::iterator, Hash> index_{
        0, Hash{reinterpret_cast<std::uintptr_t>(this) * 0x9E37'79B9'7F4A'7C15}};
    std::size_t bytes_ = 0;
};

}  // namespace entitle::inline v0::sqlite
