// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/durable_file.hpp"
#include "node-agent/prepare/slicer_command.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace nearfab::agent {
namespace {

// The engine puts the part's origin, which is its middle, at the middle of the bed, and moves it by
// mesh_position. A bed whose own middle is 0, 0 (a delta's) it knows as such.
void place(const MachineCodeLimits& machine, CuraSettings& to) {
    const auto& bed = machine.envelope;
    to["machine_width"] = setting_number(bed.x_mm);
    to["machine_depth"] = setting_number(bed.y_mm);
    to["machine_height"] = setting_number(bed.z_mm);
    const bool centred = std::abs(machine.origin_mm.x + bed.x_mm / 2) < 1e-6 &&
                         std::abs(machine.origin_mm.y + bed.y_mm / 2) < 1e-6;
    to["machine_center_is_zero"] = centred ? "true" : "false";
    if (centred) return;
    to["mesh_position_x"] = setting_number(machine.origin_mm.x);
    to["mesh_position_y"] = setting_number(machine.origin_mm.y);
}

// For support it begins a thread for every layer, all at once: with the usual stacks of 8 MiB a
// part of 100 mm would need 4 GiB of address space, and the engine ends with "Unknown exception".
constexpr std::uint64_t stack_bytes = std::uint64_t{512} << 10U;
constexpr double layers_max = 20'000;

constexpr double park_mm = 10;  // Above the part, at the end.

// As for PrusaSlicer: what the machine's material says holds for all layers.
void heat(const SlicingTask& task, CuraSettings& to) {
    if (task.nozzle_c) {
        for (const char* name : {"material_print_temperature",
                                 "material_print_temperature_layer_0",
                                 "material_initial_print_temperature",
                                 "material_standby_temperature"})
            to[name] = std::to_string(*task.nozzle_c);
    }
    if (task.bed_c) {
        for (const char* name : {"material_bed_temperature", "material_bed_temperature_layer_0"})
            to[name] = std::to_string(*task.bed_c);
    }
}

double number_of(const CuraSettings& settings, const char* name) {
    const std::string& text = settings.find(name)->second;
    double value = 0;
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
    return error == std::errc{} && end == text.data() + text.size() ? value : 0;
}

}  // namespace

Result<SlicerCommand> cura_command(const SlicingTask& task, const SlicerFiles& files) {
    CuraSettings said = task.profile.cura;
    said["nearfab_park_z"] =
        setting_number(std::min(files.height_mm + park_mm, task.machine.envelope.z_mm));
    place(task.machine, said);
    heat(task, said);
    const auto settings = complete_settings(said);
    if (!settings) return fail(settings.error());
    const std::string text = definition_text(*settings);
    const std::filesystem::path definition = task.work_directory / "printer.def.json";
    const Status written = write_durably(
        definition, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    if (!written) return fail(written.error());
    SlicerCommand command;
    command.arguments = {task.programs.cura_engine.string(),
                         "slice",
                         "-j",
                         definition.string(),
                         "-o",
                         files.result.string(),
                         "-l",
                         files.stl.string()};
    const double layers = files.height_mm / std::max(number_of(*settings, "layer_height"), 0.01);
    command.stack_bytes = stack_bytes;
    command.more_memory_bytes =
        static_cast<std::uint64_t>(std::min(layers, layers_max)) * stack_bytes;
    return command;
}

double cura_filament_diameter_mm(const PrintProfile& profile) {
    const auto settings = complete_settings(profile.cura);
    if (!settings) return 0;
    return number_of(*settings, "material_diameter");
}

}  // namespace nearfab::agent
