// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/node-agent/drivers/fakes/fake_marlin.hpp"

#include <cstdlib>
#include <poll.h>

namespace nearfab::agent::fakes {
namespace {

constexpr int look_ms = 1;
constexpr std::size_t planner_lines = 4;
const std::string position = "X:0.00 Y:0.00 Z:0.00 E:0.00 Count X:0 Y:0 Z:0";

}  // namespace

FakeMarlin::FakeMarlin(FakeMarlinOptions options) : options_{options} {
    if (options_.starts_on_open) answer("start");
    thread_ = std::thread{[this] { live(); }};
}

FakeMarlin::~FakeMarlin() {
    stop_ = true;
    thread_.join();
}

void FakeMarlin::live() {
    while (!stop_) {
        int port = -1;
        {
            const std::lock_guard lock{mutex_};
            port = port_.machine();
        }
        pollfd waiting{port, POLLIN, 0};
        (void)::poll(&waiting, 1, look_ms);
        const std::lock_guard lock{mutex_};
        for (char byte : port_.received()) {
            ++heard_;
            const bool changed = options_.mishears_every > 0 && byte != '\n' &&
                                 heard_ % options_.mishears_every == 0;
            if (changed) byte = static_cast<char>(byte ^ 1);
            if (byte != '\n') {
                partial_ += byte;
                continue;
            }
            std::string line;
            line.swap(partial_);
            if (!killed_ && !line.empty()) take(std::move(line));
        }
        if (!held_.empty() && (planned_ < planner_lines || finishing_)) {
            if (held_ == "M114") answer(position);
            held_.clear();
            answer("ok");
        } else if (!held_.empty() && ++heard_ % 8 == 0) {
            answer("echo:busy: processing");
        }
    }
}

void FakeMarlin::ask_again(const std::string& why) {
    ++resends_;
    answer("Error:" + why + ", Last Line: " + std::to_string(last_number_));
    answer("Resend: " + std::to_string(last_number_ + 1));
    answer("ok");
}

bool FakeMarlin::is_right(std::string& line) {
    const std::size_t star = line.rfind('*');
    if (star == std::string::npos) {
        ask_again("No Checksum with line number");
        return false;
    }
    unsigned sum = 0;
    for (std::size_t i = 0; i < star; ++i)
        sum ^= static_cast<unsigned char>(line[i]);
    if (std::to_string(sum) != line.substr(star + 1)) {
        ask_again("checksum mismatch");
        return false;
    }
    const unsigned long number = std::strtoul(line.c_str() + 1, nullptr, 10);
    if (number != last_number_ + 1) {
        ask_again("Line Number is not Last Line Number+1");
        return false;
    }
    last_number_ = number;
    line = line.substr(0, star);
    line.erase(0, line.find(' ') + 1);
    return true;
}

void FakeMarlin::take(std::string line) {
    if (line.front() != 'N') return obey(line);
    if (!is_right(line)) return;
    lines_.push_back(line);
    ++planned_;
    const bool room = !options_.endless || finishing_ || planned_ < planner_lines;
    if (line.starts_with("M104") || line.starts_with("M109")) hot_ = !line.ends_with("S0");
    if (!room) {
        held_ = line;
        return;
    }
    if (line == "M114") answer(position);
    answer("ok");
}

void FakeMarlin::obey(const std::string& code) {
    if (code.starts_with("M110")) last_number_ = 0;
    if (code == "M115") {
        answer(
            "FIRMWARE_NAME:Marlin 2.1.2 (Oct 1 2025) SOURCE_CODE_URL:github.com/MarlinFirmware "
            "PROTOCOL_VERSION:1.0 MACHINE_TYPE:Ender-3 Pro EXTRUDER_COUNT:1 "
            "UUID:cede2a2f-41a2-4748-9b12-c55c62f367ff");
        answer("Cap:AUTOREPORT_TEMP:1");
        answer(std::string{"Cap:EMERGENCY_PARSER:"} + (options_.emergency_parser ? "1" : "0"));
    }
    if (code == "M27") answer(card_ ? "SD printing byte 123/12345" : "Not SD printing");
    if (code == "M104 S0") hot_ = false;
    if (code == "M108" || code == "M410") {
        if (!held_.empty()) answer("ok");  // What waited for room is done, and answered.
        held_.clear();
        planned_ = 0;
    }
    answer("ok");
}

void FakeMarlin::answer(const std::string& line) {
    port_.send(line + "\n");
}

void FakeMarlin::finish() {
    const std::lock_guard lock{mutex_};
    finishing_ = true;
    card_ = false;
}

void FakeMarlin::kill(const std::string& words) {
    const std::lock_guard lock{mutex_};
    killed_ = true;
    hot_ = false;
    held_.clear();
    answer("Error:" + words);
    answer("Error:Printer halted. kill() called!");
}

void FakeMarlin::switch_off_and_on() {
    const std::lock_guard lock{mutex_};
    killed_ = false;
    hot_ = false;
    held_.clear();
    last_number_ = 0;
    planned_ = 0;
    answer("start");
    answer("echo:Marlin 2.1.2");
}

void FakeMarlin::say(const std::string& line) {
    const std::lock_guard lock{mutex_};
    answer(line);
}

void FakeMarlin::print_from_card(bool prints) {
    const std::lock_guard lock{mutex_};
    card_ = prints;
}

void FakeMarlin::unplug() {
    const std::lock_guard lock{mutex_};
    port_.unplug();
    held_.clear();
}

void FakeMarlin::plug_in() {
    const std::lock_guard lock{mutex_};
    port_.plug_in();
    planned_ = 0;
    last_number_ = 0;
}

std::vector<std::string> FakeMarlin::lines() const {
    const std::lock_guard lock{mutex_};
    return lines_;
}

bool FakeMarlin::hot() const {
    const std::lock_guard lock{mutex_};
    return hot_;
}

int FakeMarlin::resends() const {
    const std::lock_guard lock{mutex_};
    return resends_;
}

}  // namespace nearfab::agent::fakes
