// SPDX-License-Identifier: GPL-3.0-or-later
// fake_port.hpp - a serial port with a fake machine at its other end: a pseudo-terminal.
//
// Its name is a symbolic link, so that it can be pulled out and plugged in under one name. Not for
// sharing between threads without a lock.

#pragma once

#include <filesystem>
#include <string>

namespace nearfab::agent::fakes {

class FakePort {
public:
    FakePort();
    ~FakePort();
    FakePort(const FakePort&) = delete;
    FakePort& operator=(const FakePort&) = delete;

    [[nodiscard]] std::string name() const { return (folder_ / "port").string(); }
    // The machine's end; -1 while it is pulled out. Never blocks.
    [[nodiscard]] int machine() const { return master_; }
    // What the host has sent by now.
    [[nodiscard]] std::string received() const;
    void send(const std::string& bytes) const;
    void unplug();
    void plug_in();

private:
    std::filesystem::path folder_;
    int master_ = -1;
    int slave_ = -1;  // Kept open, so that the port outlives those who use it.
};

}  // namespace nearfab::agent::fakes
