#include "source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <unistd.h>

namespace program {

namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 16;

std::optional<std::uint64_t> size_of(const std::string& path) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(path, error) || error) return std::nullopt;
    const auto size = std::filesystem::file_size(path, error);
    return error ? std::nullopt : std::optional<std::uint64_t>{size};
}

}  // namespace

tl::expected<Source, std::string> Source::open(const std::string& path, bool will_rewind) {
    if (path == "-") {
        // A handle of our own: what is closed here is not the program's standard input.
        FileHandle input{fdopen(dup(STDIN_FILENO), "rb")};
        if (!input) return tl::unexpected<std::string>{std::strerror(errno)};
        return Source{std::move(input), std::nullopt, will_rewind};
    }
    FileHandle file{std::fopen(path.c_str(), "rb")};
    if (!file) return tl::unexpected<std::string>{std::strerror(errno)};
    const auto size = size_of(path);
    return Source{std::move(file), size, will_rewind && !size};
}

Source::Source(FileHandle file, std::optional<std::uint64_t> size, bool keeps)
    : file_{std::move(file)}, file_size_{size}, keeps_{keeps}, buffer_(buffer_size, '\0') {
    skip_mark();
}

void Source::skip_mark() {
    if (fill() && size_ >= 3 && buffer_.compare(0, 3, "\xEF\xBB\xBF") == 0) at_ = 3;
}

bool Source::fill() {
    at_ = 0;
    if (from_kept_) {
        size_ = kept_.copy(buffer_.data(), buffer_size, kept_at_);
        kept_at_ += size_;
    } else {
        size_ = std::fread(buffer_.data(), 1, buffer_size, file_.get());
        if (size_ < buffer_size && std::ferror(file_.get()) != 0 && failure_.empty()) {
            failure_ = std::strerror(errno);
        }
        if (keeps_) kept_.append(buffer_, 0, size_);
    }
    read_ += size_;
    return size_ > 0;
}

void Source::rewind() {
    from_kept_ = keeps_;
    kept_at_ = 0;
    read_ = 0;
    if (!from_kept_ && std::fseek(file_.get(), 0, SEEK_SET) != 0) failure_ = std::strerror(errno);
    skip_mark();
}

std::optional<double> Source::share_read() const {
    if (!file_size_ || *file_size_ == 0) return std::nullopt;
    return std::min(1.0, static_cast<double>(read_) / static_cast<double>(*file_size_));
}

}  // namespace program
