#include <array>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "entitle/sla/calendars.hpp"
#include "entitle/sla/service_level.hpp"
#include "entitle/sla/service_terms_text.hpp"
#include "entitle/value/case_service_text.hpp"

// Section 11 as stores keep it: values by chance come back as they were, and no text does harm.

namespace entitle::sla {
namespace {

using namespace date::literals;
using namespace std::chrono_literals;

constexpr int values = 400;

/// Values as they may be, most of them near what is special.
class TextChance {
public:
    explicit TextChance(std::uint64_t seed) : bits_{seed} {}

    std::size_t below(std::size_t end) { return bits_() % end; }
    bool heads() { return below(2) == 0; }

    std::int64_t number() {
        using Limits = std::numeric_limits<std::int64_t>;
        const std::array some{std::int64_t{0}, std::int64_t{-1}, std::int64_t{86'400}, Limits::min(),
                              Limits::max() - 1};
        return heads() ? some[below(some.size())] : static_cast<std::int64_t>(bits_());
    }
    Instant instant() { return Instant{std::chrono::microseconds{number()}}; }
    /// … or never.
    Instant perhaps() { return below(3) == 0 ? KpiInstance::never : instant(); }

    template <class Tag>
    void fill(Id<Tag>& id) {
        id = heads() ? Id<Tag>::from_integer(below(3)) : Id<Tag>{Uuid{bits_(), bits_()}};
    }
    /// Of what a reader could stumble over.
    std::string name() {
        constexpr std::array<std::string_view, 9> pieces{" ",     "7",   "kpi", "\xC3\xA9", "\n",
                                                         "never", "a b", "\"",  "-"};
        std::string out;
        for (std::size_t count = below(6); count > 0; --count) out += pieces[below(pieces.size())];
        return out;
    }
    template <class Name>
    Name short_name() {
        return Name::named(name()).value_or(Name{});
    }
    void fill(Stage& stage) { stage = short_name<Stage>(); }
    void fill(Channel& channel) { channel = short_name<Channel>(); }
    void fill(CasePriority& priority) { priority = static_cast<CasePriority>(below(256)); }
    void fill(OpenHours& hours) {
        hours = {std::chrono::seconds{below(86'401)}, std::chrono::seconds{number()}};
    }
    void fill(Day& day) {
        const std::array some{Day{2014_y / 7 / 1}, Day{date::year::min() / 1 / 1},
                              Day{date::year::max() / 12 / 31}, Day{-1_y / 2 / 28}};
        day = some[below(some.size())];
    }
    void fill(DatedHours& dated) {
        fill(dated.day);
        fill(dated.hours);
    }
    void fill(KpiTerms& kpi) {
        kpi.name = name();
        kpi.goal = std::array{KpiGoal::first_response, KpiGoal::resolution, KpiGoal::own}[below(3)];
        if (heads()) kpi.warn_after = std::chrono::seconds{number()};
        kpi.fail_after = std::chrono::seconds{number()};
        fill(kpi.calendar);
        fill(kpi.applies.priorities);
        fill(kpi.applies.channels);
        fill(kpi.applies.about.contacts);
        fill(kpi.applies.about.products);
        fill(kpi.applies.about.assets);
        fill(kpi.applies.about.case_types);
        fill(kpi.pausing);
    }
    template <class Item>
    void fill(std::vector<Item>& list) {
        list.resize(heads() ? 0 : below(4));
        for (Item& item : list) fill(item);
    }

    BusinessHours hours() {
        BusinessHours out{.time_zone = name()};
        for (auto* day : {&out.week.monday, &out.week.tuesday, &out.week.wednesday, &out.week.thursday,
                          &out.week.friday, &out.week.saturday, &out.week.sunday, &out.daily_breaks}) {
            fill(*day);
        }
        fill(out.holidays);
        fill(out.shifts);
        fill(out.breaks);
        return out;
    }
    ServiceLevel level() {
        ServiceLevel out{.id = SlaId::from_integer(1), .name = name()};
        fill(out.kpis);
        return out;
    }
    KpiInstance instance(SlaId level) {
        KpiInstance out;
        out.end = std::array{KpiEnd::none, KpiEnd::met, KpiEnd::canceled}[below(3)];
        out.sla = out.is_open() ? level : SlaId::from_integer(1 + below(9));
        out.kpi = static_cast<std::uint16_t>(below(max_kpis));
        out.opening = static_cast<std::uint32_t>(bits_());
        out.started = instant();
        out.warn_at = perhaps();
        out.fail_at = perhaps();
        out.paused_since = perhaps();
        if (!out.is_open()) out.ended = instant();
        out.paused = std::chrono::microseconds{number() & std::numeric_limits<std::int64_t>::max()};
        return out;
    }
    CaseService service() {
        CaseService out;
        if (below(9) == 0) return out;
        fill(out.priority);
        fill(out.own);
        out.level = SlaId{Uuid{bits_(), bits_()}};
        fill(out.stage);
        out.is_responded = heads();
        out.opening = static_cast<std::uint32_t>(bits_());
        out.latest = instant();
        for (std::size_t count = below(4); count > 0; --count) out.kpis.push_back(instance(out.level));
        return out;
    }

    /// A text with some of it cut, changed, doubled or put in.
    std::string spoilt(std::string text) {
        constexpr std::array<std::string_view, 8> pieces{
            " ", "-", "0", "9", "18446744073709551615", "never", "kpi", std::string_view{"\0", 1}};
        for (std::size_t count = 1 + below(3); count > 0; --count) {
            const std::size_t at = below(text.size() + 1);
            const std::size_t length = below(heads() ? 3 : text.size() + 1);
            switch (below(4)) {
                case 0: text.resize(at); break;
                case 1: text.erase(at, length); break;
                case 2: text.replace(at, length, pieces[below(pieces.size())]); break;
                default: text.insert(at, text.substr(at, length)); break;
            }
        }
        return text;
    }

private:
    std::mt19937_64 bits_;
};

const auto hours_from = [](std::string_view text) { return business_hours_from(text); };
const auto level_from = [](std::string_view text) {
    return service_level_from(SlaId::from_integer(1), text);
};
const auto service_from = [](std::string_view text) { return case_service_from(text); };

/// What is read of any text at all is some value, which comes back as every other does.
template <class From>
auto read_any(const std::string& text, const From& from) {
    const auto read = from(text);
    if (read) {
        EXPECT_EQ(from(text_of(*read)), read) << text;
    }
    return read;
}

template <class Value, class From>
void comes_back(const Value& value, const From& from) {
    const std::string text = text_of(value);
    const auto read = from(text);
    ASSERT_TRUE(read) << text;
    ASSERT_EQ(*read, value) << text;
    ASSERT_EQ(text_of(*read), text) << "to the letter";
}

TEST(ServiceTexts, calendars_by_chance_come_back) {
    TextChance chance{1};
    for (int i = 0; i < values; ++i) comes_back(chance.hours(), hours_from);
}

TEST(ServiceTexts, service_levels_by_chance_come_back) {
    TextChance chance{2};
    for (int i = 0; i < values; ++i) comes_back(chance.level(), level_from);
}

TEST(ServiceTexts, what_is_kept_of_a_case_by_chance_comes_back) {
    TextChance chance{3};
    for (int i = 0; i < values; ++i) comes_back(chance.service(), service_from);
}

TEST(ServiceTexts, the_default_by_chance_comes_back) {
    TextChance chance{4};
    for (int i = 0; i < values; ++i) {
        SlaId id;
        chance.fill(id);
        EXPECT_EQ(default_service_from(text_of(id)), id);
        (void)default_service_from(chance.spoilt(text_of(id)));
    }
}

/// Cut within its last number, a text is another's.
template <class Value, class From>
void is_no_more_when_cut(const Value& value, const From& from) {
    const std::string text = text_of(value);
    for (std::size_t length = 1; length < text.size(); ++length) {
        const auto cut = read_any(text.substr(0, length), from);
        EXPECT_FALSE(cut && *cut == value) << text << '\n' << length;
    }
}

TEST(ServiceTexts, what_is_cut_is_none_or_another) {
    TextChance chance{5};
    for (int i = 0; i < 16; ++i) {
        is_no_more_when_cut(chance.hours(), hours_from);
        is_no_more_when_cut(chance.level(), level_from);
        is_no_more_when_cut(chance.service(), service_from);
    }
}

TEST(ServiceTexts, spoilt_calendars_and_levels_do_no_harm) {
    TextChance chance{6};
    const Calendars none;
    for (int i = 0; i < 4 * values; ++i) {
        // What can be read need not be hours that can be, nor be promised: that is refused.
        if (const auto read = read_any(chance.spoilt(text_of(chance.hours())), hours_from)) {
            (void)Calendar::make(*read).has_value();
        }
        if (const auto read = read_any(chance.spoilt(text_of(chance.level())), level_from)) {
            (void)check(*read, none).has_value();
        }
    }
}

TEST(ServiceTexts, a_spoilt_case_does_no_harm) {
    TextChance chance{7};
    for (int i = 0; i < 8 * values; ++i)
        (void)read_any(chance.spoilt(text_of(chance.service())), service_from);
}

}  // namespace
}  // namespace entitle::sla
