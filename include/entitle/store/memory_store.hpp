#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <memory_resource>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "entitle/store/memory/block_arena.hpp"
#include "entitle/store/memory/case_services.hpp"
#include "entitle/store/memory/chunked_array.hpp"
#include "entitle/store/memory/hash_index.hpp"
#include "entitle/store/memory/records.hpp"
#include "entitle/store/store.hpp"

namespace entitle::inline v0 {

/// The reference store, and the fast one: everything in memory, nothing durable. A command in the steady
/// state allocates nothing; growth adds a chunk or splits a small table, never copies what is there.
/// Threads: as the contract says (S1).
class MemoryStore final : public Store {
public:
    struct Options {
        /// Where the tables live. Agreements and other cold text use the default allocator.
        std::pmr::memory_resource* memory = std::pmr::get_default_resource();
        /// Of the indexes: ids may be an attacker's. 0 takes one from where the store lies in memory.
        std::uint64_t hash_seed = 0;
        std::chrono::hours request_retention{24 * 30};
        /// Entries of the ledger; a command whose entries would be more than these is `store_limit`. No more than by
        /// default, whatever is asked for.
        std::uint32_t max_entries = 4'294'967'294;
        /// Room made beforehand for so many, so that none of them waits for it. More may come.
        std::size_t expected_customers = 0, expected_entitlements = 0, expected_cases = 0;
    };

    MemoryStore() : MemoryStore(Options{}) {}
    explicit MemoryStore(const Options& options);
    // (Said to be inline here too: else every file that includes this would have to compile all of it.)
    inline ~MemoryStore() override;

    [[nodiscard]] Capabilities capabilities() const override {
        return {.durable = false, .shared = false, .isolated = true, .request_retention = retention_};
    }

    [[nodiscard]] inline Result<void> begin(std::span<const Footprint> unit, Access access,
                                            std::uint64_t policy) override;
    [[nodiscard]] inline Result<void> view(const Footprint& footprint, View& out) override;
    [[nodiscard]] inline Result<Commit> history(CustomerId customer, EntitlementId entitlement,
                                                std::uint64_t from, std::vector<Entry>& out) override;
    [[nodiscard]] inline Result<Commit> stage(const Plan& plan, Receipt& receipt) override;
    [[nodiscard]] inline Result<Commit> commit() override;
    inline void abandon() noexcept override;
    [[nodiscard]] Result<void> change_policy(std::uint64_t policy) override {
        policy_ = policy;
        return {};
    }

    [[nodiscard]] inline Result<void> scan(const Filter& filter, Cursor& cursor,
                                           std::vector<Entitlement>& out) const override;
    [[nodiscard]] inline Result<void> scan(const Filter& filter, Cursor& cursor,
                                           std::vector<SupportCase>& out) const override;
    [[nodiscard]] inline Result<void> scan(const Filter& filter, Cursor& cursor,
                                           std::vector<Entry>& out) const override;
    [[nodiscard]] inline Result<void> scan(const Filter& filter, Cursor& cursor,
                                           std::vector<Seal>& out) const override;
    [[nodiscard]] inline Result<void> scan(const Filter& filter, Cursor& cursor,
                                           std::vector<Base>& out) const override;
    /// The memory of archived entries is not given back: receipts are made from it.
    [[nodiscard]] inline Result<void> archive(const Base& base) override;
    [[nodiscard]] inline Result<void> keep_heads(CustomerId customer, std::uint64_t first,
                                                 std::span<const Digest> heads) override;
    [[nodiscard]] inline Result<void> keep(const Template& made) override;
    [[nodiscard]] inline Result<void> keep(const AssignmentRule& rule) override;
    [[nodiscard]] inline Result<void> drop(TemplateId id) override;
    [[nodiscard]] inline Result<void> drop(const AssignmentRule& rule) override;
    [[nodiscard]] inline Result<void> list(TemplateId only, std::vector<Template>& out) const override;
    [[nodiscard]] inline Result<void> list(ProductId only, std::vector<AssignmentRule>& out) const override;
    [[nodiscard]] inline Result<void> keep(const ServiceTerms& terms) override;
    [[nodiscard]] inline Result<void> list(std::vector<ServiceTerms>& out) const override;
    [[nodiscard]] inline Result<void> scan(const Filter& filter, Cursor& cursor,
                                           std::vector<ServedCase>& out) const override;
    [[nodiscard]] inline Result<void> due(Instant until, CustomerId only, Cursor& cursor,
                                          std::vector<ServedCase>& out) const override;
    [[nodiscard]] inline Result<CustomerId> customer_of(EntitlementId entitlement) const override;
    [[nodiscard]] inline Result<CustomerId> customer_of(CaseId support_case) const override;

private:
    using Block = detail::CustomerBlock;
    static constexpr std::uint32_t nowhere = detail::nowhere;
    static constexpr std::uint32_t nothing = detail::HashIndex::none;
    static constexpr std::size_t slots_ahead = 16;  ///< of the command being decided, in a batch
    static constexpr std::size_t block_ahead = 8;
    static constexpr std::size_t block_lines = 6;  ///< as many as most blocks have
    static constexpr Channel no_name{};

    /// The sizes of what only grows: a unit that ends without commit goes back to them.
    struct Mark {
        std::uint32_t customers = 0, entitlements = 0, cases = 0, facts = 0, openings = 0, ledger = 0,
                      requests = 0, receipts = 0, annotations = 0;
    };
    struct SavedCase {
        std::uint32_t at;
        detail::CaseRecord record;
    };
    /// A block that another has taken the place of; it is given back when the unit commits.
    struct SavedBlock {
        std::uint32_t slot;
        std::uint32_t block;
        std::uint32_t ledger;  ///< its length then
    };
    struct SavedRequest {
        std::uint32_t hash, from, to;
    };
    /// A replaced or removed record: given back at commit.
    struct SavedRecord {
        std::uint32_t handle;
        EntitlementRecord* record;
    };

    /// How far the periods of a record had come that has stayed where it is.
    struct SavedPeriods {
        EntitlementRecord* record;
        PeriodProgress periods;
        TopUps top_ups;
        ExpiringHolds holds;
    };

    /// Where a customer and a case were found. A writing unit keeps its last view's: `stage` need not search.
    struct Seen {
        bool is_current;
        std::uint32_t case_at;
        detail::HashIndex::Spot case_spot;  ///< of a case
        Block* block;
        Uuid customer;
        Uuid support_case;
    };

    // looking
    [[nodiscard]] std::uint32_t hash(CustomerId id) const { return detail::hash_of(seed_, id.bits()); }
    [[nodiscard]] std::uint32_t hash(EntitlementId id) const { return detail::hash_of(seed_, id.bits()); }
    [[nodiscard]] std::uint32_t hash(CustomerId customer, Uuid id) const {
        return detail::hash_of(seed_, customer.bits(), id);
    }
    [[nodiscard]] std::uint32_t hash(const Channel& channel) const {
        return detail::hash_of(seed_, Uuid{channel.key().bits(), 0});
    }
    [[nodiscard]] Block* block_at(std::uint32_t reference) const {
        return reinterpret_cast<Block*>(arena_.at(reference));
    }
    [[nodiscard]] Block* block_of(std::uint32_t slot) const { return block_at(customers_[slot]); }
    void locate(CustomerId customer, CaseId support_case, Seen& at) const;
    void locate_again(const Plan& plan);
    [[nodiscard]] Block* find_customer(CustomerId id) const {
        return find_customer(id, customer_index_.spot(hash(id)));
    }
    [[nodiscard]] Block* find_customer(CustomerId id, detail::HashIndex::Spot spot) const;
    [[nodiscard]] std::uint32_t find_case(std::uint32_t slot, detail::HashIndex::Spot spot, CaseId id) const;
    [[nodiscard]] std::uint32_t find_request(std::uint32_t slot, CustomerId customer, RequestId id) const;
    [[nodiscard]] std::uint32_t find_entitlement(const Block* block, EntitlementId id) const;
    [[nodiscard]] bool is_referred(const Block& block, EntitlementId id) const;
    void show_case(const detail::CaseRecord& record, SupportCase& out) const;
    static void show_rows(Block& block, View& out);
    [[nodiscard]] Instant until_of(const detail::LedgerRecord& record) const;
    void show_apart(const detail::LedgerRecord& record, SupportCase& out) const;
    void show_found(std::uint32_t at, View& out) const;
    [[nodiscard]] ServedCase served_case(std::uint32_t at, const CaseService& service) const;
    void look_for_request(const Footprint& footprint, const Block& block, View& out) const;
    void show_first(const detail::RequestRecord& record, Remembered& out) const;
    [[nodiscard]] Receipt receipt_of(std::uint32_t last_entry) const;
    [[nodiscard]] Entry entry_of(const detail::LedgerRecord& record) const;
    [[nodiscard]] const Channel& name_at(std::uint32_t at) const {
        return at == nowhere ? no_name : names_[at];
    }
    void prefetch_slots(const Footprint& footprint) const;
    void prefetch_block(const Footprint& footprint) const;
    void prefetch_unit(std::span<const Footprint> unit, bool all) const;
    void prefetch_ahead(const Footprint& footprint) const;

    // checking what a plan relied on
    [[nodiscard]] bool still_holds(const Plan& plan, const Seen& at) const;

    // applying it
    void apply(const Plan& plan, std::span<const PlannedEntry> entries, const Seen& at, Receipt& receipt);
    void pass_boundaries(const Plan& plan, Block& block);
    [[nodiscard]] Block* restructure(const Plan& plan, Block* block);
    [[nodiscard]] std::vector<detail::LooseRow> changed_rows(const Plan& plan, Block* block,
                                                             std::uint32_t handle);
    [[nodiscard]] Block* write_block(Block* former, CustomerId id, std::span<detail::LooseRow> rows,
                                     bool holds = false);
    [[nodiscard]] std::uint32_t make_entitlement(const Plan& plan, std::uint32_t slot);
    void replace_record(const Plan& plan, detail::LooseRow& loose);
    void advance_periods(const Plan& plan, const Block* block, std::span<detail::LooseRow> rows,
                         detail::LooseRow& inserted);
    [[nodiscard]] std::uint32_t append(const Plan& plan, std::span<const PlannedEntry> entries, Block& block,
                                       const Seen& at, std::span<const std::uint32_t> moved,
                                       Receipt& receipt);
    static void post(const PlannedEntry& entry, EntitlementRow& row, Block& block,
                     detail::LedgerRecord& record);
    /// The ledger records that a case refers to from now on, or nowhere.
    struct Written {
        std::uint32_t entitlement = nowhere;
        std::uint32_t posted = nowhere;
        std::uint32_t apart = nowhere;
    };
    void insert_case(const SupportCase& opened, Block& block, const Seen& at, const Written& written);
    void change_case(const Plan& plan, const Block& block, const Seen& at, const Written& written);
    [[nodiscard]] Block* make_room_for_holds(const Plan& plan, Block* block);
    [[nodiscard]] std::uint32_t set_apart(const Plan& plan, const PlannedEntry& entry, std::size_t row,
                                          Block& block, std::uint32_t of_command);
    [[nodiscard]] static std::uint32_t channel_of(const EntitlementRow& row, const PlannedEntry& entry);
    static void move_held(Block& block, std::size_t row, std::uint32_t channel_at, std::int64_t amount);
    void remember_request(const Plan& plan, const Block& block, std::uint32_t last_entry,
                          const Receipt& receipt);
    [[nodiscard]] std::uint32_t intern(const Channel& channel);
    [[nodiscard]] std::uint32_t keep_facts(const CaseFacts& facts, std::uint32_t former);
    [[nodiscard]] std::uint32_t annotate(const Plan& plan);
    [[nodiscard]] std::uint32_t annotate_amount(const Plan& plan, const PlannedEntry& entry,
                                                std::uint32_t of_command);
    /// Room for one more, so that adding it cannot fail.
    template <class T>
    static void make_room(std::vector<T>& list) {
        if (list.size() == list.capacity()) list.reserve(list.size() * 2 + 8);
    }
    [[nodiscard]] Mark mark() const;
    void give_back();
    void forget_saved();
    void roll_back() noexcept;
    void take_back_requests() noexcept;
    void take_back_cases() noexcept;
    void take_back_entries() noexcept;
    void take_back_entry(const detail::LedgerRecord& record) noexcept;
    void put_back(const SavedBlock& saved) noexcept;
    void take_back_entitlements() noexcept;

    std::pmr::memory_resource* memory_;
    std::uint64_t seed_;
    std::chrono::hours retention_;
    std::uint32_t max_entries_;
    std::uint64_t policy_ = 0;

    detail::BlockArena arena_;
    detail::ChunkedArray<std::uint32_t> customers_;  ///< slot → block
    detail::HashIndex customer_index_;               ///< → block
    detail::ChunkedArray<detail::EntitlementSlot> entitlements_;
    detail::HashIndex entitlement_index_;  ///< → handle
    detail::ChunkedArray<detail::CaseRecord> cases_;
    detail::HashIndex case_index_;  ///< by customer and case
    detail::ChunkedArray<detail::FactsRecord, 8> facts_;
    detail::ChunkedArray<Opening, 6> openings_;
    detail::ChunkedArray<detail::LedgerRecord> ledger_;
    detail::ChunkedArray<detail::RequestRecord, 8> requests_;
    detail::HashIndex request_index_;  ///< by customer and request
    detail::ChunkedArray<Receipt, 6> receipts_;
    detail::ChunkedArray<detail::AnnotationRecord, 8> annotations_;
    std::deque<std::string> reasons_;
    detail::ChunkedArray<Channel, 6> names_;
    detail::HashIndex name_index_;
    std::array<std::uint32_t, 64> recent_names_{};  ///< by a channel's key: most are one of a few

    std::map<std::uint32_t, detail::Sealed> sealed_;  ///< by a customer's slot
    std::map<TemplateId, Template> templates_;
    std::map<std::pair<ProductId, std::int64_t>, TemplateId> rules_;  ///< by product and quantity

    detail::CaseServices services_;
    std::map<std::pair<ServiceTerms::Kind, Uuid>, ServiceTerms> service_terms_;

    bool writing_ = false;
    std::uint64_t unit_policy_ = 0;
    bool replaces_ = false;            ///< the unit keeps more of what was there than words
    std::span<const Footprint> unit_;  ///< of a batch
    Seen seen_{};
    Mark mark_{};
    std::vector<SavedCase> saved_cases_;
    std::vector<SavedBlock> saved_blocks_;
    std::vector<SavedRequest> saved_requests_;
    std::vector<SavedRecord> saved_records_;
    std::vector<SavedPeriods> saved_periods_;
    std::vector<std::uint32_t> erased_cases_;
};

}  // namespace entitle::inline v0

#include "entitle/store/memory/memory_store_apply.hpp"    // IWYU pragma: keep
#include "entitle/store/memory/memory_store_catalog.hpp"  // IWYU pragma: keep
#include "entitle/store/memory/memory_store_seals.hpp"    // IWYU pragma: keep
#include "entitle/store/memory/memory_store_service.hpp"  // IWYU pragma: keep
#include "entitle/store/memory/memory_store_unit.hpp"     // IWYU pragma: keep
#include "entitle/store/memory/memory_store_view.hpp"     // IWYU pragma: keep
