#include "trace.hpp"

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <iterator>

#include "csv.hpp"

namespace program {

namespace {

constexpr std::size_t enough_to_write = std::size_t{1} << 16;

}  // namespace

Trace::Trace(const std::string& path) {
    if (path.empty()) return;
    file_.reset(std::fopen(path.c_str(), "wb"));
    if (!file_) failure_ = std::strerror(errno);
    fmt::format_to(std::back_inserter(lines_),
                   "line,outcome,reason,entitlement,quantity,remaining,channel,channel_remaining\n");
}

void Trace::add(std::uint64_t number, const Answer& answer) {
    if (!file_) return;
    auto out = std::back_inserter(lines_);
    fmt::format_to(out, "{},{},{},{},{},", number, answer.outcome, answer.reason,
                   csv_field(answer.entitlement), answer.quantity);
    if (answer.remaining) fmt::format_to(out, "{}", *answer.remaining);
    fmt::format_to(out, ",{},", csv_field(answer.channel));
    if (!answer.channel.empty()) fmt::format_to(out, "{}", answer.channel_remaining);
    lines_.push_back('\n');
    if (lines_.size() >= enough_to_write) write();
}

void Trace::write() {
    if (std::fwrite(lines_.data(), 1, lines_.size(), file_.get()) != lines_.size() && failure_.empty()) {
        failure_ = std::strerror(errno);
    }
    lines_.clear();
}

/// Closing may be the first to say that the disk is full.
void Trace::finish() {
    if (!file_) return;
    write();
    if (std::fclose(file_.release()) != 0 && failure_.empty()) failure_ = std::strerror(errno);
}

}  // namespace program
