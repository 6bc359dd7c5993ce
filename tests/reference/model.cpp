#include "reference/model.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

namespace entitle_reference {

// ---- Policies (section 9) ----------------------------------------------------------------------

Policy standard() { return Policy{}; }

Policy dynamics365() {
    Policy policy;
    policy.renewable = Renewable::canceled_and_expired;
    policy.unlisted_at_opening = UnlistedChannel::admit_total_only;
    policy.unlisted_at_resolution = UnlistedChannel::admit_total_only;
    policy.origin_change = OriginChange::neither;
    return policy;
}

Policy crm2014() {
    Policy policy;
    policy.renewable = Renewable::canceled_and_expired;
    policy.unlisted_at_opening = UnlistedChannel::admit_total_only;
    policy.exhausted_at_opening = ExhaustedAtOpening::admit;
    policy.origin_change = OriginChange::neither;
    policy.reactivation_returns = ReactivationReturns::to_origin_when_resolved_if_listed_now;
    return policy;
}

Policy desk() {
    Policy policy;
    policy.renewal_span = RenewalSpan::whole_months_else_days;
    policy.overage = Overage::split;
    policy.hold_on_creation = true;
    policy.reopen_within_days = 30;
    return policy;
}

std::string name_of(Status status) {
    switch (status) {
        case Status::draft: return "draft";
        case Status::waiting: return "waiting";
        case Status::active: return "active";
        case Status::expired: return "expired";
        case Status::canceled: return "canceled";
    }
    return "";
}

// ---- Calendar -----------------------------------------------------------------------------------

namespace {

struct Civil {
    int year = 1970;
    int month = 1;
    int day = 1;
};

bool is_leap(int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; }

int days_in_year(int year) { return is_leap(year) ? 366 : 365; }

int days_in_month(int year, int month) {
    const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

Civil civil_from_day(int day) {
    Civil civil;
    while (day < 0) {
        civil.year -= 1;
        day += days_in_year(civil.year);
    }
    while (day >= days_in_year(civil.year)) {
        day -= days_in_year(civil.year);
        civil.year += 1;
    }
    while (day >= days_in_month(civil.year, civil.month)) {
        day -= days_in_month(civil.year, civil.month);
        civil.month += 1;
    }
    civil.day = day + 1;
    return civil;
}

int day_of(long long instant) {
    long long day = instant / microseconds_per_day;
    if (instant % microseconds_per_day < 0) {
        day -= 1;
    }
    return static_cast<int>(day);
}

}  // namespace

int day_from_civil(int year, int month, int day) {
    int days = 0;
    for (int y = 1970; y < year; ++y) {
        days += days_in_year(y);
    }
    for (int y = year; y < 1970; ++y) {
        days -= days_in_year(y);
    }
    for (int m = 1; m < month; ++m) {
        days += days_in_month(year, m);
    }
    return days + day - 1;
}

int add_months(int day, int months) {
    Civil civil = civil_from_day(day);
    for (int i = 0; i < months; ++i) {
        civil.month += 1;
        if (civil.month == 13) {
            civil.month = 1;
            civil.year += 1;
        }
    }
    const int clamped = std::min(civil.day, days_in_month(civil.year, civil.month));
    return day_from_civil(civil.year, civil.month, clamped);
}

// Section 7: a span of n months ends the day before the same day n months later.
int whole_months(int first_day, int last_day) {
    int months = 1;
    while (add_months(first_day, months) - 1 < last_day) {
        months += 1;
    }
    return add_months(first_day, months) - 1 == last_day ? months : 0;
}

// ---- What is made from a template (section 7) ---------------------------------------------------

bool is_of_catalog(Kind kind) { return kind >= Kind::set_template && kind <= Kind::remove_rule; }

int assigned_key(int customer, int purchase) { return customer * keys_of_a_customer + purchase; }

// The last day is the one before the day that is n days or months after the day of use.
Agreement agreement_from(const Template& from, long long now) {
    Agreement agreement = from.agreement;
    if (from.lasts) {
        const int today = day_of(now);
        const int count = from.lasts->count;
        const int after = from.lasts->step == Step::days ? today + count : add_months(today, count);
        agreement.first_day = today;
        agreement.last_day = after - 1;
    }
    return agreement;
}

int template_for(const Catalog& catalog, int product, long long quantity) {
    int found = 0;
    long long largest = -1;
    for (const auto& [rule, from] : catalog.rules) {
        const auto& [of_product, at_least] = rule;
        if (of_product == product && at_least <= quantity && at_least > largest) {
            largest = at_least;
            found = from;
        }
    }
    return found;
}

// ---- Channel names (section 1) ------------------------------------------------------------------

namespace {

std::string folded(std::string name) {
    for (char& c : name) {
        if (c >= 'A' && c <= 'Z') {
            c = static_cast<char>(c - 'A' + 'a');
        }
    }
    return name;
}

ChannelAmounts folded(ChannelAmounts channels) {
    for (auto& channel : channels) {
        channel.first = folded(channel.first);
    }
    return channels;
}

Op folded(Op op) {
    op.channel = folded(op.channel);
    op.agreement.channels = folded(op.agreement.channels);
    op.channel_remaining = folded(op.channel_remaining);
    return op;
}

bool is_channel_name(const std::string& name) { return !name.empty() && name.size() <= 31; }

std::optional<long long> amount_for(const ChannelAmounts& channels, const std::string& name) {
    for (const auto& channel : channels) {
        if (channel.first == name) {
            return channel.second;
        }
    }
    return std::nullopt;
}

bool has_duplicates(const ChannelAmounts& channels) {
    std::set<std::string> names;
    for (const auto& channel : channels) {
        names.insert(channel.first);
    }
    return names.size() != channels.size();
}

// ---- The agreement (section 2) ------------------------------------------------------------------

// Whole quantities of which one term is made: a case, an hour of seconds, 100 minor units.
long long units_per_term(Allocation allocation) {
    switch (allocation) {
        case Allocation::hours: return 3600;
        case Allocation::money: return 100;
        case Allocation::cases:
        case Allocation::coverage: return 1;
    }
    return 1;
}

long long most_units(Allocation allocation) { return most_terms * units_per_term(allocation); }

bool within_limit(Allocation allocation, long long quantity) {
    return quantity <= most_units(allocation) && quantity >= -most_units(allocation);
}

// A quantity that no balance within the limit can absorb; asked first, so that sums never wrap.
bool moves_too_far(Allocation allocation, long long quantity) {
    return quantity > 2 * most_units(allocation) || quantity < -2 * most_units(allocation);
}

bool is_measured(Allocation allocation) {
    return allocation == Allocation::hours || allocation == Allocation::money;
}

int code_points(const std::string& text) {
    int count = 0;
    for (const char c : text) {
        if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
            count += 1;
        }
    }
    return count;
}

bool is_currency(const std::string& code) {
    return code.size() == 3 &&
           std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

std::string total_error(const Agreement& agreement) {
    if (agreement.allocation == Allocation::coverage) {
        return agreement.total ? "total_not_allowed" : "";
    }
    if (!agreement.total) {
        return "total_missing";
    }
    if (*agreement.total < 0 || *agreement.total > most_units(agreement.allocation)) {
        return "total_out_of_range";
    }
    return "";
}

// Each channel once, none above the entitlement's total; their sum may be more.
std::string channels_error(const Agreement& agreement) {
    for (const auto& [name, total] : agreement.channels) {
        if (!is_channel_name(name)) {
            return "channel_name";
        }
        if (total < 0 || total > most_units(agreement.allocation)) {
            return "total_out_of_range";
        }
    }
    if (has_duplicates(agreement.channels)) {
        return "duplicate_channel";
    }
    for (const auto& channel : agreement.channels) {
        if (agreement.total && channel.second > *agreement.total) {
            return "channel_exceeds_total";
        }
    }
    return "";
}

// Section 8: coverage only has no total; what is carried over fits into a balance beside the total.
std::string period_error(const Agreement& agreement) {
    if (!agreement.period) {
        return "";
    }
    if (agreement.allocation == Allocation::coverage) {
        return "period_not_allowed";
    }
    if (agreement.period->every < 1) {
        return "period_length";
    }
    const long long rollover = agreement.period->rollover.value_or(0);
    const bool fits = rollover >= 0 && rollover <= most_units(agreement.allocation) - *agreement.total;
    return fits ? "" : "rollover_out_of_range";
}

// Section 2, in the order of its table.
std::string agreement_error(const Agreement& agreement) {
    if (agreement.name.empty() || code_points(agreement.name) > 100) {
        return "name_length";
    }
    if (agreement.first_day > agreement.last_day) {
        return "start_after_end";
    }
    if (agreement.allocation == Allocation::money && !is_currency(agreement.currency)) {
        return "currency_missing";
    }
    if (const std::string error = total_error(agreement); !error.empty()) {
        return error;
    }
    if (is_measured(agreement.allocation) && !agreement.decrease_on_resolution) {
        return "hours_need_resolution";
    }
    if (const std::string error = period_error(agreement); !error.empty()) {
        return error;
    }
    return channels_error(agreement);
}

// What was agreed, in the order in which it was written down, without the default flag.
bool same_agreement(const Agreement& one, Agreement other) {
    other.is_default = one.is_default;
    return one == other;
}

// Section 2: what a channel's total and a correction are in; coverage only counts cases.
bool in_units_of(const Agreement& agreement, Allocation unit, const std::string& currency) {
    if (agreement.allocation == Allocation::coverage) {
        return unit == Allocation::cases;
    }
    return unit == agreement.allocation && (unit != Allocation::money || currency == agreement.currency);
}

// ---- Status (section 3) -------------------------------------------------------------------------

// A pure function of what is stored and of now; both days of the coverage are covered.
Status status_of(const Entitlement& entitlement, long long now) {
    if (entitlement.phase == Phase::draft) {
        return Status::draft;
    }
    if (entitlement.phase == Phase::canceled) {
        return Status::canceled;
    }
    if (now < entitlement.agreement.first_day * microseconds_per_day) {
        return Status::waiting;
    }
    if (now >= (entitlement.agreement.last_day + 1) * microseconds_per_day) {
        return Status::expired;
    }
    return Status::active;
}

// ---- Balances: total plus the sum of the ledger (sections 2 and 10) ----------------------------

long long sum_of_total(const Customer& customer, int entitlement) {
    long long sum = 0;
    for (const Entry& entry : customer.ledger) {
        if (entry.entitlement == entitlement) {
            sum += entry.moved_total;
        }
    }
    return sum;
}

long long sum_of_channel(const Customer& customer, int entitlement, const std::string& channel) {
    long long sum = 0;
    for (const Entry& entry : customer.ledger) {
        if (entry.entitlement == entitlement && entry.channel == channel) {
            sum += entry.moved_channel;
        }
    }
    return sum;
}

long long remaining_of(const Customer& customer, const Entitlement& entitlement) {
    return entitlement.agreement.total.value_or(0) + sum_of_total(customer, entitlement.key);
}

// R3: a channel that is not listed any more still has what its entries sum to.
long long channel_remaining_of(const Customer& customer, const Entitlement& entitlement,
                               const std::string& channel) {
    return amount_for(entitlement.agreement.channels, channel).value_or(0) +
           sum_of_channel(customer, entitlement.key, channel);
}

// Section 8: what open cases hold of an entitlement, or of one of its channels.
long long held_of_total(const Customer& customer, const Entitlement& entitlement) {
    long long sum = 0;
    for (const auto& [key, subject] : customer.cases) {
        if (subject.facts.entitlement == entitlement.key && subject.held) {
            sum += subject.held->quantity;
        }
    }
    return sum;
}

long long held_of_channel(const Customer& customer, const Entitlement& entitlement,
                          const std::string& channel) {
    long long sum = 0;
    for (const auto& [key, subject] : customer.cases) {
        if (subject.facts.entitlement == entitlement.key && subject.held &&
            subject.held->channel == channel) {
            sum += subject.held->quantity;
        }
    }
    return sum;
}

// What restriction looks at.
long long available_of(const Customer& customer, const Entitlement& entitlement) {
    return remaining_of(customer, entitlement) - held_of_total(customer, entitlement);
}

long long channel_available_of(const Customer& customer, const Entitlement& entitlement,
                               const std::string& channel) {
    return channel_remaining_of(customer, entitlement, channel) -
           held_of_channel(customer, entitlement, channel);
}

bool is_listed(const Entitlement& entitlement, const std::string& channel) {
    return amount_for(entitlement.agreement.channels, channel).has_value();
}

// Every channel that is listed or that any entry ever moved.
std::set<std::string> channels_ever(const Customer& customer, const Entitlement& entitlement) {
    std::set<std::string> names;
    for (const auto& channel : entitlement.agreement.channels) {
        names.insert(channel.first);
    }
    for (const Entry& entry : customer.ledger) {
        if (entry.entitlement == entitlement.key && entry.moved_channel != 0) {
            names.insert(entry.channel);
        }
    }
    return names;
}

bool sets_apart(EntryKind kind) {
    return kind == EntryKind::hold || kind == EntryKind::release || kind == EntryKind::overage ||
           kind == EntryKind::top_up;
}

// R3: has anything ever been moved, or promised, here?
bool has_history(const Customer& customer, int entitlement) {
    return std::any_of(customer.ledger.begin(), customer.ledger.end(), [&](const Entry& entry) {
        return entry.entitlement == entitlement &&
               (entry.moved_total != 0 || entry.moved_channel != 0 || sets_apart(entry.kind));
    });
}

// ---- Periods (section 8) ------------------------------------------------------------------------

// Is this one of the cycle's days, before, on or after its anchor?
bool is_boundary_day(const Agreement& agreement, int day) {
    const Period& period = *agreement.period;
    const int anchor = period.anchor.value_or(agreement.first_day);
    if (period.step == Step::days || period.step == Step::weeks) {
        const int length = period.step == Step::weeks ? 7 * period.every : period.every;
        return (day - anchor) % length == 0;
    }
    const Civil is = civil_from_day(day);
    const Civil from = civil_from_day(anchor);
    const int months = (is.year - from.year) * 12 + is.month - from.month;
    const int length = period.step == Step::years ? 12 * period.every : period.every;
    return months % length == 0 && is.day == std::min(from.day, days_in_month(is.year, is.month));
}

// The first boundary after those that have passed, day by day; none at or after the end.
std::optional<long long> boundary_to_come(const Entitlement& entitlement) {
    if (!entitlement.agreement.period) {
        return std::nullopt;
    }
    for (int day = day_of(entitlement.counted_to); day <= entitlement.agreement.last_day; ++day) {
        const long long begins = day * microseconds_per_day;
        if (begins > entitlement.counted_to && is_boundary_day(entitlement.agreement, day)) {
            return begins;
        }
    }
    return std::nullopt;
}

// None passes after cancel.
std::optional<long long> next_boundary(const Entitlement& entitlement) {
    return entitlement.phase == Phase::canceled ? std::nullopt : boundary_to_come(entitlement);
}

// Until when what was agreed lasts: the end of the running period, or of the coverage. Canceling changes nothing
// about it, so that the ledger's last allotment always tells.
long long base_ends(const Entitlement& entitlement) {
    return boundary_to_come(entitlement)
        .value_or((entitlement.agreement.last_day + 1) * microseconds_per_day);
}

// Boundaries count from when the periods were written down: nothing is rolled retroactively.
void count_from(Entitlement& entitlement, long long now) {
    entitlement.counted_to = std::max(entitlement.agreement.first_day * microseconds_per_day, now);
}

long long carried_over(const Boundary& boundary, long long left) {
    if (left >= 0) {
        return std::min(left, boundary.rollover);
    }
    return boundary.preserve_overage ? left : 0;
}

// ---- Top-ups (section 8) ------------------------------------------------------------------------

// What an entry adds to what is left of its top-up there, or takes from it.
long long change_of_top_up(const Entry& entry) {
    const bool is_total = entry.channel == the_total;
    const long long moved = is_total ? entry.moved_total : entry.moved_channel;
    switch (entry.kind) {
        case EntryKind::inception: return moved - entry.amount;
        case EntryKind::draw:
        case EntryKind::settlement:
        case EntryKind::lapse: return -entry.amount;
        case EntryKind::expiry:
        case EntryKind::voiding: return moved;
        default: return 0;
    }
}

// All that were ever made, in that order, as the ledger tells.
std::vector<TopUp> top_ups_ever(const Customer& customer, int entitlement) {
    std::map<int, TopUp> found;
    for (const Entry& entry : customer.ledger) {
        if (entry.entitlement != entitlement || entry.top_up.number == 0) {
            continue;
        }
        TopUp& top_up = found[entry.top_up.number];
        top_up.terms = entry.top_up;
        top_up.begun = top_up.begun || entry.kind == EntryKind::inception;
        top_up.ended = top_up.ended || entry.kind == EntryKind::expiry || entry.kind == EntryKind::voiding;
        top_up.left[entry.channel] += change_of_top_up(entry);
    }
    std::vector<TopUp> list;
    for (const auto& top_up : found) {
        list.push_back(top_up.second);
    }
    return list;
}

std::vector<TopUp> open_top_ups(const Customer& customer, int entitlement) {
    std::vector<TopUp> list;
    for (const TopUp& top_up : top_ups_ever(customer, entitlement)) {
        if (!top_up.ended) {
            list.push_back(top_up);
        }
    }
    return list;
}

long long left_of(const TopUp& top_up, const std::string& counter) {
    const auto found = top_up.left.find(counter);
    return found == top_up.left.end() ? 0 : found->second;
}

// The counters that it raises.
std::vector<std::string> counters_of(const TopUpTerms& terms) {
    std::vector<std::string> counters{the_total};
    if (!terms.channel.empty()) {
        counters.push_back(terms.channel);
    }
    return counters;
}

// The total, then the channels that are or once were listed.
std::vector<std::string> counters_of(const Entitlement& entitlement) {
    std::vector<std::string> counters{the_total};
    counters.insert(counters.end(), entitlement.channels_kept.begin(), entitlement.channels_kept.end());
    return counters;
}

long long balance_of(const Customer& customer, const Entitlement& entitlement, const std::string& counter) {
    return counter == the_total ? remaining_of(customer, entitlement)
                                : channel_remaining_of(customer, entitlement, counter);
}

// What is left of what was agreed: all that is no top-up's. Below zero it is what is owed.
long long base_of(const Customer& customer, const Entitlement& entitlement, const std::string& counter) {
    long long base = balance_of(customer, entitlement, counter);
    for (const TopUp& top_up : open_top_ups(customer, entitlement.key)) {
        base -= left_of(top_up, counter);
    }
    return base;
}

// Section 2: past the limit is terms_overflow. What time brought may be past it; then only what goes farther is.
bool goes_too_far(Allocation allocation, long long before, long long after) {
    return (after > before && after > most_units(allocation)) ||
           (after < before && after < -most_units(allocation));
}

// What an entry moves of a counter's base.
long long change_of_base(const Entry& entry, const std::string& counter) {
    if (counter != the_total && entry.channel != counter) {
        return 0;
    }
    const long long moved = counter == the_total ? entry.moved_total : entry.moved_channel;
    return entry.channel == counter ? moved - change_of_top_up(entry) : moved;
}

long long passes(const TopUpTerms& terms, long long left) {
    return terms.rollover ? std::min(left, *terms.rollover) : left;
}

// One that could pay, and its place in the burn order.
struct Payer {
    TopUpTerms terms;  // its number 0: what was agreed
    long long left = 0;
    std::tuple<int, long long, int> place;
};

bool burns_before(const Payer& one, const Payer& other) { return one.place < other.place; }

// Lower priority, then earlier expiry, then earlier creation.
std::vector<Payer> top_up_payers(const Customer& customer, int entitlement, const std::string& counter) {
    std::vector<Payer> payers;
    for (const TopUp& top_up : open_top_ups(customer, entitlement)) {
        const long long never = std::numeric_limits<long long>::max();
        const TopUpTerms& terms = top_up.terms;
        payers.push_back(
            {terms, left_of(top_up, counter), {terms.priority, terms.expires.value_or(never), terms.number}});
    }
    std::sort(payers.begin(), payers.end(), burns_before);
    return payers;
}

// The same with what was agreed among them.
std::vector<Payer> payers_of(const Customer& customer, const Entitlement& entitlement,
                             const std::string& counter, long long more) {
    std::vector<Payer> payers = top_up_payers(customer, entitlement.key, counter);
    const long long base = base_of(customer, entitlement, counter) + more;
    payers.push_back({TopUpTerms(), std::max(base, 0LL), {100, base_ends(entitlement), 0}});
    std::sort(payers.begin(), payers.end(), burns_before);
    return payers;
}

std::size_t index_of(const Customer& customer, const EntryId& id) {
    std::size_t index = 0;
    while (!(customer.ledger.at(index).id == id)) {
        index += 1;
    }
    return index;
}

// The draws that stand right before an entry, in order: what top-ups paid of it.
std::vector<Entry> draws_before(const Customer& customer, const EntryId& id) {
    std::vector<Entry> draws;
    for (std::size_t i = index_of(customer, id); i > 0; --i) {
        const Entry& entry = customer.ledger[i - 1];
        if (entry.kind != EntryKind::draw || entry.id.number != id.number ||
            entry.entitlement != customer.ledger[i].entitlement) {
            break;
        }
        draws.insert(draws.begin(), entry);
    }
    return draws;
}

// What time brings of an entitlement next. At one instant: first holds that expire, then top-ups that do, then the
// boundary, then what begins.
struct Event {
    long long at = 0;
    int rank = 0;
    int number = 0;  // of the top-up, or of the hold

    bool operator<(const Event& other) const {
        return std::tie(at, rank, number) < std::tie(other.at, other.rank, other.number);
    }
};

constexpr int hold_expires_then = -1;
constexpr int expires_then = 0;
constexpr int boundary_then = 1;
constexpr int begins_then = 2;

std::optional<Event> next_event(const Customer& customer, const Entitlement& entitlement) {
    std::vector<Event> events;
    if (entitlement.phase == Phase::canceled) {
        return std::nullopt;
    }
    if (const auto boundary = next_boundary(entitlement)) {
        events.push_back({*boundary, boundary_then, 0});
    }
    for (const TopUp& top_up : open_top_ups(customer, entitlement.key)) {
        const TopUpTerms& terms = top_up.terms;
        if (!top_up.begun) {
            events.push_back({terms.from, begins_then, terms.number});
        } else if (terms.expires) {
            events.push_back({*terms.expires, expires_then, terms.number});
        }
    }
    for (const auto& [key, subject] : customer.cases) {
        if (subject.facts.entitlement == entitlement.key && subject.held && subject.held->until) {
            events.push_back({*subject.held->until, hold_expires_then, subject.held->posting.number});
        }
    }
    if (events.empty()) {
        return std::nullopt;
    }
    return *std::min_element(events.begin(), events.end());
}

// ---- Admission (section 5) ----------------------------------------------------------------------

// Step 3, for one fact: an empty list limits nothing, any other refuses a fact that is left out.
std::string scope_error(const std::vector<int>& scope, int fact, const std::string& error) {
    if (scope.empty() || std::find(scope.begin(), scope.end(), fact) != scope.end()) {
        return "";
    }
    return error;
}

std::string contact_error(const Entitlement& entitlement, int contact) {
    return scope_error(entitlement.agreement.contacts, contact, "contact_out_of_scope");
}

std::string product_error(const Entitlement& entitlement, int product) {
    return scope_error(entitlement.agreement.products, product, "product_out_of_scope");
}

std::string asset_error(const Entitlement& entitlement, int asset) {
    return scope_error(entitlement.agreement.assets, asset, "asset_out_of_scope");
}

std::string case_type_error(const Entitlement& entitlement, int case_type) {
    return scope_error(entitlement.agreement.case_types, case_type, "case_type_out_of_scope");
}

// Step 4; the policy says whether a restricted entitlement admits what is not listed.
std::string unlisted_error(const Entitlement& entitlement, const std::string& origin, UnlistedChannel rule) {
    const bool passes = entitlement.agreement.channels.empty() || origin.empty() ||
                        is_listed(entitlement, origin) || !entitlement.agreement.restricted ||
                        rule == UnlistedChannel::admit_total_only;
    return passes ? "" : "channel_not_listed";
}

// Step 5, the total; coverage only has no total to run out of.
std::string terms_error(const Customer& customer, const Entitlement& entitlement, long long needed) {
    if (!entitlement.agreement.restricted || entitlement.agreement.allocation == Allocation::coverage) {
        return "";
    }
    return available_of(customer, entitlement) >= needed ? "" : "terms_exhausted";
}

// Step 5, the channel. "given_back" is the case's own posting there, when it is to be ignored.
std::string exhausted_channel_error(const Policy& policy, const Customer& customer,
                                    const Entitlement& entitlement, const std::string& origin,
                                    long long needed, long long given_back) {
    if (!entitlement.agreement.restricted || !is_listed(entitlement, origin) ||
        policy.exhausted_channel == ExhaustedChannel::count_negative) {
        return "";
    }
    const long long available = channel_available_of(customer, entitlement, origin) + given_back;
    return available >= needed ? "" : "channel_exhausted";
}

// Section 5, "needed" at opening: one case, or more than nothing, which is one base unit.
constexpr long long needed_at_opening = 1;

// R6, and section 9: does an opening ask step 5 at all?
bool opening_asks_terms(const Policy& policy, const Entitlement& entitlement, bool decrement) {
    const bool left_to_resolution = entitlement.agreement.decrease_on_resolution &&
                                    !policy.hold_on_creation &&
                                    policy.exhausted_at_opening == ExhaustedAtOpening::admit;
    return decrement && !left_to_resolution;
}

// Steps 2 to 5 as at opening; every failing reason, in order. Step 1 is the caller's.
std::vector<std::string> opening_errors(const Policy& policy, const Customer& customer,
                                        const Entitlement& entitlement, const CaseFacts& facts,
                                        long long now) {
    std::vector<std::string> all;
    all.push_back(status_of(entitlement, now) == Status::active ? "" : "not_active");
    all.push_back(contact_error(entitlement, facts.contact));
    all.push_back(product_error(entitlement, facts.product));
    all.push_back(asset_error(entitlement, facts.asset));
    all.push_back(case_type_error(entitlement, facts.case_type));
    all.push_back(unlisted_error(entitlement, facts.origin, policy.unlisted_at_opening));
    if (opening_asks_terms(policy, entitlement, facts.decrement)) {
        all.push_back(terms_error(customer, entitlement, needed_at_opening));
        all.push_back(
            exhausted_channel_error(policy, customer, entitlement, facts.origin, needed_at_opening, 0));
    }
    all.erase(std::remove(all.begin(), all.end(), std::string()), all.end());
    return all;
}

// The numbered step of section 5 that an error belongs to.
int step_of(const std::string& error) {
    if (error == "not_active") {
        return 2;
    }
    if (error == "channel_not_listed") {
        return 4;
    }
    if (error == "terms_exhausted" || error == "channel_exhausted") {
        return 5;
    }
    return 3;
}

// ---- Which entitlement (section 6) --------------------------------------------------------------

bool comes_before(const Entitlement& one, const Entitlement& other) {
    const auto rank = [](const Entitlement& e) {
        return std::make_tuple(!e.is_default, e.agreement.priority, e.agreement.assets.empty(),
                               e.agreement.products.empty(), e.agreement.contacts.empty(),
                               e.agreement.case_types.empty(), e.agreement.last_day, e.sequence);
    };
    return rank(one) < rank(other);
}

std::vector<Entitlement> in_order(const Customer& customer) {
    std::vector<Entitlement> ordered;
    for (const auto& entitlement : customer.entitlements) {
        ordered.push_back(entitlement.second);
    }
    std::sort(ordered.begin(), ordered.end(), comes_before);
    return ordered;
}

std::vector<Candidate> candidates(const Policy& policy, const Customer& customer, const CaseFacts& facts,
                                  long long now) {
    std::vector<Candidate> list;
    for (const Entitlement& entitlement : in_order(customer)) {
        list.push_back({entitlement.key, opening_errors(policy, customer, entitlement, facts, now)});
    }
    return list;
}

// The first candidate that admits the case, or 0.
int chosen(const std::vector<Candidate>& list) {
    for (const Candidate& candidate : list) {
        if (candidate.reasons.empty()) {
            return candidate.entitlement;
        }
    }
    return 0;
}

// The failure of the candidate that got furthest; the first in order where several did.
std::string furthest_reason(const std::vector<Candidate>& list) {
    std::string reason = "no_entitlement";
    int furthest = 0;
    for (const Candidate& candidate : list) {
        const int step = step_of(candidate.reasons.front());
        if (step > furthest) {
            furthest = step;
            reason = candidate.reasons.front();
        }
    }
    return reason;
}

// ---- One command at work ------------------------------------------------------------------------

// R10: a command works on a copy, which is kept only when it succeeds.
struct Work {
    const Policy& policy;
    const std::map<int, Customer>& all;
    const Catalog& catalog;
    const Op& op;
    Customer customer;
    int number = 0;         // section 10: one number per command
    int ordinal = 0;        // of the next entry
    int by_time = 0;        // of the entries, so many were brought by time
    bool overflow = false;  // an entry left a balance past its limit
    std::map<std::pair<int, std::string>, long long> after_time{};  // balances once time has passed
};

struct Outcome {
    std::string error;
    std::string reason;
    int entitlement = 0;
    bool changed = false;
};

Outcome refused(const std::string& error, const std::string& reason = "") {
    return {error, reason, 0, false};
}

Outcome done(int entitlement) { return {"", "", entitlement, true}; }

// R9: to where things already are; ok, and nothing is asked or recorded.
Outcome unchanged(int entitlement) { return {"", "", entitlement, false}; }

Entitlement* find_entitlement(Work& work, int key) {
    const auto found = work.customer.entitlements.find(key);
    return found == work.customer.entitlements.end() ? nullptr : &found->second;
}

Case* find_case_at_work(Work& work) {
    const auto found = work.customer.cases.find(work.op.case_key);
    return found == work.customer.cases.end() ? nullptr : &found->second;
}

bool exists_under_any_customer(const Work& work, int key) {
    for (const auto& customer : work.all) {
        if (customer.second.entitlements.count(key) != 0) {
            return true;
        }
    }
    return false;
}

// ---- Entries (section 10) -----------------------------------------------------------------------

EntryId append(Work& work, Entry entry) {
    entry.id = {work.number, work.ordinal};
    work.ordinal += 1;
    if (!entry.by_time) {
        entry.instant = work.op.now;
    }
    entry.actor = work.op.actor;
    entry.request = work.op.request;
    work.customer.ledger.push_back(entry);
    const Entitlement& entitlement = work.customer.entitlements.at(entry.entitlement);
    Entry& appended = work.customer.ledger.back();
    const Allocation allocation = entitlement.agreement.allocation;
    appended.remaining_after = remaining_of(work.customer, entitlement);
    long long before = appended.remaining_after - entry.moved_total;
    bool too_far = goes_too_far(allocation, before, appended.remaining_after);
    if (!entry.channel.empty()) {
        appended.channel_remaining_after = channel_remaining_of(work.customer, entitlement, entry.channel);
        before = appended.channel_remaining_after - entry.moved_channel;
        too_far = too_far || goes_too_far(allocation, before, appended.channel_remaining_after);
    }
    work.overflow = work.overflow || (too_far && !entry.by_time);
    return entry.id;
}

// An entry that moves nothing.
void append_note(Work& work, int entitlement, int case_key) {
    Entry entry;
    entry.entitlement = entitlement;
    entry.case_key = case_key;
    append(work, entry);
}

// Section 8: how an entry about a top-up begins. All but the one that makes it refer to its making.
Entry about_top_up(EntryKind kind, const Entitlement& entitlement, const TopUpTerms& terms,
                   const std::string& counter) {
    Entry entry;
    entry.kind = kind;
    entry.entitlement = entitlement.key;
    entry.channel = counter;
    entry.top_up = terms;
    entry.reverses = {terms.number, 0};
    return entry;
}

// It moves one of its counters.
void move_by(Entry& entry, long long quantity) {
    (entry.channel == the_total ? entry.moved_total : entry.moved_channel) = quantity;
}

// The whole of it comes to each of its counters; there it first pays what is owed.
void begin_top_up(Work& work, const Entitlement& entitlement, const TopUpTerms& terms,
                  std::optional<long long> by_time_at) {
    for (const std::string& counter : counters_of(terms)) {
        Entry entry = about_top_up(EntryKind::inception, entitlement, terms, counter);
        const long long owed = std::max(0LL, -base_of(work.customer, entitlement, counter));
        move_by(entry, terms.amount);
        entry.amount = std::min(terms.amount, owed);
        entry.by_time = by_time_at.has_value();
        entry.instant = by_time_at.value_or(0);
        if (!entry.by_time) {
            entry.reverses = {};
        }
        append(work, entry);
    }
}

long long left_behind(const Boundary& boundary, long long base, long long held);
void expire_hold(Work& work, const Entitlement& entitlement, const Event& event);

// What is left of it goes.
void end_top_up(Work& work, const Entitlement& entitlement, const TopUp& top_up,
                std::optional<long long> by_time_at) {
    const EntryKind kind = by_time_at ? EntryKind::expiry : EntryKind::voiding;
    for (const std::string& counter : counters_of(top_up.terms)) {
        Entry entry = about_top_up(kind, entitlement, top_up.terms, counter);
        move_by(entry, -left_of(top_up, counter));
        entry.by_time = by_time_at.has_value();
        entry.instant = by_time_at.value_or(0);
        append(work, entry);
    }
}

// The ledger tells until when what was agreed lasts, as long as there are others to burn before or after it.
void append_allotment(Work& work, const Entitlement& entitlement, std::optional<long long> by_time_at) {
    Entry entry;
    entry.kind = EntryKind::allotment;
    entry.entitlement = entitlement.key;
    entry.amount = base_ends(entitlement);
    entry.by_time = by_time_at.has_value();
    entry.instant = by_time_at.value_or(0);
    append(work, entry);
}

// What of the top-ups' rests on a counter does not pass a boundary; the sum.
long long lapse_at(Work& work, const Entitlement& entitlement, const std::string& counter, long long at) {
    long long sum = 0;
    for (const TopUp& top_up : open_top_ups(work.customer, entitlement.key)) {
        const long long left = left_of(top_up, counter);
        Entry entry = about_top_up(EntryKind::lapse, entitlement, top_up.terms, counter);
        entry.amount = left - passes(top_up.terms, left);
        entry.by_time = true;
        entry.instant = at;
        sum += entry.amount;
        if (entry.amount != 0) {
            append(work, entry);
        }
    }
    return sum;
}

// What holds ask of the base, which ends then: what the top-ups that come before it have is asked first.
long long held_of_base(const Customer& customer, const Entitlement& entitlement, const std::string& counter,
                       long long at) {
    long long held = counter == the_total ? held_of_total(customer, entitlement)
                                          : held_of_channel(customer, entitlement, counter);
    const Payer base{TopUpTerms(), 0, {100, at, 0}};
    for (const Payer& payer : top_up_payers(customer, entitlement.key, counter)) {
        held -= burns_before(payer, base) ? payer.left : 0;
    }
    return std::max(held, 0LL);
}

Boundary boundary_of(const Customer& customer, const Entitlement& entitlement, long long at) {
    Boundary boundary;
    boundary.rollover = entitlement.agreement.period->rollover.value_or(0);
    boundary.preserve_overage = entitlement.agreement.period->preserve_overage;
    boundary.at = at;
    const std::vector<TopUp> top_ups = open_top_ups(customer, entitlement.key);
    for (const std::string& counter : counters_of(entitlement)) {
        boundary.held_of_base[counter] = held_of_base(customer, entitlement, counter, at);
        boundary.base_before[counter] = base_of(customer, entitlement, counter);
        for (const TopUp& top_up : top_ups) {
            boundary.top_ups_before[{top_up.terms.number, counter}] = left_of(top_up, counter);
        }
    }
    return boundary;
}

long long agreed_on(const Entitlement& entitlement, const std::string& counter) {
    return counter == the_total ? entitlement.agreement.total.value_or(0)
                                : amount_for(entitlement.agreement.channels, counter).value_or(0);
}

// Section 8: one boundary. What lapses at it, counter by counter; then an entry for the total, even if it moves
// nothing, and one for each channel that moves.
void pass_boundary(Work& work, Entitlement& entitlement, long long at) {
    const Boundary boundary = boundary_of(work.customer, entitlement, at);
    std::map<std::string, long long> lapsed;
    for (const std::string& counter : counters_of(entitlement)) {
        lapsed[counter] = lapse_at(work, entitlement, counter, at);
    }
    for (const std::string& counter : counters_of(entitlement)) {
        Entry entry;
        entry.kind = EntryKind::set_aside;
        entry.entitlement = entitlement.key;
        entry.channel = counter;
        entry.instant = at;
        entry.by_time = true;
        entry.amount = boundary.held_of_base.at(counter);
        if (entry.amount != 0) {
            append(work, entry);
        }
    }
    for (const std::string& counter : counters_of(entitlement)) {
        const long long before = boundary.base_before.at(counter);
        const long long after = agreed_on(entitlement, counter) +
                                left_behind(boundary, before, boundary.held_of_base.at(counter));
        Entry entry;
        entry.kind = EntryKind::period;
        entry.entitlement = entitlement.key;
        entry.channel = counter;
        entry.instant = at;
        entry.by_time = true;
        entry.amount = boundary.preserve_overage ? -1 - boundary.rollover : boundary.rollover;
        move_by(entry, after - before - lapsed.at(counter));
        if (counter == the_total) {
            entry.boundary = boundary;
        }
        if (counter == the_total || entry.moved_channel != 0) {
            append(work, entry);
        }
    }
    entitlement.counted_to = at;
    entitlement.last_boundary = at;
    if (!open_top_ups(work.customer, entitlement.key).empty()) {
        append_allotment(work, entitlement, at);
    }
}

TopUp find_top_up(const Customer& customer, int entitlement, int number) {
    for (const TopUp& top_up : open_top_ups(customer, entitlement)) {
        if (top_up.terms.number == number) {
            return top_up;
        }
    }
    return {};
}

void pass_event(Work& work, Entitlement& entitlement, const Event& event) {
    const TopUp top_up = find_top_up(work.customer, entitlement.key, event.number);
    if (event.rank == hold_expires_then) {
        expire_hold(work, entitlement, event);
    } else if (event.rank == boundary_then) {
        pass_boundary(work, entitlement, event.at);
    } else if (event.rank == begins_then) {
        begin_top_up(work, entitlement, top_up.terms, event.at);
    } else {
        end_top_up(work, entitlement, top_up, event.at);
    }
}

// Everything that time has brought to every entitlement, in the order in which they are tried.
void pass_time(Work& work) {
    for (const Entitlement& one : in_order(work.customer)) {
        Entitlement& entitlement = work.customer.entitlements.at(one.key);
        for (auto event = next_event(work.customer, entitlement); event && event->at <= work.op.now;
             event = next_event(work.customer, entitlement)) {
            pass_event(work, entitlement, *event);
        }
        for (const std::string& counter : counters_of(entitlement)) {
            work.after_time[{one.key, counter}] = balance_of(work.customer, entitlement, counter);
        }
    }
    work.by_time = work.ordinal;
}

// The entitlements that the command has entries on, besides what time brought.
std::set<int> touched_by(const Work& work) {
    std::set<int> touched;
    for (const Entry& entry : work.customer.ledger) {
        if (entry.id.number == work.number && !entry.by_time) {
            touched.insert(entry.entitlement);
        }
    }
    return touched;
}

bool is_case_command(Kind kind) { return kind >= Kind::open; }

// What top-ups have left pays what is owed, in burn order, on each counter.
void pay_owed(Work& work, int key) {
    const Entitlement* entitlement = find_entitlement(work, key);
    if (entitlement == nullptr) {
        return;
    }
    for (const std::string& counter : counters_of(*entitlement)) {
        long long owed = std::max(0LL, -base_of(work.customer, *entitlement, counter));
        for (const Payer& payer : top_up_payers(work.customer, key, counter)) {
            Entry entry = about_top_up(EntryKind::draw, *entitlement, payer.terms, counter);
            entry.case_key = is_case_command(work.op.kind) ? work.op.case_key : 0;
            entry.amount = std::min(owed, payer.left);
            owed -= entry.amount;
            if (entry.amount != 0) {
                append(work, entry);
            }
        }
    }
}

// What time brings is recorded along with something else on its entitlement; the rest has not passed.
void forget_time_alone(Work& work, const Customer& before) {
    std::set<int> touched = touched_by(work);
    std::vector<Entry>& ledger = work.customer.ledger;
    // The end of the hold that the command's own case had goes with it, also where the case moves elsewhere.
    const auto own = before.cases.find(is_case_command(work.op.kind) ? work.op.case_key : 0);
    const bool records = !touched.empty();
    for (const Entry& entry : ledger) {
        if (records && entry.id.number == work.number && entry.kind == EntryKind::hold_expiry &&
            own != before.cases.end() && own->second.held && own->second.held->posting == entry.reverses) {
            touched.insert(entry.entitlement);
        }
    }
    std::map<int, int> ordinals;
    std::vector<Entry> kept;
    int ordinal = 0;
    for (Entry entry : ledger) {
        if (entry.id.number == work.number) {
            if (touched.count(entry.entitlement) == 0) {
                continue;
            }
            ordinals[entry.id.ordinal] = ordinal;
            entry.id.ordinal = ordinal;
            ordinal += 1;
        }
        kept.push_back(entry);
    }
    ledger = kept;
    for (auto& subject : work.customer.cases) {
        for (auto* standing : {&subject.second.standing, &subject.second.held}) {
            if (*standing && (*standing)->posting.number == work.number) {
                (*standing)->posting.ordinal = ordinals[(*standing)->posting.ordinal];
            }
        }
    }
    for (auto& [key, entitlement] : work.customer.entitlements) {
        const auto was = before.entitlements.find(key);
        if (touched.count(key) == 0 && was != before.entitlements.end()) {
            entitlement.counted_to = was->second.counted_to;
            entitlement.last_boundary = was->second.last_boundary;
        }
    }
    for (auto& [key, subject] : work.customer.cases) {
        const auto was = before.cases.find(key);
        if (was != before.cases.end() && touched.count(subject.facts.entitlement) == 0) {
            subject.held = was->second.held;
        }
    }
}

// What was left of a channel at a boundary that did not know it: as the first entry after tells.
long long balance_until_told(const Customer& customer, int entitlement, const std::string& channel,
                             long long today) {
    for (const Entry& entry : customer.ledger) {
        if (entry.entitlement == entitlement && entry.channel == channel) {
            return entry.channel_remaining_after - entry.moved_channel;
        }
    }
    return today;
}

bool moves_counter(const Entry& entry, const std::string& counter) {
    return counter == the_total || entry.channel == counter;
}

const Entry& entry_at(const Customer& customer, const EntryId& id) {
    return customer.ledger.at(index_of(customer, id));
}

// What stands posted counts at one place, or, within a late hold and beyond it, at two.
struct Part {
    EntryId at;
    long long quantity = 0;
    std::vector<std::pair<int, long long>> paid;  // on one counter, by which top-ups
};

std::vector<Part> parts_of(const Customer& customer, const EntryId& standing, const std::string& counter) {
    Part own{standing, 0, {}};
    std::vector<Part> parts;
    for (const Entry& entry : customer.ledger) {
        if (entry.kind == EntryKind::posting && entry.within && entry.reverses == standing) {
            Part then{standing, entry.within->quantity, {}};
            const auto shares = entry.within->shares.find(counter);
            if (shares != entry.within->shares.end()) {
                for (const WithinShare& share : shares->second) {
                    then.paid.emplace_back(share.number, share.owned);
                }
            }
            parts.push_back(then);
            own.at = entry.id;
            own.quantity = -entry.within->quantity;
        }
    }
    own.quantity += -entry_at(customer, own.at).moved_total;
    for (const Entry& draw : draws_before(customer, own.at)) {
        if (draw.channel == counter) {
            own.paid.emplace_back(draw.top_up.number, draw.amount);
        }
    }
    if (!parts.empty()) {  // what was paid of the part within stands first
        const auto& within = *entry_at(customer, own.at).within;
        const auto shares = within.shares.find(counter);
        if (shares != within.shares.end()) {
            for (const WithinShare& share : shares->second) {
                if (share.paid != 0) {
                    own.paid.erase(own.paid.begin());
                }
            }
        }
    }
    parts.push_back(own);
    return parts;
}

// Something that came late: it counts from its place in the ledger on, whenever it was told.
struct Late {
    EntryId at;
    std::string counter;
    int payer = 0;         // a top-up's number; 0: the base
    long long amount = 0;  // so much more is there
    long long held = 0;    // so much more is held of it
};

void add_return(const Customer& customer, const EntryId& standing, const std::string& counter,
                std::vector<Late>& lates) {
    for (const Part& part : parts_of(customer, standing, counter)) {
        long long to_base = part.quantity;
        for (const auto& [number, amount] : part.paid) {
            lates.push_back({part.at, counter, number, amount, 0});
            to_base -= amount;
        }
        lates.push_back({part.at, counter, 0, to_base, 0});
    }
}

void add_within(const EntryId& hold, const Within& within, const std::string& counter,
                std::vector<Late>& lates) {
    long long of_base = within.quantity;
    const auto shares = within.shares.find(counter);
    if (shares != within.shares.end()) {
        for (const WithinShare& share : shares->second) {
            lates.push_back({hold, counter, share.number, -share.then, 0});
            of_base -= share.then;
        }
    }
    lates.push_back({hold, counter, 0, -of_base, 0});
}

// Everything that has come late to a counter so far, as the ledger tells.
std::vector<Late> lates_so_far(const Customer& customer, int entitlement, const std::string& counter) {
    std::vector<Late> lates;
    for (const Entry& entry : customer.ledger) {
        if (entry.entitlement != entitlement || !moves_counter(entry, counter)) {
            continue;
        }
        if (entry.kind == EntryKind::reversal) {
            const long long all = counter == the_total ? entry.moved_total : entry.moved_channel;
            if (all != 0) {
                add_return(customer, entry.reverses, counter, lates);
            }
        } else if (entry.kind == EntryKind::release || entry.kind == EntryKind::hold_expiry) {
            lates.push_back({entry.reverses, counter, 0, 0, entry.amount});
        } else if (entry.within) {
            add_within(entry.reverses, *entry.within, counter, lates);
        }
    }
    return lates;
}

// What an entry did in fact for what came late: it was told there, but counts elsewhere.
long long told_of(const Entry& entry, const std::string& counter, int payer) {
    const bool own_draw = entry.kind == EntryKind::draw && entry.amount < 0;
    if (entry.within && moves_counter(entry, counter)) {
        long long sum = payer == 0 ? -entry.within->quantity : 0;
        const auto shares = entry.within->shares.find(counter);
        if (shares != entry.within->shares.end()) {
            for (const WithinShare& share : shares->second) {
                sum += payer == 0 ? share.now : 0;
                sum -= payer == share.number ? share.now : 0;
            }
        }
        return sum;
    }
    if (payer != 0) {
        const bool own = own_draw && entry.top_up.number == payer && entry.channel == counter;
        return own ? change_of_top_up(entry) : 0;
    }
    const bool tells = own_draw || entry.kind == EntryKind::reversal || entry.kind == EntryKind::forfeit ||
                       entry.kind == EntryKind::hold_expiry;
    return tells ? change_of_base(entry, counter) : 0;
}

long long told_held(const Entry& entry, const std::string& counter) {
    const bool tells = entry.kind == EntryKind::release || entry.kind == EntryKind::hold_expiry;
    return tells && moves_counter(entry, counter) ? entry.amount : 0;
}

long long found_by(const Boundary& boundary, const std::string& counter, int payer, long long unknown) {
    if (payer == 0) {
        const auto known = boundary.base_before.find(counter);
        return known == boundary.base_before.end() ? unknown : known->second;
    }
    const auto known = boundary.top_ups_before.find({payer, counter});
    return known == boundary.top_ups_before.end() ? 0 : known->second;
}

// What a boundary leaves of the base: what holds ask of it passes, as far as it is there, and then what is carried over.
long long left_behind(const Boundary& boundary, long long base, long long held) {
    const long long aside = std::min(std::max(held, 0LL), std::max(base, 0LL));
    return carried_over(boundary, base - aside) + aside;
}

TopUpTerms terms_of(const Customer& customer, int entitlement, int number) {
    for (const TopUp& top_up : top_ups_ever(customer, entitlement)) {
        if (top_up.terms.number == number) {
            return top_up.terms;
        }
    }
    return {};
}

// Section 8: how much more is left today, when every boundary is computed again with all that came late, each in its own
// period. It walks through the ledger with the difference that they make to what was left. Before a boundary, where one
// is named: the difference there.
long long difference_today(const Work& work, const Entitlement& entitlement, const std::string& counter,
                           int payer, const std::vector<Late>& lates, const Entry* until = nullptr) {
    const long long today = balance_of(work.customer, entitlement, counter);
    const TopUpTerms terms = terms_of(work.customer, entitlement.key, payer);
    long long difference = 0;
    long long held = 0;
    for (const Entry& entry : work.customer.ledger) {
        if (entry.entitlement != entitlement.key) {
            continue;
        }
        if (until != nullptr && entry.id == until->id) {
            break;
        }
        for (const Late& late : lates) {
            if (late.at == entry.id && late.counter == counter && late.payer == payer) {
                difference += late.amount;
                held += late.held;
            }
        }
        difference -= told_of(entry, counter, payer);
        held -= payer == 0 ? told_held(entry, counter) : 0;
        if (entry.boundary) {
            const Boundary& boundary = *entry.boundary;
            const long long unknown = balance_until_told(work.customer, entitlement.key, counter, today);
            const long long before = found_by(boundary, counter, payer, unknown);
            const auto asked = boundary.held_of_base.find(counter);
            const long long aside = asked == boundary.held_of_base.end() ? 0 : asked->second;
            difference = payer == 0 ? left_behind(boundary, before + difference, aside + held) -
                                          left_behind(boundary, before, aside)
                                    : passes(terms, before + difference) - passes(terms, before);
        }
    }
    return difference;
}

// Whether a boundary has passed since an entry, and the first that did.
const Entry* boundary_since(const Customer& customer, int entitlement, const EntryId& id) {
    for (std::size_t i = index_of(customer, id); i < customer.ledger.size(); ++i) {
        const Entry& entry = customer.ledger[i];
        if (entry.entitlement == entitlement && entry.boundary) {
            return &entry;
        }
    }
    return nullptr;
}

bool is_late(const Customer& customer, const Case& subject) {
    return subject.held &&
           boundary_since(customer, subject.facts.entitlement, subject.held->posting) != nullptr;
}

std::vector<std::string> counters_of(const Standing& standing) {
    std::vector<std::string> counters{the_total};
    if (!standing.channel.empty()) {
        counters.push_back(standing.channel);
    }
    return counters;
}

// What the end of a late hold, and a posting within it, change today, by counter.
struct Settled {
    std::map<std::string, long long> change;
    Within within;
};

// Who would have paid at the end of the hold's period: base and top-ups as that boundary found them, with all that came
// late since.
std::vector<WithinShare> paid_then(const Work& work, const Entitlement& entitlement, const Entry& boundary,
                                   const std::string& counter, const std::vector<Late>& lates,
                                   long long quantity) {
    const long long never = std::numeric_limits<long long>::max();
    const auto then = [&](int payer) {
        const long long unknown = balance_until_told(work.customer, entitlement.key, counter,
                                                     balance_of(work.customer, entitlement, counter));
        return found_by(*boundary.boundary, counter, payer, unknown) +
               difference_today(work, entitlement, counter, payer, lates, &boundary);
    };
    std::vector<Payer> payers{{TopUpTerms(), then(0), {100, boundary.boundary->at, 0}}};
    for (const auto& [key, left] : boundary.boundary->top_ups_before) {
        if (key.second == counter) {
            const TopUpTerms terms = terms_of(work.customer, entitlement.key, key.first);
            payers.push_back(
                {terms, then(key.first), {terms.priority, terms.expires.value_or(never), terms.number}});
        }
    }
    std::sort(payers.begin(), payers.end(), burns_before);
    std::vector<WithinShare> shares;
    for (const Payer& payer : payers) {
        const long long pays = std::min(quantity, std::max(payer.left, 0LL));
        quantity -= pays;
        if (payer.terms.number != 0 && pays != 0) {
            shares.push_back({payer.terms.number, pays, 0, 0, 0});
        }
    }
    return shares;
}

Settled settle(const Work& work, const Entitlement& entitlement, const Standing& held, long long posted) {
    Settled settled;
    settled.within.quantity = posted;
    for (const std::string& counter : counters_of(held)) {
        std::vector<Late> lates = lates_so_far(work.customer, entitlement.key, counter);
        lates.push_back({held.posting, counter, 0, 0, -held.quantity});
        const Entry* boundary = boundary_since(work.customer, entitlement.key, held.posting);
        if (posted == 0 || boundary == nullptr) {
            settled.change[counter] = difference_today(work, entitlement, counter, 0, lates) - posted;
            continue;
        }
        std::vector<WithinShare>& shares = settled.within.shares[counter];
        shares = paid_then(work, entitlement, *boundary, counter, lates, posted);
        add_within(held.posting, settled.within, counter, lates);
        settled.change[counter] = difference_today(work, entitlement, counter, 0, lates);
        for (WithinShare& share : shares) {
            const TopUp top_up = find_top_up(work.customer, entitlement.key, share.number);
            const bool open = top_up.terms.number != 0;
            share.now = open ? -difference_today(work, entitlement, counter, share.number, lates) : 0;
            share.paid = std::min(share.now, left_of(top_up, counter));
            share.owned = share.then - (share.now - share.paid);
            settled.change[counter] -= share.now;
        }
    }
    return settled;
}

// What the loss leaves owed top-ups pay at once.
void settle_by_time(Work& work, const Entitlement& entitlement, const Standing& held, long long at) {
    for (const std::string& counter : counters_of(held)) {
        long long owed = std::max(0LL, -base_of(work.customer, entitlement, counter));
        for (const Payer& payer : top_up_payers(work.customer, entitlement.key, counter)) {
            Entry entry = about_top_up(EntryKind::settlement, entitlement, payer.terms, counter);
            entry.by_time = true;
            entry.instant = at;
            entry.amount = std::min(owed, payer.left);
            owed -= entry.amount;
            if (entry.amount != 0) {
                append(work, entry);
            }
        }
    }
}

// A hold that expires is freed as a release then would.
void expire_hold(Work& work, const Entitlement& entitlement, const Event& event) {
    for (auto& [key, subject] : work.customer.cases) {
        if (!subject.held || subject.held->posting.number != event.number ||
            subject.facts.entitlement != entitlement.key) {
            continue;
        }
        const Standing held = *subject.held;
        Settled lost = settle(work, entitlement, held, 0);
        Entry entry;
        entry.kind = EntryKind::hold_expiry;
        entry.entitlement = entitlement.key;
        entry.channel = held.channel;
        entry.instant = event.at;
        entry.by_time = true;
        entry.amount = -held.quantity;
        entry.reverses = held.posting;
        entry.moved_total = lost.change[the_total];
        entry.moved_channel = held.channel.empty() ? 0 : lost.change[held.channel];
        append(work, entry);
        subject.held.reset();
        settle_by_time(work, entitlement, held, event.at);
    }
}

// R7, and section 5 step 4: no origin or an unlisted one moves the total and no channel.
std::string channel_to_move(const Entitlement& entitlement, const std::string& origin) {
    return is_listed(entitlement, origin) ? origin : "";
}

// Section 8: each counter by itself, in burn order; what nobody has goes to the base.
// `more`: so much more the base has than the ledger says so far.
void draw_from(Work& work, int key, int case_key, const std::string& counter, long long quantity,
               long long more = 0) {
    const Entitlement& entitlement = work.customer.entitlements.at(key);
    long long needed = quantity;
    for (const Payer& payer : payers_of(work.customer, entitlement, counter, more)) {
        Entry entry = about_top_up(EntryKind::draw, entitlement, payer.terms, counter);
        entry.case_key = case_key;
        entry.amount = std::min(needed, payer.left);
        needed -= entry.amount;
        if (payer.terms.number != 0 && entry.amount != 0) {
            append(work, entry);
        }
    }
}

// Section 10: a posting is one entry that moves total and channel alike.
void post_to(Work& work, Case& subject, const std::string& channel, long long quantity) {
    const int key = subject.facts.entitlement;
    draw_from(work, key, subject.key, the_total, quantity);
    if (!channel.empty()) {
        draw_from(work, key, subject.key, channel, quantity);
    }
    Entry entry;
    entry.kind = EntryKind::posting;
    entry.entitlement = key;
    entry.case_key = subject.key;
    entry.channel = channel;
    entry.moved_total = -quantity;
    entry.moved_channel = entry.channel.empty() ? 0 : -quantity;
    const EntryId id = append(work, entry);
    if (quantity != 0) {
        subject.standing = Standing{quantity, entry.channel, id, std::nullopt};
    }
}

void post(Work& work, Case& subject, long long quantity) {
    const Entitlement& entitlement = work.customer.entitlements.at(subject.facts.entitlement);
    post_to(work, subject, channel_to_move(entitlement, subject.facts.origin), quantity);
}

// Section 8: entries that move nothing, but say how much is set apart.
void hold_on(Work& work, Case& subject, const std::string& channel, long long quantity,
             std::optional<long long> until = std::nullopt) {
    if (quantity == 0) {
        return;
    }
    const Entitlement& entitlement = work.customer.entitlements.at(subject.facts.entitlement);
    const long long most = 2 * most_units(entitlement.agreement.allocation);
    if (available_of(work.customer, entitlement) < quantity - most) {
        work.overflow = true;
    }
    Entry entry;
    entry.kind = EntryKind::hold;
    entry.entitlement = subject.facts.entitlement;
    entry.case_key = subject.key;
    entry.channel = channel;
    entry.amount = quantity;
    subject.held = Standing{quantity, channel, append(work, entry), until};
}

void append_release(Work& work, Case& subject) {
    Entry entry;
    entry.kind = EntryKind::release;
    entry.entitlement = subject.facts.entitlement;
    entry.case_key = subject.key;
    entry.channel = subject.held->channel;
    entry.amount = -subject.held->quantity;
    entry.reverses = subject.held->posting;
    append(work, entry);
    subject.held.reset();
}

void append_forfeit(Work& work, const Case& subject, const Standing& held, long long total,
                    long long channel) {
    if (held.channel.empty()) {
        channel = 0;
    }
    if (total == 0 && channel == 0) {
        return;
    }
    Entry entry;
    entry.kind = EntryKind::forfeit;
    entry.entitlement = subject.facts.entitlement;
    entry.case_key = subject.key;
    entry.channel = held.channel;
    entry.moved_total = total;
    entry.moved_channel = channel;
    entry.reverses = held.posting;
    append(work, entry);
}

// Section 8: of a late hold comes back what its period would have left of it.
void release(Work& work, Case& subject) {
    if (!subject.held) {
        return;
    }
    const Standing held = *subject.held;
    const Entitlement& entitlement = work.customer.entitlements.at(subject.facts.entitlement);
    const bool late = is_late(work.customer, subject);
    Settled lost = late ? settle(work, entitlement, held, 0) : Settled();
    append_release(work, subject);
    if (late) {
        append_forfeit(work, subject, held, lost.change[the_total], lost.change[held.channel]);
    }
}

void bill(Work& work, Case& subject, long long amount) {
    if (amount == 0) {
        return;
    }
    Entry entry;
    entry.kind = EntryKind::overage;
    entry.entitlement = subject.facts.entitlement;
    entry.case_key = subject.key;
    entry.amount = amount;
    append(work, entry);
    subject.overage += amount;
}

// What of a reversal comes back to a counter: the top-ups' parts, each with its draw, and the rest to the base.
long long give_back(Work& work, const Case& subject, const Entitlement& entitlement,
                    const std::string& counter) {
    const EntryId standing = subject.standing->posting;
    std::vector<Late> lates = lates_so_far(work.customer, entitlement.key, counter);
    add_return(work.customer, standing, counter, lates);
    const long long to_base = difference_today(work, entitlement, counter, 0, lates);
    std::vector<std::pair<int, long long>> to_top_ups;
    std::set<int> seen;
    for (const Part& part : parts_of(work.customer, standing, counter)) {
        for (const auto& paid : part.paid) {
            const bool open = find_top_up(work.customer, entitlement.key, paid.first).terms.number != 0;
            if (open && seen.insert(paid.first).second) {
                to_top_ups.emplace_back(paid.first,
                                        difference_today(work, entitlement, counter, paid.first, lates));
            }
        }
    }
    long long returned = to_base;
    for (const auto& [number, amount] : to_top_ups) {
        Entry entry = about_top_up(EntryKind::draw, entitlement,
                                   terms_of(work.customer, entitlement.key, number), counter);
        entry.case_key = subject.key;
        entry.amount = -amount;
        returned += amount;
        if (amount != 0) {
            append(work, entry);
        }
    }
    return returned;
}

void reverse_to_channel(Work& work, Case& subject, const std::string& channel) {
    const Entitlement& entitlement = work.customer.entitlements.at(subject.facts.entitlement);
    const long long quantity = subject.standing->quantity;
    const long long left = give_back(work, subject, entitlement, the_total);
    const long long channel_left = channel.empty() ? 0 : give_back(work, subject, entitlement, channel);
    Entry entry;
    entry.kind = EntryKind::reversal;
    entry.entitlement = subject.facts.entitlement;
    entry.case_key = subject.key;
    entry.channel = channel;
    entry.moved_total = quantity;
    entry.moved_channel = channel.empty() ? 0 : quantity;
    entry.reverses = subject.standing->posting;
    const bool overflowed = work.overflow;
    append(work, entry);
    subject.standing.reset();
    entry.kind = EntryKind::forfeit;
    entry.moved_total = left - quantity;
    entry.moved_channel = channel.empty() ? 0 : channel_left - quantity;
    if (entry.moved_total != 0 || entry.moved_channel != 0) {
        work.overflow = overflowed;  // the limit is asked of what is left
        append(work, entry);
    }
}

// R8: exactly what stands posted, where it was posted; never refused.
void reverse(Work& work, Case& subject) {
    if (subject.standing) {
        reverse_to_channel(work, subject, subject.standing->channel);
    }
}

// Section 9, "reactivation from resolved returns".
void reverse_for_reactivation(Work& work, Case& subject, const Entitlement& entitlement) {
    if (!subject.standing) {
        return;
    }
    if (work.policy.reactivation_returns == ReactivationReturns::exactly_what_stands) {
        reverse(work, subject);
    } else {
        reverse_to_channel(work, subject, channel_to_move(entitlement, subject.origin_when_resolved));
    }
}

// ---- Making, revising and renewing (section 3) --------------------------------------------------

// R4: at most one default per customer.
void make_default(Customer& customer, int key) {
    for (auto& entitlement : customer.entitlements) {
        entitlement.second.is_default = entitlement.first == key;
    }
}

// R8a; a key whose entitlement was removed stays taken, because its entries stay.
bool key_is_taken(const Work& work, int key) {
    return work.customer.entitlements.count(key) != 0 || work.customer.removed_entitlements.count(key) != 0;
}

Entitlement& make_entitlement(Work& work, int key, const Agreement& agreement, Phase phase) {
    work.customer.entitlements_made += 1;
    Entitlement made;
    made.key = key;
    made.sequence = work.customer.entitlements_made;
    made.agreement = agreement;
    made.agreement.is_default = false;  // the flag lives beside the agreement
    made.phase = phase;
    for (const auto& channel : agreement.channels) {
        made.channels_kept.push_back(channel.first);
    }
    count_from(made, work.op.now);
    return work.customer.entitlements[key] = made;
}

std::string making_error(const Work& work, const Agreement& agreement) {
    if (work.op.customer == 0) {
        return "customer_missing";
    }
    if (key_is_taken(work, work.op.entitlement)) {
        return "duplicate_id";
    }
    return agreement_error(agreement);
}

Outcome draft(Work& work) {
    if (const std::string error = making_error(work, work.op.agreement); !error.empty()) {
        return refused(error);
    }
    const int key = work.op.entitlement;
    make_entitlement(work, key, work.op.agreement, Phase::draft);
    if (work.op.agreement.is_default) {
        make_default(work.customer, key);
    }
    return done(key);
}

// R3: under restrict, no new total may lie below what was used of it.
// Where the policy lets channels go negative, only the total limits.
bool total_below_used(const Work& work, int key, const Agreement& agreement) {
    if (!agreement.restricted) {
        return false;
    }
    const bool channels_limit = work.policy.exhausted_channel == ExhaustedChannel::refuse;
    for (const auto& [channel, total] : agreement.channels) {
        if (channels_limit && total + sum_of_channel(work.customer, key, channel) < 0) {
            return true;
        }
    }
    return agreement.allocation != Allocation::coverage &&
           *agreement.total + sum_of_total(work.customer, key) < 0;
}

bool counts_differently(const Agreement& one, const Agreement& other) {
    return one.allocation != other.allocation ||
           (one.allocation == Allocation::money && one.currency != other.currency);
}

// R3: those listed, then those that were.
void keep_channels(Entitlement& entitlement) {
    std::vector<std::string> kept;
    for (const auto& channel : entitlement.agreement.channels) {
        kept.push_back(channel.first);
    }
    for (const std::string& channel : entitlement.channels_kept) {
        if (!is_listed(entitlement, channel)) {
            kept.push_back(channel);
        }
    }
    entitlement.channels_kept = kept;
}

// Where there are periods, the ledger tells of each channel whose total changes; where there are new ones, of
// all.
void note_channels(Work& work, const Entitlement& entitlement, const Agreement& former,
                   const std::vector<std::string>& kept) {
    for (const std::string& channel : entitlement.channels_kept) {
        const bool was_there = std::find(kept.begin(), kept.end(), channel) != kept.end();
        const bool changes = amount_for(former.channels, channel).value_or(0) !=
                             amount_for(entitlement.agreement.channels, channel).value_or(0);
        if (was_there && (!former.period || changes)) {
            Entry entry;
            entry.entitlement = entitlement.key;
            entry.channel = channel;
            append(work, entry);
        }
    }
}

// R3, common to revise and amend.
Outcome replace_agreement(Work& work, Entitlement& entitlement, const Agreement& agreement) {
    if (const std::string error = agreement_error(agreement); !error.empty()) {
        return refused(error);
    }
    if (same_agreement(entitlement.agreement, agreement)) {
        return unchanged(entitlement.key);
    }
    if (counts_differently(entitlement.agreement, agreement) && has_history(work.customer, entitlement.key)) {
        return refused("has_history");
    }
    if (total_below_used(work, entitlement.key, agreement)) {
        return refused("total_below_used");
    }
    const Agreement former = entitlement.agreement;
    const std::vector<std::string> kept = entitlement.channels_kept;
    entitlement.agreement = agreement;
    entitlement.agreement.is_default = false;
    keep_channels(entitlement);
    const bool other_periods = agreement.period != former.period || agreement.first_day != former.first_day ||
                               agreement.last_day != former.last_day;
    if (other_periods) {
        count_from(entitlement, std::max(work.op.now, entitlement.last_boundary.value_or(work.op.now)));
    }
    if (former.period || agreement.period) {
        note_channels(work, entitlement, former, kept);
    }
    append_note(work, entitlement.key, 0);
    if (other_periods && !open_top_ups(work.customer, entitlement.key).empty()) {
        append_allotment(work, entitlement, std::nullopt);
    }
    return done(entitlement.key);
}

Outcome revise(Work& work, Entitlement& entitlement, Status status) {
    if (status != Status::draft) {
        return refused("not_draft");
    }
    return replace_agreement(work, entitlement, work.op.agreement);
}

// R5a: deactivate, revise, activate at once; a draft stays a draft.
Outcome amend(Work& work, Entitlement& entitlement, Status status) {
    if (status == Status::expired || status == Status::canceled) {
        return refused("not_active");
    }
    return replace_agreement(work, entitlement, work.op.agreement);
}

Outcome set_channel(Work& work, Entitlement& entitlement, Status status) {
    if (status != Status::draft) {
        return refused("not_draft");
    }
    if (work.op.channel.empty()) {
        return refused("channel_name");
    }
    if (!in_units_of(entitlement.agreement, work.op.unit, work.op.currency)) {
        return refused("unit_mismatch");
    }
    Agreement agreement = entitlement.agreement;
    bool found = false;
    for (auto& [channel, total] : agreement.channels) {
        if (channel == work.op.channel) {
            total = work.op.quantity;
            found = true;
        }
    }
    if (!found) {
        agreement.channels.emplace_back(work.op.channel, work.op.quantity);
    }
    return replace_agreement(work, entitlement, agreement);
}

Outcome remove_channel(Work& work, Entitlement& entitlement, Status status) {
    if (status != Status::draft) {
        return refused("not_draft");
    }
    if (!is_listed(entitlement, work.op.channel)) {
        return refused("channel_not_listed");
    }
    ChannelAmounts kept;
    for (const auto& channel : entitlement.agreement.channels) {
        if (channel.first != work.op.channel) {
            kept.push_back(channel);
        }
    }
    Agreement agreement = entitlement.agreement;
    agreement.channels = kept;
    return replace_agreement(work, entitlement, agreement);
}

void edit_list(std::vector<int>& list, const std::vector<int>& added, const std::vector<int>& removed) {
    for (const int item : removed) {
        list.erase(std::remove(list.begin(), list.end(), item), list.end());
    }
    for (const int item : added) {
        if (std::find(list.begin(), list.end(), item) == list.end()) {
            list.push_back(item);
        }
    }
}

Outcome revise_scope(Work& work, Entitlement& entitlement, Status status) {
    if (status != Status::draft) {
        return refused("not_draft");
    }
    Agreement agreement = entitlement.agreement;
    const ScopeItems& added = work.op.scope_added;
    const ScopeItems& removed = work.op.scope_removed;
    edit_list(agreement.products, added.products, removed.products);
    edit_list(agreement.contacts, added.contacts, removed.contacts);
    edit_list(agreement.assets, added.assets, removed.assets);
    edit_list(agreement.case_types, added.case_types, removed.case_types);
    return replace_agreement(work, entitlement, agreement);
}

Outcome activate(Work&, Entitlement& entitlement, Status status) {
    if (status == Status::active) {
        return refused("already_active");
    }
    if (status != Status::draft) {
        return refused("cannot_activate");
    }
    entitlement.phase = Phase::activated;
    return done(entitlement.key);
}

Outcome deactivate(Work&, Entitlement& entitlement, Status status) {
    if (status == Status::draft) {
        return refused("already_draft");
    }
    if (status == Status::expired || status == Status::canceled) {
        return refused("cannot_deactivate");
    }
    entitlement.phase = Phase::draft;
    return done(entitlement.key);
}

// R4: canceling drops the default flag.
Outcome cancel(Work&, Entitlement& entitlement, Status status) {
    if (status == Status::canceled) {
        return refused("already_canceled");
    }
    if (status != Status::waiting && status != Status::active) {
        return refused("cannot_cancel");
    }
    entitlement.phase = Phase::canceled;
    entitlement.is_default = false;
    return done(entitlement.key);
}

// R1.
bool may_renew(const Policy& policy, Status status) {
    return status == Status::canceled ||
           (status == Status::expired && policy.renewable == Renewable::canceled_and_expired);
}

// R2: as long as the old span, in days or, where the policy says so, in whole months.
int renewed_last_day(const Policy& policy, const Agreement& old, int today) {
    if (policy.renewal_span == RenewalSpan::whole_months_else_days) {
        const int months = whole_months(old.first_day, old.last_day);
        if (months > 0) {
            return add_months(today, months) - 1;
        }
    }
    return today + (old.last_day - old.first_day);
}

// R2: a new draft with a fresh balance; the old record stays as it is.
Outcome renew(Work& work, Entitlement& entitlement, Status status) {
    if (!may_renew(work.policy, status)) {
        return refused("cannot_renew");
    }
    if (key_is_taken(work, work.op.new_entitlement)) {
        return refused("duplicate_id");
    }
    Agreement agreement = entitlement.agreement;
    const int today = day_of(work.op.now);
    agreement.last_day = renewed_last_day(work.policy, agreement, today);
    agreement.first_day = today;
    Entitlement& made = make_entitlement(work, work.op.new_entitlement, agreement, Phase::draft);
    made.renewed_from = work.op.entitlement;
    made.made_from = entitlement.made_from;
    return done(made.key);
}

// R4.
Outcome set_default(Work& work, Entitlement& entitlement, Status status) {
    if (status != Status::active) {
        return refused("not_active");
    }
    if (entitlement.is_default) {
        return unchanged(entitlement.key);
    }
    make_default(work.customer, entitlement.key);
    return done(entitlement.key);
}

// R5: only when no case refers to it, in whatever state the case is; entries stay.
Outcome remove(Work& work, Entitlement& entitlement, Status status) {
    if (status == Status::waiting || status == Status::active) {
        return refused("cannot_delete");
    }
    const int key = entitlement.key;
    for (const auto& subject : work.customer.cases) {
        if (subject.second.facts.entitlement == key) {
            return refused("in_use");
        }
    }
    append_note(work, key, 0);
    work.customer.entitlements.erase(key);
    work.customer.removed_entitlements.insert(key);
    return done(key);
}

// Section 10: a signed correction, one entry like any other, in whatever status.
Outcome adjust(Work& work, Entitlement& entitlement, Status) {
    const std::string& channel = work.op.channel;
    const long long on_channel = work.op.channel_quantity;
    const bool moves = work.op.quantity != 0 || on_channel != 0;
    if (moves && !in_units_of(entitlement.agreement, work.op.unit, work.op.currency)) {
        return refused("unit_mismatch");
    }
    if (!moves) {
        return refused("nothing_to_adjust");
    }
    if (work.op.reason.empty()) {
        return refused("reason_missing");
    }
    if (channel.empty() ? on_channel != 0 : !is_listed(entitlement, channel)) {
        return refused("channel_not_listed");
    }
    const Allocation allocation = entitlement.agreement.allocation;
    if (moves_too_far(allocation, work.op.quantity) || moves_too_far(allocation, on_channel)) {
        return refused("terms_overflow");
    }
    draw_from(work, entitlement.key, 0, the_total, std::max(0LL, -work.op.quantity));
    if (!channel.empty()) {
        draw_from(work, entitlement.key, 0, channel, std::max(0LL, -on_channel));
    }
    Entry entry;
    entry.kind = EntryKind::adjustment;
    entry.entitlement = entitlement.key;
    entry.channel = channel;
    entry.moved_total = work.op.quantity;
    entry.moved_channel = on_channel;
    append(work, entry);
    return done(entitlement.key);
}

// ---- Top-ups (section 8) ------------------------------------------------------------------------

TopUpTerms top_up_terms(const Work& work) {
    TopUpTerms terms;
    terms.number = work.number;
    terms.amount = work.op.quantity;
    terms.channel = work.op.channel;
    terms.priority = work.op.burn_priority;
    terms.from = std::max(work.op.begins.value_or(work.op.now), work.op.now);
    terms.expires = work.op.expires;
    terms.rollover = work.op.rollover;
    return terms;
}

std::string top_up_amounts_error(const Op& op, const Agreement& agreement) {
    if (agreement.allocation == Allocation::coverage) {
        return "total_not_allowed";
    }
    if (!in_units_of(agreement, op.unit, op.currency) ||
        (op.rollover && !in_units_of(agreement, op.rollover_unit, op.rollover_currency))) {
        return "unit_mismatch";
    }
    const long long most = most_units(agreement.allocation);
    if (op.quantity <= 0 || op.quantity > most) {
        return "total_out_of_range";
    }
    const long long rollover = op.rollover.value_or(0);
    return rollover < 0 || rollover > most ? "rollover_out_of_range" : "";
}

std::string top_up_error(const Work& work, const Entitlement& entitlement, Status status) {
    if (status == Status::canceled || status == Status::expired) {
        return "not_active";
    }
    const std::string error = top_up_amounts_error(work.op, entitlement.agreement);
    if (!error.empty()) {
        return error;
    }
    const TopUpTerms terms = top_up_terms(work);
    if (!terms.channel.empty() && !is_listed(entitlement, terms.channel)) {
        return "channel_not_listed";
    }
    if (terms.expires && *terms.expires <= terms.from) {
        return "top_up_span";
    }
    const std::vector<TopUp> open = open_top_ups(work.customer, entitlement.key);
    if (open.size() >= most_top_ups) {
        return "too_many_top_ups";
    }
    for (const std::string& counter : counters_of(terms)) {
        long long sum = balance_of(work.customer, entitlement, counter) + terms.amount;
        for (const TopUp& one : open) {
            sum +=
                !one.begun && (counter == the_total || counter == one.terms.channel) ? one.terms.amount : 0;
        }
        if (sum > most_units(entitlement.agreement.allocation)) {
            return "terms_overflow";  // with all that is still to begin
        }
    }
    return "";
}

Outcome top_up(Work& work, Entitlement& entitlement, Status status) {
    if (const std::string error = top_up_error(work, entitlement, status); !error.empty()) {
        return refused(error);
    }
    const TopUpTerms terms = top_up_terms(work);
    append_allotment(work, entitlement, std::nullopt);
    Entry entry = about_top_up(EntryKind::top_up, entitlement, terms, terms.channel);
    entry.reverses = {};
    entry.amount = terms.amount;
    append(work, entry);
    if (terms.from <= work.op.now) {
        begin_top_up(work, entitlement, terms, std::nullopt);
    }
    return done(entitlement.key);
}

Outcome void_top_up(Work& work, Entitlement& entitlement, Status status) {
    const TopUp voided = find_top_up(work.customer, entitlement.key, work.op.top_up);
    if (voided.terms.number == 0) {
        return refused("unknown_top_up");
    }
    if (status == Status::canceled) {
        return refused("not_active");
    }
    end_top_up(work, entitlement, voided, std::nullopt);
    return done(entitlement.key);
}

// ---- Templates and purchases (section 7) --------------------------------------------------------

// A copy: the template may change or go.
Outcome instantiate(Work& work) {
    if (work.op.customer == 0) {
        return refused("customer_missing");
    }
    const auto from = work.catalog.templates.find(work.op.from);
    if (from == work.catalog.templates.end()) {
        return refused("unknown_template");
    }
    const Agreement agreement = agreement_from(from->second, work.op.now);
    if (const std::string error = making_error(work, agreement); !error.empty()) {
        return refused(error);
    }
    const int key = work.op.entitlement;
    make_entitlement(work, key, agreement, Phase::draft).made_from = work.op.from;
    if (work.op.agreement.is_default) {
        make_default(work.customer, key);
    }
    return done(key);
}

// Once answered, a purchase is known for good, by what was made for it.
Outcome assign_again(Work& work, const Purchase& purchase, int key) {
    const Entitlement* made = find_entitlement(work, key);
    return made != nullptr && made->purchase == purchase ? unchanged(key) : refused("purchase_exists");
}

Outcome assign(Work& work) {
    const Op& op = work.op;
    if (op.customer == 0) {
        return refused("customer_missing");
    }
    if (op.purchase == 0 || op.product == 0) {
        return refused("id_missing");
    }
    if (op.quantity < 1) {
        return refused("quantity_out_of_range");
    }
    const Purchase purchase{op.purchase, op.product, op.quantity};
    const int key = assigned_key(op.customer, op.purchase);
    if (key_is_taken(work, key)) {
        return assign_again(work, purchase, key);
    }
    const int from = template_for(work.catalog, op.product, op.quantity);
    if (from == 0) {
        return refused("no_rule");
    }
    const Agreement agreement = agreement_from(work.catalog.templates.at(from), op.now);
    if (const std::string error = agreement_error(agreement); !error.empty()) {
        return refused(error);
    }
    Entitlement& made = make_entitlement(work, key, agreement, Phase::activated);
    made.made_from = from;
    made.purchase = purchase;
    return done(key);
}

// Refused as a draft would be, on whatever day it is used.
std::string template_error(const Op& op) {
    if (op.from == 0) {
        return "id_missing";
    }
    if (op.lasts && op.lasts->count < 1) {
        return "template_length";
    }
    return agreement_error(agreement_from({op.agreement, op.lasts}, op.now));
}

std::string rule_error(const Catalog& catalog, const Op& op) {
    if (op.product == 0 || op.from == 0) {
        return "id_missing";
    }
    if (op.quantity < 0) {
        return "quantity_out_of_range";
    }
    return catalog.templates.count(op.from) == 0 ? "unknown_template" : "";
}

bool is_used_by_a_rule(const Catalog& catalog, int from) {
    return std::any_of(catalog.rules.begin(), catalog.rules.end(),
                       [from](const auto& rule) { return rule.second == from; });
}

std::string change_catalog(Catalog& catalog, const Op& op) {
    std::string error;
    switch (op.kind) {
        case Kind::set_template:
            error = template_error(op);
            if (error.empty()) {
                catalog.templates[op.from] = {op.agreement, op.lasts};
            }
            return error;
        case Kind::remove_template:
            if (is_used_by_a_rule(catalog, op.from)) {
                return "template_in_use";
            }
            catalog.templates.erase(op.from);
            return "";
        case Kind::set_rule:
            error = rule_error(catalog, op);
            if (error.empty()) {
                catalog.rules[{op.product, op.quantity}] = op.from;
            }
            return error;
        default: catalog.rules.erase({op.product, op.quantity}); return "";
    }
}

// ---- Import (section 7) -------------------------------------------------------------------------

Phase phase_for(Status stated) {
    if (stated == Status::draft) {
        return Phase::draft;
    }
    return stated == Status::canceled ? Phase::canceled : Phase::activated;
}

// Remaining above total: refused, except under the policy whose reactivations may cause it.
std::string remaining_error(const Policy& policy, Allocation allocation, long long total,
                            long long remaining) {
    const bool may_be_above =
        policy.reactivation_returns == ReactivationReturns::to_origin_when_resolved_if_listed_now;
    if (remaining > total && !may_be_above) {
        return "remaining_above_total";
    }
    return within_limit(allocation, remaining) ? "" : "terms_overflow";
}

// What may have been carried over from the period before.
long long carried_in(const Op& op) {
    return op.agreement.period ? op.agreement.period->rollover.value_or(0) : 0;
}

std::string channel_remaining_error(const Policy& policy, const Op& op) {
    if (has_duplicates(op.channel_remaining)) {
        return "duplicate_channel";
    }
    for (const auto& [channel, remaining] : op.channel_remaining) {
        const std::optional<long long> total = amount_for(op.agreement.channels, channel);
        if (!total) {
            return "channel_not_listed";
        }
        const std::string error =
            remaining_error(policy, op.agreement.allocation, *total + carried_in(op), remaining);
        if (!error.empty()) {
            return error;
        }
    }
    return "";
}

std::string import_error(const Work& work) {
    const Op& op = work.op;
    if (const std::string error = making_error(work, work.op.agreement); !error.empty()) {
        return error;
    }
    if (op.stated_status == Status::expired && op.now < (op.agreement.last_day + 1) * microseconds_per_day) {
        return "cannot_expire";
    }
    const std::string error = remaining_error(work.policy, op.agreement.allocation,
                                              op.agreement.total.value_or(0) + carried_in(op), op.quantity);
    return error.empty() ? channel_remaining_error(work.policy, op) : error;
}

// What was used before: an entry for the total, then one for each channel that differs.
void append_opening_balances(Work& work, int key) {
    const Agreement& agreement = work.op.agreement;
    Entry entry;
    entry.kind = EntryKind::carried_in;
    entry.entitlement = key;
    entry.moved_total = work.op.quantity - agreement.total.value_or(0);
    append(work, entry);
    entry.moved_total = 0;
    for (const auto& [channel, total] : agreement.channels) {
        entry.channel = channel;
        entry.moved_channel = amount_for(work.op.channel_remaining, channel).value_or(total) - total;
        if (entry.moved_channel != 0) {
            append(work, entry);
        }
    }
}

Outcome import_entitlement(Work& work) {
    if (const std::string error = import_error(work); !error.empty()) {
        return refused(error);
    }
    const int key = work.op.entitlement;
    const Phase phase = phase_for(work.op.stated_status);
    make_entitlement(work, key, work.op.agreement, phase);
    if (work.op.agreement.is_default && phase != Phase::canceled) {
        make_default(work.customer, key);
    }
    append_opening_balances(work, key);
    return done(key);
}

// ---- Opening (sections 4, 5 and 6) --------------------------------------------------------------

CaseFacts facts_of(const Op& op) {
    CaseFacts facts;
    facts.customer = op.customer;
    facts.entitlement = op.entitlement;
    facts.contact = op.contact;
    facts.product = op.product;
    facts.asset = op.asset;
    facts.case_type = op.case_type;
    facts.origin = op.channel;
    facts.decrement = op.decrement;
    return facts;
}

// R9, then section 5 for one entitlement that was named: the first error, or nothing.
std::string named_error(Work& work, int key, const CaseFacts& facts) {
    const Entitlement* entitlement = find_entitlement(work, key);
    if (entitlement == nullptr) {
        return "not_customers";
    }
    const std::vector<std::string> errors =
        opening_errors(work.policy, work.customer, *entitlement, facts, work.op.now);
    return errors.empty() ? "" : errors.front();
}

// Section 6: sets facts.entitlement to the first that admits the case.
Outcome choose_entitlement(Work& work, CaseFacts& facts) {
    const std::vector<Candidate> list = candidates(work.policy, work.customer, facts, work.op.now);
    facts.entitlement = chosen(list);
    if (facts.entitlement == 0) {
        return refused("not_entitled", furthest_reason(list));
    }
    return done(facts.entitlement);
}

Outcome place_case(Work& work, CaseFacts& facts) {
    if (facts.entitlement == 0) {
        return choose_entitlement(work, facts);
    }
    if (!exists_under_any_customer(work, facts.entitlement)) {
        return refused("unknown_entitlement");
    }
    const std::string error = named_error(work, facts.entitlement, facts);
    return error.empty() ? done(facts.entitlement) : refused(error);
}

// Section 4: only an entitlement that decreases on creation is posted to while a case is open.
bool posts_on_creation(const Work& work, const Case& subject) {
    const Entitlement& entitlement = work.customer.entitlements.at(subject.facts.entitlement);
    return !entitlement.agreement.decrease_on_resolution && subject.facts.decrement && !subject.standing;
}

// Section 9, "hold on creation": what would post, if it did not post at resolution, is held.
bool holds_on_creation(const Work& work, const Case& subject) {
    const Entitlement& entitlement = work.customer.entitlements.at(subject.facts.entitlement);
    return work.policy.hold_on_creation && entitlement.agreement.decrease_on_resolution &&
           subject.facts.decrement && !subject.standing;
}

void use_on_creation(Work& work, Case& subject) {
    const Entitlement& entitlement = work.customer.entitlements.at(subject.facts.entitlement);
    if (posts_on_creation(work, subject)) {
        post(work, subject, 1);
    } else if (holds_on_creation(work, subject)) {
        hold_on(work, subject, channel_to_move(entitlement, subject.facts.origin), needed_at_opening);
    }
}

// R11, the last part: the same facts again are ok and change nothing.
Outcome open_again(const Work& work, const Case& existing) {
    if (existing.first_given == facts_of(work.op)) {
        return unchanged(existing.facts.entitlement);
    }
    const int named = work.op.entitlement;
    return refused(named != 0 && !exists_under_any_customer(work, named) ? "unknown_entitlement"
                                                                         : "case_exists");
}

Outcome open(Work& work) {
    if (const Case* existing = find_case_at_work(work); existing != nullptr) {
        return open_again(work, *existing);
    }
    Case opened;
    opened.key = work.op.case_key;
    opened.first_given = facts_of(work.op);
    opened.facts = opened.first_given;
    const Outcome placed = place_case(work, opened.facts);
    if (placed.error.empty()) {
        use_on_creation(work, opened);
        work.customer.cases[opened.key] = opened;
    }
    return placed;
}

// ---- Resolving, canceling, deleting (section 4) -------------------------------------------------

// R6; and what stands posted already is never posted a second time.
bool posts_on_resolution(const Entitlement& entitlement, const Case& subject) {
    return entitlement.agreement.decrease_on_resolution && subject.facts.decrement && !subject.standing;
}

// Section 5: steps 4 and 5 are asked again, with the quantity now known; 1 to 3 are not.
std::string resolution_error(const Work& work, const Entitlement& entitlement, const Case& subject,
                             long long quantity, long long of_channel) {
    const std::string& origin = subject.facts.origin;
    std::string error = unlisted_error(entitlement, origin, work.policy.unlisted_at_resolution);
    if (!error.empty() || work.policy.overage != Overage::refuse) {
        return error;
    }
    error = terms_error(work.customer, entitlement, quantity);
    return error.empty()
               ? exhausted_channel_error(work.policy, work.customer, entitlement, origin, of_channel, 0)
               : error;
}

// A case, or the time spent, or the cost; what was told in something else counts as nothing told.
long long amount_used(const Op& op, const Entitlement& entitlement) {
    const Allocation counted = entitlement.agreement.allocation;
    if (!is_measured(counted)) {
        return 1;
    }
    return op.unit == counted ? op.quantity : 0;
}

std::string amount_error(const Op& op, const Entitlement& entitlement) {
    const Agreement& agreement = entitlement.agreement;
    const long long amount = amount_used(op, entitlement);
    if (agreement.allocation == Allocation::money && amount != 0 && op.currency != agreement.currency) {
        return "unit_mismatch";
    }
    return amount < 0 ? "amount_out_of_range" : "";  // too much is for the terms to refuse
}

// Section 8, split: as much of a restricted resolution as the terms cover; what is short of is billed.
// What the case had held is covered, whatever has become of it.
// `more`: so much more is there than the ledger says so far, of the total and of the channel.
long long covered_amount(const Work& work, const Entitlement& entitlement, const Case& subject,
                         long long quantity, long long had_held, std::pair<long long, long long> more) {
    if (work.policy.overage != Overage::split || !entitlement.agreement.restricted) {
        return quantity;
    }
    long long covered = quantity;
    if (entitlement.agreement.allocation != Allocation::coverage) {
        covered = std::min(covered, available_of(work.customer, entitlement) + more.first);
    }
    const std::string& origin = subject.facts.origin;
    if (is_listed(entitlement, origin) && work.policy.exhausted_channel == ExhaustedChannel::refuse) {
        covered = std::min(covered, channel_available_of(work.customer, entitlement, origin) + more.second);
    }
    return std::min(quantity, std::max(covered, had_held));
}

// What is asked, and posted, beyond what the case had held; that has been released.
std::string post_beyond_hold(Work& work, Case& subject, const Entitlement& entitlement, long long quantity,
                             long long had_held) {
    const std::string error = resolution_error(work, entitlement, subject, quantity, quantity);
    if (!error.empty()) {
        return error;
    }
    const long long covered = covered_amount(work, entitlement, subject, quantity, had_held, {0, 0});
    const Allocation allocation = entitlement.agreement.allocation;
    if (moves_too_far(allocation, covered) || quantity - covered > most_units(allocation)) {
        return "terms_overflow";
    }
    bill(work, subject, quantity - covered);
    post(work, subject, covered);
    return "";
}

// Section 8: a posting within a late hold counts in the hold's period, and what is beyond it today.
void post_within(Work& work, Case& subject, const Standing& held, Settled& settled, long long quantity) {
    const int key = subject.facts.entitlement;
    const Entitlement& entitlement = work.customer.entitlements.at(key);
    for (const std::string& counter : counters_of(held)) {
        for (const WithinShare& share : settled.within.shares[counter]) {
            Entry entry = about_top_up(EntryKind::draw, entitlement,
                                       terms_of(work.customer, key, share.number), counter);
            entry.case_key = subject.key;
            entry.amount = share.paid;
            if (entry.amount != 0) {
                append(work, entry);
            }
        }
        draw_from(work, key, subject.key, counter, quantity - settled.within.quantity,
                  settled.change[counter]);
    }
    Entry entry;
    entry.kind = EntryKind::posting;
    entry.entitlement = key;
    entry.case_key = subject.key;
    entry.channel = held.channel;
    entry.moved_total = -quantity;
    entry.moved_channel = held.channel.empty() ? 0 : -quantity;
    entry.reverses = held.posting;
    entry.within = settled.within;
    append(work, entry);
    subject.standing = Standing{quantity, held.channel, held.posting, std::nullopt};
    append_forfeit(work, subject, held, settled.change[the_total] + settled.within.quantity,
                   settled.change[held.channel] + settled.within.quantity);
}

// The case's hold is of a period that has ended. Beyond it on another channel than the hold's, all is of today.
std::string post_late(Work& work, Case& subject, const Entitlement& entitlement) {
    const std::string wrong = amount_error(work.op, entitlement);
    if (!wrong.empty()) {
        return wrong;
    }
    const Standing held = *subject.held;
    const long long quantity = amount_used(work.op, entitlement);
    const bool beyond = quantity > held.quantity;
    const bool same_channel = channel_to_move(entitlement, subject.facts.origin) == held.channel;
    if (quantity == 0 || (beyond && !same_channel)) {
        const long long before = remaining_of(work.customer, entitlement);
        release(work, subject);
        const long long lost = remaining_of(work.customer, entitlement) - before;
        if (beyond) {
            return post_beyond_hold(work, subject, entitlement, quantity, held.quantity + lost);
        }
        post_to(work, subject, held.channel, 0);
        return "";
    }
    Settled settled = settle(work, entitlement, held, std::min(quantity, held.quantity));
    append_release(work, subject);
    long long covered = quantity;
    if (beyond) {
        const std::pair<long long, long long> more{settled.change[the_total] + held.quantity,
                                                   settled.change[held.channel] + held.quantity};
        const std::string error =
            resolution_error(work, entitlement, subject, quantity - more.first, quantity - more.second);
        if (!error.empty()) {
            return error;
        }
        covered = covered_amount(work, entitlement, subject, quantity, held.quantity + more.first, more);
        const Allocation allocation = entitlement.agreement.allocation;
        if (moves_too_far(allocation, covered) || quantity - covered > most_units(allocation)) {
            return "terms_overflow";
        }
        bill(work, subject, quantity - covered);
    }
    post_within(work, subject, held, settled, covered);
    return "";
}

// Within its hold a case is asked nothing, and posts where it held.
std::string post_at_resolution(Work& work, Case& subject, const Entitlement& entitlement,
                               const std::optional<Standing>& held) {
    const std::string error = amount_error(work.op, entitlement);
    if (!error.empty()) {
        return error;
    }
    const long long quantity = amount_used(work.op, entitlement);
    if (held && quantity <= held->quantity) {
        post_to(work, subject, held->channel, quantity);
        return "";
    }
    return post_beyond_hold(work, subject, entitlement, quantity, held ? held->quantity : 0);
}

Outcome resolve(Work& work, Case& subject, const Entitlement& entitlement) {
    if (subject.state != CaseState::open) {
        return refused("case_state");
    }
    const std::optional<Standing> held = subject.held;
    const bool late = is_late(work.customer, subject) && posts_on_resolution(entitlement, subject);
    if (!late) {
        release(work, subject);
    }
    if (posts_on_resolution(entitlement, subject)) {
        const std::string error = late ? post_late(work, subject, entitlement)
                                       : post_at_resolution(work, subject, entitlement, held);
        if (!error.empty()) {
            return refused(error);
        }
    }
    subject.state = CaseState::resolved;
    subject.resolved_at = work.op.now;
    subject.origin_when_resolved = subject.facts.origin;
    return done(entitlement.key);
}

Outcome cancel_case(Work& work, Case& subject, const Entitlement& entitlement) {
    if (subject.state != CaseState::open) {
        return refused("case_state");
    }
    reverse(work, subject);
    release(work, subject);
    subject.state = CaseState::canceled;
    return done(entitlement.key);
}

// R11: after this the case's key is free. What a closed case used stays used.
Outcome delete_case(Work& work, Case& subject, const Entitlement& entitlement) {
    if (subject.state == CaseState::open) {
        reverse(work, subject);
        release(work, subject);
    }
    work.customer.cases.erase(work.op.case_key);
    return done(entitlement.key);
}

// ---- Changing the origin (section 4, section 9) -------------------------------------------------

// Steps 4 and 5 for the channel only, as if what the case itself uses or holds were given back.
std::string origin_error(const Work& work, const Case& subject, const Entitlement& entitlement,
                         const std::string& origin, const std::optional<Standing>& own) {
    const std::string error = unlisted_error(entitlement, origin, work.policy.unlisted_at_opening);
    if (!error.empty() || !opening_asks_terms(work.policy, entitlement, subject.facts.decrement)) {
        return error;
    }
    const long long given_back = own && own->channel == origin ? own->quantity : 0;
    const long long needed = own && own == subject.held ? own->quantity : needed_at_opening;
    return exhausted_channel_error(work.policy, work.customer, entitlement, origin, needed, given_back);
}

// The same of what a reactivation is about to hold again; the reversal has given it back already.
std::string held_origin_error(const Work& work, const Case& subject, const Entitlement& entitlement,
                              long long quantity) {
    const std::string& origin = subject.facts.origin;
    const std::string error = unlisted_error(entitlement, origin, work.policy.unlisted_at_opening);
    if (!error.empty() || !opening_asks_terms(work.policy, entitlement, subject.facts.decrement)) {
        return error;
    }
    return exhausted_channel_error(work.policy, work.customer, entitlement, origin, quantity, 0);
}

void move_hold_to_origin(Work& work, Case& subject, const Entitlement& entitlement) {
    const std::string channel = channel_to_move(entitlement, subject.facts.origin);
    if (subject.held && subject.held->channel != channel && !is_late(work.customer, subject)) {
        const Standing held = *subject.held;
        release(work, subject);
        hold_on(work, subject, channel, held.quantity, held.until);
    }
}

// Section 10: a reversal and a posting under one number, where the channel differs at all.
// Across a boundary less may come back than is posted again: the total must have the rest.
std::string move_posting_to_origin(Work& work, Case& subject, const Entitlement& entitlement) {
    if (entitlement.agreement.decrease_on_resolution || !subject.standing ||
        subject.standing->channel == channel_to_move(entitlement, subject.facts.origin)) {
        return "";
    }
    const long long quantity = subject.standing->quantity;
    const long long before = remaining_of(work.customer, entitlement);
    reverse(work, subject);
    const bool all_came_back = remaining_of(work.customer, entitlement) - before == quantity;
    const bool asks = !all_came_back && opening_asks_terms(work.policy, entitlement, subject.facts.decrement);
    const std::string error = asks ? terms_error(work.customer, entitlement, quantity) : "";
    if (error.empty()) {
        post(work, subject, quantity);
    }
    return error;
}

// The error that refuses it, or nothing.
std::string give_new_origin(Work& work, Case& subject, const Entitlement& entitlement) {
    const std::string& origin = work.op.channel;
    if (work.policy.origin_change == OriginChange::neither || subject.facts.origin == origin) {
        subject.facts.origin = origin;
        return "";
    }
    const bool holds = subject.held && !is_late(work.customer, subject);
    const std::optional<Standing>& own = holds ? subject.held : subject.standing;
    std::string error = origin_error(work, subject, entitlement, origin, own);
    if (error.empty()) {
        subject.facts.origin = origin;
        error = move_posting_to_origin(work, subject, entitlement);
        move_hold_to_origin(work, subject, entitlement);
    }
    return error;
}

Outcome change_origin(Work& work, Case& subject, const Entitlement& entitlement) {
    if (subject.state != CaseState::open) {
        return refused("case_state");
    }
    if (subject.facts.origin == work.op.channel) {
        return unchanged(entitlement.key);
    }
    const std::string error = give_new_origin(work, subject, entitlement);
    return error.empty() ? done(entitlement.key) : refused(error);
}

// ---- Reactivating (section 4) -------------------------------------------------------------------

// From canceled: admitted as at opening, on the new origin if one is given.
std::string reactivate_canceled(Work& work, Case& subject) {
    if (work.op.has_origin) {
        subject.facts.origin = work.op.channel;
    }
    const std::string error = named_error(work, subject.facts.entitlement, subject.facts);
    if (error.empty()) {
        use_on_creation(work, subject);
    }
    return error;
}

// What this command has given back, less what of it was forfeited: no more than came back to the channel, where there
// is one.
struct Returned {
    bool any = false;
    std::string channel;
    long long quantity = 0;
};

Returned what_came_back(const Work& work) {
    Returned returned;
    long long on_channel = 0;
    for (const Entry& entry : work.customer.ledger) {
        const bool counts = entry.kind == EntryKind::reversal || entry.kind == EntryKind::forfeit;
        if (entry.id.number == work.number && counts) {
            returned.any = true;
            returned.channel = entry.channel;
            returned.quantity += entry.moved_total;
            on_channel += entry.moved_channel;
        }
    }
    if (!returned.channel.empty()) {
        returned.quantity = std::min(returned.quantity, on_channel);
    }
    return returned;
}

// Hold on creation: what the reversal returned is held again, there; then a new origin is a change of origin.
std::string hold_what_returned(Work& work, Case& subject, const Entitlement& entitlement) {
    const Returned returned = what_came_back(work);
    const bool holds = returned.any && holds_on_creation(work, subject);
    const bool asks = holds && work.op.has_origin && subject.facts.origin != work.op.channel &&
                      work.policy.origin_change == OriginChange::asked_and_moved;
    if (work.op.has_origin) {
        subject.facts.origin = work.op.channel;
    }
    if (!holds) {
        return "";
    }
    if (asks) {
        const std::string error = held_origin_error(work, subject, entitlement, returned.quantity);
        if (!error.empty()) {
            return error;
        }
    }
    hold_on(work, subject, asks ? channel_to_move(entitlement, subject.facts.origin) : returned.channel,
            returned.quantity);
    return "";
}

bool reopens_too_late(const Work& work, const Case& subject) {
    const long long allowed = work.policy.reopen_within_days * microseconds_per_day;
    return work.policy.reopen_within_days > 0 && work.op.now - subject.resolved_at > allowed;
}

// From resolved: decrease on creation treats a new origin as a change of origin; decrease on
// resolution gives back what stands and only records the origin.
std::string reactivate_resolved(Work& work, Case& subject, const Entitlement& entitlement) {
    if (reopens_too_late(work, subject)) {
        return "reopen_too_late";
    }
    bill(work, subject, -subject.overage);
    if (!entitlement.agreement.decrease_on_resolution) {
        return work.op.has_origin ? give_new_origin(work, subject, entitlement) : "";
    }
    reverse_for_reactivation(work, subject, entitlement);
    return hold_what_returned(work, subject, entitlement);
}

Outcome reactivate(Work& work, Case& subject, const Entitlement& entitlement) {
    if (subject.state == CaseState::open) {
        return refused("case_state");
    }
    const std::string error = subject.state == CaseState::canceled
                                  ? reactivate_canceled(work, subject)
                                  : reactivate_resolved(work, subject, entitlement);
    subject.state = CaseState::open;  // thrown away with the copy where it was refused
    return error.empty() ? done(entitlement.key) : refused(error);
}

// ---- Changing entitlement, facts and flag (section 4) -------------------------------------------

// What stands is reversed on the old, whichever way it decreases now; the new one admits and posts. Its
// last entry is always on the new one, if only a note.
Outcome change_entitlement(Work& work, Case& subject, const Entitlement& old) {
    const int key = work.op.entitlement;
    if (!exists_under_any_customer(work, key)) {
        return refused("unknown_entitlement");
    }
    if (subject.state != CaseState::open) {
        return refused("case_state");
    }
    if (key == old.key) {
        return unchanged(key);
    }
    const std::string error = named_error(work, key, subject.facts);
    if (!error.empty()) {
        return refused(error);
    }
    reverse(work, subject);
    release(work, subject);
    pay_owed(work, old.key);
    subject.facts.entitlement = key;
    if (posts_on_creation(work, subject) || holds_on_creation(work, subject)) {
        use_on_creation(work, subject);
    } else {
        append_note(work, key, subject.key);
    }
    return done(key);
}

// Step 3 for the changed fact only; "scope_failure" is its answer for the new value.
Outcome change_fact(const Case& subject, int& fact, int value, const std::string& scope_failure) {
    if (subject.state != CaseState::open) {
        return refused("case_state");
    }
    if (fact == value) {
        return unchanged(subject.facts.entitlement);
    }
    if (!scope_failure.empty()) {
        return refused(scope_failure);
    }
    fact = value;
    return done(subject.facts.entitlement);
}

// R6. Switched back on: step 5, then post, where the entitlement decreases on creation.
Outcome set_decrement(Work& work, Case& subject, const Entitlement& entitlement) {
    if (subject.state != CaseState::open) {
        return refused("case_state");
    }
    if (subject.facts.decrement == work.op.decrement) {
        return unchanged(entitlement.key);
    }
    subject.facts.decrement = work.op.decrement;
    if (!work.op.decrement) {
        reverse(work, subject);
        release(work, subject);
        return done(entitlement.key);
    }
    if (posts_on_creation(work, subject) || holds_on_creation(work, subject)) {
        const bool asks = opening_asks_terms(work.policy, entitlement, true);
        std::string error = asks ? terms_error(work.customer, entitlement, needed_at_opening) : "";
        if (error.empty() && asks) {
            error = exhausted_channel_error(work.policy, work.customer, entitlement, subject.facts.origin,
                                            needed_at_opening, 0);
        }
        if (!error.empty()) {
            return refused(error);
        }
        use_on_creation(work, subject);
    }
    return done(entitlement.key);
}

// ---- Holds that the host sets (section 8) -------------------------------------------------------

// Asked whatever the policy lets a resolution do: what is not there cannot be reserved.
std::string hold_error(const Work& work, const Entitlement& entitlement, const Case& subject) {
    const std::string& origin = subject.facts.origin;
    std::string error = unlisted_error(entitlement, origin, work.policy.unlisted_at_opening);
    if (error.empty()) {
        error = terms_error(work.customer, entitlement, work.op.quantity);
    }
    return error.empty()
               ? exhausted_channel_error(work.policy, work.customer, entitlement, origin, work.op.quantity, 0)
               : error;
}

Outcome hold_terms(Work& work, Case& subject, const Entitlement& entitlement) {
    if (subject.state != CaseState::open) {
        return refused("case_state");
    }
    if (!posts_on_resolution(entitlement, subject)) {
        return refused("nothing_to_hold");
    }
    if (!in_units_of(entitlement.agreement, work.op.unit, work.op.currency)) {
        return refused("unit_mismatch");
    }
    if (work.op.quantity < 1) {
        return refused("amount_out_of_range");
    }
    if (work.op.expires && *work.op.expires <= work.op.now) {
        return refused("hold_expired");
    }
    const std::string channel = channel_to_move(entitlement, subject.facts.origin);
    if (subject.held && subject.held->quantity == work.op.quantity && subject.held->channel == channel &&
        subject.held->until == work.op.expires) {
        return unchanged(entitlement.key);
    }
    release(work, subject);
    const std::string error = hold_error(work, entitlement, subject);
    if (!error.empty()) {
        return refused(error);
    }
    hold_on(work, subject, channel, work.op.quantity, work.op.expires);
    return done(entitlement.key);
}

Outcome release_terms(Work& work, Case& subject, const Entitlement& entitlement) {
    if (subject.state != CaseState::open) {
        return refused("case_state");
    }
    if (!subject.held) {
        return unchanged(entitlement.key);
    }
    release(work, subject);
    return done(entitlement.key);
}

// ---- Dispatch -----------------------------------------------------------------------------------

Outcome run_on_entitlement(Work& work) {
    Entitlement* entitlement = find_entitlement(work, work.op.entitlement);
    if (entitlement == nullptr) {
        return refused("unknown_entitlement");
    }
    const Status status = status_of(*entitlement, work.op.now);
    switch (work.op.kind) {
        case Kind::revise: return revise(work, *entitlement, status);
        case Kind::set_channel: return set_channel(work, *entitlement, status);
        case Kind::remove_channel: return remove_channel(work, *entitlement, status);
        case Kind::revise_scope: return revise_scope(work, *entitlement, status);
        case Kind::amend: return amend(work, *entitlement, status);
        case Kind::activate: return activate(work, *entitlement, status);
        case Kind::deactivate: return deactivate(work, *entitlement, status);
        case Kind::cancel: return cancel(work, *entitlement, status);
        case Kind::renew: return renew(work, *entitlement, status);
        case Kind::set_default: return set_default(work, *entitlement, status);
        case Kind::remove: return remove(work, *entitlement, status);
        case Kind::adjust: return adjust(work, *entitlement, status);
        case Kind::top_up: return top_up(work, *entitlement, status);
        case Kind::void_top_up: return void_top_up(work, *entitlement, status);
        default: return refused("unknown_command");
    }
}

Outcome run_on_case(Work& work) {
    Case* subject = find_case_at_work(work);
    if (subject == nullptr) {
        return refused("unknown_case");
    }
    const Op& op = work.op;
    CaseFacts& facts = subject->facts;
    const Entitlement& entitlement = work.customer.entitlements.at(facts.entitlement);
    switch (op.kind) {
        case Kind::resolve: return resolve(work, *subject, entitlement);
        case Kind::cancel_case: return cancel_case(work, *subject, entitlement);
        case Kind::reactivate: return reactivate(work, *subject, entitlement);
        case Kind::change_origin: return change_origin(work, *subject, entitlement);
        case Kind::change_entitlement: return change_entitlement(work, *subject, entitlement);
        case Kind::change_contact:
            return change_fact(*subject, facts.contact, op.contact, contact_error(entitlement, op.contact));
        case Kind::change_product:
            return change_fact(*subject, facts.product, op.product, product_error(entitlement, op.product));
        case Kind::change_asset:
            return change_fact(*subject, facts.asset, op.asset, asset_error(entitlement, op.asset));
        case Kind::change_case_type:
            return change_fact(*subject, facts.case_type, op.case_type,
                               case_type_error(entitlement, op.case_type));
        case Kind::set_decrement: return set_decrement(work, *subject, entitlement);
        case Kind::delete_case: return delete_case(work, *subject, entitlement);
        case Kind::hold_terms: return hold_terms(work, *subject, entitlement);
        case Kind::release_terms: return release_terms(work, *subject, entitlement);
        default: return refused("unknown_command");
    }
}

// Section 1: an origin is absent or a channel's name.
bool has_bad_origin(const Op& op) {
    return is_case_command(op.kind) && !op.channel.empty() && !is_channel_name(op.channel);
}

Outcome run(Work& work) {
    if (has_bad_origin(work.op)) {
        return refused("channel_name");
    }
    if (work.op.kind == Kind::draft) {
        return draft(work);
    }
    if (work.op.kind == Kind::import_entitlement) {
        return import_entitlement(work);
    }
    if (work.op.kind == Kind::instantiate) {
        return instantiate(work);
    }
    if (work.op.kind == Kind::assign) {
        return assign(work);
    }
    if (work.op.kind == Kind::open) {
        return open(work);
    }
    return is_case_command(work.op.kind) ? run_on_case(work) : run_on_entitlement(work);
}

// Section 10: a command that changed something appends at least one entry.
void append_note_if_none(Work& work, const Outcome& outcome) {
    if (outcome.changed && work.ordinal == work.by_time) {
        append_note(work, outcome.entitlement, is_case_command(work.op.kind) ? work.op.case_key : 0);
    }
}

// Whichever entry it was, or a total that was changed under them.
bool has_overflowed(const Work& work) {
    bool overflowed = work.overflow;
    for (const int key : touched_by(work)) {
        const auto found = work.customer.entitlements.find(key);
        if (found == work.customer.entitlements.end()) {
            continue;
        }
        for (const std::string& counter : counters_of(found->second)) {
            const auto known = work.after_time.find({key, counter});
            const long long before = known == work.after_time.end() ? 0 : known->second;
            const long long after = balance_of(work.customer, found->second, counter);
            overflowed = overflowed || goes_too_far(found->second.agreement.allocation, before, after);
        }
    }
    return overflowed;
}

Answer refusal(const std::string& error, const std::string& reason = "") {
    Answer answer;
    answer.error = error;
    answer.reason = reason;
    return answer;
}

// What time brought is none of the command's own.
void add_entries(const Work& work, Answer& answer) {
    for (const Entry& entry : work.customer.ledger) {
        if (entry.id.number != work.number || entry.entitlement != answer.entitlement || entry.by_time) {
            continue;
        }
        answer.moved += entry.moved_total;
        if (entry.kind == EntryKind::hold || entry.kind == EntryKind::release) {
            answer.held += entry.amount;
        } else if (entry.kind == EntryKind::overage) {
            answer.overage += entry.amount;
        }
    }
}

// What is left after the command; of a removed entitlement, what its last entry said.
long long remaining_after(const Work& work, int key) {
    const auto found = work.customer.entitlements.find(key);
    return found == work.customer.entitlements.end() ? work.customer.ledger.back().remaining_after
                                                     : remaining_of(work.customer, found->second);
}

Answer success(const Work& work, const Outcome& outcome) {
    Answer answer;
    answer.ok = true;
    answer.recorded = outcome.changed;
    answer.number = outcome.changed ? work.number : 0;
    answer.entitlement = outcome.entitlement;
    add_entries(work, answer);
    answer.remaining = remaining_after(work, outcome.entitlement);
    return answer;
}

// ---- Retries (R11) ------------------------------------------------------------------------------

// The arguments are everything but the instant, which a retry cannot repeat.
bool same_arguments(const Op& first, Op again) {
    again.now = first.now;
    return first == again;
}

std::optional<Answer> answer_from_memory(const Customer& customer, const Op& op) {
    const auto found = customer.requests.find(op.request);
    if (op.request == 0 || found == customer.requests.end()) {
        return std::nullopt;
    }
    const Remembered& first = found->second;
    if (op.now >= first.op.now + request_retention_days * microseconds_per_day) {
        return std::nullopt;
    }
    if (!same_arguments(first.op, op)) {
        return refusal("request_id_reused");
    }
    Answer answer = first.answer;
    answer.recorded = false;
    return answer;
}

}  // namespace

// ---- The model ----------------------------------------------------------------------------------

Customer Model::customer_copy(int customer) const {
    const auto found = customers_.find(customer);
    return found == customers_.end() ? Customer() : found->second;
}

// R10: everything or nothing. R11: only a success is remembered.
Answer Model::apply(const Op& given) {
    const Op op = folded(given);
    if (is_of_catalog(op.kind)) {
        return apply_to_catalog(op);
    }
    Work work{policy_, customers_, catalog_, op, customer_copy(op.customer)};
    work.number = work.customer.ledger.empty() ? 1 : work.customer.ledger.back().id.number + 1;
    if (const auto remembered = answer_from_memory(work.customer, op)) {
        return *remembered;
    }
    pass_time(work);
    const Outcome outcome = run(work);
    if (!outcome.error.empty()) {
        return refusal(outcome.error, outcome.reason);
    }
    append_note_if_none(work, outcome);
    for (const int key : touched_by(work)) {
        pay_owed(work, key);
    }
    if (has_overflowed(work)) {
        return refusal("terms_overflow");
    }
    const Answer answer = success(work, outcome);
    forget_time_alone(work, customer_copy(op.customer));
    if (op.request != 0) {
        work.customer.requests[op.request] = Remembered{op, answer};
    }
    customers_[op.customer] = work.customer;
    return answer;
}

Answer Model::apply_to_catalog(const Op& op) {
    Answer answer;
    answer.error = change_catalog(catalog_, op);
    answer.ok = answer.recorded = answer.error.empty();
    return answer;
}

// ---- Reading ------------------------------------------------------------------------------------

namespace {

EntitlementView view_of(const Customer& customer, const Entitlement& entitlement, long long now) {
    EntitlementView view;
    view.key = entitlement.key;
    view.status = status_of(entitlement, now);
    view.phase = entitlement.phase;
    view.total = entitlement.agreement.total.value_or(0);
    view.remaining = remaining_of(customer, entitlement);
    view.held = held_of_total(customer, entitlement);
    for (const auto& [channel, total] : entitlement.agreement.channels) {
        view.channels.push_back({channel, total, channel_remaining_of(customer, entitlement, channel),
                                 held_of_channel(customer, entitlement, channel)});
    }
    for (const std::string& channel : channels_ever(customer, entitlement)) {
        if (!is_listed(entitlement, channel)) {
            view.removed_channels.emplace_back(channel, sum_of_channel(customer, entitlement.key, channel));
        }
    }
    view.is_default = entitlement.is_default;
    view.renewed_from = entitlement.renewed_from;
    view.made_from = entitlement.made_from;
    view.purchase = entitlement.purchase;
    view.top_ups = open_top_ups(customer, entitlement.key);
    if (const auto event = next_event(customer, entitlement)) {
        view.due = event->at;
    }
    view.agreement = entitlement.agreement;
    return view;
}

}  // namespace

std::vector<EntitlementView> Model::entitlements(int customer, long long now) const {
    const Customer copy = customer_copy(customer);
    std::vector<EntitlementView> views;
    for (const Entitlement& entitlement : in_order(copy)) {
        views.push_back(view_of(copy, entitlement, now));
    }
    return views;
}

Customer Model::customer_at(int customer, long long now) const {
    Op op;
    op.customer = customer;
    op.now = now;
    Work work{policy_, customers_, catalog_, op, customer_copy(customer)};
    pass_time(work);
    return work.customer;
}

std::vector<EntitlementView> Model::entitlements_at(int customer, long long now) const {
    const Customer copy = customer_at(customer, now);
    std::vector<EntitlementView> views;
    for (const Entitlement& entitlement : in_order(copy)) {
        views.push_back(view_of(copy, entitlement, now));
    }
    return views;
}

std::vector<Case> Model::cases(int customer) const {
    std::vector<Case> list;
    for (const auto& subject : customer_copy(customer).cases) {
        list.push_back(subject.second);
    }
    return list;
}

std::optional<Case> Model::find_case(int customer, int case_key) const {
    for (const Case& subject : cases(customer)) {
        if (subject.key == case_key) {
            return subject;
        }
    }
    return std::nullopt;
}

std::vector<Entry> Model::ledger(int customer) const { return customer_copy(customer).ledger; }

std::vector<Candidate> Model::explain(const CaseFacts& facts, long long now) const {
    CaseFacts asked = facts;
    asked.origin = folded(facts.origin);
    const Customer customer = customer_at(facts.customer, now);
    const std::vector<Candidate> all = candidates(policy_, customer, asked, now);
    if (facts.entitlement == 0) {
        return all;
    }
    for (const Candidate& candidate : all) {
        if (candidate.entitlement == facts.entitlement) {
            return {candidate};
        }
    }
    for (const auto& other : customers_) {
        if (other.second.entitlements.count(facts.entitlement) != 0) {
            return {{facts.entitlement, {"not_customers"}}};
        }
    }
    return {};
}

}  // namespace entitle_reference
