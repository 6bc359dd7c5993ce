#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "entitle/value/entry.hpp"
#include "entitle/value/plan.hpp"
#include "entitle/value/receipt.hpp"
#include "entitle/value/view.hpp"

#include "read.hpp"
#include "statement.hpp"

/// A plan as one statement, whose conditions are the plan's guards.
namespace entitle::inline v0::postgres {

/// Within what a counter must be, by its place among its customer's counters, from 1 on.
struct Bound {
    std::int64_t place = 1;
    std::int64_t lower = 0;
    std::int64_t upper = 0;
};
inline constexpr std::size_t max_bounds = 4;

/// The bounds of a plan, one for each counter that it relied on.
[[nodiscard]] std::vector<Bound> bounds_of(const Plan& plan, const Block& block);

/// Whether one statement can do it: one entry, no change of an agreement, and of a case only where it stands. And
/// it can be told from any other command once the connection was lost: by its case or by its request.
[[nodiscard]] bool fits_one_statement(const Plan& plan, const Block& block);

/// What a unit has staged, as it goes into that statement. The block, the entry and the case are as they will be,
/// but for numbers and balances: those are the database's to say.
struct Guarded {
    const Plan& plan;
    const Block& block;
    const Entry& entry;
    const CaseSlot* support_case;  ///< none: the plan is about no case
    std::uint64_t policy;
};
[[nodiscard]] Statement statement_of(const Guarded& staged);

/// The customer's row after the statement; none where nothing came of it.
[[nodiscard]] Code read_answer(Rows& rows, const Block& block, std::optional<Hot>& out);

/// What the customer's ledger says of an entry that was perhaps written behind a number.
[[nodiscard]] Statement entry_like(const Entry& entry, std::uint64_t behind);
[[nodiscard]] Code read_entry_like(Rows& rows, std::optional<Entry>& out);

/// No plan that was made before it holds after it.
[[nodiscard]] Statement outdate_plans(CustomerId customer);

/// The facts of a receipt that are known only once its one entry is written.
void correct(Receipt& receipt, const Entry& entry);

}  // namespace entitle::inline v0::postgres
