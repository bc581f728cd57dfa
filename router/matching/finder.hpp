// SPDX-License-Identifier: GPL-3.0-or-later
// finder.hpp - what the matcher asks of whoever knows the machines, for one question.
//
// Two finders answer alike: Scan looks at every machine, MachineIndex at hardly any. The rules of
// matching (matcher.cpp) are written once, on top of either.

#pragma once

#include "proto/model/match.hpp"
#include "router/matching/question.hpp"

#include <cstddef>
#include <memory>
#include <set>
#include <vector>

namespace nearfab::router {

struct Found {
    const FabView* fab = nullptr;
    const MachineView* machine = nullptr;
    double chord2 = 0;  // From the place of use; see tree/globe_point.hpp.
};

class Finder {
public:
    Finder() = default;
    Finder(const Finder&) = delete;
    Finder& operator=(const Finder&) = delete;
    virtual ~Finder() = default;

    [[nodiscard]] virtual std::size_t machines() const = 0;
    // The same machines, asked something else, which has to outlive the finder.
    [[nodiscard]] virtual std::unique_ptr<Finder> asking(const Question& other) const = 0;

    // All orders end at the lot and the names. The first three find machines that meet every
    // requirement.
    //
    // By distance, then finish.
    [[nodiscard]] virtual std::vector<Found> nearest(std::size_t most) const = 0;
    // By the question's objective (cost_of).
    [[nodiscard]] virtual std::vector<Found> best(std::size_t most) const = 0;
    // Within a distance, by share, leaving out some fabs (cost_by_share).
    [[nodiscard]] virtual std::vector<Found> least_shared(double chord2_max,
                                                          std::size_t most,
                                                          const std::set<FabId>& without) const = 0;
    // By distance: of the `looked_at` nearest machines, one at least, those that fail; and of all
    // machines those that fail as they are (cannot_as_it_is).
    [[nodiscard]] virtual std::vector<Found> failing(std::size_t most,
                                                     std::size_t looked_at) const = 0;
    // By distance: those that would do but for this one requirement (fails_only).
    // REQUIRES: neither the process nor the material.
    [[nodiscard]] virtual std::vector<Found> failing_only(Requirement requirement,
                                                          std::size_t most) const = 0;
};

}  // namespace nearfab::router
