#include "fuzz/fuzz.hpp"

#include <cstdio>
#include <cstdlib>

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace fuzz {

std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

void expect(bool holds, std::string_view what) {
    if (holds) return;
    fmt::print(stderr, "does not hold: {}\n", what);
    std::abort();
}

MemoryFile::MemoryFile(std::string_view text) : descriptor_{memfd_create("fuzz", 0)} {
    expect(descriptor_ >= 0, "a file in memory can be made");
    set(text);
}

MemoryFile::~MemoryFile() { close(descriptor_); }

void MemoryFile::set(std::string_view text) const {
    bool done = ftruncate(descriptor_, 0) == 0 && lseek(descriptor_, 0, SEEK_SET) == 0;
    while (done && !text.empty()) {
        const ssize_t wrote = write(descriptor_, text.data(), text.size());
        done = wrote > 0;
        if (done) text.remove_prefix(static_cast<std::size_t>(wrote));
    }
    expect(done, "a file in memory can be written");
}

std::string MemoryFile::text() const {
    struct stat is {};
    expect(fstat(descriptor_, &is) == 0, "a file in memory has a size");
    std::string out(static_cast<std::size_t>(is.st_size), '\0');
    const ssize_t got = pread(descriptor_, out.data(), out.size(), 0);
    expect(got == is.st_size, "a file in memory can be read");
    return out;
}

std::string MemoryFile::path() const { return fmt::format("/proc/self/fd/{}", descriptor_); }

}  // namespace fuzz
