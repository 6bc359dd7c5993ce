#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "entitle/rule/lifecycle.hpp"
#include "entitle/rule/policy.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/plan.hpp"
#include "entitle/value/row.hpp"
#include "entitle/value/support_case.hpp"
#include "entitle/value/view.hpp"

/// Section 5: may this case use this entitlement now.
namespace entitle::inline v0::rule {

enum class Moment : std::uint8_t { opening, resolution, holding };

/// What a case asks of an entitlement.
struct Question {
    const CaseFacts& facts;
    const Policy& policy;
    Instant now;
    Moment moment = Moment::opening;
    bool decrement = true;    ///< off: never asked for terms (R6)
    std::int64_t needed = 1;  ///< base units; more than nothing at opening, the amount at resolution
};

/// What the case itself uses or holds where it asks, of the total and of a channel: it does not stand in its own way.
struct Own {
    std::int64_t quantity = 0;
    std::uint16_t channel = no_channel;
    std::int64_t of_channel = quantity;

    [[nodiscard]] constexpr std::int64_t of(std::uint16_t counter) const {
        return counter != no_channel && counter == channel ? of_channel : 0;
    }
};

/// The answer to one entitlement: the first step that refuses, and the channel that a posting would move.
struct Admission {
    ErrorCode refusal = ErrorCode::none;
    std::uint16_t channel = no_channel;

    [[nodiscard]] constexpr bool admitted() const { return refusal == ErrorCode::none; }
};

/// One entitlement of a view, with what belongs to it.
struct Candidate {
    std::uint32_t index;
    const EntitlementRow& row;
    const ChannelRow* channels;
    const Uuid* scope;
    const View& view;

    Candidate(const View& shown, std::uint32_t at)
        : index{at},
          row{shown.rows[at]},
          channels{shown.channels_of(row)},
          scope{shown.scope_words + row.scope_at},
          view{shown} {}

    /// What is left of the total, or of one of its channels, that no case holds (section 8).
    [[nodiscard]] std::int64_t available() const { return row.remaining - view.held_of(index); }
    [[nodiscard]] std::int64_t available(std::uint16_t channel) const {
        return channels[channel].remaining - view.held_of(index, channel);
    }
};

/// Notes the bounds within which each counter that was asked may move without changing the answer. A query
/// passes none.
class GuardLog {
public:
    GuardLog() = default;
    explicit GuardLog(std::vector<Guard>& guards, bool wanted = true) : guards_{wanted ? &guards : nullptr} {}

    /// Whether what is available (or, where that is asked, left) covers `needed`, noted.
    [[gnu::always_inline]] bool covers(std::uint32_t row, std::uint16_t channel, std::int64_t counter,
                                       std::int64_t needed, bool of_available = true) const {
        const bool enough = counter >= needed;
        constexpr auto lowest = std::numeric_limits<std::int64_t>::min();
        constexpr auto highest = std::numeric_limits<std::int64_t>::max();
        if (enough) note({row, channel, needed, highest, of_available});
        else note({row, channel, lowest, needed - 1, of_available});
        return enough;
    }
    /// The answer depends on how much is available, to the last unit.
    void relies_on(std::uint32_t row, std::uint16_t channel, std::int64_t available) const {
        note({row, channel, available, available, true});
    }

private:
    void note(const Guard& guard) const {
        if (guards_ != nullptr) guards_->push_back(guard);
    }

    std::vector<Guard>* guards_ = nullptr;
};

namespace detail {

/// A scope's words: one with the four counts, then the contacts, products, assets and case types.
struct ScopeLists {
    std::span<const Uuid> contacts, products, assets, case_types;

    explicit ScopeLists(const Uuid* words) {
        const std::uint64_t counts_a = words->hi;
        const std::uint64_t counts_b = words->lo;
        const Uuid* at = words + 1;
        const auto take = [&at](std::uint64_t count) {
            const std::span<const Uuid> list{at, static_cast<std::size_t>(count)};
            at += count;
            return list;
        };
        contacts = take(counts_a >> 32);
        products = take(counts_a & 0xFFFF'FFFF);
        assets = take(counts_b >> 32);
        case_types = take(counts_b & 0xFFFF'FFFF);
    }
};

/// An empty list limits nothing; a list refuses a case that leaves the fact out.
[[nodiscard]] inline bool lists(std::span<const Uuid> list, Uuid fact) {
    if (list.empty()) return true;
    for (const Uuid item : list) {
        if (item == fact) return true;
    }
    return false;
}

}  // namespace detail

/// Step 2: its status is Active.
[[nodiscard]] inline bool is_active(const EntitlementRow& row, Instant now) {
    return status_of(row, now) == Status::active;
}

/// Step 3 for one fact. The caller has seen that the entitlement has a scope.
[[nodiscard]] inline ErrorCode out_of_scope(const detail::ScopeLists& scope, ContactId contact) {
    return detail::lists(scope.contacts, contact.bits()) ? ErrorCode::none : ErrorCode::contact_out_of_scope;
}
[[nodiscard]] inline ErrorCode out_of_scope(const detail::ScopeLists& scope, ProductId product) {
    return detail::lists(scope.products, product.bits()) ? ErrorCode::none : ErrorCode::product_out_of_scope;
}
[[nodiscard]] inline ErrorCode out_of_scope(const detail::ScopeLists& scope, AssetId asset) {
    return detail::lists(scope.assets, asset.bits()) ? ErrorCode::none : ErrorCode::asset_out_of_scope;
}
[[nodiscard]] inline ErrorCode out_of_scope(const detail::ScopeLists& scope, CaseTypeId type) {
    return detail::lists(scope.case_types, type.bits()) ? ErrorCode::none : ErrorCode::case_type_out_of_scope;
}

/// Step 3 for one changed fact, or `none`.
template <class FactId>
[[nodiscard]] ErrorCode out_of_scope(const Candidate& candidate, FactId fact) {
    return candidate.row.scope == 0 ? ErrorCode::none
                                    : out_of_scope(detail::ScopeLists{candidate.scope}, fact);
}

/// Step 3: each fact is in the scope that limits it. The first that is not, or `none`.
[[nodiscard]] inline ErrorCode out_of_scope(const Candidate& candidate, const CaseFacts& facts) {
    if (candidate.row.scope == 0) return ErrorCode::none;
    const detail::ScopeLists scope{candidate.scope};
    if (const auto code = out_of_scope(scope, facts.contact); code != ErrorCode::none) return code;
    if (const auto code = out_of_scope(scope, facts.product); code != ErrorCode::none) return code;
    if (const auto code = out_of_scope(scope, facts.asset); code != ErrorCode::none) return code;
    return out_of_scope(scope, facts.case_type);
}

/// Step 4: no channel is listed, or the case has no origin, or its origin is listed (R7, S4).
[[nodiscard]] inline Admission ask_channel(const Candidate& candidate, const Question& question) {
    const EntitlementRow& row = candidate.row;
    if (row.listed == 0 || question.facts.origin.is_none()) return {};
    const std::uint16_t channel = find_channel(row, candidate.channels, question.facts.origin, row.listed);
    if (channel != no_channel) return {ErrorCode::none, channel};
    const UnlistedChannel unlisted = question.moment == Moment::resolution
                                         ? question.policy.unlisted_at_resolution
                                         : question.policy.unlisted_at_opening;
    const bool refuses = row.restricted && unlisted == UnlistedChannel::refuse;
    return {refuses ? ErrorCode::channel_not_listed : ErrorCode::none, no_channel};
}

/// Whether step 5 is asked at all: only when restricted (R13), of a case that decrements (R6), and where
/// the policy asks at that moment. What is to be held must be there.
[[nodiscard]] inline bool asks_terms(const EntitlementRow& row, const Question& question) {
    if (!row.restricted || !question.decrement) return false;
    if (question.moment == Moment::holding) return true;
    if (question.moment == Moment::resolution) return question.policy.overage == Overage::refuse;
    return row.decrease_on == DecreaseOn::creation || question.policy.hold_on_creation ||
           question.policy.exhausted_at_opening == ExhaustedAtOpening::refuse;
}

/// Step 5, the channel's half.
[[nodiscard]] inline ErrorCode ask_channel_terms(const Candidate& candidate, const Question& question,
                                                 std::uint16_t channel, const GuardLog& log,
                                                 const Own& own = {}) {
    if (channel == no_channel || !asks_terms(candidate.row, question)) return ErrorCode::none;
    if (question.policy.exhausted_channel == ExhaustedChannel::count_negative) return ErrorCode::none;
    return log.covers(candidate.index, channel, candidate.available(channel),
                      question.needed - own.of(channel))
               ? ErrorCode::none
               : ErrorCode::channel_exhausted;
}

/// Steps 4 and 5 for the channel only.
[[nodiscard]] inline Admission admit_channel(const Candidate& candidate, const Question& question,
                                             const GuardLog& log, const Own& own) {
    Admission answer = ask_channel(candidate, question);
    if (answer.admitted()) answer.refusal = ask_channel_terms(candidate, question, answer.channel, log, own);
    return answer;
}

/// Step 5: the total, then the channel. Coverage only has no total to exhaust.
[[nodiscard]] inline ErrorCode ask_terms(const Candidate& candidate, const Question& question,
                                         std::uint16_t channel, const GuardLog& log, const Own& own = {}) {
    if (!asks_terms(candidate.row, question)) return ErrorCode::none;
    if (candidate.row.allocation != Allocation::coverage_only &&
        !log.covers(candidate.index, no_channel, candidate.available(), question.needed - own.quantity)) {
        return ErrorCode::terms_exhausted;
    }
    return ask_channel_terms(candidate, question, channel, log, own);
}

/// Steps 4 and 5, as resolution asks them again.
[[nodiscard]] inline Admission admit_use(const Candidate& candidate, const Question& question,
                                         const GuardLog& log, const Own& own = {}) {
    Admission answer = ask_channel(candidate, question);
    if (answer.admitted()) answer.refusal = ask_terms(candidate, question, answer.channel, log, own);
    return answer;
}

/// Steps 2 to 5, top to bottom; a candidate of the customer's own view has passed step 1.
[[nodiscard]] inline Admission admit(const Candidate& candidate, const Question& question,
                                     const GuardLog& log = {}) {
    if (!is_active(candidate.row, question.now)) return {ErrorCode::not_active, no_channel};
    if (const ErrorCode refusal = out_of_scope(candidate, question.facts); refusal != ErrorCode::none) {
        return {refusal, no_channel};
    }
    return admit_use(candidate, question, log);
}

/// The step of section 5 that a refusal belongs to: how far a candidate got.
[[nodiscard]] constexpr int step_of(ErrorCode refusal) {
    switch (refusal) {
        case ErrorCode::not_customers: return 1;
        case ErrorCode::not_active: return 2;
        case ErrorCode::contact_out_of_scope:
        case ErrorCode::product_out_of_scope:
        case ErrorCode::asset_out_of_scope:
        case ErrorCode::case_type_out_of_scope: return 3;
        case ErrorCode::channel_not_listed: return 4;
        case ErrorCode::terms_exhausted:
        case ErrorCode::channel_exhausted: return 5;
        default: return 0;
    }
}

/// The refusal of a candidate as an error value, with the facts of its sentence.
/// (By value, here and where it is called: whoever asks may then keep them in registers.)
[[nodiscard, gnu::noinline]] inline Error refusal(Candidate candidate, Question question, Admission answer) {
    const EntitlementRow& row = candidate.row;
    const Agreement& agreement = row.record->agreement;
    Error error;
    error.code = answer.refusal;
    error.entitlement = row.id;
    error.status = status_of(row, question.now);
    error.channel = question.facts.origin;
    const Unit unit = unit_of(row);
    error.needed = {question.needed, unit};
    if (answer.refusal == ErrorCode::channel_exhausted) {
        error.remaining = {candidate.available(answer.channel), unit};
        error.limit = agreement.channels[answer.channel].total;
    } else {
        error.remaining = {candidate.available(), unit};
        error.limit = {agreement.total(), unit};
    }
    return error;
}

/// The same where the case's own does not count: it is left for this case.
[[nodiscard]] inline Error refusal(const Candidate& candidate, const Question& question,
                                   const Admission& answer, const Own& own) {
    Error error = refusal(candidate, question, answer);
    const bool of_channel = answer.refusal == ErrorCode::channel_exhausted;
    error.remaining.value += of_channel ? own.of(answer.channel) : own.quantity;
    return error;
}

}  // namespace entitle::inline v0::rule
