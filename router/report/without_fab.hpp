// SPDX-License-Identifier: GPL-3.0-or-later
// without_fab.hpp - what would still be possible if one fab were gone.
//
// Of its capabilities: which would be gone, which would only be there smaller. Of its work: each
// sampled part is asked for again, as it was, of the machines as they are now and without the fab;
// whoever asks (router/core/router_report.cpp) tells the outcome here.

#pragma once

#include "base/id.hpp"
#include "proto/model/match.hpp"
#include "proto/model/part.hpp"
#include "proto/model/report.hpp"
#include "router/report/capability_census.hpp"
#include "router/report/distance_steps.hpp"
#include "router/report/work_sums.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace nearfab::router {

// The one with most pieces, then most machine time; of no work the one with most machines. Empty:
// there is none.
[[nodiscard]] FabId largest_fab(const WorkSums& sums, const CapabilityCensus& census);

void add_lost_capabilities(WithoutFab& to, const CapabilityCensus& census);

// What stands in everybody else's way, from a report in which this fab is barred by a refusal.
[[nodiscard]] WaitsFor lacking_without(const MatchReport& nobody_can, const FabId& gone);

class AskedAgain {
public:
    // Its number, and how far the nearest other that could make it is from its use; none: nobody.
    std::size_t add_part(const PartSpec& spec,
                         const PartFacts& facts,
                         std::optional<double> elsewhere_km,
                         WaitsFor lacks);
    // A piece of the part, and how far from its use it was made; none: not known.
    void add_piece(std::size_t part, std::optional<double> now_km);
    [[nodiscard]] std::size_t parts() const { return parts_.size(); }

    void tell(WithoutFab& to) const;

private:
    struct Asked {
        WorkKind kind;
        ReportSize size;
        std::optional<double> elsewhere_km;
        WaitsFor lacks = WaitsFor::unknown;
        std::uint64_t pieces = 0;
    };
    std::vector<Asked> parts_;
    DistanceTally now_;  // Of pieces that somebody else could make.
    DistanceTally elsewhere_;
};

}  // namespace nearfab::router
