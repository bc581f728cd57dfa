// SPDX-License-Identifier: GPL-3.0-or-later
// driver_config.hpp - how a machine is driven, as the configuration says it.
//
//   driver = {kind = "octoprint", url = "http://octopi.local", key_file = "octoprint.key"}
//   driver = {kind = "moonraker", url = "http://voron.local:7125"}
//   driver = {kind = "prusalink", url = "http://mk4.local", key_file = "mk4.key"}
//   driver = {kind = "grbl", port = "/dev/serial/by-id/usb-..."}
//   driver = {kind = "marlin", port = "/dev/serial/by-id/usb-...", baud = 115200}
//   driver = {kind = "hand_off", directory = "laser-inbox"}
//   driver = {kind = "simulated", directory = "machine", speed = 100}
//
// docs/drivers/ has a page for each.

#pragma once

#include "host/config_file.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace nearfab::agent {

struct DriverConfig {
    std::string kind;
    // simulated, hand_off
    std::filesystem::path directory;
    double speed = 1;  // Machine time per real time.
    bool bed_clear_at_first_start = false;
    // octoprint, moonraker, prusalink
    std::string url;
    std::filesystem::path key_file;  // Empty: none.
    std::string user;                // prusalink: key_file holds this user's password.
    std::optional<std::filesystem::path> ca_file;
    // grbl, marlin
    std::string port;
    int baud = 115'200;
    bool dry_run = false;  // grbl: the controller reads each program before it runs it.
    // What no two machines may share, with the words for it: a directory, an address, a port.
    [[nodiscard]] std::string place() const;
};

// Whether the driver can give the layers of a resin print to its machine; the others want G-code.
[[nodiscard]] bool takes_resin_files(const std::string& kind);

// Faults are kept in the file. `attended`: a laser or mill, which only some drivers may move.
void read_driver(ConfigFile& file, ConfigTable& machine, bool attended, DriverConfig& to);

}  // namespace nearfab::agent
