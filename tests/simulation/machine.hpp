// SPDX-License-Identifier: GPL-3.0-or-later
// machine.hpp - a machine of matter: it makes parts, loses its power, and is used by people.
//
// Agents see it only through the driver's interface. What it really did goes to the oracle.

#pragma once

#include "node-agent/drivers/machine_driver.hpp"
#include "tests/simulation/scene.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::simulation {

// What a machine can say of its past.
enum class Memory : std::uint8_t {
    counts_runs,  // Its last run, and how many it has begun.
    remembers,    // Its last run only.
    none,         // GRBL: nothing.
};

class Machine final : public agent::MachineDriver {
public:
    Machine(Scene& scene, std::string name, Memory memory, bool attended)
        : scene_{scene}, name_{std::move(name)}, memory_{memory}, attended_{attended} {}

    [[nodiscard]] Result<agent::MachineIdentity> identify() override;
    [[nodiscard]] agent::MachineReading read() override;
    [[nodiscard]] Status upload(const std::string& name,
                                std::span<const std::uint8_t> bytes) override;
    [[nodiscard]] Result<ContentHash> stored_hash(const std::string& name) override;
    [[nodiscard]] Status start(const agent::StartPermit& permit) override;
    [[nodiscard]] Status pause() override;
    [[nodiscard]] Status resume() override;
    [[nodiscard]] Status cancel() override;

    // ---- What people and the world do to it ----
    void advance();
    [[nodiscard]] TimePoint next() const {
        TimePoint next = delayed_ ? delayed_->first : TimePoint::max();
        return run_ && !run_->held_at ? std::min(next, run_->ends) : next;
    }
    void lose_power(Duration span);
    void fall_silent(Duration span);
    void fail_now();
    // A job of the fab itself, or one of our files. False: it is busy, or not in order.
    bool run_by_hand(const std::string& file);
    [[nodiscard]] bool is_active() const { return run_.has_value() || delayed_.has_value(); }
    [[nodiscard]] bool is_held() const { return run_ && run_->held_at; }
    [[nodiscard]] bool is_in_order() const { return !fault_ && scene_.now >= dark_until_; }
    void mend() { fault_ = false; }
    void clear_bed() { bed_ = 0; }
    [[nodiscard]] bool bed_is_empty() const { return bed_ == 0; }
    void set_person_until(TimePoint until) { person_until_ = until; }
    [[nodiscard]] const std::map<std::string, Bytes>& files() const { return files_; }
    // Makes nothing but scrap from now on.
    void spoil() { spoiled_ = true; }
    void heal();

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] Memory memory() const { return memory_; }
    [[nodiscard]] bool attended() const { return attended_; }

private:
    struct Run {
        std::string file;
        std::vector<std::size_t> pieces;
        TimePoint begun;
        TimePoint ends;
        bool fails = false;
        bool by_hand = false;
        std::optional<TimePoint> held_at;
    };
    void begin(const std::string& file, bool by_hand, TimePoint ordered);
    void end(agent::RunOutcome outcome, const std::string& detail);
    [[nodiscard]] bool reachable() const;
    [[nodiscard]] std::vector<ContentHash> designs_of(const std::string& file) const;

    Scene& scene_;
    std::string name_;
    Memory memory_;
    bool attended_;

    std::map<std::string, Bytes> files_;
    std::optional<Run> run_;
    std::optional<std::pair<TimePoint, std::string>> delayed_;  // A start that is still coming.
    TimePoint ordered_;                                         // When the machine was told of it.
    std::optional<agent::LastRun> last_run_;
    std::uint64_t boots_ = 1;
    std::uint64_t runs_ = 0;
    int bed_ = 0;  // Things that lie on it.
    bool fault_ = false;
    bool spoiled_ = false;
    TimePoint dark_until_;    // Without power.
    TimePoint silent_until_;  // Does not answer, and goes on.
    TimePoint person_until_;
};

// What a slicer makes of designs, in one line.
[[nodiscard]] Bytes machine_code_of(const std::vector<ContentHash>& designs,
                                    const std::string& machine);

}  // namespace nearfab::simulation
