// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/fab_view.hpp"

#include "terminal/agent_board.hpp"
#include "terminal/quantity_text.hpp"
#include "terminal/table.hpp"

#include <cmath>
#include <utility>

namespace nearfab::cli {
namespace {

std::string envelope_text(const Capability& machine) {
    return fixed(machine.envelope_x_mm, 0) + "x" + fixed(machine.envelope_y_mm, 0) + "x" +
           fixed(machine.envelope_z_mm, 0);
}

std::string fab_state(const message::FabStatus& fab, const Capability& machine) {
    if (!fab.connected) return "not connected";
    return fab.held_back.empty() ? to_string(machine.state) : "held back";
}

}  // namespace

std::string fabs_text(const message::Fabs& fabs, bool with_distance) {
    Table table{{{"FAB"},
                 {"TITLE"},
                 {"DISTANCE", Align::right},
                 {"MACHINE"},
                 {"PROCESS"},
                 {"ENVELOPE MM"},
                 {"MATERIALS"},
                 {"STATE"},
                 {"BACKLOG", Align::right}}};
    for (const message::FabStatus& fab : fabs.fabs) {
        const std::string distance = with_distance ? distance_text(fab.distance_km) : "-";
        for (const Capability& machine : fab.advertisement.machines) {
            table.add({fab.fab.text(),
                       fab.advertisement.title,
                       distance,
                       machine.machine.text(),
                       machine.process.text(),
                       envelope_text(machine),
                       materials_text(machine),
                       fab_state(fab, machine),
                       backlog_text(machine)});
        }
        if (fab.advertisement.machines.empty()) {
            table.add({fab.fab.text(),
                       fab.advertisement.title,
                       distance,
                       "-",
                       "-",
                       "-",
                       "-",
                       fab.connected ? "no machine" : "not connected",
                       "-"});
        }
    }
    if (table.empty()) return "No fab is known to this router.\n";
    std::string text = table.text();
    for (const message::FabStatus& fab : fabs.fabs) {
        if (fab.held_back.empty()) continue;
        text +=
            "\n" + printable(fab.fab.text()) + " gets no work: " + printable(fab.held_back) + ".\n";
    }
    return text;
}

}  // namespace nearfab::cli
