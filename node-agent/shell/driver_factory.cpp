// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/driver_factory.hpp"

#include "host/clock.hpp"
#include "host/durable_file.hpp"
#include "node-agent/drivers/grbl/grbl_driver.hpp"
#include "node-agent/drivers/hand_off_driver.hpp"
#include "node-agent/drivers/marlin/marlin_driver.hpp"
#include "node-agent/drivers/moonraker_driver.hpp"
#include "node-agent/drivers/octoprint_driver.hpp"
#include "node-agent/drivers/prusalink_driver.hpp"
#include "node-agent/drivers/simulated_driver.hpp"

#include <sys/stat.h>
#include <utility>

namespace nearfab::agent {
namespace {

constexpr std::size_t key_bytes_max = 4096;

using Made = Result<std::unique_ptr<MachineDriver>>;

tl::unexpected<Error> config_error(const MachineConfig& machine,
                                   const std::string& message,
                                   const std::string& next) {
    return fail(ErrorCode::config, "machine " + machine.id.text() + ": " + message, next);
}

// A key moves a machine: nobody else on this computer may read it.
Result<std::string> read_key(const MachineConfig& machine, const std::filesystem::path& path) {
    if (path.empty()) return std::string{};
    const auto bytes = read_file(path, key_bytes_max);
    if (!bytes) {
        return config_error(machine,
                            "the key cannot be read: " + bytes.error().message,
                            "put the machine's key, and nothing else, into " + path.string() +
                                ", then chmod 600 it");
    }
    struct stat about {};
    if (::stat(path.c_str(), &about) == 0 && (about.st_mode & 077U) != 0) {
        return config_error(machine,
                            "others on this computer can read the key " + path.string(),
                            "run `chmod 600 " + path.string() + "`");
    }
    std::string key{bytes->begin(), bytes->end()};
    while (!key.empty() && (key.back() == '\n' || key.back() == '\r' || key.back() == ' '))
        key.pop_back();
    if (key.empty() || key.find_first_of("\r\n") != std::string::npos) {
        return config_error(
            machine, path.string() + " is no key of one line", "put the key alone into it");
    }
    return key;
}

template <typename Driver>
Made as_driver(const MachineConfig& machine, Result<std::unique_ptr<Driver>> made) {
    if (made) return std::unique_ptr<MachineDriver>{std::move(*made)};
    return config_error(machine, made.error().message, made.error().next);
}

Made make_simulated(const MachineConfig& machine, const std::string& boot_id) {
    SimulatedDriverOptions options;
    options.directory = machine.driver.directory;
    options.speed = machine.driver.speed;
    options.bed_clear_at_first_start = machine.driver.bed_clear_at_first_start;
    options.limits = machine.limits;
    if (machine.cutter) {
        const auto& bed = machine.limits.envelope;
        options.cutter =
            CutterCode{limits_for(*machine.cutter, {bed.x_mm, bed.y_mm}), machine.cutter->dynamics};
        options.model = "simulated cutter";
    }
    options.boot_id = boot_id;
    options.now = [] { return SystemClock{}.read(); };
    return as_driver(machine, SimulatedDriver::open(std::move(options)));
}

Made make_web(const MachineConfig& machine, const std::string& key) {
    const DriverConfig& driver = machine.driver;
    if (driver.kind == "octoprint") {
        OctoprintOptions options;
        options.url = driver.url;
        options.key = key;
        options.ca_file = driver.ca_file;
        return as_driver(machine, OctoprintDriver::open(std::move(options)));
    }
    if (driver.kind == "moonraker") {
        MoonrakerOptions options;
        options.url = driver.url;
        options.key = key;
        options.ca_file = driver.ca_file;
        return as_driver(machine, MoonrakerDriver::open(std::move(options)));
    }
    PrusalinkOptions options;
    options.url = driver.url;
    (driver.user.empty() ? options.key : options.password) = key;
    options.user = driver.user;
    options.ca_file = driver.ca_file;
    return as_driver(machine, PrusalinkDriver::open(std::move(options)));
}

Made make_grbl(const MachineConfig& machine) {
    GrblOptions options;
    options.link = {machine.driver.port, machine.driver.baud};
    options.rules.kind = machine.laser ? GrblKind::laser : GrblKind::mill;
    options.rules.dry_run = machine.driver.dry_run;
    if (machine.cutter) options.rules.s_max = machine.cutter->s_max;
    return as_driver(machine, open_grbl(options));
}

}  // namespace

Made make_driver(const MachineConfig& machine, const std::string& boot_id) {
    const std::string& kind = machine.driver.kind;
    if (kind == "simulated") return make_simulated(machine, boot_id);
    if (kind == "grbl") return make_grbl(machine);
    if (kind == "marlin") {
        MarlinOptions options;
        options.link = {machine.driver.port, machine.driver.baud};
        return as_driver(machine, open_marlin(options));
    }
    if (kind == "hand_off") {
        HandOffOptions options;
        options.directory = machine.driver.directory;
        options.machine = machine.id.text();
        return as_driver(machine, HandOffDriver::open(std::move(options)));
    }
    const auto key = read_key(machine, machine.driver.key_file);
    if (!key) return fail(key.error());
    return make_web(machine, *key);
}

}  // namespace nearfab::agent
