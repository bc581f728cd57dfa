// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/setup/fab_plan.hpp"

#include <fmt/format.h>

namespace nearfab::agent {
namespace {

// A TOML basic string. What machines call themselves may hold anything.
std::string quoted(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20 || byte == 0x7F) {
            out += fmt::format("\\u{:04X}", static_cast<unsigned>(byte));
        } else {
            out += c;
        }
    }
    return out + "\"";
}

bool is_web(const PlannedMachine& machine) {
    return machine.kind == "octoprint" || machine.kind == "moonraker" ||
           machine.kind == "prusalink";
}

std::string driver_text(const PlannedMachine& machine) {
    std::string text = "{kind = " + quoted(machine.kind);
    if (is_web(machine)) {
        text += ", url = " + quoted(machine.place);
        if (!machine.user.empty()) text += ", user = " + quoted(machine.user);
        if (!machine.key.empty()) text += ", key_file = " + quoted(key_file_of(machine));
    } else if (machine.kind == "grbl" || machine.kind == "marlin") {
        text += ", port = " + quoted(machine.place);
    } else {
        text += ", directory = " + quoted(machine.place);
    }
    return text + "}";
}

// First guesses of what only a test piece can tell.
struct Guess {
    double tolerance_mm;
    double build_rate_cm3_per_h;
};
Guess guess_for(const std::string& process) {
    if (process == "laser_cut") return {0.15, 60};
    if (process == "cnc_mill") return {0.1, 20};
    return {0.2, 12};
}

std::string materials_text(const PlannedMachine& machine) {
    std::string text;
    for (const PlannedMachine::Loaded& loaded : machine.loaded) {
        if (!text.empty()) text += ", ";
        text += fmt::format("{{id = {}, grams = {}}}", quoted(loaded.material), loaded.grams);
    }
    return "[" + text + "]";
}

std::string profile_text(const PlannedMachine& machine) {
    if (!machine.profile.empty()) return "profile = " + quoted(machine.profile) + "\n";
    if (machine.process == "fdm") {
        return "# profile = \"printer.ini\"       # Export it from PrusaSlicer: File > Export > "
               "Export Config.\n";
    }
    return "# profile = \"cutter.toml\"       # One like examples/profiles; without it this "
           "machine "
           "takes no work.\n";
}

std::string machine_text(const PlannedMachine& machine) {
    const Guess guess = guess_for(machine.process);
    std::string text = "\n[[machine]]\n";
    text += "id = " + quoted(machine.id) + "\n";
    text += "process = " + quoted(machine.process) + "\n";
    if (!machine.model.empty()) text += "model = " + quoted(machine.model) + "\n";
    text += fmt::format("envelope_mm = [{}, {}, {}]\n",
                        machine.envelope_mm[0],
                        machine.envelope_mm[1],
                        machine.envelope_mm[2]);
    text += "materials = " + materials_text(machine) + "\n";
    text += fmt::format("min_feature_mm = {}\n", machine.min_feature_mm);
    text += fmt::format("tolerance_mm = {}            # A guess: measure a test piece.\n",
                        guess.tolerance_mm);
    text += fmt::format("build_rate_cm3_per_h = {}    # A guess: volume by time of a usual part.\n",
                        guess.build_rate_cm3_per_h);
    text += profile_text(machine);
    if (!machine.presence_code.empty()) {
        text += "presence_code = " + quoted(machine.presence_code) +
                "   # Write it on a card at the machine, nowhere else.\n";
    }
    text += "acceptance = \"manual\"\n";
    text += "driver = " + driver_text(machine) + "\n";
    return text;
}

}  // namespace

std::string key_file_of(const PlannedMachine& machine) {
    return machine.id + ".key";
}

std::string config_text(const FabPlan& plan) {
    std::string text =
        "# Written by `nearfab-agent setup`. node-agent/README.md says what else "
        "can stand here.\n[agent]\n";
    text += "title = " + quoted(plan.title) + "\n";
    text += "place = " + quoted(plan.place) + "\n";
    text += "state_directory = \"state\"\n\n[router]\n";
    text += plan.router_endpoint.empty() ? "# endpoint = \"tcp://HOST:7440\"\n"
                                         : "endpoint = " + quoted(plan.router_endpoint) + "\n";
    text += plan.router_key.empty() ? "# public_key = \"...\"   # Who runs the router tells it.\n"
                                    : "public_key = " + quoted(plan.router_key) + "\n";
    text += "key_file = \"agent.key\"\n\n[terms]\nlicences = [\"open\"]\n";
    for (const PlannedMachine& machine : plan.machines)
        text += machine_text(machine);
    return text;
}

}  // namespace nearfab::agent
