// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/doctor.hpp"

#include "node-agent/prepare/slicer_version.hpp"
#include "node-agent/shell/driver_factory.hpp"

#include <array>
#include <cmath>
#include <map>
#include <thread>
#include <utility>

namespace nearfab::agent {
namespace {

constexpr double size_slack_mm = 0.5;

std::string with_next(const Error& error) {
    return error.message + (error.next.empty() ? "" : "; " + error.next);
}

std::string whole_mm(double size) {
    return std::to_string(static_cast<long>(std::lround(size)));
}

std::string size_text(const std::array<double, 3>& size) {
    return whole_mm(size[0]) + " x " + whole_mm(size[1]) + " x " + whole_mm(size[2]) + " mm";
}

// A configured size larger than the machine's own promises what it cannot make.
void compare_size(const std::array<double, 3>& told,
                  const geometry::WorkEnvelope& configured,
                  Examination& to) {
    const std::array<double, 3> written{configured.x_mm, configured.y_mm, configured.z_mm};
    to.facts.push_back("it says " + size_text(told) + ", envelope_mm says " + size_text(written));
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (written[axis] <= told[axis] + size_slack_mm) continue;
        to.faults.push_back("envelope_mm is larger than the machine; write envelope_mm = [" +
                            whole_mm(told[0]) + ", " + whole_mm(told[1]) + ", " +
                            whole_mm(told[2]) + "], or less where the bed is smaller");
        return;
    }
}

void add_state(const MachineReading& reading, Examination& to) {
    const std::string detail = reading.detail.empty() ? "" : ": " + reading.detail;
    switch (reading.condition) {
        case MachineCondition::unreachable:
            to.faults.push_back("it does not answer" + detail);
            return;
        case MachineCondition::fault:
            to.faults.push_back("it reports a fault" + detail);
            return;
        case MachineCondition::idle:
            to.facts.push_back("it is idle" + detail);
            return;
        case MachineCondition::running:
        case MachineCondition::paused:
            to.facts.push_back("it has " + reading.file + detail);
            return;
        case MachineCondition::busy:
            to.facts.push_back("it is busy" + detail);
            return;
    }
}

// Each slicer that a machine of the fab needs, asked once.
std::map<Slicer, Result<SlicerVersion>> ask_slicers(const Config& config) {
    std::map<Slicer, Result<SlicerVersion>> answers;
    for (const MachineConfig& machine : config.machines) {
        if (!machine.printer) continue;
        const Slicer slicer = machine.printer->slicer;
        if (answers.find(slicer) != answers.end()) continue;
        answers.emplace(slicer, ask_version(slicer, config.slicers.of(slicer)));
    }
    return answers;
}

void add_slicer(const PrintProfile& profile,
                const Result<SlicerVersion>& version,
                Examination& to) {
    if (!version) {
        to.faults.push_back(with_next(version.error()));
        return;
    }
    to.facts.push_back("sliced by " + version->text + " with " + profile.file.string());
    if (!version->remark.empty()) to.remarks.push_back(version->remark);
}

void examine(const MachineConfig& machine, const std::string& boot_id, Examination& found) {
    const auto driver = make_driver(machine, boot_id);
    if (!driver) {
        found.faults.push_back(with_next(driver.error()));
        return;
    }
    auto identity = (*driver)->identify();
    if (!identity) {
        found.faults.push_back(with_next(identity.error()));
        return;
    }
    const std::string model = identity->model.empty() ? "" : identity->model + ", ";
    found.facts.push_back(model + identity->firmware);
    if (identity->envelope_mm) {
        compare_size(*identity->envelope_mm, machine.limits.envelope, found);
    }
    if (identity->nozzle_mm) {
        found.facts.push_back("nozzle " + std::to_string(*identity->nozzle_mm).substr(0, 4) +
                              " mm");
    }
    for (std::string& remark : identity->remarks)
        found.remarks.push_back(std::move(remark));
    add_state((*driver)->read(), found);
}

}  // namespace

std::vector<Examination> examine_machines(const Config& config, const std::string& boot_id) {
    std::vector<Examination> found(config.machines.size());
    const auto slicers = ask_slicers(config);
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const MachineConfig& machine = config.machines[i];
        found[i].machine = machine.id.text() + " (" + machine.driver.kind + ")";
        if (machine.printer) {
            add_slicer(*machine.printer, slicers.at(machine.printer->slicer), found[i]);
        }
        threads.emplace_back([&, i] { examine(config.machines[i], boot_id, found[i]); });
    }
    threads.clear();  // Waits for all.
    return found;
}

std::string to_text(const Examination& examination) {
    std::string text = examination.machine + "\n";
    for (const std::string& fact : examination.facts)
        text += "    " + fact + "\n";
    for (const std::string& remark : examination.remarks)
        text += "  - " + remark + "\n";
    for (const std::string& fault : examination.faults)
        text += "  ! " + fault + "\n";
    return text;
}

}  // namespace nearfab::agent
