#include <cstdio>

#include <sys/wait.h>

#include "run_program.hpp"

/// The README's session of a desk is what happens: each command is run in a shell, and prints what the page says.
namespace program_test {

namespace {

std::string part_of_readme(const std::string& name) {
    const std::string text = read_file(ENTITLE_SOURCE_DIR "/README.md");
    const std::size_t begin = text.find("```\n", text.find("<!-- " + name + ":begin -->"));
    const std::size_t end = text.find("```\n<!-- " + name + ":end -->");
    return begin == std::string::npos || end == std::string::npos ? ""
                                                                  : text.substr(begin + 4, end - begin - 4);
}

/// Lines after `$ ` are the shell's, one session of it; each is printed before what it prints.
std::string session_of(const std::string& text, const std::string& folder) {
    const std::string program = ENTITLE_PROGRAM;
    std::string script = "cd " + folder + "\nPATH=" + program.substr(0, program.rfind('/')) + ":$PATH\n";
    for (const std::string& line : lines_of(text)) {
        if (!line.starts_with("$ ")) continue;
        script += "cat <<'LINE'\n" + line + "\nLINE\n" + line.substr(2) + "\n";
    }
    return script;
}

}  // namespace

using Readme = ProgramTest;

TEST_F(Readme, its_session_of_a_desk_is_what_happens) {
    const std::string said = part_of_readme("desk");
    ASSERT_FALSE(said.empty());
    const std::string script = write("session.sh", session_of(said, path_of("")));
    std::FILE* const shell = popen(("sh " + script + " 2>&1").c_str(), "r");
    ASSERT_NE(shell, nullptr);
    std::string printed;
    for (int c = std::fgetc(shell); c != EOF; c = std::fgetc(shell)) printed += static_cast<char>(c);
    pclose(shell);
    EXPECT_EQ(printed, said);
}

}  // namespace program_test
