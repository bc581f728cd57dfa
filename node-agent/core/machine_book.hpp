// SPDX-License-Identifier: GPL-3.0-or-later
// machine_book.hpp - what the agent knows of each machine: the last reading, the bed, the people.
//
// Bed, stock, drain and quarantine come from facts. Nobody knows what lies on the bed of a machine
// that the journal does not name. A bed counts as used from the moment a machine may have been told
// to start, by us or by the fab itself, until a person confirms it is clear.

#pragma once

#include "base/clock.hpp"
#include "node-agent/core/fact.hpp"
#include "node-agent/core/machine_reading.hpp"
#include "node-agent/core/options.hpp"
#include "node-agent/core/work.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::agent {

struct Stock {
    double grams = 0;                    // What a run uses is taken off when it ends.
    std::optional<double> configured_g;  // What the configuration said when it was last heard.
    friend bool operator==(const Stock&, const Stock&) = default;
};

struct Machine {
    MachineOptions options;
    bool configured = true;  // False: known from the journal only.
    bool attended = false;   // A person must be there while it starts and runs.

    bool bed_clear = false;  // Confirmed, and nothing has run since.
    std::string bed_holds;   // The file whose part may lie there; empty: clear or unknown.
    std::optional<RunHistory> accounted;  // What it had run when its bed was last spoken of.
    std::string last_file;                // The last file we know it ran or may have run,
    std::string last_file_before;         // and the one before that.
    bool drained = false;
    std::string quarantine;  // Why it is closed after an unsafe failure; empty: it is not.

    std::optional<MachineReading> reading;
    std::optional<TimePoint> silent_since;
    std::optional<TimePoint> presence_until;
    std::vector<TimePoint> wrong_codes;  // Said from elsewhere in the last hour, oldest first.
    std::map<MaterialId, Stock> stock;

    [[nodiscard]] const MachineId& id() const { return options.capability.machine; }
    [[nodiscard]] bool answers() const;
    // It is active with a file that is not this one.
    [[nodiscard]] bool runs_other_than(const std::string& file) const;
    // A last run of this name is no news.
    [[nodiscard]] bool knows_file(const std::string& file) const;
    // Its count says that something ran since its bed was last spoken of, or began anew, and so
    // says nothing of what ran before.
    [[nodiscard]] bool has_run_unseen() const;
    // What was loaded minus what was used since.
    [[nodiscard]] double stock_g(const MaterialId& material) const;
};

class MachineBook {
public:
    explicit MachineBook(const std::vector<MachineOptions>& machines);

    [[nodiscard]] const std::map<MachineId, Machine>& all() const { return machines_; }
    [[nodiscard]] std::map<MachineId, Machine>& all() { return machines_; }
    // Null when it was never heard of.
    [[nodiscard]] const Machine* find(const MachineId& id) const;
    // Makes an entry that is not configured when the journal names a machine that is gone.
    Machine& get(const MachineId& id);

    void bed_taken(const MachineId& machine, const std::string& file);
    // That file never touched the bed after all.
    void bed_untouched(const MachineId& machine, const std::string& file);

private:
    std::map<MachineId, Machine> machines_;
};

// How the machine looks from outside; `holder` is the attempt that occupies it, or null.
[[nodiscard]] MachineState state_of(const Machine& machine, const Work* holder);

// Why nothing can be started on it now; nothing when it could.
[[nodiscard]] std::optional<std::string> why_no_start(const Machine& machine, TimePoint now);

// Why it does not prove that the machine never began this work, for which it was told to start,
// that the file neither runs nor was its last run; nothing when it does. A machine remembers one
// run only, so only its count of runs can prove that ours was not among them.
[[nodiscard]] std::optional<std::string> why_absence_proves_nothing(const Machine& machine,
                                                                    const Work& work);

// Why no new work may be reserved on it; nothing when it may. It may have to wait its turn.
[[nodiscard]] std::optional<std::string> why_no_work(const Machine& machine);

}  // namespace nearfab::agent
