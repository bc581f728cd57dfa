// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/machine_worker.hpp"

#include "host/durable_file.hpp"
#include "host/random.hpp"

#include <catch2/catch.hpp>

#include <atomic>
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
// The upload of a file called "slow" takes until the test releases it; so does the question for the
// hash, or the start, of one called "slow_hash" or "slow_start".
struct Slowness {
    std::binary_semaphore begun{0};
    std::binary_semaphore go_on{0};
    std::atomic<int> starts{0};
    std::atomic<int> cancels{0};
    std::atomic<int> uploads{0};
    std::atomic<bool> pauses{true};  // Can it?
    std::atomic<bool> paused{false};
    std::atomic<bool> away{false};
    std::atomic<bool> forgets{false};  // How a run ended, unless it is looked at often.

    std::atomic<bool> yields{false};  // Whether a slow upload makes way for what is urgent.
    std::atomic<bool> way_wanted{false};

    bool wait() {
        begun.release();
        return go_on.try_acquire_for(std::chrono::seconds{10});
    }
    bool uploaded() { return wait() && !(yields && way_wanted); }
};

class FakeDriver final : public MachineDriver {
public:
    explicit FakeDriver(std::shared_ptr<Slowness> slow) : slow_{std::move(slow)} {}
    Result<MachineIdentity> identify() override { return MachineIdentity{}; }
    MachineReading read() override {
        MachineReading reading;
        reading.condition = runs_.empty() ? MachineCondition::idle : MachineCondition::running;
        reading.file = runs_;
        if (slow_->paused) reading.condition = MachineCondition::paused;
        if (slow_->away) reading = {};
        return reading;
    }
    DriverTraits traits() const override {
        DriverTraits traits;
        traits.can_pause = slow_->pauses;
        if (slow_->forgets) traits.look_at_least_every = std::chrono::seconds{5};
        return traits;
    }
    Status upload(const std::string& name, std::span<const std::uint8_t> bytes) override {
        ++slow_->uploads;
        if (name == "slow" && !slow_->uploaded()) {
            return fail(ErrorCode::timed_out, "broken off, or the test never went on");
        }
        files_[name] = hash_of(bytes);
        return {};
    }
    Result<ContentHash> stored_hash(const std::string& name) override {
        if (name == "slow_hash" && !slow_->wait()) {
            return fail(ErrorCode::timed_out, "the test never went on");
        }
        const auto at = files_.find(name);
        if (at == files_.end()) return fail(ErrorCode::not_found, "no file " + name);
        return at->second;
    }
    Status start(const StartPermit& permit) override {
        ++slow_->starts;
        if (permit.machine_file() == "slow_start" && !slow_->wait()) {
            return fail(ErrorCode::timed_out, "the test never went on");
        }
        runs_ = permit.machine_file();
        return {};
    }
    void make_way(bool wanted) override {
        slow_->way_wanted = wanted;
        if (slow_->yields && wanted) slow_->go_on.release();
    }
    Status pause() override {
        slow_->paused = true;
        return {};
    }
    Status resume() override {
        slow_->paused = false;
        return {};
    }
    Status cancel() override {
        if (runs_.empty()) return fail(ErrorCode::conflict, "nothing runs");
        ++slow_->cancels;
        runs_.clear();
        return {};
    }

private:
    std::shared_ptr<Slowness> slow_;
    std::map<std::string, ContentHash> files_;
    std::string runs_;
};

struct OneMachine {
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("nearfab-worker-" + random_hex(8));
    std::shared_ptr<Slowness> slow = std::make_shared<Slowness>();
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

    effect::UploadToMachine upload(const std::string& file = "f") const {
        return {key, MachineId{"small"}, file, hash_of(code)};
    }
    effect::CancelRun cancel(const std::string& file = "f") const {
        return {key, MachineId{"small"}, file};
    }
    effect::PauseRun pause(bool go_on = false, const std::string& file = "f") const {
        effect::PauseRun what{key, MachineId{"small"}, file, go_on, std::nullopt};
        if (go_on) what.until = TimePoint{Duration{2000}};
        return what;
    }
    void start() {
        worker->upload(upload());
        (void)next<event::UploadedToMachine>();
        worker->open_gate({order()});
        REQUIRE(next<event::StartGateAnswered>().outcome.kind == StartOutcome::Kind::started);
    }
    // The error of the next answer to a pause, if there is one.
    std::optional<ErrorCode> pause_error() {
        const auto error = next<event::PauseAnswered>().error;
        return error ? std::optional{error->code} : std::nullopt;
    }
    effect::RevokeStart revoke() const { return {key, MachineId{"small"}, "drained"}; }
    StartOrder order(const std::string& file = "f") const {
        StartOrder order;
        order.work_order = key.work_order;
        order.epoch = order.highest_epoch_seen = 1;
        order.machine = MachineId{"small"};
        order.machine_file = file;
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
    worker->cancel(cancel());
    CHECK(next<event::CancelAnswered>().ok);
    worker->cancel(cancel());
    CHECK_FALSE(next<event::CancelAnswered>().ok);
}

TEST_CASE_METHOD(OneMachine,
                 "a machine that soon forgets how a run ended is not kept from being looked at",
                 "[agent][worker]") {
    slow->forgets = true;
    worker->upload(upload());
    (void)next<event::UploadedToMachine>();
    worker->open_gate({order()});
    REQUIRE(next<event::StartGateAnswered>().outcome.kind == StartOutcome::Kind::started);
    while (next<event::MachineRead>().reading.condition != MachineCondition::running) {
    }
    worker->upload(upload("g"));
    for (int i = 0; i < 5; ++i)
        CHECK(next<event::MachineRead>().reading.condition == MachineCondition::running);
    CHECK(slow->uploads == 1);
    worker->cancel(cancel());
    CHECK(next<event::UploadedToMachine>().key == key);
    CHECK(slow->uploads == 2);
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
    slow->go_on.release();
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

TEST_CASE_METHOD(OneMachine,
                 "a stop does not wait behind the uploads of other files",
                 "[agent][worker]") {
    worker->upload(upload());
    (void)next<event::UploadedToMachine>();
    worker->open_gate({order()});
    CHECK(next<event::StartGateAnswered>().outcome.kind == StartOutcome::Kind::started);
    worker->upload(upload("slow"));
    slow->begun.acquire();
    for (const char* file : {"g", "h", "i"})
        worker->upload(upload(file));
    worker->cancel(cancel());
    slow->go_on.release();
    std::vector<std::string> order_of_things;
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (order_of_things.size() < 5 && std::chrono::steady_clock::now() < give_up) {
        pollfd waiting{events->descriptor(), POLLIN, 0};
        (void)::poll(&waiting, 1, 100);
        for (const Event& event : events->take_all()) {
            if (std::holds_alternative<event::UploadedToMachine>(event)) {
                order_of_things.emplace_back("upload");
            }
            if (const auto* cancelled = std::get_if<event::CancelAnswered>(&event)) {
                CHECK(cancelled->ok);
                order_of_things.emplace_back("stop");
            }
        }
    }
    CHECK(order_of_things ==
          std::vector<std::string>{"upload", "stop", "upload", "upload", "upload"});
}

TEST_CASE_METHOD(OneMachine,
                 "an upload under way makes way for a stop and is done again afterwards",
                 "[agent][worker]") {
    slow->yields = true;
    worker->upload(upload());
    (void)next<event::UploadedToMachine>();
    worker->open_gate({order()});
    REQUIRE(next<event::StartGateAnswered>().outcome.kind == StartOutcome::Kind::started);
    worker->upload(upload("slow"));
    slow->begun.acquire();
    worker->upload(upload("g"));
    // Nobody lets the upload go on but the stop itself.
    worker->cancel(cancel());
    CHECK(next<event::CancelAnswered>().ok);
    slow->begun.acquire();
    CHECK(slow->uploads == 3);
    CHECK_FALSE(slow->way_wanted);
    slow->go_on.release();
    (void)next<event::UploadedToMachine>();
    while (slow->uploads < 4)
        std::this_thread::yield();
}

TEST_CASE_METHOD(OneMachine, "a stop never ends the run of somebody else", "[agent][worker]") {
    worker->upload(upload());
    (void)next<event::UploadedToMachine>();
    worker->open_gate({order()});
    CHECK(next<event::StartGateAnswered>().outcome.kind == StartOutcome::Kind::started);
    worker->cancel(cancel("another file"));
    const auto answer = next<event::CancelAnswered>();
    CHECK_FALSE(answer.ok);
    CHECK(answer.reason == "the machine runs f, not another file");
    CHECK(slow->cancels == 0);
}

TEST_CASE_METHOD(OneMachine, "a run is held, and goes on with the same file", "[agent][worker]") {
    start();
    worker->pause(pause());
    CHECK_FALSE(pause_error());
    CHECK(slow->paused);
    worker->pause(pause(true));
    CHECK_FALSE(pause_error());
    CHECK_FALSE(slow->paused);
}

TEST_CASE_METHOD(OneMachine, "only what is ours is held, and as it is now", "[agent][worker]") {
    worker->pause(pause());
    CHECK(pause_error() == ErrorCode::conflict);  // It runs nothing.
    start();
    worker->pause(pause(false, "another file"));
    CHECK(pause_error() == ErrorCode::conflict);
    worker->pause(pause(true));  // It is not paused.
    CHECK(pause_error() == ErrorCode::conflict);
    CHECK_FALSE(slow->paused);
    slow->paused = true;  // By hand, a moment ago.
    worker->pause(pause());
    CHECK(pause_error() == ErrorCode::conflict);
    worker->pause(pause(true, "another file"));
    CHECK(pause_error() == ErrorCode::conflict);
    auto late = pause(true);
    late.until = TimePoint{Duration{1000}};
    worker->pause(late);
    CHECK(pause_error() == ErrorCode::unavailable);
    slow->away = true;
    worker->pause(pause(true));
    CHECK(pause_error() == ErrorCode::unavailable);
    slow->away = false;
    slow->pauses = false;
    worker->pause(pause(true));
    CHECK(pause_error() == ErrorCode::unsupported);
    CHECK(slow->paused);
}

TEST_CASE_METHOD(OneMachine, "a pause does not wait for an upload", "[agent][worker]") {
    slow->yields = true;
    start();
    worker->upload(upload("slow"));
    slow->begun.acquire();
    worker->pause(pause());
    CHECK_FALSE(pause_error());
    CHECK(slow->paused);
    slow->begun.acquire();  // The upload is done again.
    slow->go_on.release();
    (void)next<event::UploadedToMachine>();
}

TEST_CASE_METHOD(OneMachine,
                 "a start that still waits is taken back and answered at once",
                 "[agent][worker]") {
    worker->upload(upload());
    (void)next<event::UploadedToMachine>();
    worker->upload(upload("slow"));
    slow->begun.acquire();
    worker->open_gate({order()});
    worker->revoke(revoke());
    // The upload has not gone on yet.
    const auto answer = next<event::StartGateAnswered>();
    CHECK(answer.key == key);
    CHECK(answer.outcome.kind == StartOutcome::Kind::revoked);
    CHECK_THAT(answer.outcome.reason, Catch::Contains("drained"));
    slow->go_on.release();
    (void)next<event::UploadedToMachine>();
    CHECK(slow->starts == 0);
}

TEST_CASE_METHOD(OneMachine,
                 "a start is taken back while the gate asks its questions",
                 "[agent][worker]") {
    worker->upload(upload("slow_hash"));
    (void)next<event::UploadedToMachine>();
    worker->open_gate({order("slow_hash")});
    slow->begun.acquire();
    worker->revoke(revoke());
    slow->go_on.release();
    CHECK(next<event::StartGateAnswered>().outcome.kind == StartOutcome::Kind::revoked);
    CHECK(slow->starts == 0);
}

TEST_CASE_METHOD(OneMachine,
                 "a start that is past the gate is answered as it ends, and can be stopped",
                 "[agent][worker]") {
    worker->upload(upload("slow_start"));
    (void)next<event::UploadedToMachine>();
    worker->open_gate({order("slow_start")});
    slow->begun.acquire();
    worker->revoke(revoke());
    slow->go_on.release();
    CHECK(next<event::StartGateAnswered>().outcome.kind == StartOutcome::Kind::started);
    worker->cancel(cancel("slow_start"));
    CHECK(next<event::CancelAnswered>().ok);
    CHECK(slow->cancels == 1);
}

TEST_CASE_METHOD(OneMachine,
                 "whenever a start is taken back there is one answer, and it is true",
                 "[agent][worker]") {
    worker->upload(upload());
    (void)next<event::UploadedToMachine>();
    for (int i = 0; i < 20; ++i) {
        const int before = slow->starts;
        worker->open_gate({order()});
        // Sometimes before, sometimes during, sometimes after the gate.
        if (i % 2 == 1) std::this_thread::sleep_for(std::chrono::microseconds{i * 5});
        worker->revoke(revoke());
        const auto kind = next<event::StartGateAnswered>().outcome.kind;
        const bool started = slow->starts != before;
        CHECK((kind == StartOutcome::Kind::started) == started);
        CHECK((kind == StartOutcome::Kind::revoked) == !started);
        if (!started) continue;
        worker->cancel(cancel());
        CHECK(next<event::CancelAnswered>().ok);
    }
}

TEST_CASE_METHOD(OneMachine,
                 "taking back what is not there does no harm to the next start",
                 "[agent][worker]") {
    worker->upload(upload());
    (void)next<event::UploadedToMachine>();
    worker->revoke(revoke());
    worker->open_gate({order()});
    worker->revoke({{WorkOrderId{"w2"}, 1}, MachineId{"small"}, "another attempt"});
    CHECK(next<event::StartGateAnswered>().outcome.kind == StartOutcome::Kind::started);
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

TEST_CASE("a machine that does not answer delays no other one", "[agent][worker]") {
    OneMachine dead;
    OneMachine alive;
    dead.worker->upload(dead.upload("slow"));
    REQUIRE(dead.slow->begun.try_acquire_for(std::chrono::seconds{10}));
    alive.worker->upload(alive.upload());
    (void)alive.next<event::UploadedToMachine>();
    alive.worker->open_gate({alive.order()});
    CHECK(alive.next<event::StartGateAnswered>().outcome.kind == StartOutcome::Kind::started);
    alive.worker->cancel(alive.cancel());
    CHECK(alive.next<event::CancelAnswered>().ok);
    dead.slow->go_on.release();
    (void)dead.next<event::UploadedToMachine>();
}

}  // namespace
}  // namespace nearfab::agent
