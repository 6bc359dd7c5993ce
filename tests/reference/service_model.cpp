#include "reference/service_model.hpp"

#include <algorithm>
#include <cstddef>

namespace service_model {

namespace {

bool is_listed(const std::vector<int>& list, int fact) {
    return list.empty() || (fact != 0 && std::find(list.begin(), list.end(), fact) != list.end());
}

bool is_pausing(const Terms& terms, int stage) {
    return stage != 0 && std::find(terms.pausing.begin(), terms.pausing.end(), stage) != terms.pausing.end();
}

/// What is to be said at a minute, before anything happens in it.
void look(Walked& is, const Terms& terms, Minute at) {
    if (!is.is_running()) return;
    if (is.missed_at == never && is.elapsed >= terms.fail) is.missed_at = at;
    if (is.warned_at == never && terms.warn && is.elapsed >= *terms.warn) is.warned_at = at;
}

void happen(Walked& is, const Event& event) {
    if (is.end != Ending::none) return;
    switch (event.what) {
        case Happening::pauses: is.stands = is.missed_at == never; break;  // what is missed stays missed
        case Happening::resumes: is.stands = false; break;
        case Happening::met:
            is.end = Ending::met;
            is.ended = event.at;
            break;
        case Happening::canceled:
            is.end = Ending::canceled;
            is.ended = event.at;
            break;
    }
}

Status status_at(const Walked& is, Minute at) {
    if (is.missed_at <= at) return Status::missed;
    if (is.end == Ending::met) return Status::succeeded;
    if (is.end == Ending::canceled) return Status::canceled;
    if (is.stands) return Status::paused;
    return is.warned_at <= at ? Status::nearing : Status::in_progress;
}

Minute last_event(const Promise& promise) {
    return promise.events.empty() ? promise.started : promise.events.back().at;
}

bool is_same_opening(const Op& a, const Op& b) {
    return a.entitlement == b.entitlement && a.origin == b.origin && a.contact == b.contact &&
           a.decrement == b.decrement;
}

/// Whether two commands ask the same, whenever they do.
bool is_same_command(const Op& a, const Op& b) {
    return a.kind == b.kind && a.support_case == b.support_case && is_same_opening(a, b) &&
           a.priority == b.priority && a.stage == b.stage && a.level == b.level && a.kpi == b.kpi;
}

}  // namespace

Model::Model(Rules rules) : rules_{std::move(rules)} {
    for (const auto& calendar : rules_.calendars) {
        std::vector<char>& minutes = open_.emplace_back(static_cast<std::size_t>(horizon), 0);
        for (const Open& each : calendar) {
            for (Minute at = each.from; at < std::min(each.to, horizon); ++at) {
                minutes[static_cast<std::size_t>(at)] = 1;
            }
        }
    }
}

bool Model::is_kept(int level) const { return level >= 1 && level <= static_cast<int>(rules_.levels.size()); }

const Terms* Model::terms(int level, int kpi) const {
    if (!is_kept(level)) return nullptr;
    const auto& of = rules_.levels[static_cast<std::size_t>(level) - 1];
    return kpi >= 0 && kpi < static_cast<int>(of.size()) ? &of[static_cast<std::size_t>(kpi)] : nullptr;
}

const Case* Model::find(int customer, int support_case) const {
    const auto found = cases_.find({customer, support_case});
    return found == cases_.end() ? nullptr : &found->second;
}

// Walks.

/// Up to an instant; or until it is missed, where what comes after that does not matter.
Walked Model::walked(const Promise& promise, Minute until, bool past_its_end) const {
    const Terms& of = *terms(promise.level, promise.kpi);
    const std::vector<char>& open = open_[static_cast<std::size_t>(of.calendar)];
    Walked is;
    std::size_t next = 0;
    for (Minute at = promise.started; at <= until; ++at) {
        look(is, of, at);
        while (next < promise.events.size() && promise.events[next].at == at) {
            happen(is, promise.events[next++]);
        }
        if (is.end != Ending::none || (is.missed_at != never && !past_its_end)) break;
        const bool counts = at < until && at < horizon && open[static_cast<std::size_t>(at)] != 0;
        if (counts) ++(is.stands ? is.paused : is.elapsed);
        if (at >= horizon) break;
    }
    return is;
}

/// Until when it is promised: a pause counts once it is over, an end does not matter.
Deadline Model::deadline(Promise promise) const {
    while (!promise.events.empty() && promise.events.back().what != Happening::resumes) {
        promise.events.pop_back();
    }
    const Walked is = walked(promise, horizon, false);
    return {is.warned_at, is.missed_at};
}

/// … after everything that has happened to it.
Walked Model::as_known(const Promise& promise) const { return walked(promise, last_event(promise)); }

std::vector<Told> Model::promises(const Case& of, Minute at) const {
    std::vector<Told> out;
    for (const Promise& promise : of.promises) {
        const Walked is = walked(promise, at);
        const Walked known = walked(promise, std::max(at, last_event(promise)));
        out.push_back({promise.level, promise.kpi, promise.started, status_at(known, at), deadline(promise),
                       known.end, known.ended, is.elapsed, is.paused});
    }
    return out;
}

Deadline Model::soonest(const Case& of, Goal goal) const {
    Deadline out;
    for (const Promise& promise : of.promises) {
        if (terms(promise.level, promise.kpi)->goal != goal || !as_known(promise).is_running()) continue;
        const Deadline one = deadline(promise);
        if (one.fail_at < out.fail_at) out = one;
    }
    return out;
}

std::vector<Coming> Model::due(Minute until, int customer) const {
    std::vector<Coming> out;
    for (const auto& [key, of] : cases_) {
        if (customer != 0 && key.first != customer) continue;
        for (const Promise& promise : of.promises) {
            const Minute fail_at = deadline(promise).fail_at;
            if (fail_at > until || !as_known(promise).is_running()) continue;
            out.push_back({fail_at, key.first, key.second, of.entitlement, promise.level, promise.kpi, true});
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<Coming> Model::changes_between(Minute after, Minute until, int customer) const {
    std::vector<Coming> out;
    for (const auto& [key, of] : cases_) {
        if (customer != 0 && key.first != customer) continue;
        for (const Promise& promise : of.promises) {
            const Walked is = walked(promise, until);
            const auto add = [&, at_key = key, entitlement = of.entitlement](Minute at, bool is_missed) {
                if (at <= after || at > until) return;
                out.push_back(
                    {at, at_key.first, at_key.second, entitlement, promise.level, promise.kpi, is_missed});
            };
            if (is.warned_at != is.missed_at) add(is.warned_at, false);
            add(is.missed_at, true);
        }
    }
    std::sort(out.begin(), out.end());
    return out;
}

std::vector<Minute> Model::moments() const {
    std::vector<Minute> out;
    for (const auto& [key, of] : cases_) {
        for (const Promise& promise : of.promises) {
            const Deadline until = deadline(promise);
            out.insert(out.end(), {promise.started, until.warn_at, until.fail_at, last_event(promise)});
        }
    }
    std::erase(out, never);
    return out;
}

// Commands.

Answer Model::answer(const std::string& outcome, const Op& op) const {
    const Case* of = find(op.customer, op.support_case);
    if (of == nullptr) return {outcome};
    return {outcome, soonest(*of, Goal::first_response), soonest(*of, Goal::resolution)};
}

Answer Model::apply(const Op& op) {
    if (op.kind == Kind::set_default) {
        if (op.level != 0 && !is_kept(op.level)) return {"unknown_service_level"};
        default_ = op.level;
        return {"ok"};
    }
    const Key key{op.customer, op.request};
    if (op.request != 0 && requests_.count(key) != 0) {
        const bool is_same = is_same_command(requests_[key], op);
        return answer(is_same ? "repeated" : "request_id_reused", op);
    }
    const std::string outcome = judged(op);
    const bool is_done = outcome == "ok" || outcome == "repeated";
    if (is_done && op.request != 0) requests_[key] = op;
    return answer(outcome, op);
}

std::string Model::judged(const Op& op) {
    if (op.kind == Kind::open) return open(op);
    const auto found = cases_.find({op.customer, op.support_case});
    if (found == cases_.end()) return "unknown_case";
    Case& of = found->second;
    if (op.kind == Kind::remove) {
        cases_.erase(found);
        return "ok";
    }
    if ((op.kind == Kind::reactivate) == (of.state == State::open)) return "case_state";
    switch (op.kind) {
        case Kind::respond: return respond(of, op);
        case Kind::stage: return change(of, of.stage, op.stage, op.now);
        case Kind::priority: return change(of, of.priority, op.priority, op.now);
        case Kind::origin: return change(of, of.origin, op.origin, op.now);
        case Kind::contact: return change(of, of.contact, op.contact, op.now);
        case Kind::level:
        case Kind::entitlement: return choose_own(of, op);
        case Kind::meet: return meet(of, op);
        case Kind::reactivate: return reactivate(of, op);
        case Kind::decrement:  // nothing that promises ask about
            if (of.decrement == op.decrement) return "repeated";
            of.decrement = op.decrement;
            return "ok";
        default: return end(of, op);
    }
}

std::string Model::open(const Op& op) {
    if (const Case* there = find(op.customer, op.support_case)) {
        return is_same_opening(there->opened, op) ? "repeated" : "case_exists";
    }
    if (op.level != 0 && !is_kept(op.level)) return "unknown_service_level";
    Case of;
    of.opened = op;
    of.entitlement = op.entitlement == 0 ? 1 : op.entitlement;
    of.origin = op.origin;
    of.contact = op.contact;
    of.decrement = op.decrement;
    of.priority = op.priority;
    of.stage = op.stage;
    of.own = op.level;
    choose(of);
    follow(of, op.now);
    cases_[{op.customer, op.support_case}] = of;
    return "ok";
}

std::string Model::reactivate(Case& of, const Op& op) {
    of.state = State::open;
    if (op.origin != 0) of.origin = op.origin;
    of.stage = 0;
    of.is_responded = false;
    ++of.opening;
    choose(of);
    follow(of, op.now);
    return "ok";
}

std::string Model::meet(Case& of, const Op& op) {
    const Terms* named = terms(of.level, op.kpi);
    if (named == nullptr) return "unknown_kpi";
    if (named->goal != Goal::own) return "kpi_not_own";
    const Minute at = instant(of, op.now);
    for (Promise& promise : of.promises) {
        const bool is_it = promise.level == of.level && promise.kpi == op.kpi;
        if (!is_it || as_known(promise).end != Ending::none) continue;
        promise.events.push_back({at, Happening::met});
        note(of, at);
        return "ok";
    }
    return "kpi_not_open";
}

/// A resolution meets what it answers; nothing else is waited for, nor is anything after a cancellation.
std::string Model::end(Case& of, const Op& op) {
    const bool is_resolved = op.kind == Kind::resolve;
    of.state = is_resolved ? State::resolved : State::canceled;
    const Minute at = instant(of, op.now);
    for (Promise& promise : of.promises) {
        if (as_known(promise).end != Ending::none) continue;
        const bool is_met = is_resolved && terms(promise.level, promise.kpi)->goal != Goal::own;
        promise.events.push_back({at, is_met ? Happening::met : Happening::canceled});
    }
    note(of, at);
    return "ok";
}

std::string Model::respond(Case& of, const Op& op) {
    if (of.is_responded) return "repeated";
    of.is_responded = true;
    const Minute at = instant(of, op.now);
    for (Promise& promise : of.promises) {
        const bool is_it = terms(promise.level, promise.kpi)->goal == Goal::first_response;
        if (is_it && as_known(promise).end == Ending::none) promise.events.push_back({at, Happening::met});
    }
    note(of, at);
    return "ok";
}

/// A service level of its own, or another entitlement, which may bring one.
std::string Model::choose_own(Case& of, const Op& op) {
    const bool is_level = op.kind == Kind::level;
    if (is_level ? of.own == op.level : of.entitlement == op.entitlement) return "repeated";
    if (is_level && op.level != 0 && !is_kept(op.level)) return "unknown_service_level";
    (is_level ? of.own : of.entitlement) = is_level ? op.level : op.entitlement;
    choose(of);
    follow(of, op.now);
    return "ok";
}

template <class Fact>
std::string Model::change(Case& of, Fact& fact, Fact to, Minute now) {
    if (fact == to) return "repeated";
    fact = to;
    follow(of, now);
    return "ok";
}

// What commands do to promises.

void Model::choose(Case& of) const {
    int level = of.own;
    if (level == 0) level = rules_.entitlements[static_cast<std::size_t>(of.entitlement) - 1];
    if (level == 0) level = default_;
    of.level = is_kept(level) ? level : 0;
}

bool Model::is_promised(const Case& of, const Terms& terms) const {
    return is_listed(terms.priorities, of.priority) && is_listed(terms.origins, of.origin) &&
           is_listed(terms.contacts, of.contact);
}

/// Since the case was last opened, it waits, was met, or was missed.
bool Model::is_needless(const Case& of, int kpi) const {
    for (const Promise& promise : of.promises) {
        if (promise.level != of.level || promise.kpi != kpi || promise.opening != of.opening) continue;
        const Walked known = as_known(promise);
        if (known.end != Ending::canceled || known.missed_at != never) return true;
    }
    return false;
}

void Model::follow(Case& of, Minute now) const {
    const Minute at = instant(of, now);
    for (Promise& promise : of.promises) {
        if (as_known(promise).end != Ending::none) continue;
        const Terms& is = *terms(promise.level, promise.kpi);
        const bool stays = promise.level == of.level && promise.opening == of.opening && is_promised(of, is);
        const Happening what = !stays                     ? Happening::canceled
                               : is_pausing(is, of.stage) ? Happening::pauses
                                                          : Happening::resumes;
        promise.events.push_back({at, what});
    }
    start_missing(of, at);
    note(of, at);
}

void Model::start_missing(Case& of, Minute at) const {
    for (int kpi = 0; terms(of.level, kpi) != nullptr; ++kpi) {
        const Terms& is = *terms(of.level, kpi);
        const bool is_given = is.goal == Goal::first_response && of.is_responded;
        if (is_given || !is_promised(of, is) || is_needless(of, kpi)) continue;
        Promise& made = of.promises.emplace_back(Promise{of.level, kpi, of.opening, at, {}});
        if (is_pausing(is, of.stage)) made.events.push_back({at, Happening::pauses});
    }
}

Minute Model::instant(const Case& of, Minute now) { return std::max(now, of.latest); }

void Model::note(Case& of, Minute at) {
    if (!of.promises.empty()) of.latest = at;
}

}  // namespace service_model
