// SPDX-License-Identifier: GPL-3.0-or-later
// capability_census.hpp - which fabs can work by a process in a material, and how large, kept as
// they advertise.
//
// A capability is a known process and a known material of which a machine has some, in a state that
// takes work. Of each fab the largest envelope counts (by volume), so what hangs on one fab is read
// off the first entries however many fabs there are. Costs a look at an advertisement, and more
// only when it changes what the fab can do.

#pragma once

#include "base/id.hpp"
#include "proto/model/capability.hpp"
#include "proto/model/report.hpp"
#include "router/report/work_sums.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::router {

// Larger by less than this along each side is called the same size.
inline constexpr double same_size_fraction = 0.1;

class CapabilityCensus {
public:
    void advertise(const FabId& fab, const Advertisement& said);
    // Connected, and its advertisement counts. Of a fab that has not advertised: nothing.
    void set_there(const FabId& fab, bool there);

    struct Capability {
        // Of fabs that are there, largest first.
        struct Entry {
            double minus_volume = 0;
            FabId fab;
            double x_mm = 0;
            double y_mm = 0;
            double z_mm = 0;
            friend auto operator<=>(const Entry&, const Entry&) = default;
        };
        std::set<Entry> there;
        std::map<std::string, std::uint32_t> owners;  // Of them.
        std::uint32_t away = 0;                       // Fabs that have it and are not there.
    };
    struct Process {
        std::uint32_t fabs = 0;  // That are there.
        std::uint32_t machines = 0;
        std::map<std::string, std::uint32_t> owners;
    };
    // Also those that nobody has any more at the moment.
    [[nodiscard]] const std::map<WorkKind, Capability>& capabilities() const {
        return capabilities_;
    }
    [[nodiscard]] const std::map<ProcessId, Process>& processes() const { return processes_; }

    // What of this capability only one fab or one owner has; none: nothing.
    [[nodiscard]] std::optional<HangingCapability> hanging(const WorkKind& kind) const;
    // The largest that others have; none: nobody has it.
    [[nodiscard]] std::optional<ReportSize> largest_without(const WorkKind& kind,
                                                            const FabId& fab) const;
    [[nodiscard]] const std::string& owner_of(const FabId& fab) const;

    [[nodiscard]] std::size_t fabs_known() const { return fabs_.size(); }
    [[nodiscard]] std::size_t fabs_there() const { return by_machines_.size(); }
    [[nodiscard]] std::size_t owners_there() const { return owners_.size(); }
    [[nodiscard]] std::uint32_t machines_there() const { return machines_there_; }
    // The fab that is there with the most machines; empty: none is there.
    [[nodiscard]] FabId with_most_machines() const;

private:
    struct Own {
        WorkKind kind;
        ReportSize envelope;  // The largest.
        friend bool operator==(const Own&, const Own&) = default;
    };
    struct FabEntry {
        std::string owner;
        std::vector<Own> has;  // Each kind once.
        std::map<ProcessId, std::uint32_t> machines;
        bool there = false;
    };
    static FabEntry read(const Advertisement& said);
    void count(const FabId& id, const FabEntry& fab, bool more);

    std::map<FabId, FabEntry> fabs_;
    std::map<WorkKind, Capability> capabilities_;
    std::map<ProcessId, Process> processes_;
    std::map<std::string, std::uint32_t> owners_;
    std::set<std::pair<std::int64_t, FabId>> by_machines_;  // Those there, most machines first.
    std::uint32_t machines_there_ = 0;
};

}  // namespace nearfab::router
