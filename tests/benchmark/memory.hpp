#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "desk.hpp"
#include "heap.hpp"
#include "workload.hpp"

/// How many bytes a thing takes in the memory store: 1–3 entitlements per customer, four channels each, no
/// scopes.
namespace benchmark_of_entitle {

/// Bytes for each of so many. Tables are now half full, now fuller, so one number of things would say little:
/// looked at eight times while it doubles.
class BytesEach {
public:
    static constexpr int looks = 8;

    /// How many there are at a look, from `first` on.
    [[nodiscard]] static std::size_t count_at(int look, std::size_t first) {
        return static_cast<std::size_t>(static_cast<double>(first) * std::exp2(double{1} * look / looks));
    }
    void add(double bytes, std::size_t count) {
        const double each = bytes / static_cast<double>(count);
        sum_ += each;
        least_ = looked_ == 0 ? each : std::min(least_, each);
        most_ = std::max(most_, each);
        ++looked_;
    }
    [[nodiscard]] double mean() const { return sum_ / looked_; }
    [[nodiscard]] double least() const { return least_; }
    [[nodiscard]] double most() const { return most_; }

private:
    double sum_ = 0, least_ = 0, most_ = 0;
    int looked_ = 0;
};

struct EntitlementBytes {
    BytesEach store{};      ///< customer, rows, channel rows, indexes; without its ledger lines
    BytesEach agreement{};  ///< names, lists, terms: what malloc gave besides
    std::size_t lines = 2 * sizeof(entitle::detail::LedgerRecord);  ///< it was drafted and activated
};

[[nodiscard]] inline EntitlementBytes measure_entitlements(std::size_t customers) {
    EntitlementBytes out;
    const Workload workload{0xB17E5, customers * 2, Workload::Sort::plain};
    CountingResource counted;
    Desk desk{&counted};
    const std::size_t store_before = counted.in_use();
    const std::size_t heap_before = heap_in_use();
    for (int look = 0; look < BytesEach::looks; ++look) {
        desk.add_customers(workload, BytesEach::count_at(look, customers));
        const std::size_t count = desk.entitlements();
        const std::size_t store = counted.in_use() - store_before;
        out.store.add(static_cast<double>(store - count * out.lines), count);
        if (heap_before != 0)
            out.agreement.add(static_cast<double>(heap_in_use() - heap_before - store), count);
    }
    return out;
}

/// Cases with one posting each, opened with a request id or without.
[[nodiscard]] inline BytesEach measure_cases(std::size_t first, bool with_request) {
    BytesEach out;
    Workload workload{0xCA5E, first / 10 + 1, Workload::Sort::plain};
    Random random{0xF00D};
    CountingResource counted;
    Desk desk{&counted};
    desk.add_customers(workload, workload.customers());
    const std::size_t before = counted.in_use();
    std::size_t opened = 0;
    for (int look = 0; look < BytesEach::looks; ++look) {
        while (opened < BytesEach::count_at(look, first)) {
            entitle::OpenCase command = command_of(workload.ask());
            if (with_request) command.request = entitle::RequestId{random.uuid()};
            if (desk.engine().open_case(command, now)) ++opened;
        }
        out.add(static_cast<double>(counted.in_use() - before), opened);
    }
    return out;
}

}  // namespace benchmark_of_entitle
