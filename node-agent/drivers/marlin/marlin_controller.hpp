// SPDX-License-Identifier: GPL-3.0-or-later
// marlin_controller.hpp - a printer with Marlin or a relative, fed over its serial line.
//
// One line is on its way at a time. Each line of a program has its number and checksum, and is sent
// again when the printer asks for it; an "ok" behind such a question answers nothing. "busy" means
// that the printer lives. Pausing is not sending: the printer ends the moves it has.
//
// A printer that is reset, or whose link is lost, has lost its part. Wherever a run ends early, and
// when a printer is found that prints nothing, heaters are switched off.

#pragma once

#include "node-agent/drivers/line_controller.hpp"
#include "node-agent/drivers/marlin/marlin_lines.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace nearfab::agent {

struct MarlinRules {
    Duration greet_every = std::chrono::seconds{2};    // Boards take up to 10 s to start.
    Duration settle = std::chrono::milliseconds{300};  // Of silence, before it is asked anything.
    Duration boot_max = std::chrono::seconds{15};
    Duration answer_max = std::chrono::seconds{30};  // Without "busy"; then it is asked.
    Duration look_every = std::chrono::seconds{2};   // At a printer that does nothing for us.
    int resends_max = 5;                             // Of one line, in a row.
};

// Comments and empty lines taken away. Error invalid_file: a line that must not be sent.
[[nodiscard]] Result<LineProgram> marlin_program(std::string_view code);

class MarlinController final : public LineController {
public:
    explicit MarlinController(MarlinRules rules) : rules_{rules} {}

    void opened(TimePoint now) override;
    void lost(TimePoint now, const std::string& why) override;
    void take(TimePoint now, std::string_view bytes) override;
    void tick(TimePoint now) override;
    [[nodiscard]] TimePoint next_deadline(TimePoint now) const override;
    [[nodiscard]] std::string take_at_once() override;
    [[nodiscard]] std::string next_line(std::size_t bytes_max) override;

    [[nodiscard]] Status begin(TimePoint now,
                               std::string name,
                               std::shared_ptr<const LineProgram> program,
                               std::optional<TimePoint> presence_until) override;
    [[nodiscard]] Status hold(TimePoint now) override;
    [[nodiscard]] Status go_on(TimePoint now) override;
    [[nodiscard]] Status stop(TimePoint now, const std::string& why, RunOutcome outcome) override;

    [[nodiscard]] MachineReading reading(TimePoint now) const override;
    [[nodiscard]] bool knows_itself() const override { return phase_ == Phase::ready; }
    [[nodiscard]] MachineIdentity identity() const override;
    [[nodiscard]] bool runs() const override { return job_.has_value(); }
    [[nodiscard]] std::size_t lines_answered() const override { return job_ ? job_->answered : 0; }
    [[nodiscard]] const std::optional<std::string>& broken() const override { return broken_; }

private:
    enum class Phase : std::uint8_t { closed, greets, settles, asks, ready };
    // The first is answered when every move has been made. An answer may have been counted once too
    // often by then (a probe that crossed its answer), so it is the position, told after it, that
    // proves the end.
    static constexpr std::array<std::string_view, 2> tail{"M400", "M114"};
    struct Job {
        std::string name;
        std::shared_ptr<const LineProgram> program;
        std::size_t next = 0;      // Line to send; behind the last come two of our own.
        std::size_t answered = 0;  // Lines the printer has taken.
        TimePoint begun_at;
        bool held = false;
        bool held_there = false;  // The printer asked for it.
        [[nodiscard]] bool all_sent() const { return next >= program->lines() + tail.size(); }
    };

    void on(TimePoint now, const marlin_line::Start& line);
    void on(TimePoint now, const marlin_line::Ok& line);
    void on(TimePoint now, const marlin_line::Resend& line);
    void on(TimePoint now, const marlin_line::Busy& line);
    void on(TimePoint now, const marlin_line::Fault& line);
    void on(TimePoint now, const marlin_line::Complaint& line);
    void on(TimePoint now, const marlin_line::Action& line);
    void on(TimePoint now, const marlin_line::Firmware& line);
    void on(TimePoint now, const marlin_line::Capability& line);
    void on(TimePoint now, const marlin_line::Wait& line);
    void on(TimePoint now, const marlin_line::Other& line);

    void settle(TimePoint now);
    void begin_asking(TimePoint now);
    void cool();
    void end_job(RunOutcome outcome, const std::string& detail);
    void forget_owed();
    [[nodiscard]] std::optional<std::string> why_not_ready() const;

    MarlinRules rules_;
    Phase phase_ = Phase::closed;
    TimePoint phase_until_;
    TimePoint greet_at_;
    std::optional<std::string> broken_;
    std::string closed_why_ = "not opened yet";

    std::string partial_;
    std::deque<std::string> queue_;  // Lines without a number, to be sent before the program's.
    int owed_ = 0;                   // Lines sent and not answered.
    bool program_line_owed_ = false;
    bool ignore_ok_ = false;  // The next one belongs to a resend.
    std::uint64_t resend_line_ = 0;
    int resends_ = 0;
    std::string complaint_;
    int probes_ = 0;
    TimePoint heard_at_;
    TimePoint looked_at_;
    std::string at_once_;

    std::string firmware_;
    std::string machine_;
    std::string uuid_;
    std::set<std::string> capabilities_;
    bool prints_from_card_ = false;
    bool waits_for_person_ = false;
    std::optional<std::string> fault_;
    std::optional<Job> job_;
    std::optional<LastRun> last_run_;
};

}  // namespace nearfab::agent
