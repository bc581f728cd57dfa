// SPDX-License-Identifier: GPL-3.0-or-later
// What a driver of mills and lasers owes the person who stands there: it stops.

#include "node-agent/drivers/grbl/grbl_driver.hpp"

#include "node-agent/drivers/line_driver.hpp"
#include "tests/node-agent/drivers/contract.hpp"
#include "tests/node-agent/drivers/fakes/text_bytes.hpp"
#include "tests/node-agent/drivers/rigs.hpp"

#include <catch2/catch.hpp>

#include <csignal>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace nearfab::agent {
namespace {

using contract::run_something;
using contract::wait_for;
using contract::wait_until;
using Kind = StartOutcome::Kind;
using std::chrono::steady_clock;

void until(const std::string& what, const std::function<bool()>& so) {
    const auto give_up = steady_clock::now() + std::chrono::seconds{20};
    while (!so()) {
        INFO(what);
        REQUIRE(steady_clock::now() < give_up);
        std::this_thread::sleep_for(std::chrono::milliseconds{2});  // Between two looks.
    }
}

std::string why(const MachineReading& reading, const std::string& file) {
    const LastRun* run = run_of(reading, file);
    return run == nullptr ? std::string{} : run->detail;
}

// Through the gate, with a person confirmed for so long; nothing: as if the agent did not know that
// it drives a machine that needs one.
StartOutcome begin(MachineDriver& driver,
                   const std::string& program,
                   std::optional<Duration> presence) {
    REQUIRE(driver.upload("a.gcode", text_bytes(program)));
    const TimePoint now = SystemClock{}.read().boot;
    StartOrder order;
    order.work_order = WorkOrderId{"w"};
    order.epoch = order.highest_epoch_seen = 1;
    order.machine_file = "a.gcode";
    order.authorised_hash = nearfab::hash_of(program);
    order.right_expires = now + std::chrono::minutes{1};
    order.bed_confirmed_clear = true;
    order.attended_process = presence.has_value();
    if (presence) order.presence_until = now + *presence;
    return StartGate::open(
        order, driver, [] { return SystemClock{}.read(); }, [] { return false; });
}

TEST_CASE("it is started by nobody's word but that of a person there", "[drivers][grbl]") {
    FakeGrblRig rig;
    const auto driver = rig.connect();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    CHECK(begin(*driver, rig.program(), std::nullopt).kind == Kind::driver_failed);
    CHECK(rig.fake.lines().empty());
}

TEST_CASE("when nobody confirms any more it holds and goes dark, and then goes on",
          "[drivers][grbl]") {
    const std::unique_ptr<FakeGrblRig> rig = GENERATE(true, false)
                                                 ? std::make_unique<FakeGrblRig>()
                                                 : std::make_unique<FakeGrblHalMillRig>();
    const auto driver = rig->connect();
    (void)wait_for(*rig, *driver, MachineCondition::idle);
    const StartOutcome outcome = begin(*driver, rig->program(), Duration{1500});
    INFO(outcome.reason);
    REQUIRE(outcome.kind == Kind::started);
    const MachineReading held = wait_for(*rig, *driver, MachineCondition::paused);
    CHECK(held.detail.find("nobody") != std::string::npos);
    until("the tool is off", [&] { return !rig->fake.tool_on(); });
    CHECK_FALSE(driver->resume());  // Not without a person.
    driver->attend(SystemClock{}.read().boot + std::chrono::minutes{5});
    (void)wait_for(*rig, *driver, MachineCondition::running);
    rig->finish();
    (void)wait_for(*rig, *driver, "a.gcode", Evidence::completed);
}

TEST_CASE("a tool that a hold leaves on is switched off in another way", "[drivers][grbl]") {
    const bool laser = GENERATE(true, false);
    fakes::FakeGrblOptions options = FakeGrblRig::as_laser();
    options.laser_mode = laser;
    options.dark_in_hold = false;
    options.knows_door = false;
    const FakeGrblRig rig{options};
    GrblOptions here;
    here.link.address = rig.fake.port();
    here.rules.kind = laser ? GrblKind::laser : GrblKind::mill;
    here.rules.banner_wait = Duration{50};
    const auto driver = std::move(*open_grbl(here));
    REQUIRE(driver->identify());
    until("it is idle", [&] { return driver->read().condition == MachineCondition::idle; });
    REQUIRE(begin(*driver, "G21\nM4S300\nG1X1F600\nG1X2\n", Duration{1500}).kind == Kind::started);
    until("the tool is on", [&] { return rig.fake.tool_on(); });
    until("the tool is off", [&] { return !rig.fake.tool_on(); });
}

TEST_CASE("the whole program is read dry before anything moves", "[drivers][grbl]") {
    FakeGrblHalMillRig rig;
    rig.fake.set_zero("-290.000,-190.000,-50.000");
    const auto driver = rig.connect();
    const std::string program = "G21\nG90\nM3S8000\nG1X1F600\nM5\n";
    const std::vector<std::string> lines{"G21", "G90", "M3S8000", "G1X1F600", "M5"};
    (void)wait_for(rig, *driver, MachineCondition::idle);
    REQUIRE(begin(*driver, program, std::chrono::minutes{5}).kind == Kind::started);
    rig.finish();
    (void)wait_for(rig, *driver, "a.gcode", Evidence::completed);
    CHECK(rig.fake.read_lines() == lines);
    const std::vector<std::string> run = rig.fake.lines();
    REQUIRE(run.size() == lines.size() + 2);  // And our two behind them.
    CHECK(std::equal(lines.begin(), lines.end(), run.begin()));
    CHECK(rig.fake.lost_bytes() == 0);
}

TEST_CASE("a dry run that goes wrong moves nothing", "[drivers][grbl]") {
    FakeGrblHalMillRig rig;
    rig.fake.set_zero("-10.000,-10.000,-5.000");
    const int what = GENERATE(0, 1, 2, 3, 4);
    std::string program = "G21\nG90\nM3S8000\nG1X1F600\nG1X7Y5F600\nM5\n";
    // Long enough to be met in the middle.
    if (what > 2) {
        for (int i = 0; i < 200'000; ++i)
            program += "G1X" + std::to_string(i % 9) + "\n";
    }
    const auto driver = rig.connect();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    if (what == 0) rig.fake.refuse_line_with("X7Y", 33);
    if (what == 1) rig.fake.ignore_check_mode();
    if (what == 2) rig.fake.shift_zero_at_reset("-20.000,-10.000,-5.000");
    const auto presence = what == 4 ? Duration{200} : std::chrono::minutes{5};
    REQUIRE(begin(*driver, program, presence).kind == Kind::started);
    if (what == 3) {
        until("some lines were read", [&] { return rig.fake.read_lines().size() > 10; });
        rig.fake.press_reset();
    }
    // While it is being stopped the machine is busy, which is evidence of nothing.
    const MachineReading reading = wait_until(rig, *driver, "the end", [](const auto& r) {
        return evidence_of(r, "a.gcode") != Evidence::nothing && !why(r, "a.gcode").empty();
    });
    const std::string words = why(reading, "a.gcode");
    INFO(words);
    const char* expected[] = {"line 5 `G1X7Y5F600` was refused with error 33",
                              "did not go into its check mode",
                              "its zero is another one",
                              "was reset",
                              "nobody was confirmed"};
    CHECK(words.find(expected[what]) != std::string::npos);
    CHECK(evidence_of(reading, "a.gcode") != Evidence::completed);
    if (what != 3) CHECK(evidence_of(reading, "a.gcode") == Evidence::stopped);
    // A reset in the middle is the one case in which lines on their way move something: with the
    // person there, and until the driver has seen it.
    if (what != 3) CHECK(rig.fake.lines().empty());
    until("it stands", [&] {
        const std::string state = rig.fake.state();
        return state == "Idle" || (what == 3 && state == "Alarm");
    });
    CHECK_FALSE(rig.fake.tool_on());
}

TEST_CASE("a dry run waits when it is paused", "[drivers][grbl]") {
    FakeGrblRig rig;
    const auto driver = rig.connect();
    std::string program = "M4S300\n";
    for (int i = 0; i < 100'000; ++i)
        program += "G1X" + std::to_string(i % 9) + "F600\n";
    (void)wait_for(rig, *driver, MachineCondition::idle);
    REQUIRE(begin(*driver, program, std::chrono::minutes{5}).kind == Kind::started);
    until("some lines were read", [&] { return rig.fake.read_lines().size() > 10; });
    CHECK(driver->read().detail.find("nothing moves") != std::string::npos);
    REQUIRE(driver->pause());
    CHECK(driver->read().condition == MachineCondition::paused);
    CHECK(rig.fake.lines().empty());
    const std::size_t read = rig.fake.read_lines().size();
    REQUIRE(driver->resume());
    // More than were on their way.
    until("more lines were read", [&] { return rig.fake.read_lines().size() > read + 100; });
    REQUIRE(driver->cancel());
    CHECK(rig.fake.lines().empty());
    until("it is idle again", [&] { return rig.fake.state() == "Idle"; });
}

TEST_CASE("a zero that a reset would clear is kept: nothing is run dry then", "[drivers][grbl]") {
    FakeGrblRig rig;
    rig.fake.set_zero("-290.000,-190.000,-50.000");
    rig.fake.set_temporary_zero("-280.000,-180.000,-50.000");
    const auto driver = rig.connect();
    const int resets = rig.fake.resets();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    REQUIRE(begin(*driver, rig.program(), std::chrono::minutes{5}).kind == Kind::started);
    rig.finish();
    (void)wait_for(rig, *driver, "a.gcode", Evidence::completed);
    CHECK(rig.fake.resets() == resets);
    CHECK(rig.fake.read_lines().empty());
}

TEST_CASE("an error, an alarm, a reset and silence each end the run and the tool",
          "[drivers][grbl]") {
    FakeGrblHalMillRig rig;
    const int what = GENERATE(0, 1, 2, 3);
    const auto driver = rig.connect();
    const std::string name = rig.fresh_name();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    REQUIRE(driver->upload(name, text_bytes(rig.program())));
    REQUIRE(contract::start(*driver, name, rig.program()).kind == Kind::started);
    until("it moves", [&] { return !rig.fake.lines().empty(); });
    if (what == 0) {
        rig.fake.refuse_line_with("X37Y", 33);
        rig.finish();
    }
    if (what == 1) rig.fake.alarm(2);
    if (what == 2) rig.fake.press_reset();
    if (what == 3) rig.fake.go_silent(true);
    const MachineReading reading = wait_until(
        rig, *driver, "the end", [&](const MachineReading& r) { return !why(r, name).empty(); });
    CHECK(evidence_of(reading, name) != Evidence::completed);
    const std::string words = why(reading, name);
    INFO(words);
    if (what == 0) CHECK(words.find("X37Y5F600") != std::string::npos);
    if (what == 0) CHECK(words.find("error 33") != std::string::npos);
    if (what == 1) CHECK(words.find("soft limit") != std::string::npos);
    if (what == 2) CHECK(words.find("reset") != std::string::npos);
    if (what == 3) CHECK(words.find("did not answer") != std::string::npos);
    until("the tool is off", [&] { return !rig.fake.tool_on(); });
    CHECK(contract::start_blindly(*driver, name, rig.program()).kind != Kind::started);
}

// A driver that gives up on a machine without a sign of life early enough for a test.
std::unique_ptr<MachineDriver> impatient(const FakeGrblRig& rig, Duration still_max) {
    GrblOptions options;
    options.link.address = rig.fake.port();
    options.rules.banner_wait = Duration{50};
    options.rules.report_active = Duration{5};
    options.rules.kind = GrblKind::laser;
    options.rules.still_max = still_max;
    options.rules.dry_run = false;
    return std::move(*open_grbl(options));
}

TEST_CASE("whoever comes back while it is still slowing down sees it go on", "[drivers][grbl]") {
    fakes::FakeGrblOptions options = FakeGrblRig::as_laser();
    options.stops_for = std::chrono::milliseconds{150};
    FakeGrblRig rig{options};
    const auto driver = rig.connect();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    REQUIRE(begin(*driver, rig.program(), Duration{300}).kind == Kind::started);
    until("it is told to hold", [&] { return rig.fake.arrival('!').has_value(); });
    driver->attend(SystemClock{}.read().boot + std::chrono::minutes{5});
    (void)wait_for(rig, *driver, MachineCondition::running);
    until("the beam is on again", [&] { return rig.fake.tool_on(); });
    rig.finish();
    (void)wait_for(rig, *driver, "a.gcode", Evidence::completed);
}

TEST_CASE("an answer that is lost on the line, a limit switch and a strange state end the run",
          "[drivers][grbl]") {
    FakeGrblRig rig;
    const int what = GENERATE(0, 1, 2, 3);
    const auto driver = impatient(rig, what == 0 ? Duration{300} : Duration{60'000});
    (void)wait_for(rig, *driver, MachineCondition::idle);
    if (what == 0) rig.fake.lose_next_answer();
    const std::string program = "M4S300\nG1X1F600\nG1X2\n";
    REQUIRE(begin(*driver, program, std::chrono::minutes{5}).kind == Kind::started);
    until("all lines are taken", [&] { return rig.fake.lines().size() == 3; });
    if (what == 1) rig.fake.press_limit(true);
    if (what == 2) rig.fake.enter("Sleep");
    if (what == 3) rig.fake.enter("Alarm");  // And the line that says so was lost.
    if (what == 0) rig.finish();
    const MachineReading reading = wait_until(rig, *driver, "the end", [](const auto& r) {
        return !why(r, "a.gcode").empty() && r.condition != MachineCondition::unreachable;
    });
    const std::string words = why(reading, "a.gcode");
    INFO(words);
    CHECK(evidence_of(reading, "a.gcode") == Evidence::stopped);
    const char* expected[] = {"neither moved nor answered", "limit switch", "Sleep", "alarm"};
    CHECK(words.find(expected[what]) != std::string::npos);
    until("the beam is off", [&] { return !rig.fake.tool_on(); });
}

TEST_CASE("a limit switch that was pressed before the start ends nothing", "[drivers][grbl]") {
    FakeGrblRig rig;
    rig.fake.press_limit(true);  // Unwired inputs say so for ever.
    const auto driver = rig.connect();
    const std::string name = run_something(rig, *driver);
    rig.finish();
    (void)wait_for(rig, *driver, name, Evidence::completed);
}

TEST_CASE("a laser whose full power is another number takes no start", "[drivers][grbl]") {
    FakeGrblRig rig;  // $30=1000.
    GrblOptions options;
    options.link.address = rig.fake.port();
    options.rules.banner_wait = Duration{50};
    options.rules.kind = GrblKind::laser;
    options.rules.s_max = 255;
    const auto driver = std::move(*open_grbl(options));
    (void)wait_for(rig, *driver, MachineCondition::idle);
    const StartOutcome outcome = begin(*driver, rig.program(), std::chrono::minutes{5});
    CHECK(outcome.kind == Kind::driver_failed);
    CHECK(outcome.reason.find("S1000") != std::string::npos);
    CHECK(outcome.reason.find("S255") != std::string::npos);
    CHECK(rig.fake.lines().empty());
}

TEST_CASE("a program that would run into a soft limit takes no start", "[drivers][grbl]") {
    FakeGrblRig rig;  // 300 x 200 x 60 mm, homed, soft limits on.
    const auto driver = rig.connect();
    const std::string too_far = "G21\nG90\nM4S300\nG1X20Y5F600\nX-1\nM5\n";
    rig.fake.set_zero("-290.000,-190.000,-50.000");
    (void)wait_for(rig, *driver, MachineCondition::idle);
    const std::string name = rig.fresh_name();
    REQUIRE(driver->upload(name, text_bytes(too_far)));
    CHECK(contract::start(*driver, name, too_far).kind == Kind::started);
    rig.finish();
    (void)wait_for(rig, *driver, name, Evidence::completed);
    rig.fake.set_zero("-10.000,-190.000,-50.000");
    until("the new zero is told", [&] {
        const std::string next = rig.fresh_name();
        REQUIRE(driver->upload(next, text_bytes(too_far)));
        const StartOutcome outcome = contract::start(*driver, next, too_far);
        if (outcome.kind == Kind::started) {
            (void)driver->cancel();
            (void)wait_for(rig, *driver, MachineCondition::idle);
            return false;
        }
        CHECK(outcome.reason.find("X travel of 300 mm: it would go from -11 to 10") !=
              std::string::npos);
        return true;
    });
}

TEST_CASE("a name is begun once, however many programs come after it", "[drivers][grbl]") {
    FakeGrblRig rig;
    const auto driver = rig.connect();
    const std::string waiting = rig.fresh_name();
    REQUIRE(driver->upload(waiting, text_bytes(rig.program())));
    const std::string begun = run_something(rig, *driver);
    rig.finish();
    (void)wait_for(rig, *driver, begun, Evidence::completed);
    for (std::size_t more = 1; more < line_programs_max; ++more)
        REQUIRE(driver->upload(rig.fresh_name(), text_bytes(rig.program())));
    // One too many: the one that was run went, not the one that waits.
    CHECK_FALSE(driver->stored_hash(begun));
    CHECK(driver->stored_hash(waiting));
    REQUIRE(driver->upload(begun, text_bytes(rig.program())));
    const StartOutcome again = contract::start_blindly(*driver, begun, rig.program());
    CHECK(again.kind == Kind::driver_failed);
    CHECK(again.reason.find("started before") != std::string::npos);
    // The next attempt at the same work has another epoch, hence another name.
    const std::string next = rig.fresh_name();
    REQUIRE(driver->upload(next, text_bytes(rig.program())));
    CHECK(contract::start(*driver, next, rig.program()).kind == Kind::started);
    rig.finish();
    (void)wait_for(rig, *driver, next, Evidence::completed);
}

TEST_CASE("the end of the program is seen when the machine stands, not when it has taken it",
          "[drivers][grbl]") {
    FakeGrblRig rig;
    const auto driver = rig.connect();
    const std::string name = rig.fresh_name();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    REQUIRE(driver->upload(name, text_bytes("M4S100\nG1X1F600\nG1X2\n")));
    REQUIRE(contract::start(*driver, name, "M4S100\nG1X1F600\nG1X2\n").kind == Kind::started);
    until("all lines are taken", [&] { return rig.fake.lines().size() == 3; });
    for (int i = 0; i < 20; ++i)
        CHECK(driver->read().condition == MachineCondition::running);
    rig.finish();
    (void)wait_for(rig, *driver, name, Evidence::completed);
    CHECK_FALSE(rig.fake.tool_on());  // The program forgot its M5.
}

TEST_CASE("noise and lines nobody asked for are no answers", "[drivers][grbl]") {
    FakeGrblRig rig;
    rig.fake.say("error:7\r\n$0=10\r\n\xff\xfe\x00garbage");
    const auto driver = rig.connect();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    rig.fake.say("\r\n");
    const std::string name = run_something(rig, *driver);
    for (int i = 0; i < 50; ++i)
        rig.fake.say("[MSG:ok]\r\n>G54:ok\r\n[GC:G0 G54]\r\n");
    rig.finish();
    (void)wait_for(rig, *driver, name, Evidence::completed);
    CHECK(rig.fake.lost_bytes() == 0);
}

TEST_CASE("the receive buffer is never overrun, whatever the firmware claims", "[drivers][grbl]") {
    fakes::FakeGrblOptions options = FakeGrblRig::as_laser();
    options.endless = false;
    options.baud = 115'200;
    options.block_time = std::chrono::microseconds{500};
    FakeGrblRig rig{options};
    const auto driver = rig.connect();
    const std::string name = rig.fresh_name();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    std::string program = "M4S300\n";
    for (int i = 0; i < 200; ++i)
        program += "G1X" + std::to_string(i % 300) + ".125Y" + std::to_string(i % 200) + "F6000\n";
    REQUIRE(driver->upload(name, text_bytes(program)));
    REQUIRE(contract::start(*driver, name, program).kind == Kind::started);
    (void)wait_for(rig, *driver, name, Evidence::completed);
    CHECK(rig.fake.lost_bytes() == 0);
    CHECK(rig.fake.fullest() <= 120);
    CHECK(rig.fake.lines().size() == 203);  // And our two behind them.
}

TEST_CASE("what the machine is not set up for is said before any work", "[drivers][grbl]") {
    FakeGrblRig as_laser;
    FakeGrblHalMillRig as_mill;
    GrblOptions options;
    options.link.address = as_mill.fake.port();
    options.rules.kind = GrblKind::laser;  // $32=0 there.
    options.rules.banner_wait = Duration{50};
    const auto driver = std::move(*open_grbl(options));
    const auto identity = driver->identify();
    REQUIRE(identity);
    CHECK(identity->envelope_mm == std::array<double, 3>{300, 200, 60});
    bool said = false;
    for (const std::string& remark : identity->remarks)
        said = said || remark.find("$32=1") != std::string::npos;
    const MachineReading reading = wait_for(as_mill, *driver, MachineCondition::idle);
    REQUIRE(driver->upload("a.gcode", text_bytes("G21\n")));
    const auto outcome = contract::start(*driver, "a.gcode", "G21\n");
    CHECK(outcome.kind == Kind::driver_failed);
    CHECK(outcome.reason.find("$32=1") != std::string::npos);
}

TEST_CASE("a second program on the port is told who has it", "[drivers][grbl]") {
    FakeGrblRig rig;
    const auto driver = rig.connect();
    (void)wait_for(rig, *driver, MachineCondition::idle);
    const auto second = ByteLink::open({rig.fake.port(), 115'200});
    REQUIRE_FALSE(second);
    CHECK(second.error().next.find("other program") != std::string::npos);
}

TEST_CASE("a serial line takes speeds that have no name", "[drivers]") {
    const FakeGrblRig rig;
    for (const int baud : {9600, 115'200, 250'000, 1'000'000})
        CHECK(ByteLink::open({rig.fake.port(), baud}));
}

// A program of its own, for the test after it to kill; without a port in the environment it ends.
TEST_CASE("an agent that runs a program until it dies", "[.][dying-agent]") {
    const char* port = std::getenv("NEARFAB_TEST_DYING_PORT");
    if (port == nullptr) return;
    GrblOptions options;
    options.link.address = port;
    options.rules.banner_wait = Duration{50};
    const auto driver = std::move(*open_grbl(options));
    REQUIRE(driver->identify());
    const std::string program = "G21G90\nM3S8000\nG1X5F600\nG1X6\nM5\n";
    REQUIRE(driver->upload("a.gcode", text_bytes(program)));
    while (driver->read().condition != MachineCondition::idle)
        std::this_thread::yield();
    REQUIRE(contract::start(*driver, "a.gcode", program).kind == Kind::started);
    for (;;)
        ::pause();
}

// The agent is killed, or hangs: its watcher has the link as well.
TEST_CASE("a machine whose agent dies is stopped", "[drivers][grbl]") {
    FakeGrblHalMillRig rig;
    const bool killed = GENERATE(true, false);
    ::setenv("NEARFAB_TEST_DYING_PORT", rig.fake.port().c_str(), 1);
    const pid_t agent = ::fork();
    if (agent == 0) {
        ::execl("/proc/self/exe", "agent", "[dying-agent]", nullptr);
        ::_exit(1);
    }
    REQUIRE(agent > 0);
    until("the spindle turns", [&] { return rig.fake.tool_on(); });
    const int resets = rig.fake.resets();
    ::kill(agent, killed ? SIGKILL : SIGSTOP);
    until("the spindle is off", [&] { return !rig.fake.tool_on(); });
    CHECK(rig.fake.resets() == resets + 1);
    CHECK(rig.fake.arrival('!'));
    ::kill(agent, SIGKILL);
    ::waitpid(agent, nullptr, 0);
}

TEST_CASE("the end of the agent stops the machine", "[drivers][grbl]") {
    FakeGrblHalMillRig rig;
    auto driver = rig.connect();
    (void)run_something(rig, *driver);
    until("the spindle turns", [&] { return rig.fake.tool_on(); });
    driver.reset();
    CHECK_FALSE(rig.fake.tool_on());
    CHECK(rig.fake.state() == "Idle");  // Held first, so its position is not lost.
}

// Ends every process that this one has forked.
void kill_children() {
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        std::ifstream file{entry.path() / "stat"};
        std::string line;
        if (!std::getline(file, line)) continue;
        const std::size_t name_end = line.rfind(')');
        int parent = 0;
        char state = 0;
        std::istringstream{line.substr(name_end + 1)} >> state >> parent;
        if (parent == ::getpid()) ::kill(std::stoi(entry.path().filename().string()), SIGKILL);
    }
}

TEST_CASE("when the watcher dies the machine is stopped, and the agent lives", "[drivers][grbl]") {
    FakeGrblHalMillRig rig;
    auto driver = rig.connect();
    (void)run_something(rig, *driver);
    until("the spindle turns", [&] { return rig.fake.tool_on(); });
    kill_children();
    until("the spindle is off", [&] { return !rig.fake.tool_on(); });
    // The link is opened anew, with another watcher.
    until("the machine is idle again",
          [&] { return driver->read().condition == MachineCondition::idle; });
    const std::string program = "G21G90\nM3S8000\nG1X5F600\nM5\n";
    REQUIRE(driver->upload("again.gcode", text_bytes(program)));
    CHECK(contract::start(*driver, "again.gcode", program).kind == Kind::started);
}

}  // namespace
}  // namespace nearfab::agent
