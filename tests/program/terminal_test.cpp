#include <array>
#include <cstdlib>

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run_program.hpp"

/// What the program shows on a terminal, and only there.
namespace program_test {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Terminal : public ProgramTest {
public:
    Terminal() {
        const std::vector<std::vector<std::string>> made{
            {"init"},
            {"customer", "add", "A customer with a name that is long"},
            {"entitlement", "add", "E", "--customer", "A customer with a name that is long", "--from",
             "2014-01-01", "--to", "2014-12-31", "--hours", "2", "--activate"},
            {"case", "open", "K", "--customer", "A customer with a name that is long"},
            {"case", "resolve", "K", "--minutes", "180"}};
        for (std::vector<std::string> words : made) {
            words.insert(words.end(), {"--store", path_of("desk.db"), "--at", "2014-07-01T12:00:00Z"});
            EXPECT_EQ(entitle(words).status, 0);
        }
    }

    /// The list of customers once these are added, as it is in a pipe.
    [[nodiscard]] std::string customers(const std::vector<std::string>& added) const {
        for (const std::string& name : added) {
            EXPECT_EQ(entitle({"customer", "add", name, "--store", path_of("desk.db")}).status, 0);
        }
        return entitle({"customer", "list", "--store", path_of("desk.db")}).out;
    }

    /// The list of entitlements as a terminal of so many columns gets it.
    [[nodiscard]] std::string list(unsigned short width, const char* variable = "TERM",
                                   const char* value = "xterm") const {
        winsize size{};
        size.ws_row = 24;
        size.ws_col = width;
        int terminal = -1;
        const pid_t child = forkpty(&terminal, nullptr, nullptr, &size);
        if (child == 0) {
            setenv("TERM", "xterm", 1);
            unsetenv("COLUMNS");
            unsetenv("NO_COLOR");
            setenv(variable, value, 1);
            execl(ENTITLE_PROGRAM, ENTITLE_PROGRAM, "entitlement", "list", "--store",
                  path_of("desk.db").c_str(), "--at", "2014-07-01T12:00:00Z", nullptr);
            _exit(127);
        }
        std::string out;
        std::array<char, 4096> read_bytes{};
        for (ssize_t size_read = 1; size_read > 0;) {
            size_read = read(terminal, read_bytes.data(), read_bytes.size());
            if (size_read > 0) out.append(read_bytes.data(), static_cast<std::size_t>(size_read));
        }
        int status = 0;
        waitpid(child, &status, 0);
        close(terminal);
        return out;
    }
};

TEST_F(Terminal, a_table_is_as_wide_as_it_and_marks_what_is_owed) {
    const std::string shown = list(80);
    EXPECT_THAT(shown,
                AllOf(HasSubstr("\x1b[31m-1:00:00 hours !\x1b[0m"), HasSubstr("A custom"), HasSubstr("…")));
    EXPECT_THAT(shown, Not(HasSubstr("name that is long")));
    for (const std::string& line : lines_of(list(80, "NO_COLOR", "1")))
        EXPECT_LE(line.size(), 80U + 3U) << line;
    EXPECT_THAT(list(200), HasSubstr("A customer with a name that is long"));
    EXPECT_THAT(list(200, "COLUMNS", "80"), Not(HasSubstr("name that is long")));
}

TEST_F(Terminal, a_table_that_cannot_be_cut_to_it_goes_on_below) {
    EXPECT_EQ(list(50, "NO_COLOR", "1"),
              "entitlement  customer\r\n"
              "      status  ends                    left\r\n"
              "              total\r\n"
              "E            A customer with a name that is long\r\n"
              "      active  2014-12-31  -1:00:00 hours !\r\n"
              "      2:00:00 hours\r\n");
}

TEST_F(Terminal, colour_can_be_switched_off_and_says_nothing_alone) {
    EXPECT_THAT(list(200, "NO_COLOR", "1"), AllOf(HasSubstr("-1:00:00 hours !"), Not(HasSubstr("\x1b"))));
    EXPECT_THAT(list(200, "TERM", "dumb"), Not(HasSubstr("\x1b")));
}

TEST_F(Terminal, wide_characters_take_two_columns_and_accents_of_their_own_none) {
    const std::string wide = "サポート契約のお客様";
    const std::string accented = "e\u0301te\u0301";
    const std::string shown = customers({wide, accented});
    const auto before_count = [](std::size_t width) { return std::string(35 - width + 2 + 11, ' ') + "0  "; };
    EXPECT_THAT(shown, HasSubstr("\n" + wide + before_count(20)));
    EXPECT_THAT(shown, HasSubstr("\n" + accented + before_count(3)));
}

TEST_F(Terminal, characters_that_it_would_act_on_are_shown_as_bytes) {
    EXPECT_THAT(customers({"\u009b31mred", "\u202egnihton"}),
                AllOf(HasSubstr("\\xc2\\x9b31mred"), HasSubstr("\\xe2\\x80\\xaegnihton")));
}

TEST_F(Terminal, in_a_pipe_nothing_is_cut_or_coloured) {
    const Ran ran =
        entitle({"entitlement", "list", "--store", path_of("desk.db"), "--at", "2014-07-01T12:00:00Z"});
    EXPECT_THAT(ran.out, AllOf(HasSubstr("A customer with a name that is long"),
                               HasSubstr("-1:00:00 hours !"), Not(HasSubstr("\x1b"))));
}

}  // namespace program_test
