#include "entitle/store/postgres_store.hpp"

#include <utility>

#include "catalog.hpp"
#include "scan.hpp"
#include "seals.hpp"
#include "service.hpp"
#include "store_impl.hpp"

namespace entitle::inline v0 {

PostgresStore::PostgresStore(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
PostgresStore::~PostgresStore() = default;

Result<std::unique_ptr<PostgresStore>> PostgresStore::connect(const std::string& conninfo,
                                                              const PostgresOptions& options) {
    auto impl = std::make_unique<Impl>();
    if (auto made = impl->connect(conninfo, options); !made) return tl::unexpected<Error>{made.error()};
    return std::unique_ptr<PostgresStore>{new PostgresStore{std::move(impl)}};
}

Result<std::unique_ptr<PostgresStore>> PostgresStore::attach(pg_conn* connection,
                                                             std::chrono::hours request_retention) {
    auto impl = std::make_unique<Impl>();
    if (auto made = impl->attach(connection, request_retention); !made) {
        return tl::unexpected<Error>{made.error()};
    }
    return std::unique_ptr<PostgresStore>{new PostgresStore{std::move(impl)}};
}

Capabilities PostgresStore::capabilities() const { return impl_->capabilities; }

Result<void> PostgresStore::begin(std::span<const Footprint> unit, Access access, std::uint64_t policy) {
    return impl_->begin(unit, access, policy);
}
Result<void> PostgresStore::view(const Footprint& footprint, View& out) {
    return impl_->view(footprint, out);
}
Result<Commit> PostgresStore::history(CustomerId customer, EntitlementId entitlement, std::uint64_t from,
                                      std::vector<Entry>& out) {
    return impl_->history(customer, entitlement, from, out);
}
Result<Commit> PostgresStore::stage(const Plan& plan, Receipt& receipt) {
    return impl_->stage(plan, receipt);
}
Result<Commit> PostgresStore::commit() { return impl_->commit(); }
void PostgresStore::abandon() noexcept { impl_->abandon(); }

Result<void> PostgresStore::change_policy(std::uint64_t policy) {
    return impl_->in_transaction(true, [&] { return impl_->write_policy(policy); });
}

namespace {

/// One page. A page that had to be asked for twice begins where it did.
template <class Impl, class Record>
[[nodiscard]] Result<void> scan_page(Impl& impl, const Filter& filter, Cursor& cursor,
                                     std::vector<Record>& out) {
    const Cursor from = cursor;
    const std::size_t before = out.size();
    return impl.in_transaction(false, [&] {
        cursor = from;
        while (out.size() > before) out.pop_back();
        return postgres::scan(impl.connection, filter, cursor, out);
    });
}

template <class Impl, class I>
[[nodiscard]] Result<CustomerId> customer_of_any(Impl& impl, I id) {
    CustomerId found;
    const auto looked =
        impl.in_transaction(false, [&] { return postgres::find_customer(impl.connection, id, found); });
    return looked ? Result<CustomerId>{found} : tl::unexpected<Error>{looked.error()};
}

}  // namespace

Result<void> PostgresStore::scan(const Filter& filter, Cursor& cursor, std::vector<Entitlement>& out) const {
    return scan_page(*impl_, filter, cursor, out);
}
Result<void> PostgresStore::scan(const Filter& filter, Cursor& cursor, std::vector<SupportCase>& out) const {
    return scan_page(*impl_, filter, cursor, out);
}
Result<void> PostgresStore::scan(const Filter& filter, Cursor& cursor, std::vector<Entry>& out) const {
    return scan_page(*impl_, filter, cursor, out);
}
Result<void> PostgresStore::scan(const Filter& filter, Cursor& cursor, std::vector<Seal>& out) const {
    return scan_page(*impl_, filter, cursor, out);
}
Result<void> PostgresStore::scan(const Filter& filter, Cursor& cursor, std::vector<Base>& out) const {
    return scan_page(*impl_, filter, cursor, out);
}

Result<void> PostgresStore::keep_heads(CustomerId customer, std::uint64_t first,
                                       std::span<const Digest> heads) {
    bool fits = false;
    auto kept = impl_->in_transaction(
        true, [&] { return postgres::keep_heads(impl_->connection, customer, first, heads, fits); });
    return kept && !fits ? Result<void>{refuse(ErrorCode::not_sealed)} : kept;
}
Result<void> PostgresStore::archive(const Base& base) {
    bool fits = false;
    auto archived =
        impl_->in_transaction(true, [&] { return postgres::archive(impl_->connection, base, fits); });
    return archived && !fits ? Result<void>{refuse(ErrorCode::not_sealed)} : archived;
}

Result<void> PostgresStore::keep(const Template& made) {
    return impl_->in_transaction(true, [&] { return postgres::keep(impl_->connection, made); });
}
Result<void> PostgresStore::keep(const AssignmentRule& rule) {
    postgres::Code code = postgres::Code::ok;
    auto kept = impl_->in_transaction(true, [&] { return code = postgres::keep(impl_->connection, rule); });
    const bool lacks = !kept && code == postgres::Code::referred;
    return lacks ? Result<void>{refuse(ErrorCode::unknown_template)} : kept;
}
Result<void> PostgresStore::drop(TemplateId id) {
    postgres::Code code = postgres::Code::ok;
    auto dropped = impl_->in_transaction(true, [&] { return code = postgres::drop(impl_->connection, id); });
    const bool is_used = !dropped && code == postgres::Code::referred;
    return is_used ? Result<void>{refuse(ErrorCode::template_in_use)} : dropped;
}
Result<void> PostgresStore::drop(const AssignmentRule& rule) {
    return impl_->in_transaction(true, [&] { return postgres::drop(impl_->connection, rule); });
}
Result<void> PostgresStore::list(TemplateId only, std::vector<Template>& out) const {
    return impl_->in_transaction(false, [&] { return postgres::list(impl_->connection, only, out); });
}
Result<void> PostgresStore::list(ProductId only, std::vector<AssignmentRule>& out) const {
    return impl_->in_transaction(false, [&] { return postgres::list(impl_->connection, only, out); });
}

Result<void> PostgresStore::keep(const ServiceTerms& terms) {
    return impl_->in_transaction(true, [&] { return postgres::keep(impl_->connection, terms); });
}
Result<void> PostgresStore::list(std::vector<ServiceTerms>& out) const {
    return impl_->in_transaction(false, [&] { return postgres::list(impl_->connection, out); });
}
Result<void> PostgresStore::scan(const Filter& filter, Cursor& cursor, std::vector<ServedCase>& out) const {
    return scan_page(*impl_, filter, cursor, out);
}
Result<void> PostgresStore::due(Instant until, CustomerId only, Cursor& cursor,
                                std::vector<ServedCase>& out) const {
    const Cursor from = cursor;
    const std::size_t before = out.size();
    return impl_->in_transaction(false, [&] {
        cursor = from;
        out.resize(before);
        return postgres::scan_due(impl_->connection, until, only, cursor, out);
    });
}

Result<CustomerId> PostgresStore::customer_of(EntitlementId entitlement) const {
    return customer_of_any(*impl_, entitlement);
}
Result<CustomerId> PostgresStore::customer_of(CaseId support_case) const {
    return customer_of_any(*impl_, support_case);
}

Result<std::uint64_t> PostgresStore::forget_requests(Instant before) {
    std::uint64_t count = 0;
    const auto forgot = impl_->in_transaction(
        true, [&] { return postgres::forget_requests(impl_->connection, before, count); });
    return forgot ? Result<std::uint64_t>{count} : tl::unexpected<Error>{forgot.error()};
}

}  // namespace entitle::inline v0
