// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/simulated_driver.hpp"

#include "node-agent/core/start_gate.hpp"
#include "tests/host/scratch_directory.hpp"
#include "tests/node-agent/machine_code/sample_code.hpp"

#include <catch2/catch.hpp>

#include <fstream>

namespace nearfab::agent {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Kind = StartOutcome::Kind;

const std::string part_code = sample::job("G4 S30\nG4 S30");

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// A machine in a directory; drivers come and go, the machine stays.
struct Bench {
    Bench() { restart_agent(); }

    void restart_agent() {
        driver.reset();
        SimulatedDriverOptions options;
        options.directory = directory / "printer";
        options.limits = sample::small_machine();
        options.cutter = cutter;
        options.bed_clear_at_first_start = bed_clear_at_first_start;
        options.boot_id = boot_id;
        options.now = [this] { return Moment{TimePoint{clock}, WallTime{}}; };
        auto opened = SimulatedDriver::open(options);
        REQUIRE(opened);
        driver = std::move(*opened);
    }
    void order(const std::string& line) {
        std::ofstream out{directory / "printer" / "orders", std::ios::app};
        out << line << '\n';
    }
    StartOutcome start(const std::string& file, const std::string& code = part_code) {
        StartOrder start_order;
        start_order.work_order = WorkOrderId{"w-1"};
        start_order.epoch = 1;
        start_order.highest_epoch_seen = 1;
        start_order.machine = MachineId{"m"};
        start_order.machine_file = file;
        start_order.authorised_hash = hash_of(code);
        start_order.right_expires = TimePoint{clock + 60s};
        start_order.bed_confirmed_clear = true;
        return StartGate::open(
            start_order,
            *driver,
            [this] {
                return Moment{TimePoint{clock}, WallTime{}};
            },
            [] { return false; });
    }
    StartOutcome upload_and_start() {
        REQUIRE(driver->upload("part.gcode", bytes_of(part_code)));
        return start("part.gcode");
    }

    std::optional<CutterCode> cutter;
    test::ScratchDirectory directory;
    Duration clock = 1000s;
    std::string boot_id = "boot-a";
    bool bed_clear_at_first_start = false;
    std::unique_ptr<SimulatedDriver> driver;
};

TEST_CASE("a part is uploaded, started, printed and remembered") {
    Bench bench;
    CHECK(bench.driver->identify().value().kind == "simulated");
    CHECK(bench.driver->read().condition == MachineCondition::idle);
    REQUIRE(bench.upload_and_start().kind == Kind::started);
    const MachineReading begun = bench.driver->read();
    CHECK(begun.condition == MachineCondition::running);
    CHECK(begun.detail == "homing (line 5)");
    CHECK(begun.remaining_s > 60);
    bench.clock += Duration{begun.remaining_s * 1000 / 2};
    CHECK(bench.driver->read().detail.find("heating") == 0);
    CHECK(bench.driver->read().progress == Approx(0.5).margin(0.01));
    bench.clock += Duration{begun.remaining_s * 1000};
    const MachineReading done = bench.driver->read();
    CHECK(done.condition == MachineCondition::idle);
    CHECK(done.last_run == LastRun{"part.gcode", RunOutcome::completed, "completed"});
}

TEST_CASE("the machine counts its runs, and another agent reads the same count") {
    Bench bench;
    const auto blank = bench.driver->read().history;
    REQUIRE(blank);
    CHECK(blank->runs == 0);
    bench.clock += 1s;
    CHECK(bench.driver->read().history == blank);
    REQUIRE(bench.upload_and_start().kind == Kind::started);
    CHECK(bench.driver->read().history == RunHistory{blank->boot, 1});
    bench.clock += 24h;
    bench.restart_agent();
    CHECK(bench.driver->read().history == RunHistory{blank->boot, 1});
    // A machine that began anew in the same place is another one.
    fs::remove(bench.directory / "printer" / "memory.json");
    CHECK(bench.driver->read().history->boot != blank->boot);
}

TEST_CASE("only a machine that never ran vouches for its bed, and only if it was told to") {
    Bench bench;
    CHECK_FALSE(bench.driver->read().bed_seen_empty);
    bench.bed_clear_at_first_start = true;
    bench.restart_agent();
    CHECK(bench.driver->read().bed_seen_empty);
    REQUIRE(bench.upload_and_start().kind == Kind::started);
    CHECK_FALSE(bench.driver->read().bed_seen_empty);
    bench.clock += 24h;
    CHECK_FALSE(bench.driver->read().bed_seen_empty);
    bench.order("power-cut");
    bench.order("power-on");
    CHECK_FALSE(bench.driver->read().bed_seen_empty);
}

TEST_CASE("the machine goes on while the agent is dead") {
    Bench bench;
    REQUIRE(bench.upload_and_start().kind == Kind::started);
    bench.clock += 60s;
    bench.restart_agent();
    const MachineReading running = bench.driver->read();
    CHECK(running.condition == MachineCondition::running);
    CHECK(running.file == "part.gcode");
    CHECK(running.detail.find("heating") == 0);
    bench.driver.reset();
    bench.clock += 24h;
    bench.restart_agent();
    CHECK(bench.driver->read().last_run->outcome == RunOutcome::completed);
}

TEST_CASE("a reboot of the computer loses the run") {
    Bench bench;
    REQUIRE(bench.upload_and_start().kind == Kind::started);
    bench.clock += 100s;
    const int percent = static_cast<int>(bench.driver->read().progress * 100);
    bench.boot_id = "boot-b";
    bench.clock = 20s;
    bench.restart_agent();
    const MachineReading reading = bench.driver->read();
    CHECK(reading.condition == MachineCondition::fault);
    CHECK(reading.detail == "power was lost at " + std::to_string(percent) + " % of part.gcode");
    CHECK(bench.start("part.gcode").kind == Kind::refused);
    bench.order("power-on");
    CHECK(bench.driver->read().condition == MachineCondition::idle);
    CHECK(bench.start("part.gcode").kind == Kind::started);
}

TEST_CASE("upload keeps what is there") {
    Bench bench;
    REQUIRE(bench.driver->upload("part.gcode", bytes_of(part_code)));
    CHECK(bench.driver->upload("part.gcode", bytes_of(part_code)));
    const Status other = bench.driver->upload("part.gcode", bytes_of("G21\n"));
    REQUIRE_FALSE(other);
    CHECK(other.error().code == ErrorCode::conflict);
    CHECK(bench.driver->stored_hash("part.gcode").value() == hash_of(part_code));
    CHECK(bench.driver->stored_hash("none.gcode").error().code == ErrorCode::not_found);
    CHECK(bench.driver->read().condition == MachineCondition::idle);
}

TEST_CASE("a file name cannot leave the machine's storage") {
    Bench bench;
    const auto name = GENERATE(as<std::string>{},
                               "",
                               "..",
                               ".hidden",
                               "a/b",
                               "../memory.json",
                               "a b",
                               "gr\xC3\xBC"
                               "n",
                               std::string(121, 'x'),
                               std::string{"a\0b", 3});
    CAPTURE(name);
    CHECK(bench.driver->upload(name, bytes_of("G21\n")).error().code ==
          ErrorCode::invalid_argument);
    CHECK(bench.driver->stored_hash(name).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("the firmware refuses code outside its limits") {
    Bench bench;
    const std::string hot = sample::job("M104 S999");
    REQUIRE(bench.driver->upload("hot.gcode", bytes_of(hot)));
    const StartOutcome outcome = bench.start("hot.gcode", hot);
    CHECK(outcome.kind == Kind::driver_failed);
    CHECK(outcome.reason.find("999 C") != std::string::npos);
    CHECK(bench.driver->read().condition == MachineCondition::idle);
}

TEST_CASE("pause, resume and cancel do what they say and survive a restart") {
    Bench bench;
    CHECK(bench.driver->pause().error().code == ErrorCode::conflict);
    REQUIRE(bench.upload_and_start().kind == Kind::started);
    REQUIRE(bench.driver->pause());
    bench.clock += 24h;
    bench.restart_agent();
    CHECK(bench.driver->read().condition == MachineCondition::paused);
    CHECK(bench.start("part.gcode").kind == Kind::refused);
    REQUIRE(bench.driver->resume());
    CHECK(bench.driver->read().condition == MachineCondition::running);
    REQUIRE(bench.driver->cancel());
    CHECK(bench.driver->read().last_run->outcome == RunOutcome::aborted);
}

TEST_CASE("a refused start is told and happens once") {
    Bench bench;
    bench.order("refuse-start filament is out");
    const StartOutcome outcome = bench.upload_and_start();
    CHECK(outcome.kind == Kind::driver_failed);
    CHECK(outcome.reason == "the machine did not start: filament is out");
    CHECK(bench.driver->read().condition == MachineCondition::idle);
    CHECK(bench.start("part.gcode").kind == Kind::started);
}

TEST_CASE("a start that hangs was carried out all the same") {
    Bench bench;
    bench.order("hang-start");
    CHECK(bench.upload_and_start().kind == Kind::unknown);
    const MachineReading reading = bench.driver->read();
    CHECK(reading.condition == MachineCondition::running);
    CHECK(reading.file == "part.gcode");
}

TEST_CASE("an offline machine answers nothing") {
    Bench bench;
    bench.order("offline");
    CHECK(bench.driver->read().condition == MachineCondition::unreachable);
    CHECK(bench.driver->identify().error().code == ErrorCode::unavailable);
    CHECK(bench.driver->stored_hash("part.gcode").error().code == ErrorCode::unavailable);
    CHECK(bench.driver->pause().error().code == ErrorCode::unavailable);
    bench.order("online");
    CHECK(bench.driver->read().condition == MachineCondition::idle);
}

TEST_CASE("orders are obeyed in order, once, and wrong ones are reported") {
    Bench bench;
    bench.order("by-hand vase.gcode");
    bench.order("juggle");
    bench.order("");
    MachineReading reading = bench.driver->read();
    CHECK(reading.file == "vase.gcode");
    CHECK(reading.detail.find("juggle") != std::string::npos);
    CHECK_FALSE(fs::exists(bench.directory / "printer" / "orders"));
    bench.order("by-hand-end");
    reading = bench.driver->read();
    CHECK(reading.condition == MachineCondition::idle);
    CHECK(reading.detail.empty());
}

TEST_CASE("orders half taken when the agent died are obeyed exactly once") {
    Bench bench;
    const fs::path printer = bench.directory / "printer";
    SECTION("taken but not yet obeyed") {
        bench.order("by-hand vase.gcode");
        fs::rename(printer / "orders", printer / "orders.1");
        CHECK(bench.driver->read().file == "vase.gcode");
        CHECK(bench.driver->read().detail == "started by hand");
    }
    SECTION("obeyed but not yet removed") {
        bench.order("by-hand vase.gcode");
        CHECK(bench.driver->read().file == "vase.gcode");
        bench.order("by-hand-end");
        CHECK(bench.driver->read().condition == MachineCondition::idle);
        std::ofstream{printer / "orders.2"} << "by-hand vase.gcode\n";
        CHECK(bench.driver->read().condition == MachineCondition::idle);
    }
}

TEST_CASE("a machine whose memory is spoiled says nothing of what it did") {
    Bench bench;
    REQUIRE(bench.driver->upload("part.gcode", bytes_of(part_code)));
    std::ofstream{bench.directory / "printer" / "memory.json"} << "{";
    const MachineReading reading = bench.driver->read();
    CHECK(reading.condition == MachineCondition::unreachable);
    CHECK_FALSE(reading.last_run);
    CHECK(reading.detail.find("memory cannot be read") != std::string::npos);
    CHECK(bench.start("part.gcode").kind == Kind::refused);
}

TEST_CASE("options that make no machine are refused") {
    test::ScratchDirectory directory;
    SimulatedDriverOptions options;
    options.directory = directory / "printer";
    options.boot_id = "boot-a";
    options.now = [] { return Moment{}; };
    options.speed = 0;
    CHECK(SimulatedDriver::open(options).error().code == ErrorCode::invalid_argument);
    options.speed = 1;
    options.boot_id.clear();
    CHECK(SimulatedDriver::open(options).error().code == ErrorCode::invalid_argument);
    options.boot_id = "boot-a";
    std::ofstream{directory / "file"} << "x";
    options.directory = directory / "file";
    CHECK(SimulatedDriver::open(options).error().code == ErrorCode::storage);
}

// 100 mm at 600 mm/min and back.
const std::string laser_code =
    "G21\nG90\nG94\nG17\nM4 S0\nG0 X0 Y0\nG1 X100 F600 S500\nG1 X0\nM5\nM2\n";

TEST_CASE_METHOD(Bench, "a laser runs its own dialect in virtual time, and no other", "[drivers]") {
    cutter = CutterCode{};
    restart_agent();
    CHECK(driver->identify()->firmware == "simulated GRBL 1.1");
    REQUIRE(driver->upload("a.nc", bytes_of(laser_code)));
    REQUIRE(start("a.nc", laser_code).kind == Kind::started);
    clock += 5s;
    CHECK(driver->read().condition == MachineCondition::running);
    CHECK(driver->read().detail.find("cutting (line 7)") != std::string::npos);
    CHECK(driver->read().progress == Approx(0.25).margin(0.02));
    clock += 16s;
    CHECK(driver->read().condition == MachineCondition::idle);
    REQUIRE(driver->upload("b.nc", bytes_of(part_code)));
    const StartOutcome refused = start("b.nc", part_code);
    CHECK(refused.kind != Kind::started);
}

}  // namespace
}  // namespace nearfab::agent
