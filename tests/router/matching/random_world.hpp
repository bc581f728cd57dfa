// SPDX-License-Identifier: GPL-3.0-or-later
// random_world.hpp - small worlds full of ties and edges, kept twice: as a plain list and as an
// index.

#pragma once

#include "router/matching/index/machine_index.hpp"
#include "router/matching/plan.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace nearfab::router::testing {

// How varied a world is; the rest is drawn.
struct WorldShape {
    std::size_t fabs = 30;
    std::size_t machines_per_fab_max = 4;
    // Drawn from a few values each, so that ties are common; or all different, so that the kinds of
    // the index become loose.
    bool few_values = true;
    bool one_place = false;
    // Every fab writes terms of its own, so that the index has no class left for some.
    bool own_terms = false;
};

// How often a world came up with what is easily forgotten, so that a test can say that it did.
struct Generated {
    int typical_times = 0;  // Of the part, for its process.
    int times_by_rate = 0;  // Of those that follow the machine's rate.
    int finest = 0;
    int impossible = 0;  // Some process whose machines never make it.
    int hulls = 0;       // Outlines that are no upright rectangles.
    int sheets = 0;      // Parts that lie flat.
    int unsafe = 0;      // Machines other than the first of their fab.
    int ahead = 0;       // Machines for which something is planned ahead.
};

class RandomWorld {
public:
    RandomWorld(std::uint64_t seed, WorldShape shape);

    // One change, of any sort, to the list and to the index alike.
    void change();
    Question question();
    // What is planned for a machine and not promised to it yet; always the same of one machine.
    PlannedAhead ahead_of(const FabId& fab, const MachineId& machine);

    [[nodiscard]] const Generated& generated() const { return generated_; }
    // How many different terms the fabs have that are there.
    [[nodiscard]] std::size_t different_terms() const;
    [[nodiscard]] const MachineIndex& index() const { return index_; }
    [[nodiscard]] std::vector<FabView> views() const;
    [[nodiscard]] const MatchingRules& rules() const { return rules_; }

private:
    struct Fab {
        std::shared_ptr<const Advertisement> advertisement;
        bool connected = true;
        bool stale = false;
        std::string distrust;
        std::int64_t recent_work_s = 0;
        std::map<MachineId, MachineIndex::Promises> promises;
    };
    std::size_t below(std::size_t count);
    bool one_in(std::size_t n) { return below(n) == 0; }
    double value(std::initializer_list<double> few);
    Place place();
    FabTerms terms();
    PartFacts facts();
    Capability machine(std::size_t number);
    std::shared_ptr<const Advertisement> advertisement();
    FabId any_fab();
    void arrive(const FabId& id);
    void promise(const FabId& id, Fab& fab);

    std::mt19937_64 random_;
    WorldShape shape_;
    MatchingRules rules_;
    std::map<FabId, Fab> fabs_;
    MachineIndex index_;
    Generated generated_;
};

}  // namespace nearfab::router::testing
