#include "statement.hpp"

namespace entitle::inline v0::postgres {

namespace {

/// Most significant byte first, as on the wire.
void put(std::string& bytes, std::uint64_t value, int width) {
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8)
        bytes.push_back(static_cast<char>(value >> shift));
}

void put_length(std::string& bytes, std::size_t length) { put(bytes, length, 4); }

}  // namespace

void Column::integer(std::int64_t value) {
    ++size_;
    if (type_ == Type::boolean) {
        put_length(elements_, 1);
        return put(elements_, value != 0, 1);
    }
    put_length(elements_, 8);
    put(elements_, static_cast<std::uint64_t>(value), 8);
}

void Column::text(std::string_view value) {
    ++size_;
    put_length(elements_, value.size());
    elements_ += value;
}

void Column::id(Uuid bits) {
    ++size_;
    put_length(elements_, 16);
    put(elements_, bits.hi, 8);
    put(elements_, bits.lo, 8);
}

void Column::null() {
    ++size_;
    has_null_ = true;
    put(elements_, 0xFFFF'FFFF, 4);
}

void Column::append_to(std::string& bytes) const {
    put(bytes, size_ == 0 ? 0 : 1, 4);  // dimensions
    put(bytes, has_null_ ? 1 : 0, 4);
    put(bytes, static_cast<std::uint32_t>(type_), 4);
    if (size_ == 0) return;
    put(bytes, size_, 4);
    put(bytes, 1, 4);  // the first has the number 1
    bytes += elements_;
}

Table::Table(std::span<const Type> types) {
    columns_.reserve(types.size());
    for (const Type type : types) columns_.emplace_back(type);
}

Statement& Statement::added(std::size_t from) {
    arguments_.push_back({from, static_cast<int>(bytes_.size() - from)});
    return *this;
}

Statement& Statement::integer(std::int64_t value) {
    const std::size_t from = bytes_.size();
    put(bytes_, static_cast<std::uint64_t>(value), 8);
    return added(from);
}

Statement& Statement::text(std::string_view value) {
    const std::size_t from = bytes_.size();
    bytes_ += value;
    return added(from);
}

Statement& Statement::null() {
    arguments_.push_back({0, -1});
    return *this;
}

Statement& Statement::id(Uuid bits) {
    const std::size_t from = bytes_.size();
    put(bytes_, bits.hi, 8);
    put(bytes_, bits.lo, 8);
    return added(from);
}

Statement& Statement::digest(const Digest& value) {
    const std::size_t from = bytes_.size();
    for (const std::uint8_t byte : value.bytes) bytes_.push_back(static_cast<char>(byte));
    return added(from);
}

Statement& Statement::column(const Column& values) {
    const std::size_t from = bytes_.size();
    values.append_to(bytes_);
    return added(from);
}

Statement& Statement::table(const Table& rows) {
    for (const Column& values : rows.columns()) column(values);
    return *this;
}

Statement::Arguments Statement::arguments() const {
    Arguments out;
    for (const Argument& argument : arguments_) {
        out.values.push_back(argument.length < 0 ? nullptr : bytes_.data() + argument.at);
        out.lengths.push_back(argument.length < 0 ? 0 : argument.length);
        out.formats.push_back(1);
    }
    return out;
}

}  // namespace entitle::inline v0::postgres
