#pragma once

#include <functional>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "host/session.hpp"
#include "view/told.hpp"

namespace program {

/// What a command is called, and how it is introduced. `examples`: a line each.
struct CommandText {
    std::string name;
    std::string description;
    std::string examples;
};

/// The commands of a desk: each family adds its own, and the one that was asked for is run as one transaction.
class Commands {
public:
    explicit Commands(CLI::App& app) : app_{app} {}

    /// What is about one sort of thing: `entitle case …`.
    [[nodiscard]] CLI::App& group(const std::string& name, const std::string& description);
    [[nodiscard]] CLI::App& top() { return app_; }

    /// A command in a group, with options of its own besides `--store`, `--at` and `--json`: what it does in a
    /// session, which is committed where it succeeds.
    template <class Options>
    void add(CLI::App& group, const CommandText& text, Use use, Or<Told> (*does)(Session&, const Options&),
             void (*describe)(CLI::App&, Options&)) {
        const auto options = std::make_shared<Options>();
        CLI::App& command = add_command(group, text, use);
        describe(command, *options);
        command.callback([this, options, does, use, name = group_name(group) + text.name] {
            chosen_ = [this, options, does, use, name] {
                return in_session(name, use, [&](Session& session) { return does(session, *options); });
            };
        });
    }
    /// One that opens its desk itself, or needs none.
    template <class Options>
    void add_free(CLI::App& group, const CommandText& text, Use use,
                  Or<Told> (*does)(const Common&, const Options&), void (*describe)(CLI::App&, Options&)) {
        const auto options = std::make_shared<Options>();
        CLI::App& command = add_command(group, text, use);
        describe(command, *options);
        command.callback([this, options, does] {
            chosen_ = [this, options, does] { return finish(does(common_, *options)); };
        });
    }

    /// Whether one of these was asked for.
    [[nodiscard]] bool is_asked() const { return chosen_ != nullptr; }
    [[nodiscard]] ExitStatus run() { return chosen_(); }

private:
    [[nodiscard]] CLI::App& add_command(CLI::App& group, const CommandText& text, Use use);
    [[nodiscard]] std::string group_name(const CLI::App& group) const {
        return &group == &app_ ? std::string{} : group.get_name() + " ";
    }
    [[nodiscard]] ExitStatus in_session(const std::string& name, Use use,
                                        const std::function<Or<Told>(Session&)>& run) const;
    [[nodiscard]] ExitStatus finish(const Or<Told>& told) const;

    CLI::App& app_;
    Common common_;
    std::function<ExitStatus()> chosen_;
};

/// For commands without options of their own.
struct NoOptions {};

}  // namespace program
