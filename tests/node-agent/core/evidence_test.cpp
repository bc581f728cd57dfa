// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/evidence.hpp"

#include <catch2/catch.hpp>

namespace nearfab::agent {
namespace {

const std::string ours = "nf-w1-e1-00000000.gcode";

MachineReading reading(MachineCondition condition, const std::string& file = "") {
    MachineReading r;
    r.condition = condition;
    r.file = file;
    r.remembers = true;
    return r;
}

TEST_CASE("a machine that does not answer proves nothing", "[agent][evidence]") {
    MachineReading silent = reading(MachineCondition::unreachable, ours);
    silent.last_run = LastRun{ours, RunOutcome::completed, ""};
    CHECK(evidence_of(silent, ours) == Evidence::nothing);
}

TEST_CASE("our file running or paused is our run", "[agent][evidence]") {
    CHECK(evidence_of(reading(MachineCondition::running, ours), ours) == Evidence::runs);
    CHECK(evidence_of(reading(MachineCondition::paused, ours), ours) == Evidence::runs);
    CHECK(evidence_of(reading(MachineCondition::running, "x"), ours) == Evidence::absent);
}

TEST_CASE("the last run tells how ours ended", "[agent][evidence]") {
    MachineReading r = reading(MachineCondition::idle);
    r.last_run = LastRun{ours, RunOutcome::completed, ""};
    CHECK(evidence_of(r, ours) == Evidence::completed);
    r.last_run->outcome = RunOutcome::aborted;
    CHECK(evidence_of(r, ours) == Evidence::stopped);
    r.last_run->outcome = RunOutcome::failed;
    CHECK(evidence_of(r, ours) == Evidence::stopped);
    r.condition = MachineCondition::fault;
    CHECK(evidence_of(r, ours) == Evidence::faulted);
}

TEST_CASE("a part that was completed stays completed when a fault follows", "[agent][evidence]") {
    MachineReading r = reading(MachineCondition::fault);
    r.last_run = LastRun{ours, RunOutcome::completed, ""};
    CHECK(evidence_of(r, ours) == Evidence::completed);
}

TEST_CASE("a fault without a word on our file does not say how our run ended",
          "[agent][evidence]") {
    MachineReading r = reading(MachineCondition::fault);
    CHECK(evidence_of(r, ours) == Evidence::fault_only);
    r.last_run = LastRun{"benchy.gcode", RunOutcome::failed, ""};
    CHECK(evidence_of(r, ours) == Evidence::fault_only);
    r.remembers = false;
    CHECK(evidence_of(r, ours) == Evidence::fault_only);
}

TEST_CASE("only a machine that remembers can prove that it never ran a file", "[agent][evidence]") {
    MachineReading r = reading(MachineCondition::idle);
    CHECK(evidence_of(r, ours) == Evidence::absent);
    r.remembers = false;
    CHECK(evidence_of(r, ours) == Evidence::cannot_tell);
}

TEST_CASE("an earlier run tells of ours when the fab has run its own since", "[agent][evidence]") {
    MachineReading r = reading(MachineCondition::idle);
    r.last_run = LastRun{"benchy.gcode", RunOutcome::failed, ""};
    r.earlier_runs = {{"vase.gcode", RunOutcome::completed, ""},
                      {ours, RunOutcome::completed, "done"}};
    CHECK(evidence_of(r, ours) == Evidence::completed);
    CHECK(run_of(r, ours)->detail == "done");
    CHECK(run_of(r, "other.gcode") == nullptr);
    r.earlier_runs[1].outcome = RunOutcome::aborted;
    CHECK(evidence_of(r, ours) == Evidence::stopped);
}

TEST_CASE("a machine that is busy with no file says nothing yet", "[agent][evidence]") {
    MachineReading r = reading(MachineCondition::busy);
    CHECK(evidence_of(r, ours) == Evidence::nothing);
    r.remembers = false;
    CHECK(evidence_of(r, ours) == Evidence::nothing);
    r.last_run = LastRun{ours, RunOutcome::completed, ""};
    CHECK(evidence_of(r, ours) == Evidence::completed);
}

}  // namespace
}  // namespace nearfab::agent
