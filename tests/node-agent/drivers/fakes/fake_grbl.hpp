// SPDX-License-Identifier: GPL-3.0-or-later
// fake_grbl.hpp - a Grbl on a pseudo-terminal, with the room and the speed of the real one.
//
// The line moves 10 bits for each byte at its baud rate, in both directions. Behind it are 128
// bytes of receive buffer, from which bytes that act at once are taken as they arrive and where
// bytes that do not fit are lost, as on a real UART; and a planner of 15 blocks, each of which
// moves for a set time. A line is answered when it has been planned, not when it has been run.

#pragma once

#include "node-agent/drivers/grbl/grbl_lines.hpp"
#include "tests/node-agent/drivers/fakes/fake_port.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace nearfab::agent::fakes {

struct FakeGrblOptions {
    int baud = 0;  // 0: as fast as the computer.
    std::size_t receive_bytes = 128;
    std::size_t planner_blocks = 15;
    std::chrono::microseconds block_time{0};
    GrblFirmware firmware = GrblFirmware::grbl;
    bool laser_mode = true;       // $32
    bool banner_on_open = false;  // An Arduino resets when its port is opened.
    bool endless = false;         // The planner moves only when finish() is called.
    bool dark_in_hold = true;     // False: an OEM build that leaves the beam on.
    bool knows_door = true;
    std::chrono::milliseconds stops_for{0};  // From a hold or door until it stands.
    int travel_x_mm = 300;
    int travel_y_mm = 200;
};

class FakeGrbl {
public:
    explicit FakeGrbl(FakeGrblOptions options = {});
    ~FakeGrbl();
    FakeGrbl(const FakeGrbl&) = delete;
    FakeGrbl& operator=(const FakeGrbl&) = delete;

    [[nodiscard]] std::string port() const { return port_.name(); }

    void finish();  // Of an endless planner: all that is to come runs at once.
    void alarm(int number);
    void unlock();  // Somebody resets it and does $X at the machine.
    void press_reset();
    void run_by_hand(bool runs);                                // A job from elsewhere.
    void refuse_line_with(const std::string& part, int error);  // A line that contains this.
    void lose_next_answer();                                    // One "ok" is lost on the line.
    void press_limit(bool pressed);  // Of the X axis; hard limits are off.
    void enter(const std::string& state);
    void set_zero(const std::string& place);  // "-290.000,-190.000,-50.000" in machine coordinates.
    void set_temporary_zero(const std::string& place);   // By G92: gone with the next reset.
    void shift_zero_at_reset(const std::string& place);  // As when another system than G54 was on.
    void ignore_check_mode();                            // $C is answered, and nothing comes of it.
    void go_silent(bool silent);        // Answers nothing, though it gets everything.
    void say(const std::string& text);  // Noise, or a line nobody asked for.
    void unplug();
    void plug_in();

    [[nodiscard]] std::string state() const;
    [[nodiscard]] bool tool_on() const;                         // Spindle or beam.
    [[nodiscard]] std::vector<std::string> lines() const;       // Taken so far to be run, in order.
    [[nodiscard]] std::vector<std::string> read_lines() const;  // Only read, in check mode.
    [[nodiscard]] std::size_t lost_bytes() const;
    [[nodiscard]] std::size_t fullest() const;  // Bytes ever in the receive buffer.
    [[nodiscard]] int resets() const;
    // When a byte that acts at once last came off the wire.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point> arrival(char byte) const;

private:
    void live();
    void receive();
    void arrive(char byte);
    void at_once(char byte);
    void plan();
    void take(const std::string& line);
    void run(std::chrono::steady_clock::time_point now);
    void answer(const std::string& line);
    void check(const std::string& line);
    void send();
    void reset();
    [[nodiscard]] std::string report() const;
    void stop_as(const std::string& state);
    [[nodiscard]] bool slows_down() const;
    [[nodiscard]] bool stands() const { return state_ == "Hold" || state_ == "Door"; }

    FakeGrblOptions options_;
    FakePort port_;
    mutable std::mutex mutex_;
    std::atomic<bool> stop_{false};

    std::deque<char> wire_in_;   // Sent by the host, on the line.
    std::deque<char> wire_out_;  // To the host.
    double credit_in_ = 0;
    double credit_out_ = 0;
    std::chrono::steady_clock::time_point paced_at_;
    std::string buffer_;  // The receive buffer.
    std::size_t fullest_ = 0;
    std::size_t lost_bytes_ = 0;
    std::size_t planned_ = 0;  // Blocks in the planner.
    std::chrono::steady_clock::time_point block_ends_;
    bool finishing_ = false;
    std::string state_ = "Idle";
    bool silent_ = false;
    bool by_hand_ = false;
    bool tool_on_ = false;
    bool dark_ = false;  // Held, with the tool switched off.
    bool lose_answer_ = false;
    bool limit_ = false;
    std::string zero_ = "0.000,0.000,0.000";
    int reports_to_zero_ = 0;  // Until the one that tells it.
    std::string temporary_zero_;
    std::optional<std::string> zero_after_reset_;
    bool knows_check_ = true;
    std::vector<std::string> read_lines_;
    std::chrono::steady_clock::time_point stands_at_;
    int position_ = 0;
    int resets_ = 0;
    std::pair<std::string, int> refuse_{"", 0};
    std::vector<std::string> lines_;
    std::vector<std::pair<char, std::chrono::steady_clock::time_point>> arrivals_;
    std::thread thread_;
};

}  // namespace nearfab::agent::fakes
