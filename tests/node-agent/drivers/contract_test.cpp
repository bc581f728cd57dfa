// SPDX-License-Identifier: GPL-3.0-or-later
// What every driver owes the agent, whatever machine it drives: the same cases for all of them,
// against the fakes always and against a real machine when the environment names one.

#include "tests/node-agent/drivers/contract.hpp"

#include "tests/node-agent/drivers/fakes/text_bytes.hpp"
#include "tests/node-agent/drivers/rigs.hpp"

#include <catch2/catch.hpp>

namespace nearfab::agent {
namespace {

using contract::run_something;
using contract::start;
using contract::start_blindly;
using contract::wait_for;
using Kind = StartOutcome::Kind;
using Run = DriverTraits::Run;

#define NEARFAB_CONTRACT(name) TEMPLATE_TEST_CASE("contract: " name, "[drivers]", NEARFAB_ALL_RIGS)

// A case that does not apply says so by ending here.
#define NEARFAB_NEEDS(condition)   \
    if (!(condition)) {            \
        SUCCEED("does not apply"); \
        return;                    \
    }

NEARFAB_CONTRACT("it says what it is") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    const auto driver = rig.connect();
    const auto identity = driver->identify();
    INFO((identity ? "" : identity.error().message));
    REQUIRE(identity);
    CHECK_FALSE(identity->kind.empty());
    if (identity->envelope_mm) {
        for (const double size : *identity->envelope_mm)
            CHECK(size > 0);
    }
    CHECK(wait_for(rig, *driver, MachineCondition::idle).file.empty());
}

NEARFAB_CONTRACT("a wrong key is named as such") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    const auto driver = rig.connect_with_wrong_key();
    NEARFAB_NEEDS(driver != nullptr);
    const auto identity = driver->identify();
    REQUIRE_FALSE(identity);
    CHECK(identity.error().code == ErrorCode::unauthorised);
    CHECK_FALSE(identity.error().next.empty());
    const std::string program = rig.program();
    CHECK_FALSE(driver->upload(rig.fresh_name(), text_bytes(program)));
    CHECK(start_blindly(*driver, "nf-x.gcode", program).kind == Kind::driver_failed);
}

NEARFAB_CONTRACT("an upload is checked and starts nothing") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    auto driver = rig.connect();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    const std::string name = rig.fresh_name();
    const std::string program = rig.program();
    const auto before = driver->stored_hash(name);
    CHECK_FALSE(before);
    const Status uploaded = driver->upload(name, text_bytes(program));
    INFO((uploaded ? "" : uploaded.error().message));
    REQUIRE(uploaded);
    const auto hash = driver->stored_hash(name);
    REQUIRE(hash);
    CHECK(*hash == nearfab::hash_of(program));
    CHECK(driver->upload(name, text_bytes(program)));  // The same once more.
    const std::string other = program + "; other\n";
    const Status refused = driver->upload(name, text_bytes(other));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::conflict);
    CHECK(*driver->stored_hash(name) == nearfab::hash_of(program));
    CHECK(driver->read().condition == MachineCondition::idle);
    driver.reset();
    driver = rig.connect();
    CHECK(run_of(wait_for(rig, *driver, MachineCondition::idle), name) == nullptr);
}

NEARFAB_CONTRACT("a file that is not there is not started") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    const auto driver = rig.connect();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    const std::string name = rig.fresh_name();
    CHECK(start(*driver, name, rig.program()).kind == Kind::refused);
    const StartOutcome outcome = start_blindly(*driver, name, rig.program());
    INFO(outcome.reason);
    CHECK(outcome.kind == Kind::driver_failed);
    (void)wait_for(rig, *driver, MachineCondition::idle);
}

NEARFAB_CONTRACT("a run is seen, and its end") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    rig.finish();
    const MachineReading reading = wait_for(rig, *driver, name, Evidence::completed);
    CHECK(reading.condition != MachineCondition::fault);
    CHECK(wait_for(rig, *driver, MachineCondition::idle).file.empty());
}

NEARFAB_CONTRACT("while it runs, nothing else is started") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    const std::string other = rig.fresh_name();
    const std::string program = rig.program() + "; other\n";
    if (driver->traits().run != Run::fed_by_us) (void)driver->upload(other, text_bytes(program));
    CHECK(start(*driver, other, program).kind == Kind::refused);
    const StartOutcome outcome = start_blindly(*driver, other, program);
    INFO(outcome.reason);
    CHECK(outcome.kind == Kind::driver_failed);
    const MachineReading reading = driver->read();
    CHECK(reading.condition == MachineCondition::running);
    CHECK(reading.file == name);
    rig.finish();
    (void)wait_for(rig, *driver, name, Evidence::completed);
}

NEARFAB_CONTRACT("it pauses and resumes, and a paused run is never thrown away by a start") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    const auto driver = rig.connect();
    NEARFAB_NEEDS(driver->traits().can_pause);
    const std::string other = rig.fresh_name();
    const std::string program = rig.program() + "; other\n";
    (void)wait_for(rig, *driver, MachineCondition::idle);
    REQUIRE(driver->upload(other, text_bytes(program)));
    const std::string name = run_something(rig, *driver);
    const Status paused = driver->pause();
    INFO((paused ? "" : paused.error().message));
    REQUIRE(paused);
    CHECK(wait_for(rig, *driver, MachineCondition::paused).file == name);
    CHECK(start(*driver, other, program).kind == Kind::refused);
    CHECK(start_blindly(*driver, other, program).kind == Kind::driver_failed);
    const MachineReading still = driver->read();
    CHECK(still.condition == MachineCondition::paused);
    CHECK(still.file == name);
    const Status resumed = driver->resume();
    INFO((resumed ? "" : resumed.error().message));
    REQUIRE(resumed);
    CHECK(wait_for(rig, *driver, MachineCondition::running).file == name);
    rig.finish();
    (void)wait_for(rig, *driver, name, Evidence::completed);
}

NEARFAB_CONTRACT("a cancelled run ends and does not count as made") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    auto driver = rig.connect();
    NEARFAB_NEEDS(driver->traits().can_cancel);
    const std::string name = run_something(rig, *driver);
    const Status cancelled = driver->cancel();
    INFO((cancelled ? "" : cancelled.error().message));
    REQUIRE(cancelled);
    const MachineReading reading = driver->read();
    CHECK(evidence_of(reading, name) != Evidence::completed);
    CHECK(evidence_of(reading, name) != Evidence::runs);
    if (driver->traits().remembers) (void)wait_for(rig, *driver, name, Evidence::stopped);
}

NEARFAB_CONTRACT("what ends while nobody looks is known afterwards, or nothing is claimed") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    auto driver = rig.connect();
    const DriverTraits traits = driver->traits();
    const std::string name = run_something(rig, *driver);
    driver.reset();
    rig.finish();
    rig.forget();
    driver = rig.connect();
    if (traits.run != Run::fed_by_us && traits.remembers) {
        (void)wait_for(rig, *driver, name, Evidence::completed);
    } else {
        const MachineReading reading =
            contract::wait_until(rig, *driver, "no run", [](const MachineReading& r) {
                return r.condition != MachineCondition::running &&
                       r.condition != MachineCondition::unreachable;
            });
        CHECK(evidence_of(reading, name) != Evidence::completed);
        CHECK(evidence_of(reading, name) != Evidence::absent);
    }
}

NEARFAB_CONTRACT("a running machine is found again after a restart") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    auto driver = rig.connect();
    NEARFAB_NEEDS(driver->traits().run != Run::fed_by_us);
    const std::string name = run_something(rig, *driver);
    driver.reset();
    driver = rig.connect();
    CHECK(wait_for(rig, *driver, MachineCondition::running).file == name);
    rig.finish();
    (void)wait_for(rig, *driver, name, Evidence::completed);
}

NEARFAB_CONTRACT("a fault is told in the machine's words and takes no start") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    const std::string other = rig.fresh_name();
    if (!rig.break_down()) {
        rig.finish();
        (void)wait_for(rig, *driver, name, Evidence::completed);
        return;
    }
    const MachineReading reading = wait_for(rig, *driver, MachineCondition::fault);
    CHECK_FALSE(reading.detail.empty());
    CHECK(evidence_of(reading, name) != Evidence::completed);
    CHECK(start_blindly(*driver, other, rig.program()).kind == Kind::driver_failed);
    rig.repair();
    CHECK(wait_for(rig, *driver, MachineCondition::idle).file.empty());
    CHECK(evidence_of(driver->read(), name) != Evidence::completed);
}

NEARFAB_CONTRACT("a lost link is no answer, and the machine is found again") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    const auto driver = rig.connect();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    NEARFAB_NEEDS(rig.cut_link());
    const MachineReading reading = wait_for(rig, *driver, MachineCondition::unreachable);
    CHECK_FALSE(reading.detail.empty());
    CHECK(reading.file.empty());
    const std::string name = rig.fresh_name();
    const Status uploaded = driver->upload(name, text_bytes(rig.program()));
    if (driver->traits().run == Run::own_storage) CHECK_FALSE(uploaded);
    const StartOutcome outcome = start_blindly(*driver, name, rig.program());
    CHECK(outcome.kind == Kind::driver_failed);
    rig.mend_link();
    CHECK(wait_for(rig, *driver, MachineCondition::idle).file.empty());
    const std::string later = run_something(rig, *driver);
    rig.finish();
    (void)wait_for(rig, *driver, later, Evidence::completed);
}

NEARFAB_CONTRACT("a link lost during a run proves nothing of the run") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    if (!rig.cut_link()) {
        rig.finish();
        (void)wait_for(rig, *driver, name, Evidence::completed);
        return;
    }
    const MachineReading reading = wait_for(rig, *driver, MachineCondition::unreachable);
    CHECK(evidence_of(reading, name) == Evidence::nothing);
    rig.mend_link();
    if (driver->traits().run == Run::own_storage) {
        CHECK(wait_for(rig, *driver, MachineCondition::running).file == name);
        rig.finish();
        (void)wait_for(rig, *driver, name, Evidence::completed);
    } else {
        const MachineReading after =
            contract::wait_until(rig, *driver, "an answer", [](const MachineReading& r) {
                return r.condition != MachineCondition::unreachable;
            });
        CHECK(evidence_of(after, name) != Evidence::completed);
    }
}

NEARFAB_CONTRACT("a job of the fab itself is told from ours and left alone") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    const auto driver = rig.connect();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    const std::string name = rig.fresh_name();
    const std::string program = rig.program();
    REQUIRE(driver->upload(name, text_bytes(program)));
    NEARFAB_NEEDS(rig.start_foreign());
    const MachineReading reading =
        contract::wait_until(rig, *driver, "a foreign run", [](const MachineReading& r) {
            return r.condition == MachineCondition::running ||
                   r.condition == MachineCondition::busy;
        });
    CHECK(reading.file != name);
    CHECK(start(*driver, name, program).kind == Kind::refused);
    CHECK(start_blindly(*driver, name, program).kind == Kind::driver_failed);
    rig.finish();
    const MachineReading after = wait_for(rig, *driver, MachineCondition::idle);
    CHECK(run_of(after, name) == nullptr);
}

NEARFAB_CONTRACT("commands without a run are refused") {
    TestType rig;
    NEARFAB_NEEDS(rig.is_there());
    const auto driver = rig.connect();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    for (const Status& status : {driver->pause(), driver->resume(), driver->cancel()}) {
        REQUIRE_FALSE(status);
        CHECK((status.error().code == ErrorCode::conflict ||
               status.error().code == ErrorCode::unsupported));
        CHECK_FALSE(status.error().message.empty());
    }
    CHECK(driver->read().condition == MachineCondition::idle);
}

}  // namespace
}  // namespace nearfab::agent
