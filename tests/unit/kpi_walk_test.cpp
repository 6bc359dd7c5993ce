#include <algorithm>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "entitle/sla/kpi.hpp"

// Section 11: pauses and ends by chance, against a clock that is wound second by second.

namespace entitle::sla {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

constexpr int horizon = 1'200;  ///< seconds

/// OpenHours by chance in the first twenty minutes of each day, which are all of the walk.
class Chance {
public:
    explicit Chance(std::uint32_t seed) : random_{seed} {}
    int below(int end) { return static_cast<int>(random_() % static_cast<std::uint32_t>(end)); }

    std::vector<OpenHours> hours() {
        std::vector<OpenHours> out;
        for (int at = below(200); at < horizon;) {
            const int end = at + 1 + below(200);
            out.push_back({seconds{at}, seconds{end}});
            at = end + below(3) * below(60);
        }
        return out;
    }

private:
    std::mt19937 random_;
};

/// Counts every second that is open and runs.
struct Wound {
    std::vector<OpenHours> hours;
    int started = 0;
    std::optional<int> warn_after{};
    int fail_after = 0;
    int elapsed = 0;
    int paused = 0;
    bool is_paused = false;
    bool is_warned = false;
    bool is_missed = false;
    KpiEnd end = KpiEnd::none;

    bool is_open(int second) const {
        return std::ranges::any_of(hours, [&](const OpenHours& each) {
            return each.from <= seconds{second} && seconds{second} < each.to;
        });
    }
    /// What is to be said at a second, before anything happens in it.
    void look() {
        if (is_paused || end != KpiEnd::none) return;
        if (elapsed >= fail_after) is_missed = true;
        if (warn_after && elapsed >= *warn_after) is_warned = true;
    }
    void pause() {
        if (end == KpiEnd::none && !is_missed) is_paused = true;
    }
    void resume() {
        if (end == KpiEnd::none) is_paused = false;
    }
    void finish(KpiEnd how) {
        if (end == KpiEnd::none) end = how;
    }
    void tick(int second) {
        if (end != KpiEnd::none || !is_open(second)) return;
        ++(is_paused ? paused : elapsed);
    }
    KpiStatus status() const {
        if (is_missed) return KpiStatus::noncompliant;
        if (end == KpiEnd::met) return KpiStatus::succeeded;
        if (end == KpiEnd::canceled) return KpiStatus::canceled;
        if (is_paused) return KpiStatus::paused;
        return is_warned ? KpiStatus::nearing_noncompliance : KpiStatus::in_progress;
    }
};

bool is_final(KpiStatus status) { return status >= KpiStatus::noncompliant; }

void walk(std::uint32_t seed) {
    Chance chance{seed};
    Wound wound{.hours = chance.hours(), .started = chance.below(300), .fail_after = chance.below(300)};
    if (chance.below(3) != 0) wound.warn_after = chance.below(wound.fail_after + 1);
    const Calendar calendar = Calendar::make({.week = {.thursday = wound.hours}}).value();  // 1970-01-01
    const auto at = [](int second) { return Instant{seconds{second}}; };

    ServiceLevel level{.kpis = {{.fail_after = seconds{wound.fail_after}}}};
    if (wound.warn_after) level.kpis[0].warn_after = seconds{*wound.warn_after};
    KpiInstance kpi = started(level, 0, calendar, at(wound.started));
    std::optional<Instant> change;
    KpiStatus before = KpiStatus::in_progress;
    for (int second = wound.started; second < horizon; ++second) {
        wound.look();
        SCOPED_TRACE(fmt::format("seed {}, second {}", seed, second));
        ASSERT_EQ(status_of(kpi, at(second)), wound.status());
        // Time brings another status where it was said, and nowhere else.
        if (second > wound.started) {
            ASSERT_EQ(before != wound.status(), change == at(second));
        }
        switch (chance.below(60)) {
            case 0: wound.pause(), kpi = paused(kpi, at(second)); break;
            case 1:
            case 2: wound.resume(), kpi = resumed(kpi, calendar, at(second)); break;
            case 3:
                if (chance.below(8) != 0) break;
                wound.finish(KpiEnd::met), kpi = ended(kpi, KpiEnd::met, at(second));
                break;
            case 4:
                if (chance.below(16) != 0) break;
                wound.finish(KpiEnd::canceled), kpi = ended(kpi, KpiEnd::canceled, at(second));
                break;
            default: break;
        }
        ASSERT_EQ(status_of(kpi, at(second)), wound.status());
        ASSERT_EQ(elapsed(kpi, calendar, at(second)), seconds{wound.elapsed});
        ASSERT_EQ(paused_total(kpi, calendar, at(second)), seconds{wound.paused});
        if (is_final(before)) {
            ASSERT_EQ(wound.status(), before);
        }
        before = wound.status();
        change = next_change(kpi, at(second));
        wound.tick(second);
    }
}

TEST(KpiWalk, agrees_with_a_clock_wound_second_by_second) {
    for (std::uint32_t seed = 0; seed < 500; ++seed) {
        walk(seed);
        if (testing::Test::HasFatalFailure()) return;
    }
}

}  // namespace
}  // namespace entitle::sla
