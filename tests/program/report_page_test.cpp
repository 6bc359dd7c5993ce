#include <cstdlib>
#include <string>

#include "run_program.hpp"

/// The report as a browser shows it: skipped where no Chromium runs.
namespace program_test {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class ReportPage : public ProgramTest {
public:
    void SetUp() override {
        if (std::system((browser() + " --dump-dom about:blank >/dev/null 2>&1").c_str()) != 0) {
            GTEST_SKIP() << "there is no chromium that runs here";
        }
        const std::string desk = path_of("desk.db");
        ASSERT_EQ(entitle({"replay", data + "plan.json", data + "events.csv", "--store", desk}).status, 0);
        ASSERT_EQ(entitle({"report", "--html", path_of("report.html"), "--store", desk, "--at",
                           "2025-03-31T00:00:00Z"})
                      .status,
                  0);
    }

    /// Whatever a page might ask of others comes to nothing.
    [[nodiscard]] std::string browser() const {
        return "timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage "
               "--no-first-run "
               "--disable-background-networking --disable-component-update --proxy-server=127.0.0.1:9 "
               "--enable-logging=stderr --v=0 --user-data-dir=" +
               path_of("browser");
    }

    /// The page once it is shown, and what its console says.
    void show(const std::string& page) {
        const std::string command = browser() + " --dump-dom file://" + path_of(page) + " >" +
                                    path_of("dom") + " 2>" + path_of("log");
        ASSERT_EQ(std::system(command.c_str()), 0) << read_file(path_of("log"));
        dom = read_file(path_of("dom"));
        log = read_file(path_of("log"));
    }

    std::string dom, log;
};

TEST_F(ReportPage, is_shown_whole_and_asks_nobody_for_anything) {
    show("report.html");
    EXPECT_THAT(log, Not(HasSubstr(":CONSOLE:")));
    EXPECT_THAT(dom, AllOf(HasSubstr("What customers are entitled to"), HasSubstr("<svg class=\"burn\""),
                           HasSubstr("Orchard Foods"), HasSubstr("</html>")));
    EXPECT_THAT(read_file(path_of("report.html")),
                AllOf(Not(HasSubstr("http:")), Not(HasSubstr("https:")), Not(HasSubstr("<script"))));
}

TEST_F(ReportPage, would_be_told_of_by_the_console_if_it_did) {
    std::string page = read_file(path_of("report.html"));
    page.insert(page.find("</body>"), R"(<img src="http://127.0.0.1:9/x.png">)");
    write("other.html", page);
    show("other.html");
    EXPECT_THAT(log, HasSubstr(":CONSOLE:"));
}

}  // namespace program_test
