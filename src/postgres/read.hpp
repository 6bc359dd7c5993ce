#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "entitle/value/entry.hpp"
#include "entitle/value/view.hpp"

#include "../store/block.hpp"
#include "../store/reading.hpp"
#include "connection.hpp"

/// How the tables are read. Nothing here changes anything; what they say is checked, not trusted.
namespace entitle::inline v0::postgres {

/// Where an entitlement stands among its customer's, as the database has it.
struct Standing {
    std::int64_t place = 0;
    std::int64_t first_counter = 0;  ///< from 1 on
    Phase phase = Phase::draft;
    bool is_default = false;
    PeriodProgress periods{};
    std::string top_ups{};  ///< as text
    std::string holds{};    ///< likewise

    friend bool operator==(const Standing&, const Standing&) = default;
};
using Standings = std::map<EntitlementId, Standing>;

struct Block : store::Block {
    bool is_new = false;           ///< nothing has come of it yet: where nothing does, its row is taken away
    std::uint64_t kept_shape = 0;  ///< as the database has it
    bool reshaped = false;         ///< by this unit, which then has `kept`
    Standings kept{};              ///< as the database has them
    std::set<EntitlementId> rewritten{};   ///< by this unit: to be written whole
    std::vector<EntitlementId> removed{};  ///< by this unit
};

/// Where each of a block's rows stands now.
[[nodiscard]] Standings standings_of(const Block& block);

/// A case, whether it is there or not.
struct CaseSlot : store::KnownCase {
    bool is_there = false;
    bool was_there = false;  ///< in the database
    bool changed = false;    ///< by this unit, and not yet written
    std::uint64_t opened = 0;
};
using Cases = std::map<std::pair<CustomerId, CaseId>, CaseSlot>;

/// A case that was seen, kept between units.
struct KeptCase {
    CaseId id{};
    CaseSlot slot{};

    [[nodiscard]] std::size_t bytes() const {
        return sizeof(KeptCase) + 64 + slot.service.kpis.capacity() * sizeof(KpiInstance);
    }
};

/// The first answer to a request, where there is one.
struct RequestSlot {
    bool is_there = false;
    bool changed = false;
    Remembered first{};
};
using Requests = std::map<std::pair<CustomerId, RequestId>, RequestSlot>;

/// Whether the ledger knows an entitlement.
using Known = std::map<std::pair<CustomerId, EntitlementId>, bool>;

/// A customer's row, which commands change.
struct Hot {
    CustomerId id{};
    std::uint64_t shape = 0;
    std::uint64_t last_number = 0;
    std::vector<std::optional<std::int64_t>> counters{};
    std::vector<bool> moved{};
    std::vector<std::optional<std::int64_t>> held{};
};

enum class Locking : std::uint8_t { none, update };

/// The hot rows of these customers, in the order of their ids; locked in that order where they are to be.
[[nodiscard]] Statement hot_rows(const Column& customers, Locking locking);
[[nodiscard]] Code read_hot_rows(Rows& rows, std::vector<Hot>& out);
/// The entitlements of these customers, which become the rows of blocks.
[[nodiscard]] Statement agreements(const Column& customers);
[[nodiscard]] Code read_agreements(Rows& rows, std::map<CustomerId, std::vector<store::LooseRow>>& out);
/// Of an agreement that has been read so far: its total, its channels and its scope.
void read_parts(Rows& rows, store::LooseRow& loose);
/// Puts a hot row's facts into the rows of its block.
[[nodiscard]] Code fill(const Hot& hot, Block& block);

/// The cases that these keys name, each with what is kept for its service levels. Where there are more, the others stay
/// as they are.
[[nodiscard]] Statement cases_of(const Table& keys);
[[nodiscard]] Code read_cases(Rows& rows, Cases& out);
/// One case, from its customer on: of the columns of `ENTITLE_CASE_COLUMNS`.
void read_case_row(Rows& rows, CaseSlot& out);

[[nodiscard]] Statement requests_of(const Table& keys);
[[nodiscard]] Statement entries_of_requests(const Table& keys);
[[nodiscard]] Code read_requests(Rows& requests, Rows& entries, Requests& out);

/// An entitlement's entries from a command on.
[[nodiscard]] Statement history_of(CustomerId customer, EntitlementId entitlement, std::uint64_t from);
[[nodiscard]] Code read_history(Rows& rows, std::vector<Entry>& out);

[[nodiscard]] Statement known_of(const Table& keys);
[[nodiscard]] Code read_known(Rows& rows, Known& out);

/// The keys of a unit's lists: a customer, and a thing of it.
[[nodiscard]] Table pairs();

/// Whole customers, in the order of their ids, without a lock, each as it was at one moment. Inside a host's transaction
/// two statements may see two: until shapes are the same before and after, they are read again; `busy`, if never.
[[nodiscard]] Code read_blocks(Connection& connection, std::span<const CustomerId> customers,
                               std::vector<Block>& out);

}  // namespace entitle::inline v0::postgres
