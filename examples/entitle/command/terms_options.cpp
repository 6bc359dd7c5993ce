#include "command/terms_options.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "amount.hpp"
#include "host/agreements.hpp"

namespace program {

namespace {

[[nodiscard]] bool is_whole(std::string_view text) {
    return is_decimal(text) && text.find('.') == std::string_view::npos;
}

/// A value as JSON would have it: what is no number is left to the reader of plans to refuse.
[[nodiscard]] Node value_node(std::string key, std::string text, bool is_money) {
    Node::Kind kind = Node::Kind::text;
    if (!is_money && is_whole(text)) kind = Node::Kind::whole_number;
    else if (!is_money && is_decimal(text)) kind = Node::Kind::number;
    return {kind, std::move(key), std::move(text), {}};
}

[[nodiscard]] bool counts_money(const Node& object) {
    return std::any_of(object.items.begin(), object.items.end(),
                       [](const Node& item) { return item.key == "allocation" && item.text == "money"; });
}

void put_list(Node& object, const char* key, const std::vector<std::string>& keys) {
    if (keys.empty()) return;
    Node list{Node::Kind::list, key, {}, {}};
    for (const std::string& one : keys) list.items.push_back(text_node({}, one));
    put_member(object, std::move(list));
}

void put_text(Node& object, const char* key, const std::string& text) {
    if (!text.empty()) put_member(object, text_node(key, text));
}

void drop_member(Node& object, std::string_view key) {
    std::erase_if(object.items, [key](const Node& item) { return item.key == key; });
}

void put_amount(const TermsOptions& options, Node& object) {
    const auto put = [&](const char* allocation, const std::string& total) {
        put_text(object, "allocation", allocation);
        if (!total.empty()) put_member(object, value_node("total", total, !options.money.empty()));
    };
    if (!options.cases.empty()) put("cases", options.cases);
    else if (!options.hours.empty()) put("hours", options.hours);
    else if (!options.money.empty()) put("money", options.money);
    if (options.is_coverage) {
        put("coverage", {});
        drop_member(object, "total");
    }
    if (options.has_amount() && options.money.empty()) drop_member(object, "currency");
}

/// `phone=2`
void put_channels(const TermsOptions& options, Node& object) {
    if (options.channels.empty()) return;
    Node channels{Node::Kind::object, "channels", {}, {}};
    for (const std::string& one : options.channels) {
        const std::size_t equals = one.find('=');
        const std::string total = equals == std::string::npos ? std::string{} : one.substr(equals + 1);
        channels.items.push_back(value_node(one.substr(0, equals), total, counts_money(object)));
    }
    put_member(object, std::move(channels));
}

/// `month`, or `2 weeks`.
[[nodiscard]] Node period_node(const std::string& written) {
    const std::size_t space = written.find(' ');
    if (space == std::string::npos) return text_node("period", written);
    Node object{Node::Kind::object, "period", {}, {}};
    object.items.push_back(value_node("every", written.substr(0, space), false));
    object.items.push_back(text_node("step", written.substr(space + 1)));
    return object;
}

/// `12 months`
[[nodiscard]] Node lasts_node(const std::string& written) {
    const std::size_t space = std::min(written.find(' '), written.size());
    const std::string step = space == written.size() ? std::string{} : written.substr(space + 1);
    Node object{Node::Kind::object, "lasts", {}, {}};
    object.items.push_back(value_node(step, written.substr(0, space), false));
    return object;
}

}  // namespace

void add_terms_options(CLI::App& app, TermsOptions& options, TermsFor what) {
    app.add_option("--name", options.name, "Its name; else its key");
    app.add_option("--from", options.first_day, "The first day, as 2014-06-25")->type_name("DAY");
    app.add_option("--to", options.last_day, "The last day, covered too")->type_name("DAY");
    app.add_option("--zone", options.zone, "The time zone of the days, as Europe/Berlin; else UTC");
    if (what == TermsFor::of_template) {
        app.add_option("--lasts", options.lasts, "From the day of use on, as '12 months' or '90 days'");
    }
    CLI::Option* const cases = app.add_option("--cases", options.cases, "So many cases")->type_name("N");
    CLI::Option* const hours =
        app.add_option("--hours", options.hours, "So many hours, as 9.5 or 9:30:00")->type_name("HOURS");
    CLI::Option* const money =
        app.add_option("--money", options.money, "So much money, as 12.50")->type_name("AMOUNT");
    CLI::Option* const coverage = app.add_flag("--coverage", options.is_coverage, "Any number of cases");
    hours->excludes(cases);
    money->excludes(cases)->excludes(hours);
    coverage->excludes(cases)->excludes(hours)->excludes(money);
    app.add_option("--currency", options.currency, "… in this currency (ISO 4217)")->type_name("CODE");
    app.add_option("--on", options.decrease_on, "What uses terms: creation or resolution of a case");
    app.add_flag_function(
        "--restrict,!--no-restrict", [&options](std::int64_t count) { options.restricted = count > 0; },
        "Refuse what would use more than is left");
    const auto add_list = [&app](const char* name, std::vector<std::string>& values, const char* help) {
        // each value as it is: a key may begin with [
        return app.add_option(name, values, help)->allow_extra_args(false);
    };
    add_list("--channel", options.channels,
             "A channel and its own total, as phone=2; repeat it: those given are all that there are")
        ->type_name("NAME=N");
    add_list("--product", options.products, "Only for this product; repeat it");
    add_list("--contact", options.contacts, "Only for this contact; repeat it");
    add_list("--asset", options.assets, "Only for this asset; repeat it");
    add_list("--case-type", options.case_types, "Only for this type of case; repeat it");
    app.add_option("--priority", options.priority, "Lower is tried first; else 100");
    app.add_option("--period", options.period,
                   "The terms come anew each: day, week, month, year, '2 weeks' …");
    app.add_option("--rollover", options.rollover, "The most that is carried over");
    app.add_flag("--preserve-overage", options.preserves_overage, "What is owed is carried over too");
    app.add_option("--sla", options.sla, "Its cases' service level; '' takes it away")->type_name("NAME");
}

void put_member(Node& object, Node member) {
    const auto former = std::find_if(object.items.begin(), object.items.end(),
                                     [&](const Node& item) { return item.key == member.key; });
    if (former == object.items.end()) object.items.push_back(std::move(member));
    else *former = std::move(member);
}

void put_terms(const TermsOptions& options, Node& object) {
    put_text(object, "name", options.name);
    put_text(object, "first_day", options.first_day);
    put_text(object, "last_day", options.last_day);
    put_text(object, "time_zone", options.zone);
    if (!options.lasts.empty()) put_member(object, lasts_node(options.lasts));
    put_amount(options, object);
    put_text(object, "currency", options.currency);
    put_text(object, "decrease_on", options.decrease_on);
    if (options.restricted) put_member(object, flag_node("restrict", *options.restricted));
    put_channels(options, object);
    put_list(object, "products", options.products);
    put_list(object, "contacts", options.contacts);
    put_list(object, "assets", options.assets);
    put_list(object, "case_types", options.case_types);
    if (options.priority) put_member(object, number_node("priority", *options.priority));
    if (!options.period.empty()) put_member(object, period_node(options.period));
    if (!options.rollover.empty())
        put_member(object, value_node("rollover", options.rollover, counts_money(object)));
    if (options.preserves_overage) put_member(object, flag_node("preserve_overage", true));
    if (options.sla) drop_member(object, "sla");
    put_text(object, "sla", options.sla.value_or(""));
}

}  // namespace program
