// The random histories reach what they are for: every refusal, every sort of entry, every status.

#include "property/generator.hpp"

#include <cstdlib>
#include <map>
#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "property/history.hpp"

namespace entitle_property {
namespace {

const char* name_of(model::Kind kind) {
    switch (kind) {
        case model::Kind::set_template: return "set_template";
        case model::Kind::remove_template: return "remove_template";
        case model::Kind::set_rule: return "set_rule";
        case model::Kind::remove_rule: return "remove_rule";
        case model::Kind::instantiate: return "instantiate";
        case model::Kind::assign: return "assign";
        case model::Kind::top_up: return "top_up";
        case model::Kind::void_top_up: return "void_top_up";
        default: return "";
    }
}

/// How often each thing happened.
using Tally = std::map<std::string, int>;

std::string outcome_of(const model::Answer& answer) {
    return answer.ok ? (answer.recorded ? "recorded" : "ok, nothing recorded") : answer.error;
}

/// Of what templates and top-ups are for.
void count_made(const model::Op& op, const model::Answer& answer, const model::Model& model, Tally& tally) {
    const std::string name = name_of(op.kind);
    if (name.empty()) return;
    const std::string outcome = name + ": " + outcome_of(answer);
    ++tally[outcome];
    if (answer.ok && op.lasts) ++tally[name + " that lasts"];
    if (op.kind != model::Kind::assign || op.customer == 0) return;
    const int key = model::assigned_key(op.customer, op.purchase);
    bool is_there = false;
    for (const auto& view : model.entitlements(op.customer, op.now)) {
        if (view.key != key) continue;
        is_there = true;
        ++tally[outcome + ", " + model::name_of(view.status)];
    }
    if (!is_there) ++tally[outcome + ", removed"];
}

/// Of what holds do across boundaries.
void count_hold(const model::Entry& entry, Tally& tally) {
    using model::EntryKind;
    if (entry.kind == EntryKind::hold_expiry && entry.moved_total != 0)
        ++tally["hold expires, and some of it is lost"];
    if (entry.within) ++tally["posting within a late hold"];
}

/// Of what top-ups do.
void count_top_up(const model::Entry& entry, Tally& tally) {
    using model::EntryKind;
    const bool on_channel = entry.top_up.number != 0 && !entry.channel.empty();
    if (entry.kind == EntryKind::draw) {
        ++tally[entry.amount < 0 ? "top-up gets back" : "top-up pays"];
        if (on_channel) ++tally["top-up pays on its channel"];
    } else if (entry.kind == EntryKind::inception) {
        ++tally[entry.by_time ? "top-up begins by time" : "top-up begins at once"];
        if (entry.amount != 0) ++tally["top-up pays what is owed"];
    } else if (entry.kind == EntryKind::lapse && on_channel) {
        ++tally["top-up lapses on its channel"];
    } else if (entry.kind == EntryKind::expiry && entry.moved_total != 0) {
        ++tally["top-up expires with something left"];
    }
}

void count_answers(const Trial& trial, Tally& tally) {
    model::Model model{trial.policy};
    for (const model::Op& op : trial.history) {
        const model::Answer answer = model.apply(op);
        ++tally[outcome_of(answer)];
        count_made(op, answer, model, tally);
        if (!answer.reason.empty()) ++tally["not_entitled: " + answer.reason];
    }
    for (int customer = 1; customer <= 3; ++customer) {
        for (const model::Entry& entry : model.ledger(customer)) {
            ++tally[fmt::format("entry {}", static_cast<int>(entry.kind))];
            count_top_up(entry, tally);
            count_hold(entry, tally);
        }
        for (const auto& view : model.entitlements(customer, trial.history.back().now)) {
            ++tally["status " + model::name_of(view.status)];
            if (view.remaining < 0) ++tally["below zero"];
            if (!view.removed_channels.empty()) ++tally["channel removed"];
        }
    }
}

/// What random histories must come to, each at least ten times.
const char* const reached[] = {"recorded",
                               "ok, nothing recorded",
                               "name_length",
                               "start_after_end",
                               "total_missing",
                               "total_not_allowed",
                               "total_out_of_range",
                               "currency_missing",
                               "unit_mismatch",
                               "hours_need_resolution",
                               "duplicate_channel",
                               "channel_name",
                               "channel_exceeds_total",
                               "duplicate_id",
                               "unknown_entitlement",
                               "not_draft",
                               "not_active",
                               "already_active",
                               "cannot_activate",
                               "already_draft",
                               "cannot_deactivate",
                               "already_canceled",
                               "cannot_cancel",
                               "cannot_renew",
                               "cannot_delete",
                               "cannot_expire",
                               "in_use",
                               "has_history",
                               "total_below_used",
                               "remaining_above_total",
                               "reason_missing",
                               "nothing_to_adjust",
                               "unknown_case",
                               "case_exists",
                               "case_state",
                               "amount_out_of_range",
                               "reopen_too_late",
                               "not_customers",
                               "contact_out_of_scope",
                               "product_out_of_scope",
                               "asset_out_of_scope",
                               "case_type_out_of_scope",
                               "channel_not_listed",
                               "terms_exhausted",
                               "channel_exhausted",
                               "not_entitled",
                               "terms_overflow",
                               "request_id_reused",
                               "not_entitled: no_entitlement",
                               "not_entitled: not_active",
                               "not_entitled: product_out_of_scope",
                               "not_entitled: channel_not_listed",
                               "not_entitled: terms_exhausted",
                               "not_entitled: channel_exhausted",
                               "set_template: recorded",
                               "set_template that lasts",
                               "set_template: id_missing",
                               "set_template: template_length",
                               "set_template: total_missing",
                               "remove_template: recorded",
                               "remove_template: template_in_use",
                               "set_rule: recorded",
                               "set_rule: id_missing",
                               "set_rule: quantity_out_of_range",
                               "set_rule: unknown_template",
                               "remove_rule: recorded",
                               "instantiate: recorded",
                               "instantiate: ok, nothing recorded",
                               "instantiate: unknown_template",
                               "instantiate: duplicate_id",
                               "instantiate: request_id_reused",
                               "assign: recorded, waiting",
                               "assign: recorded, active",
                               "assign: recorded, expired",
                               "assign: ok, nothing recorded, active",
                               "assign: ok, nothing recorded, canceled",
                               "assign: id_missing",
                               "assign: quantity_out_of_range",
                               "assign: no_rule",
                               "assign: purchase_exists, active",
                               "assign: purchase_exists, removed",
                               "assign: request_id_reused",
                               "entry 0",
                               "entry 1",
                               "entry 2",
                               "entry 3",
                               "entry 4",
                               "entry 8",
                               "entry 9",
                               "entry 11",
                               "entry 12",
                               "entry 13",
                               "entry 14",
                               "entry 15",
                               "entry 16",
                               "entry 17",
                               "entry 18",
                               "entry 19",
                               "hold expires, and some of it is lost",
                               "posting within a late hold",
                               "hold_expired",
                               "top-up gets back",
                               "top-up pays",
                               "top-up pays on its channel",
                               "top-up begins by time",
                               "top-up begins at once",
                               "top-up pays what is owed",
                               "top-up lapses on its channel",
                               "top-up expires with something left",
                               "top_up: recorded",
                               "top_up: ok, nothing recorded",
                               "top_up: unknown_entitlement",
                               "top_up: not_active",
                               "top_up: total_not_allowed",
                               "top_up: unit_mismatch",
                               "top_up: total_out_of_range",
                               "top_up: rollover_out_of_range",
                               "top_up: channel_not_listed",
                               "top_up: top_up_span",
                               "top_up: terms_overflow",
                               "top_up: request_id_reused",
                               "void_top_up: recorded",
                               "void_top_up: unknown_entitlement",
                               "void_top_up: unknown_top_up",
                               "void_top_up: not_active",
                               "status draft",
                               "status waiting",
                               "status active",
                               "status expired",
                               "status canceled",
                               "below zero",
                               "channel removed"};

/// Ten times; once where there is less time.
[[nodiscard]] int often() { return static_cast<int>(std::clamp<std::uint64_t>(scaled(10), 1, 10)); }

[[nodiscard]] bool reaches_all(Tally& tally) {
    return std::ranges::all_of(reached, [&](const char* name) { return tally[name] >= often(); });
}

TEST(Generator, ReachesEveryRefusalAndStatus) {
    Tally tally;
    const Campaign campaign{99'000'000'000, 0, 64, random_policy};
    for (std::uint64_t seed = 0; seed < 3000; ++seed) {
        if (seed % 10 == 0 && reaches_all(tally)) break;
        count_answers(trial_of(campaign.first_seed + seed, campaign), tally);
    }
    for (const char* name : reached) EXPECT_GE(tally[name], often()) << name;
    if (HasFailure() || std::getenv("ENTITLE_TEST_TALLY") != nullptr) {
        for (const auto& [name, count] : tally) fmt::print("{:7} {}\n", count, name);
    }
}

TEST(Generator, IsTheSameEverywhere) {
    Random random{5489};
    EXPECT_EQ(random.word(), 14514284786278117030U);
    EXPECT_EQ(random.below(1000), 908);
}

}  // namespace
}  // namespace entitle_property
