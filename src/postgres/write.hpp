#pragma once

#include <span>
#include <vector>

#include "entitle/value/entry.hpp"

#include "read.hpp"
#include "statement.hpp"

/// How the tables are written: what a unit has changed, in a few statements however many commands it had.
namespace entitle::inline v0::postgres {

/// The rows of customers that are not there yet, in the order of their ids; those that are there are locked in the
/// same order, since a row that stays as it is is locked all the same.
[[nodiscard]] Statement insert_customers(const Column& customers);
/// Takes those away again of which nothing came.
[[nodiscard]] Statement delete_customers(const Column& customers);

/// The hot rows of blocks. It changes as many rows as there are blocks.
[[nodiscard]] Statement update_customers(std::span<const Block* const> blocks);
/// What a unit has changed of a customer's entitlements.
void write_entitlements(const Block& block, std::vector<Statement>& out);
/// An agreement's total, its channels with those that it lists no more, and its scope.
void bind_parts(Statement& statement, const Agreement& agreement, std::span<const Channel> removed);
void write_entries(std::span<const Entry> entries, std::vector<Statement>& out);
/// Those that were changed.
void write_cases(const Cases& cases, std::vector<Statement>& out);
void write_requests(const Requests& requests, std::vector<Statement>& out);

}  // namespace entitle::inline v0::postgres
