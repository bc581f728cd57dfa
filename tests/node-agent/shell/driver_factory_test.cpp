// SPDX-License-Identifier: GPL-3.0-or-later
// From the configuration's words to a driver, and what the doctor says of it.

#include "node-agent/shell/driver_factory.hpp"

#include "node-agent/shell/doctor.hpp"
#include "tests/host/scratch_directory.hpp"
#include "tests/node-agent/drivers/fakes/fake_octoprint.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sys/stat.h>

namespace nearfab::agent {
namespace {

struct Fab {
    test::ScratchDirectory directory;
    fakes::FakeOctoprint octoprint;
    MachineConfig machine;
    SlicerPrograms slicers;

    Fab() {
        machine.id = MachineId{"small"};
        machine.limits.envelope = {180, 180, 180};
        machine.driver.kind = "octoprint";
        machine.driver.url = octoprint.server.url();
        machine.driver.key_file = directory / "o.key";
    }
    void write_key(const std::string& text, mode_t mode) const {
        std::ofstream{machine.driver.key_file} << text;
        REQUIRE(::chmod(machine.driver.key_file.c_str(), mode) == 0);
    }
    Error refusal() const {
        const auto driver = make_driver(machine, "boot");
        REQUIRE_FALSE(driver);
        CHECK(driver.error().code == ErrorCode::config);
        CHECK(driver.error().message.starts_with("machine small: "));
        return driver.error();
    }
    std::string examined() const {
        Config config;
        config.machines = {machine};
        config.slicers = slicers;
        return to_text(examine_machines(config, "boot").at(0));
    }
};

TEST_CASE_METHOD(Fab, "a key is one line that nobody else can read", "[agent][config]") {
    CHECK_THAT(refusal().next, Catch::Contains("chmod 600"));
    write_key("secret\n", 0644);
    CHECK_THAT(refusal().message, Catch::Contains("others on this computer"));
    write_key("", 0600);
    CHECK_THAT(refusal().message, Catch::Contains("no key"));
    write_key("two\nlines\n", 0600);
    CHECK_THAT(refusal().message, Catch::Contains("one line"));
    write_key(fakes::FakeOctoprint::key + "\n", 0600);
    CHECK(make_driver(machine, "boot"));
}

TEST_CASE_METHOD(Fab, "the doctor says what a machine is and what to mend", "[agent][config]") {
    write_key(fakes::FakeOctoprint::key, 0600);
    std::string text = examined();
    CHECK_THAT(text, Catch::Contains("OctoPrint 1.11.8"));
    CHECK_THAT(text, Catch::Contains("200 x 210 x 180 mm"));
    CHECK_THAT(text, Catch::Contains("idle"));
    CHECK_THAT(text, !Catch::Contains("  ! "));
    machine.limits.envelope.y_mm = 300;
    CHECK_THAT(examined(), Catch::Contains("  ! envelope_mm is larger than the machine"));
    write_key("wrong", 0600);
    CHECK_THAT(examined(), Catch::Contains("Application Keys"));
    octoprint.server.unplug();
    CHECK_THAT(examined(), Catch::Contains("  ! ") && Catch::Contains("cannot be reached"));
}

TEST_CASE_METHOD(Fab, "the doctor asks the slicers of printers who they are", "[agent][config]") {
    write_key(fakes::FakeOctoprint::key, 0600);
    machine.printer.emplace();
    machine.printer->file = "/etc/nearfab/small.toml";
    machine.printer->slicer = Slicer::cura_engine;
    const auto answer_with = [&](const std::string& commands) {
        slicers.cura_engine = directory / "engine.sh";
        std::ofstream{slicers.cura_engine} << "#!/bin/sh\n" << commands << "\n";
        REQUIRE(::chmod(slicers.cura_engine.c_str(), 0755) == 0);
        return examined();
    };
    const std::string known = answer_with("echo 'Cura_SteamEngine version 4.13.0' >&2; exit 1");
    CHECK_THAT(known, Catch::Contains("sliced by CuraEngine 4.13.0 with /etc/nearfab/small.toml"));
    CHECK_THAT(known, !Catch::Contains("  - nearfab is tested"));
    CHECK_THAT(answer_with("echo 'Cura_SteamEngine version 5.6.0'"),
               Catch::Contains("  - nearfab is tested with CuraEngine 4.13.x"));
    CHECK_THAT(answer_with("echo 'hello'"),
               Catch::Contains("  ! ") && Catch::Contains("does not say that it is CuraEngine"));
    slicers.cura_engine = "/nowhere/CuraEngine";
    CHECK_THAT(examined(),
               Catch::Contains("  ! CuraEngine is not installed at /nowhere") &&
                   Catch::Contains("install the package cura-engine"));
}

}  // namespace
}  // namespace nearfab::agent
