// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/marlin/marlin_controller.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace nearfab::agent {
namespace {

constexpr std::size_t noise_bytes = 1024;   // Longer lines are none.
constexpr std::size_t code_bytes_max = 76;  // Marlin's buffer holds 96, number and sum included.
constexpr int probes_max = 3;

tl::unexpected<Error> refuse(std::size_t number, const std::string& line, const std::string& why) {
    return fail(ErrorCode::invalid_file,
                "line " + std::to_string(number) + " `" + line.substr(0, 40) + "`: " + why,
                "prepare it again for this machine",
                "line " + std::to_string(number));
}

}  // namespace

Result<LineProgram> marlin_program(std::string_view code) {
    LineProgram program;
    std::size_t number = 0;
    while (!code.empty()) {
        const std::size_t end = std::min(code.find('\n'), code.size());
        std::string line{code.substr(0, end)};
        code.remove_prefix(std::min(end + 1, code.size()));
        ++number;
        line.resize(std::min(line.find(';'), line.size()));
        while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t'))
            line.pop_back();
        line.erase(0, line.find_first_not_of(" \t"));
        if (line.empty()) continue;
        if (line.size() > code_bytes_max) return refuse(number, line, "it is too long to be sent");
        const bool plain = std::all_of(
            line.begin(), line.end(), [](char c) { return c >= ' ' && c <= '~' && c != '*'; });
        if (!plain) return refuse(number, line, "it has bytes that must not be sent");
        if (line.front() == 'N' || line.starts_with("M110")) {
            return refuse(number, line, "line numbers are the agent's own");
        }
        program.add(line);
    }
    if (program.ends.empty()) return fail(ErrorCode::invalid_file, "the program has no lines");
    return program;
}

void MarlinController::opened(TimePoint now) {
    phase_ = Phase::greets;
    phase_until_ = now + rules_.boot_max;
    greet_at_ = now + rules_.greet_every;  // It may say "start" by itself.
    heard_at_ = now;
    broken_.reset();
    partial_.clear();
    queue_.clear();
    fault_.reset();
    forget_owed();
}

void MarlinController::lost(TimePoint, const std::string& why) {
    phase_ = Phase::closed;
    closed_why_ = why;
    forget_owed();
    if (!job_) return;
    if (!job_->all_sent()) {
        end_job(RunOutcome::failed,
                "the link was lost at line " + std::to_string(job_->next) + " of " +
                    std::to_string(job_->program->lines()));
    }
    job_.reset();
}

void MarlinController::forget_owed() {
    owed_ = 0;
    program_line_owed_ = false;
    ignore_ok_ = false;
    probes_ = 0;
    waits_for_person_ = false;
}

void MarlinController::end_job(RunOutcome outcome, const std::string& detail) {
    if (!job_) return;
    last_run_ = LastRun{job_->name, outcome, detail};
    job_.reset();
}

// Greetings that were not heard at once are answered all together; those answers come first.
void MarlinController::settle(TimePoint now) {
    phase_ = Phase::settles;
    phase_until_ = now + rules_.settle;
    forget_owed();
    queue_.clear();
}

void MarlinController::begin_asking(TimePoint now) {
    phase_ = Phase::asks;
    phase_until_ = now + rules_.answer_max;
    forget_owed();
    queue_ = {"M115", "M27"};
}

void MarlinController::cool() {
    for (const char* command : {"M104 S0", "M140 S0", "M107", "M84"})
        queue_.emplace_back(command);
}

std::string MarlinController::take_at_once() {
    return std::exchange(at_once_, {});
}

std::string MarlinController::next_line(std::size_t bytes_max) {
    const bool talks = phase_ == Phase::asks || phase_ == Phase::ready;
    if (!talks || owed_ > 0 || fault_) return {};
    std::string line;
    bool of_program = false;
    if (!queue_.empty()) {
        line = queue_.front() + "\n";
    } else if (job_ && !job_->held && !job_->held_there && !job_->all_sent()) {
        const std::size_t lines = job_->program->lines();
        const bool body = job_->next < lines;
        std::string_view code =
            body ? job_->program->line(job_->next) : tail.at(job_->next - lines);
        if (code.ends_with('\n')) code.remove_suffix(1);
        line = numbered_line(job_->next + 1, code);
        of_program = true;
    }
    if (line.empty() || line.size() > bytes_max) return {};
    if (of_program) {
        ++job_->next;
    } else {
        queue_.pop_front();
    }
    program_line_owed_ = of_program;
    ++owed_;
    return line;
}

void MarlinController::tick(TimePoint now) {
    if (phase_ == Phase::closed) return;
    if (phase_ == Phase::settles) {
        if (now >= phase_until_) begin_asking(now);
        return;
    }
    if (phase_ == Phase::greets) {
        if (now >= phase_until_) {
            broken_ = "no Marlin answers there; check the port, its speed, and that it has power";
        } else if (now >= greet_at_) {
            greet_at_ = now + rules_.greet_every;
            at_once_ += "\nM110 N0\n";  // The first line end closes what was left of another line.
        }
        return;
    }
    if (owed_ > 0 && now >= heard_at_ + rules_.answer_max) {
        heard_at_ = now;
        if (++probes_ > probes_max) {
            broken_ = "the printer does not answer any more";
        } else {
            at_once_ += "M105\n";  // If an answer was lost, this one comes in its place.
        }
    }
    const bool quiet = phase_ == Phase::ready && !job_ && owed_ == 0 && queue_.empty();
    if (quiet && now >= looked_at_ + rules_.look_every) {
        looked_at_ = now;
        queue_.emplace_back("M27");
    }
}

TimePoint MarlinController::next_deadline(TimePoint now) const {
    if (phase_ == Phase::greets) return std::max(now, std::min(greet_at_, phase_until_));
    if (phase_ == Phase::settles) return std::max(now, phase_until_);
    if (owed_ > 0) return std::max(now, heard_at_ + rules_.answer_max);
    return std::max(now, looked_at_ + rules_.look_every);
}

void MarlinController::take(TimePoint now, std::string_view bytes) {
    partial_ += bytes;
    std::size_t begin = 0;
    for (std::size_t end = partial_.find('\n'); end != std::string::npos;
         end = partial_.find('\n', begin)) {
        const std::string line = partial_.substr(begin, end - begin);
        begin = end + 1;
        if (line.empty() || line.size() > noise_bytes) continue;
        heard_at_ = now;
        if (phase_ == Phase::settles) phase_until_ = now + rules_.settle;
        std::visit([&](const auto& what) { on(now, what); }, parse_marlin_line(line));
    }
    partial_.erase(0, begin);
    if (partial_.size() > noise_bytes) partial_.clear();
}

void MarlinController::on(TimePoint now, const marlin_line::Start&) {
    if (job_) {
        end_job(RunOutcome::failed,
                "the printer was reset at line " + std::to_string(job_->answered));
    }
    fault_.reset();
    settle(now);
}

void MarlinController::on(TimePoint now, const marlin_line::Ok&) {
    probes_ = 0;
    waits_for_person_ = false;
    if (phase_ == Phase::greets) return settle(now);
    if (owed_ == 0) return;
    --owed_;
    if (std::exchange(ignore_ok_, false)) return;
    if (program_line_owed_ && job_) {
        program_line_owed_ = false;
        resends_ = 0;
        job_->answered = std::min(job_->next, job_->program->lines());
    }
    if (phase_ == Phase::asks && queue_.empty() && owed_ == 0) {
        phase_ = Phase::ready;
        looked_at_ = now;
        // It may stand there hot since the last host died.
        if (!prints_from_card_) cool();
    }
}

void MarlinController::on(TimePoint now, const marlin_line::Resend& line) {
    if (ignore_ok_ && line.line == resend_line_) return;  // Said twice for one line.
    ignore_ok_ = owed_ > 0;
    if (!job_) return;
    resends_ = line.line == resend_line_ ? resends_ + 1 : 1;
    resend_line_ = line.line;
    const bool known = line.line >= 1 && line.line <= job_->next;
    if (!known || resends_ > rules_.resends_max) {
        (void)stop(now,
                   "the printer asks for line " + std::to_string(line.line) +
                       (known ? " again and again" : ", which was never sent") +
                       (complaint_.empty() ? "" : " (" + complaint_ + ")") + "; check the cable",
                   RunOutcome::failed);
        return;
    }
    job_->next = static_cast<std::size_t>(line.line - 1);
    job_->answered = std::min(job_->answered, job_->next);
}

void MarlinController::on(TimePoint, const marlin_line::Busy& line) {
    waits_for_person_ = line.waits_for_person;
}

void MarlinController::on(TimePoint, const marlin_line::Fault& line) {
    fault_ = line.text;
    queue_.clear();
    forget_owed();
    end_job(RunOutcome::failed, line.text);
}

void MarlinController::on(TimePoint, const marlin_line::Complaint& line) {
    complaint_ = line.text;
}

void MarlinController::on(TimePoint now, const marlin_line::Action& line) {
    if (!job_) return;
    if (line.what == "pause" || line.what == "paused") job_->held_there = true;
    if (line.what == "resume" || line.what == "resumed") job_->held_there = false;
    if (line.what == "cancel") (void)stop(now, "cancelled at the printer", RunOutcome::aborted);
}

void MarlinController::on(TimePoint, const marlin_line::Firmware& line) {
    firmware_ = line.name;
    machine_ = line.machine;
    uuid_ = line.uuid;
}

void MarlinController::on(TimePoint, const marlin_line::Capability& line) {
    if (line.there) capabilities_.insert(line.name);
}

void MarlinController::on(TimePoint, const marlin_line::Wait&) {}

void MarlinController::on(TimePoint, const marlin_line::Other& line) {
    if (job_ && job_->all_sent() && line.text.starts_with("X:")) {
        end_job(RunOutcome::completed, "all lines were run and the printer stands still");
    }
    if (line.text.starts_with("SD printing byte")) prints_from_card_ = true;
    if (line.text.starts_with("Not SD printing") || line.text.starts_with("Done printing file")) {
        prints_from_card_ = false;
    }
}

std::optional<std::string> MarlinController::why_not_ready() const {
    if (phase_ == Phase::closed) return "the printer cannot be reached: " + closed_why_;
    if (fault_) return *fault_;
    if (phase_ != Phase::ready) return "the printer has not said yet what it is";
    if (job_) return "the printer runs " + job_->name;
    if (prints_from_card_) return "the printer prints from its own card";
    return std::nullopt;
}

Status MarlinController::begin(TimePoint now,
                               std::string name,
                               std::shared_ptr<const LineProgram> program,
                               std::optional<TimePoint> /*presence_until*/) {
    if (const auto why = why_not_ready()) return fail(ErrorCode::conflict, *why);
    Job job;
    job.name = std::move(name);
    job.program = std::move(program);
    job.begun_at = now;
    job_ = std::move(job);
    last_run_.reset();
    resends_ = 0;
    resend_line_ = 0;
    queue_.emplace_back("M110 N0");
    return {};
}

Status MarlinController::hold(TimePoint) {
    if (!job_) return fail(ErrorCode::conflict, "nothing runs that could be paused");
    job_->held = true;
    return {};
}

Status MarlinController::go_on(TimePoint) {
    if (!job_ || !job_->held) return fail(ErrorCode::conflict, "nothing is paused");
    job_->held = false;
    return {};
}

// What is in the printer's buffer still runs, unless it can be told otherwise.
Status MarlinController::stop(TimePoint, const std::string& why, RunOutcome outcome) {
    if (!job_) return fail(ErrorCode::conflict, "nothing runs that could be cancelled");
    end_job(outcome, why);
    if (capabilities_.contains("EMERGENCY_PARSER")) {
        at_once_ += "M108\nM410\n";  // Ends waits for heat, then moves.
        owed_ += 2;
    }
    queue_.clear();
    cool();
    return {};
}

MachineReading MarlinController::reading(TimePoint now) const {
    MachineReading reading;
    reading.last_run = last_run_;
    if (phase_ == Phase::closed || broken_) {
        reading.detail = broken_.value_or(closed_why_);
        return reading;
    }
    if (fault_) {
        reading.condition = MachineCondition::fault;
        reading.detail = *fault_ + "; switch the printer off and on when it is mended";
        return reading;
    }
    if (phase_ != Phase::ready) {
        reading.detail = "the printer is being asked what it is";
        return reading;
    }
    if (!job_) {
        reading.condition = MachineCondition::idle;
        if (prints_from_card_) {
            reading.condition = MachineCondition::running;
            reading.file = "a file on the printer's card";
        } else if (queue_.size() > 1) {
            reading.condition = MachineCondition::busy;
            reading.detail = "heaters are being switched off";
        }
        return reading;
    }
    const bool paused = job_->held || job_->held_there || waits_for_person_;
    reading.condition = paused ? MachineCondition::paused : MachineCondition::running;
    reading.file = job_->name;
    const auto lines = static_cast<double>(job_->program->lines());
    reading.progress = static_cast<double>(job_->answered) / lines;
    if (job_->answered > 0) {
        const auto spent = std::chrono::duration<double>(now - job_->begun_at).count();
        reading.remaining_s = static_cast<std::int64_t>(spent / reading.progress - spent);
    }
    reading.detail =
        "line " + std::to_string(job_->answered) + " of " + std::to_string(job_->program->lines());
    if (waits_for_person_) reading.detail = "the printer waits for somebody at it";
    return reading;
}

MachineIdentity MarlinController::identity() const {
    MachineIdentity identity;
    identity.kind = "marlin";
    identity.model = machine_;
    identity.firmware = firmware_;
    identity.serial = uuid_;
    identity.remarks.push_back("a serial printer does not tell its size, nozzle or material");
    if (!capabilities_.contains("EMERGENCY_PARSER")) {
        identity.remarks.push_back(
            "without EMERGENCY_PARSER a cancel waits for the moves and heat-ups that have begun");
    }
    return identity;
}

}  // namespace nearfab::agent
