#include "entitle/store/sqlite_store.hpp"

#include <new>
#include <utility>

#include "catalog.hpp"
#include "scan.hpp"
#include "seals.hpp"
#include "service.hpp"
#include "store_impl.hpp"

namespace entitle::inline v0 {

SqliteStore::SqliteStore(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const std::string& path,
                                                       const SqliteOptions& options) {
    auto impl = std::make_unique<Impl>();
    if (auto opened = impl->open(path, options); !opened) return tl::unexpected<Error>{opened.error()};
    return std::unique_ptr<SqliteStore>{new SqliteStore{std::move(impl)}};
}

Result<std::unique_ptr<SqliteStore>> SqliteStore::attach(sqlite3* connection,
                                                         std::chrono::hours request_retention) {
    auto impl = std::make_unique<Impl>();
    if (auto attached = impl->attach(connection, request_retention); !attached) {
        return tl::unexpected<Error>{attached.error()};
    }
    return std::unique_ptr<SqliteStore>{new SqliteStore{std::move(impl)}};
}

Capabilities SqliteStore::capabilities() const { return impl_->capabilities; }

Result<void> SqliteStore::begin(std::span<const Footprint> unit, Access access, std::uint64_t policy) {
    return impl_->begin(unit, access, policy);
}
Result<void> SqliteStore::view(const Footprint& footprint, View& out) { return impl_->view(footprint, out); }
Result<Commit> SqliteStore::history(CustomerId customer, EntitlementId entitlement, std::uint64_t from,
                                    std::vector<Entry>& out) {
    return impl_->history(customer, entitlement, from, out);
}
Result<Commit> SqliteStore::stage(const Plan& plan, Receipt& receipt) { return impl_->stage(plan, receipt); }
Result<Commit> SqliteStore::commit() { return impl_->commit(); }
void SqliteStore::abandon() noexcept { impl_->abandon(); }

Result<void> SqliteStore::change_policy(std::uint64_t policy) {
    return impl_->in_transaction(true, [&] { return impl_->write_policy(policy); });
}

Result<void> SqliteStore::scan(const Filter& filter, Cursor& cursor, std::vector<Entitlement>& out) const {
    return impl_->in_transaction(
        false, [&] { return sqlite::scan_entitlements(impl_->connection, filter, cursor, out); });
}
Result<void> SqliteStore::scan(const Filter& filter, Cursor& cursor, std::vector<SupportCase>& out) const {
    return impl_->in_transaction(
        false, [&] { return sqlite::scan_cases(impl_->connection, filter, cursor, impl_->trails, out); });
}
Result<void> SqliteStore::scan(const Filter& filter, Cursor& cursor, std::vector<Entry>& out) const {
    return impl_->in_transaction(
        false, [&] { return sqlite::scan_entries(impl_->connection, filter, cursor, impl_->trails, out); });
}

Result<void> SqliteStore::scan(const Filter& filter, Cursor& cursor, std::vector<Seal>& out) const {
    return impl_->in_transaction(false,
                                 [&] { return sqlite::scan_heads(impl_->connection, filter, cursor, out); });
}
Result<void> SqliteStore::scan(const Filter& filter, Cursor& cursor, std::vector<Base>& out) const {
    return impl_->in_transaction(false,
                                 [&] { return sqlite::scan_bases(impl_->connection, filter, cursor, out); });
}

Result<void> SqliteStore::keep_heads(CustomerId customer, std::uint64_t first,
                                     std::span<const Digest> heads) {
    bool fits = false;
    auto kept = impl_->in_transaction(
        true, [&] { return sqlite::keep_heads(impl_->connection, customer, first, heads, fits); });
    return kept && !fits ? Result<void>{refuse(ErrorCode::not_sealed)} : kept;
}
Result<void> SqliteStore::archive(const Base& base) {
    bool fits = false;
    auto archived = impl_->in_transaction(true, [&] {
        impl_->forget(base.seal.customer);
        return sqlite::archive(impl_->connection, base, fits);
    });
    return archived && !fits ? Result<void>{refuse(ErrorCode::not_sealed)} : archived;
}

Result<void> SqliteStore::keep(const Template& made) {
    return impl_->in_transaction(true, [&] { return sqlite::keep(impl_->connection, made); });
}
Result<void> SqliteStore::keep(const AssignmentRule& rule) {
    bool is_kept = false;
    auto kept = impl_->in_transaction(true, [&] { return sqlite::keep(impl_->connection, rule, is_kept); });
    return kept && !is_kept ? Result<void>{refuse(ErrorCode::unknown_template)} : kept;
}
Result<void> SqliteStore::drop(TemplateId id) {
    bool is_dropped = false;
    auto dropped =
        impl_->in_transaction(true, [&] { return sqlite::drop(impl_->connection, id, is_dropped); });
    return dropped && !is_dropped ? Result<void>{refuse(ErrorCode::template_in_use)} : dropped;
}
Result<void> SqliteStore::drop(const AssignmentRule& rule) {
    return impl_->in_transaction(true, [&] { return sqlite::drop(impl_->connection, rule); });
}
Result<void> SqliteStore::list(TemplateId only, std::vector<Template>& out) const {
    return impl_->in_transaction(false, [&] { return sqlite::list(impl_->connection, only, out); });
}
Result<void> SqliteStore::list(ProductId only, std::vector<AssignmentRule>& out) const {
    return impl_->in_transaction(false, [&] { return sqlite::list(impl_->connection, only, out); });
}

Result<void> SqliteStore::keep(const ServiceTerms& terms) {
    return impl_->in_transaction(true, [&] { return sqlite::keep(impl_->connection, terms); });
}
Result<void> SqliteStore::list(std::vector<ServiceTerms>& out) const {
    return impl_->in_transaction(false, [&] { return sqlite::list(impl_->connection, out); });
}
Result<void> SqliteStore::scan(const Filter& filter, Cursor& cursor, std::vector<ServedCase>& out) const {
    return impl_->in_transaction(false,
                                 [&] { return sqlite::scan_served(impl_->connection, filter, cursor, out); });
}
Result<void> SqliteStore::due(Instant until, CustomerId only, Cursor& cursor,
                              std::vector<ServedCase>& out) const {
    return impl_->in_transaction(
        false, [&] { return sqlite::scan_due(impl_->connection, until, only, cursor, out); });
}

Result<CustomerId> SqliteStore::customer_of(EntitlementId entitlement) const {
    CustomerId found;
    const auto looked = impl_->in_transaction(
        false, [&] { return sqlite::find_customer(impl_->connection, entitlement, found); });
    return looked ? Result<CustomerId>{found} : tl::unexpected<Error>{looked.error()};
}
Result<CustomerId> SqliteStore::customer_of(CaseId support_case) const {
    CustomerId found;
    const auto looked = impl_->in_transaction(
        false, [&] { return sqlite::find_customer(impl_->connection, support_case, found); });
    return looked ? Result<CustomerId>{found} : tl::unexpected<Error>{looked.error()};
}

Result<void> SqliteStore::backup(const std::string& path) const { return impl_->backup(path); }

Result<std::uint64_t> SqliteStore::forget_requests(Instant before) {
    std::uint64_t count = 0;
    const auto forgot = impl_->in_transaction(
        true, [&] { return sqlite::forget_requests(impl_->connection, before, count); });
    return forgot ? Result<std::uint64_t>{count} : tl::unexpected<Error>{forgot.error()};
}

}  // namespace entitle::inline v0
