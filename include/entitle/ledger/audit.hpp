#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "entitle/ledger/boundaries.hpp"
#include "entitle/ledger/chain.hpp"
#include "entitle/ledger/finding.hpp"
#include "entitle/ledger/marks.hpp"
#include "entitle/ledger/rebuild.hpp"
#include "entitle/rule/accounts.hpp"
#include "entitle/rule/period.hpp"
#include "entitle/value/entitlement.hpp"
#include "entitle/value/entry.hpp"
#include "entitle/value/seal.hpp"
#include "entitle/value/support_case.hpp"

/// Section 10: recomputes everything, and names the first difference.
namespace entitle::inline v0 {

/// The first thing in a customer's ledger that does not follow from what stands before it.
struct AuditFinding {
    CustomerId customer{};
    EntryRef entry{};  ///< where it shows; none: after the last entry
    EntitlementId entitlement{};
    CaseId support_case{};
    Channel channel{};
    std::string_view what{};    ///< of static text
    std::int64_t expected = 0;  ///< base units, a count, or an instant
    std::int64_t found = 0;
    bool are_instants = false;  ///< in microseconds since 1970, UTC

    friend bool operator==(const AuditFinding&, const AuditFinding&) = default;
};

struct AuditReport {
    std::uint64_t customers = 0;
    std::uint64_t entitlements = 0;
    std::uint64_t cases = 0;
    std::uint64_t entries = 0;
    std::optional<AuditFinding> first{};  ///< absent: all is as it must be

    [[nodiscard]] bool ok() const { return !first; }
};

namespace ledger {

/// Whether a command may change what was agreed, so that a counter's total changes under its entries.
[[nodiscard]] constexpr bool changes_agreement(CommandKind command) {
    switch (command) {
        case CommandKind::draft:
        case CommandKind::renew:
        case CommandKind::import_entitlement:
        case CommandKind::instantiate:
        case CommandKind::assign:
        case CommandKind::revise:
        case CommandKind::set_channel:
        case CommandKind::remove_channel:
        case CommandKind::amend: return true;
        default: return false;
    }
}

/// A record that no entry tells of.
[[nodiscard]] inline AuditFinding never_granted(const Entitlement& entitlement) {
    AuditFinding found;
    found.customer = entitlement.customer;
    found.entitlement = entitlement.id;
    found.what = "entitlement never granted";
    return found;
}

/// Replays one customer's entries, in order, and checks each against those before it.
class Auditor {
public:
    explicit Auditor(CustomerId customer) : customer_{customer} {}

    [[nodiscard]] CustomerId customer() const { return customer_; }

    /// Begins after an archived prefix.
    void start_from(const Base& base) {
        rebuilt_ = rebuilt_from(base);
        for (const auto& [id, number] : revised_in(base)) revised_[id] = {number, 0};
        for (const BaseCase& known : base.cases) {
            if (known.held.stands()) boundaries_.start_with(known.entitlement, known.held);
        }
        last_.customer = customer_;
        last_.number = base.seal.number;
        chain_ = Chain{base.seal.number, base.seal.head};
        starts_after_ = base.seal.number;
    }
    /// Seals that the ledger must agree with, in any order. Those before the start are not looked at.
    void expect(std::vector<Seal> seals) {
        seals_ = std::move(seals);
        std::stable_sort(seals_.begin(), seals_.end(),
                         [](const Seal& a, const Seal& b) { return a.number < b.number; });
        std::erase_if(seals_, [this](const Seal& seal) { return seal.number < starts_after_; });
    }

    /// The next entry; a finding, or nothing.
    [[nodiscard]] std::optional<AuditFinding> add(const Entry& entry) {
        if (auto found = check_head()) return found;  // of the base
        const bool is_sealed = seal_ < seals_.size();
        if (is_sealed ? chain_.add(entry) : chain_.pass(entry)) {
            if (auto found = check_head()) return found;
        }
        if (auto found = check_place(entry)) return found;
        if (auto found = check_forfeit(entry)) return found;
        if (auto found = check_boundary(entry)) return found;
        note_revision(entry);
        if (auto found = check_counters(entry)) return found;
        if (auto found = check_mark(entry)) return found;
        if (auto found = check_case_entry(entry)) return found;
        if (auto found = check_late(entry)) return found;
        if (auto found = check_expiry(entry)) return found;
        ledger::add(rebuilt_, entry);
        last_ = entry;
        return std::nullopt;
    }

    /// What the store holds now, after the last entry.
    [[nodiscard]] std::optional<AuditFinding> finish(std::span<const Entitlement> entitlements,
                                                     std::span<const SupportCase> cases) {
        chain_.end();
        if (auto found = check_head()) return found;
        if (seal_ < seals_.size()) {
            return finding({chain_.number() + 1, 0}, "sealed, and missing", 0, 0);
        }
        if (forfeit_ || lost_) return missing_forfeit();
        if (auto found = boundaries_.finish()) return told_of({chain_.number(), 0}, *found);
        if (auto found = gather_holds()) return found;
        for (const Entitlement& entitlement : entitlements) {
            if (auto found = check_balance(entitlement)) return found;
            if (auto found = check_periods(entitlement)) return found;
            if (auto found = check_top_ups(entitlement)) return found;
            if (auto found = check_holds(entitlement)) return found;
        }
        if (rebuilt_.totals.size() != entitlements.size()) {
            return finding({}, "number of entitlements", static_cast<std::int64_t>(rebuilt_.totals.size()),
                           static_cast<std::int64_t>(entitlements.size()));
        }
        std::size_t kept = 0;
        for (const auto& [id, known] : rebuilt_.cases) kept += known.deleted ? 0U : 1U;
        for (const SupportCase& support_case : cases) {
            const bool has_expired = support_case.held.expires() && !holds_still(entitlements, support_case);
            if (auto found = check_case(support_case, has_expired)) return found;
        }
        if (kept != cases.size()) {
            return finding({}, "number of cases", static_cast<std::int64_t>(kept),
                           static_cast<std::int64_t>(cases.size()));
        }
        return std::nullopt;
    }

private:
    [[nodiscard]] AuditFinding finding(EntryRef entry, std::string_view what, std::int64_t expected,
                                       std::int64_t found) const {
        return {customer_, entry, {}, {}, {}, what, expected, found};
    }
    [[nodiscard]] static EntryRef place(const Entry& entry) { return {entry.number, entry.ordinal}; }

    /// The command that has just ended, against every seal of it.
    [[nodiscard]] std::optional<AuditFinding> check_head() {
        for (; seal_ < seals_.size() && seals_[seal_].number <= chain_.number(); ++seal_) {
            if (seals_[seal_].number == chain_.number() && seals_[seal_].head == chain_.head()) continue;
            return finding({chain_.number(), 0}, "not what was sealed", 0, 0);
        }
        return std::nullopt;
    }

    /// Numbers without gaps, ordinals likewise, and one command under one number.
    [[nodiscard]] std::optional<AuditFinding> check_place(const Entry& entry) const {
        if (entry.customer != customer_) return finding(place(entry), "customer", 0, 1);
        const bool same_command = entry.number == last_.number && entry.number != starts_after_;
        const std::uint64_t number = same_command ? last_.number : last_.number + 1;
        if (entry.number != number) {
            return finding(place(entry), "number", static_cast<std::int64_t>(number),
                           static_cast<std::int64_t>(entry.number));
        }
        const std::uint32_t ordinal = same_command ? last_.ordinal + 1 : 0;
        if (entry.ordinal != ordinal) return finding(place(entry), "ordinal", ordinal, entry.ordinal);
        if (same_command && (entry.command != last_.command || !follows(entry) ||
                             entry.actor != last_.actor || entry.request != last_.request)) {
            return finding(place(entry), "command of the number", static_cast<std::int64_t>(last_.command),
                           static_cast<std::int64_t>(entry.command));
        }
        return std::nullopt;
    }

    /// The first of a command's own entries is written under what it agreed; boundaries before it are not.
    void note_revision(const Entry& entry) {
        if (!changes_agreement(entry.command) || is_by_time(entry)) return;
        EntryRef& revised = revised_[entry.entitlement];
        if (revised.number != entry.number) revised = place(entry);
    }

    /// What time brought, and when what was agreed ends, which may come with either.
    [[nodiscard]] static bool is_by_time(const Entry& entry) {
        return entry.kind == EntryKind::allotment || entry.comes_by_time();
    }
    /// Whether an entry may stand behind the last one of the same command: its own are of one instant and one
    /// case, and those of what time brought come before them, are not later, and are of none.
    [[nodiscard]] bool follows(const Entry& entry) const {
        if (is_by_time(last_)) return is_by_time(entry) || entry.at >= last_.at;
        if (entry.kind == EntryKind::allotment) return entry.at == last_.at;
        return !is_by_time(entry) && entry.at == last_.at && entry.support_case == last_.support_case;
    }

    /// Section 8: what a boundary moves follows from what was left, the total and what its entry says is
    /// carried.
    [[nodiscard]] std::optional<AuditFinding> check_boundary(const Entry& entry) {
        if (auto found = boundaries_.add(entry, rebuilt_)) return told_of(place(entry), *found);
        return std::nullopt;
    }
    [[nodiscard]] AuditFinding told_of(EntryRef entry, const Finding& wrong) const {
        AuditFinding found = finding(entry, wrong.what, wrong.expected, wrong.found);
        found.entitlement = wrong.entitlement;
        found.channel = wrong.channel;
        found.are_instants = wrong.are_instants;
        return found;
    }

    /// A command that changes what was agreed tells of no mark.
    [[nodiscard]] std::optional<AuditFinding> check_mark(const Entry& entry) {
        auto wrong = marks_.add(entry);
        if (entry.kind == EntryKind::low_water && changes_agreement(entry.command))
            wrong = Finding{"mark of a revision", entry.channel, 0, 1, entry.entitlement};
        return wrong ? std::optional{told_of(place(entry), *wrong)} : std::nullopt;
    }

    /// What an entry that refers to a period that has ended is to be followed by: today it comes to something else than
    /// it says.
    [[nodiscard]] std::optional<AuditFinding> check_late(const Entry& entry) {
        switch (entry.kind) {
            case EntryKind::reversal: {
                const std::int64_t whole = rebuilt_.cases[entry.support_case].posted.quantity;
                const rule::Returned& left = boundaries_.comes_to(entry);
                forfeit_ = forfeit_behind(entry, left.total - whole, left.channel - whole);
                return std::nullopt;
            }
            case EntryKind::release: {
                const rule::Returned& lost = boundaries_.comes_to(entry);
                lost_ = forfeit_behind(entry, lost.total, lost.channel);
                released_ = entry;
                return std::nullopt;
            }
            case EntryKind::posting: return check_posting(entry);
            default: return std::nullopt;
        }
    }
    /// A hold that time ended: at the instant that it says, all of it, and with it what is lost.
    [[nodiscard]] std::optional<AuditFinding> check_expiry(const Entry& entry) const {
        if (entry.kind != EntryKind::hold_expiry) return std::nullopt;
        const auto holder = rebuilt_.holders.find(entry.reverses);
        AuditFinding found = finding(place(entry), "expiry of a hold", 1, 0);
        found.entitlement = entry.entitlement;
        if (holder == rebuilt_.holders.end()) return found;
        const RebuiltCase& known = rebuilt_.cases.at(holder->second);
        found.support_case = holder->second;
        const Held& held = known.held;
        if (held.entry != entry.reverses || held.until != entry.at || held.channel != entry.channel ||
            known.entitlement != entry.entitlement)
            return found;
        found.expected = -held.quantity;
        found.found = entry.amount;
        if (found.expected != found.found) return found;
        const rule::Returned& lost = boundaries_.comes_to(entry);
        found.what = "what is lost of a hold";
        found.expected = lost.total;
        found.found = entry.total_moved;
        if (lost.total == entry.total_moved && lost.channel == entry.channel_moved) return std::nullopt;
        return found;
    }
    /// The holds of an entitlement's cases that expire.
    [[nodiscard]] std::optional<AuditFinding> check_holds(const Entitlement& entitlement) const {
        const auto holding = holding_.find(entitlement.id);
        if (holding == holding_.end() && entitlement.holds.open.empty()) return std::nullopt;
        ExpiringHolds told;
        for (std::size_t i = 0; holding != holding_.end() && i < holding->second.size(); ++i) {
            const auto& [id, held] = holding->second[i];
            if (!held.expires()) continue;
            told.open.push_back({held.entry, id, held.quantity, held.channel, held.until, 0, 0});
        }
        std::sort(told.open.begin(), told.open.end(),
                  [](const ExpiringHold& a, const ExpiringHold& b) { return a.entry < b.entry; });
        boundaries_.count_losses(entitlement.id, told);
        if (told.open == entitlement.holds.open) return std::nullopt;
        AuditFinding found = finding({}, "holds that expire", static_cast<std::int64_t>(told.open.size()),
                                     static_cast<std::int64_t>(entitlement.holds.open.size()));
        found.entitlement = entitlement.id;
        return found;
    }

    /// A posting within a hold of a period that has ended counts there; no other does.
    [[nodiscard]] std::optional<AuditFinding> check_posting(const Entry& entry) {
        const bool is_of_hold = released_.number == entry.number && released_.kind == EntryKind::release &&
                                released_.entitlement == entry.entitlement &&
                                released_.channel == entry.channel && entry.total_moved != 0;
        const bool is_archived = released_.reverses.number <= starts_after_;
        const bool is_late = is_of_hold && boundaries_.is_late(entry.entitlement, released_.reverses);
        const bool refers = !entry.reverses.is_none();
        const bool may_refer = is_late || (is_of_hold && is_archived);
        if (refers ? !may_refer || entry.reverses != released_.reverses : is_late && !is_archived) {
            AuditFinding found =
                finding(place(entry), "period of a posting", is_late ? 1 : 0, refers ? 1 : 0);
            found.entitlement = entry.entitlement;
            found.support_case = entry.support_case;
            return found;
        }
        if (!refers) return std::nullopt;
        const std::int64_t within = std::min(-entry.total_moved, -released_.amount);
        const rule::Returned& posted = boundaries_.comes_to(entry);
        const auto lost = std::exchange(lost_, std::nullopt);
        forfeit_ = forfeit_behind(entry, posted.total + within + (lost ? lost->total_moved : 0),
                                  posted.channel + within + (lost ? lost->channel_moved : 0));
        return std::nullopt;
    }
    [[nodiscard]] static std::optional<Entry> forfeit_behind(const Entry& entry, std::int64_t total,
                                                             std::int64_t channel) {
        if (!entry.channel) channel = 0;
        if (total == 0 && channel == 0) return std::nullopt;
        Entry forfeit = entry;
        forfeit.kind = EntryKind::forfeit;
        forfeit.total_moved = total;
        forfeit.channel_moved = channel;
        return forfeit;
    }
    [[nodiscard]] AuditFinding missing_forfeit() const {
        const Entry& missing = forfeit_ ? *forfeit_ : *lost_;
        AuditFinding found =
            finding({missing.number, missing.ordinal + 1}, "forfeit", missing.total_moved, 0);
        found.entitlement = missing.entitlement;
        found.support_case = missing.support_case;
        return found;
    }
    /// What is lost of a release may be told behind the posting within its hold.
    [[nodiscard]] bool may_be_told_later(const Entry& entry) const {
        const bool comes_between = entry.kind == EntryKind::overage || entry.kind == EntryKind::draw ||
                                   (entry.kind == EntryKind::posting && entry.reverses == lost_->reverses);
        return comes_between && entry.number == lost_->number;
    }
    [[nodiscard]] std::optional<AuditFinding> check_forfeit(const Entry& entry) {
        if (entry.kind != EntryKind::forfeit) {
            if (!forfeit_ && (!lost_ || may_be_told_later(entry))) return std::nullopt;
            AuditFinding found = missing_forfeit();
            found.entry = place(entry);
            return found;
        }
        if (!forfeit_) forfeit_ = std::exchange(lost_, std::nullopt);
        if (!forfeit_) return finding(place(entry), "forfeit", 0, entry.total_moved);
        const Entry expected = *std::exchange(forfeit_, std::nullopt);
        const bool same = entry.number == expected.number && entry.entitlement == expected.entitlement &&
                          entry.channel == expected.channel && entry.reverses == expected.reverses &&
                          entry.total_moved == expected.total_moved &&
                          entry.channel_moved == expected.channel_moved;
        if (same) return std::nullopt;
        AuditFinding found = finding(place(entry), "forfeit", expected.total_moved, entry.total_moved);
        found.entitlement = entry.entitlement;
        found.support_case = entry.support_case;
        found.channel = entry.channel;
        return found;
    }

    /// How far an entitlement's periods have come: the boundary after the last that was recorded is due.
    [[nodiscard]] std::optional<AuditFinding> check_periods(const Entitlement& entitlement) const {
        const PeriodProgress& progress = entitlement.periods;
        AuditFinding found = finding({}, "boundary that is due", 0, progress.due.time_since_epoch().count());
        found.entitlement = entitlement.id;
        found.are_instants = true;
        const Boundary* last = boundaries_.last_of(entitlement.id);
        const bool is_archived = last == nullptr && progress.rolled != 0 && progress.rolled <= starts_after_;
        const std::uint64_t rolled = last == nullptr ? 0 : last->place.number;
        if (!is_archived && progress.rolled != rolled) {
            found.what = "last command that recorded a boundary";
            found.expected = static_cast<std::int64_t>(rolled);
            found.found = static_cast<std::int64_t>(progress.rolled);
            found.are_instants = false;
            return found;
        }
        if (last != nullptr && progress.last != last->at) {
            found.what = "last boundary that was recorded";
            found.expected = last->at.time_since_epoch().count();
            found.found = progress.last.time_since_epoch().count();
            return found;
        }
        const auto zone = Zone::named(entitlement.agreement.coverage.time_zone);
        if (!zone) return std::nullopt;
        Instant due = Instant::max();
        if (entitlement.phase != Phase::canceled) {
            due = std::min({entitlement.top_ups.due(), entitlement.holds.due(),
                            rule::next_boundary(entitlement.agreement, entitlement.span, *zone, progress)});
        }
        if (due == progress.due) return std::nullopt;
        found.expected = due.time_since_epoch().count();
        return found;
    }

    /// What is left of its top-ups, and when what was agreed ends. Where all have ended, the first may be archived.
    [[nodiscard]] std::optional<AuditFinding> check_top_ups(const Entitlement& entitlement) const {
        const TopUps told = boundaries_.top_ups_of(entitlement.id);
        const TopUps& is = entitlement.top_ups;
        const bool is_archived = is.first != 0 && is.first <= starts_after_;
        AuditFinding found = finding({}, "top-ups", static_cast<std::int64_t>(told.first),
                                     static_cast<std::int64_t>(is.first));
        found.entitlement = entitlement.id;
        if (!is_archived && told.first != is.first) return found;
        found.what = "what is left of top-ups";
        found.expected = told.left({});
        found.found = is.left({});
        if (told.open != is.open) return found;
        if (told.open.empty() || told.base_ends == is.base_ends) return std::nullopt;
        found.what = "end of what was agreed";
        found.are_instants = true;
        found.expected = told.base_ends.time_since_epoch().count();
        found.found = is.base_ends.time_since_epoch().count();
        return found;
    }

    /// Whether what was agreed has not changed since the last entry about a counter.
    [[nodiscard]] bool tells_last(EntitlementId entitlement, const RebuiltCounter& known) const {
        const auto revised = revised_.find(entitlement);
        return revised == revised_.end() || !(revised->second > known.last);
    }

    /// The balance after an entry: the former plus what it moved, unless what was agreed changed between.
    [[nodiscard]] std::optional<AuditFinding> check_counter(const Entry& entry, const RebuiltCounter* known,
                                                            std::int64_t moved, std::int64_t after,
                                                            const Channel& channel) const {
        if (known == nullptr || !tells_last(entry.entitlement, *known)) return std::nullopt;
        if (known->after + moved == after) return std::nullopt;
        AuditFinding found = finding(place(entry), "balance after", known->after + moved, after);
        found.entitlement = entry.entitlement;
        found.channel = channel;
        return found;
    }

    [[nodiscard]] std::optional<AuditFinding> check_counters(const Entry& entry) const {
        const auto total = rebuilt_.totals.find(entry.entitlement);
        const bool known = total != rebuilt_.totals.end();
        if (!known && !changes_agreement(entry.command)) {
            AuditFinding found = finding(place(entry), "entitlement never granted", 0, 0);
            found.entitlement = entry.entitlement;
            return found;
        }
        if (auto found = check_counter(entry, known ? &total->second : nullptr, entry.total_moved,
                                       entry.remaining, {})) {
            return found;
        }
        if (!entry.channel) return std::nullopt;
        const auto channel = rebuilt_.channels.find({entry.entitlement, folded(entry.channel)});
        return check_counter(entry, channel != rebuilt_.channels.end() ? &channel->second : nullptr,
                             entry.channel_moved, entry.channel_remaining, entry.channel);
    }

    /// R8: a reversal takes back the whole of what stands posted for its case, and nothing else; a release, of what is
    /// held.
    [[nodiscard]] std::optional<AuditFinding> check_case_entry(const Entry& entry) const {
        const auto known = rebuilt_.cases.find(entry.support_case);
        const auto is_there = [&](const RebuiltCase& one) {
            return !one.deleted ||
                   one.last_number == entry.number;  // it goes with the command that deletes it
        };
        const bool is_known = known != rebuilt_.cases.end() && is_there(known->second);
        const RebuiltCase none;
        const RebuiltCase& is = is_known ? known->second : none;
        const auto differs = [&](std::string_view what, std::int64_t expected, std::int64_t found_value) {
            AuditFinding found = finding(place(entry), what, expected, found_value);
            found.entitlement = entry.entitlement;
            found.support_case = entry.support_case;
            return found;
        };
        if (sets_apart(entry.kind) && (entry.total_moved != 0 || entry.channel_moved != 0)) {
            return differs("movement of what is set apart", 0, entry.total_moved);
        }
        switch (entry.kind) {
            case EntryKind::reversal:
                if (entry.reverses == is.posted.entry && entry.total_moved == is.posted.quantity) break;
                return differs("reversal of what stands posted", is.posted.quantity, entry.total_moved);
            case EntryKind::posting:
                if (!is.posted.stands()) break;
                return differs("second posting of a case", is.posted.quantity,
                               is.posted.quantity - entry.total_moved);
            case EntryKind::release:
                if (entry.reverses != is.held.entry || -entry.amount != is.held.quantity)
                    return differs("release of what is held", is.held.quantity, -entry.amount);
                if (entry.entitlement == is.entitlement && entry.channel == is.held.channel) break;
                return differs("place of a release", 0, 1);
            case EntryKind::hold:
                if (is.held.stands()) return differs("hold of a case that has one", 0, is.held.quantity);
                if (entry.amount > 0) break;
                return differs("amount of a hold", 1, entry.amount);
            case EntryKind::overage:
                if (entry.amount != 0 && entry.amount >= -is.overage) break;
                return differs("overage taken back", -is.overage, entry.amount);
            default: break;
        }
        if (!has_amount(entry.kind) && entry.amount != 0)
            return differs("amount of an entry", 0, entry.amount);
        return std::nullopt;
    }

    [[nodiscard]] std::optional<AuditFinding> check_balance(const Entitlement& entitlement) const {
        const auto known = rebuilt_.totals.find(entitlement.id);
        AuditFinding found = finding({}, "remaining", entitlement.agreement.total(), entitlement.remaining);
        found.entitlement = entitlement.id;
        if (known == rebuilt_.totals.end()) {
            found.what = "entitlement never granted";
            return found;
        }
        found.expected += known->second.moved;
        if (found.expected != entitlement.remaining || known->second.after != entitlement.remaining)
            return found;
        for (const ChannelBalance& channel : entitlement.channels) {
            const auto moves = rebuilt_.channels.find({entitlement.id, folded(channel.channel)});
            const bool has_moves = moves != rebuilt_.channels.end();
            found.channel = channel.channel;
            found.found = channel.remaining;
            found.expected = channel.total + (has_moves ? moves->second.moved : 0);
            if (found.expected != found.found) return found;
            if (has_moves && tells_last(entitlement.id, moves->second)) found.expected = moves->second.after;
            if (found.expected != found.found) return found;
        }
        return check_held(entitlement);
    }

    /// Whether what a case holds stands, by what its entitlement says.
    [[nodiscard]] static bool holds_still(std::span<const Entitlement> entitlements, const SupportCase& is) {
        return std::any_of(entitlements.begin(), entitlements.end(), [&](const Entitlement& one) {
            return one.id == is.entitlement && still_stands(is.held, one.holds);
        });
    }
    /// What open cases hold, by entitlement; others hold nothing.
    [[nodiscard]] std::optional<AuditFinding> gather_holds() {
        for (const auto& [id, known] : rebuilt_.cases) {
            if (known.deleted || !known.held.stands()) continue;
            holding_[known.entitlement].push_back({id, known.held});
            if (known.state == CaseState::open) continue;
            AuditFinding found = finding(known.held.entry, "hold of a case that is not open", 0, 1);
            found.support_case = id;
            return found;
        }
        return std::nullopt;
    }

    /// What is held of an entitlement and of each of its channels: the sum over its cases.
    [[nodiscard]] std::optional<AuditFinding> check_held(const Entitlement& entitlement) const {
        AuditFinding found = finding({}, "held", 0, entitlement.held);
        found.entitlement = entitlement.id;
        std::map<std::string, std::int64_t> on_channels;
        const auto holding = holding_.find(entitlement.id);
        if (holding != holding_.end()) {
            for (const auto& [id, held] : holding->second) {
                found.expected = entitle::detail::saturating_add(found.expected, held.quantity);
                std::int64_t& on_channel = on_channels[folded(held.channel)];
                on_channel = entitle::detail::saturating_add(on_channel, held.quantity);
            }
        }
        if (found.expected != found.found) return found;
        on_channels.erase(std::string{});
        for (const ChannelBalance& channel : entitlement.channels) {
            found.channel = channel.channel;
            found.expected = std::exchange(on_channels[folded(channel.channel)], 0);
            found.found = channel.held;
            if (found.expected != found.found) return found;
        }
        for (const auto& [name, held] : on_channels) {
            if (held != 0) return finding({}, "hold on a channel that the entitlement never had", 0, held);
        }
        return std::nullopt;
    }

    /// `has_expired`: what it holds, if anything, does not stand any more.
    [[nodiscard]] std::optional<AuditFinding> check_case(const SupportCase& support_case,
                                                         bool has_expired) const {
        const auto known = rebuilt_.cases.find(support_case.id);
        AuditFinding found = finding({}, "case", 0, 0);
        found.support_case = support_case.id;
        if (known == rebuilt_.cases.end() || known->second.deleted) {
            found.what = "case never opened";
            return found;
        }
        const RebuiltCase& told = known->second;
        found.entry = {told.last_number, 0};
        const auto differs = [&](std::string_view what, auto expected, auto is) {
            found.what = what;
            found.expected = static_cast<std::int64_t>(expected);
            found.found = static_cast<std::int64_t>(is);
            return found;
        };
        const SupportCase& is = support_case;
        if (told.state != is.state) return differs("state of a case", told.state, is.state);
        if (told.posted != is.posted)
            return differs("what stands posted for a case", told.posted.quantity, is.posted.quantity);
        const Held held = has_expired ? Held{} : is.held;
        if (told.held != held) return differs("what is held for a case", told.held.quantity, held.quantity);
        if (told.overage != is.overage) return differs("overage of a case", told.overage, is.overage);
        if (told.entitlement != is.entitlement || told.since != is.since ||
            told.last_number != is.last_number)
            return differs("entitlement or version of a case", told.last_number, is.last_number);
        return std::nullopt;
    }

    CustomerId customer_;
    Rebuilt rebuilt_;
    std::map<EntitlementId, EntryRef> revised_;  ///< from which on another agreement holds
    std::map<EntitlementId, std::vector<std::pair<CaseId, Held>>> holding_;  ///< what stands in the end
    BoundaryAuditor boundaries_;
    MarkAuditor marks_;
    std::optional<Entry> forfeit_;  ///< the next entry must be this
    std::optional<Entry> lost_;     ///< … or this, unless a posting within the released hold comes first
    Entry released_{};              ///< the last release
    Entry last_{};
    std::uint64_t starts_after_ = 0;
    Chain chain_{};
    std::vector<Seal> seals_;
    std::size_t seal_ = 0;  ///< the next to look at
};

}  // namespace ledger

}  // namespace entitle::inline v0

/// `customer 7, entry #12.0: balance after is 4, must be 3 (entitlement 3, channel phone)`.
template <>
struct fmt::formatter<entitle::AuditFinding> : entitle::detail::PlainFormatter {
    auto format(const entitle::AuditFinding& f, fmt::format_context& ctx) const {
        auto out = fmt::format_to(ctx.out(), "customer {}", f.customer);
        if (!f.entry.is_none()) out = fmt::format_to(out, ", entry #{}.{}", f.entry.number, f.entry.ordinal);
        out = fmt::format_to(out, ": {}", f.what);
        if (f.found != f.expected) out = fmt::format_to(out, " is {}, must be {}", f.found, f.expected);
        if (f.entitlement) out = fmt::format_to(out, ", entitlement {}", f.entitlement);
        if (f.support_case) out = fmt::format_to(out, ", case {}", f.support_case);
        return f.channel ? fmt::format_to(out, ", channel {}", f.channel) : out;
    }
};
