#include <cstddef>
#include <new>
#include <optional>
#include <random>
#include <span>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "entitle/entitle.hpp"

#include "own_memory.hpp"

// R10 where memory runs out: in the middle of any batch, at any allocation, nothing has happened.

namespace {

/// So many allocations succeed, then one fails.
std::optional<std::size_t> allocations_left;

}  // namespace

void unit_memory::on_allocation() {
    if (!allocations_left || (*allocations_left)-- != 0) return;
    allocations_left.reset();
    throw std::bad_alloc{};
}

namespace entitle {
namespace {

using namespace date::literals;

constexpr Instant july = date::sys_days{2014_y / 7 / 1};

/// Random commands on four customers: most of what an engine can be asked to do.
class Commands {
public:
    explicit Commands(unsigned seed) : random_{seed} {}

    [[nodiscard]] std::vector<Command> batch() {
        std::vector<Command> made;
        for (std::uint64_t i = 0, count = 1 + below(12); i < count; ++i) made.push_back(one());
        return made;
    }

private:
    [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    [[nodiscard]] CaseId a_case() { return CaseId::from_integer(1 + below(6)); }
    [[nodiscard]] EntitlementId an_entitlement(CustomerId customer) {
        return EntitlementId::from_integer(customer.bits().lo * 100 + below(5));
    }
    [[nodiscard]] RequestId a_request() {
        return below(3) != 0 ? RequestId{} : RequestId::from_integer(1 + below(2'000));
    }
    [[nodiscard]] ActorId an_actor() { return below(4) != 0 ? ActorId{} : ActorId::from_integer(3); }
    [[nodiscard]] CasePriority a_priority() { return static_cast<CasePriority>(below(3)); }
    [[nodiscard]] Stage a_stage() { return below(2) == 0 ? Stage{} : Stage::named("waiting").value(); }
    [[nodiscard]] ProductId a_product() { return ProductId::from_integer(below(3)); }
    /// Names that are new now and then: those are kept in a table of their own.
    [[nodiscard]] Channel a_channel() {
        switch (below(6)) {
            case 0: return Channel::phone;
            case 1: return Channel::email;
            case 2: return Channel::web;
            case 3: return Channel::named(fmt::format("channel {}", ++names_ % 50)).value();
            default: return {};
        }
    }

    [[nodiscard]] Draft a_draft(CustomerId customer, EntitlementId id) {
        Draft draft{.name = "Mobile Accessories",
                    .customer = customer,
                    .coverage = {2014_y / 6 / 25, 2015_y / 6 / 24},
                    .terms = {.total = cases(static_cast<std::int64_t>(5 + below(20))),
                              .decrease_on = below(2) == 0 ? DecreaseOn::creation : DecreaseOn::resolution,
                              .restricted = below(2) == 0},
                    .channels = {{Channel::phone, cases(3)}, {Channel::email, cases(2)}},
                    .is_default = below(3) == 0,
                    .id = id,
                    .request = a_request(),
                    .actor = an_actor()};
        if (below(3) == 0) {
            draft.low_water = {{.left = cases(4)},
                               {.percent = 50},
                               {.percent = 90},
                               {.channel = Channel::phone, .percent = 99}};
        }
        if (below(3) == 0) draft.scope.products = {ProductId::from_integer(1), ProductId::from_integer(2)};
        return draft;
    }
    [[nodiscard]] Amend an_amendment(CustomerId customer, EntitlementId id) {
        Amend amend{.customer = customer, .id = id, .request = a_request()};
        amend.changes.channels = std::vector<ChannelTerms>{
            {Channel::web, cases(static_cast<std::int64_t>(below(4)))}, {Channel::phone, cases(2)}};
        amend.changes.priority = static_cast<std::int32_t>(below(5));
        return amend;
    }
    [[nodiscard]] Command of_an_entitlement(CustomerId c, EntitlementId e) {
        switch (below(10)) {
            case 0: return a_draft(c, e);
            case 1: return Activate{.customer = c, .id = e, .request = a_request()};
            case 2: return Cancel{.customer = c, .id = e, .request = a_request()};
            case 3: return Remove{.customer = c, .id = e, .request = a_request()};
            case 4: return Deactivate{.customer = c, .id = e};
            case 5: return an_amendment(c, e);
            case 6: return SetDefault{.customer = c, .id = e, .request = a_request()};
            case 7: return Renew{.customer = c, .id = e, .new_id = an_entitlement(c)};
            case 8:
                return Adjust{.customer = c,
                              .id = e,
                              .quantity = cases(static_cast<std::int64_t>(below(5))),
                              .channel = Channel::phone,
                              .channel_quantity = cases(1),
                              .reason = "a reason that is too long for a small string"};
            default: return a_draft(c, e);
        }
    }
    [[nodiscard]] Command of_a_case(CustomerId c) {
        const CaseId id = a_case();
        switch (below(18)) {
            case 15: return ChangeStage{.customer = c, .id = id, .stage = a_stage(), .request = a_request()};
            case 16: return ChangePriority{.customer = c, .id = id, .priority = a_priority()};
            case 17: return ChangeServiceLevel{.customer = c, .id = id, .sla = SlaId::from_integer(below(3))};
            case 12: return SetDecrement{.customer = c, .id = id, .decrement = below(2) == 0};
            case 13: return HoldTerms{.customer = c, .id = id, .quantity = cases(2), .actor = an_actor()};
            case 14: return ReleaseTerms{.customer = c, .id = id, .request = a_request()};
            case 0: return DeleteCase{.customer = c, .id = id, .request = a_request()};
            case 1: return ResolveCase{.customer = c, .id = id, .request = a_request()};
            case 2: return CancelCase{.customer = c, .id = id};
            case 3: return ReactivateCase{.customer = c, .id = id, .origin = a_channel()};
            case 4: return ChangeOrigin{.customer = c, .id = id, .origin = a_channel()};
            case 5: return ChangeEntitlement{.customer = c, .id = id, .entitlement = an_entitlement(c)};
            case 6: return ChangeProduct{.customer = c, .id = id, .product = a_product()};
            default:
                return OpenCase{.customer = c,
                                .id = id,
                                .product = a_product(),
                                .origin = a_channel(),
                                .entitlement = below(3) != 0 ? EntitlementId{} : an_entitlement(c),
                                .priority = a_priority(),
                                .sla = SlaId::from_integer(below(3)),
                                .request = a_request(),
                                .actor = an_actor()};
        }
    }
    [[nodiscard]] Command one() {
        const CustomerId customer = CustomerId::from_integer(1 + below(4));
        return below(2) == 0 ? of_an_entitlement(customer, an_entitlement(customer)) : of_a_case(customer);
    }

    std::mt19937_64 random_;
    std::uint64_t names_ = 0;
};

[[nodiscard]] ServiceLevel level(std::uint64_t id) {
    using std::chrono::hours;
    return {
        .id = SlaId::from_integer(id),
        .name = "gold",
        .kpis = {
            {.name = "respond", .goal = KpiGoal::first_response, .fail_after = hours{id}},
            {.name = "resolve", .fail_after = hours{8 * id}, .pausing = {Stage::named("waiting").value()}},
            {.name = "urgent", .fail_after = hours{2}, .applies = {.priorities = {1}}}}};
}

/// All that an engine shows.
struct Everything {
    std::vector<Entitlement> entitlements;
    std::vector<SupportCase> cases;
    std::vector<Entry> entries;
    std::vector<ServedCase> served;
    std::vector<DuePromise> due;

    Everything(const Engine& engine, const Store& store)
        : entitlements{engine.entitlements().value()},
          cases{engine.cases().value()},
          entries{engine.entries({}).value()},
          due{engine.due(july + std::chrono::hours{99}).value()} {
        for (Cursor cursor; !cursor.done;) EXPECT_TRUE(store.scan(Filter{}, cursor, served));
    }
    friend bool operator==(const Everything&, const Everything&) = default;
};

/// Runs a batch with its allocation number `n` failing; whether it failed so.
[[nodiscard]] bool fails_at(Engine& engine, std::size_t n, std::span<const Command> batch,
                            std::span<Outcome> outcomes) {
    allocations_left = n;
    bool failed = false;
    try {
        failed = !engine.apply(batch, july, outcomes);
    } catch (const std::bad_alloc&) {
        failed = true;
    }
    allocations_left.reset();
    return failed;
}

TEST(OutOfMemory, in_the_middle_of_any_batch_leaves_no_trace) {
    std::size_t failures = 0;
    for (unsigned seed = 0; seed < 60; ++seed) {
        Commands commands{seed};
        MemoryStore store{{.hash_seed = 5}};
        const Policy policy = seed % 2 == 0 ? policy::desk : policy::standard;
        Engine engine{store, {.policy = policy, .ids = UuidV7{1}}};
        for (const std::uint64_t id : {1U, 2U}) {
            EXPECT_TRUE(engine.set_service_level(level(id)));
        }
        for (int step = 0; step < 40; ++step) {
            const std::vector<Command> batch = commands.batch();
            std::vector<Outcome> outcomes(batch.size());
            const Everything before{engine, store};
            for (std::size_t n = 0; fails_at(engine, n, batch, outcomes); ++n) {
                ++failures;
                ASSERT_TRUE((before == Everything{engine, store}))
                    << "seed " << seed << ", step " << step << ", " << n;
            }
        }
        const AuditReport report = engine.audit().value();
        EXPECT_TRUE(report.ok()) << fmt::format("seed {}: {}", seed, report.first.value_or(AuditFinding{}));
    }
    EXPECT_GT(failures, 15'000U);
}

}  // namespace
}  // namespace entitle
