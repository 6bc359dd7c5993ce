#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

/// What the tests of the program share: files of their own, and the program run on them.
namespace program_test {

/// What the program may use, its code and libraries included: a run that asks for more fails. (Not
/// enforced on sanitizers, which take their own.)
inline constexpr std::size_t max_memory = std::size_t{128} << 20;

/// The files that the project gives to a newcomer.
inline const std::string data = ENTITLE_SOURCE_DIR "/examples/data/";

/// What a run of the program left behind.
struct Ran {
    int status = -1;  ///< -1 where it did not exit by itself
    std::string out;
    std::string err;
    std::string trace;
};

[[nodiscard]] std::string read_file(const std::string& path);
[[nodiscard]] std::vector<std::string> lines_of(std::string_view text);

/// Gives each test a folder of its own.
class ProgramTest : public testing::Test {
public:
    ProgramTest();
    ~ProgramTest() override;
    ProgramTest(const ProgramTest&) = delete;
    ProgramTest& operator=(const ProgramTest&) = delete;

    /// Writes a file into the folder, and returns its path.
    std::string write(const std::string& name, std::string_view text) const;
    [[nodiscard]] std::string path_of(const std::string& name) const { return folder_ + "/" + name; }

    [[nodiscard]] Ran entitle(const std::vector<std::string>& arguments, std::string_view input = {}) const;
    /// `entitle replay plan.json events.csv --json --trace trace.csv`, and what else is asked for.
    [[nodiscard]] Ran replay(std::string_view plan, std::string_view events,
                             const std::vector<std::string>& more = {}) const;
    /// The trace of some rows under a header, without its own header and the rows' numbers.
    [[nodiscard]] std::vector<std::string> outcomes(std::string_view plan,
                                                    const std::vector<std::string>& rows,
                                                    std::string_view columns) const;

private:
    std::string folder_;
};

inline constexpr std::string_view header =
    "at,event,case,customer,contact,product,origin,entitlement,minutes,decrement\n";
inline constexpr std::string_view long_header =
    "at,event,case,customer,contact,product,origin,entitlement,minutes,decrement,asset,case_type,cost\n";
inline constexpr std::string_view trace_header =
    "line,outcome,reason,entitlement,quantity,remaining,channel,channel_remaining\n";

/// A plan of one entitlement, `E` of the customer `C`, in force in 2014, that decreases on creation, with
/// the keys given.
[[nodiscard]] std::string plan_of(std::string_view more_keys = R"("allocation": "cases", "total": 5)");

}  // namespace program_test
