// SPDX-License-Identifier: GPL-3.0-or-later
// What a Grbl is sent and when; what it says is taken in by grbl_controller_lines.cpp.

#include "node-agent/drivers/grbl/grbl_controller.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace nearfab::agent {
namespace {

constexpr char ask_report = '?';
constexpr char hold_now = '!';
constexpr char go_on_now = '~';
constexpr char reset_now = '\x18';
constexpr char open_door = '\x84';     // Hold, and spindle off; in all three firmwares.
constexpr char stop_spindle = '\x9E';  // Only obeyed while it is held.
constexpr Duration banner_max = std::chrono::seconds{4};
constexpr Duration dark_wait = std::chrono::seconds{1};
constexpr Duration lost_after = std::chrono::seconds{5};  // Of silence without a run.
// The dwell is answered when every move before it has been made.
constexpr std::array<std::string_view, 2> tail{"G4P0.01\n", "M5\n"};

}  // namespace

void GrblController::opened(TimePoint now) {
    phase_ = Phase::awaits_banner;
    phase_until_ = now + rules_.banner_wait;
    broken_.reset();
    partial_.clear();
    forget_owed();
    questions_.clear();
    report_.reset();
    at_once_.clear();
    if (was_cut_off_) {  // Only our own program can be running there.
        was_cut_off_ = false;
        send_at_once(hold_now);
        send_at_once(reset_now);
    }
}

void GrblController::lost(TimePoint, const std::string& why) {
    phase_ = Phase::closed;
    closed_why_ = why;
    at_once_.clear();
    report_.reset();
    stop_.reset();
    if (!job_) return;
    was_cut_off_ = true;
    const std::size_t lines = job_->program->lines();
    if (job_->next < lines) {
        end_job(RunOutcome::failed,
                "the link was lost when line " + std::to_string(job_->next) + " of " +
                    std::to_string(lines) + " had been sent");
    }
    job_.reset();  // All lines were sent: nobody can say whether it came to its end.
}

void GrblController::forget_owed() {
    owed_.clear();
    owed_bytes_ = 0;
    question_sent_ = false;
}

std::size_t GrblController::window() const {
    const std::size_t room = receive_bytes_ > 16 ? receive_bytes_ - 8 : 8;
    return std::min(room, rules_.window_bytes);
}

std::string GrblController::next_line(std::size_t bytes_max) {
    if (stop_ || phase_ == Phase::closed) return {};
    std::string line;
    if (phase_ == Phase::asks) {
        if (!owed_.empty() || question_sent_ || questions_.empty()) return {};
        line = questions_.front() + "\n";
        if (line.size() > bytes_max) return {};
        question_sent_ = true;
    } else if (job_ && !job_->held && !job_->held_for_presence) {
        const bool body = job_->next < job_->program->lines();
        if (!body && job_->tail == tail.size()) return {};
        const std::string_view next = body ? job_->program->line(job_->next) : tail[job_->tail];
        if (next.size() > bytes_max || owed_bytes_ + next.size() > window()) return {};
        line = next;
        ++(body ? job_->next : job_->tail);
    } else {
        return {};
    }
    owed_.push_back(line.size());
    owed_bytes_ += line.size();
    return line;
}

void GrblController::begin_asking(TimePoint now) {
    phase_ = Phase::asks;
    questions_ = {"$I", "$N", "$$"};
    question_sent_ = false;
    question_until_ = now + rules_.answer_max;
    startup_blocks_.clear();
}

void GrblController::reset(TimePoint now) {
    send_at_once(reset_now);
    if (!stop_) stop_ = Stop{};
    stop_->reset_sent = true;
    stop_->reset_at = now + banner_max;
}

void GrblController::ask_for_report(TimePoint now) {
    send_at_once(ask_report);
    asked_report_at_ = now;
}

void GrblController::end_job(RunOutcome outcome, const std::string& detail) {
    if (!job_) return;
    last_run_ = LastRun{job_->name, outcome, detail};
    job_.reset();
}

void GrblController::hold_and_darken(TimePoint now) {
    send_at_once(rules_.kind == GrblKind::mill ? open_door : hold_now);
    job_->dark_at = now + dark_wait;
}

// Some builds know no door, and some leave the beam on while they hold.
void GrblController::watch_dark(TimePoint now) {
    if (!job_ || !job_->dark_at || now < *job_->dark_at || !report_) return;
    job_->dark_at.reset();
    if (report_->state == "Door") return;
    if (report_->state != "Hold") {
        (void)stop(now, "it did not hold when nobody was there any more", RunOutcome::failed);
    } else if (rules_.kind == GrblKind::mill) {
        send_at_once(stop_spindle);
    } else if (firmware_ == GrblFirmware::grbl && report_->spindle.value_or(0) > 0) {
        (void)stop(now, "its beam stays on while it holds", RunOutcome::failed);
    }
}

void GrblController::tick(TimePoint now) {
    if (phase_ == Phase::closed) return;
    watch_opening(now);
    watch_stop(now);
    if (job_ && !stop_) {
        watch_presence(now);
        watch_dark(now);
        watch_run(now);
    }
    const bool asks_reports = phase_ == Phase::ready || phase_ == Phase::awaits_report;
    const bool lively = job_ || (report_ && report_->state != "Idle" && report_->state != "Alarm");
    const Duration pause = lively ? rules_.report_active : rules_.report_idle;
    if (asks_reports && now >= asked_report_at_ + pause) ask_for_report(now);
}

void GrblController::watch_opening(TimePoint now) {
    if (phase_ == Phase::asks && now >= question_until_) {
        broken_ = "the controller was asked " +
                  (questions_.empty() ? std::string{} : questions_.front()) + " and says nothing";
    }
    const bool waits = phase_ == Phase::awaits_banner || phase_ == Phase::awaits_report ||
                       phase_ == Phase::awaits_reset;
    if (!waits || now < phase_until_) return;
    if (phase_ == Phase::awaits_banner) {
        phase_ = Phase::awaits_report;
        phase_until_ = now + rules_.banner_wait;
        ask_for_report(now);
    } else if (phase_ == Phase::awaits_report) {
        // Silent for so long, it runs no program that a reset could spoil.
        phase_ = Phase::awaits_reset;
        phase_until_ = now + banner_max;
        send_at_once(reset_now);
    } else {
        broken_ = "no Grbl answers there; check the port, its speed, and that the board has power";
    }
}

void GrblController::watch_presence(TimePoint now) {
    if (job_->held_for_presence || !presence_until_ || now < *presence_until_) return;
    job_->held_for_presence = true;
    if (!job_->held) hold_and_darken(now);
}

void GrblController::watch_run(TimePoint now) {
    const bool homes = report_ && report_->state == "Home";  // It is silent then.
    const TimePoint heard = std::max(report_at_, job_->begun_at);
    if (!homes && now >= heard + rules_.silence_max) {
        (void)stop(now, "it did not answer for 2 s while it ran", RunOutcome::failed);
        return;
    }
    const bool runs = report_ && report_->state == "Run" && !job_->program->dwells;
    if (runs && now >= job_->moved_at + rules_.still_max) {
        (void)stop(now, "it says Run and has not moved for two minutes", RunOutcome::failed);
    }
}

void GrblController::watch_stop(TimePoint now) {
    if (!stop_ || now < stop_->reset_at) return;
    if (stop_->reset_sent) {
        broken_ = "the controller was reset and did not come back";
        stop_.reset();
        return;
    }
    end_job(stop_->outcome, stop_->why);
    reset(now);
}

TimePoint GrblController::next_deadline(TimePoint now) const {
    TimePoint next = now + rules_.report_idle;
    const bool lively = job_ || phase_ != Phase::ready;
    if (lively) next = now + rules_.report_active;
    const auto also = [&next](TimePoint at) { next = std::min(next, at); };
    if (phase_ == Phase::ready) {
        also(asked_report_at_ + (job_ ? rules_.report_active : rules_.report_idle));
    }
    if (stop_) also(stop_->reset_at);
    if (job_ && presence_until_ && !job_->held_for_presence) also(*presence_until_);
    if (job_ && job_->dark_at) also(*job_->dark_at);
    return std::max(next, now);
}

Status GrblController::begin(TimePoint now,
                             std::string name,
                             std::shared_ptr<const LineProgram> program,
                             std::optional<TimePoint> presence_until) {
    if (const auto why = why_not_ready()) return fail(ErrorCode::conflict, *why);
    if (!presence_until || now >= *presence_until) {
        return fail(ErrorCode::conflict, "nobody is confirmed to be at the machine");
    }
    presence_until_ = presence_until;
    Job job;
    job.name = std::move(name);
    job.program = std::move(program);
    job.begun_at = job.moved_at = now;
    job_ = std::move(job);
    last_run_.reset();
    ask_for_report(now);
    return {};
}

std::optional<std::string> GrblController::why_not_ready() const {
    if (phase_ == Phase::closed) return "the machine cannot be reached: " + closed_why_;
    if (phase_ != Phase::ready || !report_) return "the machine has not said yet what it is";
    if (job_) return "the machine runs " + job_->name;
    if (stop_) return "the machine is being stopped";
    if (alarm_) return alarm_text(*alarm_, firmware_);
    if (report_->state != "Idle") return "the machine is not idle but in state " + report_->state;
    if (settings_.empty()) return "the machine does not tell its settings";
    const double laser = setting(32).value_or(0);
    if (rules_.kind == GrblKind::laser && laser != 1) {
        return "laser mode is off; set $32=1, or the beam stays on while it stands still";
    }
    if (rules_.kind == GrblKind::mill && laser == 1) {
        return "laser mode is on, and this machine is configured as a mill; set $32=0";
    }
    for (const std::string& block : startup_blocks_) {
        if (block.find_first_of("XYZxyz") != std::string::npos) {
            return "its startup block \"" + block + "\" moves the machine; remove it with $N0=";
        }
    }
    return std::nullopt;
}

Status GrblController::hold(TimePoint now) {
    if (!job_ || stop_) return fail(ErrorCode::conflict, "nothing runs that could be paused");
    job_->held = true;
    job_->moved_at = now;
    send_at_once(hold_now);
    ask_for_report(now);
    return {};
}

Status GrblController::go_on(TimePoint now) {
    if (!job_ || stop_ || !job_->held) {
        return fail(ErrorCode::conflict, "nothing is paused that could be resumed");
    }
    if (presence_until_ && now >= *presence_until_) {
        return fail(ErrorCode::conflict,
                    "nobody is confirmed to be at the machine",
                    "confirm it at the machine first");
    }
    job_->held = false;
    job_->held_for_presence = false;
    job_->moved_at = now;
    send_at_once(go_on_now);
    ask_for_report(now);
    return {};
}

Status GrblController::stop(TimePoint now, const std::string& why, RunOutcome outcome) {
    if (!job_) return fail(ErrorCode::conflict, "nothing runs that could be cancelled");
    if (stop_) return {};
    send_at_once(hold_now);
    ask_for_report(now);
    stop_ = Stop{now + rules_.stop_wait, why, outcome};
    return {};
}

void GrblController::attend(TimePoint now, TimePoint until) {
    presence_until_ = presence_until_ ? std::max(*presence_until_, until) : until;
    if (!job_ || !job_->held_for_presence || now >= *presence_until_) return;
    job_->held_for_presence = false;
    job_->dark_at.reset();
    job_->moved_at = now;
    if (!job_->held) send_at_once(go_on_now);
}

std::optional<double> GrblController::setting(int number) const {
    const auto at = settings_.find(number);
    return at == settings_.end() ? std::nullopt : std::optional{at->second};
}

// 200 x 200 x 200 mm without homing is what a board says that nobody has set up.
std::optional<std::array<double, 3>> GrblController::envelope_mm() const {
    std::array<double, 3> travel{};
    for (int axis = 0; axis < 3; ++axis) {
        const auto size = setting(130 + axis);
        if (!size || !(*size > 0)) return std::nullopt;
        travel[static_cast<std::size_t>(axis)] = *size;
    }
    const bool untouched = travel == std::array<double, 3>{200, 200, 200};
    const bool homes = (static_cast<int>(setting(22).value_or(0)) & 1) != 0;
    if (untouched && !homes) return std::nullopt;
    return travel;
}

MachineIdentity GrblController::identity() const {
    MachineIdentity identity;
    identity.kind = "grbl";
    identity.model = rules_.kind == GrblKind::laser ? "laser" : "mill";
    identity.firmware = version_;
    identity.envelope_mm = envelope_mm();
    identity.remarks = remarks();
    return identity;
}

std::vector<std::string> GrblController::remarks() const {
    std::vector<std::string> all;
    const auto bit = [this](int number) {
        return (static_cast<int>(setting(number).value_or(0)) & 1) != 0;
    };
    if (!envelope_mm()) all.push_back("the travel ($130 to $132) was never set up");
    if (!bit(22)) all.push_back("homing is off ($22): nothing knows where the axes stand");
    if (!bit(20)) all.push_back("soft limits are off ($20): a wrong program hits the frame");
    if (const auto why = why_not_ready()) all.push_back("it would take no start now: " + *why);
    return all;
}

MachineReading GrblController::reading(TimePoint now) const {
    MachineReading reading;
    reading.last_run = last_run_;
    if (phase_ == Phase::closed || broken_) {
        reading.detail = broken_.value_or(closed_why_);
        return reading;
    }
    if (alarm_) {
        reading.condition = MachineCondition::fault;
        reading.detail = alarm_text(*alarm_, firmware_) +
                         (loses_position(*alarm_) ? "" : "; then reset and unlock it there");
        return reading;
    }
    if (job_) {
        read_state_of_job(reading, now);
        return reading;
    }
    if (!report_ || now >= report_at_ + lost_after) {
        reading.detail = report_ ? "the controller does not answer any more"
                                 : "the controller is being asked what it is";
        return reading;
    }
    read_state_alone(reading);
    return reading;
}

void GrblController::read_state_of_job(MachineReading& reading, TimePoint now) const {
    const std::string state = report_ ? report_->state : "Run";
    const bool held = job_->held && (state == "Hold" || state == "Door");
    const bool waits = job_->held_for_presence || state == "Door" || state == "Tool";
    reading.condition = held || waits ? MachineCondition::paused : MachineCondition::running;
    reading.file = job_->name;
    const auto lines = static_cast<double>(job_->program->lines());
    reading.progress = static_cast<double>(job_->answered) / lines;
    if (job_->answered > 0) {
        const auto spent = std::chrono::duration<double>(now - job_->begun_at).count();
        reading.remaining_s = static_cast<std::int64_t>(spent / reading.progress - spent);
    }
    reading.detail = state + ", line " + std::to_string(job_->answered) + " of " +
                     std::to_string(job_->program->lines());
    if (job_->held_for_presence) {
        reading.detail =
            "held, because nobody has confirmed to be at the machine; confirm it there to go on";
    }
}

void GrblController::read_state_alone(MachineReading& reading) const {
    const std::string& state = report_->state;
    reading.detail = state;
    if (stop_ || phase_ != Phase::ready) {
        reading.condition = MachineCondition::busy;
        reading.detail = stop_ ? "being stopped" : "being asked what it is";
    }
    if (state == "Run" || state == "Hold") {
        reading.condition = state == "Run" ? MachineCondition::running : MachineCondition::paused;
        reading.file = "a program that is not ours";
    } else if (stop_ || phase_ != Phase::ready) {
        return;
    } else if (state == "Idle") {
        reading.condition = MachineCondition::idle;
    } else {
        reading.condition = MachineCondition::busy;
        if (state == "Alarm") reading.detail = "it is locked: home it at the machine, or unlock it";
        if (state == "Door") reading.detail = "its door is open";
        if (state == "Sleep") reading.detail = "it sleeps; reset it at the machine";
    }
}

}  // namespace nearfab::agent
