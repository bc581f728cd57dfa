// SPDX-License-Identifier: GPL-3.0-or-later
// config.hpp - what an agent is told by its configuration file.
//
// node-agent/README.md shows a complete file. Paths in it are relative to the file's own folder.

#pragma once

#include "base/result.hpp"
#include "node-agent/core/options.hpp"
#include "node-agent/machine_code/gcode_gate.hpp"
#include "node-agent/prepare/cutter_profile.hpp"
#include "node-agent/prepare/print_profile.hpp"
#include "node-agent/shell/driver_config.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::agent {

struct MaterialSettings {  // Instead of the profile's.
    std::optional<int> nozzle_c;
    std::optional<int> bed_c;
};

struct MachineConfig {
    MachineId id;
    std::filesystem::path profile;  // Of the slicer, or of the laser or mill.
    MachineCodeLimits limits;
    // Of a laser or mill with a profile, and of a printer; load_config reads them.
    std::optional<CutterProfile> cutter;
    std::optional<PrintProfile> printer;
    std::map<MaterialId, MaterialSettings> materials;
    bool laser = false;
    DriverConfig driver;
};

struct Config {
    AgentOptions core;                      // Without what only a running program knows.
    std::filesystem::path state_directory;  // Journal, designs, machine code.
    std::filesystem::path control_socket;   // For the operator's commands.
    SlicerPrograms slicers;
    std::string router_endpoint;    // "tcp://host:7440"
    std::string router_public_key;  // Z85
    std::filesystem::path key_file;
    Duration poll = std::chrono::seconds{2};  // Between two looks at a machine.
    std::vector<MachineConfig> machines;      // In the order of core.machines.
};

// Errors: config with file:line, the cause and what to write instead.
[[nodiscard]] Result<Config> load_config(const std::filesystem::path& file);
[[nodiscard]] Result<Config> parse_config(std::string_view text, const std::string& file_name);

}  // namespace nearfab::agent
