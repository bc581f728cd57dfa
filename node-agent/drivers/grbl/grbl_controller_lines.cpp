// SPDX-License-Identifier: GPL-3.0-or-later
// What a Grbl says, and what follows from it.

#include "node-agent/drivers/grbl/grbl_controller.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

namespace nearfab::agent {
namespace {

constexpr std::size_t line_bytes_max = 512;  // Longer ones are noise.

}  // namespace

void GrblController::take(TimePoint now, std::string_view bytes) {
    partial_ += bytes;
    std::size_t begin = 0;
    for (std::size_t end = partial_.find('\n'); end != std::string::npos;
         end = partial_.find('\n', begin)) {
        take_line(now, std::string_view{partial_}.substr(begin, end - begin));
        begin = end + 1;
    }
    partial_.erase(0, begin);
    if (partial_.size() > line_bytes_max) partial_.clear();
}

void GrblController::take_line(TimePoint now, std::string_view line) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' '))
        line.remove_suffix(1);
    if (line.empty() || line.size() > line_bytes_max) return;
    // Copied: what is done next may change the buffer it lies in.
    const GrblLine parsed = parse_grbl_line(line);
    std::visit([&](const auto& what) { on(now, what); }, parsed);
}

// Answers that come between a reset and its banner belong to lines that were thrown away.
void GrblController::answered(TimePoint now) {
    if (owed_.empty() || (stop_ && stop_->reset_sent)) return;
    owed_bytes_ -= owed_.front();
    owed_.pop_front();
    if (phase_ == Phase::asks) {
        questions_.pop_front();
        question_sent_ = false;
        question_until_ = now + rules_.answer_max;
        if (questions_.empty()) {
            phase_ = Phase::ready;
            if (firmware_ == GrblFirmware::unknown) firmware_ = GrblFirmware::grbl;
            ask_for_report(now);
        }
        return;
    }
    if (!job_) return;
    job_->moved_at = now;
    if (job_->checks()) return dry_line_answered(now);
    if (job_->answered < job_->program->lines()) {
        ++job_->answered;
    } else if (++job_->tail_answered == job_->tail) {
        report_.reset();  // Only what it says from now on counts for the end.
        ask_for_report(now);
    }
}

void GrblController::on(TimePoint now, const grbl_line::Ok&) {
    answered(now);
}

std::string GrblController::line_to_blame() const {
    if (job_->dry == Dry::asks) return "the question $#";
    if (job_->dry == Dry::enters || job_->dry == Dry::leaves) return "$C";
    if (job_->dry == Dry::settles) return "the end of the dry run";
    if (job_->answered >= job_->program->lines()) return "the end of the program";
    std::string text{job_->program->line(job_->answered)};
    text.pop_back();
    return "line " + std::to_string(job_->answered + 1) + " `" + text + "`";
}

// What was sent behind the line is already in the controller and would run on.
void GrblController::on(TimePoint now, const grbl_line::Refused& line) {
    if (job_ && !stop_ && !owed_.empty()) {
        const std::string why =
            line_to_blame() + " was refused with " + error_text(line.number, firmware_);
        if (job_->checks()) {
            spoil_dry_run(now, why);
        } else {
            (void)stop(now, why, RunOutcome::failed);
        }
    }
    answered(now);  // Boards say errors unasked when they are switched on; nothing is owed then.
}

void GrblController::on(TimePoint now, const grbl_line::Alarm& line) {
    alarm_ = line.number;
    if (!job_) return;
    end_job(RunOutcome::failed,
            (job_->checks() ? "in the dry run, " : "") + alarm_text(line.number, firmware_));
    reset(now);  // Beam and spindle off; it stays locked.
}

void GrblController::on(TimePoint now, const grbl_line::Banner& line) {
    if (phase_ == Phase::closed) return;
    const std::optional<Stop> stop = std::exchange(stop_, std::nullopt);
    const bool ours = stop && stop->reset_sent;
    const bool left = job_ && !stop && has_left_check_mode();
    if (left) {
        job_->dry = Dry::settles;
        job_->is_back = true;
        job_->moved_at = now;
    } else if (job_ && !ours) {
        const std::string words =
            stop ? stop->why
                 : "the controller was reset at " + line_to_blame() + "; look at machine and part";
        end_job(stop ? stop->outcome : RunOutcome::failed, words);
        // Lines that were on their way have come to a machine that is ready to run them.
        send_at_once('!');
        reset(now);
    }
    forget_owed();
    report_.reset();
    // A grblHAL may say that it is a Grbl, and only $I tells.
    const bool may_know_better = phase_ == Phase::ready && line.firmware == GrblFirmware::grbl;
    if (!may_know_better) firmware_ = line.firmware;
    version_ = line.text;
    if (phase_ == Phase::ready) {
        ask_for_report(now);
    } else {
        begin_asking(now);
    }
}

void GrblController::on(TimePoint now, const grbl_line::Report& line) {
    grbl_line::Report report = line;
    if (report_ && !report.work_offset_mm) report.work_offset_mm = report_->work_offset_mm;
    const bool moved = !report_ || report_->machine_mm != report.machine_mm;
    report_ = std::move(report);
    report_at_ = now;
    if (report_->state != "Alarm") alarm_.reset();
    if (phase_ == Phase::awaits_report) {
        phase_until_ = now + rules_.banner_wait;
        if (report_->state == "Idle" || report_->state == "Alarm") begin_asking(now);
        // What another run of this program has left: nothing moves there, and nobody ends it.
        if (report_->state == "Check") reset_before_asking(now);
    }
    if (stop_ && !stop_->reset_sent) {
        const bool stands = report_->state == "Idle" || report_->state == "Door" ||
                            report_->state == "Check" ||
                            (report_->state == "Hold" && report_->substate.value_or(0) == 0);
        if (stands) stop_->reset_at = now;
        return;
    }
    if (!job_) return;
    const bool waits = job_->held && job_->checks();
    const std::string& state = report_->state;
    const bool stands = state == "Run" || state == "Idle" || state == "Check";
    if (moved || waits || !stands) job_->moved_at = now;
    watch_report_of_job(now);
    if (!job_ || stop_) return;
    if (job_->checks()) return settle(now);
    go_on_if_it_stands(now);
    if (job_->tail > 0 && job_->tail_answered == job_->tail && report_->state == "Idle" &&
        job_->answered == job_->program->lines() && owed_.empty() && job_->tail == 2) {
        end_job(RunOutcome::completed, "all lines were run and the machine stands still");
    }
}

// What no program of ours brings about. One report with a limit switch may be noise; two are not.
void GrblController::watch_report_of_job(TimePoint now) {
    const std::string& state = report_->state;
    if (state == "Alarm") {  // Its own line was lost.
        end_job(RunOutcome::failed, "it went into an alarm at " + line_to_blame());
        return reset(now);
    }
    static constexpr std::array<std::string_view, 5> usual{"Idle", "Run", "Hold", "Door", "Tool"};
    const bool reads = state == "Check" && job_->checks();
    if (!reads && std::find(usual.begin(), usual.end(), state) == usual.end()) {
        (void)stop(now, "it went into the state " + state + " while it ran", RunOutcome::failed);
        return;
    }
    const bool limit =
        std::any_of(report_->pins.begin(), report_->pins.end(), [this](const char pin) {
            return pin >= 'X' && pin <= 'Z' && job_->pins_at_begin.find(pin) == std::string::npos;
        });
    if (limit && job_->limit_seen) {
        (void)stop(now,
                   "a limit switch was pressed (" + report_->pins + ") at " + line_to_blame(),
                   RunOutcome::failed);
    }
    job_->limit_seen = limit;
}

void GrblController::on(TimePoint, const grbl_line::Setting& line) {
    settings_[line.number] = std::clamp(line.value, -1e9, 1e9);
}

void GrblController::on(TimePoint, const grbl_line::Options& line) {
    if (line.receive_bytes > 0) receive_bytes_ = static_cast<std::size_t>(line.receive_bytes);
}

void GrblController::on(TimePoint, const grbl_line::Version& line) {
    if (line.firmware != GrblFirmware::unknown) firmware_ = line.firmware;
    if (version_.empty()) version_ = "Grbl " + line.text;
}

void GrblController::on(TimePoint, const grbl_line::StartupBlock& line) {
    startup_blocks_.push_back(line.text);
}

void GrblController::on(TimePoint, const grbl_line::Shift& line) {
    if (job_ && job_->dry == Dry::asks && !line.is_zero) job_->reset_clears = true;
}

void GrblController::on(TimePoint, const grbl_line::Message&) {}

void GrblController::on(TimePoint, const grbl_line::Other&) {}

}  // namespace nearfab::agent
