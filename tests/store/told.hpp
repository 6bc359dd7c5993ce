#pragma once

#include <cstdint>
#include <map>
#include <mutex>

#include "random_history.hpp"

namespace store_contract {

/// What engines over one place were told, whichever thread they are on. A plan that was made at one state and accepted
/// at another is the plan that would be made there: so all of it is what one engine over memory answers that is asked in
/// the order of the numbers.
class Told {
public:
    explicit Told(const Policy& policy = policy::standard) : policy_{policy} {}

    /// Keeps what was recorded by this very call.
    void note(const Command& command, Instant now, const Outcome& outcome) {
        if (!outcome || outcome->number == 0 || outcome->repeated) return;
        const std::lock_guard lock{mutex_};
        answers_[outcome->customer].emplace(outcome->number, Answer{command, now, *outcome});
    }
    [[nodiscard]] std::size_t of(CustomerId customer) const {
        const auto found = answers_.find(customer);
        return found == answers_.end() ? 0 : found->second.size();
    }

    /// Nothing was recorded twice, or without an answer: every number was told once. In their order memory tells the
    /// same, and ends as the store has ended.
    void expect_as_in_memory(const Store& store) const {
        MemoryStore memory;
        Engine alone{memory, {.policy = policy_}};
        set_catalog(alone);
        for (const auto& [customer, answers] : answers_) {
            std::uint64_t number = 0;
            for (const auto& [is, one] : answers) {
                ASSERT_EQ(is, ++number);
                const Outcome outcome = run_any(alone, one.command, one.now);
                ASSERT_THAT(outcome, ok()) << "number " << is;
                ASSERT_EQ(*outcome, one.receipt) << "number " << is;
            }
            ASSERT_TRUE(of_customer(store, customer) == of_customer(memory, customer));
        }
    }

private:
    struct Answer {
        Command command;
        Instant now;
        Receipt receipt;
    };

    Policy policy_;
    std::mutex mutex_;
    std::map<CustomerId, std::multimap<std::uint64_t, Answer>> answers_;
};

}  // namespace store_contract
