// SPDX-License-Identifier: GPL-3.0-or-later
// moonraker_driver.hpp - a printer run by Klipper, behind Moonraker's HTTP interface.
//
// Moonraker keeps a history of jobs, so it can tell later what came of a run, but for those during
// which it died itself: Klipper may have gone on, and only its own last state says more. It takes
// a start while another job is paused and throws that job away, and it answers pause and cancel
// with "ok" when nothing runs: so nothing is sent before the state has been read, and nothing is
// believed before the state shows it.
//
// docs/drivers/moonraker.md lists the quirks.

#pragma once

#include "node-agent/drivers/http_machine.hpp"
#include "node-agent/drivers/machine_driver.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::agent {

struct MoonrakerOptions {
    std::string url;
    std::string key;  // Empty: this computer is one of Moonraker's trusted clients.
    std::optional<std::filesystem::path> ca_file = std::nullopt;
    Duration confirm_poll = std::chrono::milliseconds{500};
    Duration confirm_limit = std::chrono::seconds{150};  // Pause and cancel run macros, minutes.
    // A print begun right after Klipper became ready gets a history entry without a name.
    Duration ready_rest = std::chrono::seconds{2};
};

class MoonrakerDriver final : public MachineDriver {
public:
    // Error invalid_argument: no address. Nothing is asked yet.
    [[nodiscard]] static Result<std::unique_ptr<MoonrakerDriver>> open(MoonrakerOptions options);

    [[nodiscard]] DriverTraits traits() const override;
    [[nodiscard]] Result<MachineIdentity> identify() override;
    [[nodiscard]] MachineReading read() override;
    [[nodiscard]] Status upload(const std::string& name,
                                std::span<const std::uint8_t> bytes) override;
    [[nodiscard]] Result<ContentHash> stored_hash(const std::string& name) override;
    [[nodiscard]] Status start(const StartPermit& permit) override;
    [[nodiscard]] Status pause() override;
    [[nodiscard]] Status resume() override;
    [[nodiscard]] Status cancel() override;
    void make_way(bool wanted) override { machine_->make_way(wanted); }
    void interrupt() override { machine_->interrupt(); }

private:
    MoonrakerDriver(std::unique_ptr<HttpMachine> machine, Duration ready_rest)
        : machine_{std::move(machine)}, ready_rest_{ready_rest} {}

    [[nodiscard]] MachineReading look();
    [[nodiscard]] MachineReading reading_of(const Json& status);
    void add_progress(const Json& status, MachineReading& reading);
    [[nodiscard]] Status add_runs(const Json& status, MachineReading& reading);
    [[nodiscard]] Result<std::vector<LastRun>> history();
    [[nodiscard]] Status tell(const std::string& target);
    [[nodiscard]] Status tell_and_see(const std::string& target,
                                      const std::function<bool()>& seen,
                                      const std::string& what);

    std::unique_ptr<HttpMachine> machine_;
    Duration ready_rest_;
    std::optional<std::chrono::steady_clock::time_point> ready_since_;
    // The history as of the last time something may have ended.
    std::vector<LastRun> runs_;
    bool has_history_ = true;
    std::string runs_state_;
    std::chrono::steady_clock::time_point runs_good_until_;
    // The slicer's estimate of the running file.
    std::string estimated_file_;
    double estimated_s_ = 0;
};

}  // namespace nearfab::agent
