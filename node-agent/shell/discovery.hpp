// SPDX-License-Identifier: GPL-3.0-or-later
// discovery.hpp - machines that announce themselves in the network, and serial devices plugged in.

#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::agent {

struct FoundMachine {
    std::string kind;   // "octoprint", "moonraker", "prusalink", "serial"
    std::string name;   // As it calls itself.
    std::string place;  // "http://octopi.local:80", "/dev/serial/by-id/..."

    friend bool operator==(const FoundMachine&, const FoundMachine&) = default;
};

// The answers of `avahi-browse --parsable --resolve`. PrusaLink also calls itself an OctoPrint:
// what answers under both names is a PrusaLink. Lines that are something else are left out. Pure.
[[nodiscard]] std::vector<FoundMachine> machines_in(std::string_view avahi_answers);

// All names below the directory, sorted.
[[nodiscard]] std::vector<FoundMachine> serial_devices(
    const std::filesystem::path& directory = "/dev/serial/by-id");

// What avahi-browse hears within some seconds; empty when it is not installed.
[[nodiscard]] std::string ask_avahi();

// A line for the configuration, and what is still to be done for it.
[[nodiscard]] std::string to_text(const FoundMachine& machine);

}  // namespace nearfab::agent
