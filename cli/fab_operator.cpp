// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/fab_link.hpp"
#include "cli/json_view.hpp"
#include "cli/verbs.hpp"
#include "proto/model/text.hpp"
#include "terminal/agent_board.hpp"
#include "terminal/quantity_text.hpp"

#include <ostream>
#include <utility>

namespace nearfab::cli {
namespace {

// Work orders and machines are named by ids; nothing else may go out.
Status check_id(const std::string& text, std::string_view what) {
    if (text.empty() || is_well_formed_id(text)) return {};
    return fail(ErrorCode::invalid_argument,
                in_quotes(text) + " cannot be the id of a " + std::string{what},
                "run `nearfab fab status` for the ids");
}

}  // namespace

Result<ExitCode> run(const FabActionCommand& command, const Desk& desk) {
    message::OperatorCommand order = command.order;
    if (auto good = check_id(order.work_order.text(), "work order"); !good) {
        return fail(std::move(good.error()));
    }
    if (auto good = check_id(order.machine.text(), "machine"); !good) {
        return fail(std::move(good.error()));
    }
    if (auto good = check_id(order.material.text(), "material"); !good) {
        return fail(std::move(good.error()));
    }
    order.text = clean_text(order.text);
    auto link = FabLink::open(desk, command.fab);
    if (!link) return fail(std::move(link.error()));
    const auto answer = link->tell(order);
    if (!answer) return fail(answer.error());
    desk.screen.out << (desk.screen.json ? json_of_answer(*answer)
                                         : printable(answer->text) + "\n");
    return ExitCode::ok;
}

Result<ExitCode> run(const FabStatusCommand& command, const Desk& desk) {
    auto link = FabLink::open(desk, command.fab);
    if (!link) return fail(std::move(link.error()));
    const BoardSource source{.look = [&] { return link->status(); },
                             // Nothing is expected; what goes wrong is seen by the next look.
                             .idle = [&](Duration span) { (void)link->connection().next(span); },
                             .picture =
                                 [&](const message::AgentStatus& status) {
                                     return desk.screen.json ? json_of_agent(status)
                                                             : agent_text(status, desk.screen);
                                 }};
    if (command.watch) return show_board(source, desk.screen);
    const auto status = source.look();
    if (!status) return fail(status.error());
    desk.screen.out << source.picture(*status);
    return ExitCode::ok;
}

}  // namespace nearfab::cli
