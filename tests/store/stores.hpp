#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "entitle/store/sqlite_store.hpp"

#include "../conformance/desk.hpp"
#include "attached_store.hpp"
#include "postgres_place.hpp"
#include "scratch.hpp"

namespace store_contract {

using namespace conformance;  // NOLINT(google-build-using-namespace)

/// A sort of store. What it promises beyond the contract, its `capabilities` say.
struct StoreSort {
    const char* name;
    /// Opens the store of that sort at a place, which is new to each test. A durable one opened there again
    /// has what it had; two of a shared one may be open there at once.
    std::unique_ptr<Store> (*open)(const std::string& place);

    friend void PrintTo(const StoreSort& sort, std::ostream* out) { *out << sort.name; }
};

/// Every store that the contract is held against: one line each.
[[nodiscard]] inline std::vector<StoreSort> stores() {
    return {
        {"memory",
         [](const std::string&) -> std::unique_ptr<Store> { return std::make_unique<MemoryStore>(); }},
        {"sqlite",
         [](const std::string& place) -> std::unique_ptr<Store> {
             return SqliteStore::open(place + ".db").value();
         }},
        {"sqlite_attached",
         [](const std::string& place) -> std::unique_ptr<Store> {
             return std::make_unique<AttachedStore>(place + ".db");
         }},
        {"postgres",
         [](const std::string& place) -> std::unique_ptr<Store> {
             return PostgresStore::connect(conninfo_of(place)).value();
         }},
        {"postgres_attached",
         [](const std::string& place) -> std::unique_ptr<Store> {
             return std::make_unique<AttachedPostgresStore>(place);
         }},
    };
}

/// Nine in the morning: a desk is open.
[[nodiscard]] inline Instant day(Day date) { return date::sys_days{date} + 9h; }

/// Plays the engine's part by hand: opens units, lets the rules plan, stages what they planned.
class Contract : public testing::TestWithParam<StoreSort> {
protected:
    Contract() : store{open()} {}

    /// Another object on the same place, where the store is shared; else this one.
    [[nodiscard]] std::unique_ptr<Store> open() const { return GetParam().open(place_); }

    template <class C>
    [[nodiscard]] static Footprint footprint_of(const C& command) {
        Footprint footprint{command.customer, {}, command.request, {}};
        if constexpr (CaseCommand<C>) footprint.support_case = command.id;
        else footprint.entitlement = command.id;
        if constexpr (C::kind == CommandKind::renew) footprint.entitlement = command.new_id;
        return footprint;
    }

    /// Opens a unit for these commands.
    template <class... C>
    void begin(Access access, const C&... commands) {
        const std::vector<Footprint> unit{footprint_of(commands)...};
        ASSERT_TRUE(store->begin(unit, access, print));
    }

    [[nodiscard]] View view(const Footprint& footprint) const {
        View out;
        EXPECT_TRUE(store->view(footprint, out));
        return out;
    }
    template <class C>
    [[nodiscard]] View view_for(const C& command) const {
        return view(footprint_of(command));
    }

    /// What the rules plan for a command, by what the open unit shows.
    template <class C>
    [[nodiscard]] Plan planned(const C& command, Instant now = july) const {
        const View seen = view_for(command);
        rule::Facts facts{seen, policy, now};
        facts.zone = Zone{};
        if constexpr (!CaseCommand<C>) facts.new_id = command.id;
        if constexpr (C::kind == CommandKind::renew) facts.new_id = command.new_id;
        Plan plan;
        const auto decided = rule::decide(command, facts, plan);
        EXPECT_TRUE(decided) << fmt::format("{}", decided.error());
        plan.arguments = arguments_of(command);
        return plan;
    }

    /// What the rules plan for a command now; nothing comes of it.
    template <class C>
    [[nodiscard]] Plan planned_before(const C& command) {
        begin(Access::write, command);
        Plan plan = planned(command);
        store->abandon();
        return plan;
    }

    /// One unit of one plan. Stale may come from `stage` or from `commit`.
    Commit run_plan(const Plan& plan, Receipt& receipt) {
        const Footprint footprint{plan.customer, plan.support_case_id, plan.request, plan.subject};
        EXPECT_TRUE(store->begin({&footprint, 1}, Access::write, print));
        View seen;
        EXPECT_TRUE(store->view(footprint, seen));
        const auto staged = store->stage(plan, receipt);
        EXPECT_TRUE(staged);
        if (!staged || *staged == Commit::stale) return Commit::stale;
        return store->commit().value();
    }
    Commit run_plan(const Plan& plan) {
        Receipt receipt;
        return run_plan(plan, receipt);
    }

    /// One unit of one command; where that is stale, another, under the lock.
    template <class C>
    Receipt run(const C& command, Instant now = july) {
        Receipt receipt;
        if (run_once(Access::write, command, now, receipt) == Commit::stale) {
            EXPECT_EQ(run_once(Access::locked, command, now, receipt), Commit::done);
        }
        return receipt;
    }
    template <class C>
    Commit run_once(Access access, const C& command, Instant now, Receipt& receipt) {
        begin(access, command);
        const auto staged = store->stage(planned(command, now), receipt);
        EXPECT_TRUE(staged);
        return staged && *staged == Commit::done ? store->commit().value() : Commit::stale;
    }

    /// An activated entitlement of five cases, two by phone.
    EntitlementId grant(EntitlementId id,
                        Draft agreement = agreed(on_creation(5), {{Channel::phone, cases(2)}})) {
        agreement.id = id;
        (void)run(agreement);
        (void)run(Activate{.customer = agreement.customer, .id = id});
        return id;
    }

    template <class T>
    [[nodiscard]] std::vector<T> scanned(const Filter& filter) const {
        std::vector<T> out;
        for (Cursor cursor; !cursor.done;) EXPECT_TRUE(store->scan(filter, cursor, out));
        return out;
    }
    [[nodiscard]] Entitlement entitlement(EntitlementId id) const {
        const std::vector<Entitlement> all = scanned<Entitlement>({acme, {}});
        for (const Entitlement& one : all) {
            if (one.id == id) return one;
        }
        ADD_FAILURE() << "no such entitlement";
        return {};
    }

    static constexpr std::uint64_t print = policy::fingerprint(policy::standard);

private:
    Scratch scratch_;
    std::string place_ = scratch_.file("store");

protected:
    Policy policy = policy::standard;  ///< that the rules plan by
    std::unique_ptr<Store> store;
};

}  // namespace store_contract
