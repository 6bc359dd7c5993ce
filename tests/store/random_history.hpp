#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <random>
#include <utility>
#include <vector>

#include "names.hpp"

namespace store_contract {

using namespace conformance;  // NOLINT(google-build-using-namespace)

inline const TemplateId for_many = TemplateId::from_integer(1);
inline const TemplateId for_few = TemplateId::from_integer(2);

inline const SlaId gold_level = SlaId::from_name("gold");
inline const SlaId silver_level = SlaId::from_name("silver");
inline const Stage waiting_stage = *Stage::named("waiting");

/// What the random histories' cases are promised: within minutes, as all that they do happens.
inline void set_service_levels(Engine& engine) {
    const CalendarId office = CalendarId::from_name("office");
    const std::vector<sla::OpenHours> day{{0h, 1h}, {2h, 9h + 30min}, {10h, 24h}};
    EXPECT_TRUE(engine.set_calendar(office, {.week = {day, day, day, day, day, day, day}}));
    EXPECT_TRUE(engine.set_service_level(
        {.id = gold_level,
         .name = "gold",
         .kpis = {
             {.name = "respond", .goal = KpiGoal::first_response, .fail_after = 7min, .calendar = office},
             {.name = "resolve",
              .warn_after = 20min,
              .fail_after = 40min,
              .calendar = office,
              .pausing = {waiting_stage}},
             {.name = "call",
              .goal = KpiGoal::own,
              .fail_after = 15min,
              .applies = {.priorities = {1}, .channels = {Channel::phone, Channel::email}}}}}));
    EXPECT_TRUE(
        engine.set_service_level({.id = silver_level,
                                  .name = "silver",
                                  .kpis = {{.name = "resolve", .warn_after = 0s, .fail_after = 60min}}}));
    EXPECT_TRUE(engine.set_default_service_level(silver_level));
}

/// What the random histories' purchases are assigned by: for many, without a limit; for fewer, for a month.
inline void set_catalog(Engine& engine) {
    set_service_levels(engine);
    const auto keep = [&](TemplateId id, const Draft& from, Length lasts) {
        Template made{id, {.name = from.name, .terms = from.terms}, lasts};
        for (const auto& item : from.channels) {
            made.agreement.channels.push_back({item.channel, item.total});
        }
        EXPECT_TRUE(engine.set_template(made));
    };
    keep(for_many, agreed(Terms{.total = cases(200)}), {.count = 1, .step = Length::Step::days});
    keep(for_few,
         agreed(Terms{.total = cases(4), .decrease_on = DecreaseOn::resolution, .restricted = true},
                {{Channel::phone, cases(2)}, {Channel::email, cases(2)}}),
         {.count = 1, .step = Length::Step::months});
    EXPECT_TRUE(engine.set_rule({ProductId::from_integer(1), 500, for_many}));
    EXPECT_TRUE(engine.set_rule({ProductId::from_integer(1), 1, for_few}));
    EXPECT_TRUE(engine.set_rule({ProductId::from_integer(2), 10, for_few}));
}

/// A random history of some customers: many commands, some of them refused. The store has that catalog.
class RandomHistory {
public:
    explicit RandomHistory(unsigned seed, std::vector<CustomerId> customers = {acme, other_customer})
        : random_{seed}, customers_{std::move(customers)} {}

    /// The next command.
    [[nodiscard]] Command next() {
        ++step_;
        const CustomerId customer = customers_[pick(customers_.size())];
        const EntitlementId own = EntitlementId::from_integer(1 + pick(4));
        const PurchaseId purchase = PurchaseId::from_integer(1 + pick(6));
        const EntitlementId entitlement = pick(5) == 0 ? rule::assigned_for(customer, purchase) : own;
        const EntitlementId expendable = entitlement == own ? EntitlementId::from_integer(4) : entitlement;
        const CaseId id = CaseId::from_integer(1 + pick(12));
        const Channel origin = std::array{Channel{}, Channel::phone, Channel::email, Channel::web}[pick(4)];
        const RequestId request = pick(3) == 0 ? RequestId::from_integer(1 + pick(60)) : RequestId{};
        const ActorId actor = pick(2) == 0 ? "ann"_actor : ActorId{};
        switch (pick(33)) {
            case 28:
            case 29:
            case 30:
            case 31:
            case 32: return served(customer, id, request, actor);
            case 0:
            case 1: {
                Draft draft =
                    agreed(Terms{.total = cases(static_cast<std::int64_t>(4 + pick(9))),
                                 .decrease_on = pick(2) == 0 ? DecreaseOn::creation : DecreaseOn::resolution,
                                 .restricted = pick(2) == 0},
                           {{Channel::phone, cases(3)}, {Channel::email, cases(2)}});
                draft.customer = customer;
                draft.id = own;
                draft.priority = static_cast<std::int32_t>(pick(3));
                if (pick(2) == 0) draft.sla = gold_level;
                draft.request = request;
                draft.actor = actor;
                return draft;
            }
            case 2:
            case 3: return Activate{customer, entitlement, request, actor};
            case 4:
                return pick(3) == 0 ? Command{Deactivate{customer, entitlement, request, actor}}
                                    : Command{Cancel{customer, expendable, request}};
            case 5: return SetDefault{customer, entitlement, request, actor};
            case 6:
                return Adjust{.customer = customer,
                              .id = entitlement,
                              .quantity = cases(static_cast<std::int64_t>(pick(5)) - 2),
                              .channel = Channel::phone,
                              .channel_quantity = cases(static_cast<std::int64_t>(pick(3)) - 1),
                              .reason = "counted by hand",
                              .request = request};
            case 7:
                return Amend{.customer = customer,
                             .id = entitlement,
                             .changes = {.priority = static_cast<std::int32_t>(pick(4))},
                             .request = request};
            case 8:
            case 9:
            case 10:
            case 11:
                return OpenCase{.customer = customer,
                                .id = id,
                                .origin = origin,
                                .priority = static_cast<CasePriority>(pick(3)),
                                .sla = pick(4) == 0 ? gold_level : SlaId{},
                                .request = request,
                                .actor = actor};
            case 12:
            case 13: return ResolveCase{.customer = customer, .id = id, .request = request, .actor = actor};
            case 14: return CancelCase{customer, id, request, actor};
            case 15: return ReactivateCase{customer, id, origin, request, actor};
            case 16: return ChangeOrigin{customer, id, origin, request, actor};
            case 17: return ChangeEntitlement{customer, id, entitlement, request, actor};
            case 19:
                return HoldTerms{.customer = customer,
                                 .id = id,
                                 .quantity = cases(static_cast<std::int64_t>(1 + pick(3))),
                                 .expires = soon(1),
                                 .request = request,
                                 .actor = actor};
            case 20: return ReleaseTerms{customer, id, request, actor};
            case 18: return SetDecrement{customer, id, pick(2) == 0, request, actor};
            case 24:
            case 25:
                return TopUp{.customer = customer,
                             .id = entitlement,
                             .amount = cases(static_cast<std::int64_t>(1 + pick(4))),
                             .channel = pick(3) == 0 ? Channel::phone : Channel{},
                             .priority = static_cast<std::int32_t>(99 + pick(3)),
                             .from = soon(0),
                             .expires = soon(9),
                             .request = request,
                             .actor = actor};
            case 26:
                return VoidTopUp{.customer = customer,
                                 .id = entitlement,
                                 .top_up = 1 + pick(static_cast<std::size_t>(step_)),
                                 .request = request,
                                 .actor = actor};
            case 21:
                return Instantiate{.customer = customer,
                                   .id = own,
                                   .from = pick(2) == 0 ? for_many : for_few,
                                   .is_default = pick(4) == 0,
                                   .request = request,
                                   .actor = actor};
            case 22:
            case 23:
                return Assign{.customer = customer,
                              .id = purchase,
                              .product = ProductId::from_integer(1 + pick(2)),
                              .quantity = std::array{9, 10, 500}[pick(3)],
                              .request = request,
                              .actor = actor};
            default:
                return pick(3) == 0 ? Command{DeleteCase{customer, id, request, actor}}
                                    : Command{Remove{customer, expendable, request}};
        }
    }
    [[nodiscard]] Instant now() const { return july + step_ * 1min; }

private:
    /// A command that only service levels ask for.
    [[nodiscard]] Command served(CustomerId customer, CaseId id, RequestId request, ActorId actor) {
        switch (pick(6)) {
            case 0: return RespondToCase{customer, id, request, actor};
            case 1: return ChangePriority{customer, id, static_cast<CasePriority>(pick(3)), request, actor};
            case 2: {
                const SlaId level =
                    std::array{SlaId{}, gold_level, silver_level, SlaId::from_integer(9)}[pick(4)];
                return ChangeServiceLevel{customer, id, level, request, actor};
            }
            case 3: return MeetKpi{customer, id, pick(4) == 0 ? "resolve" : "call", request, actor};
            default: return ChangeStage{customer, id, pick(2) == 0 ? waiting_stage : Stage{}, request, actor};
        }
    }
    /// Perhaps, some minutes from now.
    [[nodiscard]] std::optional<Instant> soon(int least) {
        if (pick(2) == 0) return std::nullopt;
        return now() + (least + static_cast<int>(pick(9))) * 1min;
    }
    [[nodiscard]] std::size_t pick(std::size_t count) { return random_() % count; }

    std::mt19937 random_;
    std::vector<CustomerId> customers_;
    int step_ = 0;
};

inline Outcome run_any(Engine& engine, const Command& command, Instant now) {
    return std::visit([&](const auto& one) { return engine.execute(one, now); }, command);
}

/// What one customer's store shows.
[[nodiscard]] inline Everything of_customer(const Store& store, CustomerId customer) {
    Everything all = everything(store);
    std::erase_if(all.entitlements, [&](const auto& one) { return one.customer != customer; });
    std::erase_if(all.cases, [&](const auto& one) { return one.customer != customer; });
    std::erase_if(all.entries, [&](const auto& one) { return one.customer != customer; });
    std::erase_if(all.served, [&](const auto& one) { return one.customer != customer; });
    return all;
}

}  // namespace store_contract
