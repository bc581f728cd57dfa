// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/slicer_command.hpp"

namespace nearfab::agent {

SlicerCommand prusa_command(const SlicingTask& task, const SlicerFiles& files) {
    const auto& machine = task.machine;
    SlicerCommand command;
    command.read_only = {task.profile.file};
    command.arguments = {task.programs.prusa_slicer.string(),
                         "--datadir",
                         (task.work_directory / "slicer").string(),
                         "--load",
                         task.profile.file.string(),
                         // After --load, so it wins over the profile.
                         "--post-process",
                         "",
                         "--center",
                         setting_number(machine.origin_mm.x + machine.envelope.x_mm / 2) + "," +
                             setting_number(machine.origin_mm.y + machine.envelope.y_mm / 2)};
    const auto add = [&](const char* option, const std::string& value) {
        command.arguments.emplace_back(option);
        command.arguments.push_back(value);
    };
    if (task.nozzle_c) {
        add("--temperature", std::to_string(*task.nozzle_c));
        add("--first-layer-temperature", std::to_string(*task.nozzle_c));
    }
    if (task.bed_c) {
        add("--bed-temperature", std::to_string(*task.bed_c));
        add("--first-layer-bed-temperature", std::to_string(*task.bed_c));
    }
    if (task.density_g_cm3) {
        add("--filament-density", setting_number(*task.density_g_cm3));
    }
    add("--output", files.result.string());
    command.arguments.emplace_back("--export-gcode");
    command.arguments.push_back(files.stl.string());
    return command;
}

}  // namespace nearfab::agent
