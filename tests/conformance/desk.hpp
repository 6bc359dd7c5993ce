#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "entitle/entitle.hpp"

// What a failed expectation prints.
namespace entitle::inline v0 {

template <class T>
requires(fmt::is_formattable<T>::value) void PrintTo(const T& value, std::ostream* out) {
    *out << fmt::format("{}", value);
}
template <class T>
requires(fmt::is_formattable<T>::value) void PrintTo(const tl::expected<T, Error>& result,
                                                     std::ostream* out) {
    *out << (result ? fmt::format("{}", *result) : fmt::format("{}", result.error()));
}

}  // namespace entitle::inline v0

/// The arrangement that the conformance tests share: one desk, one customer, the year 2014.
namespace conformance {

using namespace entitle;  // NOLINT(google-build-using-namespace)
using namespace date::literals;
using namespace std::chrono_literals;

// Ids by name.
inline CustomerId operator""_customer(const char* text, std::size_t size) {
    return CustomerId::from_name({text, size});
}
inline EntitlementId operator""_entitlement(const char* text, std::size_t size) {
    return EntitlementId::from_name({text, size});
}
inline CaseId operator""_case(const char* text, std::size_t size) { return CaseId::from_name({text, size}); }
inline ContactId operator""_contact(const char* text, std::size_t size) {
    return ContactId::from_name({text, size});
}
inline ProductId operator""_product(const char* text, std::size_t size) {
    return ProductId::from_name({text, size});
}
inline AssetId operator""_asset(const char* text, std::size_t size) {
    return AssetId::from_name({text, size});
}
inline CaseTypeId operator""_case_type(const char* text, std::size_t size) {
    return CaseTypeId::from_name({text, size});
}
inline RequestId operator""_request(const char* text, std::size_t size) {
    return RequestId::from_name({text, size});
}
inline ActorId operator""_actor(const char* text, std::size_t size) {
    return ActorId::from_name({text, size});
}

inline const CustomerId acme = "acme"_customer;
inline const CustomerId other_customer = "globex"_customer;

/// The coverage of most tests, and instants around it.
inline const Coverage year_2014{2014_y / 1 / 1, 2014_y / 12 / 31, "UTC"};
inline const Instant begin_2014 = date::sys_days{2014_y / 1 / 1};
inline const Instant end_2014 = date::sys_days{2015_y / 1 / 1};
inline const Instant year_before = date::sys_days{2013_y / 7 / 1};
inline const Instant july = date::sys_days{2014_y / 7 / 1} + 9h;
inline const Instant year_after = date::sys_days{2015_y / 7 / 1};

/// A day's midnight, or so much later.
[[nodiscard]] inline Instant at(Day day, Instant::duration later = 0s) { return date::sys_days{day} + later; }

/// An agreement of the customer for 2014.
[[nodiscard]] inline Draft agreed(Terms terms, std::vector<ChannelTerms> channels = {}) {
    return {.name = "Mobile Accessories",
            .customer = acme,
            .coverage = year_2014,
            .terms = std::move(terms),
            .channels = std::move(channels)};
}
[[nodiscard]] inline Terms on_creation(std::int64_t count) {
    return {.total = cases(count), .decrease_on = DecreaseOn::creation, .restricted = true};
}
[[nodiscard]] inline Terms on_resolution(std::int64_t count) {
    return {.total = cases(count), .decrease_on = DecreaseOn::resolution, .restricted = true};
}
[[nodiscard]] inline Terms unrestricted(std::int64_t count, DecreaseOn event = DecreaseOn::creation) {
    return {.total = cases(count), .decrease_on = event, .restricted = false};
}
[[nodiscard]] inline Terms coverage_only(DecreaseOn event = DecreaseOn::creation) {
    return {.allocation = Allocation::coverage_only, .decrease_on = event, .restricted = true};
}

/// All that a store shows.
struct Everything {
    std::vector<Entitlement> entitlements;
    std::vector<SupportCase> cases;
    std::vector<Entry> entries;
    std::vector<ServedCase> served;

    friend bool operator==(const Everything&, const Everything&) = default;
};

[[nodiscard]] Everything everything(const Store& store);

/// Why a command was refused; `none` when it was not.
[[nodiscard]] inline ErrorCode why(const Outcome& outcome) {
    return outcome ? ErrorCode::none : outcome.error().code;
}

MATCHER(ok, "a success") { return arg.has_value(); }
MATCHER_P(refused, code, "refused with " + fmt::format("{}", ErrorCode{code})) {
    return !arg.has_value() && arg.error().code == code;
}
/// Done, because there was nothing to do or it was done before.
MATCHER(repeated, "a success that recorded nothing") { return arg.has_value() && arg->repeated; }

/// A desk over a memory store. Every command that runs through it is held against R10 and section 10: one
/// that was refused or repeated left no trace, any other one appended entries, and the audit agrees.
class Desk {
public:
    explicit Desk(const Policy& policy = policy::standard);
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;
    ~Desk();

    MemoryStore store;
    Engine engine;
    Instant now = july;

    /// Runs one command now; it is the customer's where it names none. For every command of the library.
    template <class C>
    Outcome run(C command);

    EntitlementId draft(const Draft& agreement);
    /// Drafts and activates.
    EntitlementId grant(const Draft& agreement);

    Outcome open(std::string_view id, const Channel& origin = {});
    Outcome open_on(EntitlementId entitlement, std::string_view id, const Channel& origin = {});
    Outcome resolve(std::string_view id, std::chrono::seconds time_spent = 0s, Money cost = {});
    Outcome cancel(std::string_view id);
    Outcome reactivate(std::string_view id, const Channel& origin = {});
    Outcome change_origin(std::string_view id, const Channel& origin);
    Outcome set_decrement(std::string_view id, bool decrement);
    Outcome revise(EntitlementId id, const Changes& changes);
    Outcome deactivate(EntitlementId id);
    Outcome activate(EntitlementId id);

    [[nodiscard]] Entitlement entitlement(EntitlementId id) const;
    [[nodiscard]] Status status(EntitlementId id) const;
    [[nodiscard]] SupportCase support_case(std::string_view id) const;
    [[nodiscard]] std::vector<Entry> entries() const;
    [[nodiscard]] Entry last_entry() const;
    /// What is left of the total, in base units.
    [[nodiscard]] std::int64_t left(EntitlementId id) const;
    /// What is left of a channel, listed or removed, in base units.
    [[nodiscard]] std::int64_t left(EntitlementId id, const Channel& channel) const;
};

}  // namespace conformance
