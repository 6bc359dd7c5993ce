#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

#include <date/date.h>

#include "entitle/sla/hour_cycle.hpp"
#include "entitle/value/instant.hpp"

/// When a desk is open, in UTC from the first year that a day can have to the last.
namespace entitle::inline v0::sla::detail {

/// Pieces of time, in each of which the clocks keep their distance to UTC and one cycle of hours is worked.
/// How much open time lies before an instant is then a sum known at the piece's beginning, and the rest within
/// one cycle: two binary searches. So is the way back. Whoever reads it allocates nothing.
class Timeline {
public:
    static constexpr Instant first = date::sys_days{date::year::min() / 1 / 1};
    static constexpr Instant last = date::sys_days{date::year::max() / 12 / 31};

    /// Without a piece: always open.
    Timeline() = default;
    explicit Timeline(std::vector<HourCycle> cycles) : cycles_{std::move(cycles)} {}

    /// Adds the piece that begins at an instant and ends with the next, if any. The first one begins at
    /// `first`; none begins before another that was added.
    void append(Instant begin, std::chrono::seconds offset, std::uint32_t cycle) {
        if (!pieces_.empty() && pieces_.back().offset == offset && pieces_.back().cycle == cycle) return;
        const microseconds before = pieces_.empty() ? microseconds{0} : open_until(pieces_.back(), begin);
        const microseconds in_cycle = cycles_[cycle].open_until(begin.time_since_epoch() + offset);
        pieces_.push_back({begin, before, before - in_cycle, offset, cycle});
        total_ = open_until(pieces_.back(), last);
    }

    /// Open time from `first` to `last`.
    [[nodiscard]] microseconds total() const { return total_; }

    /// Open time from `first` to an instant.
    [[nodiscard]] microseconds open_until(Instant at) const {
        at = std::clamp(at, first, last);
        if (pieces_.empty()) return at - first;
        return open_until(last_piece([&](const Piece& piece) { return piece.begin <= at; }), at);
    }

    /// The first instant that has so much open time before it. `open` is in (0, total].
    [[nodiscard]] Instant earliest(microseconds open) const {
        if (pieces_.empty()) return first + open;
        const Piece& piece = last_piece([&](const Piece& each) { return each.open_before < open; });
        return Instant{cycles_[piece.cycle].earliest(open - piece.shift) - piece.offset};
    }

    /// The last instant that has so much open time before it. `open` is in [0, total).
    [[nodiscard]] Instant latest(microseconds open) const {
        if (pieces_.empty()) return first + open;
        const Piece& piece = last_piece([&](const Piece& each) { return each.open_before <= open; });
        return Instant{cycles_[piece.cycle].latest(open - piece.shift) - piece.offset};
    }

private:
    struct Piece {
        Instant begin{};
        microseconds open_before{};  ///< from `first` to `begin`
        microseconds shift{};        ///< what to add to the cycle's open time for that since `first`
        std::chrono::seconds offset{};
        std::uint32_t cycle = 0;
    };

    [[nodiscard]] microseconds open_until(const Piece& piece, Instant at) const {
        return piece.shift + cycles_[piece.cycle].open_until(at.time_since_epoch() + piece.offset);
    }

    /// Of the pieces for which `holds`, which are the foremost ones and at least one.
    template <class Holds>
    [[nodiscard]] const Piece& last_piece(Holds holds) const {
        return *std::prev(std::partition_point(pieces_.begin(), pieces_.end(), holds));
    }

    std::vector<HourCycle> cycles_{};
    std::vector<Piece> pieces_{};
    microseconds total_ = last - first;
};

}  // namespace entitle::inline v0::sla::detail
