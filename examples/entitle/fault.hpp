#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <entitle/value/error.hpp>

namespace program {

/// Tells what is wrong with a file, a line of standard error each: `plan.json: path: code: sentence`.
class Faults {
public:
    explicit Faults(std::string file) : file_{std::move(file)} {}

    void add(std::string_view path, std::string_view code, std::string_view sentence);
    [[nodiscard]] std::size_t count() const { return count_; }

private:
    std::string file_;
    std::size_t count_ = 0;
};

/// The error's sentence, without its name at the end.
[[nodiscard]] std::string sentence_of(const entitle::Error& error);

/// One line of standard error about something that has no place in a file.
void complain(std::string_view about, std::string_view sentence);

}  // namespace program
