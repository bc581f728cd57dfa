// SPDX-License-Identifier: GPL-3.0-or-later
// home_runs.hpp - for every machine the places of its entries in the trees, side by side.
//
// A machine has one entry in the tree of its process and one in the tree of each of its materials.
// Up to four homes stand in the run itself, so that they come with whatever it is part of. Longer
// runs come in a few sizes, each from its own pool, so that nothing of them ever moves.

#pragma once

#include "router/matching/tree/node_pool.hpp"
#include "router/matching/tree/tree_node.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace nearfab::router {

struct HomeRun {
    std::array<TreeHome, 4> here{};  // Or in the first place the number in its pool.
    std::uint16_t size = 0;          // Homes in use.
};

class HomeRuns {
public:
    static constexpr std::size_t size_max = 128;

    // All homes are no_home. REQUIRES: 1 <= size <= size_max.
    [[nodiscard]] HomeRun take(std::size_t size);
    void release(const HomeRun& run);
    [[nodiscard]] std::span<TreeHome> at(HomeRun& run);
    [[nodiscard]] std::span<const TreeHome> at(const HomeRun& run) const;
    [[nodiscard]] std::size_t bytes() const;

private:
    template <std::size_t size>
    struct Homes {
        std::array<TreeHome, size> at{};
    };
    template <class Self, class Use>
    static auto with_pool(Self& self, std::size_t size, const Use& use);

    NodePool<Homes<8>> eight_;
    NodePool<Homes<16>> sixteen_;
    NodePool<Homes<size_max>> most_;
};

}  // namespace nearfab::router
