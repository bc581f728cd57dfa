// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/machine_worker.hpp"

#include "host/durable_file.hpp"
#include "node-agent/core/start_gate.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace nearfab::agent {
namespace {

constexpr std::size_t machine_code_bytes_max = 200'000'000;

bool may_retry(ErrorCode code) {
    return code == ErrorCode::unavailable || code == ErrorCode::timed_out;
}

// Some machines forget how a run ended when they are not looked at in time.
Duration shorter_poll(Duration configured, const DriverTraits& traits) {
    const Duration needed = traits.look_at_least_every;
    return needed.count() > 0 ? std::min(configured, needed) : configured;
}

}  // namespace

MachineWorker::MachineWorker(MachineWorkerOptions options,
                             std::unique_ptr<MachineDriver> driver,
                             EventQueue& events)
    : options_{std::move(options)},
      driver_{std::move(driver)},
      events_{events},
      poll_{shorter_poll(options_.poll, driver_->traits())},
      thread_{[this](const std::stop_token& stop) { work(stop); }} {}

MachineWorker::~MachineWorker() {
    thread_.request_stop();
    driver_->interrupt();
    thread_.join();
}

void MachineWorker::open_gate(effect::OpenStartGate order) {
    gate_key_ = AttemptKey{order.order.work_order, order.order.epoch};
    gate_revoked_ = std::make_shared<std::atomic<bool>>(false);
    submit_first(GateTask{std::move(order), gate_revoked_});
}

void MachineWorker::revoke(const effect::RevokeStart& what) {
    if (gate_key_ != what.key) return;
    gate_revoked_->store(true);
    bool was_waiting = false;
    {
        const std::lock_guard lock{mutex_};
        was_waiting = std::erase_if(tasks_, [](const Task& task) {
                          return std::holds_alternative<GateTask>(task);
                      }) > 0;
    }
    if (!was_waiting) return;  // The gate answers.
    events_.push(event::StartGateAnswered{
        what.key, {StartOutcome::Kind::revoked, "the start was taken back: " + what.reason}});
}

void MachineWorker::cancel(effect::CancelRun task) {
    submit_stop(std::move(task));
}

void MachineWorker::pause(effect::PauseRun task) {
    submit_stop(std::move(task));
}

void MachineWorker::submit_stop(Task task) {
    {
        const std::lock_guard lock{mutex_};
        tasks_.push_front(std::move(task));
        driver_->make_way(true);
    }
    wake_.notify_one();
}

void MachineWorker::submit_first(Task task) {
    {
        const std::lock_guard lock{mutex_};
        tasks_.push_front(std::move(task));
    }
    wake_.notify_one();
}

void MachineWorker::submit(Task task) {
    {
        const std::lock_guard lock{mutex_};
        tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
}

void MachineWorker::work(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        if (!is_urgent()) look();
        std::optional<Task> task;
        {
            std::unique_lock lock{mutex_};
            wake_.wait_for(lock, stop, poll_, [this] { return may_begin_one(); });
            if (stop.stop_requested()) return;  // What was not begun is found again at restart.
            if (may_begin_one()) task = take_first();
        }
        if (task) std::visit([this](const auto& what) { carry_out(what); }, *task);
    }
}

// Under the lock.
bool MachineWorker::stop_waits() const {
    return std::any_of(tasks_.begin(), tasks_.end(), is_stop);
}

bool MachineWorker::is_stop(const Task& task) {
    return std::holds_alternative<effect::CancelRun>(task) ||
           std::holds_alternative<effect::PauseRun>(task);
}

// Under the lock: between the stop that is taken here and the next that comes, uploads go on.
MachineWorker::Task MachineWorker::take_first() {
    Task task = std::move(tasks_.front());
    tasks_.pop_front();
    if (is_stop(task)) driver_->make_way(stop_waits());
    return task;
}

// An upload that failed while a stop waited was broken off for it: it is done again, behind the
// stop and before the other uploads.
bool MachineWorker::made_way(const effect::UploadToMachine& task) {
    const std::lock_guard lock{mutex_};
    if (!stop_waits()) return false;
    const auto place = std::find_if(tasks_.begin(), tasks_.end(), [](const Task& waiting) {
        return std::holds_alternative<effect::UploadToMachine>(waiting);
    });
    tasks_.insert(place, task);
    return true;
}

// A long upload would keep us from looking, and a machine that soon forgets how a run ended would
// have forgotten: what is put on it waits until it has ended. Under the lock.
bool MachineWorker::may_begin_one() const {
    if (tasks_.empty()) return false;
    const bool forgets = driver_->traits().look_at_least_every.count() > 0;
    return !forgets || !runs_ || !std::holds_alternative<effect::UploadToMachine>(tasks_.front());
}

// Starts and stops do not even wait for a look, which may go over a slow network.
bool MachineWorker::is_urgent() {
    const std::lock_guard lock{mutex_};
    return !tasks_.empty() && !std::holds_alternative<effect::UploadToMachine>(tasks_.front());
}

void MachineWorker::look() {
    MachineReading reading = driver_->read();
    runs_ = reading.condition == MachineCondition::running ||
            reading.condition == MachineCondition::paused;
    events_.push(event::MachineRead{options_.machine, std::move(reading)});
}

void MachineWorker::carry_out(const effect::UploadToMachine& task) {
    const Status status = put_on_machine(task);
    if (status) {
        events_.push(event::UploadedToMachine{task.key});
    } else if (!may_retry(status.error().code) || !made_way(task)) {
        events_.push(
            event::UploadFailed{task.key, status.error().message, may_retry(status.error().code)});
    }
}

Status MachineWorker::put_on_machine(const effect::UploadToMachine& task) {
    const auto bytes =
        read_file(options_.machine_code / task.machine_code.hex(), machine_code_bytes_max);
    if (!bytes) return fail(bytes.error());
    // The disk may have changed them since they were prepared.
    if (hash_of(*bytes) != task.machine_code) {
        return fail(ErrorCode::storage,
                    "the prepared file " + task.machine_file +
                        " is not what was prepared: its hash differs");
    }
    return driver_->upload(task.machine_file, *bytes);
}

void MachineWorker::carry_out(const GateTask& task) {
    const StartOrder& order = task.effect.order;
    StartOutcome outcome =
        StartGate::open(order, *driver_, options_.now, [&task] { return task.revoked->load(); });
    events_.push(event::StartGateAnswered{{order.work_order, order.epoch}, std::move(outcome)});
}

void MachineWorker::carry_out(const effect::CancelRun& task) {
    const Status status = stop(task);
    events_.push(event::CancelAnswered{
        task.key, status.has_value(), status ? std::string{} : status.error().message});
}

// A driver stops whatever runs, and that may be the fab's own work by now.
Status MachineWorker::stop(const effect::CancelRun& task) {
    const MachineReading reading = driver_->read();
    const bool active = reading.condition == MachineCondition::running ||
                        reading.condition == MachineCondition::paused;
    if (active && reading.file != task.machine_file) {
        return fail(ErrorCode::conflict,
                    "the machine runs " + reading.file + ", not " + task.machine_file);
    }
    return driver_->cancel();
}

void MachineWorker::carry_out(const effect::PauseRun& task) {
    const Status status = pause_or_go_on(task);
    event::PauseAnswered answer{task.key, std::nullopt};
    if (!status) answer.error = status.error();
    events_.push(std::move(answer));
}

// The machine may have gone on, or to something else, since the core last heard of it.
Status MachineWorker::pause_or_go_on(const effect::PauseRun& task) {
    const std::string name = "machine " + options_.machine.text();
    const std::string at_it = "do it at the machine";
    if (!driver_->traits().can_pause) {
        return fail(ErrorCode::unsupported, name + " cannot be paused from here", at_it);
    }
    const MachineReading reading = driver_->read();
    if (reading.condition == MachineCondition::unreachable) {
        return fail(ErrorCode::unavailable, name + " does not answer", at_it);
    }
    const bool paused = reading.condition == MachineCondition::paused;
    if (!paused && reading.condition != MachineCondition::running) {
        return fail(ErrorCode::conflict, name + " runs nothing", "look at the machine");
    }
    if (reading.file != task.machine_file) {
        return fail(ErrorCode::conflict,
                    name + " runs " + reading.file + ", not " + task.machine_file,
                    "look at the machine");
    }
    if (paused != task.go_on) {
        return fail(ErrorCode::conflict,
                    name + (paused ? " was paused meanwhile, at the machine"
                                   : " went on meanwhile, at the machine"),
                    "");
    }
    if (!task.go_on) return driver_->pause();
    if (task.until && options_.now().boot >= *task.until) {
        return fail(ErrorCode::unavailable,
                    name + " was busy for too long: nothing was done",
                    "say it again if it is still right");
    }
    return driver_->resume();
}

}  // namespace nearfab::agent
