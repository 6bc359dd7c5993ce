#include "host/keys.hpp"

#include <algorithm>
#include <array>

#include <entitle/value/text.hpp>
#include <fmt/format.h>

#include "text.hpp"

namespace program {

namespace {

constexpr std::array<std::string_view, 12> kind_names{
    "customer",  "entitlement", "case",     "contact", "product",  "asset",
    "case_type", "template",    "purchase", "actor",   "calendar", "service_level"};

/// What lists those that there are; empty: nothing does.
[[nodiscard]] std::string_view list_of(KeyKind kind) {
    switch (kind) {
        case KeyKind::customer: return "customer list";
        case KeyKind::entitlement: return "entitlement list";
        case KeyKind::support_case: return "case list";
        case KeyKind::made_from: return "template list";
        case KeyKind::calendar:
        case KeyKind::service_level: return "sla list";
        default: return {};
    }
}

/// As it is said: `case type`.
[[nodiscard]] std::string spoken(KeyKind kind) {
    std::string words{name_of(kind)};
    std::replace(words.begin(), words.end(), '_', ' ');
    return words;
}

[[nodiscard]] std::string stored(KeyKind kind) { return std::string{name_of(kind)}; }

constexpr const char* make_requests =
    "create table desk_requests (request text not null, kind text not null, key text not null, "
    "id text not null, owner text not null, primary key (request, kind, key))";

}  // namespace

std::string_view name_of(KeyKind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

/// The counters give ids, and the order of making: none comes twice, also where a key was dropped.
Done Keys::create() {
    for (const char* const sql :
         {"create table desk_keys (kind text not null, key text not null, id text not null, "
          "owner text not null, made bigint not null, live bigint not null default 1, primary key (kind, "
          "id))",
          "create unique index desk_keys_live on desk_keys (kind, key) where live = 1",
          "create table desk_counters (kind text primary key, last bigint not null)", make_requests}) {
        if (auto made = database_.run(sql); !made) return passed_on(made);
    }
    for (const std::string_view kind : kind_names) {
        auto made =
            database_.run("insert into desk_counters (kind, last) values ($1, 0)", {std::string{kind}});
        if (!made) return passed_on(made);
    }
    return {};
}

Done Keys::begin(const std::string& request) {
    request_ = request;
    if (request_.empty()) return {};
    const auto is_there = database_.has_table("desk_requests");  // not where an older program made the desk
    if (!is_there) return passed_on(is_there);
    if (*is_there) return {};
    const auto made = database_.run(make_requests);
    return made ? Done{} : passed_on(made);
}

Or<Keys::Found> Keys::recall(KeyKind kind, std::string_view key) {
    if (request_.empty()) return std::nullopt;
    auto rows =
        database_.run("select id, owner from desk_requests where request = $1 and kind = $2 and key = $3",
                      {request_, stored(kind), std::string{key}});
    if (!rows) return passed_on(rows);
    if (rows->empty()) return std::nullopt;
    return std::optional{std::pair{(*rows)[0][0], (*rows)[0][1]}};
}

Done Keys::remember(KeyKind kind, std::string_view key, const std::string& id, const std::string& owner) {
    if (request_.empty()) return {};
    const auto kept = database_.run(
        "insert into desk_requests (request, kind, key, id, owner) values ($1, $2, $3, $4, $5) "
        "on conflict do nothing",
        {request_, stored(kind), std::string{key}, id, owner});
    return kept ? Done{} : passed_on(kept);
}

Or<Keys::Found> Keys::find(KeyKind kind, std::string_view key) {
    auto then = recall(kind, key);
    if (!then || *then) return then;
    auto found = find_live(kind, key);
    if (!found || !*found) return found;
    if (auto kept = remember(kind, key, (*found)->first, (*found)->second); !kept) return passed_on(kept);
    return found;
}

Or<Keys::Found> Keys::find_live(KeyKind kind, std::string_view key) {
    auto rows = database_.run("select id, owner from desk_keys where kind = $1 and key = $2 and live = 1",
                              {stored(kind), std::string{key}});
    if (!rows) return passed_on(rows);
    if (rows->empty()) return std::nullopt;
    return std::optional{std::pair{(*rows)[0][0], (*rows)[0][1]}};
}

Failure Keys::unknown(KeyKind kind, std::string_view key) {
    const std::string_view list = list_of(kind);
    return {ExitStatus::refused, fmt::format("unknown_{}", name_of(kind)),
            fmt::format("there is no {} \"{}\" (unknown_{}){}", spoken(kind), printable(key), name_of(kind),
                        list.empty() ? "" : fmt::format("; `entitle {}` shows those there are", list))};
}

Or<std::string> Keys::next(KeyKind kind) {
    // a desk that an older program made has no counter of a sort that this one knew nothing of
    auto counted = database_.run(
        "insert into desk_counters (kind, last) values ($1, 1) on conflict (kind) do update set last = "
        "desk_counters.last + 1 returning last",
        {stored(kind)});
    if (!counted) return passed_on(counted);
    return std::move((*counted)[0][0]);
}

Or<std::uint64_t> Keys::make(KeyKind kind, std::string_view key, const std::string& owner) {
    const auto then = recall(kind, key);
    if (!then) return passed_on(then);
    if (*then && (*then)->second == owner) return std::stoull((*then)->first);
    const auto id = next(kind);
    if (!id) return passed_on(id);
    if (auto kept = keep(kind, key, {*id, owner, *id}); !kept) return passed_on(kept);
    if (auto kept = remember(kind, key, *id, owner); !kept) return passed_on(kept);
    return std::stoull(*id);
}

Done Keys::name(KeyKind kind, std::string_view key, const std::string& id, const std::string& owner) {
    const auto made = next(kind);
    return made ? keep(kind, key, {id, owner, *made}) : passed_on(made);
}

Done Keys::keep(KeyKind kind, std::string_view key, const DatabaseRow& values) {
    const std::size_t length = entitle::code_points(key).value_or(0);
    if (length < 1 || length > max_key || key.find('\0') != std::string_view::npos) {
        return misused(fmt::format("\"{}\" is no key of {}: it has 1 to {} characters of UTF-8",
                                   printable(key), name_of(kind), max_key));
    }
    auto kept = database_.run(
        "insert into desk_keys (kind, key, id, owner, made) "
        "values ($1, $2, $3, $4, $5) on conflict do nothing returning id",
        {stored(kind), std::string{key}, values[0], values[1], values[2]});
    if (!kept) return passed_on(kept);
    if (!kept->empty()) {
        read_[{kind, values[0]}] = key;
        return {};
    }
    return fail(ExitStatus::refused, "key_taken",
                fmt::format("there is {} {} \"{}\" already (key_taken); choose another key",
                            kind == KeyKind::entitlement || kind == KeyKind::asset ? "an" : "a", spoken(kind),
                            printable(key)));
}

Done Keys::drop(KeyKind kind, const std::string& id) {
    const auto dropped =
        database_.run("update desk_keys set live = 0 where kind = $1 and id = $2", {stored(kind), id});
    return dropped ? Done{} : passed_on(dropped);
}

Or<std::vector<DatabaseRow>> Keys::list(KeyKind kind) {
    auto rows = database_.run("select key, id from desk_keys where kind = $1 and live = 1 order by made",
                              {stored(kind)});
    if (!rows) return passed_on(rows);
    for (const DatabaseRow& row : *rows) read_[{kind, row[1]}] = row[0];
    return rows;
}

std::string Keys::key_of(KeyKind kind, const std::string& id) {
    const auto known = read_.find({kind, id});
    if (known != read_.end()) return known->second;
    const auto rows =
        database_.run("select key from desk_keys where kind = $1 and id = $2", {stored(kind), id});
    std::string key = rows && !rows->empty() ? (*rows)[0][0] : id;
    read_[{kind, id}] = key;
    return key;
}

Or<std::string> Keys::free_entitlement(std::string_view from) {
    if (!request_.empty()) {
        auto then =
            database_.run("select key from desk_requests where request = $1 and kind = $2 and key <> $3",
                          {request_, stored(KeyKind::entitlement), std::string{from}});
        if (!then) return passed_on(then);
        if (!then->empty()) return std::move((*then)[0][0]);
    }
    for (std::uint64_t n = 2;; ++n) {
        std::string key = fmt::format("{}/{}", from, n);
        const auto taken = find_live(KeyKind::entitlement, key);
        if (!taken) return passed_on(taken);
        if (!*taken) return key;
    }
}

}  // namespace program
