#include <algorithm>
#include <set>
#include <string>

#include "desk.hpp"

// Section 12: errors are values with a stable name and a sentence with the facts in it.

namespace conformance {
namespace {

ErrorCode code_at(std::size_t i) { return static_cast<ErrorCode>(i); }

TEST(ErrorCodes, have_unique_snake_case_names) {
    std::set<std::string_view> names;
    for (std::size_t i = 0; i < error_code_count; ++i) {
        const std::string_view name = name_of(code_at(i));
        EXPECT_FALSE(name.empty()) << i;
        EXPECT_TRUE(names.insert(name).second) << name;
        EXPECT_TRUE(std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || c == '_' || (c >= '0' && c <= '9');
        })) << name;
        EXPECT_NE(name.front(), '_');
        EXPECT_NE(name.back(), '_');
    }
}

TEST(ErrorCodes, have_a_sentence_that_ends_with_the_name) {
    for (std::size_t i = 1; i < error_code_count; ++i) {
        Error error;
        error.code = code_at(i);
        const std::string text = fmt::format("{}", error);
        const std::string ending = fmt::format(" ({})", name_of(error.code));
        ASSERT_GT(text.size(), ending.size() + 8) << text;
        EXPECT_EQ(text.substr(text.size() - ending.size()), ending);
    }
}

TEST(ErrorCodes, are_at_their_names_place) {
    EXPECT_EQ(name_of(ErrorCode::none), "none");
    EXPECT_EQ(name_of(ErrorCode::start_after_end), "start_after_end");
    EXPECT_EQ(name_of(ErrorCode::unknown_entitlement), "unknown_entitlement");
    EXPECT_EQ(name_of(ErrorCode::unknown_case), "unknown_case");
    EXPECT_EQ(name_of(ErrorCode::not_customers), "not_customers");
    EXPECT_EQ(name_of(ErrorCode::terms_overflow), "terms_overflow");
    EXPECT_EQ(name_of(ErrorCode::window_out_of_range), "window_out_of_range");
    EXPECT_EQ(name_of(ErrorCode::calendar_exhausted), "calendar_exhausted");
    EXPECT_EQ(name_of(ErrorCode::store_limit), "store_limit");
    EXPECT_EQ(name_of(ErrorCode::store_failed), "store_failed");
    EXPECT_EQ(name_of(ErrorCode::outcome_unknown), "outcome_unknown");
}

std::string sentence_of(const Outcome& outcome) {
    return outcome ? "no error" : fmt::format("{}", outcome.error());
}

TEST(ErrorSentence, says_what_is_left_of_what) {
    Desk desk;
    const EntitlementId id =
        desk.grant(agreed(on_creation(1), {{Channel::phone, cases(1)}, {Channel::email, cases(0)}}));
    EXPECT_EQ(sentence_of(desk.open_on(id, "e1", Channel::email)),
              "email: 1 case needed, 0 cases of 0 cases left (channel_exhausted)");
    ASSERT_THAT(desk.open("p1", Channel::phone), ok());
    EXPECT_EQ(sentence_of(desk.open_on(id, "p2", Channel::phone)),
              "1 case needed, 0 cases of 1 case left (terms_exhausted)");
    EXPECT_EQ(sentence_of(desk.open_on(id, "w1", Channel::web)),
              "web: not a channel of the entitlement (channel_not_listed)");
}

TEST(ErrorSentence, says_hours_and_money_as_people_write_them) {
    Desk desk;
    (void)desk.grant(agreed({.total = hours(1h), .decrease_on = DecreaseOn::resolution, .restricted = true}));
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_EQ(sentence_of(desk.resolve("c1", 90min)),
              "1:30:00 hours needed, 1:00:00 hours of 1:00:00 hours left (terms_exhausted)");
}

TEST(ErrorSentence, says_what_is_left_of_a_channel_in_its_unit) {
    Desk desk;
    (void)desk.grant(agreed({.total = hours(5h), .decrease_on = DecreaseOn::resolution, .restricted = true},
                            {{Channel::phone, hours(2h)}}));
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    ASSERT_THAT(desk.open("c2", Channel::phone), ok());
    ASSERT_THAT(desk.resolve("c1", 30min), ok());
    EXPECT_EQ(sentence_of(desk.resolve("c2", 2h)),
              "phone: 2:00:00 hours needed, 1:30:00 hours of 2:00:00 hours left (channel_exhausted)");
}

TEST(ErrorSentence, counts_as_left_what_the_case_holds_on_that_channel_only) {
    Desk desk{{.origin_change = OriginChange::ignore}};
    (void)desk.grant(agreed({.total = hours(9h), .decrease_on = DecreaseOn::resolution, .restricted = true},
                            {{Channel::phone, hours(4h)}, {Channel::email, hours(2h)}}));
    ASSERT_THAT(desk.open("c1", Channel::phone), ok());
    ASSERT_THAT(desk.run(HoldTerms{.id = "c1"_case, .quantity = hours(3h)}), ok());
    EXPECT_EQ(sentence_of(desk.resolve("c1", 5h)),
              "phone: 5:00:00 hours needed, 4:00:00 hours of 4:00:00 hours left (channel_exhausted)");
    ASSERT_THAT(desk.change_origin("c1", Channel::email), ok());
    EXPECT_EQ(sentence_of(desk.resolve("c1", 5h)),
              "email: 5:00:00 hours needed, 2:00:00 hours of 2:00:00 hours left (channel_exhausted)");
}

TEST(ErrorSentence, says_the_status_and_the_state) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.resolve("c1"), ok());
    EXPECT_EQ(sentence_of(desk.cancel("c1")), "the case is resolved (case_state)");
    desk.now = year_after;
    EXPECT_EQ(sentence_of(desk.activate(id)), "the entitlement is expired (cannot_activate)");
    EXPECT_EQ(sentence_of(desk.open_on(id, "c2")), "the entitlement is expired (not_active)");
}

TEST(ErrorSentence, says_why_nothing_admits) {
    Desk desk;
    const std::string text = sentence_of(desk.open("c1"));
    EXPECT_NE(text.find("no_entitlement"), std::string::npos) << text;
    EXPECT_NE(text.find("(not_entitled)"), std::string::npos) << text;
}

TEST(ErrorSentence, says_which_total_was_passed) {
    Desk desk;
    EXPECT_EQ(sentence_of(desk.run(agreed(on_creation(5), {{Channel::phone, cases(6)}}))),
              "phone: 6 cases is more than the total of 5 cases (channel_exceeds_total)");
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    for (const char* c : {"c1", "c2", "c3"}) ASSERT_THAT(desk.open(c), ok());
    EXPECT_EQ(sentence_of(desk.run(Amend{.id = id, .changes = {.terms = on_creation(2)}})),
              "2 cases agreed, but what was used leaves -1 case (total_below_used)");
}

TEST(ErrorSentence, says_what_passed_the_limit_of_terms) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(unrestricted(100'000'000'000)));
    EXPECT_EQ(sentence_of(desk.run(Adjust{.id = id, .quantity = cases(7), .reason = "a letter"})),
              "100000000000 cases left and 7 cases more pass the limit of 100,000,000,000 terms "
              "(terms_overflow)");
}

TEST(ErrorSentence, says_which_counter_passed_the_limit_of_terms) {
    Desk desk;
    const EntitlementId id =
        desk.grant(agreed(unrestricted(100'000'000'000), {{Channel::phone, cases(100'000'000'000)}}));
    ASSERT_THAT(desk.run(Adjust{.id = id, .quantity = cases(-5), .reason = "a letter"}), ok());
    const Outcome refusal = desk.run(
        Adjust{.id = id, .channel = Channel::phone, .channel_quantity = cases(7), .reason = "another"});
    ASSERT_THAT(refusal, refused(ErrorCode::terms_overflow));
    EXPECT_EQ(refusal.error().remaining, Quantity(cases(100'000'000'000)));
    EXPECT_EQ(refusal.error().needed, Quantity(cases(7)));
    EXPECT_EQ(refusal.error().entitlement, id);
}

TEST(AnError, names_the_entitlement_that_it_is_about) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    EXPECT_EQ(desk.activate(id).error().entitlement, id);
    const Outcome refusal = desk.run(
        Adjust{.id = id, .channel = Channel::web, .channel_quantity = cases(1), .reason = "a letter"});
    ASSERT_THAT(refusal, refused(ErrorCode::channel_not_listed));
    EXPECT_EQ(refusal.error().entitlement, id);
    EXPECT_EQ(refusal.error().channel, Channel{Channel::web});
    const Outcome top_up = desk.run(TopUp{.id = id, .amount = cases(1), .channel = Channel::web});
    ASSERT_THAT(top_up, refused(ErrorCode::channel_not_listed));
    EXPECT_EQ(top_up.error().entitlement, id);
    EXPECT_EQ(top_up.error().channel, Channel{Channel::web});
    desk.now = year_after;
    const Outcome late = desk.run(TopUp{.id = id, .amount = cases(1)});
    ASSERT_THAT(late, refused(ErrorCode::not_active));
    EXPECT_EQ(late.error().entitlement, id);
}

TEST(AnError, names_the_entitlement_whose_scope_leaves_a_fact_out) {
    Desk desk;
    Draft draft = agreed(on_creation(5));
    draft.scope.contacts = {"ann"_contact};
    const EntitlementId id = desk.grant(draft);
    ASSERT_THAT(desk.run(OpenCase{.id = "c1"_case, .contact = "ann"_contact}), ok());
    const Outcome refusal = desk.run(ChangeContact{.id = "c1"_case, .contact = "bob"_contact});
    ASSERT_THAT(refusal, refused(ErrorCode::contact_out_of_scope));
    EXPECT_EQ(refusal.error().entitlement, id);
}

TEST(AnError, names_the_case_and_the_channel_that_it_is_about) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.cancel("c1"), ok());
    EXPECT_EQ(desk.cancel("c1").error().support_case, "c1"_case);
    const Draft twice = agreed(on_creation(5), {{Channel::web, cases(1)}, {Channel::web, cases(2)}});
    EXPECT_EQ(desk.run(twice).error().channel, Channel{Channel::web});
    Draft marked = agreed(on_creation(5));
    marked.low_water = {{.channel = Channel::web, .percent = 10}};
    EXPECT_EQ(desk.run(marked).error().channel, Channel{Channel::web});
}

TEST(AnError, carries_the_command_that_met_it) {
    Desk desk;
    const EntitlementId id = desk.draft(agreed(on_creation(5)));
    EXPECT_EQ(desk.run(Cancel{.id = id}).error().command, CommandKind::cancel);
    EXPECT_EQ(desk.open("c1").error().command, CommandKind::open_case);
    EXPECT_EQ(desk.resolve("c1").error().command, CommandKind::resolve_case);
    EXPECT_EQ(desk.engine.check({.customer = acme}, july).error().command, CommandKind::open_case);
}

TEST(AnError, is_a_value_that_copies_without_allocating) {
    static_assert(std::is_trivially_copyable_v<Error>);
    static_assert(std::is_trivially_destructible_v<Error>);
}

}  // namespace
}  // namespace conformance
