#include "demo.hpp"

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <entitle/engine.hpp>
#include <entitle/store/memory_store.hpp>
#include <fmt/format.h>

#include "fault.hpp"
#include "text.hpp"
#include "view/json.hpp"

namespace program {

using entitle::Channel;
using namespace std::chrono_literals;

namespace {

enum class Act { open, resolve, reactivate };

struct Step {
    Act act;
    std::string_view case_name;
    Channel origin;
};

/// One phone case there and back, then eight cases on an agreement for five.
const std::array<Step, 3> there_and_back{{{Act::open, "p0", Channel::phone},
                                          {Act::resolve, "p0", Channel::phone},
                                          {Act::reactivate, "p0", Channel::phone}}};
const std::array<Step, 8> eight_openings{{{Act::open, "p1", Channel::phone},
                                          {Act::open, "p2", Channel::phone},
                                          {Act::open, "f1", Channel::facebook},
                                          {Act::open, "f2", Channel::facebook},
                                          {Act::open, "t1", Channel::twitter},
                                          {Act::open, "e1", Channel::email},
                                          {Act::open, "e2", Channel::email},
                                          {Act::open, "w1", Channel::web}}};
const std::array<std::size_t, 8> resolved_in_order{0, 2, 3, 4, 5, 6, 1, 7};

std::vector<Step> eight_cases() {
    std::vector<Step> steps{eight_openings.begin(), eight_openings.end()};
    for (const std::size_t i : resolved_in_order) {
        steps.push_back({Act::resolve, eight_openings[i].case_name, eight_openings[i].origin});
    }
    return steps;
}

/// What a step came to, and what was left after it.
struct Told {
    Step step;
    std::string outcome;
    bool ok = false;
    std::int64_t remaining = 0;
    std::vector<std::int64_t> channels{};
};

/// One desk with the agreement, under one policy.
class Story {
public:
    explicit Story(const entitle::Policy& policy)
        : engine_{std::make_unique<entitle::MemoryStore>(), {.policy = policy}} {
        const auto drafted = engine_.draft(agreement(), begin_);
        id_ = drafted.value().entitlement;
        now_ = engine_.activate({.customer = customer_, .id = id_}, begin_).value().at;
    }

    [[nodiscard]] entitle::Entitlement entitlement() const {
        return engine_.entitlement(customer_, id_).value();
    }

    template <class Steps>
    [[nodiscard]] std::vector<Told> tell(const Steps& steps) {
        std::vector<Told> told;
        told.reserve(steps.size());
        for (const Step& step : steps) told.push_back(tell_one(step));
        return told;
    }

private:
    [[nodiscard]] entitle::Draft agreement() const;
    [[nodiscard]] entitle::Outcome act(const Step& step);
    [[nodiscard]] Told tell_one(const Step& step);

    entitle::CustomerId customer_ = entitle::CustomerId::from_name("Blue Yonder Airlines");
    entitle::Instant begin_ = date::sys_days{date::year{2014} / 7 / 1};
    entitle::Engine engine_;
    entitle::EntitlementId id_;
    entitle::Instant now_;
};

entitle::Draft Story::agreement() const {
    return {.name = "Mobile Accessories",
            .customer = customer_,
            .coverage = {date::year{2014} / 6 / 25, date::year{2015} / 6 / 24},
            .terms = {.total = entitle::cases(5),
                      .decrease_on = entitle::DecreaseOn::resolution,
                      .restricted = true},
            .channels = {{Channel::email, entitle::cases(2)},
                         {Channel::facebook, entitle::cases(1)},
                         {Channel::phone, entitle::cases(2)},
                         {Channel::web, entitle::cases(1)}}};
}

entitle::Outcome Story::act(const Step& step) {
    const auto id = entitle::CaseId::from_name(step.case_name);
    now_ += 10min;
    switch (step.act) {
        case Act::open:
            return engine_.open_case({.customer = customer_, .id = id, .origin = step.origin}, now_);
        case Act::resolve: return engine_.resolve_case({.customer = customer_, .id = id}, now_);
        case Act::reactivate: break;
    }
    return engine_.reactivate_case({.customer = customer_, .id = id}, now_);
}

Told Story::tell_one(const Step& step) {
    const entitle::Outcome outcome = act(step);
    Told told{step, outcome ? "ok" : "refused: " + sentence_of(outcome.error()), outcome.has_value()};
    const entitle::Entitlement now = entitlement();
    told.remaining = now.remaining;
    for (const auto& channel : now.channels) told.channels.push_back(channel.remaining);
    return told;
}

std::string_view name_of(Act act) {
    return act == Act::open ? "opened" : act == Act::resolve ? "resolved" : "reopened";
}

std::string words_of(const Step& step) {
    return fmt::format("{} ({}) {}", step.case_name, step.origin, name_of(step.act));
}

/// The steps with what is left after each: in total, and of each channel.
std::string table_of(const std::vector<Told>& told, const entitle::Entitlement& agreement) {
    constexpr std::size_t words_width = 24;
    std::string out = "  " + left("", words_width) + " left:";
    for (const auto& channel : agreement.channels) out += fmt::format("  {}", channel.channel);
    out += "\n";
    for (const Told& one : told) {
        out += "  " + left(words_of(one.step), words_width) + right(std::to_string(one.remaining), 6);
        for (std::size_t i = 0; i < one.channels.size(); ++i) {
            const std::size_t width = width_of(agreement.channels[i].channel.name()) + 2;
            out += right(std::to_string(one.channels[i]), width);
        }
        out += "   " + one.outcome + "\n";
    }
    return out;
}

std::string agreement_in_words(const entitle::Entitlement& one) {
    std::string channels;
    for (const auto& item : one.agreement.channels) {
        channels += fmt::format("{}{} ({})", channels.empty() ? "" : ", ", item.channel, item.total.value);
    }
    return fmt::format(
        "The agreement\n\n"
        "  {}, for Blue Yonder Airlines, {}.\n"
        "  {}, counted when a case is resolved. When they are used up, no more are resolved.\n"
        "  Support is asked for by {}.\n"
        "  Each channel has a limit of its own; the limits may add up to more than the total.\n\n",
        one.agreement.name, one.agreement.coverage, one.total_terms(), channels);
}

/// The steps that another policy answers otherwise.
std::string differences(const std::vector<Told>& told, const std::vector<Told>& other) {
    std::string out;
    for (std::size_t i = 0; i < told.size(); ++i) {
        if (told[i].outcome == other[i].outcome) continue;
        out += fmt::format("  {} {}\n", left(words_of(told[i].step), 24), other[i].outcome);
    }
    const Told& last = other.back();
    std::size_t served = 0;
    for (const Told& one : other) served += one.ok && one.step.act == Act::resolve ? 1 : 0;
    out += fmt::format("  In the end {} cases were resolved, and {} of the total are left.\n", served,
                       last.remaining);
    return out;
}

std::string tell_others(const std::vector<Told>& told) {
    struct Other {
        std::string_view title;
        const entitle::Policy& policy;
    };
    const std::array<Other, 2> others{
        {{"standard: what cannot be served is refused when it is asked for", entitle::policy::standard},
         {"dynamics365: a channel that is not listed uses the total only", entitle::policy::dynamics365}}};
    std::string out;
    for (const Other& other : others) {
        Story story{other.policy};
        out += fmt::format("\n  {}\n\n{}", other.title, differences(told, story.tell(eight_cases())));
    }
    return out;
}

std::string whole_story() {
    Story first{entitle::policy::crm2014};
    const entitle::Entitlement agreement = first.entitlement();
    std::string out = agreement_in_words(agreement);
    out +=
        "A case is resolved, and comes back\n\n"
        "  Resolving uses one of the total and one of the channel. Reopening the case\n"
        "  returns exactly what it had used.\n\n";
    out += table_of(first.tell(there_and_back), agreement);
    Story story{entitle::policy::crm2014};
    const std::vector<Told> told = story.tell(eight_cases());
    out +=
        "\nEight cases on an agreement for five\n\n"
        "  The same agreement afresh, as the product of 2014 counted it (the policy crm2014):\n"
        "  every case may be opened, and what is used up shows when one is resolved.\n\n";
    out += table_of(told, agreement);
    out += "\nWhat other policies would have answered otherwise\n" + tell_others(told);
    return out;
}

/// One story: its policy, and each step with what was left after it.
Json story_json(std::string_view policy, const std::vector<Told>& told,
                const entitle::Entitlement& agreement) {
    Json steps = Json::array();
    for (const Told& one : told) {
        Json channels = Json::object();
        for (std::size_t i = 0; i < one.channels.size(); ++i) {
            channels[std::string{agreement.channels[i].channel.name()}] = one.channels[i];
        }
        steps.push_back({{"case", one.step.case_name},
                         {"origin", one.step.origin.name()},
                         {"act", name_of(one.step.act)},
                         {"outcome", one.outcome},
                         {"remaining", one.remaining},
                         {"channels", std::move(channels)}});
    }
    return {{"policy", policy}, {"steps", std::move(steps)}};
}

std::string all_as_json() {
    Story first{entitle::policy::crm2014};
    const entitle::Entitlement agreement = first.entitlement();
    Json out = Json::array();
    out.push_back(story_json("crm2014", first.tell(there_and_back), agreement));
    for (const std::string_view name : {"crm2014", "standard", "dynamics365"}) {
        out.push_back(story_json(name, Story{*entitle::policy::named(name)}.tell(eight_cases()), agreement));
    }
    return out.dump(2) + "\n";
}

}  // namespace

int demo(bool as_json) {
    const std::string story = as_json ? all_as_json() : whole_story();
    const bool written = std::fwrite(story.data(), 1, story.size(), stdout) == story.size();
    return written && std::fflush(stdout) == 0 ? 0 : 2;
}

}  // namespace program
