#include "desk.hpp"

/// Of the desk, what is about holds.
namespace program {

entitle::Result<void> Desk::open_held(const PlannedHold& planned) {
    const Held& held = held_.back();
    const auto made = engine_.entitlement(held.customer, held.id);
    if (!made) return tl::unexpected<entitle::Error>{made.error()};
    if (cases_.contains(planned.case_key)) return entitle::refuse(entitle::ErrorCode::case_exists);
    const KnownCase opened{entitle::CaseId::from_integer(cases_opened_ + 1), held.customer};
    const auto is_open = engine_.open_case(
        {.customer = held.customer, .id = opened.id, .origin = planned.origin, .entitlement = held.id},
        made->span.begin);
    if (!is_open) return tl::unexpected<entitle::Error>{is_open.error()};
    ++cases_opened_;
    cases_.emplace(planned.case_key, opened);
    if (keeper_ != nullptr) keeper_->keep(planned.case_key, opened.id, opened.customer);
    const auto done = engine_.hold_terms(
        {.customer = held.customer, .id = opened.id, .quantity = planned.amount, .expires = planned.expires},
        made->span.begin);
    if (!done) return tl::unexpected<entitle::Error>{done.error()};
    return {};
}

}  // namespace program
