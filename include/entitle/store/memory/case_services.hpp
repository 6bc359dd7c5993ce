#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "entitle/value/case_service.hpp"
#include "entitle/value/instant.hpp"

namespace entitle::inline v0::detail {

/// What the memory store keeps of its cases for service levels, by their places among the cases, and when time brings
/// something to them. Few desks have any: it allocates for each case that has.
class CaseServices {
public:
    using Places = std::set<std::pair<Instant, std::uint32_t>>;

    /// None: nothing is kept of it.
    [[nodiscard]] const CaseService* find(std::uint32_t place) const {
        const auto found = by_place_.find(place);
        return found == by_place_.end() || found->second.is_empty() ? nullptr : &found->second;
    }
    [[nodiscard]] const std::map<std::uint32_t, CaseService>& all() const { return by_place_; }
    /// By `first_due`; those with none come last, at `KpiInstance::never`.
    [[nodiscard]] const Places& by_due() const { return by_due_; }
    /// By `last_change`.
    [[nodiscard]] const Places& by_change() const { return by_change_; }

    /// What was there is kept too, until the unit ends. Out of memory: nothing has happened.
    void set(std::uint32_t place, CaseService service) {
        if (saved_.size() == saved_.capacity()) saved_.reserve(saved_.size() * 2 + 8);
        auto at = by_place_.find(place);
        if (at == by_place_.end()) {
            Places due{{KpiInstance::never, place}};
            Places change{{Instant::min(), place}};
            at = by_place_.try_emplace(place).first;
            by_due_.merge(due);
            by_change_.merge(change);
        }
        put(place, at->second, service);
        saved_.emplace_back(place, std::move(service));
    }
    void forget_saved() noexcept { saved_.clear(); }
    /// As before the unit. What is empty stays where it is: it is found no more.
    void take_back() noexcept {
        for (; !saved_.empty(); saved_.pop_back()) {
            auto& [place, service] = saved_.back();
            put(place, by_place_.find(place)->second, service);
        }
    }

private:
    /// Exchanges the two. (What is in a set is moved there with its node: that cannot fail.)
    void put(std::uint32_t place, CaseService& kept, CaseService& other) noexcept {
        move(by_due_, {first_due(kept), place}, first_due(other));
        move(by_change_, {last_change(kept), place}, last_change(other));
        std::swap(kept, other);
    }
    static void move(Places& places, const Places::value_type& from, Instant to) noexcept {
        auto node = places.extract(from);
        node.value().first = to;
        places.insert(std::move(node));
    }

    std::map<std::uint32_t, CaseService> by_place_{};
    Places by_due_{};
    Places by_change_{};
    std::vector<std::pair<std::uint32_t, CaseService>> saved_{};
};

}  // namespace entitle::inline v0::detail
