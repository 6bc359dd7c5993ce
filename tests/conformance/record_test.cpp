#include <limits>
#include <ostream>
#include <string>

#include "desk.hpp"

// Section 2: the record, field by field, each limit at the limit and one past it.

namespace conformance {
namespace {

constexpr std::int64_t most = 100'000'000'000;

std::string times(std::string_view text, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += text;
    return out;
}

std::vector<ChannelTerms> many_channels(std::size_t count) {
    std::vector<ChannelTerms> out;
    for (std::size_t i = 0; i < count; ++i) {
        out.push_back({Channel::named(fmt::format("channel {}", i)).value(), cases(1)});
    }
    return out;
}

std::vector<ProductId> many_products(std::size_t count) {
    std::vector<ProductId> out;
    for (std::size_t i = 1; i <= count; ++i) out.push_back(ProductId::from_integer(i));
    return out;
}

Terms by_hours(Hours total) { return {.total = total, .decrease_on = DecreaseOn::resolution}; }
Terms by_money(Money total) { return {.total = total, .decrease_on = DecreaseOn::resolution}; }

/// One way to write an agreement down, and what becomes of it.
struct Row {
    const char* name;
    ErrorCode code;  ///< `none`: accepted
    void (*write)(Draft&);

    friend void PrintTo(const Row& row, std::ostream* out) { *out << name_of(row.code); }
};

const Row rows[] = {
    {"name_of_0_characters", ErrorCode::name_length, [](Draft& d) { d.name = ""; }},
    {"name_of_1_character", ErrorCode::none, [](Draft& d) { d.name = "A"; }},
    {"name_of_100_characters", ErrorCode::none, [](Draft& d) { d.name = times("n", 100); }},
    {"name_of_101_characters", ErrorCode::name_length, [](Draft& d) { d.name = times("n", 101); }},
    {"name_of_100_characters_of_3_bytes", ErrorCode::none, [](Draft& d) { d.name = times("€", 100); }},
    {"name_of_100_characters_of_4_bytes", ErrorCode::none, [](Draft& d) { d.name = times("😀", 100); }},
    {"name_of_101_characters_of_3_bytes", ErrorCode::name_length, [](Draft& d) { d.name = times("€", 101); }},
    {"name_that_is_not_utf8", ErrorCode::not_utf8, [](Draft& d) { d.name = "caf\xE9"; }},
    {"description_of_0_characters", ErrorCode::none, [](Draft& d) { d.description = ""; }},
    {"description_of_2000_characters", ErrorCode::none, [](Draft& d) { d.description = times("ü", 2000); }},
    {"description_of_2001_characters", ErrorCode::description_length,
     [](Draft& d) { d.description = times("ü", 2001); }},
    {"description_that_is_not_utf8", ErrorCode::not_utf8, [](Draft& d) { d.description = "\xC0\xAF"; }},

    {"customer_missing", ErrorCode::customer_missing, [](Draft& d) { d.customer = {}; }},

    {"coverage_of_one_day", ErrorCode::none,
     [](Draft& d) {
         d.coverage = {2014_y / 2 / 1, 2014_y / 2 / 1};
     }},
    {"coverage_that_starts_after_its_end", ErrorCode::start_after_end,
     [](Draft& d) {
         d.coverage = {2014_y / 2 / 2, 2014_y / 2 / 1};
     }},
    {"coverage_from_a_day_that_no_calendar_has", ErrorCode::day_invalid,
     [](Draft& d) { d.coverage.first_day = 2014_y / 2 / 29; }},
    {"coverage_to_a_day_that_no_calendar_has", ErrorCode::day_invalid,
     [](Draft& d) { d.coverage.last_day = 2014_y / 13 / 1; }},
    {"coverage_without_days", ErrorCode::day_invalid, [](Draft& d) { d.coverage = {}; }},
    {"coverage_far_away", ErrorCode::none,
     [](Draft& d) {
         d.coverage = {1_y / 1 / 1, 9999_y / 12 / 31};
     }},
    {"time_zone_unknown", ErrorCode::unknown_time_zone,
     [](Draft& d) { d.coverage.time_zone = "Mars/Olympus_Mons"; }},
    {"time_zone_empty", ErrorCode::unknown_time_zone, [](Draft& d) { d.coverage.time_zone = ""; }},

    {"total_missing", ErrorCode::total_missing, [](Draft& d) { d.terms = {}; }},
    {"total_missing_for_cases", ErrorCode::total_missing,
     [](Draft& d) { d.terms = {.allocation = Allocation::cases}; }},
    {"total_missing_for_hours", ErrorCode::total_missing,
     [](Draft& d) { d.terms = {.allocation = Allocation::hours, .decrease_on = DecreaseOn::resolution}; }},
    {"total_missing_for_coverage_only", ErrorCode::none, [](Draft& d) { d.terms = coverage_only(); }},
    {"total_not_allowed_for_coverage_only", ErrorCode::total_not_allowed,
     [](Draft& d) { d.terms = {.total = cases(5), .allocation = Allocation::coverage_only}; }},
    {"total_below_0", ErrorCode::total_out_of_range, [](Draft& d) { d.terms.total = cases(-1); }},
    {"total_of_0", ErrorCode::none, [](Draft& d) { d.terms.total = cases(0); }},
    {"total_at_the_limit", ErrorCode::none, [](Draft& d) { d.terms.total = cases(most); }},
    {"total_past_the_limit", ErrorCode::total_out_of_range,
     [](Draft& d) { d.terms.total = cases(most + 1); }},
    {"total_of_the_largest_number", ErrorCode::total_out_of_range,
     [](Draft& d) { d.terms.total = cases(std::numeric_limits<std::int64_t>::max()); }},
    {"total_of_hours_at_the_limit", ErrorCode::none,
     [](Draft& d) { d.terms = by_hours(hours(std::chrono::hours{most})); }},
    {"total_of_hours_past_the_limit", ErrorCode::total_out_of_range,
     [](Draft& d) { d.terms = by_hours(hours(std::chrono::hours{most} + 1s)); }},
    {"total_of_money_at_the_limit", ErrorCode::none,
     [](Draft& d) { d.terms = by_money(money(most * 100, eur)); }},
    {"total_of_money_past_the_limit", ErrorCode::total_out_of_range,
     [](Draft& d) { d.terms = by_money(money(most * 100 + 1, eur)); }},
    {"total_of_money_without_minor_units_past_the_limit", ErrorCode::total_out_of_range,
     [](Draft& d) { d.terms = by_money(money(most + 1, jpy)); }},
    {"total_of_money_without_a_currency", ErrorCode::currency_missing,
     [](Draft& d) { d.terms = by_money(money(1, {})); }},
    {"total_of_cases_with_a_currency", ErrorCode::currency_not_allowed,
     [](Draft& d) {
         d.terms.total = Quantity{5, {Allocation::cases, eur}};
     }},
    {"total_of_another_allocation", ErrorCode::unit_mismatch,
     [](Draft& d) { d.terms = {.total = cases(5), .allocation = Allocation::hours}; }},
    {"hours_that_decrease_on_creation", ErrorCode::hours_need_resolution,
     [](Draft& d) { d.terms = {.total = hours(9h)}; }},
    {"money_that_decreases_on_creation", ErrorCode::hours_need_resolution,
     [](Draft& d) { d.terms = {.total = money(1, eur)}; }},

    {"channel_total_equal_to_the_total", ErrorCode::none,
     [](Draft& d) {
         d.channels = {{Channel::phone, cases(5)}};
     }},
    {"channel_total_above_the_total", ErrorCode::channel_exceeds_total,
     [](Draft& d) {
         d.channels = {{Channel::phone, cases(6)}};
     }},
    {"channels_whose_sum_exceeds_the_total", ErrorCode::none,
     [](Draft& d) {
         d.channels = {{Channel::email, cases(2)},
                       {Channel::facebook, cases(1)},
                       {Channel::phone, cases(2)},
                       {Channel::web, cases(1)}};
     }},
    {"channel_total_below_0", ErrorCode::total_out_of_range,
     [](Draft& d) {
         d.channels = {{Channel::phone, cases(-1)}};
     }},
    {"channel_total_of_coverage_only_past_any_total", ErrorCode::none,
     [](Draft& d) {
         d.terms = coverage_only();
         d.channels = {{Channel::phone, cases(1000)}};
     }},
    {"channel_total_of_coverage_only_past_the_limit", ErrorCode::total_out_of_range,
     [](Draft& d) {
         d.terms = coverage_only();
         d.channels = {{Channel::phone, cases(most + 1)}};
     }},
    {"channel_total_in_another_unit", ErrorCode::unit_mismatch,
     [](Draft& d) {
         d.channels = {{Channel::phone, hours(1h)}};
     }},
    {"channel_listed_twice", ErrorCode::duplicate_channel,
     [](Draft& d) {
         d.channels = {{Channel::phone, cases(1)}, {Channel::phone, cases(2)}};
     }},
    {"channel_listed_twice_in_other_letters", ErrorCode::duplicate_channel,
     [](Draft& d) {
         d.channels = {{Channel::phone, cases(1)}, {Channel::named("PHONE").value(), cases(2)}};
     }},
    {"channel_listed_twice_by_a_long_name", ErrorCode::duplicate_channel,
     [](Draft& d) {
         d.channels = {{Channel::named("Community Forum").value(), cases(1)},
                       {Channel::named("community forum").value(), cases(2)}};
     }},
    {"channel_without_a_name", ErrorCode::channel_name,
     [](Draft& d) {
         d.channels = {{{}, cases(1)}};
     }},
    {"channel_of_31_bytes", ErrorCode::none,
     [](Draft& d) {
         d.channels = {{Channel::named(times("c", 31)).value(), cases(1)}};
     }},
    {"channels_250", ErrorCode::none, [](Draft& d) { d.channels = many_channels(250); }},
    {"channels_251", ErrorCode::too_many_channels, [](Draft& d) { d.channels = many_channels(251); }},

    {"scope_of_10000_products", ErrorCode::none, [](Draft& d) { d.scope.products = many_products(10'000); }},
    {"scope_of_10001_products", ErrorCode::too_many_scope_items,
     [](Draft& d) { d.scope.products = many_products(10'001); }},
    {"scope_with_a_contact_missing", ErrorCode::scope_item_missing,
     [](Draft& d) {
         d.scope.contacts = {"ann"_contact, {}};
     }},
    {"scope_with_an_asset_missing", ErrorCode::scope_item_missing, [](Draft& d) { d.scope.assets = {{}}; }},
    {"scope_with_a_case_type_missing", ErrorCode::scope_item_missing,
     [](Draft& d) { d.scope.case_types = {{}}; }},

    {"discount_below_0", ErrorCode::discount_out_of_range, [](Draft& d) { d.discount_percent = -1; }},
    {"discount_of_0", ErrorCode::none, [](Draft& d) { d.discount_percent = 0; }},
    {"discount_of_100", ErrorCode::none, [](Draft& d) { d.discount_percent = 100; }},
    {"discount_of_101", ErrorCode::discount_out_of_range, [](Draft& d) { d.discount_percent = 101; }},
};

class Record : public testing::TestWithParam<Row> {};

TEST_P(Record, is_judged_when_drafted) {
    Desk desk;
    Draft agreement = agreed(on_creation(5));
    GetParam().write(agreement);
    EXPECT_EQ(why(desk.engine.draft(agreement, desk.now)), GetParam().code);
    EXPECT_EQ(everything(desk.store).entries.empty(), GetParam().code != ErrorCode::none);
}

TEST_P(Record, is_judged_when_revised) {
    Draft agreement = agreed(on_creation(5));
    GetParam().write(agreement);
    if (!agreement.customer) return;  // a revision has no customer to leave out
    Desk desk;
    const EntitlementId id = desk.draft(agreed(on_creation(5)));
    const auto revised = desk.revise(id, {.name = agreement.name,
                                          .description = agreement.description,
                                          .coverage = agreement.coverage,
                                          .terms = agreement.terms,
                                          .channels = agreement.channels,
                                          .scope = agreement.scope,
                                          .discount_percent = agreement.discount_percent});
    EXPECT_EQ(why(revised), GetParam().code);
}

INSTANTIATE_TEST_SUITE_P(, Record, testing::ValuesIn(rows),
                         [](const auto& row) { return std::string{row.param.name}; });

TEST(RecordOf, an_entitlement_without_an_id_is_given_one) {
    Desk desk;
    const EntitlementId first = desk.draft(agreed(on_creation(5)));
    const EntitlementId second = desk.draft(agreed(on_creation(5)));
    EXPECT_FALSE(first.is_none());
    EXPECT_NE(first, second);
}

TEST(RecordOf, an_id_is_given_once_to_a_customer) {
    Desk desk;
    Draft agreement = agreed(on_creation(5));
    agreement.id = "gold"_entitlement;
    ASSERT_THAT(desk.run(agreement), ok());
    EXPECT_THAT(desk.run(agreement), refused(ErrorCode::duplicate_id));
}

TEST(RecordOf, what_was_agreed_is_kept) {
    Desk desk;
    const Draft said{
        .name = "Gold",
        .description = "All of it",
        .customer = acme,
        .coverage = {2014_y / 2 / 1, 2014_y / 3 / 31, "Europe/Berlin"},
        .terms = {.total = hours(40h), .decrease_on = DecreaseOn::resolution, .restricted = true},
        .channels = {{Channel::phone, hours(90min)}},
        .scope = {.contacts = {"ann"_contact},
                  .products = {"router"_product},
                  .assets = {"pump"_asset},
                  .case_types = {"question"_case_type}},
        .priority = -5,
        .is_default = true,
        .sla = SlaId::from_integer(1),
        .made_from = TemplateId::from_integer(2),
        .owner = OwnerId::from_integer(3),
        .knowledge_base = KnowledgeBase::premium,
        .discount_percent = 15};
    const Entitlement kept = desk.entitlement(desk.draft(said));
    Agreement agreement{.name = said.name,
                        .description = said.description,
                        .coverage = said.coverage,
                        .terms = said.terms,
                        .channels = said.channels,
                        .scope = said.scope,
                        .priority = said.priority,
                        .sla = said.sla,
                        .made_from = said.made_from,
                        .owner = said.owner,
                        .knowledge_base = said.knowledge_base,
                        .discount_percent = said.discount_percent};
    agreement.terms.allocation = Allocation::hours;  // as the total says
    EXPECT_EQ(kept.agreement, agreement);
    EXPECT_EQ(kept.customer, acme);
    EXPECT_TRUE(kept.is_default);
    EXPECT_EQ(kept.phase, Phase::draft);
    EXPECT_EQ(kept.total_terms(), Quantity(hours(40h)));
    EXPECT_EQ(kept.remaining_terms(), Quantity(hours(40h)));
    EXPECT_THAT(kept.channels, testing::ElementsAre(ChannelBalance{Channel::phone, true, 5400, 5400}));
}

TEST(RecordOf, defaults_are_unrestricted_and_priority_100) {
    Desk desk;
    const Draft least{.name = "Gold", .customer = acme, .coverage = year_2014, .terms = {.total = cases(1)}};
    const Agreement agreement = desk.entitlement(desk.draft(least)).agreement;
    EXPECT_FALSE(agreement.terms.restricted);
    EXPECT_EQ(agreement.terms.decrease_on, DecreaseOn::creation);
    EXPECT_EQ(agreement.priority, 100);
    EXPECT_EQ(agreement.knowledge_base, KnowledgeBase::none);
    EXPECT_EQ(agreement.coverage.time_zone, "UTC");
}

TEST(RecordOf, removed_channels_that_count_entries_count_towards_the_250) {
    Desk desk;
    const EntitlementId id = desk.draft(agreed(on_creation(5), many_channels(250)));
    ASSERT_THAT(desk.run(RemoveChannel{.id = id, .channel = Channel::named("channel 0").value()}), ok());
    EXPECT_THAT(desk.run(SetChannel{.id = id, .channel = Channel::phone, .total = cases(1)}),
                refused(ErrorCode::too_many_channels));
}

// Exact quantities.

TEST(ExactQuantities, twenty_minutes_three_times_is_exactly_one_hour) {
    Desk desk;
    const EntitlementId id =
        desk.grant(agreed({.total = hours(1h), .decrease_on = DecreaseOn::resolution, .restricted = true}));
    for (const char* c : {"c1", "c2", "c3"}) {
        ASSERT_THAT(desk.open(c), ok());
        ASSERT_THAT(desk.resolve(c, 20min), ok());
    }
    EXPECT_EQ(desk.left(id), 0);
}

TEST(ExactQuantities, money_counts_minor_units) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(by_money(money(100, eur))));
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_EQ(desk.resolve("c1", 0s, money(33, eur))->remaining, Quantity(money(67, eur)));
    EXPECT_EQ(desk.left(id), 67);
}

TEST(ExactQuantities, money_in_another_currency_is_refused) {
    Desk desk;
    (void)desk.grant(agreed(by_money(money(100, eur))));
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_THAT(desk.resolve("c1", 0s, money(33, usd)), refused(ErrorCode::unit_mismatch));
}

TEST(ExactQuantities, an_amount_spent_is_never_negative_nor_drives_remaining_past_its_limit) {
    Desk desk;
    (void)desk.grant(agreed(by_hours(hours(1h))));
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_THAT(desk.resolve("c1", -1s), refused(ErrorCode::amount_out_of_range));
    EXPECT_THAT(desk.resolve("c1", std::chrono::hours{most} + 1h + 1s), refused(ErrorCode::terms_overflow));
    EXPECT_THAT(desk.resolve("c1", std::chrono::hours{most} + 1h), ok());
}

TEST(ExactQuantities, a_resolution_without_time_spent_posts_nothing) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(by_hours(hours(1h))));
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.resolve("c1", 0s), ok());
    EXPECT_EQ(desk.left(id), 3600);
    ASSERT_THAT(desk.reactivate("c1"), ok());
    EXPECT_EQ(desk.left(id), 3600);
}

// Remaining stays within ±100,000,000,000 terms: terms_overflow, never a wrapped number.

Outcome adjust(Desk& desk, EntitlementId id, std::int64_t by) {
    return desk.run(Adjust{.id = id, .quantity = cases(by), .reason = "agreed by letter"});
}

TEST(RemainingLimit, at_the_upper_limit_one_more_is_terms_overflow) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(most)));
    EXPECT_THAT(adjust(desk, id, 1), refused(ErrorCode::terms_overflow));
    ASSERT_THAT(adjust(desk, id, -1), ok());
    ASSERT_THAT(adjust(desk, id, 1), ok());
    EXPECT_EQ(desk.left(id), most);
    EXPECT_THAT(adjust(desk, id, std::numeric_limits<std::int64_t>::max()),
                refused(ErrorCode::terms_overflow));
}

TEST(RemainingLimit, at_the_lower_limit_one_less_is_terms_overflow) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(unrestricted(0)));
    EXPECT_THAT(adjust(desk, id, std::numeric_limits<std::int64_t>::min()),
                refused(ErrorCode::terms_overflow));
    EXPECT_THAT(adjust(desk, id, -most - 1), refused(ErrorCode::terms_overflow));
    ASSERT_THAT(adjust(desk, id, -most), ok());
    EXPECT_EQ(desk.left(id), -most);
    EXPECT_THAT(adjust(desk, id, -1), refused(ErrorCode::terms_overflow));
    EXPECT_THAT(desk.open("c1"), refused(ErrorCode::terms_overflow));
}

TEST(RemainingLimit, a_channel_has_the_same_limits) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(unrestricted(most), {{Channel::phone, cases(0)}}));
    const auto adjust_phone = [&](std::int64_t by) {
        return desk.run(
            Adjust{.id = id, .channel = Channel::phone, .channel_quantity = cases(by), .reason = "a letter"});
    };
    ASSERT_THAT(adjust_phone(-most), ok());
    EXPECT_THAT(adjust_phone(-1), refused(ErrorCode::terms_overflow));
    EXPECT_THAT(desk.open("p1", Channel::phone), refused(ErrorCode::terms_overflow));
    EXPECT_EQ(desk.left(id), most);
    ASSERT_THAT(adjust_phone(most), ok());
    ASSERT_THAT(adjust_phone(most), ok());
    EXPECT_THAT(adjust_phone(1), refused(ErrorCode::terms_overflow));
}

TEST(RemainingLimit, a_revised_total_keeps_it_too) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(unrestricted(0)));
    ASSERT_THAT(adjust(desk, id, 1), ok());
    EXPECT_THAT(desk.run(Amend{.id = id, .changes = {.terms = unrestricted(most)}}),
                refused(ErrorCode::terms_overflow));
    EXPECT_THAT(desk.run(Amend{.id = id, .changes = {.terms = unrestricted(most - 1)}}), ok());
}

TEST(RemainingLimit, of_hours_and_money_is_in_terms) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(by_hours(hours(std::chrono::hours{most}))));
    EXPECT_THAT(desk.run(Adjust{.id = id, .quantity = hours(1s), .reason = "a letter"}),
                refused(ErrorCode::terms_overflow));
    EXPECT_THAT(desk.run(Adjust{.id = id, .quantity = hours(-1s), .reason = "a letter"}), ok());
}

// Coverage only counts cases without a limit.

TEST(CoverageOnly, counts_cases_below_zero_and_is_never_exhausted) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(coverage_only()));
    EXPECT_EQ(desk.left(id), 0);
    ASSERT_THAT(desk.open("c1"), ok());
    ASSERT_THAT(desk.open("c2"), ok());
    EXPECT_EQ(desk.left(id), -2);
    ASSERT_THAT(desk.cancel("c2"), ok());
    EXPECT_EQ(desk.left(id), -1);
}

TEST(CoverageOnly, a_resolution_posts_1_whatever_was_spent) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(coverage_only(DecreaseOn::resolution)));
    ASSERT_THAT(desk.open("c1"), ok());
    EXPECT_EQ(desk.left(id), 0);
    ASSERT_THAT(desk.resolve("c1", 3h, money(5, eur)), ok());
    EXPECT_EQ(desk.left(id), -1);
}

TEST(CoverageOnly, only_the_channel_is_asked_for_terms) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(coverage_only(), {{Channel::phone, cases(1)}}));
    ASSERT_THAT(desk.open_on(id, "p1", Channel::phone), ok());
    EXPECT_EQ(desk.left(id, Channel::phone), 0);
    EXPECT_THAT(desk.open_on(id, "p2", Channel::phone), refused(ErrorCode::channel_exhausted));
    EXPECT_THAT(desk.open_on(id, "w1", Channel::web), refused(ErrorCode::channel_not_listed));
    EXPECT_THAT(desk.open_on(id, "c1"), ok());
}

}  // namespace
}  // namespace conformance
