// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/status_command.hpp"

#include "base/version.hpp"
#include "json/answers.hpp"
#include "terminal/agent_board.hpp"
#include "terminal/screen_of_process.hpp"
#include "wire/connection.hpp"

#include <cstdlib>
#include <iostream>
#include <utility>
#include <variant>

namespace nearfab::agent {
namespace {

constexpr Duration answer_timeout = std::chrono::seconds{10};

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? "" : value;
}

Result<wire::Connection> open_agent(const Config& config) {
    wire::ConnectionOptions options;
    options.endpoint = "ipc://" + config.control_socket.string();
    options.software = std::string{"nearfab-agent "} + version;
    auto connection = wire::Connection::open(std::move(options));
    if (connection) return connection;
    Error error = connection.error();
    if (error.code == ErrorCode::unavailable) {
        error.message = "the agent of \"" + config.core.title + "\" does not run, or not with " +
                        "this configuration: " + error.message;
        error.next = "start it: nearfab-agent --config FILE";
    }
    return fail(std::move(error));
}

Result<message::AgentStatus> ask(wire::Connection& connection) {
    auto answer = connection.ask(message::AskAgent{}, answer_timeout);
    if (!answer) return fail(std::move(answer.error()));
    if (auto* status = std::get_if<message::AgentStatus>(&*answer)) return std::move(*status);
    return fail(ErrorCode::internal,
                "the agent answered " + std::string{name_of(*answer)} + " instead of its status",
                "use an agent of the same version as this program");
}

}  // namespace

Result<ExitCode> show_status(const Config& config, StatusLook look) {
    const Screen screen =
        screen_of_process({.term = variable("TERM"), .no_color = variable("NO_COLOR")});
    auto connection = open_agent(config);
    if (!connection) return fail(std::move(connection.error()));
    const BoardSource source{
        .look = [&] { return ask(*connection); },
        // Nothing is expected; what goes wrong is seen by the next look.
        .idle = [&](Duration span) { (void)connection->next(span); },
        .picture = [&](const message::AgentStatus& status) { return agent_text(status, screen); }};
    if (look == StatusLook::board) return show_board(source, screen);
    const auto status = source.look();
    if (!status) return fail(status.error());
    screen.out << (look == StatusLook::json ? json::json_of_agent(*status)
                                            : source.picture(*status))
               << std::flush;
    if (!screen.out)
        return fail(ErrorCode::storage, "the status could not be written to stdout", "");
    return ExitCode::ok;
}

}  // namespace nearfab::agent
