#include "host/session.hpp"

#include <chrono>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "host/desk_policy.hpp"
#include "row_check.hpp"
#include "store_place.hpp"
#include "text.hpp"

namespace program {

namespace {

[[nodiscard]] Or<std::string> place_of(const Common& common) {
    if (!common.store.empty()) return common.store;
    const char* const named = std::getenv("ENTITLE_STORE");
    if (named != nullptr && *named != '\0') return std::string{named};
    return misused("no desk is named; say --store FILE, or set ENTITLE_STORE");
}

/// What was asked for, empty where nothing was; `ENTITLE_AT` is for scripts that tell a story of another day.
[[nodiscard]] std::string moment_of(const Common& common) {
    const char* const named = std::getenv("ENTITLE_AT");
    return common.at.empty() && named != nullptr ? std::string{named} : common.at;
}

[[nodiscard]] Or<entitle::Policy> kept_policy(Database& database) {
    auto rows = database.run("select value from desk_meta where name = 'policy'");
    if (!rows) return passed_on(rows);
    if (rows->empty()) return fail(ExitStatus::storage, "not_a_desk", "the desk does not say its policy");
    return policy_in((*rows)[0][0]);
}

[[nodiscard]] Done make_tables(Database& database, const entitle::Policy& policy) {
    for (const char* const sql :
         {"create table desk_meta (name text primary key, value text not null)",
          "create table desk_refusals (at text not null, command text not null, code text not null, "
          "reason text not null)"}) {
        if (auto made = database.run(sql); !made) return passed_on(made);
    }
    auto kept = database.run("insert into desk_meta (name, value) values ('policy', $1)", {text_of(policy)});
    if (!kept) return passed_on(kept);
    return {};
}

}  // namespace

Or<entitle::Instant> instant_of(const std::string& at) {
    if (at.empty()) return date::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    if (const auto instant = parse_at(at)) return *instant;
    return misused(fmt::format("\"{}\" is no instant; write one as 2014-07-01T09:00:00Z", printable(at)));
}

Or<std::unique_ptr<Session>> Session::open(const Common& common, Use use) {
    const auto place = place_of(common);
    if (!place) return passed_on(place);
    const std::string moment = moment_of(common);
    const auto now = instant_of(moment);
    if (!now) return passed_on(now);
    auto database = Database::open(*place, use);
    if (!database) return passed_on(database);
    if (auto begun = (*database)->begin(use); !begun) return passed_on(begun);
    const auto is_desk = (*database)->has_table("desk_meta");
    if (!is_desk) return passed_on(is_desk);
    if (!*is_desk) {
        return fail(ExitStatus::storage, "not_a_desk",
                    fmt::format("{} is no desk of this program; `entitle init` makes one",
                                is_database(*place) ? "the database" : escaped(*place)));
    }
    const auto policy = kept_policy(**database);
    if (!policy) return passed_on(policy);
    std::unique_ptr<Session> session{new Session{std::move(*database), *now, !moment.empty()}};
    if (auto attached = session->attach(*policy); !attached) return passed_on(attached);
    if (use == Use::write) {
        if (auto named = session->name_who(common); !named) return passed_on(named);
    }
    return session;
}

Or<std::unique_ptr<Session>> Session::make(const Common& common, const entitle::Policy& policy) {
    const auto place = place_of(common);
    if (!place) return passed_on(place);
    const std::string moment = moment_of(common);
    const auto now = instant_of(moment);
    if (!now) return passed_on(now);
    auto database = Database::open(*place, Use::make);
    if (!database) return passed_on(database);
    if (auto begun = (*database)->begin(Use::make); !begun) return passed_on(begun);
    const auto is_desk = (*database)->has_table("desk_meta");
    if (!is_desk) return passed_on(is_desk);
    if (*is_desk) {
        return fail(ExitStatus::refused, "desk_exists",
                    fmt::format("{} is a desk already, and is not made anew",
                                is_database(*place) ? "the database" : escaped(*place)));
    }
    const auto is_vacant = (*database)->is_vacant();
    if (!is_vacant) return passed_on(is_vacant);
    if (!*is_vacant) {
        return fail(ExitStatus::storage, "not_a_desk",
                    fmt::format("{} is a database of something else; give a new file", escaped(*place)));
    }
    std::unique_ptr<Session> session{new Session{std::move(*database), *now, !moment.empty()}};
    if (auto made = make_tables(session->database(), policy); !made) return passed_on(made);
    if (auto made = session->keys_.create(); !made) return passed_on(made);
    if (auto attached = session->attach(policy); !attached) return passed_on(attached);
    return session;
}

Done Session::attach(const entitle::Policy& policy) {
    auto store = database_->attach();
    if (!store) return passed_on(store);
    store_ = std::move(*store);
    engine_.emplace(*store_, entitle::Engine::Options{.policy = policy});
    return {};
}

Done Session::name_who(const Common& common) {
    request_ = common.request;
    if (auto begun = keys_.begin(request_); !begun) return begun;
    if (common.actor.empty()) return {};
    const auto actor = keys_.get_or_make<entitle::ActorId>(common.actor);
    if (!actor) return passed_on(actor);
    actor_ = *actor;
    return {};
}

entitle::RequestId Session::next_request() {
    if (request_.empty()) return {};
    return entitle::RequestId::from_name(fmt::format("{}\n{}", ++commands_, request_));
}

Done Session::adopt(const entitle::Policy& policy) {
    auto kept = database_->run("update desk_meta set value = $1 where name = 'policy'", {text_of(policy)});
    if (!kept) return passed_on(kept);
    engine_.emplace(*store_, entitle::Engine::Options{.policy = policy});
    const auto adopted = engine_->adopt_policy();
    return adopted ? Done{} : passed_on(adopted);
}

Done Session::commit_and_go_on() {
    if (auto done = commit(); !done) return done;
    return database_->begin(Use::write);
}

Done Session::note(const std::string& command, const Refusal& refusal) {
    const auto noted = database_->run(
        "insert into desk_refusals (at, command, code, reason) values ($1, $2, $3, $4)",
        {fmt::format("{}", entitle::as_utc(refusal.at)), command, refusal.code, refusal.reason});
    return noted ? Done{} : passed_on(noted);
}

Done Session::note_refusal(const Common& common, const std::string& command, const Failure& failure) {
    const auto session = open({common.store, common.at, {}, {}, false}, Use::write);
    if (!session) return passed_on(session);
    const auto noted = (*session)->note(command, {(*session)->now(), failure.code, failure.reason});
    return noted ? (*session)->commit() : noted;
}

}  // namespace program
