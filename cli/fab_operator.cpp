// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/fab_board.hpp"
#include "cli/fab_link.hpp"
#include "cli/fab_view.hpp"
#include "cli/json_view.hpp"
#include "cli/quantity_text.hpp"
#include "cli/verbs.hpp"
#include "proto/model/text.hpp"

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
    if (command.watch) return show_board(desk, command.fab);
    auto link = FabLink::open(desk, command.fab);
    if (!link) return fail(std::move(link.error()));
    const auto status = link->status();
    if (!status) return fail(status.error());
    desk.screen.out << (desk.screen.json ? json_of_agent(*status)
                                         : agent_text(*status, desk.screen));
    return ExitCode::ok;
}

}  // namespace nearfab::cli
