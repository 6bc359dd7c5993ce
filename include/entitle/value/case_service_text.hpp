#pragma once

#include <chrono>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "entitle/value/case_service.hpp"
#include "entitle/value/instant.hpp"
#include "entitle/value/kpi.hpp"
#include "entitle/value/limits.hpp"
#include "entitle/value/words.hpp"

/// What is kept of a case for its service levels, as stores over a database keep it.
namespace entitle::inline v0 {

namespace detail {

template <class Out>
Out write_instant(Out out, std::string_view word, Instant at) {
    return write_unless(fmt::format_to(out, " {} ", word), "never", at == KpiInstance::never, ticks(at));
}

[[nodiscard]] inline bool read_instant(Words& words, std::string_view word, Instant& out) {
    std::optional<std::int64_t> at;
    if (!words.skip(word) || !words.read_unless("never", at)) return false;
    out = at ? Instant{Instant::duration{*at}} : KpiInstance::never;
    return true;
}

[[nodiscard]] inline bool read_end(Words& words, KpiEnd& out) {
    const std::string_view word = words.next();
    for (const KpiEnd end : {KpiEnd::none, KpiEnd::met, KpiEnd::canceled}) {
        if (name_of(end) != word) continue;
        out = end;
        return true;
    }
    return false;
}

[[nodiscard]] inline bool read_kpi(Words& words, KpiInstance& kpi) {
    std::int64_t paused = 0;
    const bool is_read =
        words.skip("kpi") && words.read(kpi.kpi) && words.skip("of") && words.read_id(kpi.sla) &&
        words.skip("opening") && words.read(kpi.opening) && words.skip("end") && read_end(words, kpi.end) &&
        read_instant(words, "started", kpi.started) && read_instant(words, "warn_at", kpi.warn_at) &&
        read_instant(words, "fail_at", kpi.fail_at) &&
        read_instant(words, "paused_since", kpi.paused_since) && read_instant(words, "ended", kpi.ended) &&
        words.skip("paused") && words.read(paused);
    kpi.paused = std::chrono::microseconds{paused};
    return is_read && !kpi.sla.is_none() && kpi.kpi < max_kpis && paused >= 0 &&
           kpi.is_open() == (kpi.ended == KpiInstance::never);
}

}  // namespace detail

/// Empty where there is nothing to keep.
[[nodiscard]] inline std::string text_of(const CaseService& service) {
    std::string text;
    if (service.is_empty()) return text;
    auto out = fmt::format_to(
        std::back_inserter(text),
        "priority {} own {} {} level {} {} stage {} {} responded {} opening {} latest {}", service.priority,
        service.own.bits().hi, service.own.bits().lo, service.level.bits().hi, service.level.bits().lo,
        service.stage.name().size(), service.stage.name(), int{service.is_responded}, service.opening,
        detail::ticks(service.latest));
    for (const KpiInstance& kpi : service.kpis) {
        out = fmt::format_to(out, " kpi {} of {} {} opening {} end {}", kpi.kpi, kpi.sla.bits().hi,
                             kpi.sla.bits().lo, kpi.opening, name_of(kpi.end));
        out = detail::write_instant(out, "started", kpi.started);
        out = detail::write_instant(out, "warn_at", kpi.warn_at);
        out = detail::write_instant(out, "fail_at", kpi.fail_at);
        out = detail::write_instant(out, "paused_since", kpi.paused_since);
        out = detail::write_instant(out, "ended", kpi.ended);
        out = fmt::format_to(out, " paused {}", kpi.paused.count());
    }
    return text;
}

/// … and back; nothing where the text does not hold together.
[[nodiscard]] inline std::optional<CaseService> case_service_from(std::string_view text) {
    CaseService service;
    if (text.empty()) return service;
    detail::Words words{text};
    std::int64_t latest = 0;
    if (!words.skip("priority") || !words.read(service.priority) || !words.skip("own") ||
        !words.read_id(service.own) || !words.skip("level") || !words.read_id(service.level) ||
        !words.skip("stage") || !words.read_name(service.stage) || !words.skip("responded") ||
        !words.read_flag(service.is_responded) || !words.skip("opening") || !words.read(service.opening) ||
        !words.skip("latest") || !words.read(latest)) {
        return std::nullopt;
    }
    service.latest = Instant{Instant::duration{latest}};
    while (!words.at_end()) {
        KpiInstance& kpi = service.kpis.emplace_back();
        if (!detail::read_kpi(words, kpi)) return std::nullopt;
        if (kpi.is_open() && kpi.sla != service.level) return std::nullopt;
        if (service.kpis.size() > max_case_promises + max_kpis) return std::nullopt;
    }
    return service;
}

}  // namespace entitle::inline v0
