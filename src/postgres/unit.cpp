#include <algorithm>
#include <array>

#include "store_impl.hpp"
#include "write.hpp"

/// What a unit looks at.
namespace entitle::inline v0 {

using postgres::Block;
using postgres::CaseSlot;
using postgres::Code;
using postgres::Column;
using postgres::Hot;
using postgres::Locking;
using postgres::RequestSlot;
using postgres::Rows;
using postgres::Sql;
using postgres::Statement;
using postgres::Table;
using postgres::Type;

namespace {

/// What a unit says up front, each thing once.
struct Named {
    std::vector<CustomerId> customers{};
    Column ids{Type::uuid};
    Table cases = postgres::pairs();
    Table requests = postgres::pairs();
    Table entitlements = postgres::pairs();
};

[[nodiscard]] std::vector<CustomerId> customers_of(std::span<const Footprint> unit) {
    std::vector<CustomerId> out;
    for (const Footprint& one : unit) {
        if (one.customer) out.push_back(one.customer);
    }
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

[[nodiscard]] Column column_of(std::span<const CustomerId> customers) {
    Column ids{Type::uuid};
    for (const CustomerId customer : customers) ids.id(customer.bits());
    return ids;
}

/// The lists' places are made as things that are not there; what is read fills some of them.
[[nodiscard]] Named names_of(std::span<const Footprint> unit, postgres::Cases& cases,
                             postgres::Requests& requests, postgres::Known& known) {
    Named out;
    out.customers = customers_of(unit);
    out.ids = column_of(out.customers);
    for (const Footprint& one : unit) {
        if (!one.customer) continue;
        if (one.support_case && cases.try_emplace({one.customer, one.support_case}).second) {
            out.cases.id(one.customer).id(one.support_case);
        }
        if (one.request && requests.try_emplace({one.customer, one.request}).second) {
            out.requests.id(one.customer).id(one.request);
        }
        if (one.entitlement && known.try_emplace({one.customer, one.entitlement}).second) {
            out.entitlements.id(one.customer).id(one.entitlement);
        }
    }
    return out;
}

}  // namespace

Column PostgresStore::Impl::unknown_among(std::span<const CustomerId> customers) {
    Column ids{Type::uuid};
    if (!writing_ && !owned_) return ids;  // they are read by themselves
    for (const CustomerId customer : customers) {
        if (cache_.find(customer) == nullptr) ids.id(customer.bits());
    }
    return ids;
}

/// `creates`: customers that are not there get their rows. Where some are missing and are to be written, it comes
/// back set, and the unit is to be opened anew: then all are locked in the order of their ids, new or not.
Code PostgresStore::Impl::open_unit(std::span<const Footprint> unit, bool& creates) {
    clear_unit();
    const Named named = names_of(unit, cases_, requests_, known_);
    if (const Code code = look_at_host(); code != Code::ok) return code;
    std::vector<Statement> asked;
    begun_ = true;
    asked.emplace_back(start_text(writing_));
    asked.emplace_back(Sql{"SELECT value FROM entitle_meta WHERE name = 'policy'"});
    if (creates) asked.push_back(postgres::insert_customers(named.ids));
    const std::size_t hot = asked.size();
    asked.push_back(postgres::hot_rows(named.ids, writing_ ? Locking::update : Locking::none));
    if (!named.cases.is_empty()) asked.push_back(postgres::cases_of(named.cases));
    if (!named.requests.is_empty()) {
        // In this order: requests may be forgotten in between, by whom no lock holds up.
        asked.push_back(postgres::entries_of_requests(named.requests));
        asked.push_back(postgres::requests_of(named.requests));
    }
    if (!named.entitlements.is_empty()) asked.push_back(postgres::known_of(named.entitlements));
    const Column strangers = unknown_among(named.customers);
    if (!strangers.is_empty()) asked.push_back(postgres::agreements(strangers));

    std::vector<Rows> rows;
    if (const Code code = connection.run(asked, rows); code != Code::ok) return code;
    if (rows[1].next()) policy_ = static_cast<std::uint64_t>(rows[1].integer());
    policy_seen_ = policy_;
    std::size_t at = hot + 1;
    if (!named.cases.is_empty()) {
        if (const Code code = postgres::read_cases(rows[at++], cases_); code != Code::ok) return code;
    }
    if (!named.requests.is_empty()) {
        const Code code = postgres::read_requests(rows[at + 1], rows[at], requests_);
        if (code != Code::ok) return code;
        at += 2;
    }
    if (!named.entitlements.is_empty()) {
        if (const Code code = postgres::read_known(rows[at], known_); code != Code::ok) return code;
    }
    Loose loose;
    if (!strangers.is_empty()) {
        if (const Code code = postgres::read_agreements(rows.back(), loose); code != Code::ok) return code;
    }
    bool missing = false;
    const Code code = take_customers(rows[hot], named.customers, std::move(loose), missing);
    creates = missing && writing_;
    return code;
}

/// The blocks of a unit's customers, by their hot rows: what is kept of those whose shape is still the same, and
/// the others' agreements read anew.
Code PostgresStore::Impl::take_customers(Rows& rows, std::span<const CustomerId> customers, Loose loose,
                                         bool& missing) {
    std::vector<Hot> hot;
    if (const Code code = postgres::read_hot_rows(rows, hot); code != Code::ok) return code;
    missing = hot.size() != customers.size();
    if (missing && writing_) return Code::ok;
    if (!writing_ && !owned_) return read_unlocked(customers);
    if (const Code code = read_agreements(hot, std::move(loose)); code != Code::ok) return code;
    for (const CustomerId customer : customers) {
        if (blocks_.contains(customer)) continue;
        cache_.drop(customer);
        Block block;
        block.id = customer;
        blocks_[customer] = &cache_.add(std::move(block));
    }
    return Code::ok;
}

/// `loose`: those that are read already.
Code PostgresStore::Impl::read_agreements(std::span<const Hot> hot, Loose loose) {
    Column ids{Type::uuid};
    for (const Hot& one : hot) {
        const Block* kept = cache_.find(one.id);
        if (kept == nullptr ? loose.contains(one.id) || one.counters.empty() : kept->kept_shape == one.shape)
            continue;
        ids.id(one.id.bits());
    }
    if (!ids.is_empty()) {
        Rows rows;
        if (const Code code = connection.run(postgres::agreements(ids), rows); code != Code::ok) return code;
        if (const Code code = postgres::read_agreements(rows, loose); code != Code::ok) return code;
    }
    for (const Hot& one : hot) {
        Block* block = cache_.find(one.id);
        if (block == nullptr || block->kept_shape != one.shape) {
            cache_.drop(one.id);
            Block read;
            read.id = one.id;
            store::settle(std::move(loose[one.id]), read);
            block = &cache_.add(std::move(read));
        }
        if (const Code code = postgres::fill(one, *block); code != Code::ok) {
            cache_.drop(one.id);
            return code;
        }
        block->is_new = one.shape == 0 && one.last_number == 0;
        blocks_[one.id] = block;
    }
    return Code::ok;
}

/// The blocks of customers that nothing locks.
Code PostgresStore::Impl::read_unlocked(std::span<const CustomerId> customers) {
    std::vector<Block> read;
    if (const Code code = postgres::read_blocks(connection, customers, read); code != Code::ok) return code;
    for (Block& block : read) {
        const CustomerId id = block.id;
        blocks_[id] = &cache_.add(std::move(block));
    }
    for (const CustomerId customer : customers) {
        if (blocks_.contains(customer)) continue;
        Block block;
        block.id = customer;
        blocks_[customer] = &cache_.add(std::move(block));
    }
    return Code::ok;
}

/// One that the unit did not name is locked late, out of the order: then others may be in the way.
Code PostgresStore::Impl::find_block(CustomerId id, Block*& out) {
    const auto found = blocks_.find(id);
    if (found != blocks_.end()) {
        out = found->second;
        return Code::ok;
    }
    if (id.is_none()) {  // nobody has nothing, and gets no row
        out = cache_.find(id);
        if (out == nullptr) out = &cache_.add(Block{});
        blocks_[id] = out;
        return Code::ok;
    }
    const Column ids = column_of(std::span{&id, 1});
    std::vector<Statement> asked;
    if (writing_) asked.push_back(postgres::insert_customers(ids));
    asked.push_back(postgres::hot_rows(ids, writing_ ? Locking::update : Locking::none));
    std::vector<Rows> rows;
    if (const Code code = connection.run(asked, rows); code != Code::ok) return code;
    bool missing = false;
    const Code code = take_customers(rows.back(), std::span{&id, 1}, {}, missing);
    if (code == Code::ok && missing && writing_) return Code::corrupt;
    if (code == Code::ok) out = blocks_.at(id);
    return code;
}

Code PostgresStore::Impl::find_case(CustomerId customer, CaseId id, CaseSlot*& out) {
    const auto [at, is_new] = cases_.try_emplace({customer, id});
    out = &at->second;
    if (!is_new) return Code::ok;
    Table key = postgres::pairs();
    key.id(customer).id(id);
    Rows rows;
    const Code code = connection.run(postgres::cases_of(key), rows);
    return code == Code::ok ? postgres::read_cases(rows, cases_) : code;
}

Code PostgresStore::Impl::find_request(CustomerId customer, RequestId id, RequestSlot*& out) {
    const auto [at, is_new] = requests_.try_emplace({customer, id});
    out = &at->second;
    if (!is_new) return Code::ok;
    Table key = postgres::pairs();
    key.id(customer).id(id);
    const std::array asked{postgres::entries_of_requests(key), postgres::requests_of(key)};
    std::vector<Rows> rows;
    const Code code = connection.run(asked, rows);
    return code == Code::ok ? postgres::read_requests(rows[1], rows[0], requests_) : code;
}

Code PostgresStore::Impl::find_known(CustomerId customer, EntitlementId id, bool& known) {
    const auto [at, is_new] = known_.try_emplace({customer, id});
    Code code = Code::ok;
    if (is_new) {
        Table key = postgres::pairs();
        key.id(customer).id(id);
        Rows rows;
        code = connection.run(postgres::known_of(key), rows);
        if (code == Code::ok) code = postgres::read_known(rows, known_);
    }
    known = at->second;
    return code;
}

Code PostgresStore::Impl::is_referred(CustomerId customer, EntitlementId id, bool& referred) {
    if (const Code code = flush(); code != Code::ok) return code;
    Rows rows;
    Statement asked{
        "SELECT EXISTS (SELECT 1 FROM entitle_cases WHERE customer_id = $1 AND entitlement_id = $2)"};
    asked.id(customer).id(id);
    if (const Code code = connection.run(asked, rows); code != Code::ok) return code;
    referred = rows.next() && rows.flag();
    return rows.code();
}

Result<void> PostgresStore::Impl::view(const Footprint& footprint, View& out) {
    if (is_forked()) return refuse(ErrorCode::store_forked);
    const Lock lock{mutex_};
    if (!open_) return refuse(ErrorCode::store_failed);
    try {
        bool still_holds = true;
        if (guarded_ && !is_within(footprint)) {
            if (const Code code = lock_after_all(still_holds); code != Code::ok) return fail(code);
        }
        if (!still_holds) return fail(Code::busy);
        if (const Code code = show(footprint, out); code != Code::ok) return fail(code);
    } catch (...) {
        (void)fail(Code::memory);
        throw;
    }
    return {};
}

Result<Commit> PostgresStore::Impl::history(CustomerId customer, EntitlementId entitlement,
                                            std::uint64_t from, std::vector<Entry>& out) {
    if (is_forked()) return refuse(ErrorCode::store_forked);
    const Lock lock{mutex_};
    if (!open_) return refuse(ErrorCode::store_failed);
    if (guarded_) {  // it has sent nothing, and must not begin to: what it has shown would move
        (void)fail(Code::ok);
        return Commit::stale;
    }
    try {
        Rows rows;
        Code code = flush();
        if (code == Code::ok) {
            code = connection.run(postgres::history_of(customer, entitlement, from), rows);
        }
        if (code == Code::ok) code = postgres::read_history(rows, out);
        if (code != Code::ok) return fail(code);
    } catch (...) {
        (void)fail(Code::memory);
        throw;
    }
    return Commit::done;
}

Code PostgresStore::Impl::show(const Footprint& footprint, View& out) {
    Block* block = nullptr;
    if (const Code code = find_block(footprint.customer, block); code != Code::ok) return code;
    block->show(out);
    out.opening = nullptr;
    out.service = nullptr;
    out.has_case = out.has_first = out.referred = out.known = false;
    if (footprint.support_case) {
        CaseSlot* slot = nullptr;
        const Code code = find_case(footprint.customer, footprint.support_case, slot);
        if (code != Code::ok) return code;
        if (slot->is_there) out.add_case() = slot->now;
        if (slot->is_there && slot->has_opening) out.opening = &slot->opening;
        if (slot->is_there && !slot->service.is_empty()) out.service = &slot->service;
    }
    if (footprint.request) {
        RequestSlot* slot = nullptr;
        const Code code = find_request(footprint.customer, footprint.request, slot);
        if (code != Code::ok) return code;
        if (slot->is_there) out.add_first() = slot->first;
    }
    if (!footprint.entitlement) return Code::ok;
    const Code code = find_known(footprint.customer, footprint.entitlement, out.known);
    if (code != Code::ok || !out.known) return code;
    return is_referred(footprint.customer, footprint.entitlement, out.referred);
}

}  // namespace entitle::inline v0
