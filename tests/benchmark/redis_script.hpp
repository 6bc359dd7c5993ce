#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "workload.hpp"

namespace benchmark_of_entitle {

/// The bare loop's rules as a script in the server: the same facts in the same order (coverage, product, channel
/// listed, total, channel's rest), the furthest refusal told, a case kept and a line of a ledger.
///
/// A customer's entitlements are one packed string, 56 bytes each: one GET brings them all, and one SETRANGE writes
/// the total and the channel back. As fields of a hash they took 1.8 times as long, since each becomes a string of
/// its own on its way to the script and a number there. Cases are a hash of the customer's, as an engine's are the
/// customer's; HSETNX in it takes as long in cache as a key for each case does, and less where customers are many. A
/// ledger is a string that is appended to, which takes some 10 % less than a list, or a stream. An answer is 8 bytes
/// rather than a list of two numbers.
///
/// KEYS: the customer, its cases, its ledger. ARGV: case, product, channel, instant.
/// Gives total and channel's rest, packed, or a number: BareLoop::Refusal.
inline constexpr std::string_view redis_script = R"lua(
local call, pack, unpack = redis.call, struct.pack, struct.unpack
local customer, case, product = KEYS[1], ARGV[1], ARGV[2]
local channel, at = tonumber(ARGV[3]), tonumber(ARGV[4])
local any = '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0'
local state = call('GET', customer)
if not state then return 1 end
local furthest = 1
for first = 1, #state, 56 do
  local begins, ends, only, total = unpack('>i8i8c16i4', state, first)
  local refusal
  if at < begins or at >= ends then
    refusal = 2
  elseif only ~= any and only ~= product then
    refusal = 3
  else
    local others = first + 36
    local mine = others + 4 * channel
    local left = unpack('>i4', state, mine)
    if left < 0 then
      refusal = 4
    elseif total < 1 then
      refusal = 5
    elseif left < 1 then
      refusal = 6
    else
      if call('HSETNX', KEYS[2], case, product .. pack('>i8i4i4', at, first, channel)) == 0 then return 7 end
      total, left = total - 1, left - 1
      call('SETRANGE', customer, first + 31, pack('>i4', total) .. state:sub(others, mine - 1) .. pack('>i4', left))
      call('APPEND', KEYS[3], case .. pack('>i8i4i4i4i4', at, total, left, first, channel))
      return pack('>i4i4', total, left)
    end
  end
  if refusal > furthest then furthest = refusal end
end
return furthest
)lua";

/// The packed numbers of the script's state, big-endian.
class RedisState {
public:
    static constexpr std::size_t line_bytes = 40;  ///< of a ledger

    struct Counters {
        std::int64_t remaining = 0;
        std::array<std::int64_t, listed_channels> channels{};
    };

    [[nodiscard]] static std::string bytes_of(Key key) {
        std::string bytes;
        put(bytes, key.hi, 8);
        put(bytes, key.lo, 8);
        return bytes;
    }
    /// What is not listed has less than nothing left.
    [[nodiscard]] static std::string packed(const Customer& customer) {
        std::string state;
        for (const Candidate& candidate : customer.list()) {
            const Days days = days_of(candidate);
            const auto total = static_cast<std::uint64_t>(candidate.total);
            put(state, static_cast<std::uint64_t>(days.begin().time_since_epoch().count()), 8);
            put(state, static_cast<std::uint64_t>(days.end().time_since_epoch().count()), 8);
            state += bytes_of(candidate.product);
            put(state, total, 4);
            for (std::size_t i = 0; i < channels.size(); ++i)
                put(state, i < open_channels ? total : i < listed_channels ? 0 : ~std::uint64_t{0}, 4);
        }
        return state;
    }
    [[nodiscard]] static std::vector<Counters> counters_of(std::string_view state) {
        std::vector<Counters> all;
        for (std::size_t at = total_at; at < state.size(); at += entitlement_bytes) {
            Counters& counters = all.emplace_back();
            counters.remaining = number_at(state, at);
            for (std::size_t i = 0; i < listed_channels; ++i)
                counters.channels[i] = number_at(state, at + 4 * (i + 1));
        }
        return all;
    }
    [[nodiscard]] static std::int64_t number_at(std::string_view bytes, std::size_t at) {
        std::uint32_t number = 0;
        for (const char byte : bytes.substr(at, 4)) number = number << 8 | static_cast<unsigned char>(byte);
        return static_cast<std::int32_t>(number);
    }

private:
    static constexpr std::size_t entitlement_bytes = 56, total_at = 32;

    static void put(std::string& bytes, std::uint64_t number, int size) {
        for (int shift = 8 * (size - 1); shift >= 0; shift -= 8)
            bytes += static_cast<char>(static_cast<unsigned char>(number >> shift));
    }
};

}  // namespace benchmark_of_entitle
