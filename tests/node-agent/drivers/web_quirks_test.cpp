// SPDX-License-Identifier: GPL-3.0-or-later
// The habits of OctoPrint, Moonraker and PrusaLink that the contract cannot know of.

#include "node-agent/drivers/json_answer.hpp"
#include "node-agent/drivers/moonraker_driver.hpp"
#include "node-agent/drivers/octoprint_driver.hpp"
#include "node-agent/drivers/prusalink_driver.hpp"
#include "tests/node-agent/drivers/contract.hpp"
#include "tests/node-agent/drivers/fakes/text_bytes.hpp"
#include "tests/node-agent/drivers/rigs.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace nearfab::agent {
namespace {

using contract::run_something;
using contract::start;
using contract::start_blindly;
using contract::wait_for;
using fakes::FakeAnswer;
using Kind = StartOutcome::Kind;
using Ugliness = FakeAnswer::Ugliness;

FakeAnswer ugly(Ugliness ugliness) {
    FakeAnswer answer;
    answer.body = R"({"done":true})";
    answer.ugliness = ugliness;
    return answer;
}

bool asked(const fakes::FakeHttpServer& server, const std::string& part) {
    const auto all = server.asked();
    return std::any_of(all.begin(), all.end(), [&](const std::string& question) {
        return question.find(part) != std::string::npos;
    });
}

TEST_CASE("a start whose answer is lost is seen all the same", "[drivers]") {
    FakeOctoprintRig rig;
    const auto driver = rig.connect();
    const std::string name = rig.fresh_name();
    REQUIRE(driver->upload(name, text_bytes(rig.program())));
    const auto ugliness = GENERATE(Ugliness::hang_up, Ugliness::half, Ugliness::noise);
    rig.fake.answer_once("POST /api/files/local/nearfab/" + name, ugly(ugliness), true);
    CHECK(start(*driver, name, rig.program()).kind == Kind::started);
    CHECK(driver->read().file == name);
}

TEST_CASE("a start that was lost on its way leaves a doubt, not a no", "[drivers]") {
    FakeMoonrakerRig rig;
    MoonrakerOptions options{rig.fake.server.url(), fakes::FakeMoonraker::key};
    options.confirm_poll = Duration{1};
    options.confirm_limit = Duration{30};
    options.ready_rest = Duration{0};
    const auto driver = std::move(*MoonrakerDriver::open(options));
    const std::string name = rig.fresh_name();
    REQUIRE(driver->upload(name, text_bytes(rig.program())));
    rig.fake.answer_once("POST /printer/print/start", ugly(Ugliness::hang_up), false);
    CHECK(start(*driver, name, rig.program()).kind == Kind::unknown);
    rig.fake.answer_once("POST /printer/print/start", {500, "{}"}, false);
    CHECK(start(*driver, name, rig.program()).kind == Kind::unknown);
}

TEST_CASE("half an answer to a look is no answer", "[drivers]") {
    FakePrusalinkRig rig;
    const auto driver = rig.connect();
    const auto ugliness = GENERATE(Ugliness::hang_up, Ugliness::half, Ugliness::noise);
    rig.fake.answer_once("GET /api/v1/status", ugly(ugliness), false);
    CHECK(driver->read().condition == MachineCondition::unreachable);
    (void)wait_for(rig, *driver, MachineCondition::idle);
}

TEST_CASE("a dead host is asked less and less often", "[drivers]") {
    FakeOctoprintRig rig;
    OctoprintOptions options{rig.fake.server.url(), fakes::FakeOctoprint::key};
    options.confirm_poll = std::chrono::minutes{10};  // So that the pause does not end here.
    const auto driver = std::move(*OctoprintDriver::open(options));
    rig.fake.answer_once("GET /api/job", ugly(Ugliness::hang_up), false);
    REQUIRE(driver->read().condition == MachineCondition::unreachable);
    const std::size_t questions = rig.fake.server.asked().size();
    for (int i = 0; i < 100; ++i)
        CHECK(driver->read().condition == MachineCondition::unreachable);
    CHECK(rig.fake.server.asked().size() == questions);
}

TEST_CASE("OctoPrint: a serial line that is out is no fault", "[drivers]") {
    FakeOctoprintRig rig;
    const auto driver = rig.connect();
    rig.fake.unplug_printer();
    const MachineReading reading = driver->read();
    CHECK(reading.condition == MachineCondition::unreachable);
    CHECK(reading.detail.find("no connection to the printer") != std::string::npos);
    CHECK(start_blindly(*driver, "nf-x.gcode", "G28\n").kind == Kind::driver_failed);
    CHECK_FALSE(asked(rig.fake.server, "/api/printer "));  // It says 409 then, which means nothing.
}

TEST_CASE("OctoPrint: disconnect, which kills a print, is never sent", "[drivers]") {
    FakeOctoprintRig rig;
    auto driver = rig.connect();
    (void)run_something(rig, *driver);
    REQUIRE(driver->cancel());
    rig.fake.unplug_printer();
    (void)driver->read();
    driver.reset();
    CHECK_FALSE(asked(rig.fake.server, "POST /api/connection"));
}

TEST_CASE("OctoPrint: what a crash of OctoPrint ended is not claimed", "[drivers]") {
    FakeOctoprintRig rig;
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    rig.fake.crash();
    const MachineReading reading = wait_for(rig, *driver, MachineCondition::idle);
    CHECK(evidence_of(reading, name) == Evidence::absent);  // And it keeps no count: in doubt.
    CHECK_FALSE(reading.history);
}

TEST_CASE("OctoPrint: a print that a plugin starts after an upload is noticed", "[drivers]") {
    FakeOctoprintRig rig;
    const auto driver = rig.connect();
    rig.fake.answer_once(
        "POST /api/files/local", {201, R"({"done":true,"effectivePrint":true,"files":{}})"}, true);
    // The first such question makes the folder.
    REQUIRE(driver->upload("nf-a.gcode", text_bytes("G28\n")));
    rig.fake.answer_once(
        "POST /api/files/local", {201, R"({"done":true,"effectivePrint":true,"files":{}})"}, true);
    const Status uploaded = driver->upload("nf-b.gcode", text_bytes("G28\n"));
    REQUIRE_FALSE(uploaded);
    CHECK(uploaded.error().code == ErrorCode::conflict);
}

TEST_CASE("a file that has run is never run again under its name", "[drivers]") {
    FakeOctoprintRig octoprint;
    FakeMoonrakerRig moonraker;
    FakePrusaFirmwareRig prusalink;
    HandOffRig hand_off;
    for (MachineRig* rig :
         std::initializer_list<MachineRig*>{&octoprint, &moonraker, &prusalink, &hand_off}) {
        const auto driver = rig->connect();
        const std::string name = run_something(*rig, *driver);
        rig->finish();
        (void)wait_for(*rig, *driver, name, Evidence::completed);
        rig->forget();
        (void)wait_for(*rig, *driver, MachineCondition::idle);
        CHECK(start_blindly(*driver, name, rig->program()).kind == Kind::driver_failed);
        CHECK(driver->read().condition == MachineCondition::idle);
    }
}

TEST_CASE("OctoPrint: a renamed upload is refused, changed bytes are found", "[drivers]") {
    FakeOctoprintRig rig;
    const auto driver = rig.connect();
    REQUIRE(driver->upload("nf-a.gcode", text_bytes("G28\n")));
    rig.fake.corrupt("nearfab/nf-a.gcode");
    const auto hash = driver->stored_hash("nf-a.gcode");
    REQUIRE(hash);
    CHECK_FALSE(*hash == nearfab::hash_of("G28\n"));
    CHECK(start(*driver, "nf-a.gcode", "G28\n").kind == Kind::refused);
    rig.fake.rename_uploads("nf_b.gcode");
    CHECK_FALSE(driver->upload("nf-b.gcode", text_bytes("G28\n")));
}

TEST_CASE("Moonraker: a start by our driver never throws a paused job away", "[drivers]") {
    FakeMoonrakerRig rig;
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    REQUIRE(driver->pause());
    CHECK(start_blindly(*driver, rig.fresh_name(), rig.program()).kind == Kind::driver_failed);
    CHECK(rig.fake.abandoned() == 0);
    CHECK(rig.fake.loaded() == "nearfab/" + name + " paused");
}

TEST_CASE("Moonraker: a job that it gave up while Klipper went on is completed", "[drivers]") {
    FakeMoonrakerRig rig;
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    rig.fake.crash();
    CHECK(driver->read().file == name);
    rig.finish();
    (void)wait_for(rig, *driver, name, Evidence::completed);
}

TEST_CASE("Moonraker: a macro keeps the printer busy, and without Klipper it is away",
          "[drivers]") {
    FakeMoonrakerRig rig;
    const auto driver = rig.connect();
    rig.fake.run_macro(true);
    CHECK(driver->read().condition == MachineCondition::busy);
    rig.fake.run_macro(false);
    CHECK(driver->read().condition == MachineCondition::idle);
    rig.fake.stop_klipper(true);
    CHECK(driver->read().condition == MachineCondition::unreachable);
    rig.fake.stop_klipper(false);
    (void)wait_for(rig, *driver, MachineCondition::idle);
}

TEST_CASE("Moonraker: without its history it remembers only what Klipper shows", "[drivers]") {
    FakeMoonrakerRig rig;
    rig.fake.drop_history();
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    rig.finish();
    const MachineReading reading = wait_for(rig, *driver, name, Evidence::completed);
    CHECK_FALSE(reading.remembers);
}

TEST_CASE("PrusaLink: the end of a print counts while it is shown", "[drivers]") {
    FakePrusaFirmwareRig rig;
    auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    driver.reset();
    rig.finish();
    driver = rig.connect();
    CHECK(evidence_of(driver->read(), name) == Evidence::completed);
    rig.forget();
    CHECK(evidence_of(driver->read(), name) == Evidence::completed);  // Seen is seen.
    CHECK(driver->traits().look_at_least_every == std::chrono::seconds{5});
}

TEST_CASE("PrusaLink: what was uploaded before a restart is uploaded again", "[drivers]") {
    FakePrusaFirmwareRig rig;
    auto driver = rig.connect();
    const std::string name = rig.fresh_name();
    REQUIRE(driver->upload(name, text_bytes(rig.program())));
    driver.reset();
    driver = rig.connect();
    // The firmware gives no file back, and this driver never saw its bytes.
    CHECK(start(*driver, name, rig.program()).kind == Kind::refused);
    const Status uploaded = driver->upload(name, text_bytes(rig.program()));
    INFO((uploaded ? "" : uploaded.error().message));
    REQUIRE(uploaded);
    const Status other = driver->upload(name, text_bytes("G28\n"));
    REQUIRE_FALSE(other);
    CHECK(other.error().code == ErrorCode::conflict);
    CHECK(start(*driver, name, rig.program()).kind == Kind::started);
}

TEST_CASE("PrusaLink: a pulled cable is no fault, a call for help is a pause", "[drivers]") {
    FakePrusalinkRig rig;
    const auto driver = rig.connect();
    rig.fake.unplug_printer(true);
    CHECK(driver->read().condition == MachineCondition::unreachable);
    rig.fake.unplug_printer(false);
    const std::string name = run_something(rig, *driver);
    rig.fake.call_for_attention();
    const MachineReading reading = driver->read();
    CHECK(reading.condition == MachineCondition::paused);
    CHECK(reading.file == name);
}

TEST_CASE("PrusaLink: user and password go as a digest, never in the clear", "[drivers]") {
    fakes::FakePrusalink fake;
    fake.want_digest(true);
    PrusalinkOptions options;
    options.url = fake.server.url();
    options.user = "maker";
    options.password = "secret";
    options.confirm_poll = Duration{2};
    const auto driver = std::move(*PrusalinkDriver::open(options));
    const auto identity = driver->identify();
    INFO((identity ? "" : identity.error().message));
    REQUIRE(identity);
    const std::string program(300'000, 'G');
    const Status uploaded = driver->upload("nf-a.gcode", text_bytes(program));
    INFO((uploaded ? "" : uploaded.error().message));
    CHECK(uploaded);
    CHECK(fake.digest_answers() >= 4);
}

TEST_CASE("PrusaLink: a resin printer says what it is, and takes layers only", "[drivers]") {
    FakePrusaResinRig rig;
    const auto driver = rig.connect();
    const auto identity = driver->identify();
    INFO((identity ? "" : identity.error().message));
    REQUIRE(identity);
    CHECK(identity->firmware.starts_with("Prusa SLA SL1"));
    CHECK(driver->upload("nf-a.sl1", text_bytes("layers")));
    CHECK_FALSE(driver->upload("nf-a.gcode", text_bytes("G28\n")));
}

TEST_CASE("PrusaLink: a full card is said to be full", "[drivers]") {
    FakePrusalinkRig rig;
    rig.fake.fill_storage();
    const auto driver = rig.connect();
    const Status uploaded = driver->upload("nf-a.gcode", text_bytes("G28\n"));
    REQUIRE_FALSE(uploaded);
    CHECK(uploaded.error().next.find("free space") != std::string::npos);
}

TEST_CASE("one kind of server is not taken for another", "[drivers]") {
    fakes::FakePrusalink prusalink;
    fakes::FakeOctoprint octoprint;
    const auto wrong = std::move(*PrusalinkDriver::open(
        {octoprint.server.url(), fakes::FakeOctoprint::key, "", "", std::nullopt}));
    const auto identity = wrong->identify();
    REQUIRE_FALSE(identity);
    CHECK(identity.error().code == ErrorCode::unsupported);
    const auto other = std::move(*MoonrakerDriver::open({octoprint.server.url(), ""}));
    CHECK_FALSE(other->identify());
    CHECK(other->read().condition == MachineCondition::unreachable);
}

TEST_CASE("a machine cannot make us walk into JSON without end", "[drivers]") {
    const auto nested = [](std::size_t levels) {
        return HttpAnswer{200, "", "", std::string(levels, '[') + "1" + std::string(levels, ']')};
    };
    CHECK(json_of(nested(64), "/x"));
    const auto deep = json_of(nested(1'000'000), "/x");
    REQUIRE_FALSE(deep);
    CHECK(deep.error().code == ErrorCode::malformed);
    // Brackets in texts are no levels.
    CHECK(json_of({200, "", "", "{\"a\":\"" + std::string(1000, '[') + "\\\"[\"}"}, "/x"));
    const auto odd = json_of({200, "", "", R"({"size":[1],"left":-1e300,"name":7})"}, "/x");
    REQUIRE(odd);
    CHECK(value_text(*odd, {"size"}).empty());
    CHECK(value_text(*odd, {"name"}) == "7");
    CHECK(whole_seconds(*number_at(*odd, {"left"})) == 0);
    CHECK(whole_seconds(1e300) == 1'000'000'000);
}

}  // namespace
}  // namespace nearfab::agent
