#include "fuzz/replaying.hpp"

#include <cstdio>

#include <unistd.h>

#include "replay.hpp"

namespace fuzz {

namespace {

/// Standard output from here on, to be read after each run.
const MemoryFile& output() {
    static const MemoryFile file;
    static const bool is_output = dup2(file.descriptor(), STDOUT_FILENO) == STDOUT_FILENO;
    expect(is_output, "standard output can be kept");
    return file;
}

}  // namespace

void replay(const MemoryFile& plan, const MemoryFile& events, const std::string& format, bool sla) {
    output().set({});
    program::ReplayOptions options;
    options.plan = plan.path();
    options.events = events.path();
    options.format = format;
    options.sla = sla;
    options.json = true;
    const int status = program::replay(options);
    std::fflush(stdout);
    const std::string told = output().text();
    expect(status >= 0 && status <= 2, "the exit status is one that is documented");
    const bool has_audit = told.find(R"("audit": ")") != std::string::npos;
    expect(!has_audit || told.find(R"("audit": "ok")") != std::string::npos, "what was applied audits");
    expect(has_audit || status == 2, "what ran is told of");
}

void replay_log(const char* plan, Bytes log, const std::string& format, bool sla) {
    static const MemoryFile plan_file{plan};
    static const MemoryFile events;
    events.set(text_of(log));
    replay(plan_file, events, format, sla);
}

}  // namespace fuzz
