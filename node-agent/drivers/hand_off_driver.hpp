// SPDX-License-Identifier: GPL-3.0-or-later
// hand_off_driver.hpp - a machine without an interface: a person takes the file and starts it.
//
// For LightBurn, RDWorks, Fusion and whatever else runs a machine from its own program. A start
// puts the file and its traveller, a page to print with a QR code, into a folder that the person
// (or that program) watches; what comes of it the person says.
//
//   to_make/<name>        the file, from the start until its end is told
//   to_make/<name>.html   its traveller
//   orders                lines appended by people: "done", "failed <why>", "clear-fault",
//                         "fault <why>"; obeyed and removed at the next look
//   files/, memory.json   the driver's own
//
// One driver at a time owns a directory.

#pragma once

#include "node-agent/drivers/machine_driver.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::agent {

struct HandOffOptions {
    std::filesystem::path directory;  // Made if missing; its parent must exist.
    std::string machine;              // Its id, for the traveller.
};

// What the folder remembers.
struct HandOffMemory {
    std::string current;         // The file that a person has; empty: none.
    std::string fault;           // Why the machine takes no work; empty: it does.
    std::vector<LastRun> ended;  // Newest first, at most 50.
    std::string complaint;       // About an order that could not be obeyed.

    friend bool operator==(const HandOffMemory&, const HandOffMemory&) = default;
};

class HandOffDriver final : public MachineDriver {
public:
    // Error storage: the directory cannot be made.
    [[nodiscard]] static Result<std::unique_ptr<HandOffDriver>> open(HandOffOptions options);

    [[nodiscard]] DriverTraits traits() const override;
    [[nodiscard]] Result<MachineIdentity> identify() override;
    [[nodiscard]] MachineReading read() override;
    // Names are letters, digits, ".", "_" and "-".
    [[nodiscard]] Status upload(const std::string& name,
                                std::span<const std::uint8_t> bytes) override;
    [[nodiscard]] Result<ContentHash> stored_hash(const std::string& name) override;
    [[nodiscard]] Status start(const StartPermit& permit) override;
    // Error unsupported: only the person at the machine can.
    [[nodiscard]] Status pause() override;
    [[nodiscard]] Status resume() override;
    [[nodiscard]] Status cancel() override;

private:
    explicit HandOffDriver(HandOffOptions options) : options_{std::move(options)} {}

    [[nodiscard]] Result<HandOffMemory> look();
    [[nodiscard]] Result<HandOffMemory> load() const;
    [[nodiscard]] Status save(const HandOffMemory& memory) const;
    [[nodiscard]] Result<std::string> take_orders() const;
    void obey(const std::string& order, HandOffMemory& memory) const;
    void take_away(const std::string& name) const;
    // File and traveller into the folder, if the file is not there.
    [[nodiscard]] Status put_out(const std::string& name) const;
    [[nodiscard]] std::filesystem::path stored(const std::string& name) const;

    HandOffOptions options_;
};

}  // namespace nearfab::agent
