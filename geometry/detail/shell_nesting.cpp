// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/detail/shell_nesting.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

namespace nearfab::geometry::detail {
namespace {

using ShellPair = std::pair<std::uint32_t, std::uint32_t>;

// Crossings that a ray may have; more are too many to look at.
constexpr std::size_t most_hits = 100'000;
// Any directions will do; odd ones hit edges least.
constexpr std::array<Vec3, 8> directions{{{0.137, 0.291, 0.947},
                                          {0.871, -0.173, 0.459},
                                          {-0.313, 0.877, 0.364},
                                          {-0.619, -0.233, -0.751},
                                          {0.419, -0.797, -0.433},
                                          {-0.929, 0.347, 0.127},
                                          {0.211, 0.643, -0.736},
                                          {-0.487, -0.571, 0.661}}};

class Nesting {
public:
    Nesting(const Bvh& bvh, const Topology& topology, std::span<const ShellPair> meeting)
        : bvh_(bvh), topology_(topology), meeting_(meeting) {}

    // How many shells each one lies inside; none when a limit is reached.
    std::optional<std::vector<std::uint32_t>> depths() {
        std::vector<std::uint32_t> out(topology_.shells, 0);
        std::vector<bool> done(topology_.shells, false);
        for (std::uint32_t t = 0; t < topology_.shell_of.size(); ++t) {
            const std::uint32_t shell = topology_.shell_of[t];
            if (done[shell]) continue;
            done[shell] = true;
            const Mesh& mesh = bvh_.mesh();
            const auto depth = depth_of(shell, mesh.vertices[mesh.triangles[t].front()]);
            if (!depth) return std::nullopt;
            out[shell] = *depth;
        }
        return out;
    }

private:
    std::optional<std::uint32_t> depth_of(std::uint32_t shell, const Vec3& point) {
        for (const Vec3& direction : directions) {
            if (steps_ > max_ray_steps) return std::nullopt;
            const std::vector<RayHit> hits =
                bvh_.all_hits(point, direction, 0, Bvh::infinity, most_hits, &steps_);
            if (hits.size() > most_hits) return std::nullopt;
            if (const auto depth = count(shell, hits)) return depth;
        }
        return std::nullopt;
    }

    // None when a hit is so near to an edge that it may be counted twice.
    std::optional<std::uint32_t> count(std::uint32_t shell, std::span<const RayHit> hits) {
        std::vector<std::uint32_t> crossed;
        for (const RayHit& hit : hits) {
            const std::uint32_t other = topology_.shell_of[hit.triangle];
            if (other == shell || meet(shell, other)) continue;
            if (hit.grazing) return std::nullopt;
            crossed.push_back(other);
        }
        std::sort(crossed.begin(), crossed.end());
        std::uint32_t depth = 0;
        for (std::size_t i = 0; i < crossed.size();) {
            const std::size_t begin = i;
            while (i < crossed.size() && crossed[i] == crossed[begin])
                ++i;
            depth += (i - begin) % 2 == 1 ? 1U : 0U;
        }
        return depth;
    }

    bool meet(std::uint32_t a, std::uint32_t b) const {
        return std::binary_search(
            meeting_.begin(), meeting_.end(), ShellPair{std::min(a, b), std::max(a, b)});
    }

    const Bvh& bvh_;
    const Topology& topology_;
    std::span<const ShellPair> meeting_;
    std::uint64_t steps_ = 0;
};

}  // namespace

ShellNesting nest_shells(const Bvh& bvh,
                         const Topology& topology,
                         const SelfIntersections& intersections) {
    ShellNesting out;
    out.meeting_pairs = static_cast<std::uint32_t>(intersections.meeting_shells.size());
    if (!intersections.complete || topology.shells > max_compared_shells) return out;
    if (topology.shells < 2) {
        out.compared = true;
        out.depth.assign(topology.shells, 0);
        return out;
    }
    auto depths = Nesting(bvh, topology, intersections.meeting_shells).depths();
    if (!depths) return out;
    out.compared = true;
    out.depth = std::move(*depths);
    return out;
}

ShellNesting nest_shells(const Mesh& mesh, const Topology& topology) {
    if (topology.shells < 2) {
        return {true, 0, std::vector<std::uint32_t>(topology.shells, 0)};
    }
    const Bvh bvh(mesh);
    return nest_shells(bvh, topology, self_intersections(bvh, topology.shell_of));
}

}  // namespace nearfab::geometry::detail
