#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <libpq-fe.h>

#include "code.hpp"
#include "rows.hpp"
#include "statement.hpp"

namespace entitle::inline v0::postgres {

/// A connection to a server, the store's own or the host's, and the statements prepared on it. On the host's
/// nothing is prepared: the names of prepared statements are the host's.
class Connection {
public:
    Connection() = default;
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { close(); }

    /// What a connection of its own is to be.
    struct Settings {
        std::string conninfo{};
        bool read_only = false;  ///< else the server must accept writes
        bool prepares = true;
    };
    /// Connects, anew where it was connected. `lost`: the server is there, and may have room later.
    [[nodiscard]] Code connect(const Settings& settings);
    [[nodiscard]] Code borrow(PGconn* handle);
    /// Lets go of everything without a word to the server: what a child does with its parent's connection.
    void leak();
    void close();

    [[nodiscard]] PGconn* handle() const { return handle_; }
    [[nodiscard]] bool is_up() const { return handle_ != nullptr && PQstatus(handle_) == CONNECTION_OK; }
    [[nodiscard]] PGTransactionStatusType transaction() const { return PQtransactionStatus(handle_); }

    [[nodiscard]] Code run(const Statement& statement, Rows& out);
    [[nodiscard]] Code run(const Statement& statement);
    /// Sends them all, and then reads all answers: one round trip, for each 128 of them. After the first that
    /// fails none is carried out.
    [[nodiscard]] Code run(std::span<const Statement> statements, std::vector<Rows>& out);
    /// Runs a literal text of several statements without arguments.
    [[nodiscard]] Code run_script(Sql sql);

private:
    [[nodiscard]] Code run_some(std::span<const Statement> statements, std::vector<Rows>& out);
    [[nodiscard]] bool send(const Statement& statement, std::vector<const char*>& prepared);
    [[nodiscard]] Code receive(Rows* out);
    [[nodiscard]] Code receive_all(std::span<const Statement> statements,
                                   std::span<const char* const> prepared, std::vector<Rows>& out);
    [[nodiscard]] Code finish_pipeline();
    void leave_pipeline() noexcept;
    [[nodiscard]] Code code_of(const PGresult* result) const;

    PGconn* handle_ = nullptr;
    bool owned_ = false;
    bool prepares_ = false;
    std::unordered_map<const char*, std::string> names_;  // of what is prepared, by the text
};

}  // namespace entitle::inline v0::postgres
