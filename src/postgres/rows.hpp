#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <libpq-fe.h>

#include "entitle/value/channel.hpp"
#include "entitle/value/digest.hpp"
#include "entitle/value/id.hpp"

#include "code.hpp"

namespace entitle::inline v0::postgres {

/// What a statement gave. Columns are read in the order in which they stand; one that holds what it cannot hold
/// spoils the whole, which `code` says.
class Rows {
public:
    Rows() = default;
    explicit Rows(PGresult* result) : result_{result} {}

    /// The next row; off: there is none, or one before it was spoiled.
    [[nodiscard]] bool next();
    [[nodiscard]] Code code() const { return spoiled_ ? Code::corrupt : Code::ok; }
    [[nodiscard]] int size() const { return PQntuples(result_.get()); }
    /// How many rows the statement changed.
    [[nodiscard]] std::int64_t changed() const;
    /// What the server calls what was done.
    [[nodiscard]] std::string_view tag() const { return PQcmdStatus(result_.get()); }
    void spoil() { spoiled_ = true; }

    [[nodiscard]] std::int64_t integer();
    [[nodiscard]] std::int64_t integer(std::int64_t lowest, std::int64_t highest);
    [[nodiscard]] std::int64_t integer_or(std::int64_t otherwise);
    [[nodiscard]] bool flag();
    [[nodiscard]] std::string text() { return std::string{bytes()}; }
    [[nodiscard]] bool is_null() const;  ///< of the next column, which is not passed
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

    // arrays
    [[nodiscard]] std::vector<std::optional<std::int64_t>> integers();
    [[nodiscard]] std::vector<bool> flags();
    [[nodiscard]] std::vector<Channel> channels();
    template <class I>
    [[nodiscard]] std::vector<I> ids() {
        std::vector<I> out;
        for (const Uuid& bits : uuids()) out.emplace_back(bits);
        return out;
    }

private:
    struct Clear {
        void operator()(PGresult* result) const { PQclear(result); }
    };

    /// The next column's; empty where it is null.
    [[nodiscard]] std::string_view bytes();
    [[nodiscard]] Uuid bits(bool may_be_null);
    [[nodiscard]] Uuid bits_of(std::string_view bytes, bool is_null);
    [[nodiscard]] std::int64_t integer_of(std::string_view bytes);
    [[nodiscard]] std::vector<Uuid> uuids();
    [[nodiscard]] Channel channel_of(std::string_view bytes);
    [[nodiscard]] std::size_t place_of(std::span<const std::string_view> names);
    template <class Each>
    void elements(Each each);

    std::unique_ptr<PGresult, Clear> result_;
    int row_ = -1;
    int column_ = 0;
    bool spoiled_ = false;
};

}  // namespace entitle::inline v0::postgres
