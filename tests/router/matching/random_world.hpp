// SPDX-License-Identifier: GPL-3.0-or-later
// random_world.hpp - small worlds full of ties and edges, kept twice: as a plain list and as an
// index.

#pragma once

#include "router/matching/index/machine_index.hpp"

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
};

class RandomWorld {
public:
    RandomWorld(std::uint64_t seed, WorldShape shape);

    // One change, of any sort, to the list and to the index alike.
    void change();
    Question question();

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
};

}  // namespace nearfab::router::testing
