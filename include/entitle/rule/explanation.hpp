#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "entitle/rule/open_case.hpp"
#include "entitle/rule/selection.hpp"

/// Section 5 asked to the end: every candidate, and every reason against it.
namespace entitle::inline v0 {

/// One entitlement that was asked.
struct Candidacy {
    EntitlementId entitlement{};
    Status status = Status::draft;
    Quantity remaining{};
    std::vector<Error> reasons{};  ///< in the order of section 5; none: it admits the case

    [[nodiscard]] bool admits() const { return reasons.empty(); }
};

/// What would become of an opening: the answer, and every candidate in the order in which they are tried.
struct Explanation {
    EntitlementId chosen{};  ///< none: refused
    std::optional<Error> refusal{};
    std::vector<Candidacy> candidates{};
};

namespace rule {

/// Every step's refusal, not only the first.
[[nodiscard]] inline Candidacy examine(const Candidate& candidate, const Question& question) {
    Candidacy out;
    out.entitlement = candidate.row.id;
    out.status = status_of(candidate.row, question.now);
    out.remaining = {candidate.row.remaining, candidate.row.record->agreement.unit()};
    const auto against = [&](ErrorCode code, std::uint16_t channel = no_channel) {
        if (code != ErrorCode::none) out.reasons.push_back(refusal(candidate, question, {code, channel}));
    };
    if (!is_active(candidate.row, question.now)) against(ErrorCode::not_active);
    against(out_of_scope(candidate, question.facts.contact));
    against(out_of_scope(candidate, question.facts.product));
    against(out_of_scope(candidate, question.facts.asset));
    against(out_of_scope(candidate, question.facts.case_type));
    const Admission channel = ask_channel(candidate, question);
    against(channel.refusal);
    against(ask_terms(candidate, question, no_channel, {}));
    against(ask_channel_terms(candidate, question, channel.channel, {}), channel.channel);
    return out;
}

/// Explains an opening. A named entitlement is the only candidate.
[[nodiscard]] inline Explanation explain(const OpenCase& command, const Facts& facts) {
    Explanation out;
    const CaseFacts asked = facts_of(command);
    const Question question{asked,           facts.policy,      facts.now,
                            Moment::opening, command.decrement, needed_at_opening};
    for (std::uint32_t i = 0; i < facts.view.rows.size(); ++i) {
        if (command.entitlement && facts.view.rows[i].id != command.entitlement) continue;
        out.candidates.push_back(examine(Candidate{facts.view, i}, question));
    }
    if (command.entitlement && out.candidates.empty()) {
        out.refusal =
            refuse(facts.elsewhere ? ErrorCode::not_customers : ErrorCode::unknown_entitlement).value();
        return out;
    }
    const Selection chosen = choose(facts.view, question, command.entitlement, facts.elsewhere, {});
    if (chosen.answer.admitted()) out.chosen = facts.view.rows[chosen.row].id;
    else out.refusal = refusal(facts.view, question, command.entitlement, chosen);
    return out;
}

}  // namespace rule

}  // namespace entitle::inline v0
