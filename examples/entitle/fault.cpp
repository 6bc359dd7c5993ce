#include "fault.hpp"

#include <cstdio>

#include <fmt/format.h>

#include "text.hpp"

namespace program {

void Faults::add(std::string_view path, std::string_view code, std::string_view sentence) {
    ++count_;
    fmt::print(stderr, "{}: {}: {}: {}\n", escaped(file_), escaped(path), code, sentence);
}

std::string sentence_of(const entitle::Error& error) {
    const std::string sentence = fmt::format("{}", error);
    return sentence.substr(0, sentence.rfind(" ("));
}

void complain(std::string_view about, std::string_view sentence) {
    fmt::print(stderr, "{}: {}\n", escaped(about), sentence);
}

}  // namespace program
