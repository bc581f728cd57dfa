// SPDX-License-Identifier: GPL-3.0-or-later
// The dry run before a run: the controller reads the program in its check mode.

#include "node-agent/drivers/grbl/grbl_controller.hpp"

#include <cmath>
#include <string_view>

namespace nearfab::agent {
namespace {

constexpr Duration back_wait = std::chrono::seconds{4};
constexpr double same_mm = 0.0015;  // Reports have three digits.

bool is_same(const std::array<double, 3>& a, const std::array<double, 3>& b) {
    for (std::size_t axis = 0; axis < a.size(); ++axis) {
        if (std::abs(a[axis] - b[axis]) > same_mm) return false;
    }
    return true;
}

}  // namespace

// Empty: nothing now.
std::string_view GrblController::next_dry_line() const {
    switch (job_->dry) {
        case Dry::asks:
            return job_->dry_asked ? "" : "$#\n";
        case Dry::enters:
        case Dry::leaves:
            return job_->dry_asked ? "" : "$C\n";
        case Dry::reads:
            return job_->next < job_->program->lines() ? job_->program->line(job_->next) : "";
        case Dry::settles:
        case Dry::over:
            break;
    }
    return "";
}

void GrblController::dry_line_sent() {
    if (job_->dry == Dry::reads) {
        ++job_->next;
    } else {
        job_->dry_asked = true;
    }
}

void GrblController::dry_line_answered(TimePoint now) {
    switch (job_->dry) {
        case Dry::asks:
            job_->dry = job_->reset_clears ? Dry::over : Dry::enters;
            job_->dry_asked = false;
            return;
        case Dry::enters:
            // Not a line before it says so itself: a $C that got lost must not become a run.
            report_.reset();
            ask_for_report(now);
            return;
        case Dry::reads:
            if (++job_->answered < job_->program->lines()) return;
            job_->dry = Dry::leaves;
            job_->dry_asked = false;
            return;
        case Dry::leaves:
            job_->dry = Dry::settles;
            job_->back_by = now + back_wait;
            return;
        case Dry::settles:
        case Dry::over:
            return;
    }
}

// With each report.
void GrblController::settle(TimePoint now) {
    const std::string& state = report_->state;
    if (job_->dry == Dry::enters && job_->dry_asked && owed_.empty()) {
        if (state != "Check") return spoil_dry_run(now, "it did not go into its check mode");
        job_->dry = Dry::reads;
    } else if (job_->dry == Dry::reads && state != "Check") {
        // It has forgotten that it only reads: what was on its way may have moved something.
        (void)stop(
            now,
            "it left its check mode by itself at " + line_to_blame() + "; look at machine and part",
            RunOutcome::failed);
    } else if (job_->dry == Dry::settles && job_->is_back && state == "Idle" && !job_->held) {
        const auto& zero = report_->work_offset_mm;
        if (!zero) return;  // grblHAL tells it in the second report after a reset.
        if (!is_same(*zero, *job_->zero_mm)) {
            return spoil_dry_run(
                now, "its zero is another one since; set it with G10 L20 P1, which a reset keeps");
        }
        const auto& place = report_->machine_mm;
        if (place && job_->place_mm && !is_same(*place, *job_->place_mm)) {
            return spoil_dry_run(now, "it does not know any more where it stands; home it");
        }
        job_->dry = Dry::over;
        job_->next = job_->answered = 0;
        job_->begun_at = job_->moved_at = now;
    }
}

// A banner means this, and not that the board lost its power or that somebody has pressed reset;
// firmwares differ in whether the "ok" comes first, or at all.
bool GrblController::has_left_check_mode() const {
    return (job_->dry == Dry::settles && !job_->is_back) ||
           (job_->dry == Dry::leaves && job_->dry_asked);
}

void GrblController::watch_dry_run(TimePoint now) {
    if (!job_ || stop_ || job_->dry != Dry::settles || job_->is_back || now < job_->back_by) return;
    spoil_dry_run(now, "it did not come back from its check mode");
}

// Nothing was made, and the bed is as it was.
void GrblController::spoil_dry_run(TimePoint now, const std::string& why) {
    (void)stop(now, "in the dry run, before anything moved: " + why, RunOutcome::aborted);
}

}  // namespace nearfab::agent
