#include "simulator/step.hpp"

#include <array>

#include <fmt/format.h>

#include "property/generator.hpp"
#include "property/policies.hpp"
#include "property/show.hpp"

namespace simulator {

namespace {

using entitle_property::Generator;
using entitle_property::Random;

constexpr std::array<std::string_view, troubles> names{"none",      "restart", "twice", "dies",
                                                       "dies amid", "power",   "cut",   "overtaken"};

/// How far the clocks of hosts are apart: a second, a minute and a half, three hours.
constexpr std::array<long long, 3> skews{0, 90'000'000, -3LL * 3600 * 1'000'000};

/// A request id of the step's own, so that it can be sent again; the generator's are below these.
constexpr int first_request = 10'000;

[[nodiscard]] Trouble some_trouble(Random& random, int writers, bool (*can)(Trouble)) {
    if (!random.percent(35)) return Trouble::none;
    const auto trouble = static_cast<Trouble>(random.between(1, troubles - 1));
    const bool needs_two = trouble == Trouble::overtaken || trouble == Trouble::twice;
    return can(trouble) && (writers > 1 || !needs_two) ? trouble : Trouble::none;
}

}  // namespace

std::string_view name_of(Trouble trouble) { return names[static_cast<std::size_t>(trouble)]; }

std::string to_text(const Step& step) {
    std::string out = fmt::format("writer {}: {}", step.writer, entitle_property::to_text(step.op));
    if (step.trouble == Trouble::none) return out;
    out +=
        fmt::format("\n      trouble: {} (at {}, writer {})", name_of(step.trouble), step.when, step.other);
    if (step.trouble == Trouble::overtaken) out += "\n      by " + entitle_property::to_text(step.between);
    return out;
}

Trial trial_of(std::uint64_t seed, int length, bool (*can)(Trouble)) {
    Random random{seed * 0x9E37'79B9'7F4A'7C15 + 11};
    Trial trial{seed, entitle_property::random_policy(random), random.between(1, 3), {}};
    Generator generator{random.word(), trial.policy};
    const auto at_clock_of = [](int writer, model::Op op) {
        op.now += skews[static_cast<std::size_t>(writer)];
        return op;
    };
    const entitle_property::History history = generator.history(length);
    for (std::size_t i = 0; i < history.size(); ++i) {
        Step step{
            .op = {}, .writer = random.below(trial.writers), .when = random.word() % 4096, .between = {}};
        step.other = (step.writer + 1) % trial.writers;
        step.op = at_clock_of(step.writer, history[i]);
        step.trouble = some_trouble(random, trial.writers, can);
        if (step.trouble == Trouble::overtaken && i + 1 < history.size()) {
            step.between = at_clock_of(step.other, history[++i]);
        } else if (step.trouble == Trouble::overtaken) {
            step.trouble = Trouble::none;
        }
        const bool is_sent_again = step.trouble != Trouble::none && step.trouble != Trouble::restart;
        if (is_sent_again && step.op.request == 0) step.op.request = first_request + static_cast<int>(i);
        trial.steps.push_back(step);
    }
    return trial;
}

}  // namespace simulator
