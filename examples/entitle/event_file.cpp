#include "event_file.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>
#include <utility>

#include <entitle/value/text.hpp>
#include <fmt/format.h>

#include "amount.hpp"
#include "csv.hpp"
#include "event_top_up.hpp"
#include "row_check.hpp"
#include "text.hpp"

namespace program {

namespace {

enum class Column : std::uint8_t {
    at,
    event,
    case_key,
    customer,
    contact,
    product,
    origin,
    entitlement,
    minutes,
    decrement,
    asset,
    case_type,
    cost,
    purchase,
    quantity,
    amount,
    priority,
    from,
    expires,
    rollover
};
constexpr std::size_t required_columns = 10;
constexpr std::array<std::string_view, 20> column_names{
    "at",          "event",   "case",      "customer", "contact",   "product", "origin",
    "entitlement", "minutes", "decrement", "asset",    "case_type", "cost",    "purchase",
    "quantity",    "amount",  "priority",  "from",     "expires",   "rollover"};

struct EventName {
    std::string_view name;
    EventKind kind;
};
constexpr std::array<EventName, 17> event_names{
    {{"open", EventKind::open},
     {"resolve", EventKind::resolve},
     {"cancel", EventKind::cancel},
     {"reactivate", EventKind::reactivate},
     {"change_origin", EventKind::change_origin},
     {"change_entitlement", EventKind::change_entitlement},
     {"delete", EventKind::remove},
     {"hold", EventKind::hold},
     {"release", EventKind::release},
     {"cancel_entitlement", EventKind::cancel_entitlement},
     {"deactivate_entitlement", EventKind::deactivate_entitlement},
     {"activate_entitlement", EventKind::activate_entitlement},
     {"renew_entitlement", EventKind::renew_entitlement},
     {"set_default", EventKind::set_default},
     {"purchase", EventKind::purchase},
     {"top_up", EventKind::top_up},
     {"void_top_up", EventKind::void_top_up}}};

class EventFile final : public EventReader {
public:
    explicit EventFile(Source source) : csv_{std::move(source)} {}

    /// Empty where the header is right, else what is wrong with it.
    std::string read_header();

    bool next(Row& row) override;
    void rewind() override {
        csv_.rewind();
        csv_.next(record_);
    }
    [[nodiscard]] std::string_view failure() const override { return csv_.source().failure(); }
    [[nodiscard]] std::optional<double> share_read() const override { return csv_.source().share_read(); }

private:
    [[nodiscard]] std::string_view text(Column column) const {
        const std::size_t at = places_[static_cast<std::size_t>(column)];
        return at == nowhere ? std::string_view{} : record_.fields[at];
    }
    void read_row(Row& row) const;
    void read_key(Row& row, Column column, std::string Event::*field, bool required) const;
    void read_what_is_used(Row& row) const;
    void read_origin(Row& row) const;
    void read_spent(Row& row) const;
    void read_decrement(Row& row) const;
    void read_purchase(Row& row) const;
    void read_top_up(Row& row) const;

    static constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

    CsvReader csv_;
    CsvRecord record_;
    std::size_t columns_ = 0;
    std::array<std::size_t, column_names.size()> places_{};
};

/// The required columns, then any of the optional ones, in their order.
std::string EventFile::read_header() {
    if (!csv_.next(record_)) return "the file is empty: a header is needed";
    const auto& fields = record_.fields;
    places_.fill(nowhere);
    std::size_t at = 0;
    for (std::size_t i = 0; i < column_names.size(); ++i) {
        if (at < fields.size() && fields[at] == column_names[i]) places_[i] = at++;
        else if (i < required_columns) break;
    }
    columns_ = record_.columns;
    if (record_.broken.empty() && at == columns_ && places_[required_columns - 1] != nowhere) return {};
    const std::string found = at < fields.size() ? fmt::format("\"{}\"", printable(fields[at])) : "nothing";
    const std::span names{column_names};
    return fmt::format("column {} is {}; wanted: {}[,{}] in UTF-8", at + 1, found,
                       fmt::join(names.first(required_columns), ","),
                       fmt::join(names.subspan(required_columns), "][,"));
}

bool EventFile::next(Row& row) {
    if (!csv_.next(record_)) return false;
    row.line = record_.line;
    row.at.reset();
    row.bad.reset();
    row.event = {};
    read_row(row);
    return true;
}

void EventFile::read_row(Row& row) const {
    if (!is_readable(record_, columns_, row)) return;
    row.at = parse_at(text(Column::at));
    check_utf8(record_, row);
    if (!row.at) {
        refuse_row(row, "at",
                   fmt::format("\"{}\" is not as 2014-07-01T09:00:00Z", printable(text(Column::at))));
        return;
    }
    row.event.at = *row.at;
    const auto name = std::find_if(event_names.begin(), event_names.end(),
                                   [&](const EventName& one) { return one.name == text(Column::event); });
    if (name == event_names.end()) {
        refuse_row(row, "event", fmt::format("\"{}\" is not an event", printable(text(Column::event))));
        return;
    }
    row.event.kind = name->kind;
    read_what_is_used(row);
}

/// Columns that an event does not use are not looked at.
void EventFile::read_what_is_used(Row& row) const {
    const EventKind kind = row.event.kind;
    if (is_of_case(kind)) read_key(row, Column::case_key, &Event::case_key, true);
    if (kind == EventKind::open) {
        read_key(row, Column::customer, &Event::customer, false);
        read_key(row, Column::contact, &Event::contact, false);
        read_key(row, Column::product, &Event::product, false);
        read_key(row, Column::asset, &Event::asset, false);
        read_key(row, Column::case_type, &Event::case_type, false);
        read_key(row, Column::entitlement, &Event::entitlement, false);
        read_origin(row);
        read_decrement(row);
    } else if (kind == EventKind::resolve || kind == EventKind::hold) {
        read_spent(row);
        if (kind == EventKind::hold) row.event.expires = check_instant(row, "expires", text(Column::expires));
    } else if (kind == EventKind::reactivate || kind == EventKind::change_origin) {
        read_origin(row);
    } else if (kind == EventKind::purchase) {
        read_purchase(row);
    } else if (kind == EventKind::top_up) {
        read_top_up(row);
    } else if (kind == EventKind::void_top_up) {
        read_key(row, Column::entitlement, &Event::entitlement, true);
        read_void_top_up(row, text(Column::amount));
    } else if (kind == EventKind::change_entitlement || !is_of_case(kind)) {
        read_key(row, Column::entitlement, &Event::entitlement, true);
    }
}

void EventFile::read_key(Row& row, Column column, std::string Event::*field, bool required) const {
    const std::string_view key = text(column);
    const std::string_view name = column_names[static_cast<std::size_t>(column)];
    if (required && key.empty()) refuse_row(row, name, "it is needed here");
    check_key(row, name, key);
    row.event.*field = key;
}

void EventFile::read_origin(Row& row) const {
    row.event.origin = check_origin(row, "origin", text(Column::origin));
}

void EventFile::read_spent(Row& row) const {
    const std::string_view minutes = text(Column::minutes);
    const auto spent = parse_number(minutes);
    if (spent) row.event.spent = std::chrono::minutes{*spent};
    else
        refuse_row(row, "minutes",
                   fmt::format("\"{}\" is not a whole number from 0 to 1,000,000,000", printable(minutes)));
    const std::string_view cost = text(Column::cost);
    if (!cost.empty() && !is_decimal(cost)) {
        refuse_row(row, "cost", fmt::format("\"{}\" is not a decimal number", printable(cost)));
    }
    row.event.cost = cost;
}

/// No customer is the engine's to refuse.
void EventFile::read_purchase(Row& row) const {
    read_key(row, Column::purchase, &Event::purchase, true);
    read_key(row, Column::customer, &Event::customer, false);
    read_key(row, Column::product, &Event::product, true);
    const std::string_view written = text(Column::quantity);
    const auto quantity = parse_number(written);
    if (quantity && *quantity > 0) row.event.quantity = *quantity;
    else
        refuse_row(row, "quantity",
                   fmt::format("\"{}\" is not a whole number from 1 to 1,000,000,000", printable(written)));
}

void EventFile::read_top_up(Row& row) const {
    read_key(row, Column::entitlement, &Event::entitlement, true);
    read_origin(row);
    program::read_top_up(row, {text(Column::amount), text(Column::priority), text(Column::from),
                               text(Column::expires), text(Column::rollover)});
}

void EventFile::read_decrement(Row& row) const {
    const std::string_view decrement = text(Column::decrement);
    row.event.decrement = decrement != "no";
    if (decrement.empty() || decrement == "yes" || decrement == "no") return;
    refuse_row(row, "decrement", fmt::format("\"{}\" is neither yes nor no", printable(decrement)));
}

}  // namespace

OpenedEvents open_event_file(const std::string& path, bool will_rewind) {
    auto source = Source::open(path, will_rewind);
    if (!source) return tl::unexpected<std::string>{source.error()};
    auto file = std::make_unique<EventFile>(std::move(*source));
    const std::string wrong = file->read_header();
    if (!file->failure().empty()) return tl::unexpected<std::string>{std::string{file->failure()}};
    if (!wrong.empty()) return tl::unexpected<std::string>{"wrong_header: " + wrong};
    return file;
}

}  // namespace program
