#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

extern "C" int __llvm_profile_write_file()
    __attribute__((weak));  // NOLINT(*-identifier*): the compiler's own

namespace store_contract {

/// Ends a child at once, as `_exit` does; in a build that counts what is run, its counts are kept.
[[noreturn]] inline void leave(int status) {
    if (__llvm_profile_write_file != nullptr) __llvm_profile_write_file();
    _exit(status);
}

/// Runs `work` in a child, which ends with what it returns.
template <class Work>
[[nodiscard]] pid_t in_child(Work work) {
    const pid_t child = fork();
    if (child == 0) leave(work());
    return child;
}
[[nodiscard]] inline int ended(pid_t child) {
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

/// A pipe from a child: what is written to it is there when the child is gone.
class Pipe {
public:
    Pipe() { EXPECT_EQ(pipe(ends_.data()), 0); }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    ~Pipe() {
        close(ends_[0]);
        if (ends_[1] != -1) close(ends_[1]);
    }

    void close_writing() { close(std::exchange(ends_[1], -1)); }
    template <class T>
    void write(const T& value) const {
        if (::write(ends_[1], &value, sizeof value) != static_cast<ssize_t>(sizeof value)) _exit(9);
    }
    /// Waits for the next; off: there is none, and the child is gone.
    template <class T>
    [[nodiscard]] bool read(T& value) const {
        std::size_t got = 0;
        while (got < sizeof value) {
            const ssize_t count = ::read(ends_[0], reinterpret_cast<char*>(&value) + got, sizeof value - got);
            if (count <= 0) return false;
            got += static_cast<std::size_t>(count);
        }
        return true;
    }

private:
    std::array<int, 2> ends_{-1, -1};
};

}  // namespace store_contract
