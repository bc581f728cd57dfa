// SPDX-License-Identifier: GPL-3.0-or-later
// fake_marlin.hpp - a printer with Marlin 2 on a pseudo-terminal.
//
// It checks numbers and checksums and asks for lines again, says "busy" while it heats, and can be
// made to hear badly. After a few lines its planner is full until a test says that the print ends.

#pragma once

#include "tests/node-agent/drivers/fakes/fake_port.hpp"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace nearfab::agent::fakes {

struct FakeMarlinOptions {
    bool starts_on_open = false;  // Says "start", as a board that was reset.
    bool emergency_parser = true;
    std::size_t mishears_every = 0;  // Each so many bytes one arrives changed; 0: none.
    bool endless = true;             // The planner is full after four lines.
};

class FakeMarlin {
public:
    explicit FakeMarlin(FakeMarlinOptions options = {});
    ~FakeMarlin();
    FakeMarlin(const FakeMarlin&) = delete;
    FakeMarlin& operator=(const FakeMarlin&) = delete;

    [[nodiscard]] std::string port() const { return port_.name(); }
    void finish();
    void kill(const std::string& words);
    void switch_off_and_on();
    void say(const std::string& line);
    void print_from_card(bool prints);
    void unplug();
    void plug_in();

    [[nodiscard]] std::vector<std::string> lines() const;  // Of programs, taken in order.
    [[nodiscard]] bool hot() const;
    [[nodiscard]] int resends() const;

private:
    void live();
    void take(std::string line);
    void obey(const std::string& code);
    void answer(const std::string& line);
    [[nodiscard]] bool is_right(std::string& line);
    void ask_again(const std::string& why);

    FakeMarlinOptions options_;
    FakePort port_;
    mutable std::mutex mutex_;
    std::atomic<bool> stop_{false};
    std::string partial_;
    std::string held_;  // A line whose answer waits for room in the planner.
    std::size_t heard_ = 0;
    unsigned long last_number_ = 0;
    std::size_t planned_ = 0;
    bool finishing_ = false;
    bool killed_ = false;
    bool hot_ = false;
    bool card_ = false;
    int resends_ = 0;
    std::vector<std::string> lines_;
    std::thread thread_;
};

}  // namespace nearfab::agent::fakes
