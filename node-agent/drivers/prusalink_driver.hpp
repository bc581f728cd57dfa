// SPDX-License-Identifier: GPL-3.0-or-later
// prusalink_driver.hpp - a printer behind PrusaLink: the Python program (MK2.5, MK3) or the
// firmware itself (MINI, MK3.5, MK4, XL, Core One).
//
// PrusaLink keeps no history. The Python one shows the end of a print for 11 s, the firmware until
// somebody dismisses it on the screen; after that nothing tells whether the print was finished. So
// it must be looked at every 5 s, and what ended in a longer gap is in doubt.
//
// docs/drivers/prusalink.md lists the quirks.

#pragma once

#include "node-agent/drivers/http_machine.hpp"
#include "node-agent/drivers/machine_driver.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace nearfab::agent {

struct PrusalinkOptions {
    std::string url;
    std::string key;       // An API key; or:
    std::string user;      // "maker" on printers, as set up on a Raspberry Pi.
    std::string password;  // With a user: HTTP Digest.
    std::optional<std::filesystem::path> ca_file = std::nullopt;
    Duration confirm_poll = std::chrono::milliseconds{500};
    Duration confirm_limit = std::chrono::seconds{30};
};

class PrusalinkDriver final : public MachineDriver {
public:
    // Error invalid_argument: no address. Nothing is asked yet.
    [[nodiscard]] static Result<std::unique_ptr<PrusalinkDriver>> open(PrusalinkOptions options);

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
    explicit PrusalinkDriver(std::unique_ptr<HttpMachine> machine) : machine_{std::move(machine)} {}

    [[nodiscard]] MachineReading look();
    [[nodiscard]] Result<MachineReading> reading_of(const Json& status);
    [[nodiscard]] Result<std::string> job_file();
    [[nodiscard]] std::string last_file();
    void note_end(const std::string& state, const std::string& file);
    [[nodiscard]] Result<std::string> path_of(const std::string& name);
    [[nodiscard]] Status put(const std::string& name,
                             const std::string& path,
                             std::span<const std::uint8_t> bytes);
    [[nodiscard]] Result<std::string> job_path();
    [[nodiscard]] Status job_command(const std::string& method, const std::string& action);

    std::unique_ptr<HttpMachine> machine_;
    std::string storage_;              // "/local", "/usb"; empty: not asked yet.
    std::string running_file_;         // At the last look.
    std::optional<LastRun> last_run_;  // Seen by this driver.
    // What was uploaded by this driver, for printers that do not give files back.
    struct Uploaded {
        ContentHash hash;
        std::size_t size = 0;
    };
    std::map<std::string, Uploaded> uploaded_;
};

}  // namespace nearfab::agent
