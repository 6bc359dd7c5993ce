#include "host/failure.hpp"

#include <fmt/format.h>

namespace program {

using entitle::ErrorCode;

namespace {

/// The store's own come last, what is written down for an agreement first.
[[nodiscard]] ExitStatus status_for(ErrorCode code) {
    if (code >= ErrorCode::store_limit) return ExitStatus::storage;
    return code < ErrorCode::duplicate_id ? ExitStatus::misuse : ExitStatus::refused;
}

[[nodiscard]] std::string_view advice_on(ErrorCode code) {
    switch (code) {
        case ErrorCode::not_entitled: return "`entitle check` tells what each entitlement says";
        case ErrorCode::not_draft: return "deactivate it first, or revise it with --amend";
        case ErrorCode::has_history: return "renew it, and revise the new draft";
        case ErrorCode::in_use: return "cancel it instead: its cases keep it";
        case ErrorCode::terms_exhausted:
        case ErrorCode::channel_exhausted: return "`entitle top-up add` adds terms";
        case ErrorCode::template_in_use: return "remove its rules first";
        case ErrorCode::no_rule: return "`entitle rule list` shows the rules";
        case ErrorCode::unknown_service_level:
        case ErrorCode::unknown_kpi: return "`entitle sla list` shows those there are";
        case ErrorCode::kpi_not_own: return "use `entitle case respond` or `entitle case resolve`";
        case ErrorCode::kpi_not_open: return "`entitle sla show` tells what is promised to the case";
        case ErrorCode::request_id_reused: return "give this command a request of its own";
        case ErrorCode::policy_mismatch: return "make a desk of its own for the other policy";
        case ErrorCode::store_busy: return "try again";
        case ErrorCode::transaction_lost: return "nothing happened: try again";
        case ErrorCode::schema_newer: return "use a newer `entitle`";
        case ErrorCode::database_corrupt: return "go back to a backup";
        default: return {};
    }
}

}  // namespace

Failure failure_of(const entitle::Error& error) {
    const std::string_view advice = advice_on(error.code);
    return {status_for(error.code), std::string{entitle::name_of(error.code)},
            fmt::format("{}{}{}", error, advice.empty() ? "" : "; ", advice),
            error.reason == ErrorCode::none ? std::string{} : std::string{entitle::name_of(error.reason)}};
}

}  // namespace program
