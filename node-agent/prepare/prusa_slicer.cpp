// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/slicer_command.hpp"

namespace nearfab::agent {
namespace {

geometry::Vec2 bed_centre(const SlicingTask& task) {
    if (task.profile.resin) return task.profile.resin->bed_centre_mm;
    const geometry::Vec3& origin = task.machine.origin_mm;
    const geometry::WorkEnvelope& bed = task.machine.envelope;
    return {origin.x + bed.x_mm / 2, origin.y + bed.y_mm / 2};
}

}  // namespace

SlicerCommand prusa_command(const SlicingTask& task, const SlicerFiles& files) {
    const bool resin = task.profile.resin.has_value();
    const geometry::Vec2 centre = bed_centre(task);
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
                         setting_number(centre.x) + "," + setting_number(centre.y)};
    const auto add = [&](const char* option, const std::string& value) {
        command.arguments.emplace_back(option);
        command.arguments.push_back(value);
    };
    if (task.nozzle_c && !resin) {
        add("--temperature", std::to_string(*task.nozzle_c));
        add("--first-layer-temperature", std::to_string(*task.nozzle_c));
    }
    if (task.bed_c && !resin) {
        add("--bed-temperature", std::to_string(*task.bed_c));
        add("--first-layer-bed-temperature", std::to_string(*task.bed_c));
    }
    if (task.density_g_cm3 && !resin) {
        add("--filament-density", setting_number(*task.density_g_cm3));
    }
    add("--output", files.result.string());
    command.arguments.emplace_back(resin ? "--export-sla" : "--export-gcode");
    command.arguments.push_back(files.stl.string());
    return command;
}

}  // namespace nearfab::agent
