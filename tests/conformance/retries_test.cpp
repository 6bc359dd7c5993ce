#include <ostream>
#include <string>

#include "desk.hpp"

// R11: retries are safe, with every kind of command.

namespace conformance {
namespace {

const TemplateId basic = TemplateId::from_name("Basic");

/// A desk with one of everything that a command could be about.
struct Busy : Desk {
    Busy() {
        Draft named = agreed(on_creation(50), {{Channel::phone, cases(20)}});
        named.id = "active"_entitlement;
        (void)grant(named);
        named.id = "spare"_entitlement;
        named.priority = 200;
        (void)grant(named);
        named.id = "draft"_entitlement;
        (void)draft(named);
        named.id = "canceled"_entitlement;
        (void)grant(named);
        EXPECT_THAT(run(Cancel{.id = "canceled"_entitlement}), ok());
        for (const char* c : {"open", "resolved"}) EXPECT_THAT(open(c, Channel::phone), ok());
        EXPECT_THAT(resolve("resolved"), ok());
        named.id = "resolving"_entitlement;
        named.terms = on_resolution(5);
        named.channels.clear();
        (void)grant(named);
        EXPECT_THAT(open_on(named.id, "held"), ok());
        EXPECT_THAT(run(HoldTerms{.id = "held"_case, .quantity = cases(1)}), ok());
        EXPECT_THAT(run(TopUp{.id = named.id, .amount = cases(1)}), ok());
        const auto sla = [](const char* id) { return SlaId::from_name(id); };
        const std::vector<KpiTerms> own{{.name = "call", .goal = KpiGoal::own, .fail_after = 1h},
                                        {.name = "visit", .goal = KpiGoal::own, .fail_after = 2h}};
        EXPECT_TRUE(engine.set_service_level({.id = sla("gold"), .name = "Gold", .kpis = own}));
        EXPECT_TRUE(engine.set_service_level({.id = sla("silver"), .name = "Silver", .kpis = own}));
        EXPECT_THAT(run(ChangeServiceLevel{.id = "held"_case, .sla = sla("gold")}), ok());
        const Agreement made{.name = "Basic", .coverage = year_2014, .terms = on_creation(5)};
        EXPECT_TRUE(engine.set_template({.id = basic, .agreement = made}));
        EXPECT_TRUE(engine.set_rule({"router"_product, 1, basic}));
    }
};

/// One kind of command; `other` asks for something else under the same request id.
struct Retry {
    CommandKind kind;
    Outcome (*run)(Desk&, RequestId request, bool other);

    friend void PrintTo(const Retry& retry, std::ostream* out) { *out << name_of(retry.kind); }
};

ActorId actor_of(bool other) { return other ? "bob"_actor : "ann"_actor; }

const Retry retries[] = {
    {CommandKind::draft,
     [](Desk& desk, RequestId request, bool other) {
         Draft command = agreed(on_creation(other ? 6 : 5));
         command.request = request;
         return desk.run(command);
     }},
    {CommandKind::revise,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(Revise{
             .id = "draft"_entitlement, .changes = {.name = other ? "Silver" : "Gold"}, .request = request});
     }},
    {CommandKind::set_channel,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(SetChannel{.id = "draft"_entitlement,
                                    .channel = Channel::web,
                                    .total = cases(other ? 2 : 1),
                                    .request = request});
     }},
    {CommandKind::remove_channel,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(RemoveChannel{.id = "draft"_entitlement,
                                       .channel = other ? Channel::web : Channel::phone,
                                       .request = request});
     }},
    {CommandKind::revise_scope,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ReviseScope{.id = "draft"_entitlement,
                                     .add = {.products = {other ? "hub"_product : "router"_product}},
                                     .request = request});
     }},
    {CommandKind::amend,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(Amend{.id = "active"_entitlement,
                               .changes = {.terms = on_creation(other ? 60 : 70)},
                               .request = request});
     }},
    {CommandKind::activate,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(Activate{.id = "draft"_entitlement, .request = request, .actor = actor_of(other)});
     }},
    {CommandKind::deactivate,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(
             Deactivate{.id = "active"_entitlement, .request = request, .actor = actor_of(other)});
     }},
    {CommandKind::cancel,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(Cancel{.id = "active"_entitlement, .request = request, .actor = actor_of(other)});
     }},
    {CommandKind::renew,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(Renew{.id = "canceled"_entitlement,
                               .new_id = other ? "renewed"_entitlement : EntitlementId{},
                               .request = request});
     }},
    {CommandKind::set_default,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(
             SetDefault{.id = other ? "spare"_entitlement : "active"_entitlement, .request = request});
     }},
    {CommandKind::remove,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(Remove{.id = "draft"_entitlement, .request = request, .actor = actor_of(other)});
     }},
    {CommandKind::adjust,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(Adjust{.id = "active"_entitlement,
                                .quantity = cases(-2),
                                .reason = other ? "a letter" : "a call",
                                .request = request});
     }},
    {CommandKind::import_entitlement,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ImportEntitlement{.name = "Gold",
                                           .customer = acme,
                                           .coverage = year_2014,
                                           .terms = on_creation(5),
                                           .remaining = cases(other ? 1 : 3),
                                           .status = Status::active,
                                           .request = request});
     }},
    {CommandKind::open_case,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(
             OpenCase{.id = "new"_case, .origin = other ? Channel{} : Channel::phone, .request = request});
     }},
    {CommandKind::resolve_case,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ResolveCase{.id = "open"_case, .time_spent = other ? 2h : 1h, .request = request});
     }},
    {CommandKind::cancel_case,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(CancelCase{.id = "open"_case, .request = request, .actor = actor_of(other)});
     }},
    {CommandKind::reactivate_case,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ReactivateCase{
             .id = "resolved"_case, .origin = other ? Channel::phone : Channel{}, .request = request});
     }},
    {CommandKind::change_origin,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ChangeOrigin{
             .id = "open"_case, .origin = other ? Channel::phone : Channel{}, .request = request});
     }},
    {CommandKind::change_entitlement,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ChangeEntitlement{.id = "open"_case,
                                           .entitlement = other ? "active"_entitlement : "spare"_entitlement,
                                           .request = request});
     }},
    {CommandKind::change_contact,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ChangeContact{
             .id = "open"_case, .contact = other ? "bob"_contact : "ann"_contact, .request = request});
     }},
    {CommandKind::change_product,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ChangeProduct{
             .id = "open"_case, .product = other ? "hub"_product : "router"_product, .request = request});
     }},
    {CommandKind::change_asset,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ChangeAsset{
             .id = "open"_case, .asset = other ? "hose"_asset : "pump"_asset, .request = request});
     }},
    {CommandKind::change_case_type,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ChangeCaseType{.id = "open"_case,
                                        .case_type = other ? "request"_case_type : "question"_case_type,
                                        .request = request});
     }},
    {CommandKind::set_decrement,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(SetDecrement{.id = "open"_case, .decrement = other, .request = request});
     }},
    {CommandKind::delete_case,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(DeleteCase{.id = "open"_case, .request = request, .actor = actor_of(other)});
     }},
    {CommandKind::hold_terms,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(HoldTerms{.id = "held"_case, .quantity = cases(other ? 3 : 2), .request = request});
     }},
    {CommandKind::release_terms,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ReleaseTerms{.id = "held"_case, .request = request, .actor = actor_of(other)});
     }},
    {CommandKind::instantiate,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(Instantiate{.from = basic, .is_default = other, .request = request});
     }},
    {CommandKind::assign,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(Assign{.id = PurchaseId::from_integer(1),
                                .product = "router"_product,
                                .quantity = other ? 2 : 1,
                                .request = request});
     }},
    {CommandKind::top_up,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(
             TopUp{.id = "active"_entitlement, .amount = cases(other ? 2 : 1), .request = request});
     }},
    {CommandKind::void_top_up,
     [](Desk& desk, RequestId request, bool other) {
         const EntitlementId id = "resolving"_entitlement;
         const auto is = desk.engine.entitlement(acme, id);
         return desk.run(VoidTopUp{
             .id = id, .top_up = is ? is->top_ups.first : 1, .request = request, .actor = actor_of(other)});
     }},
    {CommandKind::respond_to_case,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(RespondToCase{.id = "open"_case, .request = request, .actor = actor_of(other)});
     }},
    {CommandKind::change_stage,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ChangeStage{
             .id = "open"_case, .stage = *Stage::named(other ? "waiting" : "working"), .request = request});
     }},
    {CommandKind::change_priority,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ChangePriority{
             .id = "open"_case, .priority = static_cast<CasePriority>(other ? 1 : 2), .request = request});
     }},
    {CommandKind::change_service_level,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(ChangeServiceLevel{
             .id = "open"_case, .sla = SlaId::from_name(other ? "silver" : "gold"), .request = request});
     }},
    {CommandKind::meet_kpi,
     [](Desk& desk, RequestId request, bool other) {
         return desk.run(MeetKpi{.id = "held"_case, .kpi = other ? "visit" : "call", .request = request});
     }},
};
static_assert(std::size(retries) == static_cast<std::size_t>(last_command_kind),
              "every kind of command is retried");

class R11Retry : public testing::TestWithParam<Retry> {};

TEST_P(R11Retry, the_same_again_returns_the_first_receipt_and_records_nothing) {
    Busy desk;
    const auto first = GetParam().run(desk, "r1"_request, false);
    ASSERT_THAT(first, ok());
    EXPECT_FALSE(first->repeated);
    EXPECT_EQ(first->command, GetParam().kind);
    EXPECT_EQ(first->request, "r1"_request);
    desk.now += 48h;
    auto again = GetParam().run(desk, "r1"_request, false);
    ASSERT_THAT(again, repeated());  // the desk sees that it recorded nothing
    again->repeated = false;
    EXPECT_EQ(*again, *first);
}

TEST_P(R11Retry, the_first_receipt_survives_what_happens_after_it) {
    Busy desk;
    const auto first = GetParam().run(desk, "r1"_request, false);
    ASSERT_THAT(first, ok());
    ASSERT_THAT(desk.run(Adjust{.id = "spare"_entitlement, .quantity = cases(-1), .reason = "a call"}), ok());
    (void)desk.run(Adjust{.id = "active"_entitlement, .quantity = cases(-1), .reason = "a call"});
    (void)desk.run(DeleteCase{.id = "open"_case});
    (void)desk.run(Revise{.id = "draft"_entitlement, .changes = {.terms = on_creation(77)}});
    auto again = GetParam().run(desk, "r1"_request, false);
    ASSERT_THAT(again, repeated());
    again->repeated = false;
    EXPECT_EQ(*again, *first);
}

TEST_P(R11Retry, other_arguments_are_request_id_reused) {
    Busy desk;
    ASSERT_THAT(GetParam().run(desk, "r1"_request, false), ok());
    EXPECT_THAT(GetParam().run(desk, "r1"_request, true), refused(ErrorCode::request_id_reused));
}

TEST_P(R11Retry, another_kind_of_command_is_request_id_reused) {
    Busy desk;
    ASSERT_THAT(desk.run(SetDefault{.id = "spare"_entitlement, .request = "r1"_request}), ok());
    const bool same_kind = GetParam().kind == CommandKind::set_default;
    EXPECT_THAT(GetParam().run(desk, "r1"_request, false), refused(ErrorCode::request_id_reused))
        << same_kind;
}

TEST_P(R11Retry, a_refusal_is_not_remembered) {
    Desk empty;  // has nothing that the command is about
    const auto first = GetParam().run(empty, "r1"_request, false);
    if (first) return;  // a draft and an import need nothing
    EXPECT_THAT(GetParam().run(empty, "r1"_request, true), refused(why(first))) << "judged anew";
}

INSTANTIATE_TEST_SUITE_P(, R11Retry, testing::ValuesIn(retries),
                         [](const auto& run) { return std::string{name_of(run.param.kind)}; });

TEST(R11, a_refused_command_is_judged_anew_when_it_is_sent_again) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(0)));
    const OpenCase command{.id = "c1"_case, .entitlement = id, .request = "r1"_request};
    EXPECT_THAT(desk.run(command), refused(ErrorCode::terms_exhausted));
    ASSERT_THAT(desk.run(Adjust{.id = id, .quantity = cases(1), .reason = "goodwill"}), ok());
    const auto again = desk.run(command);
    ASSERT_THAT(again, ok());
    EXPECT_FALSE(again->repeated);
}

TEST(R11, a_success_without_anything_to_do_is_remembered_too) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open("c1", Channel::web), ok());
    const ChangeOrigin to_the_same{.id = "c1"_case, .origin = Channel::web, .request = "r1"_request};
    const auto first = desk.run(to_the_same);
    ASSERT_THAT(first, repeated());
    ASSERT_THAT(desk.change_origin("c1", Channel::email), ok());
    const auto again = desk.run(to_the_same);
    ASSERT_THAT(again, repeated());
    EXPECT_EQ(*again, *first);
    EXPECT_EQ(desk.support_case("c1").facts.origin, Channel::email) << "it does not change it back";
    EXPECT_THAT(desk.run(ChangeOrigin{.id = "c1"_case, .origin = Channel::phone, .request = "r1"_request}),
                refused(ErrorCode::request_id_reused));
}

TEST(R11, a_request_is_remembered_for_30_days) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    const Adjust command{.id = id, .quantity = cases(-1), .reason = "a call", .request = "r1"_request};
    ASSERT_THAT(desk.run(command), ok());
    desk.now = july + 30 * 24h - 1us;
    EXPECT_THAT(desk.run(command), repeated());
    EXPECT_EQ(desk.left(id), 4);
    desk.now = july + 30 * 24h;
    const auto late = desk.run(command);
    ASSERT_THAT(late, ok());
    EXPECT_FALSE(late->repeated) << "afterwards it is a new command";
    EXPECT_EQ(desk.left(id), 3);
    desk.now += 30 * 24h - 1us;
    EXPECT_THAT(desk.run(command), repeated()) << "and is remembered anew";
}

TEST(R11, the_stores_retention_time_decides) {
    MemoryStore store{{.request_retention = 2h}};
    Engine engine{store};
    Draft draft = agreed(on_creation(5));
    draft.request = "r1"_request;
    ASSERT_THAT(engine.draft(draft, july), ok());
    EXPECT_THAT(engine.draft(draft, july + 2h - 1us), repeated());
    EXPECT_FALSE(engine.draft(draft, july + 2h)->repeated);
}

TEST(R11, a_host_whose_clock_is_behind_is_answered_too) {
    Desk desk;
    (void)desk.grant(agreed(on_creation(5)));
    const OpenCase command{.id = "c1"_case, .request = "r1"_request};
    ASSERT_THAT(desk.run(command), ok());
    desk.now = july - 1h;
    EXPECT_THAT(desk.run(command), repeated());
}

TEST(R11, without_a_request_id_nothing_is_remembered) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    const Adjust command{.id = id, .quantity = cases(-1), .reason = "a call"};
    ASSERT_THAT(desk.run(command), ok());
    ASSERT_THAT(desk.run(command), ok());
    EXPECT_EQ(desk.left(id), 3);
}

// Opening a case id that exists.

struct Opened : Desk {
    Opened() {
        id = grant(agreed(on_creation(5), {{Channel::phone, cases(5)}}));
        EXPECT_THAT(run(first()), ok());
    }
    [[nodiscard]] static OpenCase first() {
        return {.id = "c1"_case, .contact = "ann"_contact, .origin = Channel::phone};
    }
    EntitlementId id{};
};

TEST(R11, opening_a_case_again_with_the_facts_first_given_posts_nothing) {
    Opened desk;
    ASSERT_THAT(desk.open("c2"), ok());
    const auto again = desk.run(Opened::first());
    ASSERT_THAT(again, repeated());
    EXPECT_EQ(again->remaining, Quantity(cases(3))) << "with today's balance";
    EXPECT_EQ(again->entitlement, desk.id);
    EXPECT_EQ(again->support_case, "c1"_case);
}

TEST(R11, opening_a_case_again_is_a_repeat_in_any_state_and_at_any_time) {
    Opened desk;
    ASSERT_THAT(desk.resolve("c1"), ok());
    EXPECT_THAT(desk.run(Opened::first()), repeated());
    ASSERT_THAT(desk.reactivate("c1"), ok());
    ASSERT_THAT(desk.cancel("c1"), ok());
    desk.now = year_after;
    EXPECT_THAT(desk.run(Opened::first()), repeated());
}

TEST(R11, opening_a_case_again_goes_by_the_facts_first_given_once_they_have_changed) {
    Opened desk;
    ASSERT_THAT(desk.run(ChangeContact{.id = "c1"_case, .contact = "bob"_contact}), ok());
    ASSERT_THAT(desk.change_origin("c1", {}), ok());
    ASSERT_THAT(desk.set_decrement("c1", false), ok());
    const EntitlementId other = desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.run(ChangeEntitlement{.id = "c1"_case, .entitlement = other}), ok());
    EXPECT_THAT(desk.run(Opened::first()), repeated());
    EXPECT_THAT(desk.run(OpenCase{.id = "c1"_case, .contact = "bob"_contact, .decrement = false}),
                refused(ErrorCode::case_exists))
        << "as it is now is not as it was opened";
}

TEST(R11, opening_a_case_with_other_facts_is_case_exists) {
    Opened desk;
    const auto expect_exists = [&](void (*change)(OpenCase&)) {
        OpenCase command = Opened::first();
        change(command);
        EXPECT_THAT(desk.run(command), refused(ErrorCode::case_exists));
    };
    expect_exists([](OpenCase& c) { c.contact = "bob"_contact; });
    expect_exists([](OpenCase& c) { c.product = "router"_product; });
    expect_exists([](OpenCase& c) { c.asset = "pump"_asset; });
    expect_exists([](OpenCase& c) { c.case_type = "question"_case_type; });
    expect_exists([](OpenCase& c) { c.origin = Channel::web; });
    expect_exists([](OpenCase& c) { c.decrement = false; });
    OpenCase named = Opened::first();
    named.entitlement = desk.id;
    EXPECT_THAT(desk.run(named), refused(ErrorCode::case_exists)) << "the first opening named none";
}

TEST(R11, an_opening_that_named_its_entitlement_is_repeated_with_the_name) {
    Desk desk;
    const EntitlementId id = desk.grant(agreed(on_creation(5)));
    ASSERT_THAT(desk.open_on(id, "c1"), ok());
    EXPECT_THAT(desk.open_on(id, "c1"), repeated());
    EXPECT_THAT(desk.open("c1"), refused(ErrorCode::case_exists));
}

TEST(R11, after_delete_the_case_id_is_free) {
    Opened desk;
    ASSERT_THAT(desk.run(DeleteCase{.id = "c1"_case}), ok());
    const auto anew = desk.run(OpenCase{.id = "c1"_case, .contact = "bob"_contact});
    ASSERT_THAT(anew, ok());
    EXPECT_FALSE(anew->repeated);
}

}  // namespace
}  // namespace conformance
