// SPDX-License-Identifier: GPL-3.0-or-later
// What a Grbl is sent and when; what it says is taken in by grbl_controller_lines.cpp.

#include "node-agent/drivers/grbl/grbl_controller.hpp"

#include <algorithm>
#include <array>
#include <cmath>
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
constexpr double reach_slack_mm = 0.01;
constexpr Duration go_on_wait = std::chrono::seconds{3};  // Longer: it moves as a surprise.
// The dwell is answered when every move before it has been made.
constexpr std::array<std::string_view, 2> tail{"G4P0.01\n", "M5\n"};

std::string whole_text(double value) {
    return std::to_string(std::lround(value));
}

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
    was_cut_off_ = was_cut_off_ || job_ || stop_;  // A reset may not have come through.
    const std::optional<Stop> stop = std::exchange(stop_, std::nullopt);
    if (!job_) return;
    const std::size_t lines = job_->program->lines();
    if (job_->checks()) {
        end_job(stop ? stop->outcome : RunOutcome::aborted,
                stop ? stop->why : "the link was lost during the dry run, before anything moved");
    } else if (job_->next < lines) {
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
    } else if (job_ && !job_->held && job_->checks()) {
        const std::string_view next = next_dry_line();
        if (next.empty() || next.size() > bytes_max) return {};
        if (owed_bytes_ + next.size() > window()) return {};
        line = next;
        dry_line_sent();
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

void GrblController::reset_before_asking(TimePoint now) {
    phase_ = Phase::awaits_reset;
    phase_until_ = now + banner_max;
    send_at_once(reset_now);
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
        watch_dry_run(now);
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
        reset_before_asking(now);
    } else {
        broken_ = "no Grbl answers there; check the port, its speed, and that the board has power";
    }
}

void GrblController::watch_presence(TimePoint now) {
    if (job_->held_for_presence || !presence_until_ || now < *presence_until_) return;
    if (job_->checks()) {
        return spoil_dry_run(now, "nobody was confirmed to be at the machine any more");
    }
    job_->held_for_presence = true;
    // Also when it is paused: a spindle turns on then, with nobody there.
    hold_and_darken(now);
}

void GrblController::watch_run(TimePoint now) {
    const TimePoint heard = std::max(report_at_, job_->begun_at);
    if (now >= heard + rules_.silence_max) {
        (void)stop(now, "it did not answer for 2 s while it ran", RunOutcome::failed);
        return;
    }
    // An answer that was lost on the line never comes: it stands idle, and would for ever. While it
    // checks no dwell takes time.
    const bool dwells = job_->program->dwells && !job_->checks();
    const Duration still = dwells ? rules_.dwell_max : rules_.still_max;
    if (now < job_->moved_at + still) return;
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(still).count();
    const std::string why = "it has neither moved nor answered for " + std::to_string(minutes) +
                            " minutes; check the cable";
    if (job_->checks() && report_ && report_->state == "Check") return spoil_dry_run(now, why);
    (void)stop(now, why, RunOutcome::failed);
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
    if (job_ && job_->dry == Dry::settles && !job_->is_back) also(job_->back_by);
    return std::max(next, now);
}

Status GrblController::begin(TimePoint now,
                             std::string name,
                             std::shared_ptr<const LineProgram> program,
                             std::optional<TimePoint> presence_until) {
    if (const auto why = why_not_ready(now)) return fail(ErrorCode::conflict, *why);
    if (const auto why = why_out_of_reach(*program)) return fail(ErrorCode::conflict, *why);
    if (!presence_until || now >= *presence_until) {
        return fail(ErrorCode::conflict, "nobody is confirmed to be at the machine");
    }
    // Somebody may have confirmed it anew while the gate was open.
    presence_until_ = std::max(presence_until_.value_or(*presence_until), *presence_until);
    Job job;
    job.name = std::move(name);
    job.program = std::move(program);
    job.begun_at = job.moved_at = now;
    job.pins_at_begin = report_->pins;
    job.zero_mm = report_->work_offset_mm;
    job.place_mm = report_->machine_mm;
    if (rules_.dry_run && job.zero_mm) job.dry = Dry::asks;
    job_ = std::move(job);
    last_run_.reset();
    ask_for_report(now);
    return {};
}

std::optional<std::string> GrblController::why_not_ready(TimePoint now) const {
    if (phase_ == Phase::closed) return "the machine cannot be reached: " + closed_why_;
    if (phase_ != Phase::ready || !report_) return "the machine has not said yet what it is";
    if (now >= report_at_ + lost_after) return "the controller does not answer any more";
    if (job_) return "the machine runs " + job_->name;
    if (stop_) return "the machine is being stopped";
    if (alarm_) return alarm_text(*alarm_, firmware_);
    if (report_->state != "Idle") return "the machine is not idle but in state " + report_->state;
    return why_not_set_up();
}

std::optional<std::string> GrblController::why_not_set_up() const {
    if (settings_.empty()) return "the machine does not tell its settings";
    const double laser = setting(32).value_or(0);
    if (rules_.kind == GrblKind::laser && laser != 1) {
        return "laser mode is off; set $32=1, or the beam stays on while it stands still";
    }
    if (rules_.kind == GrblKind::mill && laser == 1) {
        return "laser mode is on, and this machine is configured as a mill; set $32=0";
    }
    const auto scale = setting(30);
    const bool other_scale = rules_.s_max && scale && std::abs(*rules_.s_max - *scale) > 0.5;
    if (rules_.kind == GrblKind::laser && other_scale) {
        return "full power is S" + whole_text(*scale) + " there ($30) and S" +
               whole_text(*rules_.s_max) + " in the profile (s_max); write the same in both";
    }
    for (const std::string& block : startup_blocks_) {
        const bool moves = block.find_first_of("XYZxyz") != std::string::npos ||
                           block.find("G28") != std::string::npos ||
                           block.find("G30") != std::string::npos ||
                           block.find("$H") != std::string::npos;
        if (moves) {
            return "its startup block \"" + block + "\" moves the machine; remove it with $N0=";
        }
    }
    return std::nullopt;
}

// What would end in a soft limit, said before anything moves. Where the machine's zero lies on an
// axis differs: its travel runs from -travel to 0, or from 0 to travel.
std::optional<std::string> GrblController::why_out_of_reach(const LineProgram& program) const {
    const auto set = [this](int number) { return setting(number).value_or(0); };
    const bool watched =
        (static_cast<int>(set(20)) & 1) != 0 && (static_cast<int>(set(22)) & 1) != 0;
    if (!watched || set(13) != 0 || !report_ || !report_->work_offset_mm) return std::nullopt;
    for (std::size_t axis = 0; axis < program.reach.size(); ++axis) {
        const double travel = set(130 + static_cast<int>(axis));
        if (!program.reach[axis] || !(travel > 0)) continue;
        const double offset = (*report_->work_offset_mm)[axis];
        const double low = program.reach[axis]->lowest + offset;
        const double high = program.reach[axis]->highest + offset;
        const bool below = low >= -travel - reach_slack_mm && high <= reach_slack_mm;
        const bool above = low >= -reach_slack_mm && high <= travel + reach_slack_mm;
        if (below || above) continue;
        return std::string{"from where its zero is set, the program leaves the machine's "} +
               "XYZ"[axis] + " travel of " + whole_text(travel) + " mm: it would go from " +
               whole_text(low) + " to " + whole_text(high) +
               " in machine coordinates; set the zero " + "elsewhere";
    }
    return std::nullopt;
}

Status GrblController::hold(TimePoint now) {
    if (!job_ || stop_) return fail(ErrorCode::conflict, "nothing runs that could be paused");
    job_->held = true;
    job_->moved_at = now;
    if (!job_->checks()) send_at_once(hold_now);
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
    if (!job_->checks()) send_at_once(go_on_now);
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
    if (!job_ || stop_ || !job_->held_for_presence || now >= *presence_until_) return;
    job_->moved_at = now;
    if (job_->held) {  // By pause() before: only that ends it.
        job_->held_for_presence = false;
        job_->dark_at.reset();
        return;
    }
    job_->go_on_by = now + go_on_wait;
    ask_for_report(now);
    go_on_if_it_stands(now);
}

// While it is still slowing down, or lifting its tool, it would not hear of going on.
void GrblController::go_on_if_it_stands(TimePoint now) {
    if (!job_ || !job_->go_on_by || !report_) return;
    if (now >= *job_->go_on_by || now >= presence_until_.value_or(now)) {
        job_->go_on_by.reset();
        return;
    }
    const bool halts = report_->state == "Hold" || report_->state == "Door";
    if (!halts || report_->substate.value_or(0) != 0) return;
    job_->go_on_by.reset();
    job_->dark_at.reset();
    job_->held_for_presence = false;
    job_->moved_at = now;
    send_at_once(go_on_now);
}

}  // namespace nearfab::agent
