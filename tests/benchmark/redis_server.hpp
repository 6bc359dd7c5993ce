#pragma once

#include <chrono>
#include <csignal>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <hiredis/hiredis.h>
#include <sys/prctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/scratch.hpp"

namespace benchmark_of_entitle {

struct RedisClosed {
    void operator()(redisContext* context) const { redisFree(context); }
};
using RedisConnection = std::unique_ptr<redisContext, RedisClosed>;

/// A server of the benchmark's own, which writes nothing to the disk: reached by a socket in a temporary folder,
/// and gone with the object, or with this process, however that ends.
class RedisServer {
public:
    RedisServer() : server_{spawn()} {
        if (server_ < 0) throw std::runtime_error{"fork failed"};
        try {
            wait_until_ready();
        } catch (...) {
            stop();
            throw;
        }
    }
    RedisServer(const RedisServer&) = delete;
    RedisServer& operator=(const RedisServer&) = delete;
    ~RedisServer() { stop(); }

    [[nodiscard]] RedisConnection connect() const {
        return RedisConnection{redisConnectUnix(socket_.c_str())};
    }

    /// What it has worked since it began, in nanoseconds.
    [[nodiscard]] double nanoseconds_worked() const {
        clockid_t clock{};
        std::timespec at{};
        if (clock_getcpuclockid(server_, &clock) != 0 || clock_gettime(clock, &at) != 0)
            throw std::runtime_error{"the server has no clock"};
        return static_cast<double>(at.tv_sec) * 1e9 + static_cast<double>(at.tv_nsec);
    }

private:
    /// No snapshots, no log of commands, no list of slow ones.
    [[nodiscard]] pid_t spawn() const {
        std::vector<std::string> words{"redis-server",
                                       "--port",
                                       "0",
                                       "--unixsocket",
                                       socket_,
                                       "--dir",
                                       scratch_.file(""),
                                       "--save",
                                       "",
                                       "--appendonly",
                                       "no",
                                       "--slowlog-log-slower-than",
                                       "-1"};
        std::vector<char*> arguments;
        for (std::string& word : words) arguments.push_back(word.data());
        arguments.push_back(nullptr);
        const pid_t parent = getpid();
        const pid_t child = fork();
        if (child != 0) return child;
        const int nowhere = open("/dev/null", O_RDWR);
        for (const int stream : {0, 1, 2}) dup2(nowhere, stream);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() == parent) execvp(arguments[0], arguments.data());
        _exit(127);
    }
    void wait_until_ready() {
        for (int attempt = 0; attempt < 1'500; ++attempt) {
            const RedisConnection connection = connect();
            if (connection && connection->err == 0) return;
            if (waitpid(server_, nullptr, WNOHANG) == server_) {
                server_ = 0;
                throw std::runtime_error{"redis-server does not start; is it installed?"};
            }
            std::this_thread::sleep_for(std::chrono::milliseconds{20});
        }
        throw std::runtime_error{"redis-server does not answer"};
    }
    void stop() {
        if (server_ <= 0) return;
        kill(server_, SIGKILL);  // there is nothing to save
        waitpid(server_, nullptr, 0);
        server_ = 0;
    }

    store_contract::Scratch scratch_;
    std::string socket_ = scratch_.file("redis");
    pid_t server_;
};

}  // namespace benchmark_of_entitle
