// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/node-agent/drivers/fakes/fake_grbl.hpp"

#include <algorithm>
#include <poll.h>
#include <utility>

namespace nearfab::agent::fakes {
namespace {

using std::chrono::steady_clock;

constexpr std::string_view acts_at_once = "?!~\x18\x84\x85\x90\x91\x92\x9E";
constexpr int look_ms = 1;
constexpr int zero_every = 10;  // Reports without the work offset between two with it.

}  // namespace

FakeGrbl::FakeGrbl(FakeGrblOptions options) : options_{options} {
    paced_at_ = steady_clock::now();
    if (options_.banner_on_open) answer("\r\nGrbl 1.1h ['$' for help]");
    thread_ = std::thread{[this] { live(); }};
}

FakeGrbl::~FakeGrbl() {
    stop_ = true;
    thread_.join();
}

void FakeGrbl::live() {
    while (!stop_) {
        int port = -1;
        {
            const std::lock_guard lock{mutex_};
            port = port_.machine();
        }
        pollfd waiting{port, POLLIN, 0};
        (void)::poll(&waiting, 1, look_ms);
        const std::lock_guard lock{mutex_};
        receive();
        run(steady_clock::now());
        plan();
        send();
    }
}

// Bytes pass the line at its speed: what is not used of the time between two looks is not saved up.
void FakeGrbl::receive() {
    const std::string bytes = port_.received();
    const auto now = steady_clock::now();
    const double seconds = std::chrono::duration<double>(now - paced_at_).count();
    paced_at_ = now;
    const double moved = options_.baud == 0 ? 1e9 : seconds * options_.baud / 10;
    credit_in_ = wire_in_.empty() ? std::min(credit_in_, 1.0) : credit_in_ + moved;
    credit_out_ = wire_out_.empty() ? std::min(credit_out_, 1.0) : credit_out_ + moved;
    wire_in_.insert(wire_in_.end(), bytes.begin(), bytes.end());
    if (options_.baud == 0) credit_in_ = credit_out_ = 1e9;
    while (!wire_in_.empty() && credit_in_ >= 1) {
        credit_in_ -= 1;
        arrive(wire_in_.front());
        wire_in_.pop_front();
        if (!wire_in_.empty()) plan();
    }
}

void FakeGrbl::arrive(char byte) {
    if (acts_at_once.find(byte) != std::string_view::npos) return at_once(byte);
    if (buffer_.size() >= options_.receive_bytes) {
        ++lost_bytes_;
        return;
    }
    buffer_ += byte;
    fullest_ = std::max(fullest_, buffer_.size());
}

void FakeGrbl::at_once(char byte) {
    arrivals_.emplace_back(byte, steady_clock::now());
    if (byte == '?' && !silent_) {
        answer(report());
        reports_to_zero_ = reports_to_zero_ == 0 ? zero_every : reports_to_zero_ - 1;
    }
    if (byte == '\x18') reset();
    const bool moves = state_ == "Run" || (planned_ > 0 && state_ == "Idle");
    if (byte == '!' && moves) {
        stop_as("Hold");
        dark_ = options_.dark_in_hold && options_.laser_mode;
    }
    if (byte == '\x84' && options_.knows_door && state_ != "Alarm" && state_ != "Check") {
        stop_as("Door");
        dark_ = true;
    }
    if (byte == '\x9E' && state_ == "Hold") dark_ = !dark_;
    if (byte == '~' && stands() && !slows_down()) {
        state_ = planned_ == 0 ? "Idle" : "Run";
        dark_ = false;
        block_ends_ = steady_clock::now();
    }
}

void FakeGrbl::stop_as(const std::string& state) {
    state_ = state;
    stands_at_ = steady_clock::now() + options_.stops_for;
}

bool FakeGrbl::slows_down() const {
    return steady_clock::now() < stands_at_;
}

std::string FakeGrbl::report() const {
    const std::string state = by_hand_           ? "Run"
                              : state_ == "Hold" ? slows_down() ? "Hold:1" : "Hold:0"
                              : state_ == "Door" ? slows_down() ? "Door:2" : "Door:0"
                                                 : state_;
    const bool tool = tool_on_ && !dark_;
    return "<" + state + "|MPos:" + std::to_string(position_) + ".000,0.000,0.000|FS:0," +
           (tool ? "1000" : "0") + (limit_ ? "|Pn:X" : "") +
           (reports_to_zero_ == 0 ? "|WCO:" + (temporary_zero_.empty() ? zero_ : temporary_zero_)
                                  : "") +
           ">";
}

void FakeGrbl::plan() {
    for (;;) {
        const std::size_t end = buffer_.find('\n');
        if (end == std::string::npos || silent_ || stands()) return;
        if (planned_ >= options_.planner_blocks) return;
        const std::string line = buffer_.substr(0, end);
        const bool waits = line.starts_with("G4") || line.find("M5") != std::string::npos;
        if (waits && planned_ > 0) return;  // Until the moves before it are done.
        buffer_.erase(0, end + 1);
        take(line);
    }
}

void FakeGrbl::take(const std::string& line) {
    if (line.empty()) return answer("ok");
    if (line.size() > 79) return answer("error:11");
    if (line == "$I") {
        const bool hal = options_.firmware == GrblFirmware::grbl_hal;
        answer("[VER:1.1h.20190825:]");
        answer("[OPT:V,15," + std::to_string(options_.receive_bytes) + "]");
        if (hal) answer("[FIRMWARE:grblHAL]");
        return answer("ok");
    }
    if (line == "$N") {
        answer("$N0=");
        answer("$N1=");
        return answer("ok");
    }
    if (line == "$$") {
        for (const char* setting :
             {"$10=1", "$20=1", "$22=1", "$30=1000", "$110=6000.000", "$132=60.000"})
            answer(setting);
        answer("$130=" + std::to_string(options_.travel_x_mm) + ".000");
        answer("$131=" + std::to_string(options_.travel_y_mm) + ".000");
        answer(options_.laser_mode ? "$32=1" : "$32=0");
        return answer("ok");
    }
    if (line == "$#") {
        answer("[G54:0.000,0.000,0.000]");
        answer("[G92:" + (temporary_zero_.empty() ? "0.000,0.000,0.000" : temporary_zero_) + "]");
        answer("[TLO:0.000]");
        return answer("ok");
    }
    if (state_ == "Alarm") return answer("error:9");
    if (line == "$C" || state_ == "Check") return check(line);
    lines_.push_back(line);
    if (!refuse_.first.empty() && line.find(refuse_.first) != std::string::npos) {
        return answer("error:" + std::to_string(refuse_.second));
    }
    if (line.find("M3") != std::string::npos || line.find("M4") != std::string::npos) {
        tool_on_ = true;
    }
    if (line.find("M5") != std::string::npos) tool_on_ = false;
    if (line.find('X') != std::string::npos || line.find('Y') != std::string::npos) {
        if (planned_ == 0) block_ends_ = steady_clock::now() + options_.block_time;
        ++planned_;
        if (state_ == "Idle") state_ = "Run";
    }
    answer("ok");
}

void FakeGrbl::check(const std::string& line) {
    if (line != "$C") {
        read_lines_.push_back(line);
        const bool refused =
            !refuse_.first.empty() && line.find(refuse_.first) != std::string::npos;
        return answer(refused ? "error:" + std::to_string(refuse_.second) : "ok");
    }
    if (state_ != "Check" && state_ != "Idle") return answer("error:8");
    if (state_ == "Idle") {
        if (knows_check_) state_ = "Check";
        answer("[MSG:Enabled]");
        return answer("ok");
    }
    answer("[MSG:Disabled]");
    answer("ok");
    const bool finishing = finishing_;  // What finish() said is about the run that follows.
    reset();
    finishing_ = finishing;
}

void FakeGrbl::run(steady_clock::time_point now) {
    if (state_ != "Run") return;
    if (options_.endless && !finishing_) return;
    while (planned_ > 0 && now >= block_ends_) {
        --planned_;
        ++position_;
        block_ends_ += options_.block_time;
        if (options_.block_time.count() == 0) block_ends_ = now;
    }
    if (planned_ == 0) state_ = "Idle";
}

void FakeGrbl::answer(const std::string& line) {
    if (line == "ok" && std::exchange(lose_answer_, false)) return;
    for (const char c : line + "\r\n")
        wire_out_.push_back(c);
}

void FakeGrbl::send() {
    std::string bytes;
    while (!wire_out_.empty() && credit_out_ >= 1) {
        credit_out_ -= 1;
        bytes += wire_out_.front();
        wire_out_.pop_front();
    }
    port_.send(bytes);
}

void FakeGrbl::reset() {
    ++resets_;
    const bool moved = state_ == "Run";
    buffer_.clear();
    planned_ = 0;
    tool_on_ = false;
    dark_ = false;
    finishing_ = false;
    temporary_zero_.clear();
    // A grblHAL has more to say in its first report.
    reports_to_zero_ = options_.firmware == GrblFirmware::grbl_hal ? 1 : 0;
    if (zero_after_reset_) zero_ = *zero_after_reset_;
    if (silent_) return;
    if (moved) answer("ALARM:3");
    state_ = moved || state_ == "Alarm" ? "Alarm" : "Idle";
    answer("");
    answer("Grbl 1.1h ['$' for help]");
    if (state_ == "Alarm") answer("[MSG:'$H'|'$X' to unlock]");
}

void FakeGrbl::finish() {
    const std::lock_guard lock{mutex_};
    finishing_ = true;
    by_hand_ = false;
}

void FakeGrbl::alarm(int number) {
    const std::lock_guard lock{mutex_};
    state_ = "Alarm";
    planned_ = 0;
    tool_on_ = false;
    answer("ALARM:" + std::to_string(number));
    answer("[MSG:Reset to continue]");
}

void FakeGrbl::unlock() {
    const std::lock_guard lock{mutex_};
    // A person takes seconds: what was on its way has come by then, and was thrown away.
    (void)port_.received();
    wire_in_.clear();
    reset();
    state_ = "Idle";
}

void FakeGrbl::press_reset() {
    const std::lock_guard lock{mutex_};
    state_ = "Idle";  // As during a dwell: no alarm, only the banner.
    reset();
}

void FakeGrbl::run_by_hand(bool runs) {
    const std::lock_guard lock{mutex_};
    by_hand_ = runs;
}

void FakeGrbl::refuse_line_with(const std::string& part, int error) {
    const std::lock_guard lock{mutex_};
    refuse_ = {part, error};
}

void FakeGrbl::lose_next_answer() {
    const std::lock_guard lock{mutex_};
    lose_answer_ = true;
}

void FakeGrbl::press_limit(bool pressed) {
    const std::lock_guard lock{mutex_};
    limit_ = pressed;
}

void FakeGrbl::enter(const std::string& state) {
    const std::lock_guard lock{mutex_};
    state_ = state;
}

void FakeGrbl::set_zero(const std::string& place) {
    const std::lock_guard lock{mutex_};
    zero_ = place;
    reports_to_zero_ = 0;
}

void FakeGrbl::set_temporary_zero(const std::string& place) {
    const std::lock_guard lock{mutex_};
    temporary_zero_ = place;
    reports_to_zero_ = 0;
}

void FakeGrbl::shift_zero_at_reset(const std::string& place) {
    const std::lock_guard lock{mutex_};
    zero_after_reset_ = place;
}

void FakeGrbl::ignore_check_mode() {
    const std::lock_guard lock{mutex_};
    knows_check_ = false;
}

void FakeGrbl::go_silent(bool silent) {
    const std::lock_guard lock{mutex_};
    silent_ = silent;
}

void FakeGrbl::say(const std::string& text) {
    const std::lock_guard lock{mutex_};
    for (const char c : text)
        wire_out_.push_back(c);
}

void FakeGrbl::unplug() {
    const std::lock_guard lock{mutex_};
    port_.unplug();
}

void FakeGrbl::plug_in() {
    const std::lock_guard lock{mutex_};
    wire_in_.clear();
    wire_out_.clear();
    port_.plug_in();
}

std::string FakeGrbl::state() const {
    const std::lock_guard lock{mutex_};
    return state_;
}

bool FakeGrbl::tool_on() const {
    const std::lock_guard lock{mutex_};
    return tool_on_ && !dark_;
}

std::vector<std::string> FakeGrbl::lines() const {
    const std::lock_guard lock{mutex_};
    return lines_;
}

std::vector<std::string> FakeGrbl::read_lines() const {
    const std::lock_guard lock{mutex_};
    return read_lines_;
}

std::size_t FakeGrbl::lost_bytes() const {
    const std::lock_guard lock{mutex_};
    return lost_bytes_;
}

std::size_t FakeGrbl::fullest() const {
    const std::lock_guard lock{mutex_};
    return fullest_;
}

int FakeGrbl::resets() const {
    const std::lock_guard lock{mutex_};
    return resets_;
}

std::optional<steady_clock::time_point> FakeGrbl::arrival(char byte) const {
    const std::lock_guard lock{mutex_};
    for (auto at = arrivals_.rbegin(); at != arrivals_.rend(); ++at) {
        if (at->first == byte) return at->second;
    }
    return std::nullopt;
}

}  // namespace nearfab::agent::fakes
