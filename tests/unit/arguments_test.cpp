#include "entitle/value/arguments.hpp"

#include <set>

#include <gtest/gtest.h>

// R11: the fingerprint of a command's arguments hangs on every one of them, but not on the request id.

namespace entitle {
namespace {

using namespace date::literals;
using namespace std::chrono_literals;

/// Every change of a command gives a fingerprint of its own.
template <class C>
void expect_hangs_on(const C& base, std::initializer_list<void (*)(C&)> changes) {
    std::set<std::uint64_t> seen{arguments_of(base)};
    std::size_t index = 0;
    for (const auto change : changes) {
        C other = base;
        change(other);
        EXPECT_TRUE(seen.insert(arguments_of(other)).second) << name_of(C::kind) << ", change " << index;
        ++index;
    }
    C again = base;
    again.request = RequestId::from_integer(99);
    EXPECT_EQ(arguments_of(again), arguments_of(base)) << "not on the request id";
    EXPECT_EQ(arguments_of(base), arguments_of(C{base}));
    again.actor = ActorId::from_integer(99);
    EXPECT_TRUE(seen.insert(arguments_of(again)).second) << name_of(C::kind) << ": the actor";
    again = base;
    again.id = decltype(again.id)::from_integer(99);
    EXPECT_TRUE(seen.insert(arguments_of(again)).second) << name_of(C::kind) << ": the id";
}

template <class C>
void change_agreement(std::vector<void (*)(C&)>& changes) {
    changes.insert(changes.end(), {[](C& c) { c.name = "b"; },
                                   [](C& c) { c.description = "b"; },
                                   [](C& c) { c.coverage.first_day = 2014_y / 1 / 2; },
                                   [](C& c) { c.coverage.last_day = 2014_y / 1 / 2; },
                                   [](C& c) { c.coverage.time_zone = "Europe/Berlin"; },
                                   [](C& c) { c.terms.total = cases(5); },
                                   [](C& c) {
                                       c.terms.total = Quantity{5, {Allocation::hours, {}}};
                                   },
                                   [](C& c) { c.terms.total = money(5, eur); },
                                   [](C& c) { c.terms.total = money(5, usd); },
                                   [](C& c) { c.terms.allocation = Allocation::cases; },
                                   [](C& c) { c.terms.allocation = Allocation::hours; },
                                   [](C& c) { c.terms.decrease_on = DecreaseOn::resolution; },
                                   [](C& c) { c.terms.restricted = true; },
                                   [](C& c) { c.scope.contacts = {ContactId::from_integer(1)}; },
                                   [](C& c) { c.scope.products = {ProductId::from_integer(1)}; },
                                   [](C& c) { c.scope.assets = {AssetId::from_integer(1)}; },
                                   [](C& c) { c.scope.case_types = {CaseTypeId::from_integer(1)}; },
                                   [](C& c) { c.priority = 1; },
                                   [](C& c) { c.is_default = true; },
                                   [](C& c) { c.sla = SlaId::from_integer(1); },
                                   [](C& c) { c.made_from = TemplateId::from_integer(1); },
                                   [](C& c) { c.owner = OwnerId::from_integer(1); },
                                   [](C& c) { c.knowledge_base = KnowledgeBase::premium; },
                                   [](C& c) { c.discount_percent = 1; }});
}

template <class C>
void expect_hangs_on(const C& base, const std::vector<void (*)(C&)>& changes) {
    std::set<std::uint64_t> seen{arguments_of(base)};
    for (std::size_t i = 0; i < changes.size(); ++i) {
        C other = base;
        changes[i](other);
        EXPECT_TRUE(seen.insert(arguments_of(other)).second) << name_of(C::kind) << ", change " << i;
    }
}

TEST(Arguments, of_draft) {
    std::vector<void (*)(Draft&)> changes;
    change_agreement(changes);
    changes.push_back([](Draft& c) { c.channels = {{Channel::phone, cases(1)}}; });
    changes.push_back([](Draft& c) { c.channels = {{Channel::phone, cases(2)}}; });
    changes.push_back([](Draft& c) { c.channels = {{Channel::email, cases(1)}}; });
    changes.push_back([](Draft& c) { c.period = PeriodTerms{}; });
    changes.push_back([](Draft& c) { c.period = PeriodTerms{{1, Cycle::Step::days}}; });
    changes.push_back([](Draft& c) { c.period = PeriodTerms{{1, Cycle::Step::weeks}}; });
    changes.push_back([](Draft& c) { c.period = PeriodTerms{{}, cases(0)}; });
    changes.push_back([](Draft& c) { c.period = PeriodTerms{{}, {}, true}; });
    changes.push_back([](Draft& c) { c.low_water = {{.left = cases(2)}}; });
    changes.push_back([](Draft& c) { c.low_water = {{.left = cases(2)}, {.percent = 2}}; });
    changes.push_back([](Draft& c) { c.low_water = {{.percent = 2}}; });
    changes.push_back([](Draft& c) { c.low_water = {{.channel = Channel::phone, .percent = 2}}; });
    changes.push_back([](Draft& c) { c.id = EntitlementId::from_integer(1); });
    changes.push_back([](Draft& c) { c.actor = ActorId::from_integer(1); });
    expect_hangs_on(Draft{}, changes);
}

TEST(Arguments, of_import_entitlement) {
    using C = ImportEntitlement;
    std::vector<void (*)(C&)> changes;
    change_agreement(changes);
    changes.push_back([](C& c) { c.remaining = cases(0); });
    changes.push_back([](C& c) { c.remaining = cases(1); });
    changes.push_back([](C& c) { c.status = Status::active; });
    changes.push_back([](C& c) { c.low_water = {{.percent = 2}}; });
    changes.push_back([](C& c) { c.channels = {{{}, Channel::phone, cases(1)}}; });
    changes.push_back([](C& c) { c.channels = {{{}, Channel::phone, cases(1), Quantity(cases(1))}}; });
    changes.push_back([](C& c) {
        c.channels = {{EntitlementId::from_integer(1), Channel::phone, cases(1)}};
    });
    expect_hangs_on(C{}, changes);
}

template <class C>
std::initializer_list<void (*)(C&)> all_changes() {
    static const std::initializer_list<void (*)(C&)> changes{
        [](C& c) { c.changes.name = ""; },
        [](C& c) { c.changes.name = "b"; },
        [](C& c) { c.changes.description = ""; },
        [](C& c) { c.changes.coverage = Coverage{}; },
        [](C& c) { c.changes.terms = Terms{}; },
        [](C& c) { c.changes.period = PeriodTerms{}; },
        [](C& c) { c.changes.channels = std::vector<ChannelTerms>{}; },
        [](C& c) { c.changes.scope = Scope{}; },
        [](C& c) { c.changes.priority = 0; },
        [](C& c) { c.changes.sla = SlaId{}; },
        [](C& c) { c.changes.owner = OwnerId{}; },
        [](C& c) { c.changes.knowledge_base = KnowledgeBase::none; },
        [](C& c) { c.changes.discount_percent = 0; },
        [](C& c) { c.changes.low_water.emplace(); },
        [](C& c) { c.changes.low_water = std::vector<LowWater>{{.percent = 2}}; }};
    return changes;
}

TEST(Arguments, of_revise_and_amend_tell_what_is_absent_from_what_is_empty) {
    expect_hangs_on(Revise{}, all_changes<Revise>());
    expect_hangs_on(Amend{}, all_changes<Amend>());
    EXPECT_NE(arguments_of(Revise{}), arguments_of(Amend{}));
}

TEST(Arguments, of_channels_and_scope) {
    expect_hangs_on(SetChannel{},
                    {[](SetChannel& c) { c.channel = Channel::phone; },
                     [](SetChannel& c) { c.total = cases(1); }, [](SetChannel& c) { c.total = hours(1s); }});
    expect_hangs_on(RemoveChannel{}, {[](RemoveChannel& c) { c.channel = Channel::phone; }});
    expect_hangs_on(ReviseScope{}, {[](ReviseScope& c) { c.add.assets = {AssetId::from_integer(1)}; },
                                    [](ReviseScope& c) { c.remove.assets = {AssetId::from_integer(1)}; },
                                    [](ReviseScope& c) { c.add.products = {ProductId::from_integer(1)}; }});
}

TEST(Arguments, of_the_rest_of_the_lifecycle) {
    expect_hangs_on<Activate>({}, {});
    expect_hangs_on<Deactivate>({}, {});
    expect_hangs_on<Cancel>({}, {});
    expect_hangs_on<SetDefault>({}, {});
    expect_hangs_on<Remove>({}, {});
    expect_hangs_on(Renew{}, {[](Renew& c) { c.new_id = EntitlementId::from_integer(1); }});
    expect_hangs_on(Adjust{},
                    {[](Adjust& c) { c.quantity = cases(1); }, [](Adjust& c) { c.quantity = cases(-1); },
                     [](Adjust& c) { c.channel_quantity = cases(1); },
                     [](Adjust& c) { c.channel = Channel::phone; }, [](Adjust& c) { c.reason = "b"; }});
}

TEST(Arguments, of_the_case_commands) {
    expect_hangs_on(OpenCase{}, {[](OpenCase& c) { c.contact = ContactId::from_integer(1); },
                                 [](OpenCase& c) { c.product = ProductId::from_integer(1); },
                                 [](OpenCase& c) { c.asset = AssetId::from_integer(1); },
                                 [](OpenCase& c) { c.case_type = CaseTypeId::from_integer(1); },
                                 [](OpenCase& c) { c.origin = Channel::phone; },
                                 [](OpenCase& c) { c.entitlement = EntitlementId::from_integer(1); },
                                 [](OpenCase& c) { c.decrement = false; }});
    expect_hangs_on(
        ResolveCase{},
        {[](ResolveCase& c) { c.time_spent = 1s; }, [](ResolveCase& c) { c.cost = money(1, eur); },
         [](ResolveCase& c) { c.cost = money(1, usd); }, [](ResolveCase& c) { c.cost = money(0, usd); }});
    expect_hangs_on<CancelCase>({}, {});
    expect_hangs_on<DeleteCase>({}, {});
    expect_hangs_on(ReactivateCase{}, {[](ReactivateCase& c) { c.origin = Channel::phone; }});
    expect_hangs_on(ChangeOrigin{}, {[](ChangeOrigin& c) { c.origin = Channel::phone; }});
    expect_hangs_on(ChangeEntitlement{},
                    {[](ChangeEntitlement& c) { c.entitlement = EntitlementId::from_integer(1); }});
    expect_hangs_on(ChangeContact{}, {[](ChangeContact& c) { c.contact = ContactId::from_integer(1); }});
    expect_hangs_on(ChangeProduct{}, {[](ChangeProduct& c) { c.product = ProductId::from_integer(1); }});
    expect_hangs_on(ChangeAsset{}, {[](ChangeAsset& c) { c.asset = AssetId::from_integer(1); }});
    expect_hangs_on(ChangeCaseType{}, {[](ChangeCaseType& c) { c.case_type = CaseTypeId::from_integer(1); }});
    expect_hangs_on(SetDecrement{}, {[](SetDecrement& c) { c.decrement = false; }});
}

TEST(Arguments, of_a_channel_hang_on_its_letters_whatever_their_case) {
    const auto changed_to = [](std::string_view name) {
        return arguments_of(ChangeOrigin{.origin = Channel::named(name).value()});
    };
    EXPECT_EQ(changed_to("phone"), changed_to("PHONE"));
    EXPECT_EQ(changed_to("Community Forum"), changed_to("community forum"));
    EXPECT_NE(changed_to("Community Forum"), changed_to("community forum!"));
}

TEST(Arguments, tell_apart_texts_whose_border_moves) {
    EXPECT_NE(arguments_of(Draft{.name = "ab", .description = "c"}),
              arguments_of(Draft{.name = "a", .description = "bc"}));
}

// Stores keep these words: they never change.
TEST(Arguments, are_the_same_in_every_version) {
    EXPECT_EQ(arguments_of(CancelCase{.id = CaseId::from_integer(1)}), 0x7158'884F'6451'67E6);
    EXPECT_EQ(arguments_of(OpenCase{.id = CaseId::from_integer(1), .origin = Channel::facebook}),
              0x0609'2B22'0237'63D6);
}

}  // namespace
}  // namespace entitle
