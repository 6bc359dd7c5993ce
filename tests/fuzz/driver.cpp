// Runs a fuzzer on files, or on those of folders, where it is not libFuzzer that does: what was found once stays mended,
// whatever the compiler.

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "fuzz/fuzz.hpp"

namespace {

std::vector<std::filesystem::path> files_of(const std::filesystem::path& place) {
    if (!std::filesystem::is_directory(place)) return {place};
    std::vector<std::filesystem::path> files;
    for (const auto& each : std::filesystem::recursive_directory_iterator{place}) {
        if (each.is_regular_file()) files.push_back(each.path());
    }
    return files;
}

void run(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

}  // namespace

int main(int count, char** arguments) {
    std::size_t done = 0;
    for (int i = 1; i < count; ++i) {
        for (const auto& path : files_of(arguments[i])) {
            fmt::print(stderr, "{}\n", path.string());  // the last one named is the one that failed
            run(path);
            ++done;
        }
    }
    fmt::print(stderr, "{} inputs\n", done);
    return done == 0 ? 1 : 0;
}
