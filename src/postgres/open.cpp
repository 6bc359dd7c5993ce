#include "schema.hpp"
#include "store_impl.hpp"

/// How a store comes to its connection, and what it refuses to touch.
namespace entitle::inline v0 {

using postgres::Code;

Result<void> PostgresStore::Impl::connect(const std::string& conninfo, const PostgresOptions& options) {
    owned_ = true;
    options_ = options;
    settings_ = {conninfo, options.read_only, options.prepares};
    capabilities = {
        .durable = true, .shared = true, .isolated = false, .request_retention = options.request_retention};
    Code code = keep_connecting(Clock::now() + options.patience, Code::lost);
    if (code == Code::ok) code = persist([this] { return prepare_schema(); });
    if (code == Code::ok) return {};
    undo();
    return tl::unexpected<Error>{postgres::error_of(code == Code::again ? Code::failed : code)};
}

Result<void> PostgresStore::Impl::attach(PGconn* handle, std::chrono::hours request_retention) {
    if (handle == nullptr) return refuse(ErrorCode::store_unavailable);
    options_.request_retention = request_retention;
    capabilities = {
        .durable = false, .shared = true, .isolated = true, .request_retention = request_retention};
    Code code = connection.borrow(handle);
    if (code == Code::ok) code = persist([this] { return prepare_schema(); });
    if (code == Code::ok) return {};
    const Error error = error_after(code);
    undo();
    return tl::unexpected<Error>{error};
}

/// Makes the tables, or brings them forward, in a transaction of its own or a savepoint of the host's. A newer
/// schema may say that this version can still read it, or even write it.
Code PostgresStore::Impl::prepare_schema() {
    if (const Code code = start(!options_.read_only); code != Code::ok) return code;
    postgres::Schema schema;
    if (const Code code = postgres::read_schema(connection, schema); code != Code::ok) return code;
    const std::int64_t wanted = options_.read_only ? schema.min_reader : schema.min_writer;
    if (wanted > postgres::schema_version) return Code::newer;
    if (!schema.is_current()) {
        const bool is_there = schema.version != 0;
        if (!is_there && (options_.read_only || !options_.create)) return Code::not_ours;
        if (options_.read_only) return Code::read_only;  // they would have to be changed first
        if (const Code code = postgres::migrate(connection, schema); code != Code::ok) return code;
    }
    return finish();
}

}  // namespace entitle::inline v0
