// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/driver_config.hpp"

#include "node-agent/drivers/byte_link.hpp"

#include <vector>

namespace nearfab::agent {
namespace {

const std::vector<std::string> kinds{
    "grbl", "hand_off", "marlin", "moonraker", "octoprint", "prusalink", "simulated"};

void read_simulated(ConfigFile& file, ConfigTable& driver, DriverConfig& to) {
    to.directory = file.resolve(driver.text("directory"));
    to.speed = driver.number("speed", 0.001, 1e6, 1.0);
    to.bed_clear_at_first_start = driver.flag("bed_clear_at_first_start", false);
}

void read_web(ConfigFile& file, ConfigTable& driver, DriverConfig& to) {
    to.url = driver.text("url");
    const bool is_url = to.url.starts_with("http://") || to.url.starts_with("https://");
    if (!to.url.empty() && !is_url) {
        driver.complain("url",
                        "\"" + to.url + "\" is no address of a machine",
                        "write url = \"http://HOST\" or \"http://HOST:PORT\"");
    }
    // Moonraker trusts computers by their address, the others want a key.
    const std::string key_file =
        to.kind == "moonraker" ? driver.text("key_file", std::string{}) : driver.text("key_file");
    if (!key_file.empty()) to.key_file = file.resolve(key_file);
    if (to.kind == "prusalink") to.user = driver.text("user", std::string{});
    const std::string ca_file = driver.text("ca_file", std::string{});
    if (!ca_file.empty()) to.ca_file = file.resolve(ca_file);
}

void read_serial(ConfigTable& driver, DriverConfig& to) {
    to.port = driver.text("port");
    if (!to.port.empty() && !is_link_address(to.port)) {
        driver.complain("port",
                        "\"" + to.port + "\" is no port",
                        "write port = \"/dev/serial/by-id/NAME\", which stays the same when other "
                        "things are plugged in, or \"tcp://HOST:PORT\"");
    }
    to.baud = static_cast<int>(driver.whole("baud", 9600, 1'000'000, 115'200));
    if (to.kind == "grbl") to.dry_run = driver.flag("dry_run", false);
}

bool may_move_attended(const std::string& kind) {
    return kind == "grbl" || kind == "hand_off" || kind == "simulated";
}

}  // namespace

bool takes_resin_files(const std::string& kind) {
    return kind == "hand_off" || kind == "prusalink";
}

std::string DriverConfig::place() const {
    if (!url.empty()) return "the address " + url;
    if (!port.empty()) return "the port " + port;
    return "the directory " + directory.lexically_normal().string();
}

void read_driver(ConfigFile& file, ConfigTable& machine, bool attended, DriverConfig& to) {
    if (!machine.has("driver")) {
        machine.complain("driver",
                         "the setting \"driver\" is missing",
                         "write driver = {kind = \"octoprint\", url = ..., key_file = ...} or "
                         "another kind; node-agent/README.md lists them");
        return;
    }
    ConfigTable driver = machine.table("driver");
    to.kind = driver.word("kind", kinds);
    if (attended && !may_move_attended(to.kind)) {
        driver.complain("kind",
                        "a laser or mill cannot be driven by \"" + to.kind +
                            "\": nothing there makes sure that a person is at the machine",
                        "use kind = \"grbl\", or kind = \"hand_off\" and start it by hand");
    }
    if (!attended && to.kind == "grbl") {
        driver.complain("kind",
                        "\"grbl\" drives lasers and mills, and this machine is neither",
                        "write process = \"laser_cut\" or \"cnc_mill\", or another driver");
    }
    if (to.kind == "simulated") {
        read_simulated(file, driver, to);
    } else if (to.kind == "hand_off") {
        to.directory = file.resolve(driver.text("directory"));
    } else if (to.kind == "grbl" || to.kind == "marlin") {
        read_serial(driver, to);
    } else {
        read_web(file, driver, to);
    }
}

}  // namespace nearfab::agent
