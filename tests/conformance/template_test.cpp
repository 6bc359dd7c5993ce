#include "desk.hpp"

// Section 7: templates, and the drafts that are made from them.

namespace conformance {
namespace {

inline TemplateId operator""_template(const char* text, std::size_t size) {
    return TemplateId::from_name({text, size});
}

/// Every field that a template keeps.
Template premium(std::optional<Length> lasts = Length{12}) {
    return {.id = "Premium"_template,
            .agreement = {.name = "Premium",
                          .description = "two hundred a month",
                          .coverage = {2014_y / 1 / 1, 2014_y / 12 / 31, "UTC"},
                          .terms = on_creation(200),
                          .period = PeriodTerms{.cycle = {.every = 1}, .rollover = cases(10)},
                          .channels = {{Channel::phone, cases(50)}, {Channel::email, cases(200)}},
                          .scope = {.products = {"computer"_product}},
                          .priority = 7,
                          .sla = SlaId::from_name("gold"),
                          .owner = OwnerId::from_name("ann"),
                          .knowledge_base = KnowledgeBase::premium,
                          .discount_percent = 5},
            .lasts = lasts};
}

/// The coverage of what is made from a template that lasts so long, on a day.
Coverage used_on(Day civil, Length lasts, const std::string& zone = "UTC", Instant::duration later = 0s) {
    Desk desk;
    Template made = premium(lasts);
    made.agreement.coverage.time_zone = zone;
    EXPECT_TRUE(desk.engine.set_template(made));
    desk.now = Instant{date::sys_days{civil}} + later;
    const auto id = desk.run(Instantiate{.from = made.id}).value().entitlement;
    return desk.entitlement(id).agreement.coverage;
}

TEST(Templates, make_a_draft_with_everything_agreed_but_the_customer) {
    Desk desk;
    const Template made = premium({});
    ASSERT_TRUE(desk.engine.set_template(made));
    const auto id = desk.run(Instantiate{.from = made.id, .is_default = true}).value().entitlement;
    const Entitlement draft = desk.entitlement(id);
    Agreement expected = made.agreement;
    expected.made_from = made.id;
    expected.terms.allocation = Allocation::cases;
    EXPECT_TRUE(draft.agreement == expected);
    EXPECT_EQ(draft.customer, acme);
    EXPECT_EQ(draft.remaining, 200);
    EXPECT_TRUE(draft.is_default);
    EXPECT_EQ(desk.status(id), Status::draft);
    EXPECT_EQ(draft.purchase, Purchase{});
    EXPECT_EQ(desk.last_entry().command, CommandKind::instantiate);
}

TEST(Templates, last_so_many_days_from_the_day_of_use) {
    EXPECT_EQ(used_on(2014_y / 7 / 1, {1, Length::Step::days}), (Coverage{2014_y / 7 / 1, 2014_y / 7 / 1}));
    EXPECT_EQ(used_on(2014_y / 2 / 20, {10, Length::Step::days}),
              (Coverage{2014_y / 2 / 20, 2014_y / 3 / 1}));
    EXPECT_EQ(used_on(2016_y / 2 / 20, {10, Length::Step::days}),
              (Coverage{2016_y / 2 / 20, 2016_y / 2 / 29}))
        << "a leap day";
}

TEST(Templates, last_so_many_months_clamped_to_the_months_end_less_a_day) {
    struct {
        Day day;
        std::uint16_t months;
        Day last;
    } const table[] = {{2014_y / 7 / 1, 1, 2014_y / 7 / 31},   {2014_y / 7 / 1, 12, 2015_y / 6 / 30},
                       {2014_y / 1 / 31, 1, 2014_y / 2 / 27},  {2016_y / 1 / 31, 1, 2016_y / 2 / 28},
                       {2014_y / 1 / 31, 2, 2014_y / 3 / 30},  {2016_y / 2 / 29, 12, 2017_y / 2 / 27},
                       {2014_y / 12 / 15, 1, 2015_y / 1 / 14}, {2014_y / 3 / 31, 6, 2014_y / 9 / 29}};
    for (const auto& row : table) {
        EXPECT_EQ(used_on(row.day, {row.months}), (Coverage{row.day, row.last}))
            << fmt::format("{}", as_day(row.day));
    }
}

TEST(Templates, the_day_of_use_is_the_zones) {
    const Length month{1};
    EXPECT_EQ(used_on(2014_y / 6 / 30, month, "Pacific/Auckland", 12h).first_day, 2014_y / 7 / 1);
    EXPECT_EQ(used_on(2014_y / 7 / 1, month, "America/New_York", 3h).first_day, 2014_y / 6 / 30);
    EXPECT_EQ(used_on(2014_y / 7 / 1, month, "America/New_York", 4h).first_day, 2014_y / 7 / 1);
}

TEST(Templates, fixed_days_are_the_same_whenever_it_is_used) {
    Desk desk;
    ASSERT_TRUE(desk.engine.set_template(premium({})));
    desk.now = year_after;
    const auto id = desk.run(Instantiate{.from = "Premium"_template}).value().entitlement;
    EXPECT_EQ(desk.entitlement(id).agreement.coverage, year_2014);
    EXPECT_THAT(desk.activate(id), ok());
    EXPECT_EQ(desk.status(id), Status::expired);
}

TEST(Templates, changing_one_changes_nothing_already_made) {
    Desk desk;
    Template made = premium();
    ASSERT_TRUE(desk.engine.set_template(made));
    const auto before = desk.run(Instantiate{.from = made.id}).value().entitlement;
    const Entitlement as_made = desk.entitlement(before);
    made.agreement.name = "Premium of another year";
    made.agreement.terms.total = cases(300);
    ASSERT_TRUE(desk.engine.set_template(made));
    const auto after = desk.run(Instantiate{.from = made.id}).value().entitlement;
    EXPECT_TRUE(desk.entitlement(before) == as_made);
    EXPECT_EQ(desk.entitlement(after).agreement.name, "Premium of another year");
    ASSERT_TRUE(desk.engine.remove_template(made.id));
    EXPECT_TRUE(desk.entitlement(before) == as_made);
    EXPECT_THAT(desk.run(Instantiate{.from = made.id}), refused(ErrorCode::unknown_template));
}

TEST(Templates, are_listed_as_they_were_set) {
    Desk desk;
    Template fixed = premium({});
    fixed.id = TemplateId::from_integer(2);
    Template lasting = premium(Length{90, Length::Step::days});
    lasting.id = TemplateId::from_integer(1);
    lasting.agreement.made_from = "Premium"_template;  // of no use
    ASSERT_TRUE(desk.engine.set_template(fixed));
    ASSERT_TRUE(desk.engine.set_template(lasting));
    const auto all = desk.engine.templates().value();
    ASSERT_EQ(all.size(), 2);
    EXPECT_EQ(all[0].id, lasting.id);
    EXPECT_EQ(all[0].lasts, lasting.lasts);
    EXPECT_EQ(all[0].agreement.coverage, (Coverage{Day{}, Day{}, "UTC"}));
    EXPECT_EQ(all[0].agreement.made_from, TemplateId{});
    fixed.agreement.terms.allocation = Allocation::cases;
    EXPECT_TRUE(all[1] == fixed);
}

/// Why a template is refused that was changed so.
template <class Edit>
Error why_not(Edit edit) {
    Desk desk;
    Template made = premium();
    edit(made);
    const auto set = desk.engine.set_template(made);
    EXPECT_TRUE(desk.engine.templates()->empty());
    return set ? Error{} : set.error();
}

TEST(Templates, are_refused_as_a_draft_would_be) {
    const auto code = [](auto edit) { return why_not(edit).code; };
    EXPECT_EQ(code([](Template& t) { t.id = {}; }), ErrorCode::id_missing);
    EXPECT_EQ(code([](Template& t) { t.agreement.name.clear(); }), ErrorCode::name_length);
    EXPECT_EQ(code([](Template& t) { t.agreement.coverage.time_zone = "Mars/Olympus"; }),
              ErrorCode::unknown_time_zone);
    EXPECT_EQ(code([](Template& t) { t.agreement.terms.total.reset(); }), ErrorCode::total_missing);
    EXPECT_EQ(code([](Template& t) { t.agreement.channels[0].total = cases(201); }),
              ErrorCode::channel_exceeds_total);
    EXPECT_EQ(code([](Template& t) { t.agreement.period->cycle.step = Cycle::Step{9}; }),
              ErrorCode::period_length);
    EXPECT_EQ(code([](Template& t) { t.agreement.discount_percent = 101; }),
              ErrorCode::discount_out_of_range);
    EXPECT_EQ(code([](Template& t) { t.lasts->count = 0; }), ErrorCode::template_length);
    EXPECT_EQ(code([](Template& t) { t.lasts->step = Length::Step{2}; }), ErrorCode::template_length);
    EXPECT_EQ(code([](Template& t) {
                  t.lasts.reset();
                  t.agreement.coverage.last_day = 2013_y / 1 / 1;
              }),
              ErrorCode::start_after_end);
    EXPECT_EQ(why_not([](Template& t) { t.id = {}; }).command, CommandKind::set_template);
}

TEST(Templates, a_length_reaches_to_the_end_of_what_can_be_counted) {
    EXPECT_EQ(used_on(2014_y / 7 / 1, {65'535}).last_day, 7475_y / 9 / 30);
    EXPECT_EQ(used_on(2014_y / 7 / 1, {65'535, Length::Step::days}).last_day,
              Day{date::sys_days{2014_y / 7 / 1} + date::days{65'534}});
}

TEST(Instantiate, needs_a_customer_and_a_template) {
    Desk desk;
    EXPECT_THAT(desk.engine.instantiate({.from = "Premium"_template}, july),
                refused(ErrorCode::customer_missing));
    EXPECT_THAT(desk.run(Instantiate{}), refused(ErrorCode::unknown_template));
    EXPECT_THAT(desk.run(Instantiate{.from = "Premium"_template}), refused(ErrorCode::unknown_template));
}

TEST(Instantiate, takes_the_id_that_the_host_gives_once) {
    Desk desk;
    ASSERT_TRUE(desk.engine.set_template(premium()));
    const Instantiate command{.id = "E-1"_entitlement, .from = "Premium"_template};
    EXPECT_EQ(desk.run(command).value().entitlement, "E-1"_entitlement);
    EXPECT_THAT(desk.run(command), refused(ErrorCode::duplicate_id));
}

TEST(Instantiate, again_with_its_request_id_is_the_first_answer_on_another_day_too) {
    Desk desk;
    ASSERT_TRUE(desk.engine.set_template(premium()));
    Instantiate command{.from = "Premium"_template, .request = "r1"_request};
    const Receipt first = desk.run(command).value();
    desk.now += 48h;
    ASSERT_TRUE(desk.engine.remove_template("Premium"_template));
    const Outcome again = desk.run(command);
    EXPECT_THAT(again, repeated());
    EXPECT_EQ(again->entitlement, first.entitlement);
    command.is_default = true;
    EXPECT_THAT(desk.run(command), refused(ErrorCode::request_id_reused));
}

TEST(Instantiate, in_a_batch_with_others) {
    Desk desk;
    ASSERT_TRUE(desk.engine.set_template(premium()));
    Template other = premium({});
    other.id = "Other"_template;
    ASSERT_TRUE(desk.engine.set_template(other));
    const std::vector<Command> batch{
        Instantiate{.customer = acme, .id = "E-1"_entitlement, .from = "Premium"_template},
        Activate{.customer = acme, .id = "E-1"_entitlement},
        Instantiate{.customer = acme, .from = "nobody's"_template},
        Instantiate{.customer = other_customer, .id = "E-2"_entitlement, .from = "Other"_template},
        OpenCase{.customer = acme, .id = "c1"_case, .product = "computer"_product, .origin = Channel::phone}};
    std::vector<Outcome> outcomes(batch.size());
    ASSERT_TRUE(desk.engine.apply(std::span<const Command>{batch}, july, std::span{outcomes}));
    EXPECT_THAT(outcomes[0], ok());
    EXPECT_THAT(outcomes[1], ok());
    EXPECT_THAT(outcomes[2], refused(ErrorCode::unknown_template));
    EXPECT_THAT(outcomes[3], ok());
    EXPECT_THAT(outcomes[4], ok());
}

}  // namespace
}  // namespace conformance
