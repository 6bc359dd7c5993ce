#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <utility>

#include "property/random.hpp"
#include "property/service_history.hpp"

namespace entitle_property::service {

namespace {

using service_model::Goal;
using service_model::Kind;
using service_model::Minute;
using service_model::Op;
using service_model::Rules;
using service_model::Terms;

constexpr Minute day = 24 * 60;
/// No command comes later: what is promised is to have time within the walks.
constexpr Minute last_now = 12 * day;

/// All hours; an office's; one that is never open. The first day is Monday, October 20, 2014, in Berlin, where it is two
/// hours later than UTC for a week, and then one. That Wednesday is a holiday, that Saturday a shift is worked.
std::vector<std::vector<service_model::Open>> service_calendars() {
    std::vector<service_model::Open> office;
    for (Minute midnight = 0; midnight < service_model::horizon; midnight += day) {
        const int weekday = midnight / day % 7;
        const Minute local = midnight - (midnight < 7 * day ? 120 : 60);
        if (midnight == 5 * day) office.push_back({local + 600, local + 840});
        if (weekday >= 5 || midnight == 2 * day) continue;
        office.push_back({local + 540, local + 720});
        office.push_back({local + 780, local + 1020});
    }
    return {{{0, service_model::horizon}}, office, {}};
}

/// Deadlines and steps of time are mostly whole half hours: they meet often.
class Choice {
public:
    explicit Choice(Random random) : random_{std::move(random)} {}

    Rules rules() {
        Rules out{service_calendars(), {}, {}};
        for (int level = 0; level < 3; ++level) {
            auto& terms = out.levels.emplace_back();
            for (int count = random_.between(1, 4); count > 0; --count) terms.push_back(promise());
        }
        for (int i = 0; i < 2; ++i)
            out.entitlements.push_back(random_.percent(70) ? random_.between(1, 3) : 0);
        if (random_.percent(10)) out.entitlements[1] = 4;  // carried, but not kept
        return out;
    }

    Step step() {
        Step out{command(), random_.percent(15), random_.word()};
        if (!out.joins) pass_time();
        out.op.now = now_;
        add_request(out.op);
        return out;
    }

private:
    std::vector<int> some(int chance, int most) {
        if (!random_.percent(chance)) return {};
        if (random_.percent(30)) return {1, 2};
        return {random_.between(1, most)};
    }

    Terms promise() {
        Terms out;
        out.goal = random_.one_of({Goal::first_response, Goal::resolution, Goal::own});
        out.fail = random_.one_of({0, 15, 30, 60, 60, 120, 240, 240, 480, 1440});
        if (random_.percent(65)) {
            out.warn = random_.one_of({0, out.fail, out.fail / 2, std::max(0, out.fail - 15)});
        }
        out.calendar = random_.one_of({0, 0, 0, 0, 1, 1, 1, 1, 1, 2});
        out.priorities = some(30, 2);
        out.origins = some(15, 2);
        out.contacts = some(15, 2);
        out.pausing = some(50, 2);
        return out;
    }

    void pass_time() {
        const int how = random_.below(100);
        if (how < 15) return;
        if (how < 70) now_ += 30 * random_.between(1, 4);
        else if (how < 90) now_ += random_.between(1, 200);
        else if (how < 97) now_ -= 15 * random_.between(1, 12);
        else now_ += day;
        now_ = std::clamp(now_, 0, last_now);
    }

    /// Its id, or another's sent again.
    void add_request(Op& op) {
        if (op.kind == Kind::set_default) return;
        const int how = random_.below(100);
        if (how < 8) {
            op.request = ++requests_;
            sent_.push_back(op);
        } else if (how < 12 && !sent_.empty()) {
            op = random_.one_of(sent_);
            op.now = now_;
        } else if (how == 12 && requests_ > 0) {
            op.request = random_.between(1, requests_);
        }
    }

    Op command() {
        constexpr std::array common{
            Kind::open,       Kind::open,       Kind::respond,     Kind::respond,     Kind::stage,
            Kind::stage,      Kind::stage,      Kind::stage,       Kind::stage,       Kind::stage,
            Kind::stage,      Kind::priority,   Kind::priority,    Kind::priority,    Kind::level,
            Kind::level,      Kind::meet,       Kind::meet,        Kind::resolve,     Kind::cancel,
            Kind::reactivate, Kind::reactivate, Kind::reactivate,  Kind::origin,      Kind::origin,
            Kind::contact,    Kind::contact,    Kind::entitlement, Kind::entitlement, Kind::decrement};
        Op op;
        // Mostly about a case that it fits, as far as one can tell.
        do {
            op.kind = common[static_cast<std::size_t>(random_.below(static_cast<int>(common.size())))];
            if (random_.percent(1)) op.kind = Kind::set_default;
            if (random_.percent(1)) op.kind = Kind::remove;
            op.customer = random_.percent(75) ? 1 : 2;
            op.support_case = random_.between(1, 3);
        } while (!fits(op) && random_.percent(95));
        fill(op);
        note(op);
        return op;
    }

    [[nodiscard]] bool fits(const Op& op) {
        const Guess is = cases_[{op.customer, op.support_case}];
        switch (op.kind) {
            case Kind::open: return is == Guess::none;
            case Kind::reactivate: return is == Guess::ended;
            case Kind::remove: return is != Guess::none;
            case Kind::set_default: return true;
            default: return is == Guess::open;
        }
    }
    void note(const Op& op) {
        if (!fits(op) || op.kind == Kind::set_default) return;
        const bool ends = op.kind == Kind::resolve || op.kind == Kind::cancel;
        Guess& is = cases_[{op.customer, op.support_case}];
        is = op.kind == Kind::remove ? Guess::none : ends ? Guess::ended : Guess::open;
    }

    void fill(Op& op) {
        const int some_level = random_.percent(5) ? 4 : random_.between(0, 3);
        switch (op.kind) {
            case Kind::open:
                op.entitlement = random_.between(0, 2);
                op.origin = random_.between(0, 2);
                op.contact = random_.between(0, 2);
                op.decrement = random_.percent(80);
                op.priority = random_.between(0, 2);
                op.stage = random_.percent(70) ? 0 : random_.between(1, 2);
                op.level = random_.percent(70) ? 0 : some_level;
                break;
            case Kind::level:
            case Kind::set_default: op.level = some_level; break;
            case Kind::stage: op.stage = random_.between(0, 3); break;
            case Kind::priority: op.priority = random_.between(0, 2); break;
            case Kind::meet: op.kpi = random_.between(0, 3); break;
            case Kind::reactivate: op.origin = random_.percent(50) ? 0 : random_.between(1, 2); break;
            case Kind::origin: op.origin = random_.between(0, 2); break;
            case Kind::contact: op.contact = random_.between(0, 2); break;
            case Kind::entitlement: op.entitlement = random_.between(1, 2); break;
            case Kind::decrement: op.decrement = random_.percent(50); break;
            default: break;
        }
    }

    enum class Guess { none, open, ended };

    Random random_;
    std::map<std::pair<int, int>, Guess> cases_;
    Minute now_ = 7 * 60;
    int requests_ = 0;
    std::vector<Op> sent_;
};

}  // namespace

Trial trial_of(Random random, int length) {
    Choice choice{std::move(random)};
    Trial out{0, choice.rules(), {}};
    for (int i = 0; i < length; ++i) out.steps.push_back(choice.step());
    return out;
}

Trial trial_of(std::uint64_t seed, int length) {
    Trial out = trial_of(Random{seed * 0x9E37'79B9'7F4A'7C15 + 1}, length);
    out.seed = seed;
    return out;
}

}  // namespace entitle_property::service
