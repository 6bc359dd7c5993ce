#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>

#include <tl/expected.hpp>

namespace program {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using FileHandle = std::unique_ptr<std::FILE, CloseFile>;

/// The bytes of a file, or of standard input (`-`), one after the other and without a byte-order mark at
/// their beginning. Keeps one buffer, not the file; only what cannot be read twice (a pipe) is kept where
/// the caller is going to rewind.
class Source {
public:
    static constexpr int end = -1;

    /// An error is a sentence.
    [[nodiscard]] static tl::expected<Source, std::string> open(const std::string& path, bool will_rewind);

    [[nodiscard]] int peek() {
        return at_ < size_ || fill() ? static_cast<unsigned char>(buffer_[at_]) : end;
    }
    int take() {
        const int c = peek();
        if (c != end) ++at_;
        return c;
    }
    /// Back to the beginning; only where `open` was told so.
    void rewind();

    /// Why reading stopped before the end; empty where it did not.
    [[nodiscard]] const std::string& failure() const { return failure_; }
    /// How much of it has been read, from 0 to 1; nothing where its size is not known.
    [[nodiscard]] std::optional<double> share_read() const;

private:
    Source(FileHandle file, std::optional<std::uint64_t> size, bool keeps);
    bool fill();
    void skip_mark();

    FileHandle file_;
    std::optional<std::uint64_t> file_size_;
    bool keeps_;              ///< copies what it reads into `kept_`
    bool from_kept_ = false;  ///< reads `kept_` instead of the file
    std::size_t kept_at_ = 0;
    std::string kept_;
    std::string buffer_;
    std::size_t at_ = 0;
    std::size_t size_ = 0;
    std::uint64_t read_ = 0;
    std::string failure_;
};

}  // namespace program
