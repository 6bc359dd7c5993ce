#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Section 11 as a person would reckon it: a promise is a list of what happened to it, and what it is at an instant is
/// found by walking there from its start, minute by minute. It knows nothing of the engine, and admission never refuses.
/// Priorities, stages, origins and contacts are numbers, 0 being none.
namespace service_model {

/// Since the first instant of the walk.
using Minute = int;
inline constexpr Minute never = 1'000'000'000;
inline constexpr Minute none_yet = -never;
/// No walk goes further: what has not come by then never comes.
inline constexpr Minute horizon = 42 * 24 * 60;

enum class Goal { first_response, resolution, own };
enum class Status { in_progress, paused, nearing, missed, succeeded, canceled };
enum class Ending { none, met, canceled };

/// The open minutes of a calendar, from the first up to the one before the last.
struct Open {
    Minute from = 0;
    Minute to = 0;
};

/// A promise of a service level. Its name is its place there, from 0.
struct Terms {
    Goal goal = Goal::resolution;
    std::optional<int> warn{};
    int fail = 0;
    int calendar = 0;
    std::vector<int> priorities{};
    std::vector<int> origins{};
    std::vector<int> contacts{};
    std::vector<int> pausing{};
};

struct Rules {
    std::vector<std::vector<Open>> calendars;
    std::vector<std::vector<Terms>> levels;  ///< the first is level 1; a level that is not here is not kept
    std::vector<int> entitlements;           ///< the level of entitlement 1, and so on; 0: none was agreed
};

enum class Kind {
    open,
    respond,
    stage,
    priority,
    level,
    meet,
    resolve,
    cancel,
    reactivate,
    origin,
    contact,
    entitlement,
    decrement,
    remove,
    set_default,
};

/// A command. What it does not ask for is left as it is here.
struct Op {
    Kind kind = Kind::open;
    Minute now = 0;
    int customer = 1;
    int support_case = 1;
    int entitlement = 0;  ///< 0, of an opening: the first
    int origin = 0;
    int contact = 0;
    bool decrement = true;
    int priority = 0;
    int stage = 0;
    int level = 0;
    int kpi = 0;
    int request = 0;
};

struct Deadline {
    Minute warn_at = never;
    Minute fail_at = never;
};

/// `ok`, `repeated`, or the name of an error; and the soonest deadlines of the case's running promises.
struct Answer {
    std::string outcome;
    Deadline respond_by{};
    Deadline resolve_by{};
};

enum class Happening { pauses, resumes, met, canceled };
struct Event {
    Minute at = 0;
    Happening what = Happening::pauses;
};

/// A promise to a case.
struct Promise {
    int level = 0;
    int kpi = 0;
    int opening = 0;
    Minute started = 0;
    std::vector<Event> events{};
};

/// Where a walk has come to.
struct Walked {
    int elapsed = 0;
    int paused = 0;
    bool stands = false;
    Ending end = Ending::none;
    Minute ended = never;
    Minute warned_at = never;
    Minute missed_at = never;

    [[nodiscard]] bool is_running() const { return end == Ending::none && !stands; }
};

/// A promise as it is at an instant.
struct Told {
    int level = 0;
    int kpi = 0;
    Minute started = 0;
    Status status = Status::in_progress;
    Deadline deadline{};
    Ending end = Ending::none;
    Minute ended = never;
    int elapsed = 0;
    int paused = 0;
};

/// A promise of a case that is due, or what time brings to one.
struct Coming {
    Minute at = 0;
    int customer = 0;
    int support_case = 0;
    int entitlement = 0;
    int level = 0;
    int kpi = 0;
    bool is_missed = true;

    friend auto operator<=>(const Coming&, const Coming&) = default;
};

enum class State { open, resolved, canceled };

struct Case {
    Op opened{};
    State state = State::open;
    int entitlement = 0;
    int origin = 0;
    int contact = 0;
    bool decrement = true;
    int priority = 0;
    int stage = 0;
    int own = 0;
    int level = 0;
    bool is_responded = false;
    int opening = 0;
    Minute latest = none_yet;  ///< the last instant at which something happened to its promises
    std::vector<Promise> promises{};
};

class Model {
public:
    explicit Model(Rules rules);

    Answer apply(const Op& op);

    [[nodiscard]] const Case* find(int customer, int support_case) const;
    [[nodiscard]] std::vector<Told> promises(const Case& of, Minute at) const;
    /// Sorted.
    [[nodiscard]] std::vector<Coming> due(Minute until, int customer) const;
    /// Sorted.
    [[nodiscard]] std::vector<Coming> changes_between(Minute after, Minute until, int customer) const;
    /// Instants at which something comes to its promises, or has come.
    [[nodiscard]] std::vector<Minute> moments() const;

private:
    using Key = std::pair<int, int>;

    [[nodiscard]] Walked walked(const Promise& promise, Minute until, bool past_its_end = true) const;
    [[nodiscard]] Deadline deadline(Promise promise) const;
    [[nodiscard]] Walked as_known(const Promise& promise) const;
    [[nodiscard]] Deadline soonest(const Case& of, Goal goal) const;
    [[nodiscard]] Answer answer(const std::string& outcome, const Op& op) const;
    [[nodiscard]] const Terms* terms(int level, int kpi) const;
    [[nodiscard]] bool is_kept(int level) const;
    [[nodiscard]] bool is_promised(const Case& of, const Terms& terms) const;
    [[nodiscard]] bool is_needless(const Case& of, int kpi) const;

    std::string judged(const Op& op);
    std::string open(const Op& op);
    std::string reactivate(Case& of, const Op& op);
    std::string meet(Case& of, const Op& op);
    std::string end(Case& of, const Op& op);
    std::string respond(Case& of, const Op& op);
    std::string choose_own(Case& of, const Op& op);
    /// Sets one of a case's facts.
    template <class Fact>
    std::string change(Case& of, Fact& fact, Fact to, Minute now);

    void choose(Case& of) const;
    void follow(Case& of, Minute now) const;
    void start_missing(Case& of, Minute now) const;
    /// When something happens to a case's promises.
    [[nodiscard]] static Minute instant(const Case& of, Minute now);
    static void note(Case& of, Minute at);

    Rules rules_;
    std::vector<std::vector<char>> open_;  ///< each calendar's, by the minute
    int default_ = 0;
    std::map<Key, Case> cases_;
    std::map<Key, Op> requests_;  ///< what was done under them
};

}  // namespace service_model
