// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/marlin/marlin_driver.hpp"
#include "tests/node-agent/drivers/contract.hpp"
#include "tests/node-agent/drivers/fakes/text_bytes.hpp"
#include "tests/node-agent/drivers/rigs.hpp"

#include <catch2/catch.hpp>

#include <thread>

namespace nearfab::agent {
namespace {

using contract::run_something;
using contract::wait_for;
using Kind = StartOutcome::Kind;

template <typename What>
What parsed(const char* line) {
    const MarlinLine found = parse_marlin_line(line);
    INFO(line);
    REQUIRE(std::holds_alternative<What>(found));
    return std::get<What>(found);
}

TEST_CASE("a line carries its number and the exclusive or of its bytes", "[drivers][marlin]") {
    CHECK(numbered_line(0, "M110 N0") == "N0 M110 N0*125\n");
    CHECK(numbered_line(3, "T0") == "N3 T0*57\n");
}

TEST_CASE("what Marlin says is understood in its many spellings", "[drivers][marlin]") {
    (void)parsed<marlin_line::Start>("start");
    (void)parsed<marlin_line::Wait>("wait");
    CHECK(parsed<marlin_line::Ok>("ok T:21.30 /0.00 B:21.3 /0.00 @:0").words.starts_with("T:"));
    CHECK(parsed<marlin_line::Ok>("ok").words.empty());
    for (const char* line : {"Resend:4", "Resend: 4", "rs N4", "rs 4"})
        CHECK(parsed<marlin_line::Resend>(line).line == 4);
    CHECK(parsed<marlin_line::Busy>("echo:busy: paused for user").waits_for_person);
    CHECK_FALSE(parsed<marlin_line::Busy>("echo:busy: processing").waits_for_person);
    CHECK(parsed<marlin_line::Action>("//action:pause").what == "pause");
    (void)parsed<marlin_line::Fault>("Error:Printer halted. kill() called!");
    (void)parsed<marlin_line::Fault>("!! Heater extruder not heating at expected rate");
    (void)parsed<marlin_line::Complaint>("Error:checksum mismatch, Last Line: 3");
    (void)parsed<marlin_line::Other>("okay");
    (void)parsed<marlin_line::Other>("Resend: x");
    const auto firmware = parsed<marlin_line::Firmware>(
        "FIRMWARE_NAME:Marlin 2.1.2 SOURCE_CODE_URL:x PROTOCOL_VERSION:1.0 MACHINE_TYPE:Ender-3 "
        "Pro "
        "EXTRUDER_COUNT:1 UUID:cede2a2f");
    CHECK(firmware.name == "Marlin 2.1.2");
    CHECK(firmware.machine == "Ender-3 Pro");
    CHECK(firmware.uuid == "cede2a2f");
    CHECK(parsed<marlin_line::Capability>("Cap:EMERGENCY_PARSER:1").there);
}

TEST_CASE("a program may not count its own lines", "[drivers][marlin]") {
    const auto program = marlin_program("; head\n\nG28 ; home\r\n  M117 Part *\n");
    REQUIRE_FALSE(program);
    CHECK(program.error().where == "line 4");
    CHECK(marlin_program("G28 ; home\r\n  M117 Part 1\n")->text == "G28\nM117 Part 1\n");
    CHECK_FALSE(marlin_program("N1 G28*3\n"));
    CHECK_FALSE(marlin_program("M110 N5\n"));
    CHECK_FALSE(marlin_program("G1 " + std::string(80, '1')));
    CHECK_FALSE(marlin_program(";\n"));
}

TEST_CASE("a line that was misheard is sent again, and none is lost or doubled",
          "[drivers][marlin]") {
    fakes::FakeMarlinOptions options;
    options.endless = false;
    options.mishears_every = 97;
    FakeMarlinRig rig{options};
    const auto driver = rig.connect();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    std::string program;
    std::vector<std::string> sent;
    for (int i = 0; i < 300; ++i) {
        sent.push_back("G1 X" + std::to_string(i) + " F600");
        program += sent.back() + "\n";
    }
    sent.emplace_back("M400");
    sent.emplace_back("M114");
    REQUIRE(driver->upload("a.gcode", text_bytes(program)));
    REQUIRE(contract::start(*driver, "a.gcode", program).kind == Kind::started);
    (void)wait_for(rig, *driver, "a.gcode", Evidence::completed);
    CHECK(rig.fake.resends() > 10);
    CHECK(rig.fake.lines() == sent);
}

TEST_CASE("a question for a line that was never sent ends the run", "[drivers][marlin]") {
    FakeMarlinRig rig;
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    rig.fake.say("Error:Line Number is not Last Line Number+1, Last Line: 899");
    rig.fake.say("Resend: 900");
    const MachineReading reading = wait_for(rig, *driver, name, Evidence::stopped);
    CHECK(run_of(reading, name)->detail.find("check the cable") != std::string::npos);
}

TEST_CASE("wherever a run ends early the heaters are switched off", "[drivers][marlin]") {
    FakeMarlinRig rig;
    auto driver = rig.connect();
    (void)run_something(rig, *driver);
    CHECK(rig.fake.hot());
    SECTION("cancelled") {
        REQUIRE(driver->cancel());
    }
    SECTION("the agent ends") {
        driver.reset();
    }
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (rig.fake.hot()) {
        REQUIRE(std::chrono::steady_clock::now() < give_up);
        std::this_thread::sleep_for(std::chrono::milliseconds{2});  // Between two looks.
    }
}

TEST_CASE("the printer itself pauses, resumes and cancels", "[drivers][marlin]") {
    FakeMarlinRig rig;
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    rig.fake.say("//action:pause");
    (void)wait_for(rig, *driver, MachineCondition::paused);
    rig.fake.say("//action:resume");
    (void)wait_for(rig, *driver, MachineCondition::running);
    rig.fake.say("//action:cancel");
    (void)wait_for(rig, *driver, name, Evidence::stopped);
}

TEST_CASE("a reset in the middle is the end of the part", "[drivers][marlin]") {
    FakeMarlinRig rig;
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    rig.fake.switch_off_and_on();
    const MachineReading reading = wait_for(rig, *driver, name, Evidence::stopped);
    CHECK(run_of(reading, name)->detail.find("reset") != std::string::npos);
    (void)wait_for(rig, *driver, MachineCondition::idle);
}

}  // namespace
}  // namespace nearfab::agent
