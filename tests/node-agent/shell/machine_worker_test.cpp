// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/machine_worker.hpp"

#include "host/durable_file.hpp"
#include "host/random.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <poll.h>
#include <semaphore>
#include <string>

namespace nearfab::agent {
namespace {

const AttemptKey key{WorkOrderId{"w1"}, 1};
const std::string code = "G28\n";

// A machine that keeps its files in memory and starts whatever it is allowed to start.
// The upload of a file called "slow" takes until the test releases it.
class FakeDriver final : public MachineDriver {
public:
    explicit FakeDriver(std::shared_ptr<std::binary_semaphore> slow) : slow_{std::move(slow)} {}
    Result<MachineIdentity> identify() override { return MachineIdentity{"fake", "fake", "1"}; }
    MachineReading read() override {
        MachineReading reading;
        reading.condition = runs_.empty() ? MachineCondition::idle : MachineCondition::running;
        reading.file = runs_;
        return reading;
    }
    Status upload(const std::string& name, std::span<const std::uint8_t> bytes) override {
        if (name == "slow" && !slow_->try_acquire_for(std::chrono::seconds{10})) {
            return fail(ErrorCode::timed_out, "the test never went on");
        }
        files_[name] = hash_of(bytes);
        return {};
    }
    Result<ContentHash> stored_hash(const std::string& name) override {
        const auto at = files_.find(name);
        if (at == files_.end()) return fail(ErrorCode::not_found, "no file " + name);
        return at->second;
    }
    Status start(const StartPermit& permit) override {
        runs_ = permit.machine_file();
        return {};
    }
    Status pause() override { return {}; }
    Status resume() override { return {}; }
    Status cancel() override {
        if (runs_.empty()) return fail(ErrorCode::conflict, "nothing runs");
        runs_.clear();
        return {};
    }

private:
    std::shared_ptr<std::binary_semaphore> slow_;
    std::map<std::string, ContentHash> files_;
    std::string runs_;
};

struct OneMachine {
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("nearfab-worker-" + random_hex(8));
    std::shared_ptr<std::binary_semaphore> slow = std::make_shared<std::binary_semaphore>(0);
    std::unique_ptr<EventQueue> events = std::move(*EventQueue::open());
    std::optional<MachineWorker> worker;

    OneMachine() {
        REQUIRE(make_private_directory(folder));
        const std::vector<std::uint8_t> bytes{code.begin(), code.end()};
        REQUIRE(write_durably(folder / hash_of(code).hex(), bytes));
        worker.emplace(MachineWorkerOptions{MachineId{"small"},
                                            folder,
                                            Duration{5},
                                            [] {
                                                return Moment{TimePoint{Duration{1000}}, {}};
                                            }},
                       std::make_unique<FakeDriver>(slow),
                       *events);
    }
    ~OneMachine() {
        worker.reset();
        std::error_code ignored_because_the_test_is_over;
        std::filesystem::remove_all(folder, ignored_because_the_test_is_over);
    }

    // The next event of this kind; the test fails when none comes within 10 s.
    template <typename Wanted>
    Wanted next() {
        const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{10};
        while (std::chrono::steady_clock::now() < give_up) {
            pollfd waiting{events->descriptor(), POLLIN, 0};
            (void)::poll(&waiting, 1, 100);
            for (const Event& event : events->take_all()) {
                if (const auto* wanted = std::get_if<Wanted>(&event)) return *wanted;
            }
        }
        FAIL("the event never came");
        return {};
    }

    effect::UploadToMachine upload() const { return {key, MachineId{"small"}, "f", hash_of(code)}; }
    StartOrder order() const {
        StartOrder order;
        order.work_order = key.work_order;
        order.epoch = order.highest_epoch_seen = 1;
        order.machine = MachineId{"small"};
        order.machine_file = "f";
        order.authorised_hash = hash_of(code);
        order.right_expires = TimePoint{Duration{2000}};
        order.bed_confirmed_clear = true;
        return order;
    }
};

TEST_CASE_METHOD(OneMachine, "a machine is looked at again and again", "[agent][worker]") {
    CHECK(next<event::MachineRead>().reading.condition == MachineCondition::idle);
    CHECK(next<event::MachineRead>().machine == MachineId{"small"});
}

TEST_CASE_METHOD(OneMachine,
                 "a file is uploaded, started through the gate, and cancelled",
                 "[agent][worker]") {
    worker->upload(upload());
    CHECK(next<event::UploadedToMachine>().key == key);
    worker->open_gate({order()});
    CHECK(next<event::StartGateAnswered>().outcome.kind == StartOutcome::Kind::started);
    worker->open_gate({order()});
    CHECK(next<event::StartGateAnswered>().outcome.kind == StartOutcome::Kind::refused);
    worker->cancel({key, MachineId{"small"}});
    CHECK(next<event::CancelAnswered>().ok);
    worker->cancel({key, MachineId{"small"}});
    CHECK_FALSE(next<event::CancelAnswered>().ok);
}

TEST_CASE_METHOD(OneMachine,
                 "a start does not wait behind the uploads of other files",
                 "[agent][worker]") {
    worker->upload(upload());
    (void)next<event::UploadedToMachine>();
    const AttemptKey other{WorkOrderId{"w2"}, 1};
    worker->upload({other, MachineId{"small"}, "slow", hash_of(code)});
    worker->upload({other, MachineId{"small"}, "g", hash_of(code)});
    worker->open_gate({order()});
    slow->release();
    int uploads = 0;
    int uploads_before_start = -1;
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (uploads < 2 && std::chrono::steady_clock::now() < give_up) {
        pollfd waiting{events->descriptor(), POLLIN, 0};
        (void)::poll(&waiting, 1, 100);
        for (const Event& event : events->take_all()) {
            uploads += std::holds_alternative<event::UploadedToMachine>(event) ? 1 : 0;
            if (const auto* gate = std::get_if<event::StartGateAnswered>(&event)) {
                CHECK(gate->outcome.kind == StartOutcome::Kind::started);
                uploads_before_start = uploads;
            }
        }
    }
    CHECK(uploads == 2);
    // At most the one that was under way.
    CHECK(uploads_before_start >= 0);
    CHECK(uploads_before_start <= 1);
}

TEST_CASE_METHOD(OneMachine, "a right that is over starts nothing", "[agent][worker]") {
    worker->upload(upload());
    (void)next<event::UploadedToMachine>();
    StartOrder late = order();
    late.right_expires = TimePoint{Duration{1000}};
    worker->open_gate({late});
    CHECK(next<event::StartGateAnswered>().outcome.kind == StartOutcome::Kind::refused);
}

TEST_CASE_METHOD(OneMachine,
                 "prepared bytes that changed on the disk never reach the machine",
                 "[agent][worker]") {
    const std::vector<std::uint8_t> other{'X'};
    REQUIRE(write_durably(folder / hash_of(code).hex(), other));
    worker->upload(upload());
    const auto failed = next<event::UploadFailed>();
    CHECK_FALSE(failed.may_retry);
    CHECK_THAT(failed.reason, Catch::Contains("is not what was prepared"));
}

}  // namespace
}  // namespace nearfab::agent
