// SPDX-License-Identifier: GPL-3.0-or-later
// octoprint_driver.hpp - a printer behind OctoPrint's REST interface (1.8 and later, 2.0).
//
// OctoPrint feeds the printer itself, so a print goes on without us and ends if OctoPrint dies. It
// counts, for each file, how often it was printed to the end or not; file names are ours alone, so
// that count says what came of a run while we were away. After a crash of OctoPrint itself there
// is no such entry, and nothing is claimed.
//
// docs/drivers/octoprint.md lists the quirks. `disconnect`, which kills a print, is never sent.

#pragma once

#include "node-agent/drivers/http_machine.hpp"
#include "node-agent/drivers/machine_driver.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::agent {

struct OctoprintOptions {
    std::string url;
    std::string key;  // An application key.
    std::optional<std::filesystem::path> ca_file = std::nullopt;
    Duration confirm_poll = std::chrono::milliseconds{500};
    Duration confirm_limit = std::chrono::seconds{30};
};

class OctoprintDriver final : public MachineDriver {
public:
    // Error invalid_argument: no address. Nothing is asked yet.
    [[nodiscard]] static Result<std::unique_ptr<OctoprintDriver>> open(OctoprintOptions options);

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
    explicit OctoprintDriver(std::unique_ptr<HttpMachine> machine) : machine_{std::move(machine)} {}

    [[nodiscard]] MachineReading look();
    [[nodiscard]] Result<MachineReading> reading_of_job(const Json& job);
    [[nodiscard]] Status add_runs(const Json& job, MachineReading& reading);
    [[nodiscard]] Status make_folder();
    [[nodiscard]] Status job_command(const std::string& json);

    [[nodiscard]] Result<std::vector<LastRun>> ended_runs(const Json& job);

    std::unique_ptr<HttpMachine> machine_;
    // Ended runs are asked for when something may have ended, and now and then; the file that was
    // selected then, and until when they are taken for true.
    std::vector<LastRun> runs_;
    std::string runs_selected_;
    std::chrono::steady_clock::time_point runs_good_until_;
};

}  // namespace nearfab::agent
