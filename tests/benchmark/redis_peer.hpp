#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <hiredis/hiredis.h>

#include "bare_loop.hpp"
#include "redis_script.hpp"
#include "redis_server.hpp"
#include "workload.hpp"

namespace benchmark_of_entitle {

/// A workload's customers in a server, and their cases opened by the script. All that is asked in a run is made
/// ready beforehand as the bytes that go over the socket, and sent at once; then the answers are read.
class RedisPeer {
public:
    RedisPeer(const RedisServer& server, const Workload& workload) : connection_{server.connect()} {
        if (!connection_ || connection_->err != 0) throw std::runtime_error{"no connection to redis-server"};
        (void)answer_to({"FLUSHALL"});
        send({"CONFIG", "SET", "latency-tracking", "no"});  // Redis 7 keeps times of each command else
        (void)received();                                   // and others do not know of it
        script_ = text_of(*answer_to({"SCRIPT", "LOAD", redis_script}));
        for (std::size_t i = 0; i < workload.customers(); i += run) add(workload, i);
    }

    void prepare(std::span<const Ask> asks) {
        commands_.clear();
        asked_ = asks.size();
        for (const Ask& ask : asks) commands_ += formatted(ask);
    }
    /// Sends all, and reads every answer.
    template <class Take>
    void open_all(Take take) {
        redisAppendFormattedCommand(connection_.get(), commands_.data(), commands_.size());
        for (std::size_t i = 0; i < asked_; ++i) take(answer_of(*received()));
    }

    /// What is left of a customer's entitlements, and how many cases and lines of its ledger there are.
    struct Left {
        std::vector<RedisState::Counters> entitlements{};
        std::size_t cases = 0, lines = 0;
    };
    [[nodiscard]] Left left(Key customer) {
        const Names names{customer};
        Left left{RedisState::counters_of(text_of(*answer_to({"GET", names.customer()})))};
        left.cases = static_cast<std::size_t>(answer_to({"HLEN", names.cases()})->integer);
        left.lines =
            static_cast<std::size_t>(answer_to({"STRLEN", names.ledger()})->integer) / RedisState::line_bytes;
        return left;
    }

private:
    struct Freed {
        void operator()(redisReply* reply) const { freeReplyObject(reply); }
    };
    using Reply = std::unique_ptr<redisReply, Freed>;
    using Words = std::initializer_list<std::string_view>;

    static constexpr std::size_t run = 1'000;

    /// A customer's keys.
    class Names {
    public:
        explicit Names(Key customer)
            : cases_{RedisState::bytes_of(customer) + 'c'}, ledger_{RedisState::bytes_of(customer) + 'l'} {}
        [[nodiscard]] std::string_view customer() const { return std::string_view{cases_}.substr(0, 16); }
        [[nodiscard]] std::string_view cases() const { return cases_; }
        [[nodiscard]] std::string_view ledger() const { return ledger_; }

    private:
        std::string cases_, ledger_;
    };

    void add(const Workload& workload, std::size_t first) {
        const std::size_t last = std::min(first + run, workload.customers());
        for (std::size_t i = first; i < last; ++i) {
            const Customer customer = workload.customer(i);
            send({"SET", RedisState::bytes_of(customer.id), RedisState::packed(customer)});
        }
        for (std::size_t i = first; i < last; ++i) expect(*received());
    }

    [[nodiscard]] std::string formatted(const Ask& ask) const {
        const Names names{ask.customer};
        const std::string instant = std::to_string(now.time_since_epoch().count());
        return formatted({"EVALSHA", script_, "3", names.customer(), names.cases(), names.ledger(),
                          RedisState::bytes_of(ask.id), RedisState::bytes_of(ask.product),
                          std::to_string(ask.channel), instant});
    }
    [[nodiscard]] static std::string formatted(Words words) {
        std::array<const char*, 10> texts{};
        std::array<std::size_t, 10> lengths{};
        int count = 0;
        for (const std::string_view word : words) {
            texts[static_cast<std::size_t>(count)] = word.data();
            lengths[static_cast<std::size_t>(count++)] = word.size();
        }
        char* bytes = nullptr;
        const auto length = redisFormatCommandArgv(&bytes, count, texts.data(), lengths.data());
        if (length < 0) throw std::bad_alloc{};
        std::string command(bytes, static_cast<std::size_t>(length));
        redisFreeCommand(bytes);
        return command;
    }
    void send(Words words) {
        const std::string command = formatted(words);
        redisAppendFormattedCommand(connection_.get(), command.data(), command.size());
    }
    [[nodiscard]] Reply received() {
        void* reply = nullptr;
        if (redisGetReply(connection_.get(), &reply) != REDIS_OK)
            throw std::runtime_error{connection_->errstr};
        return Reply{static_cast<redisReply*>(reply)};
    }
    [[nodiscard]] Reply answer_to(Words words) {
        send(words);
        Reply reply = received();
        expect(*reply);
        return reply;
    }
    static void expect(const redisReply& reply) {
        if (reply.type == REDIS_REPLY_ERROR) throw std::runtime_error{text_of(reply)};
    }
    [[nodiscard]] static std::string text_of(const redisReply& reply) {
        return {reply.str, static_cast<std::size_t>(reply.len)};
    }
    [[nodiscard]] static BareLoop::Answer answer_of(const redisReply& reply) {
        expect(reply);
        if (reply.type == REDIS_REPLY_INTEGER) return {static_cast<BareLoop::Refusal>(reply.integer)};
        const std::string_view left{reply.str, 8};
        return {BareLoop::Refusal::none, RedisState::number_at(left, 0), RedisState::number_at(left, 4)};
    }

    RedisConnection connection_;
    std::string script_;  ///< its name in the server
    std::string commands_;
    std::size_t asked_ = 0;
};

}  // namespace benchmark_of_entitle
