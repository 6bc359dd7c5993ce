#include "property/history.hpp"

#include <cstdlib>
#include <map>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "entitle/entitle.hpp"

#include "property/commands.hpp"
#include "property/compare.hpp"
#include "property/execute.hpp"
#include "property/show.hpp"
#include "property/shrink.hpp"

namespace entitle_property {

namespace {

/// A mix of two words, so that neighbouring seeds have nothing in common.
std::uint64_t mixed(std::uint64_t word, std::uint64_t salt) {
    word = (word + salt * 0x9E37'79B9'7F4A'7C15) * 0xBF58'476D'1CE4'E5B9;
    return word ^ (word >> 29);
}

/// One history under way.
class Run {
public:
    Run(const Trial& trial, const StoreOf& store)
        : model_{trial.policy},
          engine_{store(trial), {.policy = engine_policy(trial.policy), .ids = entitle::UuidV7{trial.seed}}},
          questions_{mixed(trial.seed, 4)} {}

    [[nodiscard]] std::string step(const model::Op& op) {
        const bool names_customer = !(op.now % 2 == 0 && is_found_without_customer(op));
        const model::Answer expected = model_.apply(op);
        const entitle::Outcome found = execute(engine_, op, names_customer);
        if (std::string differs = difference(expected, found); !differs.empty()) return differs;
        return found ? first_receipt_difference(op, *found) : "";
    }

    [[nodiscard]] std::string look(long long now) {
        for (int customer = 1; customer <= questions_.customers(); ++customer) {
            if (std::string differs = state_difference(model_, engine_, customer, now); !differs.empty()) {
                return differs;
            }
        }
        if (std::string differs = catalog_difference(model_, engine_); !differs.empty()) return differs;
        if (std::string differs = ask(now); !differs.empty()) return differs;
        return audit_difference(engine_);
    }
    [[nodiscard]] std::string ask(long long now) {
        return explanation_difference(model_, engine_, questions_.question(), now);
    }

private:
    /// R8a: where the key is this customer's and nobody else's, a command need not say whose it is. (A retry
    /// of what has gone since is another matter: nothing is left to find the customer by.)
    [[nodiscard]] bool is_found_without_customer(const model::Op& op) const {
        if (op.request != 0) return false;
        const bool about_case = op.kind >= model::Kind::open;
        bool own = false;
        for (int customer = 1; customer <= 3; ++customer) {
            bool has = false;
            if (about_case) has = model_.find_case(customer, op.case_key).has_value();
            for (const auto& view :
                 about_case ? std::vector<model::EntitlementView>{} : model_.entitlements(customer, op.now)) {
                has = has || view.key == op.entitlement;
            }
            if (has && customer != op.customer) return false;
            own = own || has;
        }
        return own;
    }

    /// R11: what is answered from memory is the first receipt, to the last field.
    [[nodiscard]] std::string first_receipt_difference(const model::Op& op, const entitle::Receipt& receipt) {
        if (op.request == 0) return "";
        entitle::Receipt& first = firsts_[{op.customer, op.request}];
        entitle::Receipt again = receipt;
        const bool from_memory =
            receipt.repeated && receipt.number == first.number && receipt.request == first.request;
        again.repeated = first.repeated;
        if (from_memory && receipt.number != 0 && !(again == first)) {
            return fmt::format("first receipt was ({}), now ({})", first, receipt);
        }
        if (!from_memory) first = receipt;
        return "";
    }

    model::Model model_;
    entitle::Engine engine_;
    Generator questions_;  // of the history's own world
    std::map<std::pair<int, int>, entitle::Receipt> firsts_;
};

}  // namespace

std::unique_ptr<entitle::Store> memory_store(const Trial& trial) {
    return std::make_unique<entitle::MemoryStore>(
        entitle::MemoryStore::Options{.hash_seed = mixed(trial.seed, 1) | 1});
}

std::optional<Difference> engine_differs_from_model(const Trial& trial, bool look_often,
                                                    const StoreOf& store) {
    Run run{trial, store};
    for (std::size_t i = 0; i < trial.history.size(); ++i) {
        const model::Op& op = trial.history[i];
        if (std::string what = run.step(op); !what.empty()) return Difference{i, what};
        const bool last = i + 1 == trial.history.size();
        if (i % 8 == 7 && !look_often) {
            if (std::string what = run.ask(op.now); !what.empty()) return Difference{i, what};
        }
        if (!last && !look_often && i % 24 != 23) continue;
        if (std::string what = run.look(op.now); !what.empty()) return Difference{i, what};
    }
    return std::nullopt;
}

bool is_sanitized() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#elif defined(__has_feature)
    return __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
    return false;
#endif
}

std::uint64_t scaled(std::uint64_t count) {
    const char* text = std::getenv("ENTITLE_TEST_SCALE");
    double scale = text == nullptr ? 1.0 : std::strtod(text, nullptr);
    if (is_sanitized()) scale /= 10;
    const auto wanted = static_cast<std::uint64_t>(static_cast<double>(count) * scale);
    return wanted == 0 ? 1 : wanted;
}

Trial trial_of(std::uint64_t seed, const Campaign& campaign) {
    Random random{mixed(seed, 3)};
    Trial trial{seed, campaign.policy(random), {}};
    trial.history = Generator{mixed(seed, 4), trial.policy}.history(campaign.length);
    return trial;
}

namespace {

/// Without the commands that the failure does without.
Trial shrunk(Trial trial, const Property& property) {
    if (const auto found = property(trial, true)) trial.history.resize(found->at + 1);
    trial.history = entitle_property::shrunk(trial.history, [&](const History& fewer) {
        return property({trial.seed, trial.policy, fewer}, true).has_value();
    });
    return trial;
}

std::string report(const Trial& trial, const Property& property) {
    const Trial shortest = shrunk(trial, property);
    const auto found = property(shortest, true);
    std::string text =
        fmt::format("seed {}; repeat it with ENTITLE_TEST_SEED={} and this test alone\npolicy: {}\n",
                    trial.seed, trial.seed, to_text(trial.policy));
    for (const model::Op& op : shortest.history) text += fmt::format("  {}\n", to_text(op));
    return text + (found ? fmt::format("command {}: {}\n", found->at, found->what)
                         : "(fails only when looked at less often)\n");
}

}  // namespace

void check(const Campaign& campaign, const Property& property) {
    const char* only = std::getenv("ENTITLE_TEST_SEED");
    std::uint64_t seed = only == nullptr ? campaign.first_seed : std::strtoull(only, nullptr, 10);
    std::uint64_t done = 0;
    std::uint64_t histories = 0;
    for (const std::uint64_t wanted = scaled(campaign.commands); done < wanted; ++seed) {
        const Trial trial = trial_of(seed, campaign);
        if (property(trial, false)) {
            ADD_FAILURE() << report(trial, property);
            return;
        }
        done += trial.history.size();
        ++histories;
        if (only != nullptr) break;
    }
    ::testing::Test::RecordProperty("commands", std::to_string(done));
    ::testing::Test::RecordProperty("histories", std::to_string(histories));
}

}  // namespace entitle_property
