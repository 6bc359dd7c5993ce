#include "servicenow.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "csv.hpp"
#include "row_check.hpp"
#include "text.hpp"

namespace program {

namespace {

enum class Column : std::uint8_t {
    number,
    state,
    opened,
    updated,
    caller,
    contact_type,
    location,
    category,
    priority,
    made_sla
};
constexpr std::array<std::string_view, 10> column_names{
    "number",       "incident_state", "opened_at", "sys_updated_at", "caller_id",
    "contact_type", "location",       "category",  "priority",       "made_sla"};
constexpr std::size_t event_columns = 8;  ///< what events are made of

/// `29-02-2016 01:16` or `29/2/2016 01:16`: day first, UTC.
std::optional<entitle::Instant> parse_time(std::string_view text) {
    const std::size_t first = text.find_first_of("-/");
    const std::size_t second = first == std::string_view::npos ? first : text.find(text[first], first + 1);
    const std::size_t space = text.find(' ');
    const std::size_t colon = text.find(':');
    if (second == std::string_view::npos || space != second + 5 || colon == std::string_view::npos ||
        colon < space || text.size() != colon + 3) {
        return std::nullopt;
    }
    const auto part = [text](std::size_t begin, std::size_t end) {
        return end - begin > 2 ? std::nullopt : parse_digits(text.substr(begin, end - begin));
    };
    const auto day = part(0, first);
    const auto month = part(first + 1, second);
    const auto year = parse_digits(text.substr(second + 1, 4));
    const auto hour = part(space + 1, colon);
    const auto minute = part(colon + 1, text.size());
    if (!day || !month || !year || !hour || !minute || *hour > 23 || *minute > 59) return std::nullopt;
    const entitle::Day found{date::year{*year}, date::month{static_cast<unsigned>(*month)},
                             date::day{static_cast<unsigned>(*day)}};
    if (!found.ok()) return std::nullopt;
    return date::sys_days{found} + std::chrono::hours{*hour} + std::chrono::minutes{*minute};
}

/// What is known of an incident, and where it stands.
struct Incident {
    std::string_view key{};
    std::string customer{}, contact{}, product{};
    entitle::Channel origin{};
    bool open = true;
    entitle::Instant since{};  ///< when it last became open
};

/// An event of an incident, as small as it can be: all of a file's are kept, to be put in order.
struct MadeEvent {
    entitle::Instant at{};
    std::chrono::minutes spent{0};
    std::uint32_t incident = 0;
    EventKind kind = EventKind::open;
};

class ServiceNow final : public EventReader {
public:
    ServiceNow(Source source, std::string path, std::vector<IncidentWay>* ways)
        : csv_{std::move(source)}, path_{std::move(path)}, ways_{ways} {}

    /// Empty where it is right, else what is wrong with the header.
    std::string read_header();
    void read_rows();

    bool next(Row& row) override;
    void rewind() override { at_ = 0; }
    [[nodiscard]] std::string_view failure() const override { return csv_.source().failure(); }
    [[nodiscard]] std::optional<double> share_read() const override {
        if (made_.empty()) return std::nullopt;
        return std::min(1.0, static_cast<double>(at_) / static_cast<double>(made_.size()));
    }

private:
    [[nodiscard]] std::string_view text(Column column) const {
        return record_.fields[places_[static_cast<std::size_t>(column)]];
    }
    /// `?` stands for what nobody knows.
    [[nodiscard]] std::string_view fact(Column column) const {
        return text(column) == "?" ? std::string_view{} : text(column);
    }
    void read_row(Row& row);
    [[nodiscard]] std::optional<entitle::Instant> time(Row& row, Column column) const;
    void open(Row& row, entitle::Instant updated);
    void change(std::uint32_t index, entitle::Instant updated);
    [[nodiscard]] bool is_closed() const {
        return text(Column::state) == "Resolved" || text(Column::state) == "Closed";
    }
    void begin_way(const Incident& incident, entitle::Instant opened);
    void follow(IncidentWay& way, entitle::Instant updated) const;

    CsvReader csv_;
    std::string path_;
    std::vector<IncidentWay>* ways_;
    CsvRecord record_;
    std::size_t columns_ = 0;
    std::array<std::size_t, column_names.size()> places_{};
    std::map<std::string, std::uint32_t, std::less<>> by_key_;
    std::vector<Incident> incidents_;
    std::vector<MadeEvent> made_;
    std::uint64_t bad_ = 0;
    std::uint64_t at_ = 0;
};

std::string ServiceNow::read_header() {
    if (!csv_.next(record_)) return "the file is empty: a header is needed";
    const auto& fields = record_.fields;
    columns_ = record_.columns;
    if (!record_.broken.empty()) return std::string{record_.broken};
    for (std::size_t i = 0; i < (ways_ == nullptr ? event_columns : column_names.size()); ++i) {
        const auto found = std::find(fields.begin(), fields.end(), column_names[i]);
        if (found == fields.end()) return fmt::format("there is no column {}", column_names[i]);
        places_[i] = static_cast<std::size_t>(found - fields.begin());
    }
    return {};
}

void ServiceNow::read_rows() {
    while (csv_.next(record_)) {
        Row row;
        row.line = record_.line;
        read_row(row);
        if (!row.bad) continue;
        ++bad_;
        report_bad_row(path_, row);
    }
    // Ties stay in the order in which they were made.
    std::stable_sort(made_.begin(), made_.end(),
                     [](const MadeEvent& a, const MadeEvent& b) { return a.at < b.at; });
}

bool ServiceNow::next(Row& row) {
    row = {};
    if (at_ == made_.size() + bad_) return false;
    if (at_++ >= made_.size()) {
        row.bad.emplace();
        row.reported = true;
        return true;
    }
    const MadeEvent& made = made_[at_ - 1];
    const Incident& incident = incidents_[made.incident];
    row.at = made.at;
    row.event.kind = made.kind;
    row.event.at = made.at;
    row.event.case_key = incident.key;
    row.event.spent = made.spent;
    if (made.kind != EventKind::open) return true;
    row.event.customer = incident.customer;
    row.event.contact = incident.contact;
    row.event.product = incident.product;
    row.event.origin = incident.origin;
    return true;
}

std::optional<entitle::Instant> ServiceNow::time(Row& row, Column column) const {
    const auto at = parse_time(text(column));
    if (!at) {
        refuse_row(row, column_names[static_cast<std::size_t>(column)],
                   fmt::format("\"{}\" is not as 29-02-2016 01:16", printable(text(column))));
    }
    return at;
}

void ServiceNow::read_row(Row& row) {
    if (!is_readable(record_, columns_, row)) return;
    check_utf8(record_, row);
    const std::string_view number = text(Column::number);
    if (number.empty()) refuse_row(row, "number", "it is needed here");
    check_key(row, "number", number);
    const auto updated = time(row, Column::updated);
    if (row.bad) return;
    if (const auto known = by_key_.find(number); known != by_key_.end()) change(known->second, *updated);
    else open(row, *updated);
}

/// The incident's facts are those of its first row.
void ServiceNow::open(Row& row, entitle::Instant updated) {
    const auto opened = time(row, Column::opened);
    check_key(row, "location", fact(Column::location));
    check_key(row, "caller_id", fact(Column::caller));
    check_key(row, "category", fact(Column::category));
    const entitle::Channel origin = check_origin(row, "contact_type", fact(Column::contact_type));
    if (row.bad) return;
    const auto index = static_cast<std::uint32_t>(incidents_.size());
    const auto& key = by_key_.emplace(text(Column::number), index).first->first;
    incidents_.push_back({.key = key,
                          .customer = std::string{fact(Column::location)},
                          .contact = std::string{fact(Column::caller)},
                          .product = std::string{fact(Column::category)},
                          .origin = origin,
                          .open = true,
                          .since = *opened});
    made_.push_back({*opened, std::chrono::minutes{0}, index, EventKind::open});
    if (ways_ != nullptr) begin_way(incidents_.back(), *opened);
    change(index, updated);
}

void ServiceNow::change(std::uint32_t index, entitle::Instant updated) {
    Incident& incident = incidents_[index];
    if (ways_ != nullptr) follow((*ways_)[index], updated);
    const bool closed = is_closed();
    if (closed != incident.open) return;
    incident.open = !closed;
    if (closed) {
        const auto spent = std::chrono::floor<std::chrono::minutes>(updated - incident.since);
        made_.push_back({updated, std::max(spent, std::chrono::minutes{0}), index, EventKind::resolve});
    } else {
        incident.since = updated;
        made_.push_back({updated, std::chrono::minutes{0}, index, EventKind::reactivate});
    }
}

template <class Id>
Id id_of(std::string_view key) {
    return key.empty() ? Id{} : Id::from_name(key);
}

void ServiceNow::begin_way(const Incident& incident, entitle::Instant opened) {
    IncidentWay& way = ways_->emplace_back();
    way.key = incident.key;
    way.opened = opened;
    way.about.contact = id_of<entitle::ContactId>(incident.contact);
    way.about.product = id_of<entitle::ProductId>(incident.product);
    way.about.origin = incident.origin;
}

void ServiceNow::follow(IncidentWay& way, entitle::Instant updated) const {
    IncidentRow row;
    row.at = updated;
    row.stage = entitle::Stage::named(text(Column::state)).value_or(entitle::Stage{});
    const std::string_view priority = text(Column::priority);  // `3 - Moderate`
    std::from_chars(priority.data(), priority.data() + priority.size(), row.priority);
    row.is_closed = is_closed();
    way.rows.push_back(row);
    const std::string_view made = text(Column::made_sla);
    way.made_sla = made == "TRUE" || made == "FALSE" ? std::optional{made == "TRUE"} : std::nullopt;
}

}  // namespace

OpenedEvents open_servicenow(const std::string& path, std::vector<IncidentWay>* ways) {
    auto source = Source::open(path, false);
    if (!source) return tl::unexpected<std::string>{source.error()};
    auto file = std::make_unique<ServiceNow>(std::move(*source), path, ways);
    const std::string wrong = file->read_header();
    if (wrong.empty()) file->read_rows();
    if (!file->failure().empty()) return tl::unexpected<std::string>{std::string{file->failure()}};
    if (!wrong.empty()) return tl::unexpected<std::string>{"wrong_header: " + wrong};
    return file;
}

}  // namespace program
