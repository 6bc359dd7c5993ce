#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "entitle/ledger/sha256.hpp"
#include "entitle/value/digest.hpp"
#include "entitle/value/entry.hpp"

/// Section 10's chain: headₙ = SHA-256(headₙ₋₁ ‖ the canonical bytes of command n), per customer; head₀ is 32
/// zero bytes. The canonical bytes of a command are those of its entries, in order. Every field has a fixed
/// width; integers are big-endian, signed ones in two's complement; what is absent is zero bytes. The bytes
/// are the same whatever the store.
namespace entitle::inline v0::ledger {

/// Writes canonical bytes into a hash.
class CanonicalWriter {
public:
    explicit CanonicalWriter(Sha256& hash) : hash_{&hash} {}

    template <class Integer>
    void integer(Integer value) {
        const auto bits = static_cast<std::uint64_t>(value);
        for (std::size_t i = sizeof value; i-- > 0;) hash_->add(static_cast<std::uint8_t>(bits >> (8 * i)));
    }
    void uuid(Uuid id) {
        integer(id.hi);
        integer(id.lo);
    }
    /// The text, then zero bytes up to `width`.
    void text(std::string_view value, std::size_t width) {
        for (std::size_t i = 0; i < width; ++i) {
            hash_->add(i < value.size() ? static_cast<std::uint8_t>(value[i]) : std::uint8_t{0});
        }
    }
    /// A text of any length: its SHA-256; none: 32 zero bytes.
    void digest_of(std::string_view value) {
        Sha256 hash;
        for (const char c : value) hash.add(static_cast<std::uint8_t>(c));
        hash_->add(value.empty() ? Digest{}.bytes : hash.finish().bytes);
    }

private:
    Sha256* hash_;
};

/// 214 bytes: customer 16, number 8, ordinal 4, command 1, kind 1, entitlement 16, case 16, channel (as it is
/// spelled) 31 and its length 1, moved of the total 8 and of the channel 8, remaining total 8 and channel 8, the number 8 and
/// ordinal 4 of the entry it reverses, instant (microseconds since 1970-01-01T00:00:00Z) 8, actor 16, request
/// id 16, the reason's SHA-256 32, allocation 1, currency code 3. Of the kinds that came later, from 5 on,
/// 222: the amount 8.
inline void write_canonical(CanonicalWriter& out, const Entry& entry) {
    out.uuid(entry.customer.bits());
    out.integer(entry.number);
    out.integer(entry.ordinal);
    out.integer(static_cast<std::uint8_t>(entry.command));
    out.integer(static_cast<std::uint8_t>(entry.kind));
    out.uuid(entry.entitlement.bits());
    out.uuid(entry.support_case.bits());
    out.text(entry.channel.name(), Channel::max_bytes);
    out.integer(static_cast<std::uint8_t>(entry.channel.name().size()));
    out.integer(entry.total_moved);
    out.integer(entry.channel_moved);
    out.integer(entry.remaining);
    out.integer(entry.channel_remaining);
    out.integer(entry.reverses.number);
    out.integer(entry.reverses.ordinal);
    out.integer(static_cast<std::int64_t>(entry.at.time_since_epoch().count()));
    out.uuid(entry.actor.bits());
    out.uuid(entry.request.bits());
    out.digest_of(entry.reason);
    out.integer(static_cast<std::uint8_t>(entry.unit.allocation));
    out.text(entry.unit.allocation == Allocation::money ? entry.unit.currency.code() : std::string_view{}, 3);
    if (entry.kind > EntryKind::carried_in) out.integer(entry.amount);
}

/// One customer's chain, entry by entry.
class Chain {
public:
    Chain() = default;
    /// Goes on from a head that is known.
    Chain(std::uint64_t number, const Digest& head) : number_{number}, head_{head} {}

    /// The number of the last command that has ended.
    [[nodiscard]] std::uint64_t number() const { return number_; }
    /// The head after it.
    [[nodiscard]] const Digest& head() const { return head_; }

    /// Adds an entry; true where the one before it was the last of its command, so that the head has moved on.
    bool add(const Entry& entry) {
        const bool moves_on = is_open_ && entry.number != open_;
        if (moves_on) end();
        if (!is_open_) {
            hash_ = Sha256{};
            hash_.add(head_.bytes);
            open_ = entry.number;
            is_open_ = true;
        }
        CanonicalWriter out{hash_};
        write_canonical(out, entry);
        return moves_on;
    }
    /// Like `add`, where no head of what is left to come will be asked for: hashing is most of an audit.
    bool pass(const Entry& entry) {
        const bool moves_on = is_open_ && entry.number != open_;
        if (moves_on) number_ = open_;
        open_ = entry.number;
        is_open_ = true;
        return moves_on;
    }
    /// No more entries of the last command; true where there were any.
    bool end() {
        if (!is_open_) return false;
        head_ = hash_.finish();
        number_ = open_;
        is_open_ = false;
        return true;
    }

private:
    std::uint64_t number_ = 0;
    Digest head_{};
    std::uint64_t open_ = 0;
    bool is_open_ = false;
    Sha256 hash_{};
};

}  // namespace entitle::inline v0::ledger
