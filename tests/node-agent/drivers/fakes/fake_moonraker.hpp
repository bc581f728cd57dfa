// SPDX-License-Identifier: GPL-3.0-or-later
// fake_moonraker.hpp - a Moonraker 0.10 with a Klipper behind it, as its answers were recorded.
//
// It has the habits that hurt: a start while a job is paused is taken and throws that job away,
// pause and cancel say "ok" when nothing runs, an unknown file resets what is loaded, and after a
// shutdown print_stats goes on as if nothing had happened.

#pragma once

#include "tests/node-agent/drivers/fakes/fake_http_server.hpp"

#include <map>
#include <string>
#include <vector>

namespace nearfab::agent::fakes {

class FakeMoonraker {
public:
    static inline const std::string key = "b3a1c0ffee00b3a1c0ffee00b3a1c0ff";

    FakeMoonraker();

    void finish();
    // Moonraker dies and comes back; Klipper prints on. The history calls the job interrupted.
    void crash();
    void break_down();                // Klipper shuts down.
    void repair();                    // FIRMWARE_RESTART.
    void stop_klipper(bool stopped);  // Moonraker answers 503.
    void run_macro(bool runs);
    void start_by_hand(const std::string& path);
    void answer_once(const std::string& question, FakeAnswer answer, bool obey);
    void drop_history() { history_on_ = false; }

    [[nodiscard]] std::string loaded() const;  // The file that is loaded, and its state.
    [[nodiscard]] int abandoned() const;       // Paused jobs that a start threw away.

private:
    struct Job {
        std::string file;
        std::string status;
    };
    [[nodiscard]] FakeAnswer handle(const FakeRequest& request);
    [[nodiscard]] FakeAnswer obey(const FakeRequest& request);
    [[nodiscard]] FakeAnswer status();
    [[nodiscard]] FakeAnswer upload(const FakeRequest& request);
    [[nodiscard]] FakeAnswer print(const FakeRequest& request);
    [[nodiscard]] FakeAnswer start(const std::string& file);
    [[nodiscard]] FakeAnswer metadata(const std::string& file) const;
    [[nodiscard]] FakeAnswer history() const;
    void end(const std::string& state, const std::string& in_history);

    struct Once {
        FakeAnswer answer;
        bool obey;
    };
    std::map<std::string, Once> once_;
    std::map<std::string, std::string> files_;
    std::vector<Job> jobs_;  // Newest first.
    bool history_on_ = true;
    bool klipper_gone_ = false;
    std::string webhooks_ = "ready";
    std::string message_ = "Printer is ready";
    std::string state_ = "standby";
    std::string file_;
    std::string coming_;  // The state after some looks.
    int looks_left_ = 0;
    bool is_paused_ = false;
    bool macro_ = false;
    int abandoned_ = 0;

public:
    FakeHttpServer server;  // Last: its threads end before what they use.
};

}  // namespace nearfab::agent::fakes
