#include <algorithm>

#include "guarded.hpp"
#include "store_impl.hpp"

/// Units of one command, decided by what is in memory and done in one statement.
namespace entitle::inline v0 {

using postgres::Block;
using postgres::CaseSlot;
using postgres::Code;
using postgres::Hot;
using postgres::Rows;
using postgres::Sql;
using postgres::Statement;

/// A case that this store has not seen, and a request, are shown as not there. Where that is wrong the plan fails by
/// its keys, or nothing comes of it.
bool PostgresStore::Impl::begin_guarded(std::span<const Footprint> unit) {
    if (!owned_ || !options_.one_statement || unit.size() != 1 || policy_seen_ != unit_policy_) return false;
    const Footprint& place = unit.front();
    if (place.customer.is_none() || place.entitlement) return false;
    Block* block = cache_.find(place.customer);
    if (block == nullptr || block->rows.empty()) return false;
    const postgres::KeptCase* kept = place.support_case ? cases_kept_.find(place.support_case) : nullptr;
    if (kept != nullptr && kept->slot.now.customer != place.customer) kept = nullptr;
    // Others may have moved the case, and removed what it was on, since it was seen; the agreements may be newer.
    const auto is_its = [kept](const EntitlementRow& row) { return row.id == kept->slot.now.entitlement; };
    if (kept != nullptr && std::none_of(block->rows.begin(), block->rows.end(), is_its)) {
        cases_kept_.drop(place.support_case);
        return false;
    }
    clear_unit();
    guarded_ = true;
    place_ = place;
    blocks_[place.customer] = block;
    if (place.request) requests_[{place.customer, place.request}] = {};
    if (place.support_case.is_none()) return true;
    CaseSlot& slot = cases_[{place.customer, place.support_case}];
    if (kept != nullptr) slot = kept->slot;
    return true;
}

bool PostgresStore::Impl::is_within(const Footprint& footprint) const {
    return footprint.customer == place_.customer && footprint.entitlement.is_none() &&
           (footprint.support_case.is_none() || footprint.support_case == place_.support_case) &&
           (footprint.request.is_none() || footprint.request == place_.request);
}

bool PostgresStore::Impl::can_stay_guarded(const Plan& plan) const {
    return !staged_ && is_within({plan.customer, plan.support_case_id, plan.request, {}}) &&
           blocks_.at(plan.customer)->shape == plan.shape &&
           postgres::fits_one_statement(plan, *blocks_.at(plan.customer));
}

/// The unit goes on as a locked one; `still_holds` is off where what it had staged no longer does.
Code PostgresStore::Impl::lock_after_all(bool& still_holds) {
    const bool was_staged = staged_;
    guarded_ = false;
    if (outdated_) forget_all();
    if (const Code code = load({&place_, 1}); code != Code::ok) return code;
    const auto request = requests_.find({place_.customer, place_.request});
    const bool was_asked = request != requests_.end() && request->second.is_there;
    still_holds = !was_asked && (!policy_ || *policy_ == unit_policy_);
    if (!was_staged || !still_holds) return Code::ok;
    Block* block = nullptr;
    if (const Code code = find_block(plan_.customer, block); code != Code::ok) return code;
    if (const Code code = holds(plan_, *block, still_holds); code != Code::ok || !still_holds) return code;
    touch(*block);
    return apply(plan_, *block, *receipt_);
}

Result<Commit> PostgresStore::Impl::commit_guarded() {
    bool is_done = false;
    Code code = Code::ok;
    if (!outdated_) {
        const Block& block = *blocks_.at(plan_.customer);
        const CaseSlot* slot =
            plan_.support_case_id ? &cases_.at({plan_.customer, plan_.support_case_id}) : nullptr;
        const Statement statement =
            postgres::statement_of({plan_, block, entries_.front(), slot, unit_policy_});
        code = answer_of([&] {
            Rows rows;
            const Code ran = connection.run(statement, rows);
            return ran == Code::ok ? take_answer(rows, is_done) : ran;
        });
    }
    guarded_ = false;
    if (is_done && code == Code::ok) return finish_unit();
    if (code == Code::lost) return settle(&Impl::look_for_guarded);
    if (plan_.support_case_id) cases_kept_.drop(plan_.support_case_id);
    const bool is_stale = code == Code::ok || code == Code::taken || code == Code::again;
    const auto error = fail(code);
    return is_stale ? Result<Commit>{Commit::stale} : error;
}

/// Numbers and balances are what the statement says, whatever was in memory.
Code PostgresStore::Impl::take_answer(Rows& rows, bool& is_done) {
    Block& block = *blocks_.at(plan_.customer);
    std::optional<Hot> hot;
    if (const Code code = postgres::read_answer(rows, block, hot); code != Code::ok || !hot) return code;
    if (const Code code = postgres::fill(*hot, block); code != Code::ok) return code;
    is_done = true;
    const PlannedEntry& planned = plan_.entries.front();
    EntitlementRow& row = block.rows[planned.row];
    Entry& entry = entries_.front();
    entry.number = block.last_number;
    entry.remaining = row.remaining;
    if (planned.channel != no_channel)
        entry.channel_remaining = block.channels_of(row)[planned.channel].remaining;
    postgres::correct(*receipt_, entry);
    if (plan_.support_case_id.is_none()) return Code::ok;
    CaseSlot& slot = cases_.at({plan_.customer, plan_.support_case_id});
    slot.now.last_number = block.last_number;
    if (plan_.posted_by != no_channel) slot.now.posted.entry.number = block.last_number;
    if (plan_.case_change == CaseChange::insert) slot.opened = block.last_number;
    return Code::ok;
}

/// Under the customer's lock the entry is there, or it never will be: a statement that is still on its way finds
/// another shape than its plan's.
Code PostgresStore::Impl::look_for_guarded(bool& is_done) {
    Entry& ours = entries_.front();
    postgres::Column ids{postgres::Type::uuid};
    ids.id(ours.customer.bits());
    std::vector<Statement> asked;
    asked.emplace_back(Sql{"BEGIN ISOLATION LEVEL READ COMMITTED"});
    asked.push_back(postgres::hot_rows(ids, postgres::Locking::update));
    asked.push_back(postgres::entry_like(ours, number_before_));
    std::vector<Rows> rows;
    if (const Code code = connection.run(asked, rows); code != Code::ok) return code;
    std::optional<Entry> found;
    if (const Code code = postgres::read_entry_like(rows.back(), found); code != Code::ok) return code;
    is_done = found.has_value();
    if (!is_done) return finish({postgres::outdate_plans(ours.customer)});
    ours.number = found->number;
    ours.remaining = found->remaining;
    ours.channel_remaining = found->channel_remaining;
    postgres::correct(*receipt_, ours);
    return Code::ok;
}

/// What a committed unit looked at. The unit is done, whether there is memory for this or not.
void PostgresStore::Impl::remember_cases() noexcept {
    try {
        for (auto& [key, slot] : cases_) {
            cases_kept_.drop(key.second);
            if (!slot.is_there) continue;
            slot.was_there = true;
            slot.changed = false;
            (void)cases_kept_.add({key.second, std::move(slot)});
        }
    } catch (...) {
        cases_kept_.clear();
    }
}

}  // namespace entitle::inline v0
