// Not random: every history up to a length, of a small world in which everything is scarce.

#include <memory>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "entitle/entitle.hpp"

#include "property/commands.hpp"
#include "property/compare.hpp"
#include "property/execute.hpp"
#include "property/history.hpp"
#include "property/show.hpp"

namespace entitle_property {
namespace {

using model::Agreement;
using model::Kind;
using model::Op;

constexpr int the_customer = 1;
constexpr int today = 20000;
constexpr long long noon = today * model::microseconds_per_day + model::microseconds_per_day / 2;

Op op_of(Kind kind) {
    Op op;
    op.kind = kind;
    op.customer = the_customer;
    op.now = noon;
    return op;
}

Op on_entitlement(Kind kind, int key) {
    Op op = op_of(kind);
    op.entitlement = key;
    return op;
}

Op on_case(Kind kind, int key, const std::string& channel = "") {
    Op op = op_of(kind);
    op.case_key = key;
    op.channel = channel;
    op.has_origin = kind == Kind::reactivate && !channel.empty();
    return op;
}

Op open_on(int key, const std::string& channel, int entitlement) {
    Op op = on_case(Kind::open, key, channel);
    op.entitlement = entitlement;
    return op;
}

Op flag(int key, bool decrement) {
    Op op = on_case(Kind::set_decrement, key);
    op.decrement = decrement;
    return op;
}

Op move_to(int key, int entitlement) {
    Op op = on_case(Kind::change_entitlement, key);
    op.entitlement = entitlement;
    return op;
}

/// One case in all, one on the phone, none by mail.
Agreement scarce(bool on_resolution) {
    Agreement agreement;
    agreement.first_day = today;
    agreement.last_day = today;
    agreement.total = 1;
    agreement.decrease_on_resolution = on_resolution;
    agreement.restricted = true;
    agreement.channels = {{"phone", 1}, {"email", on_resolution ? 1 : 0}};
    return agreement;
}

Op with(Op op, const Agreement& agreement) {
    op.agreement = agreement;
    return op;
}

/// Two entitlements, the first decreasing on creation, the second on resolution; both in force.
History setup() {
    return {with(on_entitlement(Kind::draft, 1), scarce(false)), on_entitlement(Kind::activate, 1),
            with(on_entitlement(Kind::draft, 2), scarce(true)), on_entitlement(Kind::activate, 2)};
}

/// What cases can meet.
History case_commands() {
    return {open_on(1, "phone", 1),
            open_on(1, "email", 2),
            open_on(2, "phone", 0),
            on_case(Kind::resolve, 1),
            on_case(Kind::cancel_case, 1),
            on_case(Kind::reactivate, 1),
            on_case(Kind::reactivate, 1, "email"),
            on_case(Kind::change_origin, 1, "email"),
            move_to(1, 1),
            move_to(1, 2),
            flag(1, false),
            flag(1, true),
            on_case(Kind::delete_case, 1)};
}

/// What entitlements can meet besides, and one opening after the end.
History entitlement_commands() {
    Agreement changed = scarce(true);
    changed.channels = {{"email", 1}};
    Op late = open_on(2, "phone", 0);
    late.now += model::microseconds_per_day;
    return {with(on_entitlement(Kind::amend, 1), changed),
            on_entitlement(Kind::deactivate, 1),
            on_entitlement(Kind::activate, 1),
            on_entitlement(Kind::cancel, 1),
            on_entitlement(Kind::set_default, 2),
            on_entitlement(Kind::remove, 1),
            late};
}

/// One case a day, another at most carried over; in force for some days.
History daily_setup() {
    Agreement daily = scarce(false);
    daily.last_day = today + 3;
    daily.restricted = false;
    daily.channels = {{"phone", 1}};
    daily.period = model::Period{1, model::Step::days, std::nullopt, 1, false};
    return {with(on_entitlement(Kind::draft, 1), daily), on_entitlement(Kind::activate, 1)};
}

Op top_up_of(long long amount, int burn_priority, const std::string& channel) {
    Op op = on_entitlement(Kind::top_up, 1);
    op.quantity = amount;
    op.burn_priority = burn_priority;
    op.channel = channel;
    return op;
}

Op a_day_later(Op op) {
    op.now += model::microseconds_per_day;
    return op;
}

/// Top-ups, and what can meet them; the first command after the setup has the number 3.
History top_up_commands() {
    Op first = top_up_of(2, 1, "phone");
    first.rollover = 1;
    Op second = top_up_of(1, 100, "");
    second.expires = noon + model::microseconds_per_day;
    Op voiding = on_entitlement(Kind::void_top_up, 1);
    voiding.top_up = 3;
    Op adjusting = on_entitlement(Kind::adjust, 1);
    adjusting.quantity = -2;
    return {first,
            second,
            voiding,
            adjusting,
            open_on(1, "phone", 1),
            a_day_later(open_on(2, "phone", 1)),
            on_case(Kind::cancel_case, 1),
            a_day_later(on_case(Kind::cancel_case, 1))};
}

/// Walks the tree of histories: the model goes along by copy, the engine begins anew at every node.
class Walk {
public:
    Walk(const model::Policy& policy, History alphabet, History before)
        : policy_{policy}, alphabet_{std::move(alphabet)}, path_{std::move(before)} {}

    void all_up_to(int length) {
        model::Model model{policy_};
        for (const Op& op : path_) ASSERT_TRUE(model.apply(op).ok);
        extend(model, length);
    }
    [[nodiscard]] std::uint64_t histories() const { return histories_; }

private:
    void extend(const model::Model& before, int length) {
        if (length == 0 || failed_) return;
        for (const Op& op : alphabet_) {
            model::Model after = before;
            const model::Answer expected = after.apply(op);
            path_.push_back(op);
            ++histories_;
            if (const std::string what = engine_differs(after, expected); !what.empty()) report(what);
            extend(after, length - 1);
            path_.pop_back();
        }
    }

    [[nodiscard]] std::string engine_differs(const model::Model& after, const model::Answer& expected) const {
        entitle::MemoryStore store{{.hash_seed = 1}};
        entitle::Engine engine{store, {.policy = engine_policy(policy_), .ids = entitle::UuidV7{1}}};
        entitle::Outcome last;
        for (const Op& op : path_) last = execute(engine, op);
        if (std::string what = difference(expected, last); !what.empty()) return what;
        if (std::string what = state_difference(after, engine, the_customer, noon); !what.empty())
            return what;
        return audit_difference(engine);
    }

    void report(const std::string& what) {
        failed_ = true;
        std::string text = to_text(policy_) + "\n";
        for (const Op& op : path_) text += to_text(op) + "\n";
        ADD_FAILURE() << text << what;
    }

    model::Policy policy_;
    History alphabet_;
    History path_;
    std::uint64_t histories_ = 0;
    bool failed_ = false;
};

constexpr std::uint64_t histories_up_to(std::uint64_t letters, int length) {
    return length == 0 ? 0 : letters * (1 + histories_up_to(letters, length - 1));
}

/// Looks at every one of them; the test's name says how many letters and how long.
void check_all(const model::Policy& policy, const History& alphabet, int length,
               const History& before = setup()) {
    const int walked = is_sanitized() ? length - 1 : length;
    Walk walk{policy, alphabet, before};
    walk.all_up_to(walked);
    EXPECT_EQ(walk.histories(), histories_up_to(alphabet.size(), walked));
    ::testing::Test::RecordProperty("histories", std::to_string(walk.histories()));
}

History all_commands() {
    History all = case_commands();
    for (const Op& op : entitlement_commands()) all.push_back(op);
    return all;
}

TEST(Exhaustive, AllHistoriesOf13CaseCommandsUpToLength5UnderStandard) {
    check_all(model::standard(), case_commands(), 5);
}
TEST(Exhaustive, AllHistoriesOf13CaseCommandsUpToLength4UnderDynamics365) {
    check_all(model::dynamics365(), case_commands(), 4);
}
TEST(Exhaustive, AllHistoriesOf13CaseCommandsUpToLength4UnderCrm2014) {
    check_all(model::crm2014(), case_commands(), 4);
}
TEST(Exhaustive, AllHistoriesOf20CommandsUpToLength4UnderStandard) {
    check_all(model::standard(), all_commands(), 4);
}
TEST(Exhaustive, AllHistoriesOf20CommandsUpToLength4UnderDynamics365) {
    check_all(model::dynamics365(), all_commands(), 4);
}
TEST(Exhaustive, AllHistoriesOf20CommandsUpToLength4UnderCrm2014) {
    check_all(model::crm2014(), all_commands(), 4);
}

TEST(Exhaustive, AllHistoriesOf8TopUpCommandsUpToLength5UnderStandard) {
    check_all(model::standard(), top_up_commands(), 5, daily_setup());
}

}  // namespace
}  // namespace entitle_property
