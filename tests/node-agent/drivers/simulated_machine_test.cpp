// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/simulated_machine.hpp"

#include <catch2/catch.hpp>

namespace nearfab::agent {
namespace {

SimulatedNow at(std::int64_t boot_ms, std::string boot_id = "boot-a") {
    return {boot_ms, std::move(boot_id)};
}

// 100 s of machine time, begun at 1000 ms at real speed.
SimulatedMemory running(double speed = 1) {
    return started({}, "part.gcode", 100'000, speed, at(1000));
}

MachineReading reading_at(const SimulatedMemory& memory, const SimulatedNow& now) {
    return reading_of(settled(memory, now), now);
}

SimulatedMemory ordered(const SimulatedMemory& memory,
                        std::string_view order,
                        const SimulatedNow& now) {
    return settled(after_order(settled(memory, now), order, now), now);
}

TEST_CASE("a machine that remembers nothing is idle") {
    const MachineReading reading = reading_at({}, at(5));
    CHECK(reading.condition == MachineCondition::idle);
    CHECK(reading.remembers);
    CHECK_FALSE(reading.last_run);
    CHECK(may_start({}));
}

TEST_CASE("a run goes on with the clock alone") {
    const MachineReading half = reading_at(running(), at(51'000));
    CHECK(half.condition == MachineCondition::running);
    CHECK(half.file == "part.gcode");
    CHECK(half.progress == Approx(0.5));
    CHECK(half.remaining_s == 50);
    const MachineReading over = reading_at(running(), at(101'000));
    CHECK(over.condition == MachineCondition::idle);
    CHECK(over.file.empty());
    CHECK(over.last_run == LastRun{"part.gcode", RunOutcome::completed, "completed"});
}

TEST_CASE("the speed factor shortens the run, not the machine time") {
    CHECK(reading_at(running(100), at(1500)).progress == Approx(0.5));
    CHECK(reading_at(running(100), at(2000)).condition == MachineCondition::idle);
    CHECK(reading_at(running(10), at(1000)).remaining_s == 10);
}

TEST_CASE("a paused machine stands still for as long as it likes") {
    const auto stopped = paused(settled(running(), at(31'000)), at(31'000));
    REQUIRE(stopped);
    const MachineReading later = reading_at(*stopped, at(9'000'000));
    CHECK(later.condition == MachineCondition::paused);
    CHECK(later.progress == Approx(0.3));
    const auto again = resumed(settled(*stopped, at(9'000'000)), at(9'000'000));
    REQUIRE(again);
    CHECK(reading_at(*again, at(9'020'000)).progress == Approx(0.5));
    CHECK(reading_at(*again, at(9'070'000)).condition == MachineCondition::idle);
    CHECK_FALSE(paused(*stopped, at(31'000)));
    CHECK_FALSE(resumed(*again, at(9'000'001)));
}

TEST_CASE("commands to a machine that runs nothing are conflicts") {
    CHECK(paused({}, at(1)).error().code == ErrorCode::conflict);
    CHECK(resumed({}, at(1)).error().code == ErrorCode::conflict);
    CHECK(cancelled({}, at(1)).error().code == ErrorCode::conflict);
    CHECK(may_start(running()).error().code == ErrorCode::conflict);
}

TEST_CASE("a cancelled run is remembered as aborted") {
    const auto stopped = cancelled(settled(running(), at(38'500)), at(38'500));
    REQUIRE(stopped);
    CHECK(stopped->last_run == LastRun{"part.gcode", RunOutcome::aborted, "cancelled at 37 %"});
    CHECK(may_start(*stopped));
}

TEST_CASE("another boot means the power was lost where it was last seen") {
    const SimulatedMemory seen = settled(running(), at(38'900));
    const MachineReading reading = reading_at(seen, at(10, "boot-b"));
    CHECK(reading.condition == MachineCondition::fault);
    CHECK(reading.detail == "power was lost at 37 % of part.gcode");
    CHECK(reading.last_run == LastRun{"part.gcode", RunOutcome::failed, "power was lost at 37 %"});
    const SimulatedMemory back = ordered(seen, "power-on", at(20, "boot-b"));
    CHECK(reading_at(back, at(20, "boot-b")).condition == MachineCondition::idle);
    CHECK(back.last_run->outcome == RunOutcome::failed);
}

TEST_CASE("another boot does not touch a machine that was idle") {
    CHECK(reading_at({}, at(10, "boot-b")).condition == MachineCondition::idle);
}

TEST_CASE("a power cut loses the run until power-on") {
    SimulatedMemory memory = ordered(running(), "power-cut", at(38'000));
    CHECK(reading_at(memory, at(38'000)).condition == MachineCondition::fault);
    CHECK(reading_at(memory, at(38'000)).last_run ==
          LastRun{"part.gcode", RunOutcome::failed, "power was lost at 37 %"});
    CHECK(reading_at(memory, at(38'000)).detail == "power was lost at 37 % of part.gcode");
    CHECK_FALSE(may_start(memory));
    memory = ordered(memory, "clear-fault", at(39'000));
    CHECK(memory.fault);
    CHECK(memory.complaint.find("power-on comes first") != std::string::npos);
    memory = ordered(memory, "power-on", at(40'000));
    CHECK(may_start(memory));
    const SimulatedMemory idle = ordered({}, "power-cut", at(1));
    CHECK(reading_at(idle, at(1)).detail == "power was lost");
}

TEST_CASE("fail ends the run with a fault that someone has to clear") {
    SimulatedMemory memory = ordered(running(), "fail thermal runaway", at(11'000));
    const MachineReading reading = reading_at(memory, at(12'000));
    CHECK(reading.condition == MachineCondition::fault);
    CHECK(reading.detail == "thermal runaway");
    CHECK(reading.last_run == LastRun{"part.gcode", RunOutcome::failed, "thermal runaway"});
    memory = ordered(memory, "clear-fault", at(13'000));
    CHECK(may_start(memory));
    CHECK_FALSE(may_start(ordered({}, "fail door open", at(1))));
}

TEST_CASE("fail-at waits for its moment, also for a run that has not begun") {
    const SimulatedMemory planned = ordered({}, "fail-at 40 nozzle clogged", at(1));
    CHECK(may_start(planned));
    const SimulatedMemory run = started(planned, "part.gcode", 100'000, 1, at(1000));
    CHECK(reading_at(run, at(40'900)).condition == MachineCondition::running);
    // Nobody looked for a long time: it failed all the same, it did not finish.
    const MachineReading late = reading_at(run, at(999'000));
    CHECK(late.condition == MachineCondition::fault);
    CHECK(late.last_run->detail == "nozzle clogged");
    for (const char* bad :
         {"fail-at x y", "fail-at 101 y", "fail-at 40", "fail-at", "fail-at -1 y"}) {
        CHECK_FALSE(ordered({}, bad, at(1)).complaint.empty());
    }
}

TEST_CASE("someone starts a job of their own") {
    SimulatedMemory memory = ordered({}, "by-hand vase.gcode", at(1000));
    const MachineReading reading = reading_at(memory, at(9'000'000));
    CHECK(reading.condition == MachineCondition::running);
    CHECK(reading.file == "vase.gcode");
    CHECK(reading.detail == "started by hand");
    CHECK_FALSE(may_start(memory));
    memory = ordered(memory, "by-hand-end", at(9'000'001));
    CHECK(memory.last_run == LastRun{"vase.gcode", RunOutcome::completed, "ended by hand"});
    CHECK_FALSE(ordered(running(), "by-hand vase.gcode", at(2000)).complaint.empty());
    CHECK_FALSE(ordered(running(), "by-hand-end", at(2000)).complaint.empty());
}

TEST_CASE("every run is counted, whoever began it, until the power is lost") {
    const auto count = [](const SimulatedMemory& memory, std::int64_t ms) {
        return reading_at(memory, at(ms)).history.value();
    };
    SimulatedMemory memory = running();
    const std::string boot = count(memory, 2000).boot;
    CHECK(count(memory, 2000).runs == 1);
    CHECK(count(memory, 200'000).runs == 1);
    memory = ordered(memory, "by-hand vase.gcode", at(200'000));
    memory = ordered(memory, "by-hand-end", at(200'001));
    memory = ordered(memory, "by-hand vase.gcode", at(200'002));
    CHECK(count(memory, 200'003) == RunHistory{boot, 3});
    memory = ordered(memory, "power-cut", at(200'004));
    memory = ordered(memory, "power-on", at(200'005));
    CHECK(count(memory, 200'006).runs == 0);
    CHECK(count(memory, 200'006).boot != boot);
}

TEST_CASE("an offline machine tells nothing, and goes on") {
    const SimulatedMemory away = ordered(running(), "offline", at(2000));
    const MachineReading reading = reading_at(away, at(3000));
    CHECK(reading.condition == MachineCondition::unreachable);
    CHECK(reading.file.empty());
    CHECK_FALSE(reading.last_run);
    const SimulatedMemory back = ordered(away, "online", at(51'000));
    CHECK(reading_at(back, at(51'000)).progress == Approx(0.5));
}

TEST_CASE("an order that is none is reported, and changes nothing else") {
    for (const char* order : {"explode", "power-cut now", "fail", "refuse-start", "by-hand"}) {
        SimulatedMemory memory = ordered(running(), order, at(2000));
        CHECK(reading_at(memory, at(2000)).detail.find(order) != std::string::npos);
        memory.complaint.clear();
        CHECK(memory == settled(running(), at(2000)));
    }
}

TEST_CASE("the same memory and moment always give the same reading") {
    for (std::int64_t t = 0; t < 120'000; t += 777) {
        // Looking often or once makes no difference.
        SimulatedMemory often = running();
        for (std::int64_t u = 1000; u <= t; u += 5000) {
            often = settled(often, at(u));
        }
        CHECK(reading_at(often, at(t)) == reading_at(running(), at(t)));
    }
}

}  // namespace
}  // namespace nearfab::agent
