// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/topology.hpp"

#include "geometry/facts/edge_sides.hpp"

#include <algorithm>
#include <numeric>
#include <span>

namespace nearfab::geometry {
namespace {

using Triangle = std::array<std::uint32_t, 3>;

// Groups of triangles, joined one by one; the smaller number leads, which keeps it deterministic.
class Groups {
public:
    explicit Groups(std::size_t size) : leader_(size) {
        std::iota(leader_.begin(), leader_.end(), 0U);
    }
    std::uint32_t leader_of(std::uint32_t i) {
        while (leader_[i] != i) {
            leader_[i] = leader_[leader_[i]];
            i = leader_[i];
        }
        return i;
    }
    void join(std::uint32_t a, std::uint32_t b) {
        a = leader_of(a);
        b = leader_of(b);
        leader_[std::max(a, b)] = std::min(a, b);
    }

private:
    std::vector<std::uint32_t> leader_;
};

class EdgeWalk {
public:
    explicit EdgeWalk(const Mesh& mesh) : mesh_(mesh), groups_(mesh.triangles.size()) {}

    Topology run() {
        EdgeSides(mesh_).each_edge(
            [this](std::uint32_t, std::span<const EdgeSide> edge) { count_edge(edge); });
        count_duplicates();
        number_shells();
        return std::move(result_);
    }

private:
    void count_edge(std::span<const EdgeSide> edge) {
        if (edge.size() == 1) {
            ++result_.open_edges;
            return;
        }
        if (edge.size() > 2) {
            ++result_.non_manifold_edges;
        } else if (edge[0].downwards() == edge[1].downwards()) {
            ++result_.misoriented_edges;
        }
        for (const EdgeSide& side : edge.subspan(1))
            groups_.join(edge[0].triangle(), side.triangle());
        // Equal triangles share all their edges, so looking at shared edges finds them all.
        if (edge.size() > 2 || edge[0].apex(mesh_) == edge[1].apex(mesh_)) {
            for (const EdgeSide& side : edge)
                suspects_.push_back(side.triangle());
        }
    }

    void count_duplicates() {
        std::sort(suspects_.begin(), suspects_.end());
        suspects_.erase(std::unique(suspects_.begin(), suspects_.end()), suspects_.end());
        std::vector<Triangle> sorted;
        sorted.reserve(suspects_.size());
        for (const std::uint32_t t : suspects_) {
            Triangle triangle = mesh_.triangles[t];
            std::sort(triangle.begin(), triangle.end());
            sorted.push_back(triangle);
        }
        std::sort(sorted.begin(), sorted.end());
        for (std::size_t i = 1; i < sorted.size(); ++i) {
            result_.duplicate_triangles += sorted[i] == sorted[i - 1] ? 1U : 0U;
        }
    }

    void number_shells() {
        result_.shell_of.resize(mesh_.triangles.size());
        for (std::uint32_t t = 0; t < mesh_.triangles.size(); ++t) {
            const std::uint32_t leader = groups_.leader_of(t);  // Never above t.
            result_.shell_of[t] = leader == t ? result_.shells++ : result_.shell_of[leader];
        }
    }

    const Mesh& mesh_;
    Groups groups_;
    std::vector<std::uint32_t> suspects_;  // Triangles that may equal another one.
    Topology result_;
};

}  // namespace

Topology topology_of(const Mesh& mesh) {
    return EdgeWalk(mesh).run();
}

}  // namespace nearfab::geometry
