// Any bytes as a history of commands: each byte is a choice of the generator of histories. The engine answers as the
// reference models do, and keeps what they keep; its ledger audits.

#include "fuzz/fuzz.hpp"
#include "property/history.hpp"
#include "property/service_history.hpp"

namespace {

using entitle_property::Random;

constexpr int length = 48;

void balances(Random random) {
    entitle_property::Trial trial{0, entitle_property::random_policy(random), {}};
    trial.history = entitle_property::Generator{random, trial.policy}.history(length);
    const auto found = entitle_property::engine_differs_from_model(trial, false);
    fuzz::expect(!found, found ? found->what : "");
}

void service_levels(Random random) {
    namespace service = entitle_property::service;
    const service::Trial trial = service::trial_of(std::move(random), length);
    const auto found = service::difference(
        trial, [](const auto& of) { return entitle_property::memory_store(of); }, false);
    fuzz::expect(!found, found.value_or(""));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const Random random{std::span{data + 1, size - 1}};
    if (data[0] % 4 == 0) service_levels(random);
    else balances(random);
    return 0;
}
