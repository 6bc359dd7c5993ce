#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "entitle/value/case_service.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/receipt.hpp"
#include "entitle/value/row.hpp"
#include "entitle/value/support_case.hpp"

namespace entitle::inline v0 {

/// What a store remembers of a request id: the first success under it (R11).
struct Remembered {
    std::uint64_t arguments = 0;  ///< fingerprint of the command's arguments
    Receipt receipt{};
};

/// Entries of one entitlement: all from a command on.
struct History {
    std::uint64_t from = 0;  ///< number of the command
    std::vector<Entry> entries{};
};

/// Everything that one command may look at: a customer, perhaps a case, perhaps the first answer to a
/// request. Pointers and spans stay valid until the unit stages or ends.
struct View {
    View() {}  // NOLINT(modernize-use-equals-default): of the unions below nothing is made yet

    CustomerId customer{};
    std::span<const EntitlementRow> rows{};  ///< in the order of section 6
    const ChannelRow* channels = nullptr;    ///< indexed by `EntitlementRow::channel_at`
    const Uuid* scope_words = nullptr;       ///< indexed by `EntitlementRow::scope_at`
    /// What is held of each row's total, and then of each channel row, in the same order; none: nothing is held.
    const std::int64_t* held = nullptr;
    std::uint64_t shape = 0;        ///< changes whenever rows move or an agreement changes
    std::uint64_t last_number = 0;  ///< of the customer's ledger
    Instant due = Instant::max();   ///< the first of its entitlements' `PeriodProgress::due`
    bool names_level = false;       ///< an agreement of the customer names a service level
    bool has_case = false;          ///< the case that the footprint asks about is there
    bool has_first = false;         ///< its request has been answered before
    bool referred = false;          ///< a case refers to the entitlement that the footprint asks about
    bool known = false;             ///< the ledger knows that entitlement, which may have been removed since
    /// Where the case's facts have changed since: what it was opened with.
    const Opening* opening = nullptr;
    /// What is kept of the case for its service levels; none: there is nothing.
    const CaseService* service = nullptr;
    /// What a plan has asked for; the store shows none.
    const History* history = nullptr;
    // Made by the store where there is one: most looks have neither, and these are most of a view's bytes.
    union {
        SupportCase support_case;  ///< where `has_case`
    };
    union {
        Remembered first;  ///< where `has_first`
    };

    /// For a store to fill in.
    SupportCase& add_case() {
        has_case = true;
        return *std::construct_at(&support_case);
    }
    Remembered& add_first() {
        has_first = true;
        return *std::construct_at(&first);
    }

    [[nodiscard]] const ChannelRow* channels_of(const EntitlementRow& row) const {
        return channels + row.channel_at;
    }
    /// What is held of a row's total.
    [[nodiscard]] std::int64_t held_of(std::uint32_t row) const { return held == nullptr ? 0 : held[row]; }
    /// What is held of one of a row's channels.
    [[nodiscard]] std::int64_t held_of(std::uint32_t row, std::uint16_t channel) const {
        return held == nullptr ? 0 : held[rows.size() + rows[row].channel_at + channel];
    }
    /// The row of an entitlement, or `no_row`.
    [[nodiscard]] std::uint32_t find(EntitlementId id) const {
        for (std::uint32_t i = 0; i < rows.size(); ++i) {
            if (rows[i].id == id) return i;
        }
        return no_row;
    }
};

}  // namespace entitle::inline v0
