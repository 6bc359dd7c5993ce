#include "command/completion.hpp"

#include <fmt/format.h>

namespace program {

namespace {

/// What may follow a command: its subcommands and its options.
[[nodiscard]] std::string words_after(const CLI::App& app) {
    std::string words;
    const auto add = [&words](const std::string& word) { words += (words.empty() ? "" : " ") + word; };
    for (const CLI::App* const sub : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (!sub->get_name().empty()) add(sub->get_name());
    }
    for (const CLI::Option* const option : app.get_options([](const CLI::Option*) { return true; })) {
        for (const std::string& name : option->get_lnames()) add("--" + name);
    }
    return words;
}

void add_cases(const CLI::App& app, const std::string& path, std::string& cases) {
    cases += fmt::format("        '{}') words='{}' ;;\n", path, words_after(app));
    for (const CLI::App* const sub : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (!sub->get_name().empty()) add_cases(*sub, path + " " + sub->get_name(), cases);
    }
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
    std::string cases;
    add_cases(app, app.get_name(), cases);
    return "# source <(entitle completion bash)\n"
           "_entitle() {\n"
           "    local words= path=entitle at=1 current=${COMP_WORDS[COMP_CWORD]}\n"
           "    while [ $at -lt $COMP_CWORD ] && [[ ${COMP_WORDS[at]} != -* ]] && [ $at -le 2 ]; do\n"
           "        path=\"$path ${COMP_WORDS[at]}\"\n"
           "        at=$((at + 1))\n"
           "    done\n"
           "    _entitle_words \"$path\" || _entitle_words \"${path% *}\" || words=\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
           "    # Else a file: a plan, a log, a desk.\n"
           "    [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- \"$current\"))\n"
           "}\n"
           "_entitle_words() {\n"
           "    case $1 in\n" +
           cases +
           "        *) return 1 ;;\n"
           "    esac\n"
           "}\n"
           "complete -o filenames -F _entitle entitle\n";
}

}  // namespace program
