// SPDX-License-Identifier: GPL-3.0-or-later
// The moments of a dry run that no fake meets by chance, said to the controller one by one.

#include "node-agent/drivers/grbl/grbl_controller.hpp"
#include "node-agent/drivers/grbl/grbl_program.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <string>

namespace nearfab::agent {
namespace {

const TimePoint begin_at{std::chrono::hours{1}};

// A controller that is idle and has begun a program of two lines.
class Beside {
public:
    Beside() {
        grbl.opened(now);
        say("Grbl 1.1h ['$' for help]");
        for (const char* question : {"$I", "$N", "$$"}) {
            REQUIRE(next() == question);
            if (std::string{question} == "$$") say("$32=0\r\n$30=1000");
            say("ok");
        }
        report("Idle");
        auto program = grbl_program("G21\nG1X1F600\n", GrblKind::mill);
        REQUIRE(program);
        REQUIRE(grbl.begin(now,
                           "a.gcode",
                           std::make_shared<const LineProgram>(std::move(*program)),
                           now + std::chrono::minutes{5}));
    }
    void say(const std::string& lines) { grbl.take(now, lines + "\r\n"); }
    void report(const std::string& state) {
        say("<" + state + "|MPos:0.000,0.000,0.000|FS:0,0|WCO:1.000,2.000,3.000>");
    }
    // The next line that would be sent, without its end; empty: none.
    std::string next() {
        std::string line = grbl.next_line(80);
        if (!line.empty()) line.pop_back();
        return line;
    }
    // In check mode; the first line is sent and not answered.
    void to_the_first_line() {
        REQUIRE(next() == "$#");
        say("[G92:0.000,0.000,0.000]\r\n[TLO:0.000]\r\nok");
        REQUIRE(next() == "$C");
        say("[MSG:Enabled]\r\nok");
        report("Check");
        REQUIRE(next() == "G21");
    }
    // Up to the second $C, which is sent and not answered.
    void to_the_end_of_check_mode() {
        to_the_first_line();
        REQUIRE(next() == "G1X1F600");
        CHECK(next().empty());
        say("ok\r\nok");
        REQUIRE(next() == "$C");
    }

    TimePoint now = begin_at;
    GrblController grbl{GrblRules{}};
};

TEST_CASE("no line goes out before the controller says that it checks", "[drivers][grbl]") {
    Beside beside;
    REQUIRE(beside.next() == "$#");
    CHECK(beside.next().empty());
    beside.say("[G92:0.000,0.000,0.000]\r\nok");
    REQUIRE(beside.next() == "$C");
    beside.report("Idle");  // From before $C was read.
    CHECK(beside.next().empty());
    beside.say("ok");
    CHECK(beside.next().empty());
    beside.report("Idle");
    CHECK(beside.next().empty());
    beside.now += std::chrono::seconds{2};
    beside.grbl.tick(beside.now);
    CHECK_FALSE(beside.grbl.runs());
    CHECK(beside.grbl.take_at_once().find('\x18') != std::string::npos);
}

TEST_CASE("after the dry run it runs, when it is back and idle", "[drivers][grbl]") {
    Beside beside;
    beside.to_the_end_of_check_mode();
    const bool answers_first = GENERATE(true, false);
    if (answers_first) beside.say("[MSG:Disabled]\r\nok");
    CHECK(beside.next().empty());
    beside.say("Grbl 1.1h ['$' for help]");
    CHECK(beside.next().empty());
    beside.report("Idle");
    CHECK(beside.next() == "G21");
    CHECK(beside.grbl.runs());
}

TEST_CASE("a cancel while it leaves check mode is not forgotten", "[drivers][grbl]") {
    Beside beside;
    beside.to_the_end_of_check_mode();
    const bool answered = GENERATE(true, false);
    if (answered) beside.say("ok");
    REQUIRE(beside.grbl.stop(beside.now, "cancelled", RunOutcome::aborted));
    beside.say("Grbl 1.1h ['$' for help]");  // The one of check mode, before our own reset.
    beside.report("Idle");
    CHECK(beside.next().empty());
    CHECK_FALSE(beside.grbl.runs());
    beside.say("Grbl 1.1h ['$' for help]");  // Ours.
    beside.report("Idle");
    CHECK(beside.next().empty());
    const MachineReading reading = beside.grbl.reading(beside.now);
    CHECK(reading.condition == MachineCondition::idle);
    REQUIRE(reading.last_run);
    CHECK(reading.last_run->detail == "cancelled");
    CHECK(reading.last_run->outcome == RunOutcome::aborted);
}

TEST_CASE("a reset by hand after the dry run does not begin the run", "[drivers][grbl]") {
    Beside beside;
    beside.to_the_end_of_check_mode();
    beside.say("ok\r\nGrbl 1.1h ['$' for help]");
    beside.report("Door");  // Somebody has opened the lid meanwhile,
    CHECK(beside.next().empty());
    beside.say("Grbl 1.1h ['$' for help]");  // closes it and presses reset.
    beside.report("Idle");
    CHECK(beside.next().empty());
    CHECK_FALSE(beside.grbl.runs());
}

TEST_CASE("the run waits for the zero after the dry run", "[drivers][grbl]") {
    Beside beside;
    beside.to_the_end_of_check_mode();
    beside.say("ok\r\nGrbl 1.1h ['$' for help]");
    beside.say("<Idle|MPos:0.000,0.000,0.000|FS:0,0|Ov:100,100,100>");  // As grblHAL does.
    CHECK(beside.next().empty());
    beside.report("Idle");
    CHECK(beside.next() == "G21");
}

TEST_CASE("a board that has lost its place in the dry run does not run", "[drivers][grbl]") {
    Beside beside;
    beside.to_the_end_of_check_mode();
    beside.say("ok\r\nGrbl 1.1h ['$' for help]");
    beside.say("<Idle|MPos:-5.000,0.000,0.000|FS:0,0|WCO:1.000,2.000,3.000>");
    CHECK(beside.next().empty());
    CHECK(beside.grbl.take_at_once().find('!') != std::string::npos);
}

TEST_CASE("an answer that is lost in the dry run ends it, and nothing has moved",
          "[drivers][grbl]") {
    Beside beside;
    beside.to_the_first_line();
    for (int i = 0; i < 1300 && beside.grbl.runs(); ++i) {
        beside.now += std::chrono::milliseconds{100};
        beside.report("Check");
        beside.grbl.attend(beside.now, beside.now + std::chrono::minutes{5});
        beside.grbl.tick(beside.now);
    }
    CHECK_FALSE(beside.grbl.runs());
    const auto run = beside.grbl.reading(beside.now).last_run;
    REQUIRE(run);
    CHECK(run->outcome == RunOutcome::aborted);
    CHECK(run->detail.find("nor answered for 2 minutes") != std::string::npos);
}

TEST_CASE("a board that forgets that it only reads is stopped, and the machine looked at",
          "[drivers][grbl]") {
    Beside beside;
    beside.to_the_first_line();
    beside.report("Run");
    CHECK(beside.next().empty());
    beside.now += std::chrono::seconds{2};
    beside.grbl.tick(beside.now);
    const auto run = beside.grbl.reading(beside.now).last_run;
    REQUIRE(run);
    CHECK(run->outcome == RunOutcome::failed);
    CHECK(run->detail.find("look at machine and part") != std::string::npos);
}

TEST_CASE("a controller that was left in check mode is reset before it is asked",
          "[drivers][grbl]") {
    GrblController grbl{GrblRules{}};
    TimePoint now = begin_at;
    grbl.opened(now);
    now += std::chrono::seconds{3};
    grbl.tick(now);
    CHECK(grbl.take_at_once().find('?') != std::string::npos);
    grbl.take(now, "<Check|MPos:0.000,0.000,0.000|FS:0,0>\r\n");
    CHECK(grbl.take_at_once().find('\x18') != std::string::npos);
    grbl.take(now, "Grbl 1.1h ['$' for help]\r\n");
    CHECK(grbl.next_line(80) == "$I\n");
}

TEST_CASE("a board that does not come back from check mode runs nothing", "[drivers][grbl]") {
    Beside beside;
    beside.to_the_end_of_check_mode();
    beside.say("ok");
    for (int i = 0; i < 60; ++i) {
        beside.now += std::chrono::milliseconds{100};
        beside.report("Check");
        beside.grbl.tick(beside.now);
        CHECK(beside.next().empty());
    }
    CHECK_FALSE(beside.grbl.runs());
}

TEST_CASE("a run paused in its dry run does not begin before it goes on", "[drivers][grbl]") {
    Beside beside;
    beside.to_the_end_of_check_mode();
    REQUIRE(beside.grbl.hold(beside.now));
    beside.say("ok\r\nGrbl 1.1h ['$' for help]");
    beside.report("Idle");
    CHECK(beside.next().empty());
    CHECK(beside.grbl.reading(beside.now).condition == MachineCondition::paused);
    REQUIRE(beside.grbl.go_on(beside.now));
    beside.report("Idle");
    CHECK(beside.next() == "G21");
}

}  // namespace
}  // namespace nearfab::agent
