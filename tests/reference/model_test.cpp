// Proves the reference model itself: the worked example (R12) under three policies, and cases that
// were computed by hand.

#include "reference/model.hpp"

#include <map>
#include <ostream>
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

// ---- Top-ups (section 8) ------------------------------------------------------------------------

Op top_up_of(long long amount, int burn_priority = 100, const std::string& channel = "") {
    Op op = with_channel(op_of(Kind::top_up, 1), channel);
    op.quantity = amount;
    op.burn_priority = burn_priority;
    return op;
}

Op of_seconds(Op op) {
    op.unit = Allocation::hours;
    op.rollover_unit = Allocation::hours;
    return op;
}

Op with_rollover(Op op, long long rollover) {
    op.rollover = rollover;
    return op;
}

Op between(Op op, std::optional<long long> begins, std::optional<long long> expires) {
    op.begins = begins;
    op.expires = expires;
    return op;
}

Op voiding(int number) {
    Op op = op_of(Kind::void_top_up, 1);
    op.top_up = number;
    return op;
}

// The number of the top-up.
int made(Model& model, const Op& op) {
    const Answer answer = model.apply(op);
    EXPECT_TRUE(answer.recorded) << answer.error;
    return answer.number;
}

void run(Model& model, const Op& op) {
    const Answer answer = model.apply(op);
    EXPECT_TRUE(answer.recorded) << answer.error;
}

// What is left of each that has not ended, on a counter.
std::map<int, long long> rests(const Model& model, const std::string& counter = the_total) {
    std::map<int, long long> left;
    for (const TopUp& top_up : view(model, 1).top_ups) {
        const auto found = top_up.left.find(counter);
        left[top_up.terms.number] = found == top_up.left.end() ? 0 : found->second;
    }
    return left;
}

using Rests = std::map<int, long long>;

// One command's entries, in short.
struct Brief {
    EntryKind kind;
    std::string channel;
    long long total, on_channel, amount;
    int top_up;

    bool operator==(const Brief&) const = default;
};

void PrintTo(const Brief& brief, std::ostream* out) {
    *out << static_cast<int>(brief.kind) << " '" << brief.channel << "' " << brief.total << " "
         << brief.on_channel << " (" << brief.amount << ") of " << brief.top_up;
}

std::vector<Entry> last_entries(const Model& model) {
    const std::vector<Entry> ledger = model.ledger(customer);
    std::vector<Entry> entries;
    for (const Entry& entry : ledger) {
        if (entry.id.number == ledger.back().id.number) {
            entries.push_back(entry);
        }
    }
    return entries;
}

std::vector<Brief> last_briefs(const Model& model) {
    std::vector<Brief> briefs;
    for (const Entry& entry : last_entries(model)) {
        briefs.push_back({entry.kind, entry.channel, entry.moved_total, entry.moved_channel, entry.amount,
                          entry.top_up.number});
    }
    return briefs;
}

using Briefs = std::vector<Brief>;

Agreement unrestricted(long long total) {
    Agreement agreement = on_creation();
    agreement.total = total;
    agreement.restricted = false;
    agreement.channels = {{"phone", total}};
    return agreement;
}

// 5 cases every 7 days: the boundary after "now" is at the beginning of day 20014.
Agreement weekly(long long rollover) {
    Agreement agreement = unrestricted(5);
    agreement.period = Period{7, Step::days, std::nullopt, rollover, false};
    return agreement;
}

constexpr long long boundary = start_of(20014);

TEST(TopUps, RaiseTheTotalAndTheChannelThatTheyName) {
    Model model(standard());
    make_active(model, 1, on_creation());
    const Answer answer = model.apply(top_up_of(3, 100, "Phone"));
    EXPECT_EQ(answer.number, 3);
    EXPECT_EQ(answer.moved, 3);
    EXPECT_EQ(answer.remaining, 8);
    EXPECT_EQ(answer.held, 0);
    EXPECT_EQ(left_on(model, 1, "phone"), 5);
    EXPECT_EQ(left_on(model, 1, "web"), 1);
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::allotment, "", 0, 0, start_of(last_day + 1), 0},
                                          {EntryKind::top_up, "phone", 0, 0, 3, 3},
                                          {EntryKind::inception, "", 3, 0, 0, 3},
                                          {EntryKind::inception, "phone", 0, 3, 0, 3}}));
    for (const Entry& entry : last_entries(model)) {
        EXPECT_EQ(entry.reverses, EntryId());
    }
    run(model, top_up_of(2));
    EXPECT_EQ(left(model, 1), 10);
    EXPECT_EQ(left_on(model, 1, "phone"), 5);
    EXPECT_EQ(rests(model), (Rests{{3, 3}, {4, 2}}));
    EXPECT_EQ(rests(model, "phone"), (Rests{{3, 3}, {4, 0}}));
}

TEST(TopUps, PayFirstWhatIsOwed) {
    Model model(standard());
    make_active(model, 1, unrestricted(1));
    for (const int key : {1, 2, 3}) {
        run(model, opening(key, key == 1 ? "" : "phone"));
    }
    EXPECT_EQ(left(model, 1), -2);
    EXPECT_EQ(left_on(model, 1, "phone"), -1);
    const int one = made(model, top_up_of(1));
    EXPECT_EQ(rests(model), (Rests{{one, 0}}));
    EXPECT_EQ(left(model, 1), -1);
    const int five = made(model, top_up_of(5, 100, "phone"));
    const Briefs briefs = last_briefs(model);
    EXPECT_EQ(briefs[2], (Brief{EntryKind::inception, "", 5, 0, 1, five}));
    EXPECT_EQ(briefs[3], (Brief{EntryKind::inception, "phone", 0, 5, 1, five}));
    EXPECT_EQ(rests(model), (Rests{{one, 0}, {five, 4}}));
    EXPECT_EQ(rests(model, "phone")[five], 4);
    EXPECT_EQ(left(model, 1), 4);
    EXPECT_EQ(left_on(model, 1, "phone"), 4);
}

TEST(TopUps, BurnByPriorityThenExpiryThenAge) {
    Model model(standard());
    make_active(model, 1, unrestricted(1));
    const int late = made(model, top_up_of(1));
    const int with_base = made(model, between(top_up_of(1), {}, start_of(last_day + 1)));
    const int early = made(model, between(top_up_of(1), {}, start_of(last_day)));
    const int early_too = made(model, between(top_up_of(1), {}, start_of(last_day)));
    const int after = made(model, between(top_up_of(1, 101), {}, noon_of(20011)));
    const int first = made(model, top_up_of(1, 99));
    EXPECT_EQ(left(model, 1), 7);
    const std::vector<int> order = {first, early, early_too, 0, with_base, late, after, 0};
    int key = 0;
    for (const int payer : order) {
        key += 1;
        run(model, opening(key, ""));
        const Briefs briefs = last_briefs(model);
        EXPECT_EQ(briefs.size(), payer == 0 ? 1U : 2U) << "case " << key;
        EXPECT_EQ(briefs.front().top_up, payer) << "case " << key;
        EXPECT_EQ(briefs.back(), (Brief{EntryKind::posting, "", -1, 0, 0, 0}));
    }
    EXPECT_EQ(left(model, 1), -1);
}

TEST(TopUps, ShareOnePostingAndEachCounterByItself) {
    Model model(standard());
    Agreement agreement = hours(3600);
    agreement.channels = {{"phone", 1800}};
    make_active(model, 1, agreement);
    const int a = made(model, of_seconds(top_up_of(600, 1, "phone")));
    const int b = made(model, of_seconds(top_up_of(100, 2)));
    run(model, opening(1, "phone"));
    run(model, on_case(Kind::resolve, 1, 1000));
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::draw, "", 0, 0, 600, a},
                                          {EntryKind::draw, "", 0, 0, 100, b},
                                          {EntryKind::draw, "phone", 0, 0, 600, a},
                                          {EntryKind::posting, "phone", -1000, -1000, 0, 0}}));
    for (const Entry& entry : last_entries(model)) {
        EXPECT_EQ(entry.case_key, 1);
        EXPECT_EQ(entry.reverses,
                  entry.kind == EntryKind::draw ? (EntryId{entry.top_up.number, 0}) : EntryId());
    }
    EXPECT_EQ(left(model, 1), 3300);
    EXPECT_EQ(left_on(model, 1, "phone"), 1400);
    run(model, on_case(Kind::reactivate, 1));
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::draw, "", 0, 0, -600, a},
                                          {EntryKind::draw, "", 0, 0, -100, b},
                                          {EntryKind::draw, "phone", 0, 0, -600, a},
                                          {EntryKind::reversal, "phone", 1000, 1000, 0, 0}}));
    EXPECT_EQ(rests(model), (Rests{{a, 600}, {b, 100}}));
    EXPECT_EQ(rests(model, "phone")[a], 600);
    EXPECT_EQ(left(model, 1), 4300);
}

TEST(TopUps, PayNegativeCorrectionsAndGainNothingByPositive) {
    Model model(standard());
    make_active(model, 1, unrestricted(2));
    const int a = made(model, top_up_of(3, 99, "phone"));
    Op adjust = with_channel(op_of(Kind::adjust, 1), "phone");
    adjust.quantity = -4;
    adjust.channel_quantity = 1;
    run(model, adjust);
    EXPECT_EQ(last_briefs(model),
              (Briefs{{EntryKind::draw, "", 0, 0, 3, a}, {EntryKind::adjustment, "phone", -4, 1, 0, 0}}));
    EXPECT_EQ(rests(model, "phone")[a], 3);
    EXPECT_EQ(left_on(model, 1, "phone"), 6);
    adjust.quantity = 2;
    adjust.channel_quantity = -7;
    run(model, adjust);
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::draw, "phone", 0, 0, 3, a},
                                          {EntryKind::adjustment, "phone", 2, -7, 0, 0}}));
    EXPECT_EQ(rests(model)[a], 0);
    EXPECT_EQ(left(model, 1), 3);
    EXPECT_EQ(left_on(model, 1, "phone"), -1);
}

TEST(TopUps, ThatHaveEndedGetNothingBack) {
    for (const bool voids : {false, true}) {
        Model model(standard());
        make_active(model, 1, hours(3600));
        const int a = made(model, between(of_seconds(top_up_of(600, 1)), {}, noon_of(20011)));
        run(model, opening(1, ""));
        run(model, on_case(Kind::resolve, 1, 1000));
        if (voids) {
            run(model, voiding(a));
        }
        run(model, at(on_case(Kind::reactivate, 1), voids ? now : noon_of(20011)));
        Briefs briefs = last_briefs(model);
        if (!voids) {
            EXPECT_EQ(briefs.front(), (Brief{EntryKind::expiry, "", 0, 0, 0, a}));
            briefs.erase(briefs.begin());
        }
        EXPECT_EQ(briefs, (Briefs{{EntryKind::reversal, "", 1000, 0, 0, 0},
                                  {EntryKind::forfeit, "", -600, 0, 0, 0}}));
        EXPECT_EQ(left(model, 1), 3600);
        EXPECT_TRUE(rests(model).empty());
    }
}

TEST(TopUps, PayAtTheEndOfACommandWhatItLeftOwed) {
    Model model(standard());
    make_active(model, 1, unrestricted(1));
    const int a = made(model, top_up_of(1, 1));
    for (const int key : {1, 2, 3}) {
        run(model, opening(key, ""));
    }
    EXPECT_EQ(left(model, 1), -1);
    run(model, on_case(Kind::cancel_case, 1));
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::draw, "", 0, 0, -1, a},
                                          {EntryKind::reversal, "", 1, 0, 0, 0},
                                          {EntryKind::draw, "", 0, 0, 1, a}}));
    EXPECT_EQ(rests(model), (Rests{{a, 0}}));
    EXPECT_EQ(left(model, 1), 0);
    run(model, on_case(Kind::cancel_case, 2));
    EXPECT_EQ(rests(model), (Rests{{a, 0}})) << "the second was paid by what was agreed";
    EXPECT_EQ(left(model, 1), 1);
}

TEST(TopUps, PayWhatARevisionLeavesOwed) {
    Model model(standard());
    make_active(model, 1, on_creation());
    const int late = made(model, top_up_of(2, 200, "phone"));
    const int soon = made(model, top_up_of(1, 150));
    for (const int key : {1, 2, 3, 4}) {
        run(model, opening(key, key < 3 ? "phone" : ""));
    }
    EXPECT_EQ(rests(model), (Rests{{late, 2}, {soon, 1}}));
    Agreement less = on_creation();
    less.total = 2;
    less.channels = {{"phone", 1}};
    run(model, with_agreement(op_of(Kind::amend, 1), less));
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::note, "", 0, 0, 0, 0},
                                          {EntryKind::draw, "", 0, 0, 1, soon},
                                          {EntryKind::draw, "", 0, 0, 1, late},
                                          {EntryKind::draw, "phone", 0, 0, 1, late}}));
    EXPECT_EQ(left(model, 1), 1);
    EXPECT_EQ(left_on(model, 1, "phone"), 1);
    EXPECT_EQ(rests(model), (Rests{{late, 1}, {soon, 0}}));
    less.total = 0;
    less.channels.clear();
    EXPECT_EQ(error_of(model, with_agreement(op_of(Kind::amend, 1), less)), "total_below_used");
}

TEST(TopUps, GetTheirOwnBackWhenAPostingMovesToAnotherChannel) {
    Model model(standard());
    make_active(model, 1, on_creation());
    const int a = made(model, top_up_of(2, 1, "phone"));
    run(model, opening(1, "phone"));
    run(model, with_channel(on_case(Kind::change_origin, 1), "email"));
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::draw, "", 0, 0, -1, a},
                                          {EntryKind::draw, "phone", 0, 0, -1, a},
                                          {EntryKind::reversal, "phone", 1, 1, 0, 0},
                                          {EntryKind::draw, "", 0, 0, 1, a},
                                          {EntryKind::posting, "email", -1, -1, 0, 0}}));
    EXPECT_EQ(rests(model, "phone")[a], 2);
    EXPECT_EQ(rests(model)[a], 1);
}

TEST(TopUps, Crm2014ReturnsToTheBaseOfTheChannelOfTheOrigin) {
    Model model(crm2014());
    Agreement agreement = five_cases();
    agreement.restricted = false;
    agreement.channels = {{"phone", 2}};
    make_active(model, 1, agreement);
    const int a = made(model, top_up_of(2, 1));
    run(model, opening(1, "web"));
    run(model, on_case(Kind::resolve, 1));
    EXPECT_EQ(rests(model)[a], 1);
    agreement.channels.emplace_back("web", 3);
    run(model, with_agreement(op_of(Kind::amend, 1), agreement));
    const int web = made(model, top_up_of(4, 1, "web"));
    run(model, on_case(Kind::reactivate, 1));
    EXPECT_EQ(rests(model), (Rests{{a, 2}, {web, 4}}));
    EXPECT_EQ(rests(model, "web")[web], 4);
    EXPECT_EQ(left_on(model, 1, "web"), 3 + 4 + 1);

    run(model, opening(2, "web"));
    run(model, on_case(Kind::resolve, 2));
    EXPECT_EQ(rests(model, "web")[web], 3);
    run(model, on_case(Kind::reactivate, 2));
    EXPECT_EQ(rests(model, "web")[web], 4) << "the very channel where it was posted";
    EXPECT_EQ(left_on(model, 1, "web"), 8);
}

TEST(TopUps, PassBoundariesAsFarAsTheirRolloverSays) {
    Model model(standard());
    make_active(model, 1, weekly(1));
    const int a = made(model, with_rollover(top_up_of(4, 1, "phone"), 1));
    EXPECT_EQ(last_briefs(model).front().amount, boundary);
    const int b = made(model, top_up_of(3, 200));
    const int gone = made(model, between(top_up_of(6, 200), {}, boundary));
    const int fresh = made(model, with_rollover(between(top_up_of(7, 200), boundary, {}), 0));
    for (const int key : {1, 2}) {
        run(model, opening(key, "phone"));
    }
    EXPECT_EQ(left(model, 1), 5 + 2 + 3 + 6);
    run(model, at(opening(3, ""), boundary));
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::expiry, "", -6, 0, 0, gone},
                                          {EntryKind::lapse, "", 0, 0, 1, a},
                                          {EntryKind::lapse, "phone", 0, 0, 1, a},
                                          {EntryKind::period, "", 1 - 1, 0, 1, 0},
                                          {EntryKind::allotment, "", 0, 0, start_of(20021), 0},
                                          {EntryKind::inception, "", 7, 0, 0, fresh},
                                          {EntryKind::draw, "", 0, 0, 1, a},
                                          {EntryKind::posting, "", -1, 0, 0, 0}}));
    for (const Entry& entry : last_entries(model)) {
        EXPECT_EQ(entry.instant, boundary);
        EXPECT_EQ(entry.by_time, entry.kind != EntryKind::draw && entry.kind != EntryKind::posting);
        EXPECT_EQ(entry.reverses, (EntryId{entry.top_up.number, 0}));
    }
    EXPECT_EQ(rests(model), (Rests{{a, 0}, {b, 3}, {fresh, 7}}));
    EXPECT_EQ(left(model, 1), 6 + 3 + 7);
    EXPECT_EQ(left_on(model, 1, "phone"), 6 + 1);

    const int at_it = made(model, at(with_rollover(top_up_of(1, 200), 0), boundary));
    EXPECT_EQ(rests(model)[at_it], 1) << "made at the boundary: of the new period";
    run(model, at(opening(4, ""), start_of(20021)));
    EXPECT_EQ(rests(model), (Rests{{a, 0}, {b, 3}, {fresh, 0}, {at_it, 0}}));
    EXPECT_EQ(left(model, 1), 5 + 1 + 3 - 1);
}

TEST(TopUps, PassABoundaryWithWhatIsOwedApart) {
    Model model(standard());
    Agreement agreement = weekly(0);
    agreement.period->preserve_overage = true;
    agreement.total = 1;
    agreement.channels.clear();
    make_active(model, 1, agreement);
    for (const int key : {1, 2, 3}) {
        run(model, opening(key, ""));
    }
    const int a = made(model, between(top_up_of(3), boundary, {}));
    EXPECT_EQ(rests(model), (Rests{{a, 0}}));
    run(model, at(opening(4, ""), boundary));
    EXPECT_EQ(left(model, 1), 1 - 2 + 3 - 1);
    EXPECT_EQ(rests(model), (Rests{{a, 1}})) << "of 3, 1 paid what was owed after the boundary, 1 the case";
}

TEST(TopUps, GetLateReturnsAsFarAsTheyWouldHavePassed) {
    Model model(standard());
    make_active(model, 1, weekly(0));
    const int a = made(model, with_rollover(top_up_of(4, 1), 3));
    for (const int key : {1, 2}) {
        run(model, opening(key, ""));
    }
    run(model, at(on_case(Kind::cancel_case, 1), boundary + 1));
    Briefs briefs = last_briefs(model);
    briefs.erase(briefs.begin(), briefs.begin() + 2);  // the boundary's
    EXPECT_EQ(briefs, (Briefs{{EntryKind::draw, "", 0, 0, -1, a}, {EntryKind::reversal, "", 1, 0, 0, 0}}));
    EXPECT_EQ(rests(model), (Rests{{a, 3}}));
    EXPECT_EQ(left(model, 1), 8);
    run(model, at(on_case(Kind::cancel_case, 2), boundary + 1));
    EXPECT_EQ(last_briefs(model),
              (Briefs{{EntryKind::reversal, "", 1, 0, 0, 0}, {EntryKind::forfeit, "", -1, 0, 0, 0}}));
    EXPECT_EQ(rests(model), (Rests{{a, 3}}));
    EXPECT_EQ(left(model, 1), 8);
}

TEST(TopUps, GetLateReturnsThroughSeveralBoundaries) {
    Model model(standard());
    Agreement agreement = weekly(2);
    agreement.total = 1;
    agreement.channels.clear();
    make_active(model, 1, agreement);
    const int a = made(model, with_rollover(top_up_of(3, 1), 2));
    for (const int key : {1, 2, 3, 4}) {  // three from the top-up, one from what was agreed
        run(model, opening(key, ""));
    }
    EXPECT_EQ(left(model, 1), 0);
    run(model, at(opening(5, ""), boundary));  // of what was agreed, which is 1 again
    run(model, at(on_case(Kind::cancel_case, 1), boundary + 1));
    EXPECT_EQ(rests(model), (Rests{{a, 1}}));
    // It is 1 before the second boundary; the next return would have made it 2, which passes.
    run(model, at(on_case(Kind::cancel_case, 2), start_of(20021)));
    EXPECT_EQ(rests(model), (Rests{{a, 2}}));
    // The third finds 2 before it at both, of which no more than 2 pass.
    run(model, at(on_case(Kind::cancel_case, 3), start_of(20021)));
    EXPECT_EQ(rests(model), (Rests{{a, 2}}));
    EXPECT_EQ(left(model, 1), 1 + 2);
    // What was agreed gets its own back through both: 1 + 1, of which none was owed.
    run(model, at(on_case(Kind::cancel_case, 4), start_of(20021)));
    EXPECT_EQ(rests(model), (Rests{{a, 2}}));
    EXPECT_EQ(left(model, 1), 2 + 2);
}

TEST(TopUps, BeginAndExpireWhenTheirTimeComes) {
    Model model(standard());
    make_active(model, 1, on_creation());
    const int later = made(model, between(top_up_of(3, 1, "phone"), noon_of(20012), noon_of(20014)));
    EXPECT_EQ(last_briefs(model).size(), 2U) << "its allotment, and itself";
    const int sooner = made(model, between(top_up_of(1, 2), noon_of(20012), noon_of(20013)));
    EXPECT_EQ(left(model, 1), 5);
    EXPECT_EQ(view(model, 1).due, noon_of(20012));
    const auto left_at = [&](long long instant) {
        return model.entitlements_at(customer, instant).front().remaining;
    };
    EXPECT_EQ(left_at(noon_of(20012) - 1), 5);
    EXPECT_EQ(left_at(noon_of(20012)), 9);
    EXPECT_EQ(left_at(noon_of(20013) - 1), 9);
    EXPECT_EQ(left_at(noon_of(20013)), 8);
    EXPECT_EQ(left_at(noon_of(20014)), 5);
    EXPECT_EQ(model.entitlements_at(customer, noon_of(20013)).front().top_ups.size(), 1U);
    EXPECT_EQ(left(model, 1), 5) << "looking records nothing";
    const Answer answer = model.apply(at(opening(1, "phone"), noon_of(20013)));
    EXPECT_EQ(answer.moved, -1) << "what time brought is not the command's own";
    EXPECT_EQ(answer.remaining, 7);
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::inception, "", 3, 0, 0, later},
                                          {EntryKind::inception, "phone", 0, 3, 0, later},
                                          {EntryKind::inception, "", 1, 0, 0, sooner},
                                          {EntryKind::expiry, "", -1, 0, 0, sooner},
                                          {EntryKind::draw, "", 0, 0, 1, later},
                                          {EntryKind::draw, "phone", 0, 0, 1, later},
                                          {EntryKind::posting, "phone", -1, -1, 0, 0}}));
    EXPECT_EQ(last_entries(model).front().instant, noon_of(20012));
    EXPECT_EQ(last_entries(model).front().reverses, (EntryId{later, 0}));
    EXPECT_EQ(last_entries(model)[3].instant, noon_of(20013));
    run(model, at(with_agreement(op_of(Kind::amend, 1), five_cases()), noon_of(20014)));
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::expiry, "", -2, 0, 0, later},
                                          {EntryKind::expiry, "phone", 0, -2, 0, later},
                                          {EntryKind::note, "", 0, 0, 0, 0}}));
    EXPECT_EQ(left(model, 1), 5);
    EXPECT_EQ(left_on(model, 1, "phone"), 2);
}

TEST(TopUps, TimeGoesOnInDraftAndAfterTheEndButNotAfterCancel) {
    for (const bool cancels : {false, true}) {
        Model model(standard());
        make_active(model, 1, on_creation());
        run(model, between(top_up_of(3), start_of(last_day + 3), {}));
        run(model, between(top_up_of(1), {}, start_of(last_day + 4)));
        if (cancels) {
            run(model, op_of(Kind::cancel, 1));
        }
        const auto later = model.entitlements_at(customer, start_of(last_day + 5)).front();
        EXPECT_EQ(later.remaining, cancels ? 6 : 8);
        EXPECT_EQ(later.top_ups.size(), cancels ? 2U : 1U);
        EXPECT_EQ(later.due.has_value(), false);
    }
    Model model(standard());
    ASSERT_TRUE(model.apply(with_agreement(op_of(Kind::draft, 1), on_creation())).ok);
    run(model, between(top_up_of(3), noon_of(20011), noon_of(20012)));
    EXPECT_EQ(model.entitlements_at(customer, noon_of(20011)).front().remaining, 8);
    EXPECT_EQ(model.entitlements_at(customer, noon_of(20012)).front().remaining, 5);
}

TEST(TopUps, AClockThatGoesBackUndoesNothing) {
    Model model(standard());
    make_active(model, 1, weekly(0));
    const int a = made(model, with_rollover(top_up_of(4, 1), 1));
    run(model, at(opening(1, ""), boundary));
    EXPECT_EQ(rests(model), (Rests{{a, 0}}));
    const int b = made(model, with_rollover(between(top_up_of(2), now - 5, noon_of(20012)), 0));
    EXPECT_EQ(view(model, 1).top_ups.back().terms.from, now) << "a past beginning is now";
    EXPECT_EQ(last_briefs(model).front().amount, start_of(20021));
    EXPECT_EQ(rests(model)[b], 2) << "the boundary before has been, and is not passed again";
    run(model, at(opening(2, ""), noon_of(20012)));
    EXPECT_EQ(rests(model), (Rests{{a, 0}}));
}

TEST(TopUps, VoidedOnesLoseTheirRest) {
    Model model(standard());
    make_active(model, 1, on_creation());
    const int a = made(model, top_up_of(3, 1, "phone"));
    const int later = made(model, between(top_up_of(2), noon_of(20012), {}));
    run(model, opening(1, "phone"));
    EXPECT_EQ(error_of(model, voiding(a + 2)), "unknown_top_up");
    EXPECT_EQ(error_of(model, voiding(0)), "unknown_top_up");
    const Answer answer = model.apply(voiding(a));
    EXPECT_EQ(answer.moved, -2);
    EXPECT_EQ(answer.remaining, 5);
    EXPECT_EQ(last_briefs(model),
              (Briefs{{EntryKind::voiding, "", -2, 0, 0, a}, {EntryKind::voiding, "phone", 0, -2, 0, a}}));
    EXPECT_EQ(last_entries(model).front().reverses, (EntryId{a, 0}));
    EXPECT_EQ(error_of(model, voiding(a)), "unknown_top_up");
    run(model, voiding(later));
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::voiding, "", 0, 0, 0, later}}));
    EXPECT_EQ(model.entitlements_at(customer, noon_of(20013)).front().remaining, 5);
    const int last = made(model, top_up_of(1));
    run(model, op_of(Kind::cancel, 1));
    EXPECT_EQ(error_of(model, voiding(a)), "unknown_top_up");
    EXPECT_EQ(error_of(model, voiding(last)), "not_active");
}

TEST(TopUps, AreRefusedInThisOrder) {
    Model model(standard());
    Op op = with_rollover(between(top_up_of(0), now + 5, now + 5), -1);
    op.unit = Allocation::hours;
    op.channel = "fax";
    EXPECT_EQ(error_of(model, op), "unknown_entitlement");
    make_active(model, 1, on_creation());
    EXPECT_EQ(error_of(model, at(op, start_of(last_day + 1))), "not_active");
    EXPECT_EQ(error_of(model, op), "unit_mismatch");
    op.unit = Allocation::cases;
    op.rollover_unit = Allocation::hours;
    EXPECT_EQ(error_of(model, op), "unit_mismatch");
    op.rollover_unit = Allocation::cases;
    EXPECT_EQ(error_of(model, op), "total_out_of_range");
    op.quantity = most_terms + 1;
    EXPECT_EQ(error_of(model, op), "total_out_of_range");
    op.quantity = most_terms;
    EXPECT_EQ(error_of(model, op), "rollover_out_of_range");
    op.rollover = most_terms + 1;
    EXPECT_EQ(error_of(model, op), "rollover_out_of_range");
    op.rollover = most_terms;
    EXPECT_EQ(error_of(model, op), "channel_not_listed");
    op.channel = "web";
    EXPECT_EQ(error_of(model, op), "top_up_span");
    op.begins.reset();
    EXPECT_EQ(error_of(model, op), "terms_overflow");
    op.quantity = most_terms - 5;
    EXPECT_EQ(error_of(model, op), "");
    EXPECT_EQ(error_of(model, top_up_of(1)), "terms_overflow");
    run(model, op_of(Kind::cancel, 1));
    EXPECT_EQ(error_of(model, op), "not_active");

    Agreement coverage = on_creation();
    coverage.allocation = Allocation::coverage;
    coverage.total.reset();
    Model other(standard());
    make_active(other, 1, coverage);
    EXPECT_EQ(error_of(other, op), "total_not_allowed");
}

TEST(TopUps, AreNoMoreThanAThousandAtATime) {
    Model model(standard());
    Agreement agreement = unrestricted(1);
    agreement.channels.clear();
    make_active(model, 1, agreement);
    for (int i = 0; i < most_top_ups; ++i) {
        ASSERT_TRUE(model.apply(between(top_up_of(1), noon_of(20012), {})).ok);
    }
    EXPECT_EQ(error_of(model, top_up_of(1)), "too_many_top_ups");
    run(model, voiding(3));
    EXPECT_EQ(error_of(model, top_up_of(1)), "");
}

TEST(TopUps, CountAsHistoryAndStayThroughTheLifecycle) {
    Model model(standard());
    Agreement agreement = on_creation();
    make_active(model, 1, agreement);
    run(model, between(top_up_of(3, 1, "phone"), noon_of(20012), {}));
    EXPECT_EQ(error_of(model, with_agreement(op_of(Kind::amend, 1), hours(500))), "has_history");
    run(model, at(op_of(Kind::deactivate, 1), noon_of(20012)));
    run(model, at(with_channel(op_of(Kind::remove_channel, 1), "phone"), noon_of(20012)));
    EXPECT_EQ(view(model, 1).removed_channels, (ChannelAmounts{{"phone", 3}}));
    EXPECT_EQ(rests(model, "phone"), (Rests{{3, 3}}));
    run(model, at(op_of(Kind::activate, 1), noon_of(20012)));
    EXPECT_EQ(left(model, 1), 8);
    run(model, at(op_of(Kind::cancel, 1), noon_of(20012)));
    Op renew = at(op_of(Kind::renew, 1), noon_of(20012));
    renew.new_entitlement = 2;
    run(model, renew);
    EXPECT_TRUE(view(model, 2).top_ups.empty());
    EXPECT_EQ(left(model, 2), 5);
}

TEST(TopUps, ChangedCoverageAndPeriodsTellUntilWhenTheBaseLasts) {
    Model model(standard());
    Agreement agreement = on_creation();
    make_active(model, 1, agreement);
    agreement.last_day += 1;
    run(model, with_agreement(op_of(Kind::amend, 1), agreement));
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::note, "", 0, 0, 0, 0}}));
    const int number = made(model, top_up_of(1));
    agreement.last_day += 1;
    run(model, with_agreement(op_of(Kind::amend, 1), agreement));
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::note, "", 0, 0, 0, 0},
                                          {EntryKind::allotment, "", 0, 0, start_of(last_day + 3), 0}}));
    agreement.channels.clear();
    agreement.period = Period{7, Step::days, std::nullopt, std::nullopt, false};
    run(model, with_agreement(op_of(Kind::amend, 1), agreement));
    EXPECT_EQ(last_briefs(model).back(), (Brief{EntryKind::allotment, "", 0, 0, boundary, 0}));
    run(model, voiding(number));
    agreement.last_day += 1;
    run(model, with_agreement(op_of(Kind::amend, 1), agreement));
    EXPECT_EQ(last_briefs(model).back().kind, EntryKind::note);
}

TEST(TopUps, AreMadeOnceUnderOneRequest) {
    Model model(standard());
    make_active(model, 1, on_creation());
    Op op = top_up_of(3);
    op.request = 9;
    EXPECT_EQ(model.apply(op).number, 3);
    const Answer again = model.apply(at(op, now + 1));
    EXPECT_TRUE(again.ok);
    EXPECT_FALSE(again.recorded);
    EXPECT_EQ(again.number, 3);
    EXPECT_EQ(left(model, 1), 8);
    op.burn_priority = 99;
    EXPECT_EQ(error_of(model, op), "request_id_reused");
    Op cancels = voiding(3);
    cancels.request = 10;
    EXPECT_EQ(model.apply(cancels).moved, -3);
    EXPECT_EQ(model.apply(cancels).remaining, 5);
    EXPECT_EQ(left(model, 1), 5);
}

TEST(TopUps, KnowNothingOfHolds) {
    Model model(desk());
    make_active(model, 1, five_cases());
    const int a = made(model, top_up_of(1, 1));
    run(model, opening(1, ""));
    EXPECT_EQ(rests(model), (Rests{{a, 1}}));
    EXPECT_EQ(view(model, 1).held, 1);
    EXPECT_EQ(view(model, 1).remaining, 6);
    run(model, on_case(Kind::resolve, 1));
    EXPECT_EQ(rests(model), (Rests{{a, 0}}));
}

TEST(TopUps, OfTheFormerEntitlementGetTheirOwnBackWhenACaseMoves) {
    Model model(standard());
    make_active(model, 1, unrestricted(1));
    make_active(model, 2, unrestricted(1));
    const int a = made(model, top_up_of(1, 1));
    for (const int key : {1, 2, 3}) {
        run(model, opening(key, "", 1));
    }
    Op change = on_case(Kind::change_entitlement, 1);
    change.entitlement = 2;
    run(model, change);
    EXPECT_EQ(last_briefs(model), (Briefs{{EntryKind::draw, "", 0, 0, -1, a},
                                          {EntryKind::reversal, "", 1, 0, 0, 0},
                                          {EntryKind::draw, "", 0, 0, 1, a},
                                          {EntryKind::posting, "", -1, 0, 0, 0}}));
    EXPECT_EQ(left(model, 1), 0);
    EXPECT_EQ(left(model, 2), 0);
}

// ---- Retries, the ledger, policies --------------------------------------------------------------

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
