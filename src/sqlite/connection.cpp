#include "connection.hpp"

#include <algorithm>
#include <cassert>

namespace entitle::inline v0::sqlite {

namespace {

[[nodiscard]] ErrorCode error_code_of(int code) {
    switch (code) {
        case SQLITE_IOERR_NOMEM: return ErrorCode::store_memory;
        case SQLITE_IOERR_CORRUPTFS: return ErrorCode::database_corrupt;
        case SQLITE_CONSTRAINT_TRIGGER: return ErrorCode::store_failed;  // a host's own
        default: break;
    }
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL: return ErrorCode::store_busy;
        case SQLITE_NOMEM: return ErrorCode::store_memory;
        case SQLITE_READONLY: return ErrorCode::store_read_only;
        case SQLITE_FULL: return ErrorCode::store_full;
        case SQLITE_IOERR: return ErrorCode::store_io;
        case SQLITE_CANTOPEN:
        case SQLITE_PERM: return ErrorCode::store_unavailable;
        case SQLITE_NOTADB: return ErrorCode::not_a_database;
        case SQLITE_CORRUPT:
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH: return ErrorCode::database_corrupt;
        case SQLITE_TOOBIG: return ErrorCode::store_limit;
        default: return ErrorCode::store_failed;
    }
}

void write_word(unsigned char* to, std::uint64_t word) {
    for (int shift = 56; shift >= 0; shift -= 8) *to++ = static_cast<unsigned char>(word >> shift);
}

[[nodiscard]] std::uint64_t read_word(const unsigned char* from) {
    std::uint64_t word = 0;
    for (int i = 0; i < 8; ++i) word = (word << 8) | from[i];
    return word;
}

}  // namespace

Error error_of(int code) {
    Error error;
    error.code = error_code_of(code);
    return error;
}

void Connection::own(sqlite3* handle) {
    handle_ = handle;
    owned_ = true;
}

void Connection::borrow(sqlite3* handle) {
    handle_ = handle;
    owned_ = false;
}

void Connection::leak() {
    statements_.clear();
    handle_ = nullptr;
}

void Connection::close() {
    for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
    statements_.clear();
    if (owned_) sqlite3_close_v2(handle_);
    handle_ = nullptr;
}

int Connection::code_of(int code) const {
    const int extended = sqlite3_extended_errcode(handle_);
    return (extended & 0xFF) == (code & 0xFF) ? extended : code;
}

int Connection::prepare(const char* sql, sqlite3_stmt*& statement) {
    const auto known = statements_.find(sql);
    if (known != statements_.end()) {
        statement = known->second;
        return SQLITE_OK;
    }
    statements_.reserve(statements_.size() + 1);
    const int code = sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK) return code_of(code);
    try {
        statements_.emplace(sql, statement);
    } catch (...) {
        sqlite3_finalize(statement);
        throw;
    }
    return SQLITE_OK;
}

int Connection::run(const char* sql) {
    Query query{*this, sql};
    return query.run();
}

int Connection::run_script(const char* sql) {
    const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? code : code_of(code);
}

Query::~Query() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    if (arguments_ != 0) sqlite3_clear_bindings(statement_);
}

Query& Query::integer(std::int64_t value) {
    if (code_ == SQLITE_OK) check(sqlite3_bind_int64(statement_, ++arguments_, value));
    return *this;
}

Query& Query::text(std::string_view value) {
    if (code_ != SQLITE_OK) return *this;
    const char* bytes = value.data() == nullptr ? "" : value.data();
    check(sqlite3_bind_text64(statement_, ++arguments_, bytes, value.size(), SQLITE_STATIC, SQLITE_UTF8));
    return *this;
}

Query& Query::null() {
    if (code_ == SQLITE_OK) check(sqlite3_bind_null(statement_, ++arguments_));
    return *this;
}

Query& Query::id(Uuid bits) {
    if (code_ != SQLITE_OK) return *this;
    assert(ids_ < max_ids);
    auto& bytes = bytes_[static_cast<std::size_t>(ids_++)];
    write_word(bytes.data(), bits.hi);
    write_word(bytes.data() + 8, bits.lo);
    check(sqlite3_bind_blob(statement_, ++arguments_, bytes.data(), 16, SQLITE_STATIC));
    return *this;
}

Query& Query::digest(const Digest& value) {
    if (code_ != SQLITE_OK) return *this;
    check(sqlite3_bind_blob(statement_, ++arguments_, value.bytes.data(),
                            static_cast<int>(value.bytes.size()), SQLITE_STATIC));
    return *this;
}

bool Query::next() {
    if (code_ != SQLITE_OK) return false;
    column_ = 0;
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code != SQLITE_DONE) code_ = connection_->code_of(code);
    return false;
}

int Query::run() {
    while (next()) {
    }
    return code_;
}

std::int64_t Query::integer() {
    const int column = column_++;
    if (sqlite3_column_type(statement_, column) != SQLITE_INTEGER) {
        spoil();
        return 0;
    }
    return sqlite3_column_int64(statement_, column);
}

std::int64_t Query::integer(std::int64_t lowest, std::int64_t highest) {
    const std::int64_t value = integer();
    if (value >= lowest && value <= highest) return value;
    spoil();
    return lowest;
}

std::int64_t Query::integer_or(std::int64_t otherwise) {
    if (!is_null()) return integer();
    ++column_;
    return otherwise;
}

std::int64_t Query::row_or_none() { return is_null() ? integer_or(0) : integer(1, INT64_MAX); }

bool Query::is_null() { return sqlite3_column_type(statement_, column_) == SQLITE_NULL; }

std::string_view Query::view() {
    const int column = column_++;
    if (sqlite3_column_type(statement_, column) != SQLITE_TEXT) {
        spoil();
        return {};
    }
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    if (bytes == nullptr) {
        check(SQLITE_NOMEM);
        return {};
    }
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string Query::text() { return std::string{view()}; }

Uuid Query::bits(bool may_be_null) {
    const int column = column_++;
    const int type = sqlite3_column_type(statement_, column);
    if (type == SQLITE_NULL && may_be_null) return {};
    if (type != SQLITE_BLOB || sqlite3_column_bytes(statement_, column) != 16) {
        spoil();
        return {};
    }
    const auto* bytes = static_cast<const unsigned char*>(sqlite3_column_blob(statement_, column));
    if (bytes == nullptr) {
        check(SQLITE_NOMEM);
        return {};
    }
    return {read_word(bytes), read_word(bytes + 8)};
}

Digest Query::digest() {
    const int column = column_++;
    Digest digest;
    const auto size = static_cast<int>(digest.bytes.size());
    if (sqlite3_column_type(statement_, column) != SQLITE_BLOB ||
        sqlite3_column_bytes(statement_, column) != size) {
        spoil();
        return digest;
    }
    const auto* bytes = static_cast<const unsigned char*>(sqlite3_column_blob(statement_, column));
    if (bytes == nullptr) check(SQLITE_NOMEM);
    else std::copy_n(bytes, size, digest.bytes.begin());
    return digest;
}

Channel Query::channel_or_none() {
    if (is_null()) {
        ++column_;
        return {};
    }
    const auto channel = Channel::named(view());
    if (!channel) spoil();
    return channel.value_or(Channel{});
}

std::size_t Query::place_of(std::span<const std::string_view> names) {
    const std::string_view wanted = view();
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i] == wanted) return i;
    }
    spoil();
    return 0;
}

}  // namespace entitle::inline v0::sqlite
