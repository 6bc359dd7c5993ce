#include "simulator/simulate.hpp"

#include <functional>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "entitle/entitle.hpp"

#include "conformance/forwarding_store.hpp"
#include "property/compare.hpp"
#include "property/execute.hpp"
#include "property/policies.hpp"
#include "property/shrink.hpp"

namespace simulator {

namespace {

/// A writer's store, which calls back once, when a unit is about to be committed.
class OvertakenStore final : public conformance::ForwardingStore {
public:
    OvertakenStore(std::unique_ptr<entitle::Store> inner, std::function<void()>& before_commit)
        : ForwardingStore{*inner}, inner_{std::move(inner)}, before_commit_{before_commit} {}

    [[nodiscard]] entitle::Result<entitle::Commit> commit() override {
        if (const auto call = std::exchange(before_commit_, nullptr)) call();
        return inner_->commit();
    }

private:
    std::unique_ptr<entitle::Store> inner_;
    std::function<void()>& before_commit_;
};

/// What says nothing of the command: a host sends it again.
[[nodiscard]] bool is_of_store(const entitle::Outcome& outcome) {
    return !outcome && outcome.error().code >= entitle::ErrorCode::store_limit;
}

class Run {
public:
    Run(const Trial& trial, const WorldSort& sort)
        : trial_{trial}, world_{sort.make(trial.seed)}, model_{trial.policy} {
        for (int writer = 0; writer < trial.writers; ++writer) open(writer);
    }

    [[nodiscard]] std::string take(const Step& step) {
        switch (step.trouble) {
            case Trouble::none: return done(step.writer, step.op);
            case Trouble::restart: open(step.writer); return done(step.writer, step.op);
            case Trouble::overtaken: return overtaken(step);
            default: return troubled(step);
        }
    }

    /// As any of the writers sees it.
    [[nodiscard]] std::string look(int writer, long long now) {
        entitle::Engine& engine = *engines_[static_cast<std::size_t>(writer)];
        for (int customer = 1; customer <= 3; ++customer) {
            if (auto what = entitle_property::state_difference(model_, engine, customer, now); !what.empty())
                return what;
        }
        if (auto what = entitle_property::catalog_difference(model_, engine); !what.empty()) return what;
        return entitle_property::audit_difference(engine);
    }

private:
    void open(int writer) {
        const auto place = static_cast<std::size_t>(writer);
        engines_.resize(std::max(engines_.size(), place + 1));
        engines_[place].reset();
        engines_[place].emplace(
            std::make_unique<OvertakenStore>(world_->open(writer), before_commit_),
            entitle::Engine::Options{.policy = entitle_property::engine_policy(trial_.policy),
                                     .ids = entitle::UuidV7{trial_.seed + ++opened_}});
    }
    void open_all() {
        for (int writer = 0; writer < trial_.writers; ++writer) open(writer);
    }
    [[nodiscard]] entitle::Outcome execute(int writer, const model::Op& op) {
        return entitle_property::execute(*engines_[static_cast<std::size_t>(writer)], op);
    }

    /// Where a command has been sent more than once, nobody knows whether the last was the first to arrive.
    [[nodiscard]] static std::string unlike(model::Answer expected, const entitle::Outcome& found,
                                            bool once) {
        if (!once && expected.ok && found) expected.recorded = !found->repeated;
        return entitle_property::difference(expected, found);
    }
    [[nodiscard]] std::string done(int writer, const model::Op& op) {
        const model::Answer expected = model_.apply(op);
        return unlike(expected, execute(writer, op), true);
    }

    /// Trouble comes with the command; it is sent until somebody says what came of it.
    [[nodiscard]] std::string troubled(const Step& step) {
        const model::Answer expected = model_.apply(step.op);
        world_->threaten(step.writer, step.trouble, step.when);
        entitle::Outcome first = execute(step.writer, step.op);
        const bool is_answered = !is_of_store(first);
        if (world_->is_over(step.writer, step.trouble, [this] { engines_.clear(); })) open_all();
        if (is_answered) {
            if (auto what = unlike(expected, first, step.trouble != Trouble::cut); !what.empty()) return what;
        }
        entitle::Outcome again = execute(step.other, step.op);
        for (int attempt = 0; is_of_store(again) && attempt < 3; ++attempt)
            again = execute(step.writer, step.op);
        if (auto what = unlike(expected, again, false); !what.empty()) return what;
        const bool is_kept = is_answered && first && again && first->number != 0;
        if (is_kept && !again->repeated) return "what was reported done was done again";
        return "";
    }

    /// What another does in between counts first, if there was a between.
    [[nodiscard]] std::string overtaken(const Step& step) {
        std::string what;
        bool is_overtaken = false;
        before_commit_ = [&] {
            const entitle::Outcome between = execute(step.other, step.between);
            is_overtaken = !is_of_store(between);  // else the writer has locked what it works on
            if (is_overtaken) what = unlike(model_.apply(step.between), between, true);
        };
        const entitle::Outcome found = execute(step.writer, step.op);
        before_commit_ = nullptr;
        if (!what.empty()) return what;
        what = unlike(model_.apply(step.op), found, true);
        if (!what.empty() || is_overtaken) return what;
        return done(step.other, step.between);
    }

    const Trial& trial_;
    std::unique_ptr<World> world_;
    model::Model model_;
    std::function<void()> before_commit_;
    std::vector<std::optional<entitle::Engine>> engines_;
    std::uint64_t opened_ = 0;
};

}  // namespace

std::optional<Difference> difference(const Trial& trial, const WorldSort& sort, bool looks_often) {
    Run run{trial, sort};
    for (std::size_t i = 0; i < trial.steps.size(); ++i) {
        const Step& step = trial.steps[i];
        if (std::string what = run.take(step); !what.empty()) return Difference{i, what};
        const bool is_last = i + 1 == trial.steps.size();
        if (!is_last && !looks_often && step.when % 16 != 0) continue;
        if (std::string what = run.look(step.other, step.op.now); !what.empty()) return Difference{i, what};
    }
    return std::nullopt;
}

std::optional<std::string> failure_of(std::uint64_t seed, int length, const WorldSort& sort) {
    Trial trial = trial_of(seed, length, sort.can);
    const bool looks_often = seed % 2 == 0;  // a look changes what an engine has in its cache
    const auto first = difference(trial, sort, looks_often);
    if (!first) return std::nullopt;
    trial.steps.resize(first->at + 1);
    trial.steps = entitle_property::shrunk(trial.steps, [&](const std::vector<Step>& fewer) {
        return difference({trial.seed, trial.policy, trial.writers, fewer}, sort, true).has_value();
    });
    const auto least = difference(trial, sort, true);
    std::string text = fmt::format("seed {} over {}\npolicy: {}\n", seed, sort.name,
                                   entitle_property::to_text(trial.policy));
    for (const Step& step : trial.steps) text += fmt::format("  {}\n", to_text(step));
    if (!least) return text + fmt::format("fails only when looked at less often: {}\n", first->what);
    return text + fmt::format("step {}: {}\n", least->at, least->what);
}

}  // namespace simulator
