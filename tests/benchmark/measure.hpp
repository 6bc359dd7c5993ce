#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "sides.hpp"
#include "stopwatch.hpp"

/// Runs of both sides in turn, over the same asks.
namespace benchmark_of_entitle {

enum class Work { open, check };
enum class Manner {
    singly,  ///< one after another, back to back
    fenced,  ///< the host does other work before each
    batch    ///< a run of commands in one call; the peer has no such thing, and goes one after another
};

/// So many commands are made ready, then timed.
inline constexpr std::size_t run_size = 1'000;

/// A single command that took so long was interrupted by another program: left out, on both sides. (What a
/// command can stall on its own is a row of the table, and far less.)
inline constexpr double interrupted = 200'000;

struct Clock {
    Stopwatch watch;
    Host host;
};

/// Nanoseconds per command of one side over all the asks.
template <class Side>
[[nodiscard]] double time_of(Side& side, std::span<const Ask> asks, Work work, Manner manner, Clock& clock,
                             Tally& tally) {
    double total = 0;
    const auto one = [&](std::size_t i) {
        if (work == Work::open) side.open(i, tally);
        else side.check(i, tally);
    };
    for (std::size_t from = 0; from < asks.size(); from += run_size) {
        const std::size_t count = std::min(run_size, asks.size() - from);
        side.prepare(asks.subspan(from, count));
        if (manner == Manner::fenced) {
            for (std::size_t i = 0; i < count; ++i) {
                clock.host.work();
                const std::uint64_t begin = Stopwatch::ticks();
                one(i);
                const double took = clock.watch.nanoseconds(Stopwatch::ticks() - begin);
                if (took < interrupted) total += took;
            }
            continue;
        }
        const double begin = nanoseconds_worked();
        if (manner == Manner::singly && work == Work::open) {
            for (std::size_t i = 0; i < count; ++i) side.open(i, tally);
        } else if (manner == Manner::singly) {
            for (std::size_t i = 0; i < count; ++i) side.check(i, tally);
        } else if (work == Work::open) {
            side.open_all(tally);
        } else {
            side.check_all(tally);
        }
        total += nanoseconds_worked() - begin;
    }
    return total / static_cast<double>(asks.size());
}

inline void must_agree(bool agree, std::string_view what) {
    if (agree) return;
    fmt::print(stderr, "entitle_benchmark: the sides do not agree: {}\n", what);
    std::exit(EXIT_FAILURE);
}

/// What alternating repetitions gave, nanoseconds per command.
struct Series {
    std::vector<double> engine, peer, peer_check, ratio, check_ratio;
    Tally tally{};
};

/// One repetition of each side, on the same asks; which goes first changes from one to the next.
/// For a check the peer is timed twice: when it does the same, and, on asks of its own, as the whole loop.
inline void repeat(Ring& ring, std::size_t count, Work work, Manner manner, bool engine_first, Clock& clock,
                   Series& series) {
    const std::vector<Ask> asks = ring.workload.asks(count);
    Tally engine_tally, peer_tally;
    double engine = 0, peer = 0;
    for (const bool engine_turn : {engine_first, !engine_first}) {
        if (engine_turn) engine = time_of(ring.engine, asks, work, manner, clock, engine_tally);
        else peer = time_of(ring.peer, asks, work, manner, clock, peer_tally);
    }
    must_agree(engine_tally == peer_tally, "answers");
    series.tally = engine_tally;
    series.engine.push_back(engine);
    if (work == Work::check) {
        series.peer_check.push_back(peer);
        series.check_ratio.push_back(engine / peer);
        const std::vector<Ask> opened = ring.workload.asks(count);
        Tally kept, caught_up;
        peer = time_of(ring.peer, opened, Work::open, manner, clock, kept);
        (void)time_of(ring.engine, opened, Work::open, Manner::batch, clock, caught_up);
        must_agree(kept == caught_up, "answers");
    }
    series.peer.push_back(peer);
    series.ratio.push_back(engine / peer);
}

}  // namespace benchmark_of_entitle
