// The simulator for as long as somebody likes: entitle_simulate --store postgres --minutes 120

#include <chrono>
#include <cstdint>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "simulator/simulate.hpp"

namespace {

struct Options {
    std::string store = "memory";
    std::uint64_t seed = 1;
    std::uint64_t histories = 0;
    double minutes = 1;
    int length = 64;
};

[[nodiscard]] const simulator::WorldSort& sort_named(const std::string& name) {
    const auto& all = simulator::world_sorts();
    return *std::find_if(all.begin(), all.end(), [&](const auto& sort) { return sort.name == name; });
}

/// Seed after seed; tells every ten seconds how far it is.
[[nodiscard]] int run(const Options& options) {
    using Clock = std::chrono::steady_clock;
    const auto begun = Clock::now();
    const auto end = begun + std::chrono::duration<double, std::ratio<60>>{options.minutes};
    auto tell_at = begun + std::chrono::seconds{10};
    std::uint64_t done = 0;
    while (options.histories == 0 ? Clock::now() < end : done < options.histories) {
        if (const auto failure =
                simulator::failure_of(options.seed + done, options.length, sort_named(options.store))) {
            fmt::print("{}repeat it with --store {} --seed {} --length {} --histories 1\n", *failure,
                       options.store, options.seed + done, options.length);
            return 1;
        }
        ++done;
        if (Clock::now() < tell_at) continue;
        tell_at = Clock::now() + std::chrono::seconds{10};
        fmt::print(stderr, "{} histories\n", done);
    }
    fmt::print("{}: {} histories of about {} steps from seed {} on, nothing differs\n", options.store, done,
               options.length, options.seed);
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    Options options;
    CLI::App app{"A desk, its writers and their troubles, against the reference model"};
    app.add_option("--store", options.store, "Over what")
        ->check(CLI::IsMember({"memory", "sqlite", "postgres"}))
        ->capture_default_str();
    app.add_option("--seed", options.seed, "Of the first history")->capture_default_str();
    app.add_option("--minutes", options.minutes, "For how long")->capture_default_str();
    app.add_option("--histories", options.histories, "… or how many");
    app.add_option("--length", options.length, "Of a history, in steps, about")->capture_default_str();
    CLI11_PARSE(app, count, arguments);
    return run(options);
}
