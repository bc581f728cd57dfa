// SPDX-License-Identifier: GPL-3.0-or-later
// machine_rig.hpp - a machine under test: a fake, or a real one whose address is in the
// environment.
//
// What the contract needs to happen on the machine itself (a print ends, a fault, a cable pulled) a
// fake does at once. A real machine cannot be told most of it; then the function says false and the
// contract leaves that case out.

#pragma once

#include "node-agent/drivers/machine_driver.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace nearfab::agent {

class MachineRig {
public:
    MachineRig() = default;
    virtual ~MachineRig() = default;
    MachineRig(const MachineRig&) = delete;
    MachineRig& operator=(const MachineRig&) = delete;

    // False: the environment names no such machine, and there is nothing to test.
    [[nodiscard]] virtual bool is_there() const { return true; }
    // A new driver, as after a restart of the agent. The old one must be gone.
    [[nodiscard]] virtual std::unique_ptr<MachineDriver> connect() = 0;
    // The same with a key that is wrong; null where there are no keys.
    [[nodiscard]] virtual std::unique_ptr<MachineDriver> connect_with_wrong_key() {
        return nullptr;
    }
    // Machine code of a run that lasts until finish(), or on a real machine some seconds.
    [[nodiscard]] virtual std::string program() const = 0;
    // A name for it that was never used on this machine.
    [[nodiscard]] virtual std::string fresh_name() = 0;
    // Told to start, a machine that a person starts needs that person.
    virtual void press_start(const std::string& /*file*/) {}
    virtual void finish() {}  // A real run is waited for.
    // So much time passes, with nobody looking, that a machine without memory shows no end any
    // more.
    virtual void forget() {}
    [[nodiscard]] virtual bool start_foreign() { return false; }
    [[nodiscard]] virtual bool break_down() { return false; }
    virtual void repair() {}
    [[nodiscard]] virtual bool cut_link() { return false; }
    virtual void mend_link() {}
    // How long the machine may take for anything.
    [[nodiscard]] virtual std::chrono::seconds patience() const { return std::chrono::seconds{20}; }
};

}  // namespace nearfab::agent
