// Any bytes as what people and databases write ids, instants, quantities, names and states as: what is read is written
// so that it is read again as the same.

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include <entitle/entitle.hpp>
#include <entitle/sla/service_terms_text.hpp>
#include <entitle/value/case_service_text.hpp>
#include <entitle/value/expiring_hold_text.hpp>
#include <entitle/value/quantity_text.hpp>
#include <entitle/value/top_up_text.hpp>
#include <fmt/format.h>

#include "fuzz/fuzz.hpp"
#include "row_check.hpp"

namespace {

using fuzz::expect;

void ids(std::string_view text) {
    if (const auto id = entitle::CustomerId::parse(text)) {
        const auto [hi, lo] = id->bits();
        const std::string written = fmt::format("{}", *id);
        if (hi != 0) expect(entitle::CustomerId::parse(written) == id, "an id is read as it is written");
        else expect(written == (lo == 0 ? "-" : std::to_string(lo)), "one of an integer is written as that");
    }
    if (const auto digest = entitle::parse_digest(text)) {
        expect(entitle::parse_digest(fmt::format("{}", *digest)) == digest,
               "a digest is read as it is written");
    }
}

void instants(std::string_view text) {
    if (const auto at = program::parse_at(text)) {
        expect(fmt::format("{}", entitle::as_utc(*at)) == text, "an instant is written as it was");
    }
    if (const auto day = program::parse_day(text)) {
        expect(fmt::format("{}", entitle::as_day(*day)) == text, "a day is written as it was");
    }
    (void)entitle::Zone::named(text);
}

void quantities(std::string_view text) {
    using entitle::Allocation;
    const std::array<entitle::Unit, 4> units{{{Allocation::cases, {}},
                                              {Allocation::hours, {}},
                                              {Allocation::money, *entitle::Currency::of("EUR")},
                                              {Allocation::money, *entitle::Currency::of("JPY")}}};
    for (const entitle::Unit unit : units) {
        const auto quantity = entitle::parse_quantity(text, unit);
        if (!quantity) continue;
        const std::string written = fmt::format("{}", *quantity);
        const auto again = entitle::parse_quantity(written.substr(0, written.find(' ')), unit);
        expect(again && *again == *quantity, "a quantity is read as it is written");
    }
}

template <class Name>
void name(std::string_view text) {
    const auto named = Name::named(text);
    if (named) expect(Name::named(named->name()) == named, "a name is read as it is written");
}

/// What stores keep in a column of text.
template <class Read>
void state(std::string_view text, Read read) {
    using entitle::text_of;
    using entitle::sla::text_of;
    const auto first = read(text);
    if (!first) return;
    const auto again = read(text_of(*first));
    expect(again && *again == *first, "a state is read as it is written");
}

void states(std::string_view text) {
    state(text, entitle::case_service_from);
    state(text, entitle::top_ups_from);
    state(text, entitle::expiring_holds_from);
    state(text, entitle::sla::business_hours_from);
    const entitle::SlaId id = entitle::SlaId::from_integer(1);
    state(text, [&](std::string_view from) { return entitle::sla::service_level_from(id, from); });
    state(text, entitle::sla::default_service_from);
    (void)entitle::top_up_terms(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of({data, size});
    ids(text);
    instants(text);
    quantities(text);
    name<entitle::Channel>(text);
    name<entitle::Stage>(text);
    states(text);
    return 0;
}
