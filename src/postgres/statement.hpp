#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "entitle/value/channel.hpp"
#include "entitle/value/digest.hpp"
#include "entitle/value/id.hpp"

namespace entitle::inline v0::postgres {

/// PostgreSQL's own numbers of types: they never change.
enum class Type : std::uint32_t { boolean = 16, bytes = 17, bigint = 20, text = 25, uuid = 2950 };

/// The values of a column, as an array in PostgreSQL's binary format.
class Column {
public:
    explicit Column(Type type) : type_{type} {}

    void integer(std::int64_t value);  ///< of a boolean column: 0 is false
    void text(std::string_view value);
    void id(Uuid bits);
    void null();
    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool is_empty() const { return size_ == 0; }
    void append_to(std::string& bytes) const;

private:
    Type type_;
    std::uint32_t size_ = 0;
    bool has_null_ = false;
    std::string elements_;
};

/// Rows on their way into a table: for each column an array, which the statement takes apart with `unnest`.
/// Values are given row after row, in the order of the columns.
class Table {
public:
    explicit Table(std::span<const Type> types);

    Table& integer(std::int64_t value) {
        return put([&](Column& column) { column.integer(value); });
    }
    Table& text(std::string_view value) {
        return put([&](Column& column) { column.text(value); });
    }
    Table& id(Uuid bits) {
        return put([&](Column& column) { column.id(bits); });
    }
    Table& null() {
        return put([](Column& column) { column.null(); });
    }
    template <class Tag>
    Table& id(const Id<Tag>& id) {
        return this->id(id.bits());
    }
    template <class Tag>
    Table& id_or_null(const Id<Tag>& id) {
        return id ? this->id(id.bits()) : null();
    }
    Table& channel_or_null(const Channel& channel) { return channel ? text(channel.name()) : null(); }
    template <class Enum>
    Table& name(std::span<const std::string_view> names, Enum value) {
        return text(names[static_cast<std::size_t>(value)]);
    }

    [[nodiscard]] std::span<const Column> columns() const { return columns_; }
    [[nodiscard]] bool is_empty() const { return columns_.front().is_empty(); }

private:
    template <class Put>
    Table& put(Put into) {
        into(columns_[at_]);
        at_ = at_ + 1 == columns_.size() ? 0 : at_ + 1;
        return *this;
    }

    std::vector<Column> columns_;
    std::size_t at_ = 0;
};

/// PostgreSQL's text has no zero byte.
[[nodiscard]] inline bool is_text(std::string_view text) { return text.find('\0') == std::string_view::npos; }

/// The text of a statement: a literal. What is put together while the program runs does not compile.
class Sql {
public:
    // NOLINTBEGIN(google-explicit-constructor, modernize-avoid-c-arrays): that is what a literal is
    template <std::size_t size>
    constexpr Sql(const char (&literal)[size]) : text_{literal} {}
    template <std::size_t size>
    Sql(char (&buffer)[size]) = delete;
    // NOLINTEND(google-explicit-constructor, modernize-avoid-c-arrays)
    [[nodiscard]] constexpr const char* text() const { return text_; }

private:
    const char* text_;
};

/// One run of a literal statement with its arguments, which go beside it, in binary, and never into its text.
class Statement {
public:
    /// It is known by the address of its text.
    explicit Statement(Sql sql) : sql_{sql} {}

    Statement& integer(std::int64_t value);
    Statement& text(std::string_view value);
    Statement& null();
    Statement& id(Uuid bits);
    template <class Tag>
    Statement& id(const Id<Tag>& id) {
        return this->id(id.bits());
    }
    template <class Tag>
    Statement& id_or_null(const Id<Tag>& id) {
        return id ? this->id(id.bits()) : null();
    }
    Statement& channel_or_null(const Channel& channel) { return channel ? text(channel.name()) : null(); }
    template <class Enum>
    Statement& name(std::span<const std::string_view> names, Enum value) {
        return text(names[static_cast<std::size_t>(value)]);
    }
    Statement& digest(const Digest& value);
    Statement& column(const Column& values);
    Statement& table(const Table& rows);

    [[nodiscard]] Sql sql() const { return sql_; }
    /// As libpq takes them; valid until the statement changes.
    struct Arguments {
        std::vector<const char*> values{};
        std::vector<int> lengths{};
        std::vector<int> formats{};
    };
    [[nodiscard]] Arguments arguments() const;

private:
    struct Argument {
        std::size_t at = 0;
        int length = 0;  ///< -1: null
    };
    Statement& added(std::size_t from);

    Sql sql_;
    std::string bytes_;
    std::vector<Argument> arguments_;
};

}  // namespace entitle::inline v0::postgres
