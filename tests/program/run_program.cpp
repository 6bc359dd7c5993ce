#include "run_program.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace program_test {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool limits_memory = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool limits_memory = false;
#else
constexpr bool limits_memory = true;
#endif
#else
constexpr bool limits_memory = true;
#endif

namespace {

/// In the child: never returns.
[[noreturn]] void become(const std::vector<std::string>& arguments, const std::string& folder) {
    const auto redirect = [&folder](const char* name, int flags, int to) {
        const int file = open((folder + "/" + name).c_str(), flags, 0600);
        if (file < 0 || dup2(file, to) < 0) _exit(126);
    };
    redirect("stdin", O_RDONLY, STDIN_FILENO);
    redirect("stdout", O_WRONLY | O_CREAT | O_TRUNC, STDOUT_FILENO);
    redirect("stderr", O_WRONLY | O_CREAT | O_TRUNC, STDERR_FILENO);
    std::vector<std::string> words{ENTITLE_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const rlimit limit{max_memory, max_memory};
    if (limits_memory && setrlimit(RLIMIT_AS, &limit) != 0) _exit(125);
    execv(ENTITLE_PROGRAM, argv.data());
    _exit(127);
}

/// Where the files lie is nobody's concern.
std::string without(std::string_view text, std::string_view folder) {
    std::string out;
    for (std::size_t at = 0; (at = text.find(folder)) != std::string_view::npos;) {
        out += text.substr(0, at);
        text.remove_prefix(at + folder.size());
    }
    return out.append(text);
}

}  // namespace

std::string read_file(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

ProgramTest::ProgramTest() {
    folder_ = testing::TempDir() + "entitle_XXXXXX";
    if (mkdtemp(folder_.data()) == nullptr) std::abort();
}

ProgramTest::~ProgramTest() {
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
}

std::string ProgramTest::write(const std::string& name, std::string_view text) const {
    std::ofstream{path_of(name), std::ios::binary} << text;
    return path_of(name);
}

Ran ProgramTest::entitle(const std::vector<std::string>& arguments, std::string_view input) const {
    write("stdin", input);
    const pid_t child = fork();
    if (child == 0) become(arguments, folder_);
    Ran run;
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) return run;
    if (WIFEXITED(status)) run.status = WEXITSTATUS(status);
    run.out = read_file(path_of("stdout"));
    run.err = read_file(path_of("stderr"));
    run.trace = read_file(path_of("trace.csv"));
    return run;
}

Ran ProgramTest::replay(std::string_view plan, std::string_view events,
                        const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{
        "replay",  write("plan.json", plan), write("events.csv", events), "--json",
        "--trace", path_of("trace.csv")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    Ran run = entitle(arguments);
    run.err = without(run.err, folder_ + "/");
    return run;
}

std::vector<std::string> ProgramTest::outcomes(std::string_view plan, const std::vector<std::string>& rows,
                                               std::string_view columns) const {
    std::string events{columns};
    for (const std::string& row : rows) events += row + "\n";
    std::vector<std::string> lines = lines_of(replay(plan, events).trace);
    if (!lines.empty()) lines.erase(lines.begin());
    for (std::string& line : lines) line.erase(0, line.find(',') + 1);
    return lines;
}

std::string plan_of(std::string_view more_keys) {
    return R"({"entitlements": [{"id": "E", "name": "Gold", "customer": "C", "first_day": "2014-01-01",
        "last_day": "2014-12-31", "decrease_on": "creation", )" +
           std::string{more_keys} + "}]}";
}

}  // namespace program_test
