#include "rows.hpp"

#include <algorithm>
#include <charconv>

namespace entitle::inline v0::postgres {

namespace {

[[nodiscard]] std::uint64_t read_word(std::string_view bytes) {
    std::uint64_t word = 0;
    for (const char byte : bytes) word = (word << 8) | static_cast<unsigned char>(byte);
    return word;
}

/// Takes the next four bytes off; nothing where there are no more.
[[nodiscard]] std::optional<std::uint32_t> take(std::string_view& bytes) {
    if (bytes.size() < 4) return std::nullopt;
    const auto word = static_cast<std::uint32_t>(read_word(bytes.substr(0, 4)));
    bytes.remove_prefix(4);
    return word;
}

constexpr std::uint32_t null_length = 0xFFFF'FFFF;

}  // namespace

bool Rows::next() {
    if (spoiled_ || result_ == nullptr || row_ + 1 >= size()) return false;
    ++row_;
    column_ = 0;
    return true;
}

std::int64_t Rows::changed() const {
    const std::string_view text = PQcmdTuples(result_.get());
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

bool Rows::is_null() const {
    return column_ >= PQnfields(result_.get()) || PQgetisnull(result_.get(), row_, column_) != 0;
}

std::string_view Rows::bytes() {
    if (is_null()) {
        spoil();
        ++column_;
        return {};
    }
    const char* at = PQgetvalue(result_.get(), row_, column_);
    const auto length = static_cast<std::size_t>(PQgetlength(result_.get(), row_, column_));
    ++column_;
    return {at, length};
}

/// Two, four or eight bytes, by the column's type.
std::int64_t Rows::integer_of(std::string_view bytes) {
    const std::uint64_t word = read_word(bytes);
    switch (bytes.size()) {
        case 2: return static_cast<std::int16_t>(word);
        case 4: return static_cast<std::int32_t>(word);
        case 8: return static_cast<std::int64_t>(word);
        default: spoil(); return 0;
    }
}

std::int64_t Rows::integer() { return integer_of(bytes()); }

std::int64_t Rows::integer(std::int64_t lowest, std::int64_t highest) {
    const std::int64_t value = integer();
    if (value >= lowest && value <= highest) return value;
    spoil();
    return lowest;
}

std::int64_t Rows::integer_or(std::int64_t otherwise) {
    if (!is_null()) return integer();
    ++column_;
    return otherwise;
}

bool Rows::flag() {
    const std::string_view byte = bytes();
    if (byte.size() != 1) spoil();
    return !byte.empty() && byte[0] != 0;
}

Uuid Rows::bits_of(std::string_view bytes, bool is_null) {
    if (is_null || bytes.size() != 16) {
        spoil();
        return {};
    }
    return {read_word(bytes.substr(0, 8)), read_word(bytes.substr(8))};
}

Uuid Rows::bits(bool may_be_null) {
    if (may_be_null && is_null()) {
        ++column_;
        return {};
    }
    const Uuid value = bits_of(bytes(), false);
    if (value == Uuid{}) spoil();
    return value;
}

Digest Rows::digest() {
    Digest value;
    const std::string_view read = bytes();
    if (read.size() != value.bytes.size()) {
        spoil();
        return value;
    }
    std::transform(read.begin(), read.end(), value.bytes.begin(),
                   [](char byte) { return static_cast<std::uint8_t>(byte); });
    return value;
}

Channel Rows::channel_of(std::string_view bytes) {
    const auto channel = Channel::named(bytes);
    if (!channel) spoil();
    return channel.value_or(Channel{});
}

Channel Rows::channel_or_none() {
    if (!is_null()) return channel_of(bytes());
    ++column_;
    return {};
}

std::size_t Rows::place_of(std::span<const std::string_view> names) {
    const auto found = std::find(names.begin(), names.end(), bytes());
    if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
    spoil();
    return 0;
}

/// Of an array with one dimension, or with none: then it is empty.
template <class Each>
void Rows::elements(Each each) {
    std::string_view left = bytes();
    const auto dimensions = take(left);
    const auto has_null = take(left);
    const auto type = take(left);
    if (!dimensions || !has_null || !type || *dimensions > 1) return spoil();
    if (*dimensions == 0) return;
    const auto count = take(left);
    if (!count || !take(left)) return spoil();
    for (std::uint32_t i = 0; i < *count; ++i) {
        const auto length = take(left);
        const bool is_null = length && *length == null_length;
        if (!length || (!is_null && *length > left.size())) return spoil();
        each(left.substr(0, is_null ? 0 : *length), is_null);
        left.remove_prefix(is_null ? 0 : *length);
    }
}

std::vector<std::optional<std::int64_t>> Rows::integers() {
    std::vector<std::optional<std::int64_t>> out;
    elements([&](std::string_view bytes, bool is_null) {
        out.push_back(is_null ? std::nullopt : std::optional{integer_of(bytes)});
    });
    return out;
}

std::vector<Uuid> Rows::uuids() {
    std::vector<Uuid> out;
    elements([&](std::string_view bytes, bool is_null) { out.push_back(bits_of(bytes, is_null)); });
    return out;
}

std::vector<bool> Rows::flags() {
    std::vector<bool> out;
    elements([&](std::string_view bytes, bool is_null) {
        if (is_null || bytes.size() != 1) spoil();
        out.push_back(!bytes.empty() && bytes[0] != 0);
    });
    return out;
}

std::vector<Channel> Rows::channels() {
    std::vector<Channel> out;
    elements([&](std::string_view bytes, bool is_null) {
        if (is_null) spoil();
        else out.push_back(channel_of(bytes));
    });
    return out;
}

}  // namespace entitle::inline v0::postgres
