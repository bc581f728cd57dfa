// SPDX-License-Identifier: GPL-3.0-or-later
// scan.hpp - finds machines by looking at every one: slow, and obviously right.

#pragma once

#include "router/matching/finder.hpp"

#include <functional>
#include <span>
#include <vector>

namespace nearfab::router {

struct MachineChoice;
struct TreeCost;

class Scan final : public Finder {
public:
    // REQUIRES: all three outlive the scan.
    Scan(const Question& question, std::span<const FabView> fabs, const MatchingRules& rules);

    [[nodiscard]] std::size_t machines() const override;
    [[nodiscard]] std::unique_ptr<Finder> asking(const Question& other) const override;
    [[nodiscard]] std::vector<Found> nearest(std::size_t most) const override;
    [[nodiscard]] std::vector<Found> best(std::size_t most) const override;
    [[nodiscard]] std::vector<Found> least_shared(double chord2_max,
                                                  std::size_t most,
                                                  const std::set<FabId>& without) const override;
    [[nodiscard]] std::vector<Found> failing(std::size_t most,
                                             std::size_t looked_at) const override;
    [[nodiscard]] std::vector<Found> failing_only(Requirement requirement,
                                                  std::size_t most) const override;

private:
    using Wanted = std::function<bool(const MachineChoice&, double chord2)>;
    using Cost = std::function<TreeCost(const MachineChoice&, double chord2)>;
    [[nodiscard]] std::vector<Found> sorted(const Wanted& wanted, const Cost& cost) const;
    [[nodiscard]] std::vector<Found> first(std::size_t most,
                                           const Wanted& wanted,
                                           const Cost& cost) const;

    const Question& question_;
    std::span<const FabView> fabs_;
    const MatchingRules& rules_;
};

}  // namespace nearfab::router
