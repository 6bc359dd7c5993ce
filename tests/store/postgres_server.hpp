#pragma once

#include <string>
#include <vector>

#include <libpq-fe.h>
#include <sys/types.h>

#include "scratch.hpp"

namespace store_contract {

/// A server of the test program's own: made in a temporary folder and reached by a socket there, stopped and
/// removed with the object. As root it runs as the user `postgres`, since the server refuses to be root's.
class PostgresServer {
public:
    /// `durable`: what is committed is on the disk, as a server is set up by itself; a test need not wait for it.
    explicit PostgresServer(bool durable = false);
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;
    ~PostgresServer();

    /// The one that tests share, begun when it is first asked for.
    [[nodiscard]] static PostgresServer& shared();

    /// The server is stopped when the thread that starts it ends, however it ends.
    void start();
    void wait_until_ready() const;
    /// By a signal: SIGINT is orderly, SIGQUIT is a crash.
    void stop(int signal);

    /// Kills one of the processes that serve the library with SIGKILL, if there is one: all sessions end then, and the
    /// server begins again by itself.
    void kill_one() const;

    /// Where its socket is.
    [[nodiscard]] std::string folder() const { return scratch_.file(""); }
    /// How to connect to it, and there to a schema, which is made where it is missing.
    [[nodiscard]] std::string conninfo() const;
    [[nodiscard]] std::string conninfo(const std::string& schema) const;

private:
    [[nodiscard]] std::string program(const std::string& name) const;
    [[nodiscard]] pid_t spawn(const std::vector<std::string>& words) const;
    void run(const std::vector<std::string>& words) const;

    bool durable_;
    Scratch scratch_;
    std::string data_ = scratch_.file("data");
    uid_t user_;
    gid_t group_;
    pid_t server_ = 0;
};

/// A host's own connection.
class PostgresConnection {
public:
    explicit PostgresConnection(const std::string& conninfo);
    PostgresConnection(const PostgresConnection&) = delete;
    PostgresConnection& operator=(const PostgresConnection&) = delete;
    ~PostgresConnection() { PQfinish(handle_); }

    [[nodiscard]] PGconn* handle() const { return handle_; }
    void run(const std::string& sql) const;
    /// The first column of the first row; empty where there is none.
    [[nodiscard]] std::string value(const std::string& sql) const;

private:
    PGconn* handle_;
};

}  // namespace store_contract
