// SPDX-License-Identifier: GPL-3.0-or-later
// grbl_controller.hpp - one Grbl, as a state machine of bytes and moments.
//
// It is told what came over the link and what time it is, and says what to send. There is one
// account of answers: each line that is sent is owed one "ok" or "error", in order, and nothing
// else is an answer. Lines are sent ahead as long as they fit into the controller's receive buffer
// (character counting), so its planner never runs dry; bytes that act at once (hold, reset, status)
// overtake them.
//
// The machine is stopped (hold, then reset) by: an alarm or an error during a run, a limit switch,
// a state that no program brings about, silence, an answer that never comes, the end of the agent,
// and a cancel. It is held, and the beam or spindle switched off, when the person who must be there
// has not confirmed it again; it goes on when they do and it stands. A reset that we did not ask
// for ends the run. It is never unlocked, homed or set up by this program.
//
// With dry_run, before anything moves the whole program is run dry: the controller reads it in its
// check mode, so that a line it does not take is known before a sheet is spoilt. Both runs are
// behind the start gate, with the person there: a board that forgets in the middle that it only
// reads would move.
//
// Times are on the boot clock. Pure.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "node-agent/core/machine_reading.hpp"
#include "node-agent/drivers/grbl/grbl_lines.hpp"
#include "node-agent/drivers/grbl/grbl_program.hpp"
#include "node-agent/drivers/line_controller.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nearfab::agent {

struct GrblRules {
    GrblKind kind = GrblKind::mill;
    // Of the controller's receive buffer, at most; fewer lines run on when the link is lost.
    std::size_t window_bytes = 120;
    Duration report_active = std::chrono::milliseconds{200};
    Duration report_idle = std::chrono::milliseconds{1000};
    Duration banner_wait = std::chrono::milliseconds{2000};
    Duration silence_max = std::chrono::milliseconds{2000};  // While a program runs.
    Duration answer_max = std::chrono::seconds{10};          // To a question while it is idle.
    Duration still_max = std::chrono::minutes{2};            // Neither a move nor an answer.
    Duration dwell_max = std::chrono::minutes{15};           // The same, if the program has G4.
    Duration stop_wait = std::chrono::milliseconds{1000};    // From hold to reset.
    // The S that means full power or speed in the fab's profile; nothing: not known.
    std::optional<double> s_max = std::nullopt;
    bool dry_run = true;
};

class GrblController final : public LineController {
public:
    explicit GrblController(GrblRules rules) : rules_{rules} {}

    void opened(TimePoint now) override;
    void lost(TimePoint now, const std::string& why) override;
    void take(TimePoint now, std::string_view bytes) override;
    void tick(TimePoint now) override;
    [[nodiscard]] TimePoint next_deadline(TimePoint now) const override;
    [[nodiscard]] std::string take_at_once() override { return std::exchange(at_once_, {}); }
    [[nodiscard]] std::string next_line(std::size_t bytes_max) override;

    [[nodiscard]] Status begin(TimePoint now,
                               std::string name,
                               std::shared_ptr<const LineProgram> program,
                               std::optional<TimePoint> presence_until) override;
    [[nodiscard]] Status hold(TimePoint now) override;
    [[nodiscard]] Status go_on(TimePoint now) override;
    [[nodiscard]] Status stop(TimePoint now, const std::string& why, RunOutcome outcome) override;
    void attend(TimePoint now, TimePoint until) override;

    [[nodiscard]] MachineReading reading(TimePoint now) const override;
    [[nodiscard]] bool knows_itself() const override { return phase_ == Phase::ready; }
    [[nodiscard]] MachineIdentity identity() const override;
    [[nodiscard]] bool runs() const override { return job_.has_value(); }
    [[nodiscard]] std::size_t lines_answered() const override { return job_ ? job_->answered : 0; }
    [[nodiscard]] const std::optional<std::string>& broken() const override { return broken_; }

    [[nodiscard]] std::optional<double> setting(int number) const;
    // Travel of the axes; nothing when the controller was never set up.
    [[nodiscard]] std::optional<std::array<double, 3>> envelope_mm() const;
    // What a person should mend before work comes.
    [[nodiscard]] std::vector<std::string> remarks() const;

    // Of silence without a run, after which it counts as gone.
    static constexpr Duration lost_after = std::chrono::seconds{5};

private:
    enum class Phase : std::uint8_t {
        closed,
        awaits_banner,  // Many boards reset when the port is opened, others say nothing.
        awaits_report,  // Asked "?".
        awaits_reset,   // Asked by 0x18, as it may be when nothing runs there.
        asks,           // $I, $N, $$: one at a time.
        ready,
    };
    // How far the dry run is. Leaving check mode resets the controller, which clears a zero that
    // was set by G92 and a tool length: where there is one, or nobody knows, nothing is run dry.
    enum class Dry : std::uint8_t {
        asks,     // $#
        enters,   // $C, until it says that it checks.
        reads,    // The program.
        leaves,   // $C
        settles,  // Until it is back, idle, with the same zero.
        over,
    };
    struct Job {
        std::string name;
        std::shared_ptr<const LineProgram> program;
        std::size_t next = 0;           // Line to send.
        std::size_t answered = 0;       // Lines the controller has taken.
        std::size_t tail = 0;           // Lines of our own behind the last one: sent,
        std::size_t tail_answered = 0;  // and answered.
        TimePoint begun_at;
        TimePoint moved_at;  // Last sign of progress.
        bool held = false;   // By pause().
        bool held_for_presence = false;
        std::optional<TimePoint> dark_at;   // Then beam and spindle must be off.
        std::optional<TimePoint> go_on_by;  // Somebody is there again: when it stands, until then.
        std::string pins_at_begin;          // Inputs that were active before it moved.
        bool limit_seen = false;            // A limit switch in the last report.
        Dry dry = Dry::over;
        bool dry_asked = false;  // $# or $C is sent.
        bool reset_clears = false;
        bool is_back = false;                           // Its banner after check mode came,
        TimePoint back_by;                              // or should have by then.
        std::optional<std::array<double, 3>> zero_mm;   // The work offset before check mode,
        std::optional<std::array<double, 3>> place_mm;  // and where it stood.

        [[nodiscard]] bool checks() const { return dry != Dry::over; }
    };
    struct Stop {
        TimePoint reset_at;  // Or, once it is sent: when its banner must have come.
        std::string why;
        RunOutcome outcome = RunOutcome::failed;
        bool reset_sent = false;
    };

    void take_line(TimePoint now, std::string_view line);
    void on(TimePoint now, const grbl_line::Ok& line);
    void on(TimePoint now, const grbl_line::Refused& line);
    void on(TimePoint now, const grbl_line::Alarm& line);
    void on(TimePoint now, const grbl_line::Banner& line);
    void on(TimePoint now, const grbl_line::Report& line);
    void on(TimePoint now, const grbl_line::Setting& line);
    void on(TimePoint now, const grbl_line::Options& line);
    void on(TimePoint now, const grbl_line::Version& line);
    void on(TimePoint now, const grbl_line::StartupBlock& line);
    void on(TimePoint now, const grbl_line::Shift& line);
    void on(TimePoint now, const grbl_line::Message& line);
    void on(TimePoint now, const grbl_line::Other& line);

    void answered(TimePoint now);
    [[nodiscard]] std::string_view next_dry_line() const;
    void dry_line_sent();
    void dry_line_answered(TimePoint now);
    void watch_dry_run(TimePoint now);
    [[nodiscard]] bool has_left_check_mode() const;
    void settle(TimePoint now);
    void spoil_dry_run(TimePoint now, const std::string& why);
    void begin_asking(TimePoint now);
    void reset(TimePoint now);
    void reset_before_asking(TimePoint now);
    void send_at_once(char byte) { at_once_ += byte; }
    void hold_and_darken(TimePoint now);
    void watch_dark(TimePoint now);
    void end_job(RunOutcome outcome, const std::string& detail);
    void forget_owed();
    void watch_run(TimePoint now);
    void watch_presence(TimePoint now);
    void watch_stop(TimePoint now);
    void watch_opening(TimePoint now);
    void watch_report_of_job(TimePoint now);
    void go_on_if_it_stands(TimePoint now);
    void ask_for_report(TimePoint now);
    void read_state_of_job(MachineReading& reading, TimePoint now) const;
    void read_state_alone(MachineReading& reading) const;
    [[nodiscard]] std::size_t window() const;
    [[nodiscard]] std::string line_to_blame() const;
    [[nodiscard]] std::optional<std::string> why_not_ready(TimePoint now) const;
    [[nodiscard]] std::optional<std::string> why_not_set_up() const;
    [[nodiscard]] std::optional<std::string> why_out_of_reach(const LineProgram& program) const;

    GrblRules rules_;
    Phase phase_ = Phase::closed;
    TimePoint phase_until_;
    std::optional<std::string> broken_;
    std::string closed_why_ = "not opened yet";

    std::string partial_;           // A line whose end has not come.
    std::deque<std::size_t> owed_;  // Bytes of each line sent and not answered.
    std::size_t owed_bytes_ = 0;
    std::string at_once_;
    std::deque<std::string> questions_;  // The first is owed when `question_sent_`.
    bool question_sent_ = false;
    TimePoint question_until_;
    bool was_cut_off_ = false;  // The link was lost during a run: stop what runs on.

    GrblFirmware firmware_ = GrblFirmware::unknown;
    std::string version_;
    std::map<int, double> settings_;
    std::size_t receive_bytes_ = 128;
    std::vector<std::string> startup_blocks_;

    std::optional<grbl_line::Report> report_;
    TimePoint report_at_;
    TimePoint asked_report_at_;
    std::optional<int> alarm_;
    std::optional<Job> job_;
    std::optional<Stop> stop_;
    std::optional<TimePoint> presence_until_;
    std::optional<LastRun> last_run_;
};

}  // namespace nearfab::agent
