// A naive model of the entitlement rules, for tests to compare with the engine.
//
// It is meant to be read beside the list of rules (R1 ... R14 and the numbered sections) and has no
// other virtue: everything is a plain map, vector, string or number, every balance is summed anew
// from the ledger whenever it is asked for, and every command works on a copy of its customer that
// is kept or thrown away as a whole.
//
// Keys are plain ints and 0 means none. Instants are microseconds UTC since 1970, days are days
// since 1970-01-01, and the zone is always UTC. Quantities are base units: cases, seconds, minor
// units of money (always two digits). Channel names are folded to lower case ASCII on the way in.
//
// Left out: marks, seals, archives, service levels.

#ifndef ENTITLE_REFERENCE_MODEL_HPP
#define ENTITLE_REFERENCE_MODEL_HPP

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace entitle_reference {

constexpr long long microseconds_per_day = 24LL * 3600 * 1000000;
constexpr long long request_retention_days = 30;  // R11
constexpr long long most_terms = 100000000000LL;  // section 2
constexpr int most_top_ups = 1000;                // of an entitlement that have not ended

// ---- Policies (section 9) ----------------------------------------------------------------------

enum class Renewable { canceled, canceled_and_expired };
enum class RenewalSpan { days, whole_months_else_days };
enum class UnlistedChannel { refuse, admit_total_only };
enum class ExhaustedAtOpening { refuse, admit };
enum class ExhaustedChannel { refuse, count_negative };
enum class OriginChange { asked_and_moved, neither };
enum class ReactivationReturns { exactly_what_stands, to_origin_when_resolved_if_listed_now };
enum class Overage { refuse, go_negative, split };

struct Policy {
    Renewable renewable = Renewable::canceled;
    RenewalSpan renewal_span = RenewalSpan::days;
    UnlistedChannel unlisted_at_opening = UnlistedChannel::refuse;
    UnlistedChannel unlisted_at_resolution = UnlistedChannel::refuse;
    ExhaustedAtOpening exhausted_at_opening = ExhaustedAtOpening::refuse;
    ExhaustedChannel exhausted_channel = ExhaustedChannel::refuse;
    OriginChange origin_change = OriginChange::asked_and_moved;
    ReactivationReturns reactivation_returns = ReactivationReturns::exactly_what_stands;
    Overage overage = Overage::refuse;
    bool hold_on_creation = false;
    int reopen_within_days = 0;  // 0: any time
};

Policy standard();
Policy dynamics365();
Policy crm2014();
Policy desk();

// ---- What is agreed, commanded and answered -----------------------------------------------------

enum class Allocation { cases, hours, money, coverage };
enum class Phase { draft, activated, canceled };
enum class Status { draft, waiting, active, expired, canceled };
enum class CaseState { open, resolved, canceled };

std::string name_of(Status status);

using ChannelAmounts = std::vector<std::pair<std::string, long long>>;

enum class Step { days, weeks, months, years };

// Section 8. The anchor is a day; without one, periods count from the first day.
struct Period {
    int every = 1;
    Step step = Step::months;
    std::optional<int> anchor;
    std::optional<long long> rollover;
    bool preserve_overage = false;

    bool operator==(const Period&) const = default;
};

struct Agreement {
    std::string name = "agreement";
    int first_day = 0;
    int last_day = 0;
    Allocation allocation = Allocation::cases;
    std::optional<long long> total;
    std::string currency;
    bool decrease_on_resolution = false;
    bool restricted = false;
    std::optional<Period> period;
    ChannelAmounts channels;
    std::vector<int> products;
    std::vector<int> contacts;
    std::vector<int> assets;
    std::vector<int> case_types;
    int priority = 100;
    bool is_default = false;  // flags it when it is made; revise and amend leave the flag alone

    bool operator==(const Agreement&) const = default;
};

// Section 7. So long from the day of use: n days or n months.
struct Length {
    int count = 1;
    Step step = Step::months;

    bool operator==(const Length&) const = default;
};

// An agreement without a customer. Without a length, its days are those of what is made from it.
struct Template {
    Agreement agreement;
    std::optional<Length> lasts;

    bool operator==(const Template&) const = default;
};

// All customers share it.
struct Catalog {
    std::map<int, Template> templates;
    std::map<std::pair<int, long long>, int> rules;  // product, at least so many: a template
};

struct Purchase {
    int key = 0;  // unique within the customer; what is assigned for it has the key assigned_key
    int product = 0;
    long long quantity = 0;

    bool operator==(const Purchase&) const = default;
};

// Things that a scope gains or loses.
struct ScopeItems {
    std::vector<int> products;
    std::vector<int> contacts;
    std::vector<int> assets;
    std::vector<int> case_types;

    bool operator==(const ScopeItems&) const = default;
};

enum class Kind {
    draft,
    revise,          // agreement
    set_channel,     // channel, quantity (its total), unit
    remove_channel,  // channel
    revise_scope,    // scope_added, scope_removed
    amend,           // agreement
    activate,
    deactivate,
    cancel,
    renew,  // new_entitlement
    set_default,
    remove,
    adjust,              // quantity, unit, reason, and perhaps channel with channel_quantity
    import_entitlement,  // agreement, stated_status, quantity (remaining), channel_remaining
    top_up,              // quantity, unit, perhaps channel, and what stands beside top_up below
    void_top_up,         // top_up
    set_template,        // from, agreement, lasts; like the next three, of no customer
    remove_template,     // from
    set_rule,            // product, quantity (at least), from
    remove_rule,         // product, quantity
    instantiate,         // entitlement, from, and of the agreement its default flag
    assign,              // purchase, product, quantity
    open,                // case_key, perhaps entitlement, facts, channel (origin), decrement
    resolve,             // case_key, quantity and unit (seconds, or minor units of a currency)
    cancel_case,
    reactivate,          // has_origin, channel
    change_origin,       // channel
    change_entitlement,  // entitlement
    change_contact,
    change_product,
    change_asset,
    change_case_type,
    set_decrement,  // decrement
    delete_case,
    hold_terms,  // quantity and unit
    release_terms
};

struct Op {
    Kind kind = Kind::draft;
    int customer = 0;
    int request = 0;
    int actor = 0;
    long long now = 0;
    int entitlement = 0;
    int new_entitlement = 0;
    int case_key = 0;
    int contact = 0;
    int product = 0;
    int asset = 0;
    int case_type = 0;
    int from = 0;  // a template
    int purchase = 0;
    std::string channel;
    bool has_origin = false;
    bool decrement = true;
    long long quantity = 0;
    long long channel_quantity = 0;
    Agreement agreement;
    std::optional<Length> lasts;
    Status stated_status = Status::draft;
    ChannelAmounts channel_remaining;
    Allocation unit = Allocation::cases;  // what quantity and channel_quantity are in
    std::string currency;                 // ... where that is money
    std::string reason = "counted";
    ScopeItems scope_added;
    ScopeItems scope_removed;
    int top_up = 0;  // that is voided: the number of the command that made it
    int burn_priority = 100;
    std::optional<long long> begins;
    std::optional<long long> expires;
    std::optional<long long> rollover;
    Allocation rollover_unit = Allocation::cases;
    std::string rollover_currency;

    bool operator==(const Op&) const = default;
};

// Templates and rules are in no ledger, and a change of them is under no request id.
bool is_of_catalog(Kind kind);

// A refused command answers with its error and, for not_entitled, the reason; the rest is zero.
struct Answer {
    bool ok = false;
    bool recorded = false;
    std::string error;
    std::string reason;
    int number = 0;  // the command's, 0 where nothing was recorded
    int entitlement = 0;
    long long moved = 0;
    long long remaining = 0;
    long long held = 0;     // by this command, less what it released there
    long long overage = 0;  // left to bill by this command, or taken back
};

// ---- What is kept -------------------------------------------------------------------------------

struct EntryId {
    int number = 0;   // 1, 2, ...; 0 is none
    int ordinal = 0;  // 0, 1, ... within the number

    bool operator==(const EntryId&) const = default;
};

enum class EntryKind {
    note,
    posting,
    reversal,
    adjustment,
    carried_in,
    hold,
    release,
    overage,
    period,
    forfeit,
    low_water,  // the model writes none
    top_up,
    inception,
    draw,
    lapse,
    expiry,
    voiding,
    allotment,
    set_aside,
    hold_expiry,
    settlement
};

// A counter is an entitlement's total or one of its channels. Where it has a name, the total's is "".
const std::string the_total;

// Section 8. What was said of a top-up when it was made.
struct TopUpTerms {
    int number = 0;  // of the command that made it; 0: none
    long long amount = 0;
    std::string channel;  // that it raises besides the total
    int priority = 100;
    long long from = 0;
    std::optional<long long> expires;
    std::optional<long long> rollover;

    bool operator==(const TopUpTerms&) const = default;
};

// What has become of it, as the ledger tells.
struct TopUp {
    TopUpTerms terms;
    bool begun = false;
    bool ended = false;
    std::map<std::string, long long> left;  // by counter
};

// What a boundary found: kept for whoever recomputes it.
struct Boundary {
    long long rollover = 0;
    bool preserve_overage = false;
    std::map<std::string, long long> base_before;                     // by counter
    std::map<std::pair<int, std::string>, long long> top_ups_before;  // by number and counter
    std::map<std::string, long long> held_of_base;                    // by counter
    long long at = 0;
};

// What a top-up would have paid then, what that makes less of it now, what it paid now, and what of it is its own to get
// back.
struct WithinShare {
    int number = 0;
    long long then = 0;
    long long now = 0;
    long long paid = 0;
    long long owned = 0;
};

// Section 8: of a posting, what counts in the period of its hold, which has ended.
struct Within {
    long long quantity = 0;
    // By counter, in burn order: the top-ups that would have paid at the end of that period.
    std::map<std::string, std::vector<WithinShare>> shares;
};

struct Entry {
    EntryId id;
    EntryKind kind = EntryKind::note;
    int entitlement = 0;
    int case_key = 0;
    std::string channel;
    long long moved_total = 0;
    long long moved_channel = 0;
    // Of a hold, a release (negative), an overage; of a boundary, what it carries over; of a top-up, all of it; of its
    // inception, what pays what is owed; of a draw, what it pays, or gets back (negative); of a lapse, what does not pass;
    // of an allotment, until when the base lasts; of what is set aside, how much; of a hold's expiry, the hold (negative).
    long long amount = 0;
    long long remaining_after = 0;
    long long channel_remaining_after = 0;  // 0 where there is no channel
    long long instant = 0;
    int actor = 0;
    int request = 0;
    EntryId reverses;
    bool by_time = false;              // time brought it, not the command that recorded it
    std::optional<Boundary> boundary;  // of a period's entry for the total
    std::optional<Within> within;      // of a posting; `reverses` then is the hold
    TopUpTerms top_up;                 // that it is about
};

struct Entitlement {
    int key = 0;
    int sequence = 0;  // the order in which the customer's entitlements were made
    Agreement agreement;
    Phase phase = Phase::draft;
    bool is_default = false;
    int renewed_from = 0;
    int made_from = 0;
    Purchase purchase;                       // that it was assigned for; its key 0: for none
    std::vector<std::string> channels_kept;  // those listed, then those once listed
    long long counted_to = 0;                // boundaries after this instant have not passed yet
    std::optional<long long> last_boundary;  // that has passed, under whatever terms
};

struct CaseFacts {
    int customer = 0;
    int entitlement = 0;  // in Case::first_given as named, perhaps none; in Case::facts the one used
    int contact = 0;
    int product = 0;
    int asset = 0;
    int case_type = 0;
    std::string origin;
    bool decrement = true;

    bool operator==(const CaseFacts&) const = default;
};

struct Standing {
    long long quantity = 0;
    std::string channel;
    EntryId posting;
    std::optional<long long> until;  // of a hold that expires

    bool operator==(const Standing&) const = default;
};

struct Case {
    int key = 0;
    CaseFacts first_given;
    CaseFacts facts;
    CaseState state = CaseState::open;
    long long resolved_at = 0;
    std::string origin_when_resolved;
    std::optional<Standing> standing;
    std::optional<Standing> held;  // section 8; its "posting" is the entry of the hold
    long long overage = 0;
};

struct Remembered {
    Op op;
    Answer answer;
};

struct Customer {
    std::map<int, Entitlement> entitlements;
    std::set<int> removed_entitlements;
    std::map<int, Case> cases;
    std::vector<Entry> ledger;
    std::map<int, Remembered> requests;
    int entitlements_made = 0;
};

// ---- What can be read ---------------------------------------------------------------------------

struct ChannelView {
    std::string name;
    long long total = 0;
    long long remaining = 0;
    long long held = 0;
};

struct EntitlementView {
    int key = 0;
    Status status = Status::draft;
    Phase phase = Phase::draft;
    long long total = 0;
    long long remaining = 0;
    long long held = 0;
    std::vector<ChannelView> channels;                                // in the order agreed
    std::vector<std::pair<std::string, long long>> removed_channels;  // ledger sums, by name
    bool is_default = false;
    int renewed_from = 0;
    int made_from = 0;
    Purchase purchase;
    std::vector<TopUp> top_ups;    // that have not ended, in the order in which they were made
    std::optional<long long> due;  // when time changes it next
    Agreement agreement;
};

struct Candidate {
    int entitlement = 0;
    std::vector<std::string> reasons;  // in the order of section 5; empty: it admits the case
};

class Model {
public:
    explicit Model(Policy policy) : policy_(policy) {}

    Answer apply(const Op& op);

    std::vector<EntitlementView> entitlements(int customer, long long now) const;  // section 6 order
    // The same, once what time brings has passed.
    std::vector<EntitlementView> entitlements_at(int customer, long long now) const;
    std::vector<Case> cases(int customer) const;
    std::optional<Case> find_case(int customer, int case_key) const;
    std::vector<Entry> ledger(int customer) const;
    const Catalog& catalog() const { return catalog_; }
    // Every candidate in order; where the facts name an entitlement, only that one.
    std::vector<Candidate> explain(const CaseFacts& facts, long long now) const;

private:
    Answer apply_to_catalog(const Op& op);
    Customer customer_copy(int customer) const;
    Customer customer_at(int customer, long long now) const;

    Policy policy_;
    std::map<int, Customer> customers_;
    Catalog catalog_;
};

// The key of what is assigned for a purchase: no two customers', and nothing that was drafted, have it.
constexpr int keys_of_a_customer = 1000;
int assigned_key(int customer, int purchase);
// What a template makes at an instant.
Agreement agreement_from(const Template& from, long long now);
// The template of the product's rule with the largest "at least" that is not above the quantity, or 0.
int template_for(const Catalog& catalog, int product, long long quantity);

// The day that lies n months later, clamped to the month's end.
int add_months(int day, int months);
// How many whole months first..last covers, or 0.
int whole_months(int first_day, int last_day);
int day_from_civil(int year, int month, int day);

}  // namespace entitle_reference

#endif
