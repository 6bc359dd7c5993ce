#include <algorithm>
#include <array>
#include <cstddef>
#include <ostream>
#include <string>
#include <vector>

#include "desk.hpp"

// Section 3: the lifecycle table, and R4 and R5 beside it.

namespace conformance {
namespace {

using LC = rule::LifecycleCommand;

/// A cell of the table, written down here a second time.
struct Cell {
    LC command;
    Status status;
    ErrorCode code;  ///< `none`: allowed

    friend void PrintTo(const Cell& cell, std::ostream* out) { *out << name_of(cell.code); }
};

constexpr std::array table{
    Cell{LC::revise, Status::draft, ErrorCode::none},
    Cell{LC::revise, Status::waiting, ErrorCode::not_draft},
    Cell{LC::revise, Status::active, ErrorCode::not_draft},
    Cell{LC::revise, Status::expired, ErrorCode::not_draft},
    Cell{LC::revise, Status::canceled, ErrorCode::not_draft},
    Cell{LC::amend, Status::draft, ErrorCode::none},
    Cell{LC::amend, Status::waiting, ErrorCode::none},
    Cell{LC::amend, Status::active, ErrorCode::none},
    Cell{LC::amend, Status::expired, ErrorCode::not_active},
    Cell{LC::amend, Status::canceled, ErrorCode::not_active},
    Cell{LC::activate, Status::draft, ErrorCode::none},
    Cell{LC::activate, Status::waiting, ErrorCode::cannot_activate},
    Cell{LC::activate, Status::active, ErrorCode::already_active},
    Cell{LC::activate, Status::expired, ErrorCode::cannot_activate},
    Cell{LC::activate, Status::canceled, ErrorCode::cannot_activate},
    Cell{LC::deactivate, Status::draft, ErrorCode::already_draft},
    Cell{LC::deactivate, Status::waiting, ErrorCode::none},
    Cell{LC::deactivate, Status::active, ErrorCode::none},
    Cell{LC::deactivate, Status::expired, ErrorCode::cannot_deactivate},
    Cell{LC::deactivate, Status::canceled, ErrorCode::cannot_deactivate},
    Cell{LC::cancel, Status::draft, ErrorCode::cannot_cancel},
    Cell{LC::cancel, Status::waiting, ErrorCode::none},
    Cell{LC::cancel, Status::active, ErrorCode::none},
    Cell{LC::cancel, Status::expired, ErrorCode::cannot_cancel},
    Cell{LC::cancel, Status::canceled, ErrorCode::already_canceled},
    Cell{LC::renew, Status::draft, ErrorCode::cannot_renew},
    Cell{LC::renew, Status::waiting, ErrorCode::cannot_renew},
    Cell{LC::renew, Status::active, ErrorCode::cannot_renew},
    Cell{LC::renew, Status::expired, ErrorCode::cannot_renew},
    Cell{LC::renew, Status::canceled, ErrorCode::none},
    Cell{LC::set_default, Status::draft, ErrorCode::not_active},
    Cell{LC::set_default, Status::waiting, ErrorCode::not_active},
    Cell{LC::set_default, Status::active, ErrorCode::none},
    Cell{LC::set_default, Status::expired, ErrorCode::not_active},
    Cell{LC::set_default, Status::canceled, ErrorCode::not_active},
    Cell{LC::remove, Status::draft, ErrorCode::none},
    Cell{LC::remove, Status::waiting, ErrorCode::cannot_delete},
    Cell{LC::remove, Status::active, ErrorCode::cannot_delete},
    Cell{LC::remove, Status::expired, ErrorCode::none},
    Cell{LC::remove, Status::canceled, ErrorCode::none},
};

static_assert(table.size() == rule::lifecycle_command_count * status_count);
static_assert([] {
    for (const Cell& cell : table) {
        if (rule::allowed(cell.command, cell.status, policy::standard) != cell.code) return false;
        const bool policys = cell.command == LC::renew && cell.status == Status::expired;
        const ErrorCode other = policys ? ErrorCode::none : cell.code;
        if (rule::allowed(cell.command, cell.status, policy::dynamics365) != other) return false;
        if (rule::allowed(cell.command, cell.status, policy::crm2014) != other) return false;
        if (rule::allowed(cell.command, cell.status, policy::desk) != cell.code) return false;
    }
    return true;
}());

constexpr std::array<const char*, rule::lifecycle_command_count> command_names{
    "revise", "amend", "activate", "deactivate", "cancel", "renew", "set_default", "remove"};

std::string name_of_cell(const testing::TestParamInfo<Cell>& info) {
    const Cell& cell = info.param;
    return fmt::format("{}_on_{}", command_names[static_cast<std::size_t>(cell.command)], cell.status);
}

/// An entitlement of that status, and the time at which it is.
EntitlementId in_status(Desk& desk, Status status) {
    const EntitlementId id = desk.draft(agreed(on_creation(5), {{Channel::phone, cases(2)}}));
    if (status == Status::draft) return id;
    EXPECT_THAT(desk.activate(id), ok());
    if (status == Status::canceled) {
        EXPECT_THAT(desk.run(Cancel{.id = id}), ok());
    }
    if (status == Status::waiting) desk.now = year_before;
    if (status == Status::expired) desk.now = year_after;
    EXPECT_EQ(desk.status(id), status);
    return id;
}

/// What each command of a row of the table came to.
std::vector<Outcome> run_all(Desk& desk, LC command, EntitlementId id) {
    switch (command) {
        case LC::revise:
            return {desk.revise(id, {.name = "Renamed"}),
                    desk.run(SetChannel{.id = id, .channel = Channel::email, .total = cases(1)}),
                    desk.run(RemoveChannel{.id = id, .channel = Channel::phone}),
                    desk.run(ReviseScope{.id = id, .add = {.products = {"router"_product}}}),
                    desk.run(ReviseScope{.id = id, .remove = {.products = {"router"_product}}})};
        case LC::amend: return {desk.run(Amend{.id = id, .changes = {.name = "Amended"}})};
        case LC::activate: return {desk.activate(id)};
        case LC::deactivate: return {desk.deactivate(id)};
        case LC::cancel: return {desk.run(Cancel{.id = id})};
        case LC::renew: return {desk.run(Renew{.id = id})};
        case LC::set_default: return {desk.run(SetDefault{.id = id})};
        case LC::remove: return {desk.run(Remove{.id = id})};
    }
    return {};
}

class Lifecycle : public testing::TestWithParam<Cell> {};

TEST_P(Lifecycle, is_what_the_rule_says) {
    const auto [command, status, code] = GetParam();
    EXPECT_EQ(rule::allowed(command, status, policy::standard), code);
}

TEST_P(Lifecycle, is_what_the_engine_does) {
    const auto [command, status, code] = GetParam();
    Desk desk;
    const EntitlementId id = in_status(desk, status);
    for (const Outcome& outcome : run_all(desk, command, id)) {  // the desk sees that a refusal left no trace
        EXPECT_EQ(why(outcome), code);
        if (!outcome) {
            EXPECT_EQ(outcome.error().status, status);
        }
    }
    if (code != ErrorCode::none) {
        EXPECT_EQ(desk.status(id), status);
    }
}

INSTANTIATE_TEST_SUITE_P(, Lifecycle, testing::ValuesIn(table), name_of_cell);

class RenewOnExpired : public testing::TestWithParam<std::string> {};

TEST_P(RenewOnExpired, is_the_policys_cell) {
    const Policy policy = policy::named(GetParam()).value();
    const bool renews = policy.renewable == Renewable::canceled_and_expired;
    Desk desk{policy};
    const EntitlementId id = in_status(desk, Status::expired);
    EXPECT_EQ(why(desk.run(Renew{.id = id})), renews ? ErrorCode::none : ErrorCode::cannot_renew);
    EXPECT_EQ(desk.status(id), Status::expired);
}

INSTANTIATE_TEST_SUITE_P(, RenewOnExpired, testing::Values("standard", "dynamics365", "crm2014"),
                         [](const auto& run) { return run.param; });

TEST(LifecycleOf, activate_gives_waiting_active_or_expired_by_the_dates) {
    for (const auto& [now, status] :
         {std::pair{year_before, Status::waiting}, {july, Status::active}, {year_after, Status::expired}}) {
        Desk desk;
        const EntitlementId id = desk.draft(agreed(on_creation(5)));
        desk.now = now;
        EXPECT_THAT(desk.activate(id), ok());
        EXPECT_EQ(desk.status(id), status);
    }
}

TEST(LifecycleOf, no_job_has_to_run_for_a_status_to_be_right) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    const auto status_at = [&](Instant now) { return rule::status_of(desk.entitlement(id), now); };
    EXPECT_EQ(status_at(begin_2014 - 1us), Status::waiting);
    EXPECT_EQ(status_at(begin_2014), Status::active);
    EXPECT_EQ(status_at(end_2014 - 1us), Status::active);
    EXPECT_EQ(status_at(end_2014), Status::expired);
}

TEST(LifecycleOf, deactivate_keeps_the_balance) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5), {{Channel::phone, cases(2)}}));
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    ASSERT_THAT(desk.deactivate(id), ok());
    EXPECT_EQ(desk.status(id), Status::draft);
    EXPECT_EQ(desk.left(id), 4);
    ASSERT_THAT(desk.activate(id), ok());
    EXPECT_EQ(desk.left(id), 4);
    EXPECT_EQ(desk.left(id, Channel::phone), 1);
}

TEST(LifecycleOf, an_unknown_entitlement_is_unknown_before_anything_else) {
    Desk desk;
    for (std::size_t i = 0; i < rule::lifecycle_command_count; ++i) {
        for (const Outcome& outcome : run_all(desk, static_cast<LC>(i), "nobodys"_entitlement)) {
            EXPECT_THAT(outcome, refused(ErrorCode::unknown_entitlement)) << command_names[i];
        }
    }
}

// R4: at most one default per customer.

struct TwoEntitlements : Desk {
    EntitlementId gold = grant(agreed(on_creation(5)));
    EntitlementId silver = grant(agreed(on_creation(5)));

    [[nodiscard]] std::vector<EntitlementId> defaults() const {
        std::vector<EntitlementId> out;
        const std::vector<Entitlement> all = engine.entitlements(acme).value();
        for (const Entitlement& one : all) {
            if (one.is_default) out.push_back(one.id);
        }
        return out;
    }
};

TEST(R4, setting_a_default_clears_the_previous_one) {
    TwoEntitlements desk;
    ASSERT_THAT(desk.run(SetDefault{.id = desk.gold}), ok());
    EXPECT_THAT(desk.defaults(), testing::ElementsAre(desk.gold));
    ASSERT_THAT(desk.run(SetDefault{.id = desk.silver}), ok());
    EXPECT_THAT(desk.defaults(), testing::ElementsAre(desk.silver));
}

TEST(R4, a_draft_flagged_as_default_clears_the_previous_one) {
    TwoEntitlements desk;
    ASSERT_THAT(desk.run(SetDefault{.id = desk.gold}), ok());
    Draft flagged = agreed(on_creation(1));
    flagged.is_default = true;
    const EntitlementId bronze = desk.draft(flagged);
    EXPECT_THAT(desk.defaults(), testing::ElementsAre(bronze));
}

TEST(R4, another_customers_default_stays) {
    TwoEntitlements desk;
    Draft theirs = agreed(on_creation(1));
    theirs.customer = other_customer;
    theirs.is_default = true;
    const EntitlementId id = desk.draft(theirs);
    ASSERT_THAT(desk.run(SetDefault{.id = desk.gold}), ok());
    EXPECT_TRUE(desk.engine.entitlement(other_customer, id)->is_default);
}

TEST(R4, setting_the_default_that_is_one_records_nothing) {
    TwoEntitlements desk;
    ASSERT_THAT(desk.run(SetDefault{.id = desk.gold}), ok());
    EXPECT_THAT(desk.run(SetDefault{.id = desk.gold}), repeated());
}

TEST(R4, expiry_and_deactivation_keep_the_flag) {
    TwoEntitlements desk;
    ASSERT_THAT(desk.run(SetDefault{.id = desk.silver}), ok());
    desk.now = year_after;
    EXPECT_THAT(desk.defaults(), testing::ElementsAre(desk.silver));
    desk.now = july;
    ASSERT_THAT(desk.deactivate(desk.silver), ok());
    EXPECT_THAT(desk.defaults(), testing::ElementsAre(desk.silver));
    EXPECT_EQ(desk.open("c1")->entitlement, desk.gold) << "a draft default is passed over";
    ASSERT_THAT(desk.activate(desk.silver), ok());
    EXPECT_EQ(desk.open("c2")->entitlement, desk.silver) << "active again, it counts again";
}

TEST(R4, cancel_drops_the_flag) {
    TwoEntitlements desk;
    ASSERT_THAT(desk.run(SetDefault{.id = desk.gold}), ok());
    ASSERT_THAT(desk.run(Cancel{.id = desk.gold}), ok());
    EXPECT_TRUE(desk.defaults().empty());
}

TEST(R4, a_default_that_does_not_admit_is_passed_over) {
    TwoEntitlements desk;
    const EntitlementId empty = desk.grant(agreed(on_creation(0)));
    ASSERT_THAT(desk.run(SetDefault{.id = empty}), ok());
    EXPECT_EQ(desk.open("c1")->entitlement, desk.gold);
}

// R5: remove takes the record, never the ledger.

TEST(R5, what_a_case_refers_to_is_in_use) {
    for (const char* state : {"open", "resolved", "canceled"}) {
        Desk desk;
        const EntitlementId id = desk.grant(agreed(on_creation(5)));
        ASSERT_THAT(desk.open("c1"), ok());
        if (state == std::string{"resolved"}) {
            ASSERT_THAT(desk.resolve("c1"), ok());
        }
        if (state == std::string{"canceled"}) {
            ASSERT_THAT(desk.cancel("c1"), ok());
        }
        desk.now = year_after;
        EXPECT_THAT(desk.run(Remove{.id = id}), refused(ErrorCode::in_use)) << state;
    }
}

TEST(R5, what_no_case_refers_to_any_more_goes_and_its_entries_stay) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    const EntitlementId kept = desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open_on(id, "c1"), ok());
    ASSERT_THAT(desk.open_on(id, "c2"), ok());
    ASSERT_THAT(desk.run(DeleteCase{.id = "c1"_case}), ok());
    ASSERT_THAT(desk.run(ChangeEntitlement{.id = "c2"_case, .entitlement = kept}), ok());
    const std::vector<Entry> before = desk.entries();
    desk.now = year_after;

    ASSERT_THAT(desk.run(Remove{.id = id}), ok());

    EXPECT_EQ(desk.engine.entitlement(acme, id).error().code, ErrorCode::unknown_entitlement);
    std::vector<Entry> after = desk.entries();
    ASSERT_EQ(after.size(), before.size() + 1);
    EXPECT_EQ(after.back().command, CommandKind::remove);
    EXPECT_EQ(after.back().entitlement, id);
    after.pop_back();
    EXPECT_EQ(after, before);
}

TEST(R5, a_removed_id_is_not_given_again) {
    Desk desk;
    Draft draft = agreed(on_creation(5));
    draft.id = "gold"_entitlement;
    const EntitlementId id = desk.draft(draft);
    ASSERT_THAT(desk.run(Remove{.id = id}), ok());
    EXPECT_THAT(desk.run(draft), refused(ErrorCode::duplicate_id));
}

TEST(R5, a_removed_default_leaves_none) {
    Desk desk;
    Draft draft = agreed(on_creation(5));
    draft.is_default = true;
    const EntitlementId id = desk.draft(draft);
    ASSERT_THAT(desk.run(Remove{.id = id}), ok());
    EXPECT_TRUE(desk.engine.entitlements(acme)->empty());
    const EntitlementId next = desk.grant(agreed(on_creation(5)));
    EXPECT_FALSE(desk.entitlement(next).is_default);
    EXPECT_EQ(desk.open("c1")->entitlement, next);
}

}  // namespace
}  // namespace conformance
