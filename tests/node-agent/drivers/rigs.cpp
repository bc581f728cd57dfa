// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/node-agent/drivers/rigs.hpp"

#include "host/random.hpp"
#include "node-agent/drivers/grbl/grbl_driver.hpp"
#include "node-agent/drivers/hand_off_driver.hpp"
#include "node-agent/drivers/marlin/marlin_driver.hpp"
#include "node-agent/drivers/moonraker_driver.hpp"
#include "node-agent/drivers/octoprint_driver.hpp"
#include "node-agent/drivers/prusalink_driver.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>

namespace nearfab::agent {
namespace {

constexpr Duration fake_poll = std::chrono::milliseconds{2};

std::string from_environment(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::string{} : std::string{value};
}

std::unique_ptr<MachineDriver> octoprint(const std::string& url,
                                         const std::string& key,
                                         std::optional<Duration> poll = std::nullopt) {
    OctoprintOptions options{url, key};
    if (poll) options.confirm_poll = *poll;
    auto driver = OctoprintDriver::open(std::move(options));
    REQUIRE(driver);
    return std::move(*driver);
}

std::unique_ptr<MachineDriver> moonraker(const std::string& url,
                                         const std::string& key,
                                         std::optional<Duration> poll = std::nullopt) {
    MoonrakerOptions options{url, key};
    if (poll) options.confirm_poll = *poll;
    if (poll) options.ready_rest = Duration{0};
    auto driver = MoonrakerDriver::open(std::move(options));
    REQUIRE(driver);
    return std::move(*driver);
}

std::unique_ptr<MachineDriver> prusalink(const std::string& url,
                                         const std::string& key,
                                         std::optional<Duration> poll = std::nullopt) {
    PrusalinkOptions options;
    options.url = url;
    options.key = key;
    if (poll) options.confirm_poll = *poll;
    auto driver = PrusalinkDriver::open(std::move(options));
    REQUIRE(driver);
    return std::move(*driver);
}

std::unique_ptr<MachineDriver> grbl(const std::string& port,
                                    GrblKind kind,
                                    bool impatient = false) {
    GrblOptions options;
    options.link.address = port;
    options.rules.kind = kind;
    if (impatient) {
        options.reopen = Duration{20};
        options.rules.banner_wait = Duration{50};
        options.rules.report_active = Duration{5};
        options.rules.report_idle = Duration{20};
    }
    auto driver = open_grbl(options);
    REQUIRE(driver);
    return std::move(*driver);
}

}  // namespace

std::string fresh_file_name() {
    return "nf-" + random_hex(8) + "-1-e1-0a0b0c0d.gcode";
}

RealServerRig::RealServerRig(const std::string& name)
    : url{from_environment("NEARFAB_TEST_" + name + "_URL")},
      key{from_environment("NEARFAB_TEST_" + name + "_KEY")} {}

// Half a minute of small moves without heat, so that there is time to pause and to cancel.
std::string RealServerRig::program() const {
    std::string text = "G21\nG90\nG28\n";
    for (int i = 0; i < 30; ++i)
        text += i % 2 == 0 ? "G1 X20 Y20 F1200\nG4 P500\n" : "G1 X40 Y40 F1200\nG4 P500\n";
    return text;
}

std::unique_ptr<MachineDriver> FakeOctoprintRig::connect() {
    return octoprint(fake.server.url(), fakes::FakeOctoprint::key, fake_poll);
}

std::unique_ptr<MachineDriver> FakeOctoprintRig::connect_with_wrong_key() {
    return octoprint(fake.server.url(), "wrong", fake_poll);
}

bool FakeOctoprintRig::start_foreign() {
    fake.start_by_hand("vase.gcode");
    return true;
}

bool FakeOctoprintRig::break_down() {
    fake.break_down();
    return true;
}

bool FakeOctoprintRig::cut_link() {
    fake.server.unplug();
    return true;
}

std::unique_ptr<MachineDriver> RealOctoprintRig::connect() {
    return octoprint(url, key);
}

std::unique_ptr<MachineDriver> RealOctoprintRig::connect_with_wrong_key() {
    return octoprint(url, "wrong");
}

std::unique_ptr<MachineDriver> FakeMoonrakerRig::connect() {
    return moonraker(fake.server.url(), fakes::FakeMoonraker::key, fake_poll);
}

std::unique_ptr<MachineDriver> FakeMoonrakerRig::connect_with_wrong_key() {
    return moonraker(fake.server.url(), "wrong", fake_poll);
}

bool FakeMoonrakerRig::start_foreign() {
    fake.start_by_hand("vase.gcode");
    return true;
}

bool FakeMoonrakerRig::break_down() {
    fake.break_down();
    return true;
}

bool FakeMoonrakerRig::cut_link() {
    fake.server.unplug();
    return true;
}

std::unique_ptr<MachineDriver> RealMoonrakerRig::connect() {
    return moonraker(url, key);
}

std::unique_ptr<MachineDriver> FakePrusalinkRig::connect() {
    return prusalink(fake.server.url(), fakes::FakePrusalink::key, fake_poll);
}

std::unique_ptr<MachineDriver> FakePrusalinkRig::connect_with_wrong_key() {
    return prusalink(fake.server.url(), "wrong", fake_poll);
}

std::string FakePrusaResinRig::fresh_name() {
    const std::string name = fresh_file_name();
    return name.substr(0, name.rfind('.')) + ".sl1";
}

bool FakePrusalinkRig::start_foreign() {
    fake.start_by_hand("vase.gcode");
    return true;
}

bool FakePrusalinkRig::break_down() {
    fake.break_down();
    return true;
}

bool FakePrusalinkRig::cut_link() {
    fake.server.unplug();
    return true;
}

std::unique_ptr<MachineDriver> RealPrusalinkRig::connect() {
    return prusalink(url, key);
}

std::unique_ptr<MachineDriver> RealPrusalinkRig::connect_with_wrong_key() {
    return prusalink(url, "wrong");
}

fakes::FakeGrblOptions FakeGrblRig::as_laser() {
    fakes::FakeGrblOptions options;
    options.endless = true;
    return options;
}

fakes::FakeGrblOptions FakeGrblRig::as_hal_mill() {
    fakes::FakeGrblOptions options = as_laser();
    options.firmware = GrblFirmware::grbl_hal;
    options.laser_mode = false;
    options.receive_bytes = 1024;
    return options;
}

std::unique_ptr<MachineDriver> FakeGrblRig::connect() {
    return grbl(fake.port(), mill ? GrblKind::mill : GrblKind::laser, true);
}

std::string FakeGrblRig::program() const {
    std::string text = mill ? "G21G90\nM3S8000\n" : "G21G90\nM4S300\n";
    for (int i = 0; i < 40; ++i)
        text += "G1X" + std::to_string(i) + "Y5F600\n";
    return text + "M5\n";
}

bool FakeGrblRig::start_foreign() {
    fake.run_by_hand(true);
    return true;
}

bool FakeGrblRig::break_down() {
    fake.alarm(1);
    return true;
}

bool FakeGrblRig::cut_link() {
    fake.unplug();
    return true;
}

std::unique_ptr<MachineDriver> FakeMarlinRig::connect() {
    MarlinOptions options;
    options.link.address = fake.port();
    options.reopen = Duration{20};
    options.rules.greet_every = Duration{20};
    options.rules.settle = Duration{20};
    options.rules.look_every = Duration{20};
    auto driver = open_marlin(options);
    REQUIRE(driver);
    return std::move(*driver);
}

std::string FakeMarlinRig::program() const {
    std::string text = "M104 S200\nG28\n";
    for (int i = 0; i < 40; ++i)
        text += "G1 X" + std::to_string(i) + " Y5 F600 ; a move\n";
    return text + "M104 S0\n";
}

bool FakeMarlinRig::start_foreign() {
    fake.print_from_card(true);
    return true;
}

bool FakeMarlinRig::break_down() {
    fake.kill("Thermal Runaway, system stopped! Heater_ID: bed");
    return true;
}

bool FakeMarlinRig::cut_link() {
    fake.unplug();
    return true;
}

HandOffRig::HandOffRig()
    : folder{std::filesystem::temp_directory_path() / ("nearfab-hand-off-" + random_hex(8))} {}

HandOffRig::~HandOffRig() {
    std::error_code not_worth_a_failure;
    std::filesystem::remove_all(folder, not_worth_a_failure);
}

std::unique_ptr<MachineDriver> HandOffRig::connect() {
    auto driver = HandOffDriver::open({folder, "cutter"});
    REQUIRE(driver);
    return std::move(*driver);
}

void HandOffRig::order(const std::string& line) const {
    std::ofstream out{folder / "orders", std::ios::app};
    out << line << '\n';
}

bool HandOffRig::break_down() {
    order("fault the tube is cracked");
    order("failed the tube is cracked");
    return true;
}

bool HandOffRig::cut_link() {
    std::filesystem::rename(folder, folder.string() + ".away");
    return true;
}

void HandOffRig::mend_link() {
    std::filesystem::rename(folder.string() + ".away", folder);
}

RealGrblRig::RealGrblRig() : port{from_environment("NEARFAB_TEST_GRBL_PORT")} {}

std::unique_ptr<MachineDriver> RealGrblRig::connect() {
    return grbl(port, GrblKind::mill);
}

std::string RealGrblRig::program() const {
    std::string text = "G21G91\n";
    for (int i = 0; i < 20; ++i)
        text += i % 2 == 0 ? "G1X20Y20F1000\n" : "G1X-20Y-20F1000\n";
    return text + "G90\n";
}

}  // namespace nearfab::agent
