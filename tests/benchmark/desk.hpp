#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory_resource>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "entitle/entitle.hpp"

#include "workload.hpp"

namespace benchmark_of_entitle {

/// Ends the program where a command that cannot fail has.
template <class T>
decltype(auto) must(T&& result) {
    if (!result) {
        fmt::print(stderr, "entitle_benchmark: {}\n", result.error());
        std::exit(EXIT_FAILURE);
    }
    return std::forward<T>(result);
}

[[nodiscard]] inline entitle::Draft draft_of(Key customer, const Candidate& candidate,
                                             std::int32_t priority) {
    const Days days = days_of(candidate);
    entitle::Draft draft;
    draft.name = "Standard support, incidents of one year";
    draft.customer = entitle::CustomerId{customer};
    draft.id = entitle::EntitlementId{candidate.id};
    draft.coverage = {days.first, days.last};
    draft.terms = {.total = entitle::cases(candidate.total), .restricted = true};
    draft.priority = priority;
    for (std::size_t i = 0; i < listed_channels; ++i) {
        draft.channels.push_back({channels[i], entitle::cases(i < open_channels ? candidate.total : 0)});
    }
    if (candidate.product != Key{}) draft.scope.products = {entitle::ProductId{candidate.product}};
    return draft;
}

[[nodiscard]] inline entitle::OpenCase command_of(const Ask& ask) {
    entitle::OpenCase command;
    command.customer = entitle::CustomerId{ask.customer};
    command.id = entitle::CaseId{ask.id};
    command.product = entitle::ProductId{ask.product};
    command.origin = channels[ask.channel];
    return command;
}

/// Gives an engine a workload's customers, with their entitlements in force.
class Customers {
public:
    explicit Customers(entitle::Engine& engine) : engine_{&engine} {}

    /// The first of them, as many as are not there yet.
    void add(const Workload& workload, std::size_t count) {
        for (; customers_ < count; ++customers_) {
            add(workload.customer(customers_));
            if (drafts_.size() >= 1'000) put_in_force();
        }
        put_in_force();
    }
    [[nodiscard]] std::size_t entitlements() const { return entitlements_; }

private:
    void add(const Customer& customer) {
        std::int32_t priority = 0;
        for (const Candidate& candidate : customer.list()) {
            drafts_.push_back(draft_of(customer.id, candidate, priority += 10));
            activations_.push_back(
                {entitle::CustomerId{customer.id}, entitle::EntitlementId{candidate.id}, {}, {}});
        }
    }
    void put_in_force() {
        // Agreements begin before anything is asked, also those that are over by then.
        constexpr entitle::Instant before{date::sys_days{date::year{2013} / date::June / 1}};
        outcomes_.resize(drafts_.size());
        must(engine_->apply(std::span<const entitle::Draft>{drafts_}, before, outcomes_));
        for (const auto& outcome : outcomes_) must(outcome);
        must(engine_->apply(std::span<const entitle::Activate>{activations_}, before, outcomes_));
        for (const auto& outcome : outcomes_) must(outcome);
        entitlements_ += drafts_.size();
        drafts_.clear();
        activations_.clear();
    }

    entitle::Engine* engine_;
    std::size_t customers_ = 0;
    std::size_t entitlements_ = 0;
    std::vector<entitle::Draft> drafts_;
    std::vector<entitle::Activate> activations_;
    std::vector<entitle::Outcome> outcomes_;
};

/// The engine over its memory store, with a workload's customers and their active entitlements.
class Desk {
public:
    explicit Desk(std::pmr::memory_resource* memory = std::pmr::get_default_resource())
        : Desk{entitle::MemoryStore::Options{.memory = memory}} {}
    /// With room for so many customers and cases made beforehand.
    Desk(std::size_t customers, std::size_t cases)
        : Desk{entitle::MemoryStore::Options{.expected_customers = customers,
                                             .expected_entitlements = 2 * customers,
                                             .expected_cases = cases}} {}

    /// A workload's first customers, as many as are not there yet.
    void add_customers(const Workload& workload, std::size_t count) { customers_.add(workload, count); }
    [[nodiscard]] std::size_t entitlements() const { return customers_.entitlements(); }

    [[nodiscard]] entitle::Engine& engine() { return engine_; }
    [[nodiscard]] entitle::Store& store() { return store_; }

private:
    explicit Desk(entitle::MemoryStore::Options options)
        : store_{(options.hash_seed = 0x5EED, options)}, engine_{store_} {}

    entitle::MemoryStore store_;
    entitle::Engine engine_;
    Customers customers_{engine_};
};

}  // namespace benchmark_of_entitle
