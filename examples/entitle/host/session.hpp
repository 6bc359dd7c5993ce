#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <entitle/engine.hpp>

#include "host/database.hpp"
#include "host/keys.hpp"

namespace program {

/// What every command of a desk can be told.
struct Common {
    std::string store{};    ///< empty: as the environment's `ENTITLE_STORE` has it
    std::string at{};       ///< empty: now
    std::string request{};  ///< empty: not remembered
    std::string actor{};    ///< empty: nobody is named
    bool json = false;
};

/// A request that was refused: the library's ledger has none, so the desk keeps them beside.
struct Refusal {
    entitle::Instant at{};
    std::string code{};
    std::string reason{};  ///< of `not_entitled`
};

/// One run of the program on one desk: its database, one transaction of it, and in it the program's own tables and
/// the library's engine. What was not committed never happened; what a command came to is told after it was.
class Session {
public:
    [[nodiscard]] static Or<std::unique_ptr<Session>> open(const Common& common, Use use);
    /// Over a desk that is made by this transaction: `desk_exists`.
    [[nodiscard]] static Or<std::unique_ptr<Session>> make(const Common& common,
                                                           const entitle::Policy& policy);

    [[nodiscard]] entitle::Instant now() const { return now_; }
    /// Whether that is not the system's own.
    [[nodiscard]] bool is_at_another_time() const { return is_at_another_time_; }
    [[nodiscard]] Database& database() { return *database_; }
    [[nodiscard]] Keys& keys() { return keys_; }
    [[nodiscard]] entitle::Engine& engine() { return *engine_; }
    [[nodiscard]] entitle::Store& store() { return *store_; }

    /// One command of the library, with the request and the actor that were given. Where a run needs several, each has a
    /// request of its own, the same whenever the run is repeated.
    template <class Command>
    [[nodiscard]] Or<entitle::Receipt> run(Command command) {
        if constexpr (requires { command.request; }) {
            command.request = next_request();
            command.actor = actor_;
        }
        auto outcome = engine_->execute(command, now_);
        if (!outcome) return fail(outcome.error());
        return std::move(*outcome);
    }

    [[nodiscard]] Done commit() { return database_->commit(); }
    /// From now on the desk is under another policy.
    [[nodiscard]] Done adopt(const entitle::Policy& policy);
    /// Ends the transaction and begins the next: long work is done in pieces, each whole.
    [[nodiscard]] Done commit_and_go_on();

    /// Notes a refusal, in this transaction, or in one of its own where there is none.
    [[nodiscard]] Done note(const std::string& command, const Refusal& refusal);
    [[nodiscard]] static Done note_refusal(const Common& common, const std::string& command,
                                           const Failure& failure);

private:
    Session(std::unique_ptr<Database> database, entitle::Instant now, bool is_at_another_time)
        : database_{std::move(database)},
          keys_{*database_},
          now_{now},
          is_at_another_time_{is_at_another_time} {}
    [[nodiscard]] Done attach(const entitle::Policy& policy);
    [[nodiscard]] Done name_who(const Common& common);
    [[nodiscard]] entitle::RequestId next_request();

    std::unique_ptr<Database> database_;
    std::unique_ptr<entitle::Store> store_;
    std::optional<entitle::Engine> engine_;
    Keys keys_;
    entitle::Instant now_;
    bool is_at_another_time_;
    std::string request_;
    std::uint64_t commands_ = 0;  ///< that were run
    entitle::ActorId actor_{};
};

/// The instant that was asked for, or the system's.
[[nodiscard]] Or<entitle::Instant> instant_of(const std::string& at);

}  // namespace program
