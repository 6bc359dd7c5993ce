#include "entitle/sla/kpi.hpp"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

// Section 11: the clock of one promise, by instants computed by hand.

namespace entitle::sla {
namespace {

using namespace date::literals;
using namespace std::chrono_literals;
using std::chrono::microseconds;
using std::chrono::seconds;

constexpr Instant june(int day, microseconds time) {
    return date::sys_days{2014_y / 6 / 1} + date::days{day - 1} + time;
}
constexpr Instant mon(microseconds time) { return june(2, time); }
constexpr Instant tue(microseconds time) { return june(3, time); }
constexpr Instant wed(microseconds time) { return june(4, time); }

Calendar made(const BusinessHours& hours) { return Calendar::make(hours).value(); }
Week weekdays(const std::vector<OpenHours>& hours) { return {hours, hours, hours, hours, hours, {}, {}}; }
Week every_day(const std::vector<OpenHours>& hours) {
    return {hours, hours, hours, hours, hours, hours, hours};
}

const Calendar always;
const Calendar office = made({.week = weekdays({{9h, 17h}})});

ServiceLevel promising(std::optional<seconds> warn_after, seconds fail_after) {
    ServiceLevel level{.id = SlaId::from_integer(1), .name = "gold"};
    level.kpis.push_back({.name = "resolve", .warn_after = warn_after, .fail_after = fail_after});
    return level;
}

KpiInstance begun(const Calendar& calendar, Instant at, std::optional<seconds> warn_after,
                  seconds fail_after) {
    return started(promising(warn_after, fail_after), 0, calendar, at);
}

using KpiStatus::in_progress, KpiStatus::nearing_noncompliance, KpiStatus::noncompliant, KpiStatus::succeeded,
    KpiStatus::canceled;

// ---- what time brings ----

TEST(AKpi, is_nearing_from_its_warning_on_and_missed_from_its_end_on) {
    const KpiInstance kpi = begun(always, mon(9h), 1h, 2h);
    EXPECT_EQ(kpi.warn_at, mon(10h));
    EXPECT_EQ(kpi.fail_at, mon(11h));
    EXPECT_EQ(status_of(kpi, mon(9h)), in_progress);
    EXPECT_EQ(status_of(kpi, mon(10h - 1us)), in_progress);
    EXPECT_EQ(status_of(kpi, mon(10h)), nearing_noncompliance);
    EXPECT_EQ(status_of(kpi, mon(11h - 1us)), nearing_noncompliance);
    EXPECT_EQ(status_of(kpi, mon(11h)), noncompliant);
    EXPECT_EQ(status_of(kpi, june(30, 0h)), noncompliant);
}

TEST(AKpi, counts_the_business_time_of_its_calendar) {
    const KpiInstance kpi = begun(office, june(6, 16h), 90min, 4h);  // a Friday
    EXPECT_EQ(kpi.warn_at, june(9, 9h + 30min));
    EXPECT_EQ(kpi.fail_at, june(9, 12h));
    EXPECT_EQ(elapsed(kpi, office, june(8, 12h)), 1h);
    EXPECT_EQ(elapsed(kpi, office, june(9, 15h)), 7h);
}

TEST(AKpi, without_a_warning_goes_from_progress_to_missed) {
    const KpiInstance kpi = begun(always, mon(9h), std::nullopt, 2h);
    EXPECT_EQ(status_of(kpi, mon(11h - 1us)), in_progress);
    EXPECT_EQ(status_of(kpi, mon(11h)), noncompliant);
}

TEST(AKpi, of_no_time_is_missed_as_it_starts) {
    const KpiInstance kpi = begun(office, mon(9h), 0s, 0s);
    EXPECT_EQ(status_of(kpi, mon(9h)), noncompliant);
    EXPECT_EQ(status_of(ended(kpi, KpiEnd::met, mon(9h)), mon(9h)), noncompliant);
    EXPECT_EQ(status_of(begun(always, mon(9h), 0s, 1h), mon(9h)), nearing_noncompliance);
}

TEST(AKpi, of_a_calendar_without_enough_time_is_never_missed) {
    const Calendar never = made({});
    const Calendar one_day = made({.shifts = {{.day = 2014_y / 6 / 3, .hours = {{9h, 17h}}}}});
    for (const Calendar* calendar : {&never, &one_day}) {
        const KpiInstance kpi = begun(*calendar, mon(9h), 9h, 10h);
        EXPECT_EQ(kpi.fail_at, KpiInstance::never);
        EXPECT_EQ(status_of(kpi, june(30, 0h)), in_progress);
        EXPECT_EQ(next_change(kpi, mon(0h)), std::nullopt);
        const KpiInstance later = resumed(paused(kpi, tue(10h)), *calendar, tue(12h));
        EXPECT_EQ(later.fail_at, KpiInstance::never);
        EXPECT_EQ(status_of(ended(later, KpiEnd::met, wed(9h)), wed(9h)), succeeded);
    }
    const KpiInstance warned = begun(one_day, mon(9h), 2h, 10h);
    EXPECT_EQ(warned.warn_at, tue(11h));
    EXPECT_EQ(status_of(warned, june(30, 0h)), nearing_noncompliance);
}

// ---- how it ends ----

TEST(AKpi, met_before_its_end_has_succeeded_for_ever) {
    const KpiInstance kpi = ended(begun(always, mon(9h), 1h, 2h), KpiEnd::met, mon(11h - 1us));
    for (const Instant at : {mon(11h - 1us), mon(11h), june(30, 0h)})
        EXPECT_EQ(status_of(kpi, at), succeeded);
    EXPECT_EQ(elapsed(kpi, always, june(30, 0h)), 2h - 1us);
}

TEST(AKpi, met_at_its_end_or_later_is_missed_and_the_time_it_took_is_known) {
    for (const auto late : {microseconds{0}, microseconds{5h}}) {
        const KpiInstance kpi = ended(begun(always, mon(9h), 1h, 2h), KpiEnd::met, mon(11h + late));
        EXPECT_EQ(status_of(kpi, june(30, 0h)), noncompliant);
        EXPECT_EQ(elapsed(kpi, always, june(30, 0h)), 2h + late);
    }
}

TEST(AKpi, canceled_in_time_is_canceled_and_late_stays_missed) {
    const KpiInstance kpi = begun(always, mon(9h), 1h, 2h);
    EXPECT_EQ(status_of(ended(kpi, KpiEnd::canceled, mon(10h)), june(30, 0h)), canceled);
    EXPECT_EQ(status_of(ended(kpi, KpiEnd::canceled, mon(11h)), june(30, 0h)), noncompliant);
}

TEST(AKpi, that_is_final_is_not_changed_by_anything) {
    const KpiInstance kpi = begun(office, mon(9h), 1h, 2h);
    const std::vector<std::pair<KpiStatus, KpiInstance>> finals{
        {succeeded, ended(kpi, KpiEnd::met, mon(10h))},
        {succeeded, ended(paused(kpi, mon(10h)), KpiEnd::met, mon(10h + 30min))},
        {canceled, ended(kpi, KpiEnd::canceled, mon(10h))},
        {noncompliant, ended(kpi, KpiEnd::met, mon(12h))},
        {noncompliant, kpi}};
    const std::vector<std::function<KpiInstance(const KpiInstance&)>> events{
        [](const KpiInstance& is) { return paused(is, mon(13h)); },
        [](const KpiInstance& is) { return resumed(is, office, mon(13h)); },
        [](const KpiInstance& is) { return ended(is, KpiEnd::met, mon(13h)); },
        [](const KpiInstance& is) { return ended(is, KpiEnd::canceled, mon(13h)); }};
    for (const auto& [status, is] : finals) {
        ASSERT_EQ(status_of(is, mon(13h)), status);
        for (const auto& event : events) EXPECT_EQ(status_of(event(is), june(30, 0h)), status);
    }
}

// ---- pauses ----

TEST(Pauses, move_both_instants_by_the_business_time_they_took) {
    KpiInstance kpi = begun(office, mon(10h), 6h, 8h);
    EXPECT_EQ(kpi.warn_at, mon(16h));
    EXPECT_EQ(kpi.fail_at, tue(10h));

    kpi = paused(kpi, mon(12h));
    EXPECT_EQ(status_of(kpi, mon(13h)), KpiStatus::paused);
    EXPECT_EQ(status_of(kpi, june(30, 0h)), KpiStatus::paused);
    EXPECT_EQ(elapsed(kpi, office, june(30, 0h)), 2h);
    kpi = resumed(kpi, office, mon(14h));
    EXPECT_EQ(kpi.warn_at, tue(10h));
    EXPECT_EQ(kpi.fail_at, tue(12h));

    kpi = resumed(paused(kpi, mon(16h)), office, tue(10h));
    EXPECT_EQ(kpi.warn_at, tue(12h));
    EXPECT_EQ(kpi.fail_at, tue(14h));
    EXPECT_EQ(paused_total(kpi, office, tue(10h)), 4h);

    // The warning has come: it stays where it was.
    EXPECT_EQ(status_of(kpi, tue(13h)), nearing_noncompliance);
    kpi = paused(kpi, tue(13h));
    EXPECT_EQ(paused_total(kpi, office, tue(16h)), 7h);
    kpi = resumed(kpi, office, wed(9h));
    EXPECT_EQ(kpi.warn_at, tue(12h));
    EXPECT_EQ(kpi.fail_at, wed(10h));
    EXPECT_EQ(status_of(kpi, wed(9h)), nearing_noncompliance);
    EXPECT_EQ(elapsed(kpi, office, wed(9h)), 7h);
    EXPECT_EQ(paused_total(kpi, office, wed(9h)), 8h);
    EXPECT_EQ(status_of(kpi, wed(10h)), noncompliant);
}

TEST(Pauses, while_it_is_closed_move_nothing) {
    const KpiInstance kpi = begun(office, mon(10h), 6h, 8h);
    KpiInstance after = resumed(paused(kpi, mon(18h)), office, tue(8h));
    EXPECT_EQ(after, kpi);
    after = resumed(paused(kpi, mon(15h)), office, mon(15h));
    EXPECT_EQ(after, kpi);
}

TEST(Pauses, at_the_instant_of_the_warning_leave_it) {
    const KpiInstance kpi = begun(always, mon(9h), 1h, 2h);
    EXPECT_EQ(resumed(paused(kpi, mon(10h)), always, mon(12h)).warn_at, mon(10h));
    EXPECT_EQ(resumed(paused(kpi, mon(10h - 1us)), always, mon(12h)).warn_at, mon(12h + 1us));
}

TEST(Pauses, come_too_late_once_its_time_is_over) {
    const KpiInstance kpi = begun(always, mon(9h), 1h, 2h);
    EXPECT_EQ(paused(kpi, mon(11h)), kpi);
    EXPECT_TRUE(paused(kpi, mon(11h - 1us)).is_paused());
}

TEST(Pauses, do_not_pause_or_resume_twice) {
    const KpiInstance kpi = begun(always, mon(9h), 1h, 2h);
    const KpiInstance first = paused(kpi, mon(9h + 30min));
    EXPECT_EQ(paused(first, mon(9h + 45min)), first);
    EXPECT_EQ(resumed(kpi, always, mon(10h)), kpi);
}

TEST(Pauses, can_be_what_it_is_met_in) {
    const KpiInstance kpi = ended(paused(begun(office, mon(10h), 6h, 8h), mon(12h)), KpiEnd::met, wed(12h));
    EXPECT_EQ(status_of(kpi, june(30, 0h)), succeeded);
    EXPECT_EQ(elapsed(kpi, office, june(30, 0h)), 2h);
    EXPECT_EQ(paused_total(kpi, office, june(30, 0h)), 5h + 8h + 3h);
    EXPECT_EQ(resumed(kpi, office, june(5, 9h)), kpi);
}

TEST(Pauses, over_a_change_of_the_clocks_take_the_time_that_there_was) {
    const Calendar night = made({.time_zone = "America/New_York", .week = every_day({{0h, 4h}})});
    const auto march = [](int day, microseconds time) {
        return date::sys_days{2014_y / 3 / 1} + date::days{day - 1} + time;
    };
    // 0:00 to 4:00 of March 9 are three hours: 05:00 to 08:00 UTC.
    KpiInstance kpi = begun(night, march(9, 5h), 1h, 2h);
    EXPECT_EQ(kpi.fail_at, march(9, 7h));
    kpi = resumed(paused(kpi, march(9, 5h + 30min)), night, march(9, 12h));
    EXPECT_EQ(paused_total(kpi, night, march(9, 12h)), 2h + 30min);
    EXPECT_EQ(kpi.warn_at, march(10, 4h + 30min));
    EXPECT_EQ(kpi.fail_at, march(10, 5h + 30min));
}

// ---- clocks that go back ----

TEST(ClocksThatGoBack, count_as_standing_still) {
    const KpiInstance kpi = begun(always, mon(9h), 1h, 2h);
    EXPECT_EQ(status_of(kpi, mon(8h)), in_progress);
    EXPECT_EQ(elapsed(kpi, always, mon(8h)), 0s);
    EXPECT_EQ(ended(kpi, KpiEnd::met, mon(8h)).ended, mon(9h));
    const KpiInstance stopped = paused(kpi, mon(8h));
    EXPECT_EQ(stopped.paused_since, mon(9h));
    EXPECT_EQ(paused_total(stopped, always, mon(8h)), 0s);
    EXPECT_EQ(resumed(stopped, always, mon(8h)), kpi);
    EXPECT_EQ(ended(paused(kpi, mon(9h + 30min)), KpiEnd::met, mon(8h)).ended, mon(9h + 30min));
}

// ---- what time will bring ----

TEST(TheNextChange, is_the_warning_then_the_end_then_none) {
    const KpiInstance kpi = begun(always, mon(9h), 1h, 2h);
    EXPECT_EQ(next_change(kpi, mon(9h)), mon(10h));
    EXPECT_EQ(next_change(kpi, mon(10h)), mon(11h));
    EXPECT_EQ(next_change(kpi, mon(11h)), std::nullopt);
    EXPECT_EQ(next_change(begun(always, mon(9h), 2h, 2h), mon(9h)), mon(11h));
    EXPECT_EQ(next_change(begun(always, mon(9h), std::nullopt, 2h), mon(9h)), mon(11h));
    EXPECT_EQ(next_change(begun(always, mon(9h), 0s, 2h), mon(9h) - 1us), mon(9h));
}

TEST(TheNextChange, of_what_is_paused_or_has_ended_is_none) {
    const KpiInstance kpi = begun(always, mon(9h), 1h, 2h);
    EXPECT_EQ(next_change(paused(kpi, mon(9h + 30min)), mon(9h)), std::nullopt);
    EXPECT_EQ(next_change(ended(kpi, KpiEnd::met, mon(9h + 30min)), mon(9h)), std::nullopt);
    EXPECT_EQ(next_change(ended(kpi, KpiEnd::canceled, mon(9h + 30min)), mon(9h)), std::nullopt);
}

TEST(NextChange, tells_what_has_happened_before_it_ended_or_paused) {
    const KpiInstance kpi = begun(always, mon(9h), 1h, 2h);
    const KpiInstance late = ended(kpi, KpiEnd::met, mon(12h));
    EXPECT_EQ(next_change(late, mon(9h)), mon(10h));
    EXPECT_EQ(next_change(late, mon(10h)), mon(11h));
    EXPECT_EQ(next_change(late, mon(11h)), std::nullopt);
    const KpiInstance warned = paused(kpi, mon(10h + 30min));
    EXPECT_EQ(next_change(warned, mon(9h)), mon(10h));
    EXPECT_EQ(next_change(warned, mon(10h)), std::nullopt);
    EXPECT_EQ(next_change(paused(kpi, mon(10h)), mon(9h)), mon(10h)) << "it is not moved, so it is told";
}

}  // namespace
}  // namespace entitle::sla
