// SPDX-License-Identifier: GPL-3.0-or-later
// machine_worker.hpp - the thread that talks to one machine.
//
// It looks at the machine regularly and does what it is told in between, one thing at a time: a
// driver belongs to this thread alone. Whatever it is told comes back as one event. The methods
// may be called from the event loop's thread only, and never wait.

#pragma once

#include "base/clock.hpp"
#include "node-agent/core/effect.hpp"
#include "node-agent/drivers/machine_driver.hpp"
#include "node-agent/shell/event_queue.hpp"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <variant>

namespace nearfab::agent {

struct MachineWorkerOptions {
    MachineId machine;
    std::filesystem::path machine_code;  // Folder of prepared files, each named by its hash.
    Duration poll = std::chrono::seconds{2};
    std::function<Moment()> now;
};

class MachineWorker {
public:
    MachineWorker(MachineWorkerOptions options,
                  std::unique_ptr<MachineDriver> driver,
                  EventQueue& events);
    // Waits for what is being done. The machine goes on with what it does.
    ~MachineWorker();
    MachineWorker(const MachineWorker&) = delete;
    MachineWorker& operator=(const MachineWorker&) = delete;

    void upload(effect::UploadToMachine task) { submit(std::move(task)); }
    // Before everything that waits: a right to start runs out while files of others are uploaded,
    // and a machine that is to be stopped is stopped at once. For a stop, an upload that is under
    // way is broken off, and done again afterwards.
    void open_gate(effect::OpenStartGate order);
    void cancel(effect::CancelRun task);
    // Like a stop: a person waits for it.
    void pause(effect::PauseRun task);
    // A start that waits is taken away and answered at once. One that is under way is stopped at
    // the gate's last question; one that is past it cannot be taken back, and is answered as it
    // ends. For a start that was answered, or never handed out, nothing happens.
    void revoke(const effect::RevokeStart& what);
    // A person is at the machine until then. Reaches the driver at once, whatever it is doing.
    void attend(TimePoint until) { driver_->attend(until); }

private:
    // The flag is shared by the loop's thread, which sets it, and the gate, which asks.
    struct GateTask {
        effect::OpenStartGate effect;
        std::shared_ptr<std::atomic<bool>> revoked;
    };
    using Task =
        std::variant<effect::UploadToMachine, GateTask, effect::CancelRun, effect::PauseRun>;

    void submit(Task task);
    void submit_first(Task task);
    void submit_stop(Task task);
    [[nodiscard]] static bool is_stop(const Task& task);
    void work(const std::stop_token& stop);
    void carry_out(const effect::UploadToMachine& task);
    void carry_out(const GateTask& task);
    void carry_out(const effect::CancelRun& task);
    void carry_out(const effect::PauseRun& task);
    [[nodiscard]] Status put_on_machine(const effect::UploadToMachine& task);
    [[nodiscard]] Status stop(const effect::CancelRun& task);
    [[nodiscard]] Status pause_or_go_on(const effect::PauseRun& task);
    [[nodiscard]] bool is_urgent();
    [[nodiscard]] bool stop_waits() const;
    [[nodiscard]] Task take_first();
    [[nodiscard]] bool made_way(const effect::UploadToMachine& task);
    [[nodiscard]] bool may_begin_one() const;
    void look();

    MachineWorkerOptions options_;
    std::unique_ptr<MachineDriver> driver_;
    EventQueue& events_;
    Duration poll_;
    bool runs_ = false;  // At the last look.
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<Task> tasks_;
    // Of the start that was handed out last; only the loop's thread uses these two.
    std::optional<AttemptKey> gate_key_;
    std::shared_ptr<std::atomic<bool>> gate_revoked_;
    std::jthread thread_;  // Last: it uses everything above.
};

}  // namespace nearfab::agent
