// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/start_gate.hpp"

#include "node-agent/drivers/machine_driver.hpp"

#include <catch2/catch.hpp>

#include <type_traits>

namespace nearfab::agent {
namespace {

using namespace std::chrono_literals;
using Kind = StartOutcome::Kind;

TimePoint at(Duration since_boot) {
    return TimePoint{since_boot};
}

// A machine whose answers are set by hand; slow questions move the clock.
class FakeDriver final : public MachineDriver {
public:
    explicit FakeDriver(TimePoint& clock) : clock_{clock} {}

    Result<MachineIdentity> identify() override { return MachineIdentity{}; }
    MachineReading read() override {
        clock_ += read_takes;
        return reading;
    }
    Status upload(const std::string& /*name*/, std::span<const std::uint8_t> /*bytes*/) override {
        return {};
    }
    Result<ContentHash> stored_hash(const std::string& name) override {
        asked_for = name;
        clock_ += hash_takes;
        return hash;
    }
    Status start(const StartPermit& permit) override {
        clock_ += start_looks;
        if (Status good = permit.still_good(); !good) return good;
        ++starts;
        started_file = permit.machine_file();
        started_at = clock_;
        return answer;
    }
    Status pause() override { return {}; }
    Status resume() override { return {}; }
    Status cancel() override { return {}; }

    MachineReading reading;
    Result<ContentHash> hash;
    Status answer;
    Duration read_takes{};
    Duration hash_takes{};
    Duration start_looks{};  // Of a driver that asks its machine once more.
    int starts = 0;
    std::string asked_for;
    std::string started_file;
    TimePoint started_at;

private:
    TimePoint& clock_;
};

MachineReading reading_of(MachineCondition condition,
                          std::string file = {},
                          std::string detail = {}) {
    MachineReading reading;
    reading.condition = condition;
    reading.file = std::move(file);
    reading.detail = std::move(detail);
    return reading;
}

// Everything as it must be; each test spoils one thing.
struct Bench {
    Bench() : driver{clock} {
        order.work_order = WorkOrderId{"3f9c01d2a4b86e57-1"};
        order.epoch = 3;
        order.highest_epoch_seen = 3;
        order.machine = MachineId{"left"};
        order.machine_file = "nf-3f9c01d2a4b86e57-1-e3-0a0b0c0d.gcode";
        order.authorised_hash = hash_of("the code");
        order.right_expires = at(160s);
        order.bed_confirmed_clear = true;
        driver.reading.condition = MachineCondition::idle;
        driver.hash = hash_of("the code");
    }
    StartOutcome open() {
        return StartGate::open(
            order,
            driver,
            [this] {
                return Moment{clock, WallTime{}};
            },
            [this] { return revoked_from && clock >= *revoked_from; });
    }

    TimePoint clock = at(100s);
    StartOrder order;
    std::optional<TimePoint> revoked_from;
    FakeDriver driver;
};

void check_shut(Bench& bench, std::string_view part) {
    const StartOutcome outcome = bench.open();
    CHECK(outcome.kind == Kind::refused);
    CAPTURE(outcome.reason);
    CHECK(outcome.reason.find(part) != std::string::npos);
    CHECK(bench.driver.starts == 0);
}

TEST_CASE("with every condition met the machine starts our file once") {
    Bench bench;
    const StartOutcome outcome = bench.open();
    CHECK(outcome.kind == Kind::started);
    CHECK(outcome.reason.empty());
    CHECK(bench.driver.starts == 1);
    CHECK(bench.driver.started_file == bench.order.machine_file);
    CHECK(bench.driver.asked_for == bench.order.machine_file);
}

TEST_CASE("nobody but the gate can make a permit, and it cannot be kept") {
    CHECK_FALSE(std::is_constructible_v<StartPermit, std::string>);
    CHECK_FALSE(std::is_copy_constructible_v<StartPermit>);
    CHECK_FALSE(std::is_move_constructible_v<StartPermit>);
    CHECK_FALSE(std::is_default_constructible_v<StartPermit>);
}

TEST_CASE("an older or unknown epoch shuts the gate") {
    Bench bench;
    SECTION("a newer attempt is known") {
        bench.order.highest_epoch_seen = 4;
        check_shut(bench, "attempt 3 of work order 3f9c01d2a4b86e57-1 is not the newest");
    }
    SECTION("an attempt nobody has announced") {
        bench.order.highest_epoch_seen = 2;
        check_shut(bench, "newest known here is 2");
    }
    SECTION("no attempt at all") {
        bench.order.epoch = 0;
        bench.order.highest_epoch_seen = 0;
        check_shut(bench, "attempt 0");
    }
    CHECK(bench.driver.asked_for.empty());
}

TEST_CASE("an order without a file shuts the gate") {
    Bench bench;
    bench.order.machine_file.clear();
    check_shut(bench, "no machine file");
}

TEST_CASE("draining shuts the gate") {
    Bench bench;
    bench.order.draining = true;
    check_shut(bench, "draining");
    CHECK(bench.driver.asked_for.empty());
}

TEST_CASE("a bed that nobody has confirmed clear shuts the gate") {
    Bench bench;
    bench.order.bed_confirmed_clear = false;
    check_shut(bench, "machine left is clear");
    CHECK(bench.driver.asked_for.empty());
}

TEST_CASE("an attended process needs a person, until the very start") {
    Bench bench;
    bench.order.attended_process = true;
    SECTION("nobody was ever there") {
        check_shut(bench, "nobody has confirmed to be there");
        CHECK(bench.driver.asked_for.empty());
    }
    SECTION("the confirmation has run out") {
        bench.order.presence_until = at(100s);
        check_shut(bench, "has run out");
        CHECK(bench.driver.asked_for.empty());
    }
    SECTION("the confirmation runs out during the slow questions") {
        bench.order.presence_until = at(105s);
        bench.driver.hash_takes = 5s;
        check_shut(bench, "has run out");
    }
    SECTION("the person is there to the end") {
        bench.order.presence_until = at(106s);
        bench.driver.hash_takes = 5s;
        CHECK(bench.open().kind == Kind::started);
    }
}

TEST_CASE("a process that needs nobody does not ask for presence") {
    Bench bench;
    bench.order.presence_until = at(1s);
    CHECK(bench.open().kind == Kind::started);
}

TEST_CASE("other bytes on the machine shut the gate") {
    Bench bench;
    SECTION("changed") {
        bench.driver.hash = hash_of("other code");
        check_shut(bench, "are not the authorised ones");
    }
    SECTION("not there") {
        bench.driver.hash = fail(ErrorCode::not_found, "no such file");
        check_shut(bench, "cannot be checked: no such file");
    }
    SECTION("not to be read") {
        bench.driver.hash = fail(ErrorCode::timed_out, "no answer in 10 s");
        check_shut(bench, "no answer in 10 s");
    }
}

TEST_CASE("a machine that is anything but idle shuts the gate") {
    Bench bench;
    SECTION("running") {
        bench.driver.reading = reading_of(MachineCondition::running, "vase.gcode");
        check_shut(bench, "is running vase.gcode");
    }
    SECTION("paused") {
        bench.driver.reading = reading_of(MachineCondition::paused, "vase.gcode");
        check_shut(bench, "has vase.gcode paused");
    }
    SECTION("fault") {
        bench.driver.reading = reading_of(MachineCondition::fault, "", "MAXTEMP");
        check_shut(bench, "reports a fault (MAXTEMP)");
    }
    SECTION("unreachable") {
        bench.driver.reading = reading_of(MachineCondition::unreachable);
        check_shut(bench, "does not answer");
    }
    SECTION("idle with a file still held") {
        bench.driver.reading = reading_of(MachineCondition::idle, "vase.gcode");
        check_shut(bench, "still holds vase.gcode");
    }
    SECTION("a condition that has no name") {
        bench.driver.reading.condition = static_cast<MachineCondition>(77);
        check_shut(bench, "unknown condition");
    }
}

TEST_CASE("a right that has run out shuts the gate, whenever it runs out") {
    Bench bench;
    SECTION("before the questions") {
        bench.order.right_expires = at(99s);
        check_shut(bench, "ran out 1000 ms ago");
    }
    SECTION("at this very moment") {
        bench.order.right_expires = at(100s);
        check_shut(bench, "ran out 0 ms ago");
    }
    SECTION("while the hash was read") {
        bench.driver.hash_takes = 61s;
        check_shut(bench, "ran out 1000 ms ago");
    }
    SECTION("while the machine was asked") {
        bench.driver.read_takes = 60s;
        check_shut(bench, "ran out 0 ms ago");
    }
    SECTION("not quite") {
        bench.driver.read_takes = 59'999ms;
        CHECK(bench.open().kind == Kind::started);
        CHECK(bench.driver.started_at < bench.order.right_expires);
    }
}

TEST_CASE("a start that was taken back never reaches the machine, however late it is taken back") {
    Bench bench;
    SECTION("before the questions, which are not even asked") {
        bench.revoked_from = at(100s);
        CHECK(bench.open().kind == Kind::revoked);
        CHECK(bench.driver.asked_for.empty());
    }
    SECTION("while the hash was read") {
        bench.revoked_from = at(103s);
        bench.driver.hash_takes = 5s;
        CHECK(bench.open().kind == Kind::revoked);
    }
    SECTION("while the machine was asked, at the last moment") {
        bench.revoked_from = at(105s);
        bench.driver.read_takes = 5s;
        const StartOutcome outcome = bench.open();
        CHECK(outcome.kind == Kind::revoked);
        CHECK(outcome.reason.find("was taken back") != std::string::npos);
    }
    CHECK(bench.driver.starts == 0);
}

TEST_CASE("what another condition refuses is refused, taken back or not") {
    Bench bench;
    bench.revoked_from = at(103s);
    bench.driver.hash_takes = 5s;
    bench.driver.hash = hash_of("x");
    CHECK(bench.open().kind == Kind::refused);
    CHECK(bench.driver.starts == 0);
}

TEST_CASE("a run that the agent has not heard of shuts the gate") {
    Bench bench;
    bench.order.history = RunHistory{"boot-1", 7};
    SECTION("none") {
        bench.driver.reading.history = RunHistory{"boot-1", 7};
        CHECK(bench.open().kind == Kind::started);
    }
    SECTION("one, over by now") {
        bench.driver.reading.history = RunHistory{"boot-1", 8};
        check_shut(bench, "has run something");
    }
    SECTION("nobody can tell: it was switched on anew") {
        bench.driver.reading.history = RunHistory{"boot-2", 7};
        check_shut(bench, "switched on anew");
    }
    SECTION("a machine that keeps no count is believed as before") {
        bench.order.history.reset();
        CHECK(bench.open().kind == Kind::started);
    }
}

TEST_CASE("only a conflict proves that the machine did not start") {
    Bench bench;
    SECTION("conflict") {
        bench.driver.answer = fail(ErrorCode::conflict, "printer is busy");
        const StartOutcome outcome = bench.open();
        CHECK(outcome.kind == Kind::driver_failed);
        CHECK(outcome.reason == "the machine did not start: printer is busy");
    }
    SECTION("anything else") {
        const auto code = GENERATE(ErrorCode::timed_out,
                                   ErrorCode::unavailable,
                                   ErrorCode::internal,
                                   ErrorCode::storage,
                                   ErrorCode::not_found);
        bench.driver.answer = fail(code, "the line went dead");
        const StartOutcome outcome = bench.open();
        CHECK(outcome.kind == Kind::unknown);
        CHECK(outcome.reason.find("not known whether") != std::string::npos);
        CHECK(outcome.reason.find("the line went dead") != std::string::npos);
    }
    CHECK(bench.driver.starts == 1);
}

TEST_CASE("every pair of spoiled conditions keeps the gate shut") {
    const auto spoil = [](Bench& bench, int which) {
        switch (which) {
            case 0:
                bench.order.highest_epoch_seen = 9;
                break;
            case 1:
                bench.order.draining = true;
                break;
            case 2:
                bench.order.bed_confirmed_clear = false;
                break;
            case 3:
                bench.order.attended_process = true;
                break;
            case 4:
                bench.driver.hash = hash_of("x");
                break;
            case 5:
                bench.driver.reading.condition = MachineCondition::paused;
                break;
            default:
                bench.order.right_expires = at(1s);
                break;
        }
    };
    for (int first = 0; first < 7; ++first) {
        for (int second = 0; second < 7; ++second) {
            Bench bench;
            spoil(bench, first);
            spoil(bench, second);
            CHECK(bench.open().kind == Kind::refused);
            CHECK(bench.driver.starts == 0);
        }
    }
}

TEST_CASE("a driver that looks once more before it starts does not outlive the right") {
    SECTION("the right runs out meanwhile") {
        Bench bench;
        bench.driver.start_looks = 61s;
        const StartOutcome outcome = bench.open();
        CHECK(outcome.kind == Kind::refused);
        CHECK(outcome.reason.find("ran out 1000 ms ago") != std::string::npos);
        CHECK(bench.driver.starts == 0);
    }
    SECTION("it is taken back meanwhile") {
        Bench bench;
        bench.driver.start_looks = 5s;
        bench.revoked_from = at(102s);
        CHECK(bench.open().kind == Kind::revoked);
        CHECK(bench.driver.starts == 0);
    }
    SECTION("the person at the laser has not confirmed anew") {
        Bench bench;
        bench.order.attended_process = true;
        bench.order.presence_until = at(110s);
        bench.driver.start_looks = 20s;
        CHECK(bench.open().kind == Kind::refused);
        CHECK(bench.driver.starts == 0);
    }
    SECTION("it is quick enough") {
        Bench bench;
        bench.driver.start_looks = 59s;
        CHECK(bench.open().kind == Kind::started);
    }
}

}  // namespace
}  // namespace nearfab::agent
