// SPDX-License-Identifier: GPL-3.0-or-later
// fake_prusalink.hpp - a PrusaLink 0.8 or a printer's firmware, as their answers were recorded.
//
// The Pi shows the end of a print for some looks and then forgets everything; the firmware shows it
// until it is dismissed, calls files by short names and gives none back. The resin printer (an SL1,
// of which nothing was recorded: it is taken to answer as the Pi does) takes layers only.

#pragma once

#include "tests/node-agent/drivers/fakes/fake_http_server.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace nearfab::agent::fakes {

class FakePrusalink {
public:
    enum class Kind : std::uint8_t { pi, firmware, resin };
    static inline const std::string key = "8ojHKHGNuAHA2bM";

    explicit FakePrusalink(Kind kind = Kind::pi);

    void finish();
    void forget_end();  // 11 s pass, or somebody dismisses the screen.
    void break_down();
    void repair();
    void unplug_printer(bool unplugged);
    void call_for_attention();
    void start_by_hand(const std::string& name);
    void answer_once(const std::string& question, FakeAnswer answer, bool obey);
    void want_digest(bool wanted) { digest_ = wanted; }
    void fill_storage() { full_ = true; }

    [[nodiscard]] std::string state() const;
    [[nodiscard]] int digest_answers() const;  // Questions that came with a good digest.

private:
    [[nodiscard]] FakeAnswer handle(const FakeRequest& request);
    [[nodiscard]] FakeAnswer obey(const FakeRequest& request);
    [[nodiscard]] FakeAnswer route(const FakeRequest& request);
    [[nodiscard]] FakeAnswer status();
    [[nodiscard]] FakeAnswer job() const;
    [[nodiscard]] FakeAnswer old_job() const;
    [[nodiscard]] FakeAnswer file(const FakeRequest& request);
    [[nodiscard]] FakeAnswer job_command(const FakeRequest& request);
    [[nodiscard]] std::string file_json(const std::string& name) const;
    [[nodiscard]] bool has_job() const;

    struct Once {
        FakeAnswer answer;
        bool obey;
    };
    Kind kind_;
    std::map<std::string, Once> once_;
    std::map<std::string, std::string> files_;
    std::string state_ = "IDLE";
    std::string name_;  // Of the job, or of the last one.
    int job_id_ = 0;
    int end_looks_ = 0;
    bool unplugged_ = false;
    bool digest_ = false;
    bool full_ = false;
    int digest_answers_ = 0;

public:
    FakeHttpServer server;  // Last: its threads end before what they use.
};

}  // namespace nearfab::agent::fakes
