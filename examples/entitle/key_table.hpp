#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace program {

/// The ids that this host gives to the text keys of its files: 1, 2, … in the order in which it meets
/// them. (A tree, not a hash table: no file can make it slow by its choice of keys.)
template <class Id>
class KeyTable {
public:
    /// Whoever is told of each new key.
    using Listener = std::function<void(std::string_view key, Id id)>;

    KeyTable() = default;
    explicit KeyTable(Listener listener) : listener_{std::move(listener)} {}

    /// The key's id, a new one where it is met for the first time.
    Id id_of(std::string_view key) {
        if (key.empty()) return Id{};
        if (const auto known = find(key)) return *known;
        const Id id = Id::from_integer(ids_.size() + 1);
        ids_.emplace(key, id);
        if (listener_) listener_(key, id);
        return id;
    }
    /// … or would get then.
    [[nodiscard]] Id next_id_of(std::string_view key) const {
        return find(key).value_or(Id::from_integer(ids_.size() + 1));
    }
    [[nodiscard]] std::optional<Id> find(std::string_view key) const {
        const auto at = ids_.find(key);
        return at == ids_.end() ? std::nullopt : std::optional<Id>{at->second};
    }

private:
    Listener listener_;
    std::map<std::string, Id, std::less<>> ids_;
};

}  // namespace program
