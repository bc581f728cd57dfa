// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/fab_view.hpp"

#include "cli/quantity_text.hpp"
#include "cli/table.hpp"
#include "cli/time_text.hpp"

#include <cmath>
#include <utility>

namespace nearfab::cli {
namespace {

std::string materials_text(const Capability& machine) {
    std::string text;
    for (const MaterialStock& stock : machine.materials) {
        text +=
            (text.empty() ? "" : ", ") + stock.material.text() + " " + mass_text(stock.available_g);
    }
    return text.empty() ? "none" : text;
}

std::string envelope_text(const Capability& machine) {
    return fixed(machine.envelope_x_mm, 0) + "x" + fixed(machine.envelope_y_mm, 0) + "x" +
           fixed(machine.envelope_z_mm, 0);
}

std::string backlog_text(const Capability& machine) {
    return machine.backlog_s > 0 ? duration_text(machine.backlog_s) : "-";
}

std::string fab_state(const message::FabStatus& fab, const Capability& machine) {
    if (!fab.connected) return "not connected";
    return fab.held_back.empty() ? to_string(machine.state) : "held back";
}

std::string or_dash(const std::string& text) {
    return text.empty() ? "-" : text;
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

std::string agent_text(const message::AgentStatus& status, const Screen& screen) {
    const std::string link = status.connected ? "connected" : "not connected";
    std::string text =
        facts_text({{"fab", status.fab_title}, {"router", status.router + " (" + link + ")"}});
    Table machines{{{"MACHINE"},
                    {"MODEL"},
                    {"PROCESS"},
                    {"STATE"},
                    {"WORK ORDER"},
                    {"MATERIALS"},
                    {"BACKLOG", Align::right},
                    {"DETAIL"}}};
    for (const message::AgentMachine& machine : status.machines) {
        const Capability& what = machine.capability;
        machines.add({what.machine.text(),
                      what.model,
                      what.process.text(),
                      to_string(what.state),
                      or_dash(machine.work_order.text()),
                      materials_text(what),
                      backlog_text(what),
                      machine.detail});
    }
    Table work{{{"WORK ORDER"},
                {"TITLE"},
                {"STATE"},
                {"MACHINE"},
                {"PHASE"},
                {"PROGRESS", Align::right},
                {"DETAIL"}}};
    for (const message::AgentWork& entry : status.work) {
        work.add({entry.report.work_order.text(),
                  entry.title,
                  to_string(entry.report.state),
                  or_dash(entry.report.machine.text()),
                  or_dash(entry.phase),
                  fixed(std::floor(entry.progress * 100), 0) + " %",
                  entry.report.detail});
    }
    text += "\n" + screen.in(Ink::bold, "Machines") + "\n" + machines.text();
    text += "\n" + screen.in(Ink::bold, "Work") + "\n";
    text += work.empty() ? "  none\n" : work.text();
    return text;
}

}  // namespace nearfab::cli
