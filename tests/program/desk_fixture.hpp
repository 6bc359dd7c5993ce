#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "run_program.hpp"

namespace program_test {

/// A desk of the test's own, in a file and in a database: `desk("case open K-1 --customer Lumen")`.
class OnEachStore : public ProgramTest, public testing::WithParamInterface<const char*> {
public:
    OnEachStore();

    /// Runs a line of words, `'…'` around one with spaces, on this desk at this instant.
    [[nodiscard]] Ran desk(std::string_view line, std::string_view at = noon) const;
    /// Expects it to be done, and returns what it printed.
    std::string done(std::string_view line, std::string_view at = noon) const;
    /// Expects it to be refused, to print nothing, and returns why.
    [[nodiscard]] std::string refused(std::string_view line, int status = 1) const;

    /// A desk with the customers Lumen and Harbour; and `E`, of Lumen: 5 cases in 2014, 2 of them by phone and 4 by email, used
    /// on creation, restricted.
    void make_desk(std::string_view init = "init") const;

    static constexpr std::string_view noon = "2014-07-01T12:00:00Z";

    [[nodiscard]] const std::string& place() const { return place_; }

private:
    std::string place_;
};

}  // namespace program_test
