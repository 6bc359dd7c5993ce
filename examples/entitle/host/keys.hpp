#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <entitle/value/id.hpp>
#include <fmt/format.h>

#include "host/database.hpp"

namespace program {

/// What has a key. Each sort has keys of its own.
enum class KeyKind : std::uint8_t {
    customer,
    entitlement,
    support_case,
    contact,
    product,
    asset,
    case_type,
    made_from,  ///< a template
    purchase,
    actor,
    calendar,
    service_level
};

/// `customer`, `case` …: in the desk's table, and to people.
[[nodiscard]] std::string_view name_of(KeyKind kind);

namespace detail {

template <class Id>
struct KindOf;
template <KeyKind kind>
struct IsKind {
    static constexpr KeyKind value = kind;
};
// clang-format off
template <> struct KindOf<entitle::CustomerId> : IsKind<KeyKind::customer> {};
template <> struct KindOf<entitle::EntitlementId> : IsKind<KeyKind::entitlement> {};
template <> struct KindOf<entitle::CaseId> : IsKind<KeyKind::support_case> {};
template <> struct KindOf<entitle::ContactId> : IsKind<KeyKind::contact> {};
template <> struct KindOf<entitle::ProductId> : IsKind<KeyKind::product> {};
template <> struct KindOf<entitle::AssetId> : IsKind<KeyKind::asset> {};
template <> struct KindOf<entitle::CaseTypeId> : IsKind<KeyKind::case_type> {};
template <> struct KindOf<entitle::TemplateId> : IsKind<KeyKind::made_from> {};
template <> struct KindOf<entitle::PurchaseId> : IsKind<KeyKind::purchase> {};
template <> struct KindOf<entitle::ActorId> : IsKind<KeyKind::actor> {};
template <> struct KindOf<entitle::CalendarId> : IsKind<KeyKind::calendar> {};
template <> struct KindOf<entitle::SlaId> : IsKind<KeyKind::service_level> {};
// clang-format on

}  // namespace detail

/// What the desk knows of a key.
template <class Id>
struct Known {
    Id id{};
    entitle::CustomerId owner{};  ///< of an entitlement, a case or a purchase
};

/// The text keys that people use, and the ids that the library has in their place: a table beside the library's
/// own (`desk_keys`), in the same transaction. A key is one thing, whoever its customer.
class Keys {
public:
    explicit Keys(Database& database) : database_{database} {}

    /// Makes the tables.
    [[nodiscard]] Done create();
    /// What follows is asked for under this request: where it was made before, each key is what it was then, though it has
    /// been dropped or given to another since. Whether it is a repeat is the library's to say.
    [[nodiscard]] Done begin(const std::string& request);

    template <class Id>
    [[nodiscard]] Or<std::optional<Known<Id>>> find(std::string_view key) {
        const auto row = find(detail::KindOf<Id>::value, key);
        if (!row) return passed_on(row);
        if (!*row) return std::optional<Known<Id>>{};
        return std::optional{Known<Id>{id_in<Id>((*row)->first), id_in<entitle::CustomerId>((*row)->second)}};
    }
    /// … or refused as `unknown_customer`, `unknown_case` …
    template <class Id>
    [[nodiscard]] Or<Known<Id>> get(std::string_view key) {
        const auto found = find<Id>(key);
        if (!found) return passed_on(found);
        if (!*found) return Failed{unknown(detail::KindOf<Id>::value, key)};
        return **found;
    }
    /// A new key, with the next id of its sort; that which the request made, where it is made again. `key_taken`,
    /// `bad_argument` where it cannot be one.
    template <class Id>
    [[nodiscard]] Or<Id> make(std::string_view key, entitle::CustomerId owner = {}) {
        const auto id = make(detail::KindOf<Id>::value, key, text_of(owner));
        if (!id) return passed_on(id);
        return Id::from_integer(*id);
    }
    /// A new key for what has an id already.
    template <class Id>
    [[nodiscard]] Done name(Id id, std::string_view key, entitle::CustomerId owner = {}) {
        return name(detail::KindOf<Id>::value, key, text_of(id), text_of(owner));
    }
    template <class Id>
    [[nodiscard]] Or<Id> get_or_make(std::string_view key) {
        auto found = find<Id>(key);
        if (!found) return passed_on(found);
        if (*found) return (*found)->id;
        auto made = make<Id>(key);
        if (made || made.error().code != "key_taken") return made;
        found = find<Id>(key);  // another session has made it meanwhile
        return found && *found ? Or<Id>{(*found)->id} : made;
    }
    /// Its key is free; the ledger's entries are still told by it.
    template <class Id>
    [[nodiscard]] Done drop(Id id) {
        return drop(detail::KindOf<Id>::value, text_of(id));
    }
    /// Every key of a sort, in the order in which they were made.
    template <class Id>
    [[nodiscard]] Or<std::vector<std::pair<std::string, Id>>> all() {
        const auto rows = list(detail::KindOf<Id>::value);
        if (!rows) return passed_on(rows);
        std::vector<std::pair<std::string, Id>> out;
        out.reserve(rows->size());
        for (const DatabaseRow& row : *rows) out.emplace_back(row[0], id_in<Id>(row[1]));
        return out;
    }

    /// What people call it; `-` for none, and the id's own text where it has no key any more.
    template <class Id>
    [[nodiscard]] std::string of(Id id) {
        return id ? key_of(detail::KindOf<Id>::value, text_of(id)) : "-";
    }
    /// … of an id as the ledger writes it.
    template <class Id>
    [[nodiscard]] std::string of_text(const std::string& id) {
        return id == "-" ? id : key_of(detail::KindOf<Id>::value, id);
    }
    /// `<from>/n`, the first n from 2 that is free; of a request that is made again, the key it made then.
    [[nodiscard]] Or<std::string> free_entitlement(std::string_view from);

private:
    template <class Id>
    [[nodiscard]] static std::string text_of(Id id) {
        return id ? fmt::format("{}", id) : std::string{};
    }
    template <class Id>
    [[nodiscard]] static Id id_in(const std::string& text) {
        if (const auto uuid = Id::parse(text)) return *uuid;
        return text.empty() ? Id{} : Id::from_integer(std::stoull(text));
    }
    using Found = std::optional<std::pair<std::string, std::string>>;  ///< id, owner

    [[nodiscard]] static Failure unknown(KeyKind kind, std::string_view key);
    [[nodiscard]] Or<Found> find(KeyKind kind, std::string_view key);
    [[nodiscard]] Or<Found> find_live(KeyKind kind, std::string_view key);
    /// What the key was when the request was first made; and notes what it is.
    [[nodiscard]] Or<Found> recall(KeyKind kind, std::string_view key);
    [[nodiscard]] Done remember(KeyKind kind, std::string_view key, const std::string& id,
                                const std::string& owner);
    [[nodiscard]] Or<std::uint64_t> make(KeyKind kind, std::string_view key, const std::string& owner);
    [[nodiscard]] Or<std::string> next(KeyKind kind);
    [[nodiscard]] Done name(KeyKind kind, std::string_view key, const std::string& id,
                            const std::string& owner);
    /// `values`: id, owner, made.
    [[nodiscard]] Done keep(KeyKind kind, std::string_view key, const DatabaseRow& values);
    [[nodiscard]] Done drop(KeyKind kind, const std::string& id);
    [[nodiscard]] Or<std::vector<DatabaseRow>> list(KeyKind kind);
    [[nodiscard]] std::string key_of(KeyKind kind, const std::string& id);

    Database& database_;
    std::string request_;                                          ///< empty: none
    std::map<std::pair<KeyKind, std::string>, std::string> read_;  ///< by id: what has been looked up
};

}  // namespace program
