// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/node-agent/drivers/contract.hpp"

#include "host/clock.hpp"
#include "tests/node-agent/drivers/fakes/text_bytes.hpp"

#include <thread>

namespace nearfab::agent::contract {
namespace {

using std::chrono::steady_clock;

// What the gate asks is answered as it likes to hear it; the start goes to the real driver.
class Blind final : public MachineDriver {
public:
    Blind(MachineDriver& driver, const std::string& program)
        : driver_{driver}, hash_{nearfab::hash_of(program)} {}
    Result<MachineIdentity> identify() override { return driver_.identify(); }
    MachineReading read() override {
        MachineReading reading;
        reading.condition = MachineCondition::idle;
        return reading;
    }
    Status upload(const std::string& name, std::span<const std::uint8_t> bytes) override {
        return driver_.upload(name, bytes);
    }
    Result<ContentHash> stored_hash(const std::string& /*name*/) override { return hash_; }
    Status start(const StartPermit& permit) override { return driver_.start(permit); }
    Status pause() override { return driver_.pause(); }
    Status resume() override { return driver_.resume(); }
    Status cancel() override { return driver_.cancel(); }

private:
    MachineDriver& driver_;
    ContentHash hash_;
};

}  // namespace

MachineReading wait_until(MachineRig& rig,
                          MachineDriver& driver,
                          const std::string& what,
                          const std::function<bool(const MachineReading&)>& so) {
    const auto give_up = steady_clock::now() + rig.patience();
    for (;;) {
        MachineReading reading = driver.read();
        if (so(reading)) return reading;
        INFO("waiting for: " << what);
        INFO("the machine says: condition " << static_cast<int>(reading.condition) << ", file "
                                            << reading.file << ", " << reading.detail);
        REQUIRE(steady_clock::now() < give_up);
        std::this_thread::sleep_for(std::chrono::milliseconds{5});  // Between two looks.
    }
}

MachineReading wait_for(MachineRig& rig, MachineDriver& driver, MachineCondition condition) {
    return wait_until(rig, driver, "a condition", [&](const MachineReading& reading) {
        return reading.condition == condition;
    });
}

MachineReading wait_for(MachineRig& rig,
                        MachineDriver& driver,
                        const std::string& file,
                        Evidence evidence) {
    return wait_until(rig, driver, "evidence of " + file, [&](const MachineReading& reading) {
        return evidence_of(reading, file) == evidence;
    });
}

StartOutcome start(MachineDriver& driver, const std::string& file, const std::string& program) {
    const Moment now = SystemClock{}.read();
    StartOrder order;
    order.work_order = WorkOrderId{"3f9c01d2a4b86e57-1"};
    order.epoch = order.highest_epoch_seen = 1;
    order.machine = MachineId{"m"};
    order.machine_file = file;
    order.authorised_hash = nearfab::hash_of(program);
    order.right_expires = now.boot + std::chrono::minutes{2};
    order.bed_confirmed_clear = true;
    order.attended_process = driver.traits().needs_presence;
    order.presence_until = now.boot + std::chrono::minutes{5};
    return StartGate::open(
        order, driver, [] { return SystemClock{}.read(); }, [] { return false; });
}

StartOutcome start_blindly(MachineDriver& driver,
                           const std::string& file,
                           const std::string& program) {
    Blind blind{driver, program};
    return start(blind, file, program);
}

std::string run_something(MachineRig& rig, MachineDriver& driver) {
    const std::string name = rig.fresh_name();
    const std::string program = rig.program();
    (void)wait_for(rig, driver, MachineCondition::idle);
    const Status uploaded = driver.upload(name, text_bytes(program));
    INFO((uploaded ? "" : uploaded.error().message));
    REQUIRE(uploaded);
    const StartOutcome outcome = start(driver, name, program);
    INFO(outcome.reason);
    REQUIRE(outcome.kind == StartOutcome::Kind::started);
    rig.press_start(name);
    const MachineReading reading = wait_for(rig, driver, MachineCondition::running);
    REQUIRE(reading.file == name);
    return name;
}

}  // namespace nearfab::agent::contract
