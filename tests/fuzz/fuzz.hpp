#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// What the fuzzers share. Each takes any bytes, and must neither crash nor hang nor break what it says must hold.
namespace fuzz {

using Bytes = std::span<const std::uint8_t>;

[[nodiscard]] std::string_view text_of(Bytes bytes);

/// Stops the program, so that the bytes that led here are kept.
void expect(bool holds, std::string_view what);

/// A file that is in memory only, with a path that opens it anew.
class MemoryFile {
public:
    explicit MemoryFile(std::string_view text = {});
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile();

    void set(std::string_view text) const;
    [[nodiscard]] std::string text() const;
    [[nodiscard]] std::string path() const;
    [[nodiscard]] int descriptor() const { return descriptor_; }

private:
    int descriptor_;
};

}  // namespace fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
