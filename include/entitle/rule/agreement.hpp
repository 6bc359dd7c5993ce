#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "entitle/value/agreement.hpp"
#include "entitle/value/checks.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/limits.hpp"
#include "entitle/value/zone.hpp"

/// Section 2: what makes an agreement valid, field by field.
namespace entitle::inline v0::rule {

/// Both days exist, and the first is not after the last.
[[nodiscard]] inline Result<void> check_days(const Coverage& coverage) {
    if (!coverage.first_day.ok() || !coverage.last_day.ok()) return refuse(ErrorCode::day_invalid);
    if (coverage.first_day > coverage.last_day) return refuse(ErrorCode::start_after_end);
    return {};
}

/// The total suits what is counted. Fills in the allocation where only the total says it.
[[nodiscard]] inline Result<void> check_terms(Terms& terms) {
    if (!terms.allocation) {
        if (!terms.total) return refuse(ErrorCode::total_missing);
        terms.allocation = terms.total->unit.allocation;
    }
    if (*terms.allocation == Allocation::coverage_only) {
        return terms.total ? Result<void>{refuse(ErrorCode::total_not_allowed)} : Result<void>{};
    }
    if (!terms.total) return refuse(ErrorCode::total_missing);
    const Quantity total = *terms.total;
    if (total.unit.allocation != *terms.allocation) return refuse(ErrorCode::unit_mismatch);
    const bool money = *terms.allocation == Allocation::money;
    if (money && total.unit.currency == Currency{}) return refuse(ErrorCode::currency_missing);
    if (!money && total.unit.currency != Currency{}) return refuse(ErrorCode::currency_not_allowed);
    if (total.value < 0 || !within_terms(total.value, total.unit.per_term())) {
        return refuse(ErrorCode::total_out_of_range);
    }
    const bool known_late = money || *terms.allocation == Allocation::hours;
    if (known_late && terms.decrease_on != DecreaseOn::resolution)
        return refuse(ErrorCode::hours_need_resolution);
    return {};
}

/// The unit that the channels' totals are in: coverage only counts cases.
[[nodiscard]] inline Unit channel_unit(const Agreement& agreement) {
    const Unit unit = agreement.unit();
    return unit.allocation == Allocation::coverage_only ? Unit{Allocation::cases, {}} : unit;
}

/// One channel's own total.
[[nodiscard]] inline Result<void> check_channel(const Agreement& agreement, const ChannelTerms& terms) {
    if (terms.channel.is_none()) return refuse(ErrorCode::channel_name);
    const Unit unit = channel_unit(agreement);
    if (terms.total.unit != unit) return refuse(ErrorCode::unit_mismatch);
    if (terms.total.value < 0 || !within_terms(terms.total.value, unit.per_term())) {
        return refuse(ErrorCode::total_out_of_range);
    }
    if (agreement.terms.total && terms.total.value > agreement.terms.total->value) {
        Error error;
        error.code = ErrorCode::channel_exceeds_total;
        error.channel = terms.channel;
        error.needed = terms.total;
        error.limit = *agreement.terms.total;
        return tl::unexpected<Error>{error};
    }
    return {};
}

/// Each channel at most once, each total at most the agreement's; their sum may exceed it (S4).
[[nodiscard]] inline Result<void> check_channels(const Agreement& agreement) {
    const auto& channels = agreement.channels;
    if (channels.size() > max_channels) return refuse(ErrorCode::too_many_channels);
    for (std::size_t i = 0; i < channels.size(); ++i) {
        if (auto checked = check_channel(agreement, channels[i]); !checked) return checked;
        for (std::size_t k = 0; k < i; ++k) {
            if (channels[k].channel != channels[i].channel) continue;
            Error error;
            error.code = ErrorCode::duplicate_channel;
            error.channel = channels[i].channel;
            return tl::unexpected<Error>{error};
        }
    }
    return {};
}

/// One mark: an amount or a share, of the total or of a listed channel. Coverage only has nothing to share out.
[[nodiscard]] inline Result<void> check_mark(const Agreement& agreement, const LowWater& mark) {
    const bool is_amount = mark.left && mark.percent == 0 && mark.left->unit == channel_unit(agreement) &&
                           mark.left->value >= 0 &&
                           within_terms(mark.left->value, mark.left->unit.per_term());
    const bool is_share =
        !mark.left && mark.percent >= 0 && mark.percent <= 100 && agreement.terms.total.has_value();
    if (!is_amount && !is_share) return refuse(ErrorCode::low_water_invalid);
    const auto is_its = [&](const ChannelTerms& terms) { return terms.channel == mark.channel; };
    if (mark.channel.is_none() || std::any_of(agreement.channels.begin(), agreement.channels.end(), is_its))
        return {};
    Error error;
    error.code = ErrorCode::channel_not_listed;
    error.channel = mark.channel;
    return tl::unexpected<Error>{error};
}

/// At most 8 marks, no two the same: `low_water_invalid`; of a channel that is not listed: `channel_not_listed`.
[[nodiscard]] inline Result<void> check_low_water(const Agreement& agreement) {
    const auto& marks = agreement.low_water;
    if (marks.size() > max_low_water) return refuse(ErrorCode::low_water_invalid);
    for (auto mark = marks.begin(); mark != marks.end(); ++mark) {
        if (auto checked = check_mark(agreement, *mark); !checked) return checked;
        if (std::find(marks.begin(), mark, *mark) != mark) return refuse(ErrorCode::low_water_invalid);
    }
    return {};
}

/// Section 8: terms that come anew. What is carried over has the total's unit, and fits with it into a
/// balance.
[[nodiscard]] inline Result<void> check_period(const Agreement& agreement) {
    if (!agreement.period) return {};
    const PeriodTerms& period = *agreement.period;
    if (!agreement.terms.total) return refuse(ErrorCode::period_not_allowed);
    if (period.cycle.every == 0 || period.cycle.step > Cycle::Step::years)
        return refuse(ErrorCode::period_length);
    if (period.cycle.anchor && !period.cycle.anchor->ok()) return refuse(ErrorCode::day_invalid);
    if (!period.rollover) return {};
    const Quantity most = *period.rollover;
    if (most.unit != agreement.unit()) return refuse(ErrorCode::unit_mismatch);
    const std::int64_t room = max_terms * most.unit.per_term() - agreement.total();
    return most.value < 0 || most.value > room ? Result<void>{refuse(ErrorCode::rollover_out_of_range)}
                                               : Result<void>{};
}

/// Every rule of section 2 for what was agreed; the coverage's instants come back.
[[nodiscard]] inline Result<Span> check_agreement(Agreement& agreement, const std::optional<Zone>& zone) {
    const auto first_failure = [&]() -> Result<void> {
        if (auto checked = check_text(agreement.name, 1, max_name, ErrorCode::name_length); !checked)
            return checked;
        if (auto checked =
                check_text(agreement.description, 0, max_description, ErrorCode::description_length);
            !checked) {
            return checked;
        }
        if (auto checked = check_days(agreement.coverage); !checked) return checked;
        if (!zone) return refuse(ErrorCode::unknown_time_zone);
        if (auto checked = check_terms(agreement.terms); !checked) return checked;
        if (auto checked = check_period(agreement); !checked) return checked;
        if (auto checked = check_channels(agreement); !checked) return checked;
        if (auto checked = check_low_water(agreement); !checked) return checked;
        if (auto checked = check_scope(agreement.scope); !checked) return checked;
        if (agreement.discount_percent < 0 || agreement.discount_percent > 100) {
            return refuse(ErrorCode::discount_out_of_range);
        }
        return {};
    }();
    if (!first_failure) return tl::unexpected<Error>{first_failure.error()};
    const date::local_days first{agreement.coverage.first_day};
    const date::local_days last{agreement.coverage.last_day};
    return Span{zone->start_of(first), zone->start_of(last + date::days{1})};
}

}  // namespace entitle::inline v0::rule
