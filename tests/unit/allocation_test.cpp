#include <atomic>
#include <cstddef>
#include <functional>
#include <memory_resource>
#include <vector>

#include <gtest/gtest.h>

#include "entitle/entitle.hpp"

#include "own_memory.hpp"

// A command of a case allocates nothing in the steady state; a calendar or a promise that is made, nothing at all.

namespace {

std::atomic<std::size_t> allocations = 0;

}  // namespace

void unit_memory::on_allocation() { ++allocations; }

namespace entitle {
namespace {

using namespace date::literals;
using namespace std::chrono_literals;

constexpr std::size_t count = 16'384;
constexpr Instant july = date::sys_days{2014_y / 7 / 1} + 9h;
const CustomerId customer = CustomerId::from_integer(1);
const sla::Calendar all_hours;

/// A desk whose tables have been grown before.
class NoAllocation : public testing::Test {
protected:
    NoAllocation() {
        for (const auto event : {DecreaseOn::creation, DecreaseOn::resolution}) {
            const auto made = engine_.draft(
                {.name = "Gold",
                 .customer = customer,
                 .coverage = {2014_y / 1 / 1, 2014_y / 12 / 31},
                 .terms = {.total = cases(1'000'000), .decrease_on = event, .restricted = true},
                 .channels = {{Channel::phone, cases(1'000'000)}, {Channel::email, cases(1'000'000)}}},
                july);
            entitlements_.push_back(made.value().entitlement);
            EXPECT_TRUE(engine_.activate({.customer = customer, .id = entitlements_.back()}, july));
        }
        run_all(0, count / 8);  // the first ones grow what is reused
    }

    /// Every command of a case's life, each with a request id. Returns how many.
    std::size_t run_all(std::size_t from, std::size_t many) {
        std::size_t commands = 0;
        const auto run = [&](const auto& command) {
            ++commands;
            done_ = engine_.execute(command, july).has_value() && done_;
        };
        for (std::size_t i = from; i < from + many; ++i) {
            const CaseId id = CaseId::from_integer(i + 1);
            const auto request = [&] { return RequestId::from_integer(++requests_); };
            run(OpenCase{.customer = customer,
                         .id = id,
                         .origin = Channel::phone,
                         .entitlement = entitlements_[i % 2],
                         .request = request()});
            run(ResolveCase{.customer = customer, .id = id, .request = request()});
            run(ReactivateCase{.customer = customer, .id = id, .request = request()});
            run(ChangeOrigin{.customer = customer, .id = id, .origin = Channel::email, .request = request()});
            run(ChangeEntitlement{.customer = customer,
                                  .id = id,
                                  .entitlement = entitlements_[(i + 1) % 2],
                                  .request = request()});
            run(SetDecrement{.customer = customer, .id = id, .decrement = false, .request = request()});
            run(CancelCase{.customer = customer, .id = id, .request = request()});
        }
        return commands;
    }

    std::pmr::monotonic_buffer_resource memory_{512 << 20};
    MemoryStore store_{{.memory = &memory_, .hash_seed = 1}};
    Engine engine_{store_, {.ids = UuidV7{1}}};
    std::vector<EntitlementId> entitlements_;
    std::uint64_t requests_ = 0;
    bool done_ = true;
};

TEST_F(NoAllocation, by_commands_that_are_done) {
    const std::size_t before = allocations;
    const std::size_t commands = run_all(count, count);
    const std::size_t taken = allocations - before;
    EXPECT_TRUE(done_);
    EXPECT_LE(taken, commands / 256) << "only the growth of tables";
}

TEST_F(NoAllocation, by_commands_that_are_repeated_or_refused) {
    run_all(count, 1);
    const std::uint64_t last = requests_;
    const std::size_t before = allocations;
    for (std::size_t i = 0; i < count; ++i) {
        const CaseId id = CaseId::from_integer(count + 1);
        const auto repeated = engine_.cancel_case(
            {.customer = customer, .id = id, .request = RequestId::from_integer(last)}, july);
        done_ = done_ && repeated && repeated->repeated;
        const auto refused = engine_.resolve_case({.customer = customer, .id = id}, july);
        done_ = done_ && !refused;
        const auto unlisted = engine_.open_case(
            {.customer = customer, .id = CaseId::from_integer(9'999'999), .origin = Channel::web}, july);
        done_ = done_ && !unlisted;
    }
    EXPECT_EQ(allocations - before, 0U);
    EXPECT_TRUE(done_);
}

TEST_F(NoAllocation, by_checks) {
    std::vector<OpenCase> commands(64, OpenCase{.customer = customer, .origin = Channel::phone});
    std::vector<Result<Allowed>> answers(commands.size());
    const std::size_t before = allocations;
    for (std::size_t i = 0; i < count; ++i) {
        done_ = done_ && engine_.check(commands[0], july);
        done_ = done_ && engine_.check(commands, july, answers);
    }
    EXPECT_EQ(allocations - before, 0U);
    EXPECT_TRUE(done_);
}

TEST(NoAllocationOfACalendar, by_whatever_it_is_asked) {
    const std::vector<sla::OpenHours> hours{{9h, 12h}, {13h, 17h}};
    const auto made = sla::Calendar::make({.time_zone = "America/New_York",
                                           .week = {.monday = hours, .friday = hours},
                                           .holidays = {2014_y / 7 / 4},
                                           .shifts = {{2014_y / 7 / 5, hours}}});
    ASSERT_TRUE(made);
    bool done = true;
    const std::size_t before = allocations;
    for (const sla::Calendar& calendar : {std::cref(*made), std::cref(all_hours)}) {
        done = done && calendar.add(july, 100'000h) && calendar.subtract(july, 100'000h);
        done = done && calendar.between(july, july + 1'000'000h) > 0h;
        done = done && calendar.next_opening(july) && calendar.previous_closing(july);
        done = done && !calendar.add(july, -1h);
    }
    EXPECT_EQ(allocations - before, 0U);
    EXPECT_TRUE(done);
}

/// A promise of each calendar, paused in one stage, by no case yet.
class NoAllocationOfPromises : public testing::Test {
protected:
    NoAllocationOfPromises() {
        EXPECT_TRUE(calendars_.set(office_, {.week = {.tuesday = {{9h, 17h}}, .friday = {{9h, 17h}}}}));
        for (const CalendarId calendar : {office_, CalendarId{}}) {
            level_.kpis.push_back({.name = calendar ? "office" : "all hours",
                                   .warn_after = 1h,
                                   .fail_after = 100h,
                                   .calendar = calendar,
                                   .pausing = {waiting_}});
        }
    }

    const CalendarId office_ = CalendarId::from_integer(1);
    const Stage waiting_ = *Stage::named("waiting");
    sla::Calendars calendars_;
    ServiceLevel level_{.id = SlaId::from_integer(1), .name = "gold"};
};

TEST_F(NoAllocationOfPromises, by_their_clocks) {
    bool done = true;
    const std::size_t before = allocations;
    for (std::uint16_t place = 0; place < 2; ++place) {
        const sla::Calendar& calendar = calendars_[level_.kpis[place].calendar];
        KpiInstance kpi = sla::started(level_, place, calendar, july);
        kpi = sla::paused(kpi, july + 1min);
        kpi = sla::resumed(kpi, calendar, july + 200h);
        kpi = sla::counted_again(kpi, level_.kpis[place], calendar);
        done = done && sla::next_change(kpi, july) == kpi.warn_at;
        kpi = sla::ended(kpi, KpiEnd::met, july + 201h);
        done = done && sla::status_of(kpi, july + 300h) == KpiStatus::succeeded;
        done = done && sla::elapsed(kpi, calendar, july + 300h) > 0h;
        done = done && sla::paused_total(kpi, calendar, july + 300h) > 0h;
    }
    EXPECT_EQ(allocations - before, 0U);
    EXPECT_TRUE(done);
}

TEST_F(NoAllocationOfPromises, by_what_happens_to_a_case_that_has_them) {
    const sla::CaseClock clock{&level_, calendars_};
    CaseService is;
    clock.follow(is, {}, july);
    ASSERT_EQ(is.kpis.size(), 2U);
    const std::size_t before = allocations;
    is.stage = waiting_;
    clock.follow(is, {}, july + 1min);
    is.stage = {};
    clock.follow(is, {}, july + 2min);
    clock.respond(is, july + 3min);
    clock.resolve(is, july + 4min);
    sla::CaseClock::reopen(is, july + 5min);
    EXPECT_EQ(allocations - before, 0U);
    EXPECT_EQ(is.kpis[1].end, KpiEnd::met);
}

}  // namespace
}  // namespace entitle
