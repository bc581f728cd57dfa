// SPDX-License-Identifier: GPL-3.0-or-later
// main.cpp - the program `nearfab`: reads the command line, sets the desk, runs one verb.

#include "cli/command_line.hpp"
#include "cli/desk.hpp"
#include "cli/verbs.hpp"
#include "host/exit_code.hpp"
#include "host/freed_memory.hpp"
#include "terminal/screen_of_process.hpp"

#include <array>
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::cli {
namespace {

Environment read_environment() {
    constexpr std::array names{"HOME",
                               "XDG_CONFIG_HOME",
                               "XDG_STATE_HOME",
                               "XDG_RUNTIME_DIR",
                               "NEARFAB_ROUTER",
                               "NEARFAB_ROUTER_KEY",
                               "NEARFAB_KEY_FILE",
                               "NEARFAB_AGENT",
                               "NEARFAB_TIMEOUT_CONNECT",
                               "NEARFAB_CURRENCY",
                               "NEARFAB_STEP",
                               "PATH",
                               "NO_COLOR",
                               "TERM"};
    Environment environment;
    for (const char* name : names) {
        if (const char* value = std::getenv(name)) environment[name] = value;
    }
    return environment;
}

Screen make_screen(const GlobalOptions& options, const Environment& environment) {
    const auto value = [&](const char* name) {
        const auto found = environment.find(name);
        return found == environment.end() ? std::string{} : found->second;
    };
    return screen_of_process({.json = options.json,
                              .quiet = options.quiet,
                              .no_colour = options.no_colour,
                              .term = value("TERM"),
                              .no_color = value("NO_COLOR")});
}

ExitCode say(const Screen& screen, const Error& error) {
    screen.error(error);
    return exit_code_of(error.code);
}

step::ProgramPlaces step_program(const Environment& environment) {
    const auto value = [&](const char* name) {
        const auto found = environment.find(name);
        return found == environment.end() ? std::string{} : found->second;
    };
    return {.named = value("NEARFAB_STEP"),
            .running = step::running_program(),
            .search_path = value("PATH")};
}

ExitCode run_line(const CommandLine& line, const Environment& environment) {
    const Screen screen = make_screen(line.global, environment);
    const UserPaths paths = user_paths(environment);
    auto settings = read_settings(line.global, environment, paths);
    if (!settings) return say(screen, settings.error());
    const Desk desk{screen, std::move(*settings), paths, step_program(environment)};
    const Result<ExitCode> end =
        std::visit([&desk](const auto& command) { return run(command, desk); }, line.command);
    if (!end) return say(screen, end.error());
    std::cout.flush();
    if (!std::cout) {
        return say(screen, {ErrorCode::storage, "the result could not be written to stdout", ""});
    }
    return *end;
}

ExitCode run_program(const std::vector<std::string>& arguments) {
    const Environment environment = read_environment();
    auto parsed = parse_command_line(arguments);
    if (!parsed) return say(make_screen({}, environment), parsed.error());
    if (const auto* help = std::get_if<HelpText>(&*parsed)) {
        std::cout << help->text << std::flush;
        return std::cout ? ExitCode::ok : ExitCode::failure;
    }
    return run_line(std::get<CommandLine>(*parsed), environment);
}

}  // namespace
}  // namespace nearfab::cli

int main(int argc, char** argv) {
    nearfab::give_back_freed_memory();
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    return static_cast<int>(nearfab::cli::run_program(arguments));
}
