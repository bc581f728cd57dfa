// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/line_driver.hpp"

#include "node-agent/core/start_gate.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace nearfab::agent {
namespace {

constexpr std::size_t unsent_bytes_max = 72;  // 6.3 ms at 115,200 baud.
constexpr Duration reopen_max = std::chrono::seconds{30};
constexpr Duration hear_every = std::chrono::milliseconds{200};
constexpr int pace_ms = 1;

std::string_view text_of(std::span<const std::uint8_t> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Result<std::unique_ptr<LineDriver>> LineDriver::open(LineDriverOptions options,
                                                     std::unique_ptr<LineController> controller) {
    if (!is_link_address(options.link.address)) {
        return fail(ErrorCode::invalid_argument,
                    "\"" + options.link.address + "\" is no serial port and no tcp address",
                    "write /dev/serial/by-id/NAME or tcp://HOST:PORT");
    }
    FileDescriptor wake{::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)};
    if (!wake.open()) {
        return fail(ErrorCode::internal, std::string{"no eventfd: "} + std::strerror(errno));
    }
    return std::unique_ptr<LineDriver>{
        new LineDriver{std::move(options), std::move(controller), std::move(wake)}};
}

LineDriver::LineDriver(LineDriverOptions options,
                       std::unique_ptr<LineController> controller,
                       FileDescriptor wake)
    : options_{std::move(options)},
      wake_{std::move(wake)},
      controller_{std::move(controller)},
      reopen_pause_{options_.reopen},
      thread_{[this](const std::stop_token& stop) { feed(stop); }} {}

LineDriver::~LineDriver() {
    {
        std::unique_lock lock{mutex_};
        interrupted_ = false;  // The machine must stand before we go.
        const bool ran = controller_->runs() || heard_runs_;
        if (controller_->runs()) {
            (void)controller_->stop(now(), "the agent was stopped", RunOutcome::aborted);
            write_at_once();
            this->wake();
        }
        // Also of a stop that was told before and is not on the wire yet: heaters stay on until
        // then.
        if (ran && link_ && !stands())
            (void)wait_until(lock, [this] { return stands() || !link_; });
    }
    thread_.request_stop();
    this->wake();
    thread_.join();
    // What we could not bring to a stand it stops, as if we had died.
    if (dead_man_ && heard_runs_ && !stands()) dead_man_->leave_it_to_it();
}

void LineDriver::wake() const {
    const std::uint64_t one = 1;
    (void)!::write(wake_.number(), &one, sizeof one);
}

// ---- The thread that owns the link --------------------------------------------------------------

void LineDriver::feed(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        // Only this thread changes the link. Opening may take seconds, so it holds no lock.
        if (!link_ && now() >= reopen_at_) open_link();
        std::array<pollfd, 2> waiting{};
        int limit_ms = 0;
        {
            const std::lock_guard lock{mutex_};
            waiting[0] = {wake_.number(), POLLIN, 0};
            waiting[1] = {link_ ? link_->descriptor() : -1, POLLIN, 0};
            if (!pending_.empty() || !urgent_.empty()) waiting[1].events |= POLLOUT;
            limit_ms = wait_ms();
        }
        (void)::poll(waiting.data(), waiting.size(), limit_ms);
        if (waiting[0].revents != 0) {
            std::uint64_t count = 0;
            (void)!::read(wake_.number(), &count, sizeof count);
        }
        const std::lock_guard lock{mutex_};
        turn();
        changed_.notify_all();
    }
}

int LineDriver::wait_ms() const {
    const TimePoint moment = now();
    if (!link_) return static_cast<int>(std::max<std::int64_t>((reopen_at_ - moment).count(), 0));
    if (paced_) return pace_ms;
    TimePoint next = controller_->next_deadline(moment);
    if (heard_runs_) next = std::min(next, heard_at_ + hear_every);
    return static_cast<int>(std::max<std::int64_t>((next - moment).count(), 1));
}

void LineDriver::open_link() {
    auto opened = ByteLink::open(options_.link);
    const std::lock_guard lock{mutex_};
    if (!opened) {
        controller_->lost(now(), opened.error().message + "; " + opened.error().next);
        reopen_at_ = now() + reopen_pause_;
        reopen_pause_ = std::min(reopen_pause_ * 2, reopen_max);
        return;
    }
    link_.emplace(std::move(*opened));
    reopen_pause_ = options_.reopen;
    pending_.clear();
    controller_->opened(now());
    if (options_.last_words.empty()) return;
    auto watcher =
        DeadMan::watch(link_->descriptor(), options_.last_words, options_.last_words_pause);
    if (watcher) {
        dead_man_.emplace(std::move(*watcher));
    } else {
        lose_link("nothing could stop the machine if the agent died: " + watcher.error().message);
    }
}

void LineDriver::lose_link(const std::string& why) {
    controller_->lost(now(), why);
    dead_man_.reset();
    heard_runs_ = false;
    link_.reset();
    link_failure_.reset();
    pending_.clear();
    urgent_.clear();
    paced_ = false;
    reopen_at_ = now() + reopen_pause_;
}

void LineDriver::turn() {
    if (!link_) return;
    std::string bytes;
    const Status got = link_->read(bytes);
    if (!bytes.empty()) controller_->take(now(), bytes);
    if (!got) return lose_link(got.error().message);
    controller_->tick(now());
    // The second process knows of a run before its first line is sent, and of its end when what
    // stops it is on the wire and obeyed: we may be killed in between.
    const bool guarded = controller_->runs() || (heard_runs_ && !stands());
    if (guarded && !tell_dead_man(true) && controller_->runs()) {
        (void)controller_->stop(
            now(), "what stops the machine if the agent dies is gone itself", RunOutcome::failed);
    }
    write_at_once();
    if (urgent_.empty()) write_lines();
    if (link_failure_) return lose_link(*link_failure_);
    if (controller_->broken()) return lose_link(*controller_->broken());
    if (controller_->runs() || !stands() || !urgent_.empty()) return;
    if (tell_dead_man(false)) return;
    lose_link("what stops the machine if the agent dies is gone itself; the link is opened anew");
}

// False when there should be one and it is gone.
bool LineDriver::tell_dead_man(bool runs) {
    if (!dead_man_) return options_.last_words.empty();
    const TimePoint moment = now();
    if (moment < heard_at_ + hear_every && runs == heard_runs_) return true;
    heard_at_ = moment;
    heard_runs_ = runs;
    return dead_man_->hear(runs);
}

// From any thread, under the lock; a link that fails here is taken down by its own thread.
void LineDriver::write_at_once() {
    urgent_ += controller_->take_at_once();
    while (link_ && !link_failure_ && !urgent_.empty()) {
        const auto n = link_->write(urgent_.data(), urgent_.size());
        if (!n) {
            link_failure_ = n.error().message;
        } else if (*n == 0) {
            return;  // The kernel takes no more; the thread goes on when it does.
        } else {
            urgent_.erase(0, *n);
        }
    }
}

void LineDriver::write_lines() {
    paced_ = false;
    for (;;) {
        if (!pending_.empty()) {
            const auto n = link_->write(pending_.data(), pending_.size());
            if (!n) {
                link_failure_ = n.error().message;
                return;
            }
            pending_.erase(0, *n);
            if (!pending_.empty()) return;
        }
        const std::size_t unsent = link_->unsent();
        std::size_t room = unsent >= unsent_bytes_max ? 0 : unsent_bytes_max - unsent;
        if (unsent == 0) room = options_.line_bytes_max;
        pending_ = controller_->next_line(room);
        if (pending_.empty()) {
            // The line may only have to wait for those before it to leave.
            paced_ = unsent > 0 && controller_->runs();
            return;
        }
    }
}

// ---- What the machine's worker asks -------------------------------------------------------------

bool LineDriver::wait_until(std::unique_lock<std::mutex>& lock, const std::function<bool()>& so) {
    return changed_.wait_for(lock, options_.answer_limit, [&] { return interrupted_ || so(); }) &&
           so();
}

Status LineDriver::told(std::unique_lock<std::mutex>& lock,
                        const Status& status,
                        const std::function<bool()>& obeyed,
                        const std::string& what) {
    if (!status) return status;
    write_at_once();
    wake();
    if (wait_until(lock, obeyed)) return {};
    return fail(ErrorCode::timed_out, what, "look at the machine");
}

// It runs nothing of ours, and what ended it has been said.
bool LineDriver::stands() const {
    return !controller_->runs() && controller_->reading(now()).condition != MachineCondition::busy;
}

DriverTraits LineDriver::traits() const {
    return options_.traits;
}

Result<MachineIdentity> LineDriver::identify() {
    std::unique_lock lock{mutex_};
    if (!wait_until(lock, [this] { return controller_->knows_itself(); })) {
        return fail(ErrorCode::unavailable,
                    options_.link.address + ": " + controller_->reading(now()).detail,
                    "check cable, power and speed");
    }
    return controller_->identity();
}

MachineReading LineDriver::read() {
    const std::lock_guard lock{mutex_};
    return controller_->reading(now());
}

Status LineDriver::upload(const std::string& name, std::span<const std::uint8_t> bytes) {
    const ContentHash hash = nearfab::hash_of(bytes);
    {
        const std::lock_guard lock{mutex_};
        const auto held = programs_.find(name);
        if (held != programs_.end()) {
            if (held->second.hash == hash) return {};
            return fail(ErrorCode::conflict, "another program is called " + name);
        }
    }
    auto program = options_.read_program(text_of(bytes));
    if (!program) return fail(program.error());
    const std::lock_guard lock{mutex_};
    programs_[name] = {std::make_shared<const LineProgram>(std::move(*program)), hash, ++uploads_};
    if (programs_.size() > line_programs_max) forget_one_program();
    return {};
}

// Those that were started are of no more use, then those that have waited longest.
void LineDriver::forget_one_program() {
    const auto worth = [this](const auto& entry) {
        return std::pair{!begun_.contains(entry.first), entry.second.order};
    };
    programs_.erase(
        std::min_element(programs_.begin(), programs_.end(), [&](const auto& a, const auto& b) {
            return worth(a) < worth(b);
        }));
}

Result<ContentHash> LineDriver::stored_hash(const std::string& name) {
    const std::lock_guard lock{mutex_};
    const auto at = programs_.find(name);
    if (at == programs_.end()) return fail(ErrorCode::not_found, "no program is called " + name);
    return at->second.hash;
}

Status LineDriver::start(const StartPermit& permit) {
    std::unique_lock lock{mutex_};
    // A part that failed lies on the bed: the same attempt is never run over it.
    if (begun_.contains(permit.machine_file())) {
        return fail(ErrorCode::conflict, permit.machine_file() + " was started before");
    }
    const auto at = programs_.find(permit.machine_file());
    if (at == programs_.end()) {
        return fail(ErrorCode::conflict, "no program is called " + permit.machine_file());
    }
    if (!options_.last_words.empty() && !dead_man_) {
        return fail(ErrorCode::conflict,
                    "nothing could stop the machine if the agent died",
                    "the link is opened anew by itself; if it is not, restart the agent");
    }
    // Another call may have had the lock for long.
    if (Status good = permit.still_good(); !good) return good;
    const Status begun =
        controller_->begin(now(), at->first, at->second.program, permit.presence_until());
    if (begun) begun_.insert(at->first);
    return told(
        lock,
        begun,
        [this] { return !controller_->runs() || controller_->lines_answered() > 0; },
        "the machine has not taken the first line yet");
}

Status LineDriver::pause() {
    std::unique_lock lock{mutex_};
    return told(
        lock,
        controller_->hold(now()),
        [this] { return controller_->reading(now()).condition != MachineCondition::running; },
        "the machine does not hold");
}

Status LineDriver::resume() {
    std::unique_lock lock{mutex_};
    return told(
        lock,
        controller_->go_on(now()),
        [this] { return controller_->reading(now()).condition != MachineCondition::paused; },
        "the machine does not go on");
}

Status LineDriver::cancel() {
    std::unique_lock lock{mutex_};
    return told(
        lock,
        controller_->stop(now(), "cancelled", RunOutcome::aborted),
        [this] { return stands(); },
        "the machine does not stop");
}

void LineDriver::attend(TimePoint until) {
    const std::lock_guard lock{mutex_};
    controller_->attend(now(), until);
    write_at_once();
    wake();
}

void LineDriver::interrupt() {
    {
        const std::lock_guard lock{mutex_};
        interrupted_ = true;
    }
    changed_.notify_all();
}

}  // namespace nearfab::agent
