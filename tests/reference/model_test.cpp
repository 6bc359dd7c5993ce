// Proves the reference model itself: the worked example (R12) under three policies, and cases that
// were computed by hand.

#include "reference/model.hpp"

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace entitle_reference {
namespace {

constexpr int customer = 1;
constexpr int other_customer = 2;
constexpr int first_day = 20000;
constexpr int last_day = 20364;

constexpr long long start_of(int day) { return day * microseconds_per_day; }
constexpr long long noon_of(int day) { return start_of(day) + microseconds_per_day / 2; }
constexpr long long now = noon_of(20010);

Op op_of(Kind kind, int entitlement = 0) {
    Op op;
    op.kind = kind;
    op.customer = customer;
    op.now = now;
    op.entitlement = entitlement;
    return op;
}

Op on_case(Kind kind, int case_key, long long seconds = 0) {
    Op op = op_of(kind);
    op.case_key = case_key;
    op.unit = Allocation::hours;
    op.quantity = seconds;
    return op;
}

Op opening(int case_key, const std::string& origin, int entitlement = 0) {
    Op op = on_case(Kind::open, case_key);
    op.channel = origin;
    op.entitlement = entitlement;
    return op;
}

Op with_channel(Op op, const std::string& channel, bool has_origin = false) {
    op.channel = channel;
    op.has_origin = has_origin;
    return op;
}

Op with_agreement(Op op, const Agreement& agreement) {
    op.agreement = agreement;
    return op;
}

Op at(Op op, long long instant) {
    op.now = instant;
    return op;
}

Agreement five_cases() {
    Agreement agreement;
    agreement.name = "Mobile Accessories";
    agreement.first_day = first_day;
    agreement.last_day = last_day;
    agreement.total = 5;
    agreement.decrease_on_resolution = true;
    agreement.restricted = true;
    agreement.channels = {{"Email", 2}, {"Facebook", 1}, {"Phone", 2}, {"Web", 1}};
    return agreement;
}

Agreement on_creation() {
    Agreement agreement = five_cases();
    agreement.decrease_on_resolution = false;
    return agreement;
}

Agreement hours(long long seconds) {
    Agreement agreement = five_cases();
    agreement.allocation = Allocation::hours;
    agreement.total = seconds;
    agreement.channels.clear();
    return agreement;
}

void make_active(Model& model, int key, const Agreement& agreement) {
    ASSERT_TRUE(model.apply(with_agreement(op_of(Kind::draft, key), agreement)).ok);
    ASSERT_TRUE(model.apply(op_of(Kind::activate, key)).ok);
}

EntitlementView view(const Model& model, int key, int of_customer = customer) {
    for (const EntitlementView& entitlement : model.entitlements(of_customer, now)) {
        if (entitlement.key == key) {
            return entitlement;
        }
    }
    ADD_FAILURE() << "no entitlement " << key;
    return {};
}

long long left(const Model& model, int key) { return view(model, key).remaining; }

long long left_on(const Model& model, int key, const std::string& name) {
    for (const ChannelView& channel : view(model, key).channels) {
        if (channel.name == name) {
            return channel.remaining;
        }
    }
    ADD_FAILURE() << "no channel " << name;
    return 0;
}

std::string error_of(Model& model, const Op& op) {
    const Answer answer = model.apply(op);
    EXPECT_EQ(answer.ok, answer.error.empty());
    return answer.error;
}

// ---- R12 ----------------------------------------------------------------------------------------

// Opens all eight cases, resolves them in the order told; each case's first error, "" where none.
std::map<std::string, std::string> worked_example(const Policy& policy) {
    Model model(policy);
    make_active(model, 1, five_cases());
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"p1", "phone"},   {"p2", "phone"}, {"f1", "facebook"}, {"f2", "facebook"},
        {"t1", "twitter"}, {"e1", "email"}, {"e2", "email"},    {"w1", "web"}};
    std::map<std::string, int> keys;
    std::map<std::string, std::string> errors;
    for (const auto& [name, origin] : cases) {
        keys[name] = static_cast<int>(keys.size()) + 1;
        errors[name] = error_of(model, opening(keys[name], origin, 1));
        errors[name] += errors[name].empty() ? "" : " at opening";
    }
    for (const std::string name : {"p1", "f1", "f2", "t1", "e1", "e2", "p2", "w1"}) {
        if (errors[name].empty()) {
            errors[name] = error_of(model, on_case(Kind::resolve, keys[name]));
        }
    }
    EXPECT_EQ(left(model, 1), 0);
    return errors;
}

TEST(WorkedExample, OneCaseUsesTotalAndPhoneAndGivesThemBack) {
    for (const Policy& policy : {standard(), dynamics365(), crm2014()}) {
        Model model(policy);
        make_active(model, 1, five_cases());
        ASSERT_TRUE(model.apply(opening(1, "phone")).ok);
        EXPECT_EQ(left(model, 1), 5);
        const Answer resolved = model.apply(on_case(Kind::resolve, 1));
        EXPECT_EQ(resolved.moved, -1);
        EXPECT_EQ(resolved.remaining, 4);
        EXPECT_EQ(left_on(model, 1, "phone"), 1);
        ASSERT_TRUE(model.apply(on_case(Kind::reactivate, 1)).ok);
        EXPECT_EQ(left(model, 1), 5);
        EXPECT_EQ(left_on(model, 1, "phone"), 2);
    }
}

TEST(WorkedExample, Crm2014) {
    const std::map<std::string, std::string> expected = {
        {"p1", ""}, {"f1", ""}, {"f2", "channel_exhausted"}, {"t1", "channel_not_listed"}, {"e1", ""},
        {"e2", ""}, {"p2", ""}, {"w1", "terms_exhausted"}};
    EXPECT_EQ(worked_example(crm2014()), expected);
}

TEST(WorkedExample, Standard) {
    const std::map<std::string, std::string> expected = {{"p1", ""},
                                                         {"f1", ""},
                                                         {"f2", "channel_exhausted"},
                                                         {"t1", "channel_not_listed at opening"},
                                                         {"e1", ""},
                                                         {"e2", ""},
                                                         {"p2", ""},
                                                         {"w1", "terms_exhausted"}};
    EXPECT_EQ(worked_example(standard()), expected);
}

TEST(WorkedExample, Dynamics365) {
    const std::map<std::string, std::string> expected = {
        {"p1", ""}, {"f1", ""}, {"f2", "channel_exhausted"}, {"t1", ""},
        {"e1", ""}, {"e2", ""}, {"p2", "terms_exhausted"},   {"w1", "terms_exhausted"}};
    EXPECT_EQ(worked_example(dynamics365()), expected);
}

// ---- Lifecycle ----------------------------------------------------------------------------------

TEST(Lifecycle, StatusFollowsTheInstant) {
    Model model(standard());
    make_active(model, 1, five_cases());
    const auto status_at = [&](long long instant) {
        return model.entitlements(customer, instant).front().status;
    };
    EXPECT_EQ(status_at(start_of(first_day) - 1), Status::waiting);
    EXPECT_EQ(status_at(start_of(first_day)), Status::active);
    EXPECT_EQ(status_at(start_of(last_day + 1) - 1), Status::active);
    EXPECT_EQ(status_at(start_of(last_day + 1)), Status::expired);
}

TEST(Lifecycle, EveryCellOfTheTable) {
    const std::vector<Kind> kinds = {Kind::revise, Kind::amend, Kind::activate,    Kind::deactivate,
                                     Kind::cancel, Kind::renew, Kind::set_default, Kind::remove};
    const std::map<Status, std::vector<std::string>> expected = {
        {Status::draft, {"", "", "", "already_draft", "cannot_cancel", "cannot_renew", "not_active", ""}},
        {Status::waiting,
         {"not_draft", "", "cannot_activate", "", "", "cannot_renew", "not_active", "cannot_delete"}},
        {Status::active, {"not_draft", "", "already_active", "", "", "cannot_renew", "", "cannot_delete"}},
        {Status::expired,
         {"not_draft", "not_active", "cannot_activate", "cannot_deactivate", "cannot_cancel", "cannot_renew",
          "not_active", ""}},
        {Status::canceled,
         {"not_draft", "not_active", "cannot_activate", "cannot_deactivate", "already_canceled", "",
          "not_active", ""}}};
    for (const auto& [status, errors] : expected) {
        for (std::size_t i = 0; i < kinds.size(); ++i) {
            Model model(standard());
            ASSERT_TRUE(model.apply(with_agreement(op_of(Kind::draft, 1), five_cases())).ok);
            if (status != Status::draft) {
                ASSERT_TRUE(model.apply(op_of(Kind::activate, 1)).ok);
            }
            if (status == Status::canceled) {
                ASSERT_TRUE(model.apply(op_of(Kind::cancel, 1)).ok);
            }
            Op op = with_agreement(op_of(kinds[i], 1), on_creation());
            op.new_entitlement = 2;
            op.now = status == Status::waiting   ? noon_of(first_day - 1)
                     : status == Status::expired ? noon_of(last_day + 1)
                                                 : now;
            EXPECT_EQ(error_of(model, op), errors[i]) << name_of(status) << " command " << i;
        }
    }
}

TEST(Lifecycle, RenewalIsAFreshDraftAsLongAsTheOld) {
    Model model(standard());
    make_active(model, 1, on_creation());
    ASSERT_TRUE(model.apply(opening(1, "phone")).ok);
    ASSERT_TRUE(model.apply(op_of(Kind::cancel, 1)).ok);
    Op renew = op_of(Kind::renew, 1);
    renew.new_entitlement = 2;
    const Answer answer = model.apply(renew);
    EXPECT_EQ(answer.entitlement, 2);
    EXPECT_EQ(answer.remaining, 5);
    const EntitlementView made = view(model, 2);
    EXPECT_EQ(made.status, Status::draft);
    EXPECT_EQ(made.renewed_from, 1);
    EXPECT_EQ(made.agreement.first_day, 20010);
    EXPECT_EQ(made.agreement.last_day, 20010 + 364);
    EXPECT_EQ(left_on(model, 2, "phone"), 2);
    EXPECT_EQ(left(model, 1), 4);
    EXPECT_EQ(view(model, 1).status, Status::canceled);
}

TEST(Lifecycle, WholeMonthsRenewAsMonths) {
    const int january_31 = day_from_civil(2024, 1, 31);
    EXPECT_EQ(january_31, 19753);
    EXPECT_EQ(add_months(january_31, 1), day_from_civil(2024, 2, 29));
    EXPECT_EQ(add_months(january_31, 2), day_from_civil(2024, 3, 31));
    EXPECT_EQ(add_months(january_31, 13), day_from_civil(2025, 2, 28));
    EXPECT_EQ(whole_months(day_from_civil(2023, 1, 1), day_from_civil(2023, 12, 31)), 12);
    EXPECT_EQ(whole_months(day_from_civil(2023, 1, 1), day_from_civil(2023, 12, 30)), 0);

    Policy policy = dynamics365();
    policy.renewal_span = RenewalSpan::whole_months_else_days;
    Model model(policy);
    Agreement year = five_cases();
    year.first_day = day_from_civil(2023, 1, 1);
    year.last_day = day_from_civil(2023, 12, 31);
    make_active(model, 1, year);
    Op renew = at(op_of(Kind::renew, 1), noon_of(day_from_civil(2024, 1, 1)));
    renew.new_entitlement = 2;
    ASSERT_TRUE(model.apply(renew).ok);
    EXPECT_EQ(view(model, 2).agreement.last_day, day_from_civil(2024, 12, 31));
}

TEST(Lifecycle, RevisingKeepsWhatWasUsed) {
    Model model(standard());
    make_active(model, 1, on_creation());
    for (const int key : {1, 2}) {
        ASSERT_TRUE(model.apply(opening(key, "phone")).ok);
    }
    Agreement less = on_creation();
    less.total = 1;
    less.channels = {{"phone", 1}};
    EXPECT_EQ(error_of(model, with_agreement(op_of(Kind::amend, 1), less)), "total_below_used");
    Agreement money = hours(500);
    EXPECT_EQ(error_of(model, with_agreement(op_of(Kind::amend, 1), money)), "has_history");
    Agreement more = on_creation();
    more.total = 7;
    EXPECT_EQ(model.apply(with_agreement(op_of(Kind::amend, 1), more)).remaining, 5);

    ASSERT_TRUE(model.apply(op_of(Kind::deactivate, 1)).ok);
    ASSERT_TRUE(model.apply(with_channel(op_of(Kind::remove_channel, 1), "PHONE")).ok);
    EXPECT_EQ(view(model, 1).removed_channels.front().second, -2);
    ASSERT_TRUE(model.apply(on_case(Kind::cancel_case, 1)).ok);
    EXPECT_EQ(view(model, 1).removed_channels.front().second, -1);
    Op relist = with_channel(op_of(Kind::set_channel, 1), "phone");
    relist.quantity = 0;
    EXPECT_EQ(error_of(model, relist), "total_below_used");
    relist.quantity = 3;
    ASSERT_TRUE(model.apply(relist).ok);
    EXPECT_EQ(left_on(model, 1, "phone"), 2);
}

TEST(Lifecycle, AtMostOneDefaultAndCancelDropsIt) {
    Model model(standard());
    make_active(model, 1, five_cases());
    make_active(model, 2, five_cases());
    ASSERT_TRUE(model.apply(op_of(Kind::set_default, 1)).ok);
    ASSERT_TRUE(model.apply(op_of(Kind::set_default, 2)).ok);
    EXPECT_FALSE(model.apply(op_of(Kind::set_default, 2)).recorded);
    EXPECT_FALSE(view(model, 1).is_default);
    EXPECT_EQ(model.apply(opening(1, "phone")).entitlement, 2);
    EXPECT_EQ(error_of(model, op_of(Kind::deactivate, 2)), "");
    EXPECT_TRUE(view(model, 2).is_default);
    EXPECT_EQ(model.apply(opening(2, "phone")).entitlement, 1);
    ASSERT_TRUE(model.apply(op_of(Kind::cancel, 1)).ok);
    EXPECT_EQ(error_of(model, op_of(Kind::remove, 1)), "in_use");
    ASSERT_TRUE(model.apply(on_case(Kind::delete_case, 2)).ok);
    EXPECT_EQ(error_of(model, op_of(Kind::remove, 1)), "");
    EXPECT_EQ(error_of(model, op_of(Kind::activate, 1)), "unknown_entitlement");
}

// ---- Cases --------------------------------------------------------------------------------------

TEST(Cases, ChangedOriginMovesThePosting) {
    Model model(standard());
    make_active(model, 1, on_creation());
    ASSERT_TRUE(model.apply(opening(1, "facebook")).ok);
    ASSERT_TRUE(model.apply(opening(2, "phone")).ok);
    EXPECT_EQ(error_of(model, with_channel(on_case(Kind::change_origin, 2), "facebook")),
              "channel_exhausted");
    EXPECT_EQ(error_of(model, with_channel(on_case(Kind::change_origin, 2), "twitter")),
              "channel_not_listed");
    EXPECT_FALSE(model.apply(with_channel(on_case(Kind::change_origin, 2), "PHONE")).recorded);
    const Answer moved = model.apply(with_channel(on_case(Kind::change_origin, 2), "email"));
    EXPECT_EQ(moved.moved, 0);
    EXPECT_EQ(left(model, 1), 3);
    EXPECT_EQ(left_on(model, 1, "phone"), 2);
    EXPECT_EQ(left_on(model, 1, "email"), 1);
    const std::vector<Entry> ledger = model.ledger(customer);
    const Entry& reversal = ledger[ledger.size() - 2];
    EXPECT_EQ(reversal.kind, EntryKind::reversal);
    EXPECT_EQ(reversal.reverses, (EntryId{4, 0}));
    EXPECT_EQ(reversal.id, (EntryId{5, 0}));
    EXPECT_EQ(ledger.back().id, (EntryId{5, 1}));
    EXPECT_EQ(ledger.back().channel_remaining_after, 1);
}

TEST(Cases, OriginLoopholeUnderDynamics365) {
    Model model(dynamics365());
    make_active(model, 1, on_creation());
    ASSERT_TRUE(model.apply(opening(1, "phone")).ok);
    ASSERT_TRUE(model.apply(with_channel(on_case(Kind::change_origin, 1), "twitter")).ok);
    EXPECT_EQ(left_on(model, 1, "phone"), 1);
    EXPECT_EQ(model.find_case(customer, 1)->facts.origin, "twitter");
    EXPECT_EQ(model.find_case(customer, 1)->standing->channel, "phone");
    ASSERT_TRUE(model.apply(on_case(Kind::cancel_case, 1)).ok);
    EXPECT_EQ(left_on(model, 1, "phone"), 2);
}

TEST(Cases, ReactivationWithANewOriginGivesTheOldChannelBack) {
    Model model(standard());
    make_active(model, 1, five_cases());
    ASSERT_TRUE(model.apply(opening(1, "phone")).ok);
    ASSERT_TRUE(model.apply(on_case(Kind::resolve, 1)).ok);
    ASSERT_TRUE(model.apply(with_channel(on_case(Kind::reactivate, 1), "email", true)).ok);
    EXPECT_EQ(left(model, 1), 5);
    EXPECT_EQ(left_on(model, 1, "phone"), 2);
    EXPECT_EQ(left_on(model, 1, "email"), 2);
    ASSERT_TRUE(model.apply(on_case(Kind::resolve, 1)).ok);
    EXPECT_EQ(left_on(model, 1, "email"), 1);
}

// A case resolved while its channel was not listed, and the channel listed afterwards.
long long web_after_late_listing(const Policy& policy) {
    Model model(policy);
    Agreement agreement = five_cases();
    agreement.restricted = false;
    agreement.channels = {{"phone", 2}};
    make_active(model, 1, agreement);
    EXPECT_TRUE(model.apply(opening(1, "web")).ok);
    EXPECT_TRUE(model.apply(on_case(Kind::resolve, 1)).ok);
    agreement.channels.emplace_back("web", 3);
    EXPECT_TRUE(model.apply(with_agreement(op_of(Kind::amend, 1), agreement)).ok);
    EXPECT_TRUE(model.apply(on_case(Kind::reactivate, 1)).ok);
    EXPECT_EQ(left(model, 1), 5);
    return left_on(model, 1, "web");
}

TEST(Cases, ReactivationToAChannelListedLater) {
    EXPECT_EQ(web_after_late_listing(standard()), 3);
    EXPECT_EQ(web_after_late_listing(crm2014()), 4);
}

TEST(Cases, HoursAreSecondsAndAddUpExactly) {
    Model model(standard());
    make_active(model, 1, hours(3600));
    for (const int key : {1, 2, 3, 4}) {
        ASSERT_TRUE(model.apply(opening(key, "phone")).ok);
    }
    for (const int key : {1, 2, 3}) {
        ASSERT_TRUE(model.apply(on_case(Kind::resolve, key, 1200)).ok);
    }
    EXPECT_EQ(left(model, 1), 0);
    EXPECT_EQ(error_of(model, on_case(Kind::resolve, 4, 1)), "terms_exhausted");
    EXPECT_EQ(error_of(model, on_case(Kind::resolve, 4, -1)), "amount_out_of_range");
    const Answer none = model.apply(opening(5, "phone"));
    EXPECT_EQ(none.error, "not_entitled");
    EXPECT_EQ(none.reason, "terms_exhausted");
    EXPECT_EQ(error_of(model, on_case(Kind::resolve, 4, 0)), "");
}

TEST(Cases, FlaggedCaseMovesNothing) {
    Model model(standard());
    Agreement one = on_creation();
    one.total = 1;
    one.channels.clear();
    make_active(model, 1, one);
    ASSERT_TRUE(model.apply(opening(1, "")).ok);
    EXPECT_EQ(error_of(model, opening(2, "", 1)), "terms_exhausted");
    Op flag = on_case(Kind::set_decrement, 1);
    flag.decrement = false;
    EXPECT_EQ(model.apply(flag).moved, 1);
    EXPECT_EQ(error_of(model, opening(2, "", 1)), "");
    flag.decrement = true;
    EXPECT_EQ(error_of(model, flag), "terms_exhausted");
    EXPECT_FALSE(model.find_case(customer, 1)->facts.decrement);
    ASSERT_TRUE(model.apply(on_case(Kind::delete_case, 2)).ok);
    EXPECT_EQ(model.apply(flag).remaining, 0);
    EXPECT_EQ(model.apply(on_case(Kind::resolve, 1)).moved, 0);
    EXPECT_EQ(error_of(model, on_case(Kind::cancel_case, 1)), "case_state");
    EXPECT_EQ(error_of(model, on_case(Kind::cancel_case, 9)), "unknown_case");
}

TEST(Cases, UnrestrictedGoesBelowZero) {
    Model model(standard());
    Agreement agreement = on_creation();
    agreement.restricted = false;
    agreement.total = 0;
    agreement.channels = {{"phone", 0}};
    make_active(model, 1, agreement);
    EXPECT_EQ(model.apply(opening(1, "phone")).remaining, -1);
    EXPECT_EQ(left_on(model, 1, "phone"), -1);
}

TEST(Cases, CoverageOnlyCountsWithoutALimitButChannelsLimit) {
    Model model(standard());
    Agreement agreement = on_creation();
    agreement.allocation = Allocation::coverage;
    EXPECT_EQ(error_of(model, with_agreement(op_of(Kind::draft, 1), agreement)), "total_not_allowed");
    agreement.total.reset();
    agreement.channels = {{"phone", 1}, {"web", 9}};
    make_active(model, 1, agreement);
    EXPECT_EQ(model.apply(opening(1, "phone")).remaining, -1);
    EXPECT_EQ(error_of(model, opening(2, "phone", 1)), "channel_exhausted");
    EXPECT_EQ(model.apply(opening(2, "")).remaining, -2);
}

TEST(Cases, NothingIsPostedTwiceAfterAnAmendment) {
    Model model(standard());
    make_active(model, 1, on_creation());
    ASSERT_TRUE(model.apply(opening(1, "phone")).ok);
    ASSERT_TRUE(model.apply(with_agreement(op_of(Kind::amend, 1), five_cases())).ok);
    EXPECT_EQ(model.apply(on_case(Kind::resolve, 1)).moved, 0);
    EXPECT_EQ(left(model, 1), 4);
    EXPECT_EQ(model.apply(on_case(Kind::reactivate, 1)).moved, 1);
    EXPECT_EQ(model.apply(on_case(Kind::resolve, 1)).moved, -1);
    ASSERT_TRUE(model.apply(with_agreement(op_of(Kind::amend, 1), on_creation())).ok);
    EXPECT_EQ(model.apply(on_case(Kind::reactivate, 1)).moved, 0);
    EXPECT_EQ(model.apply(on_case(Kind::cancel_case, 1)).moved, 1);
    EXPECT_EQ(left(model, 1), 5);
}

TEST(Cases, ChangedEntitlementGivesBackAndPosts) {
    Model model(standard());
    make_active(model, 1, on_creation());
    make_active(model, 2, on_creation());
    Op theirs = with_agreement(op_of(Kind::draft, 3), on_creation());
    theirs.customer = other_customer;
    ASSERT_TRUE(model.apply(theirs).ok);
    ASSERT_TRUE(model.apply(opening(1, "phone", 1)).ok);
    Op change = on_case(Kind::change_entitlement, 1);
    change.entitlement = 9;
    EXPECT_EQ(error_of(model, change), "unknown_entitlement");
    change.entitlement = 3;
    EXPECT_EQ(error_of(model, change), "not_customers");
    EXPECT_EQ(error_of(model, op_of(Kind::activate, 3)), "unknown_entitlement");
    change.entitlement = 2;
    const Answer changed = model.apply(change);
    EXPECT_EQ(changed.entitlement, 2);
    EXPECT_EQ(changed.moved, -1);
    EXPECT_EQ(left(model, 1), 5);
    EXPECT_EQ(left(model, 2), 4);
    EXPECT_FALSE(model.apply(change).recorded);
}

// ---- Which entitlement --------------------------------------------------------------------------

TEST(Choice, OrderAndReasons) {
    Model model(standard());
    Agreement plain = five_cases();
    Agreement for_product = five_cases();
    for_product.products = {7};
    Agreement for_asset = five_cases();
    for_asset.assets = {8};
    Agreement urgent = five_cases();
    urgent.priority = 1;
    urgent.contacts = {5};
    make_active(model, 1, plain);
    make_active(model, 2, for_product);
    make_active(model, 3, for_asset);
    make_active(model, 4, urgent);
    CaseFacts facts;
    facts.customer = customer;
    facts.origin = "Twitter";
    facts.product = 7;
    const std::vector<Candidate> all = model.explain(facts, noon_of(first_day - 1));
    const std::vector<std::string> status_and_channel = {"not_active", "channel_not_listed"};
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all[0].entitlement, 4);
    EXPECT_EQ(all[0].reasons,
              (std::vector<std::string>{"not_active", "contact_out_of_scope", "channel_not_listed"}));
    EXPECT_EQ(all[1].entitlement, 3);
    EXPECT_EQ(all[2].entitlement, 2);
    EXPECT_EQ(all[2].reasons, status_and_channel);
    EXPECT_EQ(all[3].entitlement, 1);

    const Answer refused = model.apply(opening(1, "twitter"));
    EXPECT_EQ(refused.error, "not_entitled");
    EXPECT_EQ(refused.reason, "channel_not_listed");
    Op op = opening(1, "phone");
    op.product = 7;
    EXPECT_EQ(model.apply(op).entitlement, 2);
    Op nobody = opening(1, "phone");
    nobody.customer = 0;
    EXPECT_EQ(model.apply(nobody).reason, "no_entitlement");
}

// ---- Adjusting, importing, limits, retries ------------------------------------------------------

TEST(Counters, AdjustAndOverflow) {
    Model model(standard());
    make_active(model, 1, five_cases());
    Op adjust = op_of(Kind::adjust, 1);
    EXPECT_EQ(error_of(model, adjust), "nothing_to_adjust");
    adjust.quantity = -2;
    adjust.channel = "fax";
    EXPECT_EQ(error_of(model, adjust), "channel_not_listed");
    adjust.channel = "web";
    adjust.channel_quantity = 4;
    EXPECT_EQ(model.apply(adjust).remaining, 3);
    EXPECT_EQ(left_on(model, 1, "web"), 5);
    adjust.quantity = most_terms - 2;
    EXPECT_EQ(error_of(model, adjust), "terms_overflow");
    adjust.quantity = most_terms - 3;
    EXPECT_EQ(model.apply(adjust).remaining, most_terms);
}

TEST(Counters, Import) {
    Model model(standard());
    Op import = with_agreement(op_of(Kind::import_entitlement, 1), five_cases());
    import.stated_status = Status::expired;
    import.quantity = 6;
    EXPECT_EQ(error_of(model, import), "cannot_expire");
    import.stated_status = Status::active;
    EXPECT_EQ(error_of(model, import), "remaining_above_total");
    import.quantity = 3;
    import.channel_remaining = {{"Phone", 0}, { "web", 1 }};
    const Answer answer = model.apply(import);
    EXPECT_EQ(answer.moved, -2);
    EXPECT_EQ(answer.remaining, 3);
    EXPECT_EQ(left_on(model, 1, "phone"), 0);
    const std::vector<Entry> ledger = model.ledger(customer);
    ASSERT_EQ(ledger.size(), 2U);
    EXPECT_EQ(ledger[1].id, (EntryId{1, 1}));
    EXPECT_EQ(ledger[1].moved_channel, -2);
    EXPECT_EQ(view(model, 1).status, Status::active);

    Model lenient(crm2014());
    import.quantity = 6;
    EXPECT_EQ(lenient.apply(import).remaining, 6);
}

// ---- Templates and purchases (section 7) --------------------------------------------------------

Op setting(int key, const Agreement& agreement, std::optional<Length> lasts = std::nullopt) {
    Op op = with_agreement(op_of(Kind::set_template), agreement);
    op.customer = 0;
    op.from = key;
    op.lasts = lasts;
    return op;
}

Op rule_of(Kind kind, int product, long long at_least, int from = 0) {
    Op op = op_of(kind);
    op.customer = 0;
    op.product = product;
    op.quantity = at_least;
    op.from = from;
    return op;
}

Op using_template(int from, int key) {
    Op op = op_of(Kind::instantiate, key);
    op.from = from;
    return op;
}

Op bought(int purchase, int product, long long quantity) {
    Op op = op_of(Kind::assign);
    op.purchase = purchase;
    op.product = product;
    op.quantity = quantity;
    return op;
}

constexpr int computers = 7;
constexpr int premium = 1;
constexpr int standard_support = 2;

// 500 or more computers: 200 cases through every channel. Fewer: 100, of which 50 by phone and 50 by mail.
void make_catalog(Model& model) {
    Agreement more = five_cases();
    more.total = 200;
    more.restricted = false;
    more.channels.clear();
    Agreement less = five_cases();
    less.total = 100;
    less.channels = {{"phone", 50}, {"email", 50}};
    ASSERT_TRUE(model.apply(setting(premium, more, Length{12, Step::months})).ok);
    ASSERT_TRUE(model.apply(setting(standard_support, less, Length{12, Step::months})).ok);
    ASSERT_TRUE(model.apply(rule_of(Kind::set_rule, computers, 500, premium)).ok);
    ASSERT_TRUE(model.apply(rule_of(Kind::set_rule, computers, 1, standard_support)).ok);
}

TEST(Templates, LastDayIsClampedToTheMonthsEnd) {
    struct Row {
        int used, count;
        Step step;
        int last;
    };
    const std::vector<Row> rows = {
        {day_from_civil(2025, 1, 31), 1, Step::months, day_from_civil(2025, 2, 27)},
        {day_from_civil(2024, 1, 31), 1, Step::months, day_from_civil(2024, 2, 28)},
        {day_from_civil(2025, 1, 31), 2, Step::months, day_from_civil(2025, 3, 30)},
        {day_from_civil(2025, 3, 31), 1, Step::months, day_from_civil(2025, 4, 29)},
        {day_from_civil(2025, 2, 28), 1, Step::months, day_from_civil(2025, 3, 27)},
        {day_from_civil(2025, 2, 1), 1, Step::months, day_from_civil(2025, 2, 28)},
        {day_from_civil(2024, 2, 29), 12, Step::months, day_from_civil(2025, 2, 27)},
        {day_from_civil(2025, 12, 15), 1, Step::months, day_from_civil(2026, 1, 14)},
        {day_from_civil(2025, 1, 31), 1, Step::days, day_from_civil(2025, 1, 31)},
        {day_from_civil(2025, 1, 31), 30, Step::days, day_from_civil(2025, 3, 1)}};
    for (const Row& row : rows) {
        const Template from{five_cases(), Length{row.count, row.step}};
        for (const long long instant : {start_of(row.used), start_of(row.used + 1) - 1}) {
            const Agreement made = agreement_from(from, instant);
            EXPECT_EQ(made.first_day, row.used);
            EXPECT_EQ(made.last_day, row.last) << "from day " << row.used << ", " << row.count;
        }
    }
    EXPECT_EQ(agreement_from({five_cases(), {}}, now), five_cases());
}

TEST(Templates, WhatIsMadeIsADraftAndACopy) {
    Model model(standard());
    make_catalog(model);
    EXPECT_EQ(error_of(model, using_template(3, 1)), "unknown_template");
    Op use = using_template(premium, 1);
    use.agreement.is_default = true;
    ASSERT_TRUE(model.apply(use).recorded);
    EXPECT_EQ(view(model, 1).status, Status::draft);
    EXPECT_EQ(view(model, 1).made_from, premium);
    EXPECT_EQ(view(model, 1).agreement.first_day, 20010);
    EXPECT_TRUE(view(model, 1).is_default);
    EXPECT_EQ(error_of(model, use), "duplicate_id");

    Agreement changed = five_cases();
    changed.total = 7;
    ASSERT_TRUE(model.apply(setting(premium, changed)).ok);
    EXPECT_EQ(left(model, 1), 200);
    ASSERT_TRUE(model.apply(using_template(premium, 2)).ok);
    EXPECT_EQ(left(model, 2), 7);
    EXPECT_EQ(view(model, 2).agreement.last_day, last_day);
    EXPECT_EQ(model.ledger(customer).size(), 2U);
}

TEST(Templates, AreRefusedAsDraftsAre) {
    Model model(standard());
    Agreement backwards = five_cases();
    backwards.last_day = backwards.first_day - 1;
    EXPECT_EQ(error_of(model, setting(1, backwards)), "start_after_end");
    EXPECT_EQ(error_of(model, setting(1, backwards, Length{0, Step::days})), "template_length");
    EXPECT_EQ(error_of(model, setting(0, five_cases())), "id_missing");
    Agreement nothing = five_cases();
    nothing.total.reset();
    EXPECT_EQ(error_of(model, setting(1, nothing)), "total_missing");
    EXPECT_TRUE(model.catalog().templates.empty());
    EXPECT_EQ(error_of(model, setting(1, backwards, Length{1, Step::days})), "");
}

TEST(Templates, StayWhileARuleNeedsThem) {
    Model model(standard());
    make_catalog(model);
    const auto removal = [&](int from) {
        Op op = op_of(Kind::remove_template);
        op.from = from;
        return error_of(model, op);
    };
    EXPECT_EQ(error_of(model, rule_of(Kind::set_rule, computers, 10, 3)), "unknown_template");
    EXPECT_EQ(error_of(model, rule_of(Kind::set_rule, computers, -1, premium)), "quantity_out_of_range");
    EXPECT_EQ(error_of(model, rule_of(Kind::set_rule, 0, 1, premium)), "id_missing");
    EXPECT_EQ(removal(premium), "template_in_use");
    ASSERT_TRUE(model.apply(rule_of(Kind::remove_rule, computers, 500)).ok);
    EXPECT_EQ(removal(premium), "");
    EXPECT_EQ(removal(premium), "");
    EXPECT_EQ(model.catalog().templates.size(), 1U);
}

TEST(Purchases, FiveHundredComputersAndOneLess) {
    Model model(standard());
    make_catalog(model);
    const Answer many = model.apply(bought(1, computers, 500));
    const Answer few = model.apply(bought(2, computers, 499));
    ASSERT_TRUE(many.recorded && few.recorded);
    EXPECT_EQ(many.remaining, 200);
    EXPECT_EQ(few.remaining, 100);
    EXPECT_EQ(view(model, many.entitlement).status, Status::active);
    EXPECT_EQ(view(model, many.entitlement).purchase, (Purchase{1, computers, 500}));
    EXPECT_EQ(model.ledger(customer).size(), 2U) << "made and activated at once";

    EXPECT_EQ(error_of(model, opening(1, "facebook", few.entitlement)), "channel_not_listed");
    EXPECT_EQ(error_of(model, opening(1, "phone", few.entitlement)), "");
    EXPECT_EQ(error_of(model, opening(2, "facebook", many.entitlement)), "");
}

TEST(Purchases, AreAnsweredOnce) {
    Model model(standard());
    make_catalog(model);
    const Op first = bought(1, computers, 500);
    const int key = model.apply(first).entitlement;
    ASSERT_TRUE(model.apply(opening(1, "phone", key)).ok);
    ASSERT_TRUE(model.apply(on_case(Kind::resolve, 1)).ok);

    ASSERT_TRUE(model.apply(rule_of(Kind::remove_rule, computers, 500)).ok);
    const Answer again = model.apply(at(first, now + 100 * microseconds_per_day));
    EXPECT_TRUE(again.ok);
    EXPECT_FALSE(again.recorded);
    EXPECT_EQ(again.entitlement, key);
    EXPECT_EQ(again.remaining, 199);
    EXPECT_EQ(error_of(model, bought(1, computers, 499)), "purchase_exists");
    EXPECT_EQ(error_of(model, bought(1, 8, 500)), "purchase_exists");
    EXPECT_EQ(view(model, key).agreement.last_day, day_from_civil(2025, 10, 13));

    Op others = first;
    others.customer = other_customer;
    EXPECT_EQ(model.apply(others).remaining, 100) << "it is another's purchase, and by today's rules";

    ASSERT_TRUE(model.apply(op_of(Kind::cancel, key)).ok);
    EXPECT_FALSE(model.apply(first).recorded);
    ASSERT_TRUE(model.apply(on_case(Kind::delete_case, 1)).ok);
    ASSERT_TRUE(model.apply(op_of(Kind::remove, key)).ok);
    EXPECT_EQ(error_of(model, first), "purchase_exists");
}

TEST(Purchases, WhatIsAskedFirst) {
    Model model(standard());
    Op op = bought(0, 0, 0);
    op.customer = 0;
    EXPECT_EQ(error_of(model, op), "customer_missing");
    op.customer = customer;
    EXPECT_EQ(error_of(model, op), "id_missing");
    op.purchase = 1;
    EXPECT_EQ(error_of(model, op), "id_missing");
    op.product = computers;
    EXPECT_EQ(error_of(model, op), "quantity_out_of_range");
    op.quantity = 1;
    EXPECT_EQ(error_of(model, op), "no_rule");
    make_catalog(model);
    EXPECT_EQ(error_of(model, bought(1, 8, 1)), "no_rule");
    ASSERT_TRUE(model.apply(rule_of(Kind::remove_rule, computers, 1)).ok);
    EXPECT_EQ(error_of(model, bought(1, computers, 499)), "no_rule");
    EXPECT_EQ(error_of(model, bought(1, computers, 501)), "");
}

TEST(Retries, FirstAnswerAgainForThirtyDays) {
    Model model(standard());
    make_active(model, 1, on_creation());
    Op op = opening(1, "phone");
    op.request = 77;
    EXPECT_EQ(model.apply(op).remaining, 4);
    ASSERT_TRUE(model.apply(opening(2, "phone")).ok);
    const Answer again = model.apply(at(op, now + 29 * microseconds_per_day));
    EXPECT_TRUE(again.ok);
    EXPECT_FALSE(again.recorded);
    EXPECT_EQ(again.remaining, 4);
    Op different = op;
    different.case_key = 3;
    EXPECT_EQ(error_of(model, different), "request_id_reused");

    const Answer later = model.apply(at(op, now + 30 * microseconds_per_day));
    EXPECT_FALSE(later.recorded);
    EXPECT_EQ(later.remaining, 3);
    EXPECT_EQ(error_of(model, opening(1, "email")), "case_exists");

    Op late = at(op_of(Kind::activate, 1), now);
    late.request = 78;
    EXPECT_EQ(error_of(model, late), "already_active");
    late.kind = Kind::deactivate;
    EXPECT_EQ(error_of(model, late), "");
}

TEST(Ledger, NumbersWithoutGapsAndBalancesStep) {
    Model model(standard());
    make_active(model, 1, on_creation());
    EXPECT_FALSE(model.apply(opening(1, "twitter")).ok);
    ASSERT_TRUE(model.apply(opening(1, "phone")).ok);
    ASSERT_TRUE(model.apply(on_case(Kind::resolve, 1)).ok);
    int number = 0;
    for (const Entry& entry : model.ledger(customer)) {
        number += 1;
        EXPECT_EQ(entry.id, (EntryId{number, 0}));
    }
    EXPECT_EQ(number, 4);
    EXPECT_EQ(model.ledger(customer).back().remaining_after, 4);
}

TEST(Policies, ReopeningTooLate) {
    Policy policy = standard();
    policy.reopen_within_days = 30;
    Model model(policy);
    make_active(model, 1, five_cases());
    ASSERT_TRUE(model.apply(opening(1, "phone")).ok);
    ASSERT_TRUE(model.apply(on_case(Kind::resolve, 1)).ok);
    const long long edge = now + 30 * microseconds_per_day;
    EXPECT_EQ(error_of(model, at(on_case(Kind::reactivate, 1), edge + 1)), "reopen_too_late");
    EXPECT_EQ(error_of(model, at(on_case(Kind::reactivate, 1), edge)), "");
}

}  // namespace
}  // namespace entitle_reference
