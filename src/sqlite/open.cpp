#include <array>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "schema.hpp"
#include "store_impl.hpp"

/// How a store comes to its connection, and what it refuses to touch.
namespace entitle::inline v0 {

namespace {

constexpr std::size_t header_size = 100;  // of an SQLite file

[[nodiscard]] std::uint64_t big_endian(const unsigned char* from, int bytes) {
    std::uint64_t value = 0;
    for (int i = 0; i < bytes; ++i) value = (value << 8) | from[i];
    return value;
}

/// Whether changes that are not in the file yet lie beside it.
[[nodiscard]] bool has_log(sqlite3* handle) {
    sqlite3_vfs* vfs = nullptr;
    sqlite3_file_control(handle, "main", SQLITE_FCNTL_VFS_POINTER, static_cast<void*>(&vfs));
    const char* path = sqlite3_db_filename(handle, "main");
    if (vfs == nullptr || path == nullptr) return true;
    for (const char* suffix : {"-wal", "-journal"}) {
        int exists = 0;
        const std::string log = std::string{path} + suffix;
        if (vfs->xAccess(vfs, log.c_str(), SQLITE_ACCESS_EXISTS, &exists) != SQLITE_OK || exists != 0)
            return true;
    }
    return false;
}

/// `file:` would be a URI, and some names are no file at all.
[[nodiscard]] std::string as_file(const std::string& path) {
    return path.starts_with("file:") ? "./" + path : path;
}

[[nodiscard]] tl::unexpected<Error> refused(int code) {
    return tl::unexpected<Error>{sqlite::error_of(code)};
}

}  // namespace

Result<void> SqliteStore::Impl::open(const std::string& path, const SqliteOptions& options) {
    owned_ = true;
    read_only_ = options.read_only;
    cache_bytes_ = options.cache_bytes;
    capabilities = {.durable = options.synchronous == Synchronous::full,
                    .shared = true,
                    .isolated = true,
                    .request_retention = options.request_retention};
    if (const int code = open_file(path, options); code != SQLITE_OK) return refused(code);
    if (const int code = configure(options); code != SQLITE_OK) return refused(code);
    if (const int code = check_size(); code != SQLITE_OK) return refused(code);
    bool is_current = false;
    if (auto checked = check_schema(is_current); !checked) return checked;
    if (read_only_) return {};
    if (sqlite3_db_readonly(connection.handle(), "main") != 0) return refuse(ErrorCode::store_read_only);
    if (!is_current && !options.create) {
        sqlite::Schema schema;
        const int code = sqlite::read_schema(connection, schema);
        if (code != SQLITE_OK) return refused(code);
        if (schema.version == 0) return refuse(ErrorCode::not_a_database);
    }
    if (const int code = keep_log(options.busy_timeout); code != SQLITE_OK) return refused(code);
    return is_current ? Result<void>{} : bring_schema_forward();
}

int SqliteStore::Impl::open_file(const std::string& path, const SqliteOptions& options) {
    if (path.empty() || path == ":memory:") return SQLITE_CANTOPEN;
    int flags = SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    flags |= options.read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (options.create && !options.read_only) flags |= SQLITE_OPEN_CREATE;
    sqlite3* handle = nullptr;
    const char* vfs = options.vfs.empty() ? nullptr : options.vfs.c_str();
    const int code = sqlite3_open_v2(as_file(path).c_str(), &handle, flags, vfs);
    connection.own(handle);  // even one that could not be opened is to be closed
    if (code == SQLITE_OK) return SQLITE_OK;
    return handle == nullptr ? SQLITE_NOMEM : connection.code_of(code);
}

/// What concerns this connection alone, and nothing of the file.
int SqliteStore::Impl::configure(const SqliteOptions& options) {
    sqlite3* handle = connection.handle();
    sqlite3_busy_timeout(handle, static_cast<int>(options.busy_timeout.count()));
    sqlite3_db_config(handle, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    constexpr std::array levels{"FULL", "NORMAL", "OFF"};
    std::string pragmas =
        fmt::format("PRAGMA foreign_keys = ON; PRAGMA cache_size = -{}; PRAGMA synchronous = {};",
                    options.page_cache_bytes / 1024, levels[static_cast<std::size_t>(options.synchronous)]);
#if defined(__APPLE__)
    pragmas += "PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;";
#endif
    return connection.run_script(pragmas.c_str());
}

/// SQLite itself takes a page that is cut short for one that ends in zeros.
int SqliteStore::Impl::check_size() const {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(connection.handle(), "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
    if (file == nullptr || file->pMethods == nullptr) return SQLITE_OK;
    sqlite3_int64 size = 0;
    if (const int code = file->pMethods->xFileSize(file, &size); code != SQLITE_OK) return code;
    if (size == 0 || has_log(connection.handle())) return SQLITE_OK;
    if (size < static_cast<sqlite3_int64>(header_size)) return SQLITE_NOTADB;
    std::array<unsigned char, header_size> header{};
    const int code = file->pMethods->xRead(file, header.data(), static_cast<int>(header_size), 0);
    if (code != SQLITE_OK) return code;
    const bool counted = big_endian(&header[24], 4) == big_endian(&header[92], 4);
    const std::uint64_t stated = big_endian(&header[16], 2);
    const std::uint64_t page = stated == 1 ? 65536 : stated;
    const std::uint64_t pages = big_endian(&header[28], 4);
    return counted && pages * page > static_cast<std::uint64_t>(size) ? SQLITE_CORRUPT : SQLITE_OK;
}

/// A newer file may say that this version can still read it, or even write it.
Result<void> SqliteStore::Impl::check_schema(bool& current) {
    sqlite::Schema schema;
    const int code = sqlite::read_schema(connection, schema);
    if (code != SQLITE_OK) return refused(code);
    const std::int64_t wanted = read_only_ ? schema.min_reader : schema.min_writer;
    if (wanted > sqlite::schema_version) return refuse(ErrorCode::schema_newer);
    current = schema.is_current();
    if (read_only_ && schema.version == 0) return refuse(ErrorCode::not_a_database);
    if (read_only_ && schema.version < sqlite::oldest_read) return refuse(ErrorCode::store_read_only);
    return {};
}

/// Write-ahead mode is kept in the file. Others may be in the middle of asking for it too.
int SqliteStore::Impl::keep_log(std::chrono::milliseconds busy_timeout) {
    const auto until = std::chrono::steady_clock::now() + busy_timeout;
    for (;;) {
        int code = SQLITE_OK;
        {
            sqlite::Query query{connection, "PRAGMA journal_mode = WAL"};
            if (query.next() && query.text() != "wal") return SQLITE_CANTOPEN;
            code = query.code();
        }
        if ((code & 0xFF) != SQLITE_BUSY || std::chrono::steady_clock::now() >= until) return code;
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
}

Result<void> SqliteStore::Impl::bring_schema_forward() {
    return in_transaction(true, [this] {
        sqlite::Schema schema;  // another may have been quicker
        const int code = sqlite::read_schema(connection, schema);
        return code != SQLITE_OK || schema.is_current() ? code : sqlite::migrate(connection, schema.version);
    });
}

Result<void> SqliteStore::Impl::attach(sqlite3* handle, std::chrono::hours request_retention) {
    if (handle == nullptr) return refuse(ErrorCode::store_unavailable);
    capabilities = {
        .durable = false, .shared = true, .isolated = true, .request_retention = request_retention};
    connection.borrow(handle);
    bool is_current = false;
    if (auto checked = check_schema(is_current); !checked) return checked;
    return is_current ? Result<void>{} : bring_schema_forward();
}

}  // namespace entitle::inline v0
