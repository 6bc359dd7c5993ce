#include "plan_entitlement.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <entitle/value/limits.hpp>
#include <entitle/value/text.hpp>
#include <entitle/value/zone.hpp>
#include <fmt/format.h>

#include "plan_hold.hpp"
#include "plan_top_up.hpp"
#include "plan_value.hpp"
#include "row_check.hpp"
#include "text.hpp"

namespace program {

namespace {

using entitle::Allocation;
using entitle::DecreaseOn;
using entitle::ErrorCode;

constexpr std::array<std::string_view, 25> entitlement_keys{
    "id",          "customer",   "name",     "first_day", "last_day", "time_zone", "allocation",
    "decrease_on", "currency",   "total",    "restrict",  "channels", "products",  "contacts",
    "assets",      "case_types", "priority", "default",   "period",   "rollover",  "preserve_overage",
    "lasts",       "top_ups",    "holds",    "sla"};

/// What is read: an entitlement, the one for each customer, or a template.
enum class Form : std::uint8_t { entitlement, for_each, of_template };

/// Whether such a thing has such a key.
[[nodiscard]] bool belongs(std::string_view key, Form form) {
    if (key == "id") return form != Form::for_each;
    if (key == "customer" || key == "holds") return form == Form::entitlement;
    if (key == "default" || key == "top_ups") return form != Form::of_template;
    return key != "lasts" || form == Form::of_template;
}

[[nodiscard]] std::string_view name_of(Form form) {
    if (form == Form::entitlement) return "an entitlement";
    return form == Form::for_each ? "for_each_customer" : "a template";
}

class EntitlementReader {
public:
    EntitlementReader(const std::string& path, Form form, Faults& faults)
        : path_{path}, form_{form}, faults_{faults} {
        out_.path = path;
    }

    PlannedEntitlement read(const Node& node);
    [[nodiscard]] const std::optional<entitle::Length>& lasts() const { return lasts_; }

private:
    void sort_members(const Node& node);
    [[nodiscard]] const Node* member(std::string_view key) const;
    [[nodiscard]] std::string at(std::string_view key) const { return fmt::format("{}.{}", path_, key); }
    void add(std::string_view key, std::string_view code, std::string_view sentence) {
        faults_.add(at(key), code, sentence);
    }
    void add(std::string_view key, ErrorCode code, std::string_view sentence) {
        add(key, entitle::name_of(code), sentence);
    }

    [[nodiscard]] std::optional<std::string_view> text(std::string_view key, bool required = true);
    [[nodiscard]] std::string key_text(std::string_view key);
    [[nodiscard]] bool flag(std::string_view key);
    void read_name();
    [[nodiscard]] std::optional<entitle::Day> day(std::string_view key);
    void read_days();
    void read_lasts(const Node& node);
    void read_coverage();
    void read_allocation();
    void read_currency();
    void read_decrease_on();
    void read_total();
    [[nodiscard]] std::optional<entitle::Quantity> amount(const Node& node, const std::string& path);
    void read_period();
    void read_cycle(const Node& node, entitle::Cycle& cycle);
    void read_rollover(entitle::PeriodTerms& period);
    void read_channels();
    void read_channel(const Node& node, std::set<std::string>& met);
    [[nodiscard]] std::vector<std::string> keys(std::string_view key);
    void read_priority();
    void read_top_ups();
    void read_holds();

    const std::string& path_;
    Form form_;
    Faults& faults_;
    std::array<const Node*, entitlement_keys.size()> members_{};
    PlannedEntitlement out_;
    std::optional<entitle::Length> lasts_;
    std::optional<Allocation> allocation_;
    std::optional<entitle::Unit> unit_;  ///< of the totals; none where a fault hides it
};

PlannedEntitlement EntitlementReader::read(const Node& node) {
    if (node.kind != Node::Kind::object) {
        faults_.add(path_, "wrong_type", "an object is wanted");
        return {};
    }
    sort_members(node);
    if (belongs("id", form_)) out_.id = key_text("id");
    if (belongs("customer", form_)) out_.customer = key_text("customer");
    read_name();
    read_coverage();
    read_allocation();
    read_currency();
    read_decrease_on();
    read_total();
    read_period();
    out_.draft.terms.restricted = flag("restrict");
    read_channels();
    out_.products = keys("products");
    out_.contacts = keys("contacts");
    out_.assets = keys("assets");
    out_.case_types = keys("case_types");
    read_priority();
    if (member("sla") != nullptr) {
        out_.sla = key_text("sla");
        out_.draft.sla = entitle::SlaId::from_name(out_.sla);
    }
    read_top_ups();
    read_holds();
    if (belongs("default", form_)) out_.draft.is_default = flag("default");
    return std::move(out_);
}

/// Each member to its place; the first of a repeated one.
void EntitlementReader::sort_members(const Node& node) {
    for (const Node& item : node.items) {
        const auto* const known = std::find(entitlement_keys.begin(), entitlement_keys.end(), item.key);
        const auto place = static_cast<std::size_t>(known - entitlement_keys.begin());
        if (place == entitlement_keys.size() || !belongs(item.key, form_)) {
            add(item.key, "unknown_key", fmt::format("not a key of {}", name_of(form_)));
        } else if (members_[place] != nullptr) {
            add(item.key, "repeated_key", "given twice");
        } else {
            members_[place] = &item;
        }
    }
}

const Node* EntitlementReader::member(std::string_view key) const {
    const auto* const known = std::find(entitlement_keys.begin(), entitlement_keys.end(), key);
    return members_[static_cast<std::size_t>(known - entitlement_keys.begin())];
}

std::optional<std::string_view> EntitlementReader::text(std::string_view key, bool required) {
    const Node* const found = member(key);
    if (found == nullptr) {
        if (required) add(key, "missing_key", "it is required");
        return std::nullopt;
    }
    if (found->kind == Node::Kind::text) return found->text;
    add(key, "wrong_type", "a text is wanted");
    return std::nullopt;
}

std::string EntitlementReader::key_text(std::string_view key) {
    const auto found = text(key);
    return found ? read_key(*member(key), at(key), faults_) : std::string{};
}

bool EntitlementReader::flag(std::string_view key) {
    const Node* const found = member(key);
    if (found == nullptr) return false;
    if (found->kind != Node::Kind::boolean) add(key, "wrong_type", "true or false is wanted");
    return found->text == "true";
}

void EntitlementReader::read_name() {
    const auto name = text("name");
    if (!name) return;
    const std::size_t length = entitle::code_points(*name).value_or(0);
    if (length < 1 || length > entitle::max_name) {
        add("name", ErrorCode::name_length, fmt::format("a name has 1 to {} characters", entitle::max_name));
    }
    out_.draft.name = *name;
}

std::optional<entitle::Day> EntitlementReader::day(std::string_view key) {
    const auto written = text(key);
    if (!written) return std::nullopt;
    const auto found = parse_day(*written);
    if (!found) {
        add(key, ErrorCode::day_invalid,
            fmt::format("\"{}\" is not a day as 2014-06-25", printable(*written)));
    }
    return found;
}

void EntitlementReader::read_days() {
    entitle::Coverage& coverage = out_.draft.coverage;
    const auto first = day("first_day");
    const auto last = day("last_day");
    if (first && last && *first > *last) {
        add("last_day", ErrorCode::start_after_end,
            fmt::format("{} is before the first day, {}", entitle::as_day(*last), entitle::as_day(*first)));
    }
    coverage.first_day = first.value_or(entitle::Day{});
    coverage.last_day = last.value_or(entitle::Day{});
}

/// `{"months": 12}` or `{"days": 90}`: from the day on which it is used.
void EntitlementReader::read_lasts(const Node& node) {
    for (const std::string_view key : {"first_day", "last_day"}) {
        if (member(key) != nullptr) add(key, "unknown_key", "it lasts from the day on which it is used");
    }
    const bool is_one = node.kind == Node::Kind::object && node.items.size() == 1 &&
                        (node.items[0].key == "days" || node.items[0].key == "months");
    if (!is_one) return add("lasts", "wrong_type", R"(as {"months": 12} or {"days": 90})");
    const Node& count = node.items[0];
    const auto [end, error] =
        std::from_chars(count.text.data(), count.text.data() + count.text.size(), lasts_.emplace().count);
    lasts_->step = count.key == "days" ? entitle::Length::Step::days : entitle::Length::Step::months;
    if (count.kind == Node::Kind::whole_number && error == std::errc{} && lasts_->count != 0 &&
        end == count.text.data() + count.text.size()) {
        return;
    }
    add("lasts." + count.key, ErrorCode::template_length, "a template lasts 1 to 65,535 days or months");
}

void EntitlementReader::read_coverage() {
    entitle::Coverage& coverage = out_.draft.coverage;
    if (const Node* const lasts = member("lasts")) read_lasts(*lasts);
    else read_days();
    const auto zone = text("time_zone", false);
    if (!zone) return;
    coverage.time_zone = *zone;
    if (!entitle::Zone::named(*zone)) {
        add("time_zone", ErrorCode::unknown_time_zone,
            fmt::format("\"{}\" is not in this system's database", printable(*zone)));
    }
}

void EntitlementReader::read_allocation() {
    const auto name = text("allocation");
    if (!name) return;
    if (*name == "cases") allocation_ = Allocation::cases;
    else if (*name == "hours") allocation_ = Allocation::hours;
    else if (*name == "money") allocation_ = Allocation::money;
    else if (*name == "coverage") allocation_ = Allocation::coverage_only;
    else {
        add("allocation", "unknown_value",
            fmt::format("\"{}\" is none of cases, hours, money, coverage", printable(*name)));
    }
    out_.draft.terms.allocation = allocation_;
}

void EntitlementReader::read_currency() {
    const bool money = allocation_ == Allocation::money;
    const auto code = text("currency", money);
    const auto currency = code ? entitle::Currency::of(*code) : std::nullopt;
    if (code && !currency) {
        add("currency", ErrorCode::currency_unknown,
            fmt::format("\"{}\" is not in ISO 4217", printable(*code)));
    }
    if (!allocation_ || (money && !currency)) return;
    // Channels of what is coverage only count cases.
    const bool counts_cases = *allocation_ == Allocation::coverage_only;
    unit_ = entitle::Unit{counts_cases ? Allocation::cases : *allocation_,
                          money ? *currency : entitle::Currency{}};
}

void EntitlementReader::read_decrease_on() {
    const auto name = text("decrease_on");
    if (!name) return;
    if (*name != "creation" && *name != "resolution") {
        add("decrease_on", "unknown_value",
            fmt::format("\"{}\" is neither creation nor resolution", printable(*name)));
        return;
    }
    out_.draft.terms.decrease_on = *name == "creation" ? DecreaseOn::creation : DecreaseOn::resolution;
    const bool known_late = allocation_ == Allocation::hours || allocation_ == Allocation::money;
    if (known_late && out_.draft.terms.decrease_on == DecreaseOn::creation) {
        add("decrease_on", ErrorCode::hours_need_resolution, "hours and money are known at resolution only");
    }
}

void EntitlementReader::read_total() {
    const Node* const total = member("total");
    if (allocation_ == Allocation::coverage_only) {
        if (total != nullptr) add("total", ErrorCode::total_not_allowed, "coverage has no total");
        return;
    }
    if (total == nullptr) return add("total", ErrorCode::total_missing, "it is required");
    out_.draft.terms.total = amount(*total, at("total"));
}

/// A total in the entitlement's unit; nothing where it, or the unit, is at fault.
std::optional<entitle::Quantity> EntitlementReader::amount(const Node& node, const std::string& path) {
    return read_amount(node, path, unit_, faults_);
}

std::optional<entitle::Cycle::Step> step_of(std::string_view name, bool is_plural) {
    using enum entitle::Cycle::Step;
    constexpr std::array<std::pair<std::string_view, entitle::Cycle::Step>, 4> steps{
        {{"days", days}, {"weeks", weeks}, {"months", months}, {"years", years}}};
    for (const auto& [plural, step] : steps) {
        if (name == (is_plural ? plural : plural.substr(0, plural.size() - 1))) return step;
    }
    return std::nullopt;
}

/// `"month"`, or `{"every": 2, "step": "weeks", "anchor": "2014-01-01"}`.
void EntitlementReader::read_cycle(const Node& node, entitle::Cycle& cycle) {
    cycle.every = 1;
    std::set<std::string_view> met;
    for (const Node& item : node.items) {
        const std::string key = "period." + item.key;
        if (!met.insert(item.key).second) {
            add(key, "repeated_key", "given twice");
        } else if (item.key == "every") {
            const char* const end = item.text.data() + item.text.size();
            const auto read = std::from_chars(item.text.data(), end, cycle.every);
            if (item.kind != Node::Kind::whole_number) add(key, "wrong_type", "a whole number is wanted");
            else if (read.ec != std::errc{} || read.ptr != end || cycle.every == 0) {
                add(key, ErrorCode::period_length, "a period lasts 1 to 65,535 steps");
            }
        } else if (item.key == "step") {
            const auto step = step_of(item.text, true);
            if (item.kind != Node::Kind::text) add(key, "wrong_type", "a text is wanted");
            else if (!step) {
                add(key, "unknown_value",
                    fmt::format("\"{}\" is none of days, weeks, months, years", printable(item.text)));
            }
            cycle.step = step.value_or(cycle.step);
        } else if (item.key == "anchor") {
            cycle.anchor = parse_day(item.text);
            if (item.kind != Node::Kind::text) add(key, "wrong_type", "a text is wanted");
            else if (!cycle.anchor) {
                add(key, ErrorCode::day_invalid,
                    fmt::format("\"{}\" is not a day as 2014-06-25", printable(item.text)));
            }
        } else {
            add(key, "unknown_key", "not a key of a period");
        }
    }
    if (!met.contains("step")) add("period.step", "missing_key", "it is required");
}

void EntitlementReader::read_rollover(entitle::PeriodTerms& period) {
    const Node* const most = member("rollover");
    if (most == nullptr) return;
    period.rollover = amount(*most, at("rollover"));
    const auto& total = out_.draft.terms.total;
    if (!period.rollover || !total) return;
    if (!entitle::within_terms(period.rollover->value + total->value, unit_->per_term())) {
        add("rollover", ErrorCode::rollover_out_of_range,
            "with the total it is more than 100,000,000,000 terms");
    }
}

void EntitlementReader::read_period() {
    const Node* const node = member("period");
    const bool preserves = flag("preserve_overage");
    if (node == nullptr) {
        for (const std::string_view key : {"rollover", "preserve_overage"}) {
            if (member(key) != nullptr) add("period", "missing_key", fmt::format("{} needs it", key));
        }
        return;
    }
    if (allocation_ == Allocation::coverage_only) {
        return add("period", ErrorCode::period_not_allowed, "coverage has no total that could come anew");
    }
    entitle::PeriodTerms& period = out_.draft.period.emplace();
    period.preserve_overage = preserves;
    if (node->kind == Node::Kind::object) {
        read_cycle(*node, period.cycle);
    } else if (node->kind == Node::Kind::text) {
        const auto step = step_of(node->text, false);
        if (!step) {
            add("period", "unknown_value",
                fmt::format("\"{}\" is none of day, week, month, year", printable(node->text)));
        }
        period.cycle = {1, step.value_or(entitle::Cycle::Step::months), {}};
    } else {
        add("period", "wrong_type", "a text or an object is wanted");
    }
    read_rollover(period);
}

void EntitlementReader::read_channels() {
    const Node* const channels = member("channels");
    if (channels == nullptr) return;
    if (channels->kind != Node::Kind::object) return add("channels", "wrong_type", "an object is wanted");
    if (channels->items.size() > entitle::max_channels) {
        return add("channels", ErrorCode::too_many_channels,
                   fmt::format("an entitlement has at most {}", entitle::max_channels));
    }
    std::set<std::string> met;
    for (const Node& item : channels->items) read_channel(item, met);
}

void EntitlementReader::read_channel(const Node& node, std::set<std::string>& met) {
    const std::string path = at("channels." + node.key);
    const auto channel = entitle::Channel::named(node.key);
    if (!channel) {
        return faults_.add(path, entitle::name_of(ErrorCode::channel_name),
                           "a channel's name has 1 to 31 bytes");
    }
    std::string folded = node.key;
    std::transform(folded.begin(), folded.end(), folded.begin(), entitle::ascii_lower);
    if (!met.insert(folded).second) {
        return faults_.add(path, entitle::name_of(ErrorCode::duplicate_channel), "listed twice");
    }
    const auto total = amount(node, path);
    if (!total) return;
    const auto& whole = out_.draft.terms.total;
    if (whole && total->value > whole->value) {
        return faults_.add(path, entitle::name_of(ErrorCode::channel_exceeds_total),
                           fmt::format("{} is more than the total of {}", *total, *whole));
    }
    out_.draft.channels.push_back({*channel, *total});
}

std::vector<std::string> EntitlementReader::keys(std::string_view key) {
    const Node* const list = member(key);
    std::vector<std::string> found;
    if (list == nullptr) return found;
    if (list->kind != Node::Kind::list) {
        add(key, "wrong_type", "a list of keys is wanted");
        return found;
    }
    if (list->items.size() > entitle::max_scope_items) {
        add(key, ErrorCode::too_many_scope_items,
            fmt::format("at most {} are kept", grouped(entitle::max_scope_items)));
        return found;
    }
    for (std::size_t i = 0; i < list->items.size(); ++i) {
        const Node& item = list->items[i];
        const std::string place = fmt::format("{}[{}]", key, i);
        const std::size_t length = entitle::code_points(item.text).value_or(0);
        if (item.kind != Node::Kind::text) add(place, "wrong_type", "a text is wanted");
        else if (length < 1 || length > max_key) {
            add(place, "key_length", fmt::format("a key has 1 to {} characters", max_key));
        }
        found.push_back(item.text);
    }
    return found;
}

void EntitlementReader::read_priority() {
    const Node* const priority = member("priority");
    if (priority != nullptr) out_.draft.priority = program::read_priority(*priority, at("priority"), faults_);
}

void EntitlementReader::read_top_ups() {
    const Node* const list = member("top_ups");
    if (list == nullptr) return;
    if (allocation_ == Allocation::coverage_only) {
        return add("top_ups", ErrorCode::total_not_allowed, "coverage has no total that could be raised");
    }
    out_.top_ups = program::read_top_ups(*list, at("top_ups"), unit_, faults_);
}

/// Coverage counts cases.
void EntitlementReader::read_holds() {
    const Node* const list = member("holds");
    if (list == nullptr) return;
    const bool counts_cases = allocation_ == Allocation::coverage_only;
    const std::optional<entitle::Unit> cases{entitle::Unit{Allocation::cases, {}}};
    out_.holds = program::read_holds(*list, at("holds"), counts_cases ? cases : unit_, faults_);
}

}  // namespace

PlannedEntitlement read_entitlement(const Node& node, const std::string& path, Faults& faults) {
    return EntitlementReader{path, Form::entitlement, faults}.read(node);
}

PlannedEntitlement read_for_each(const Node& node, const std::string& path, Faults& faults) {
    return EntitlementReader{path, Form::for_each, faults}.read(node);
}

PlannedTemplate read_template(const Node& node, const std::string& path, Faults& faults) {
    EntitlementReader reader{path, Form::of_template, faults};
    PlannedTemplate out{reader.read(node), {}};
    out.lasts = reader.lasts();
    return out;
}

}  // namespace program
