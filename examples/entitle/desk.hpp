#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <entitle/engine.hpp>
#include <entitle/store/store.hpp>

#include "event.hpp"
#include "key_keeper.hpp"
#include "key_table.hpp"
#include "plan.hpp"

namespace program {

/// What came of an event. The texts live as long as the desk, or are static.
struct Answer {
    std::string_view outcome = "ok";  ///< or an error's name
    std::string_view reason{};        ///< of `not_entitled`
    std::string_view entitlement{};
    std::int64_t quantity = 0;                ///< base units, signed
    std::optional<std::int64_t> remaining{};  ///< where not refused
    std::string channel{};                    ///< as the plan wrote it
    std::int64_t channel_remaining = 0;       ///< of the channel, where there is one
    std::optional<BadRow> bad{};              ///< the row is no event after all, and why

    [[nodiscard]] bool is_ok() const { return outcome == "ok"; }
};

/// An entitlement, by the key that the files know it by.
struct Held {
    std::string key{};
    entitle::EntitlementId id{};
    entitle::CustomerId customer{};
    std::uint64_t next_renewal = 2;  ///< no smaller number is free
    /// The numbers of the commands that issued its top-ups, in their order: the files count them from 1.
    std::vector<std::uint64_t> top_ups{};
};

/// A host of the library: an engine over a store, and what the engine does not keep, the text keys of the
/// files. Here, other than for the library, a case key is one case, whoever its customer.
class Desk {
public:
    /// Over a store that outlives it. Where a keeper is given, its keys outlive it too.
    Desk(const entitle::Policy& policy, entitle::Store& store, KeyKeeper* keeper);

    /// Makes and activates an entitlement.
    [[nodiscard]] entitle::Result<void> grant(const PlannedEntitlement& planned, const std::string& key,
                                              const std::string& customer);
    /// Issues a top-up of the plan to the entitlement that was granted last, at the instant of its activation.
    [[nodiscard]] entitle::Result<void> issue(const PlannedEntitlement& planned, const PlannedTopUp& top_up);
    /// Opens a case on the entitlement that was granted last, at its first instant, and holds terms for it.
    [[nodiscard]] entitle::Result<void> open_held(const PlannedHold& planned);
    [[nodiscard]] entitle::Result<void> set_template(const PlannedTemplate& planned);
    [[nodiscard]] entitle::Result<void> set_rule(const PlannedRule& planned);
    [[nodiscard]] bool has_entitlement(std::string_view key) const {
        return find_entitlement(key) != nullptr;
    }
    [[nodiscard]] Answer apply(const Event& event);

    /// Its place among all, in the order in which they were made, and its key.
    [[nodiscard]] std::size_t place_of(entitle::EntitlementId id) const { return places_.at(id); }
    [[nodiscard]] const std::string& key_of(entitle::EntitlementId id) const {
        return held_[place_of(id)].key;
    }
    [[nodiscard]] const entitle::Engine& engine() const { return engine_; }
    /// What the entitlement's agreement says; none where there is no such entitlement.
    [[nodiscard]] entitle::SlaId service_level_of(std::string_view entitlement) const;
    /// What the store itself failed with, if it did: no refusal, the end.
    [[nodiscard]] const std::optional<entitle::Error>& failure() const { return failure_; }

private:
    struct KnownCase {
        entitle::CaseId id{};
        entitle::CustomerId customer{};
    };

    /// When the plan's agreements are written down and activated: before their coverage, whenever that begins,
    /// since their periods count from there.
    [[nodiscard]] static entitle::Instant instant_before(const entitle::Coverage& coverage);

    [[nodiscard]] Answer open(const Event& event);
    [[nodiscard]] Answer change(const Event& event);
    [[nodiscard]] Answer resolve(const KnownCase& known, const Event& event);
    [[nodiscard]] Answer hold(const KnownCase& known, const Event& event);
    [[nodiscard]] Answer change_entitlement(const KnownCase& known, const Event& event);
    [[nodiscard]] Answer remove(const KnownCase& known, const Event& event);
    [[nodiscard]] Answer manage(const Event& event);
    [[nodiscard]] Answer purchase(const Event& event);
    [[nodiscard]] Answer renew(Held& old, const Event& event);
    [[nodiscard]] Answer top_up(Held& held, const Event& event);
    [[nodiscard]] Answer void_top_up(const Held& held, const Event& event);
    [[nodiscard]] const Held* find_entitlement(std::string_view key) const;
    void hold(Held made);
    [[nodiscard]] std::string free_key(const std::string& from, std::uint64_t& next) const;
    [[nodiscard]] entitle::Scope scope_of(const PlannedEntitlement& planned);
    void keep_level(const PlannedEntitlement& planned);

    /// The customer's rows as they are now, and the case, for as long as it lives.
    class Look {
    public:
        Look(Desk& desk, const KnownCase& known);
        Look(const Look&) = delete;
        Look& operator=(const Look&) = delete;
        ~Look() { store_.abandon(); }

        [[nodiscard]] const entitle::View& operator*() const { return view_; }
        [[nodiscard]] const entitle::View* operator->() const { return &view_; }

    private:
        entitle::Store& store_;
        entitle::View view_;
    };

    [[nodiscard]] entitle::Channel origin_of(const KnownCase& known);
    /// What a case's resolution would count, where it is open and decrements.
    [[nodiscard]] std::optional<entitle::Unit> counted_by(const KnownCase& known);
    [[nodiscard]] Answer refused(const entitle::Error& error);
    [[nodiscard]] Answer told(const entitle::Outcome& outcome, const KnownCase& known);
    [[nodiscard]] Answer told(const entitle::Outcome& outcome, const KnownCase& known,
                              const entitle::Channel& origin);
    [[nodiscard]] Answer told_at(entitle::Instant now, const entitle::View& view, std::uint32_t row,
                                 Answer answer, const entitle::Channel& origin) const;

    entitle::Store& store_;
    KeyKeeper* keeper_;
    entitle::Engine engine_;
    std::optional<entitle::Error> failure_;
    KeyTable<entitle::CustomerId> customer_ids_;
    KeyTable<entitle::ContactId> contact_ids_;
    KeyTable<entitle::ProductId> product_ids_;
    KeyTable<entitle::AssetId> asset_ids_;
    KeyTable<entitle::CaseTypeId> case_type_ids_;
    std::map<std::string, KnownCase, std::less<>> cases_;
    std::uint64_t cases_opened_ = 0;
    KeyTable<entitle::TemplateId> template_ids_;
    std::set<std::string> levels_;                ///< service levels whose keys the keeper has been told
    KeyTable<entitle::PurchaseId> purchase_ids_;  ///< of those that were answered
    std::map<entitle::PurchaseId, entitle::CustomerId> buyers_;
    std::deque<Held> held_;  // a deque: answers point into it
    std::map<std::string, std::size_t, std::less<>> by_key_;
    std::map<entitle::EntitlementId, std::size_t> places_;
};

}  // namespace program
