#pragma once

#include <cstdint>
#include <string_view>

#include <fmt/format.h>
#include <tl/expected.hpp>

#include "entitle/value/calendar_part.hpp"
#include "entitle/value/case_state.hpp"
#include "entitle/value/channel.hpp"
#include "entitle/value/command_kind.hpp"
#include "entitle/value/error_code.hpp"
#include "entitle/value/format.hpp"
#include "entitle/value/id.hpp"
#include "entitle/value/quantity.hpp"
#include "entitle/value/status.hpp"

namespace entitle::inline v0 {

/// Why a command or query was refused: the code, the command that met it, and the facts that the sentence
/// needs. Trivially copyable; making or copying one allocates nothing. Facts that a code has no use for
/// keep their defaults. `fmt::format("{}", error)` is the sentence.
struct Error {
    ErrorCode code = ErrorCode::none;
    CommandKind command = CommandKind::none;
    /// `not_entitled` only: the failure of the candidate that got furthest, or `no_entitlement`.
    ErrorCode reason = ErrorCode::none;
    Status status = Status::draft;           ///< of the entitlement
    CaseState state = CaseState::open;       ///< of the case
    CalendarPart part = CalendarPart::none;  ///< of business hours and service levels: the list that is wrong
    std::uint16_t position = 0;              ///< in that list, from 1; 65,535 stands for all that follow
    EntitlementId entitlement{};
    CaseId support_case{};
    Channel channel{};
    Quantity needed{};     ///< what was asked for
    Quantity remaining{};  ///< what is left of it
    Quantity limit{};      ///< what was agreed, or the bound that was passed

    friend bool operator==(const Error&, const Error&) = default;
};

/// The value, or why there is none. Always `tl::expected`, whatever the host's standard library has.
template <class T>
using Result = tl::expected<T, Error>;

/// A refusal with no facts but its code; the engine fills in the command.
[[nodiscard]] constexpr tl::unexpected<Error> refuse(ErrorCode code) {
    Error error;
    error.code = code;
    return tl::unexpected<Error>{error};
}

namespace detail {

/// The sentence of a code whose facts are elsewhere (`Error::remaining`, `Error::status` …) or none.
[[nodiscard]] constexpr std::string_view sentence(ErrorCode code) {
    switch (code) {
        using enum ErrorCode;
        case none: return "no error";
        case id_missing: return "an id is needed here";
        case customer_missing: return "a customer is needed here";
        case name_length: return "a name has 1 to 100 characters";
        case description_length: return "a description has at most 2,000 characters";
        case not_utf8: return "the text is not UTF-8";
        case start_after_end: return "the first day lies after the last";
        case day_invalid: return "there is no such day";
        case unknown_time_zone: return "the time zone is not in this system's database";
        case total_missing: return "a total is needed here";
        case total_not_allowed: return "coverage only has no total";
        case total_not_whole: return "the total is not a whole number of what is counted";
        case total_out_of_range: return "a total lies between 0 and 100,000,000,000 terms";
        case not_a_number: return "the text is not an amount";
        case currency_missing: return "an amount of money needs a currency";
        case currency_unknown: return "the currency is not in ISO 4217";
        case currency_not_allowed: return "only money has a currency";
        case unit_mismatch: return "the amounts are not of one unit";
        case hours_need_resolution: return "hours and money are known, and used, at resolution only";
        case duplicate_channel: return "the channel is listed twice";
        case channel_name: return "a channel has 1 to 31 bytes of UTF-8";
        case channel_without_entitlement: return "the channel's row belongs to no entitlement";
        case too_many_channels: return "an entitlement keeps at most 250 channels";
        case scope_item_missing: return "a scope lists something without an id";
        case too_many_scope_items: return "a scope lists at most 10,000 things of one sort";
        case too_many_entitlements: return "a customer has at most 10,000 entitlements";
        case discount_out_of_range: return "a discount lies between 0 and 100 percent";
        case duplicate_id: return "an entitlement with this id exists";
        case unknown_entitlement: return "there is no such entitlement";
        case already_active: return "the entitlement is active already";
        case already_draft: return "the entitlement is a draft already";
        case already_canceled: return "the entitlement is canceled already";
        case cannot_expire: return "only time makes an entitlement expire, and its end has not come";
        case in_use: return "cases refer to the entitlement";
        case has_history: return "the entitlement has been used: what it counts is fixed";
        case reason_missing: return "a correction needs a reason";
        case nothing_to_adjust: return "the correction moves nothing";
        case unknown_case: return "there is no such case";
        case case_exists: return "a case with this id exists, opened with other facts";
        case amount_out_of_range: return "an amount spent is not negative";
        case reopen_too_late: return "the case was resolved too long ago to be reopened";
        case nothing_to_hold: return "the case uses no terms when it is resolved";
        case not_customers: return "the entitlement is not this customer's";
        case contact_out_of_scope: return "the contact is not one the entitlement covers";
        case product_out_of_scope: return "the product is not one the entitlement covers";
        case asset_out_of_scope: return "the asset is not one the entitlement covers";
        case case_type_out_of_scope: return "the type of case is not one the entitlement covers";
        case no_entitlement: return "the customer has no entitlement";
        case request_id_reused: return "the request id was used for a command with other arguments";
        case policy_mismatch: return "the store was written under another policy";
        case unknown_policy: return "there is no such policy, or no such choice in it";
        case outcome_count: return "a batch needs room for one outcome per command";
        case seal_broken: return "the customer's ledger is not what was sealed";
        case not_sealed: return "the customer's ledger is not sealed so far";
        case period_length: return "a period lasts 1 to 65,535 days, weeks, months or years";
        case period_not_allowed: return "coverage only has no total, and so none that comes anew";
        case rollover_out_of_range:
            return "a rollover is not negative, and with the total at most 100,000,000,000 terms";
        case too_many_periods:
            return "more periods have ended since the last command than one can record: command something "
                   "at an earlier instant first";
        case top_up_span: return "a top-up ends after it begins, and after now";
        case too_many_top_ups: return "an entitlement has at most 1,000 top-ups at a time";
        case unknown_top_up: return "there is no such top-up, or it has ended";
        case top_ups_open: return "entries of top-ups that have not ended stay in the ledger";
        case hold_expired: return "a hold expires later than now";
        case too_many_holds: return "at most 1,000 holds of an entitlement expire";
        case holds_open: return "entries of holds that expire, and have not, stay in the ledger";
        case boundaries_referred:
            return "later entries count boundaries again, or end top-ups, whose entries would be archived";
        case low_water_invalid:
            return "a mark is an amount from 0 up, or a share of 0 to 100 percent, of what is counted; at "
                   "most 8";
        case unknown_template: return "there is no such template";
        case template_length: return "a template lasts 1 to 65,535 days or months";
        case template_in_use: return "assignment rules refer to the template";
        case quantity_out_of_range: return "a purchase is of 1 or more, and a rule for 0 or more";
        case no_rule: return "no assignment rule is for so many, or so few, of the product";
        case purchase_exists:
            return "the purchase was made with other facts, or what was assigned for it has been removed";
        case window_out_of_range: return "a forecast looks back 1 to 36,525 days";
        case hours_invalid: return "hours run from one time of the day to a later one, within 0:00 and 24:00";
        case hours_overlap: return "the hours overlap others of the same day";
        case shift_twice: return "the day has a shift already";
        case duration_negative: return "business time to move by is not negative";
        case never_open: return "the calendar is never open";
        case calendar_exhausted: return "the calendar is not open for so long in that direction";
        case unknown_calendar: return "there is no such calendar";
        case no_kpi: return "a service level promises something";
        case too_many_kpis: return "a service level has at most 100 KPIs";
        case duplicate_kpi: return "another KPI has this name";
        case duration_too_long: return "a KPI has at most 100 years of 365 days";
        case warned_too_late: return "it is warned of after it is missed";
        case unknown_kpi: return "the service level has no such KPI";
        case kpi_not_own: return "responses and resolutions are told by commands of their own";
        case kpi_not_open: return "nothing of this KPI is waited for";
        case unknown_service_level: return "there is no such service level";
        case service_level_exists: return "a service level with this id exists, and promises something else";
        case store_limit: return "the store is full: one of its stated limits is reached";
        case file_exists: return "the file is there already, and is not written over";
        case not_a_database: return "the file is not a database, or has nothing of this library in it";
        case database_corrupt:
            return "the database does not hold together: it is damaged, cut short or was edited";
        case schema_newer: return "the database was written by a newer version of the library";
        case store_busy: return "another process or connection holds the database; nothing happened";
        case store_read_only: return "the database cannot be written to";
        case store_full: return "there is no room left for the database; nothing happened";
        case store_unavailable: return "the database cannot be opened";
        case store_io: return "the file could not be read or written; nothing was reported done";
        case store_forked: return "a store is not used after fork: open it again in the child";
        case store_memory: return "the database ran out of memory; nothing happened";
        case transaction_lost:
            return "the database ended the host's transaction: roll it back and begin again";
        case store_failed: return "the store failed";
        case outcome_unknown:
            return "the connection was lost while the outcome was on its way: ask again, with the same "
                   "request id";
        default: return {};
    }
}

}  // namespace detail

}  // namespace entitle::inline v0

/// One sentence with the facts in it, and the code: `phone: 0 cases of 2 cases left (channel_exhausted)`.
template <>
struct fmt::formatter<entitle::Error> : entitle::detail::PlainFormatter {
    auto format(const entitle::Error& error, fmt::format_context& ctx) const {
        return fmt::format_to(body(error, ctx.out()), " ({})", error.code);
    }

private:
    static fmt::appender body(const entitle::Error& e, fmt::appender out) {
        using entitle::ErrorCode;
        switch (e.code) {
            case ErrorCode::not_entitled: {
                entitle::Error nearest = e;
                nearest.code = e.reason;
                out = fmt::format_to(out, "no entitlement admits the case; the nearest says: ");
                return fmt::format_to(body(nearest, out), " ({})", e.reason);
            }
            case ErrorCode::terms_exhausted:
                return fmt::format_to(out, "{} needed, {} of {} left", e.needed, e.remaining, e.limit);
            case ErrorCode::channel_exhausted:
                return fmt::format_to(out, "{}: {} needed, {} of {} left", e.channel, e.needed, e.remaining,
                                      e.limit);
            case ErrorCode::channel_not_listed:
                return fmt::format_to(out, "{}: not a channel of the entitlement", e.channel);
            case ErrorCode::channel_exceeds_total:
                return fmt::format_to(out, "{}: {} is more than the total of {}", e.channel, e.needed,
                                      e.limit);
            case ErrorCode::total_below_used:
                return fmt::format_to(out, "{} agreed, but what was used leaves {}", e.limit, e.remaining);
            case ErrorCode::remaining_above_total:
                return fmt::format_to(out, "{} left of a total of {}", e.remaining, e.limit);
            case ErrorCode::terms_overflow:
                return fmt::format_to(out, "{} left and {} more pass the limit of 100,000,000,000 terms",
                                      e.remaining, e.needed);
            case ErrorCode::case_state: return fmt::format_to(out, "the case is {}", e.state);
            case ErrorCode::not_draft:
            case ErrorCode::not_active:
            case ErrorCode::cannot_activate:
            case ErrorCode::cannot_deactivate:
            case ErrorCode::cannot_cancel:
            case ErrorCode::cannot_renew:
            case ErrorCode::cannot_delete: return fmt::format_to(out, "the entitlement is {}", e.status);
            default: break;
        }
        if (e.part != entitle::CalendarPart::none) out = fmt::format_to(out, "{} {}: ", e.part, e.position);
        return fmt::format_to(out, "{}", entitle::detail::sentence(e.code));
    }
};
