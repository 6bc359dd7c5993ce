#include <cstdio>
#include <filesystem>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "command/families.hpp"
#include "report/forms.hpp"
#include "source.hpp"
#include "text.hpp"

namespace program {

namespace {

struct ReportOptions {
    std::string html, csv;
    std::uint32_t days = 30;
};

/// Beside the place first, and then in it: whoever reads the former report never meets half of the new one. What is no
/// file, as a terminal or a pipe, is written to as it is.
[[nodiscard]] Done write_whole(const std::string& path, const std::string& text) {
    std::error_code error;
    const bool is_special =
        std::filesystem::exists(path, error) && !std::filesystem::is_regular_file(path, error);
    const std::string beside = is_special ? path : fmt::format("{}.{}.part", path, getpid());
    const auto failed = [&] {
        if (!is_special) std::remove(beside.c_str());
        return fail(ExitStatus::misuse, "unwritable", fmt::format("{} cannot be written", escaped(path)));
    };
    FileHandle file{std::fopen(beside.c_str(), "wb")};
    if (!file) return failed();
    const bool is_written = std::fwrite(text.data(), 1, text.size(), file.get()) == text.size();
    if (std::fclose(file.release()) != 0 || !is_written) return failed();
    if (!is_special && std::rename(beside.c_str(), path.c_str()) != 0) return failed();
    return {};
}

[[nodiscard]] Or<Told> report(Session& session, const ReportOptions& options) {
    const auto figures = figures_of(session, options.days);
    if (!figures) return passed_on(figures);
    if (!options.html.empty() && options.html == options.csv) {
        return misused("--html and --csv name one file: give each its own");
    }
    Told out{report_json(*figures), {}};
    if (!options.html.empty()) {
        if (auto done = write_whole(options.html, report_html(*figures)); !done) return passed_on(done);
        out.text += fmt::format("{} written\n", escaped(options.html));
    }
    if (!options.csv.empty()) {
        if (auto done = write_whole(options.csv, report_csv(*figures)); !done) return passed_on(done);
        out.text += fmt::format("{} written\n", escaped(options.csv));
    }
    if (out.text.empty()) out.text = report_text(*figures);
    return out;
}

}  // namespace

void add_report_command(Commands& commands) {
    commands.add<ReportOptions>(
        commands.top(),
        {"report",
         "Tell what is left, how fast it goes, what ends soon, what was refused, and "
         "whether promises were kept",
         "  entitle report\n"
         "  entitle report --html report.html --csv report.csv\n"
         "  entitle report --days 90 --json\n"},
        Use::read, report, [](CLI::App& app, ReportOptions& options) {
            app.add_option("--html", options.html, "Write it as one page to this file")->type_name("FILE");
            app.add_option("--csv", options.csv, "Write the same figures to this file")->type_name("FILE");
            app.add_option("--days", options.days, "Days back that make the pace, and ahead that are told of")
                ->check(CLI::Range(1U, 36525U))
                ->capture_default_str();
        });
}

}  // namespace program
