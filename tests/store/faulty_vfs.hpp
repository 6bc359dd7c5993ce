#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <sqlite3.h>

namespace store_contract {

/// What a file system may do to a store.
enum class Fault : std::uint8_t {
    io_error,   ///< whatever the call is, it fails
    disk_full,  ///< writing fails so; other calls go through
    short_read  ///< reading gives nothing; other calls go through
};

/// A file layer over SQLite's own that counts its calls, lets one of them fail (or all from it on), and knows
/// what a loss of power would leave. One thread at a time.
class FaultyVfs {
public:
    explicit FaultyVfs(const std::string& name);
    FaultyVfs(const FaultyVfs&) = delete;
    FaultyVfs& operator=(const FaultyVfs&) = delete;
    ~FaultyVfs();

    [[nodiscard]] const std::string& name() const { return name_; }

    /// The call of that number, from 0 on, fails; and with `lasting` all after it.
    void fail_at(std::uint64_t call, Fault fault, bool lasting = false);
    /// From the next call on every call fails with this code of SQLite's.
    void fail_with(int code);
    void behave();
    /// Whether a call has failed since.
    [[nodiscard]] bool has_failed() const { return has_failed_; }

    /// To be called whenever something has changed on the disk or is about to: a moment to lose power.
    std::function<void()> on_change;
    /// A file as a loss of power now may leave it: what was synced, and of what was not, any sectors that
    /// `random` picks. Nothing: there may be no such file.
    [[nodiscard]] std::unique_ptr<std::string> after_power_loss(const std::string& path,
                                                                const std::function<bool()>& random) const;

    // for the file layer's own functions
    [[nodiscard]] int outcome(int error, bool writes = false);
    [[nodiscard]] bool reads_short();
    void changed() const {
        if (on_change) on_change();
    }
    void synced(const std::string& path) const;
    void deleted(const std::string& path) const;
    [[nodiscard]] sqlite3_vfs* real() const { return real_; }

private:
    [[nodiscard]] bool strikes();

    std::string name_;
    sqlite3_vfs* real_;
    sqlite3_vfs vfs_{};
    bool armed_ = false;
    bool lasting_ = false;
    bool has_failed_ = false;
    Fault fault_ = Fault::io_error;
    int code_ = 0;  ///< of every fault; 0: what the call that fails says
    std::uint64_t left_ = 0;
    mutable std::map<std::string, std::string> synced_;  ///< each file as it was when last synced
};

}  // namespace store_contract
