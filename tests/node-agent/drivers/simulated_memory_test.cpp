// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/simulated_memory.hpp"

#include <catch2/catch.hpp>

namespace nearfab::agent {
namespace {

TEST_CASE("a memory is the same after it was written and read") {
    SimulatedMemory memory;
    CHECK(memory_from_json(to_json(memory)).value() == memory);
    memory.run = SimulatedRun{.file = "part.gcode",
                              .boot_id = "boot-a",
                              .started_ms = 5,
                              .length_ms = 7,
                              .speed = 0.1,
                              .by_hand = true,
                              .paused_since_ms = 9,
                              .paused_ms = 11,
                              .progress_seen = 0.37};
    memory.last_run = LastRun{"old.gcode", RunOutcome::aborted, "cancelled \"here\""};
    memory.fault = "MAXTEMP";
    memory.power_lost = true;
    memory.offline = true;
    memory.fail_at = PlannedFailure{0.5, "clogged"};
    memory.refuse_start = "not today";
    memory.hang_start = true;
    memory.order_files = 12;
    memory.complaint = "order \"x\"";
    memory.made = "boot-a-17";
    memory.boots = 2;
    memory.runs = 9;
    CHECK(memory_from_json(to_json(memory)).value() == memory);
}

TEST_CASE("a memory from before runs were counted has an unknown past") {
    std::string text = to_json(SimulatedMemory{});
    for (const std::string line : {R"(  "made": "",)", R"(  "boots": 0,)"}) {
        REQUIRE(text.find(line) != std::string::npos);
        text.erase(text.find(line), line.size());
    }
    const auto memory = memory_from_json(text);
    REQUIRE(memory);
    CHECK_FALSE(never_ran(*memory));
    CHECK_FALSE(memory->made.empty());
}

TEST_CASE("a text that is no memory is an error, never a blank machine") {
    const auto text =
        GENERATE(as<std::string>{}, "", "{", "[]", "{}", "null", R"({"run":null,"last_run":null})");
    CAPTURE(text);
    const auto memory = memory_from_json(text);
    REQUIRE_FALSE(memory);
    CHECK(memory.error().code == ErrorCode::invalid_file);
    CHECK_FALSE(memory.error().next.empty());
}

TEST_CASE("values that no machine writes are errors") {
    SimulatedMemory memory;
    memory.run.emplace();
    memory.run->speed = 0;
    CHECK_FALSE(memory_from_json(to_json(memory)));
    memory.run.reset();
    memory.last_run = LastRun{"x", static_cast<RunOutcome>(9), ""};
    CHECK_FALSE(memory_from_json(to_json(memory)));
}

TEST_CASE("words that are no UTF-8 do not stop the machine from remembering") {
    SimulatedMemory memory;
    memory.fault = "gr\xFCn";
    CHECK(memory_from_json(to_json(memory)));
}

}  // namespace
}  // namespace nearfab::agent
