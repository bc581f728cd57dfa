// SPDX-License-Identifier: GPL-3.0-or-later
// home_runs.hpp - for every machine the places of its entries in the trees, side by side.
//
// A machine has one entry in the tree of its process and one in the tree of each of its materials.
// Runs come in a few sizes, each from its own pool, so that nothing ever moves and a machine with
// three materials takes 16 bytes.

#pragma once

#include "router/matching/tree/node_pool.hpp"
#include "router/matching/tree/tree_node.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace nearfab::router {

struct HomeRun {
    std::uint32_t number = 0;
    std::uint16_t size = 0;  // Homes in use.
};

class HomeRuns {
public:
    static constexpr std::size_t size_max = 128;

    // All homes are no_home. REQUIRES: 1 <= size <= size_max.
    [[nodiscard]] HomeRun take(std::size_t size);
    void release(const HomeRun& run);
    [[nodiscard]] std::span<TreeHome> at(const HomeRun& run);
    [[nodiscard]] std::span<const TreeHome> at(const HomeRun& run) const;
    [[nodiscard]] std::size_t bytes() const;

private:
    template <std::size_t size>
    struct Homes {
        std::array<TreeHome, size> at{};
    };
    template <class Self, class Use>
    static auto with_pool(Self& self, std::size_t size, const Use& use);

    NodePool<Homes<2>> two_;
    NodePool<Homes<4>> four_;
    NodePool<Homes<8>> eight_;
    NodePool<Homes<16>> sixteen_;
    NodePool<Homes<size_max>> most_;
};

}  // namespace nearfab::router
