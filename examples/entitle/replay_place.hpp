#pragma once

#include <memory>
#include <string>

#include <entitle/rule/policy.hpp>
#include <entitle/store/store.hpp>
#include <tl/expected.hpp>

#include "desk.hpp"
#include "event.hpp"

namespace program {

/// Where a replay keeps its desk: in memory; or in a new SQLite file or a PostgreSQL database (`postgresql://…`) that
/// has none yet, as a desk that the other commands read. What a thousand events came to is committed together
/// with their keys: whenever it is stopped, the desk is whole up to some event.
class ReplayPlace {
public:
    /// `place` empty: memory. Else a sentence that says why not: a desk that is there already is not added to.
    [[nodiscard]] static tl::expected<std::unique_ptr<ReplayPlace>, std::string> make(
        const std::string& place, const entitle::Policy& policy);

    ReplayPlace() = default;
    ReplayPlace(const ReplayPlace&) = delete;
    ReplayPlace& operator=(const ReplayPlace&) = delete;
    virtual ~ReplayPlace() = default;

    [[nodiscard]] virtual entitle::Store& store() = 0;
    /// Of the keys; none: nobody needs them.
    [[nodiscard]] virtual KeyKeeper* keeper() = 0;
    /// What came of the next event.
    virtual void take(const Row& row, const Answer& answer) = 0;
    virtual void finish() = 0;
    /// Nothing was replayed: takes away what was made for it.
    virtual void abandon() = 0;
    /// Why the desk could not be kept; empty where it could.
    [[nodiscard]] virtual std::string failure() const = 0;
};

}  // namespace program
