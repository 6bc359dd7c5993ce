#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "entitle/rule/agreement.hpp"
#include "entitle/rule/grant.hpp"
#include "entitle/rule/renewal.hpp"
#include "entitle/value/template.hpp"
#include "entitle/value/template_command.hpp"

/// Templates: what makes one valid, and what is made from one (section 7).
namespace entitle::inline v0::rule {

/// The coverage of what is made from a template at an instant.
[[nodiscard]] inline Coverage coverage_from(const Template& from, const Zone& zone, Instant now) {
    if (!from.lasts) return from.agreement.coverage;
    const Day today = zone.day_at(now);
    const int count = from.lasts->count;
    const Day last = from.lasts->step == Length::Step::months
                         ? last_of_months(today, date::months{count})
                         : Day{date::sys_days{today} + date::days{count - 1}};
    return {today, last, from.agreement.coverage.time_zone};
}

/// Every rule of section 2 for what would be made from it, on some day where its coverage begins on the day of use.
/// Takes away what a template has no use for.
[[nodiscard]] inline Result<void> check_template(Template& made, const std::optional<Zone>& zone) {
    if (made.id.is_none()) return refuse(ErrorCode::id_missing);
    if (made.lasts && (made.lasts->count == 0 || made.lasts->step > Length::Step::months)) {
        return refuse(ErrorCode::template_length);
    }
    made.agreement.made_from = {};
    Coverage& coverage = made.agreement.coverage;
    if (!zone) return refuse(ErrorCode::unknown_time_zone);
    if (made.lasts) coverage = coverage_from(made, *zone, Instant{});
    const auto checked = check_agreement(made.agreement, zone);
    if (made.lasts) coverage.first_day = coverage.last_day = Day{};
    return checked ? Result<void>{} : tl::unexpected<Error>{checked.error()};
}

[[nodiscard]] inline const Template* find_template(const Catalog& catalog, TemplateId id) {
    const auto found = std::find_if(catalog.templates.begin(), catalog.templates.end(),
                                    [id](const Template& one) { return one.id == id; });
    return found == catalog.templates.end() ? nullptr : &*found;
}

/// The template that a command is to use, as far as the catalog has it.
[[nodiscard]] inline const Template* template_of(const Instantiate& command, const Catalog& catalog) {
    return find_template(catalog, command.from);
}

/// Puts what a template makes into the plan, as `insert` does.
[[nodiscard]] inline Result<void> insert_from(Plan& plan, const Facts& facts, const Template* from,
                                              Phase phase, bool is_default) {
    if (from == nullptr) return refuse(ErrorCode::unknown_template);
    if (!facts.zone) return refuse(ErrorCode::unknown_time_zone);
    Agreement agreement = from->agreement;
    agreement.coverage = coverage_from(*from, *facts.zone, facts.now);
    agreement.made_from = from->id;
    return insert(plan, facts, std::move(agreement), phase, is_default);
}

[[nodiscard]] inline Result<void> decide(const Instantiate& command, const Facts& facts, Plan& plan) {
    begin_plan(plan, command, facts);
    if (command.customer.is_none()) return refuse(ErrorCode::customer_missing);
    const Template* from = template_of(command, *facts.catalog);
    if (auto made = insert_from(plan, facts, from, Phase::draft, command.is_default); !made) return made;
    note(plan, no_row);
    return {};
}

}  // namespace entitle::inline v0::rule
