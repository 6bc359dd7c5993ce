#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include <sqlite3.h>

#include "entitle/value/channel.hpp"
#include "entitle/value/digest.hpp"
#include "entitle/value/error.hpp"
#include "entitle/value/id.hpp"

/// What the SQLite store is made of. Inside, an outcome is SQLite's own result code (`SQLITE_OK` is 0): small,
/// and the same one everywhere; it becomes an `Error` where it leaves the store.
namespace entitle::inline v0::sqlite {

/// The error that a result code is to a caller.
[[nodiscard]] Error error_of(int code);

/// A database connection, the store's own or the host's, and the statements prepared on it.
class Connection {
public:
    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { close(); }

    /// Takes over a handle, which is then closed here, or borrows the host's.
    void own(sqlite3* handle);
    void borrow(sqlite3* handle);
    /// Lets go of everything without a word to the file: what a child does with its parent's connection.
    void leak();
    void close();

    [[nodiscard]] sqlite3* handle() const { return handle_; }
    [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(handle_) == 0; }
    /// The full code of the call that failed last.
    [[nodiscard]] int code_of(int code) const;

    /// Prepared once for each literal: `sql` must be one, and is known by its address.
    [[nodiscard]] int prepare(const char* sql, sqlite3_stmt*& statement);
    /// Runs a literal statement that has no arguments and no rows.
    [[nodiscard]] int run(const char* sql);
    /// Runs a text of several statements, which are not kept.
    [[nodiscard]] int run_script(const char* sql);

private:
    sqlite3* handle_ = nullptr;
    bool owned_ = false;
    std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

/// One run of a prepared statement: arguments are bound and columns read in the order in which they stand.
/// Whatever fails is kept until `code` is asked; a column that holds what it cannot hold is `SQLITE_CORRUPT`.
class Query {
public:
    Query(Connection& connection, const char* sql)
        : connection_{&connection}, code_{connection.prepare(sql, statement_)} {}
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;
    ~Query();

    // arguments; texts must outlive the query
    Query& integer(std::int64_t value);
    Query& text(std::string_view value);
    Query& null();
    Query& id(Uuid bits);
    template <class Tag>
    Query& id(const Id<Tag>& id) {
        return this->id(id.bits());
    }
    /// Must outlive the query.
    Query& digest(const Digest& value);
    /// None is null.
    template <class Tag>
    Query& id_or_null(const Id<Tag>& id) {
        return id ? this->id(id.bits()) : null();
    }
    Query& channel_or_null(const Channel& channel) { return channel ? text(channel.name()) : null(); }
    /// An enumerator by its name in a table of names.
    template <class Enum>
    Query& name(std::span<const std::string_view> names, Enum value) {
        return text(names[static_cast<std::size_t>(value)]);
    }

    /// The next row; off: there is none, or something failed.
    [[nodiscard]] bool next();
    /// Runs what gives no rows.
    [[nodiscard]] int run();
    /// How it went so far.
    [[nodiscard]] int code() const { return code_; }

    // columns
    [[nodiscard]] std::int64_t integer();
    [[nodiscard]] std::int64_t integer(std::int64_t lowest, std::int64_t highest);
    [[nodiscard]] std::int64_t integer_or(std::int64_t otherwise);
    [[nodiscard]] std::int64_t row_or_none();  ///< null is 0
    [[nodiscard]] bool flag() { return integer(0, 1) != 0; }
    [[nodiscard]] std::string text();
    [[nodiscard]] bool is_null();  ///< of the next column, which is not passed
    template <class I>
    [[nodiscard]] I id() {
        return I{bits(false)};
    }
    template <class I>
    [[nodiscard]] I id_or_none() {
        return I{bits(true)};
    }
    [[nodiscard]] Digest digest();
    [[nodiscard]] Channel channel_or_none();
    template <class Enum>
    [[nodiscard]] Enum name(std::span<const std::string_view> names) {
        return static_cast<Enum>(place_of(names));
    }
    template <class Enum>
    [[nodiscard]] Enum number(Enum last) {
        return static_cast<Enum>(integer(0, static_cast<std::int64_t>(last)));
    }
    /// The row does not hold together.
    void spoil() {
        if (code_ == SQLITE_OK) code_ = SQLITE_CORRUPT;
    }

private:
    static constexpr int max_ids = 12;

    void check(int code) {
        if (code != SQLITE_OK && code_ == SQLITE_OK) code_ = code;
    }
    [[nodiscard]] Uuid bits(bool may_be_null);
    [[nodiscard]] std::string_view view();
    [[nodiscard]] std::size_t place_of(std::span<const std::string_view> names);

    Connection* connection_;
    sqlite3_stmt* statement_ = nullptr;
    int code_ = SQLITE_OK;
    int arguments_ = 0;
    int column_ = 0;
    int ids_ = 0;
    std::array<std::array<unsigned char, 16>, max_ids> bytes_;  // of the ids bound; written before it is read
};

}  // namespace entitle::inline v0::sqlite
