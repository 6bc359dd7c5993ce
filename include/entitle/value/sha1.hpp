#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// SHA-1, for RFC 9562 name-based ids only: it names things, it protects nothing.
namespace entitle::inline v0::detail {

class Sha1 {
public:
    constexpr void add(std::uint8_t byte) {
        block_[filled_++] = byte;
        ++length_;
        if (filled_ == block_.size()) {
            mix();
            filled_ = 0;
        }
    }

    [[nodiscard]] constexpr std::array<std::uint8_t, 20> finish() {
        const std::uint64_t bits = length_ * 8;
        add(0x80);
        while (filled_ != 56) add(0);
        for (int shift = 56; shift >= 0; shift -= 8) add(static_cast<std::uint8_t>(bits >> shift));
        std::array<std::uint8_t, 20> digest{};
        for (std::size_t i = 0; i < digest.size(); ++i) {
            digest[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
        }
        return digest;
    }

private:
    constexpr void mix() {
        std::array<std::uint32_t, 80> w{};
        for (std::size_t i = 0; i < 64; ++i) w[i / 4] = (w[i / 4] << 8) | block_[i];
        for (std::size_t i = 16; i < 80; ++i)
            w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
        auto [a, b, c, d, e] = state_;
        for (std::size_t i = 0; i < 80; ++i) {
            const std::uint32_t f = i < 20   ? ((b & c) | (~b & d)) + 0x5A827999
                                    : i < 40 ? (b ^ c ^ d) + 0x6ED9EBA1
                                    : i < 60 ? ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC
                                             : (b ^ c ^ d) + 0xCA62C1D6;
            const std::uint32_t next = std::rotl(a, 5) + f + e + w[i];
            e = d;
            d = c;
            c = std::rotl(b, 30);
            b = a;
            a = next;
        }
        state_ = {state_[0] + a, state_[1] + b, state_[2] + c, state_[3] + d, state_[4] + e};
    }

    std::array<std::uint32_t, 5> state_{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
    std::array<std::uint8_t, 64> block_{};
    std::size_t filled_ = 0;
    std::uint64_t length_ = 0;
};

/// The digest of 16 bytes of name space (big-endian) followed by the text.
[[nodiscard]] constexpr std::array<std::uint8_t, 20> sha1(std::uint64_t hi, std::uint64_t lo,
                                                          std::string_view text) {
    Sha1 hash;
    for (int shift = 56; shift >= 0; shift -= 8) hash.add(static_cast<std::uint8_t>(hi >> shift));
    for (int shift = 56; shift >= 0; shift -= 8) hash.add(static_cast<std::uint8_t>(lo >> shift));
    for (const char c : text) hash.add(static_cast<std::uint8_t>(c));
    return hash.finish();
}

}  // namespace entitle::inline v0::detail
