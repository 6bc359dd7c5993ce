#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "entitle/engine.hpp"

/// The engine's care for the ledger: audits, seals, archives.
namespace entitle::inline v0 {

/// An auditor that starts where the customer's ledger does, and knows its seals.
inline Result<ledger::Auditor> Engine::auditor_of(CustomerId customer, std::span<const Seal> kept) const {
    const auto bases = all<Base>({customer, {}});
    if (!bases) return tl::unexpected<Error>{bases.error()};
    auto heads = all<Seal>({customer, {}});
    if (!heads) return tl::unexpected<Error>{heads.error()};
    ledger::Auditor auditor{customer};
    if (!bases->empty()) auditor.start_from(bases->front());
    for (const Seal& seal : kept) {
        if (seal.customer == customer) heads->push_back(seal);
    }
    auditor.expect(std::move(*heads));
    return auditor;
}

/// What the store holds of a customer, against what its entries told.
inline Result<void> Engine::audit_held(ledger::Auditor& auditor, AuditReport& report) const {
    const auto held = entitlements(auditor.customer());
    if (!held) return tl::unexpected<Error>{held.error()};
    const auto known = cases(auditor.customer());
    if (!known) return tl::unexpected<Error>{known.error()};
    ++report.customers;
    report.entitlements += held->size();
    report.cases += known->size();
    report.first = auditor.finish(*held, *known);
    return {};
}

/// Every entry against those before it, customer by customer.
inline Result<void> Engine::audit_entries(std::span<const Seal> kept,
                                          const std::function<void(const AuditReport&)>& progress,
                                          std::set<CustomerId>& audited, AuditReport& report) const {
    std::optional<ledger::Auditor> auditor;
    std::vector<Entry> page;
    for (Cursor cursor; !cursor.done; page.clear()) {
        if (auto scanned = store_->scan({}, cursor, page); !scanned) return scanned;
        for (const Entry& entry : page) {
            if (!auditor || auditor->customer() != entry.customer) {
                const auto held = auditor ? audit_held(*auditor, report) : Result<void>{};
                if (!held || report.first) return held;
                auto next = auditor_of(entry.customer, kept);
                if (!next) return tl::unexpected<Error>{next.error()};
                auditor.emplace(std::move(*next));
                audited.insert(entry.customer);
            }
            ++report.entries;
            report.first = auditor->add(entry);
            if (report.first) return {};
        }
        if (progress) progress(report);
    }
    return auditor ? audit_held(*auditor, report) : Result<void>{};
}

/// Customers without an entry: all archived, or cut off, or never there.
inline Result<void> Engine::audit_others(std::span<const Seal> kept, std::set<CustomerId>& audited,
                                         AuditReport& report) const {
    const auto bases = all<Base>({});
    if (!bases) return tl::unexpected<Error>{bases.error()};
    auto expected = all<Seal>({});
    if (!expected) return tl::unexpected<Error>{expected.error()};
    for (const Base& base : *bases) expected->push_back(base.seal);
    expected->insert(expected->end(), kept.begin(), kept.end());
    for (const Seal& seal : *expected) {
        if (report.first || !audited.insert(seal.customer).second) continue;
        auto auditor = auditor_of(seal.customer, kept);
        if (!auditor) return tl::unexpected<Error>{auditor.error()};
        if (auto held = audit_held(*auditor, report); !held) return held;
    }
    return {};
}

inline Result<AuditReport> Engine::audit(std::span<const Seal> kept,
                                         const std::function<void(const AuditReport&)>& progress) const {
    AuditReport report;
    std::set<CustomerId> audited;
    auto looked = audit_entries(kept, progress, audited, report);
    if (looked && !report.first) looked = audit_others(kept, audited, report);
    if (!looked) return tl::unexpected<Error>{looked.error()};
    std::vector<Entitlement> page;
    for (Cursor cursor; !cursor.done && !report.first; page.clear()) {
        if (auto scanned = store_->scan({}, cursor, page); !scanned)
            return tl::unexpected<Error>{scanned.error()};
        const auto untold = std::find_if(page.begin(), page.end(), [&](const Entitlement& one) {
            return !audited.contains(one.customer);
        });
        if (untold != page.end()) report.first = ledger::never_granted(*untold);
    }
    return report;
}

inline Result<Seal> Engine::seal(CustomerId customer) {
    const auto bases = all<Base>({customer, {}});
    if (!bases) return tl::unexpected<Error>{bases.error()};
    const auto known = all<Seal>({customer, {}});
    if (!known) return tl::unexpected<Error>{known.error()};
    const auto lines = all<Entry>({customer, {}});
    if (!lines) return tl::unexpected<Error>{lines.error()};
    const Seal from = bases->empty() ? Seal{customer, 0, {}} : bases->front().seal;
    const auto heads = ledger::heads_of(from, *lines);
    const bool same = heads && known->size() <= heads->size() &&
                      std::equal(known->begin(), known->end(), heads->begin(),
                                 [](const Seal& seal, const Digest& head) { return seal.head == head; });
    if (!same) return refuse(ErrorCode::seal_broken);
    const std::span<const Digest> fresh = std::span{*heads}.subspan(known->size());
    if (!fresh.empty()) {
        const auto kept = store_->keep_heads(customer, from.number + known->size() + 1, fresh);
        if (!kept) return tl::unexpected<Error>{kept.error()};
    }
    return heads->empty() ? from : Seal{customer, from.number + heads->size(), heads->back()};
}

inline Result<std::vector<CustomerId>> Engine::customers_with_entries() const {
    std::vector<CustomerId> customers;
    std::vector<Entry> page;
    for (Cursor cursor; !cursor.done; page.clear()) {
        if (auto scanned = store_->scan({}, cursor, page); !scanned)
            return tl::unexpected<Error>{scanned.error()};
        for (const Entry& entry : page) {
            if (customers.empty() || customers.back() != entry.customer) customers.push_back(entry.customer);
        }
    }
    return customers;
}

inline Result<std::vector<Seal>> Engine::seal() {
    const auto customers = customers_with_entries();
    if (!customers) return tl::unexpected<Error>{customers.error()};
    std::vector<Seal> sealed;
    for (const CustomerId customer : *customers) {
        const auto one = seal(customer);
        if (!one) return tl::unexpected<Error>{one.error()};
        sealed.push_back(*one);
    }
    return sealed;
}

inline Result<std::vector<Seal>> Engine::seals(CustomerId customer) const {
    const auto bases = all<Base>({customer, {}});
    if (!bases) return tl::unexpected<Error>{bases.error()};
    auto heads = all<Seal>({customer, {}});
    if (!heads) return tl::unexpected<Error>{heads.error()};
    std::vector<Seal> last;
    for (const Seal& seal : *heads) {
        if (last.empty() || last.back().customer != seal.customer) last.push_back(seal);
        last.back() = seal;
    }
    for (const Base& base : *bases) {  // a customer's heads begin after its base
        const auto after = std::find_if(
            last.begin(), last.end(), [&](const Seal& seal) { return seal.customer == base.seal.customer; });
        if (after == last.end()) last.push_back(base.seal);
    }
    return last;
}

inline Result<Archive> Engine::archive(CustomerId customer, std::uint64_t through) {
    const auto bases = all<Base>({customer, {}});
    if (!bases) return tl::unexpected<Error>{bases.error()};
    const auto heads = all<Seal>({customer, {}});
    if (!heads) return tl::unexpected<Error>{heads.error()};
    auto lines = all<Entry>({customer, {}});
    if (!lines) return tl::unexpected<Error>{lines.error()};
    const auto seal =
        std::find_if(heads->begin(), heads->end(), [&](const Seal& one) { return one.number == through; });
    if (seal == heads->end()) return refuse(ErrorCode::not_sealed);
    const bool reaches_across = ledger::reach_across(*lines, through);
    std::erase_if(*lines, [&](const Entry& entry) { return entry.number > through; });
    const auto known = entitlements(customer);
    if (!known) return tl::unexpected<Error>{known.error()};
    const bool cuts = std::any_of(known->begin(), known->end(), [through](const Entitlement& one) {
        return !one.top_ups.open.empty() && one.top_ups.first <= through;
    });
    if (cuts) return refuse(ErrorCode::top_ups_open);
    for (const Entitlement& one : *known) {
        if (!one.holds.open.empty() && one.holds.open.front().entry.number <= through)
            return refuse(ErrorCode::holds_open);
    }
    if (reaches_across) return refuse(ErrorCode::boundaries_referred);
    Archive archive{bases->empty() ? Base{{customer, 0, {}}, {}, {}} : bases->front(), std::move(*lines), {}};
    archive.base = ledger::base_after(archive.former, archive.entries, seal->head);
    if (!ledger::is_whole(archive)) return refuse(ErrorCode::seal_broken);
    const auto taken = store_->archive(archive.base);
    if (!taken) return tl::unexpected<Error>{taken.error()};
    return archive;
}

}  // namespace entitle::inline v0
