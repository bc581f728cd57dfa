// SPDX-License-Identifier: GPL-3.0-or-later
// fake_octoprint.hpp - an OctoPrint 1.11 with a printer behind it, as its answers were recorded.
//
// States change as they do there: a pause goes through "Pausing" for some looks, a start through
// "Starting". Nothing passes with time, so a test decides when a print ends.

#pragma once

#include "tests/node-agent/drivers/fakes/fake_http_server.hpp"

#include <deque>
#include <map>
#include <string>

namespace nearfab::agent::fakes {

class FakeOctoprint {
public:
    static inline const std::string key = "0123456789ABCDEF0123456789ABCDEF";

    FakeOctoprint();

    void finish();          // The print comes to its end.
    void crash();           // Killed and started again: no entry is written for the print.
    void break_down();      // The firmware halts.
    void repair();          // Connected again.
    void unplug_printer();  // The serial line; OctoPrint goes on.
    void plug_in_printer();
    void start_by_hand(const std::string& path);
    // The next question with this method and path gets this answer, after or in place of being
    // obeyed.
    void answer_once(const std::string& question, FakeAnswer answer, bool obey);
    void corrupt(const std::string& path);       // A byte of the file changes on its disk.
    void rename_uploads(const std::string& to);  // As a plugin does.

    [[nodiscard]] std::string state() const;
    [[nodiscard]] std::string text_of(const std::string& path) const;

private:
    struct Stored {
        std::string bytes;
        int date = 0;
        int success = 0;
        int failure = 0;
        int last_date = 0;
        bool last_success = false;
    };
    [[nodiscard]] FakeAnswer handle(const FakeRequest& request);
    [[nodiscard]] FakeAnswer obey(const FakeRequest& request);
    [[nodiscard]] FakeAnswer job();
    [[nodiscard]] FakeAnswer upload(const FakeRequest& request);
    [[nodiscard]] FakeAnswer select(const std::string& path, const FakeRequest& request);
    [[nodiscard]] FakeAnswer job_command(const FakeRequest& request);
    [[nodiscard]] FakeAnswer list() const;
    [[nodiscard]] static std::string json_of(const std::string& path, const Stored& file);
    void begin(const std::string& path);
    void end(bool success);
    [[nodiscard]] bool prints() const;

    struct Once {
        FakeAnswer answer;
        bool obey;
    };
    std::map<std::string, Once> once_;
    std::map<std::string, Stored> files_;
    bool has_folder_ = false;
    std::string state_ = "Operational";
    std::deque<std::string> coming_;  // States of the next looks.
    std::string error_;
    std::string selected_;
    std::string completion_ = "null";
    std::string rename_to_;
    int clock_ = 1'700'000'000;

public:
    FakeHttpServer server;  // Last: its threads end before what they use.
};

}  // namespace nearfab::agent::fakes
