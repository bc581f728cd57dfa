// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/topology.hpp"

#include <algorithm>
#include <numeric>
#include <span>

namespace nearfab::geometry {
namespace {

using Triangle = std::array<std::uint32_t, 3>;

// One side of a triangle, filed under the lower of its two vertices.
struct Side {
    std::uint32_t high = 0;  // The other vertex.
    std::uint32_t code = 0;  // Triangle * 6 + corner it starts at * 2 + (1 if it runs downwards).

    std::uint32_t triangle() const { return code / 6; }
    std::uint32_t corner() const { return code % 6 / 2; }
    bool downwards() const { return code % 2 == 1; }
    friend bool operator<(const Side& a, const Side& b) {
        return a.high != b.high ? a.high < b.high : a.code < b.code;
    }
};

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
        file_sides();
        for (std::size_t low = 0; low + 1 < first_.size(); ++low) {
            const auto begin = sides_.begin() + first_[low];
            const auto end = sides_.begin() + first_[low + 1];
            std::sort(begin, end);
            for (auto edge = begin; edge != end;) {
                auto next = edge + 1;
                while (next != end && next->high == edge->high)
                    ++next;
                count_edge({edge, next});
                edge = next;
            }
        }
        count_duplicates();
        number_shells();
        return std::move(result_);
    }

private:
    // A counting sort of all sides by their lower vertex.
    void file_sides() {
        first_.assign(mesh_.vertices.size() + 2, 0);
        const auto each_side = [&](auto&& use) {
            for (std::uint32_t t = 0; t < mesh_.triangles.size(); ++t) {
                for (std::uint32_t c = 0; c < 3; ++c) {
                    const std::uint32_t from = mesh_.triangles[t][c];
                    const std::uint32_t to = mesh_.triangles[t][(c + 1) % 3];
                    use(std::min(from, to),
                        Side{std::max(from, to), t * 6 + c * 2 + (from > to ? 1U : 0U)});
                }
            }
        };
        // Shifted by two while counting, so that after filling each entry is where it begins.
        each_side([&](std::uint32_t low, Side) { ++first_[low + 2]; });
        std::partial_sum(first_.begin(), first_.end(), first_.begin());
        sides_.resize(mesh_.triangles.size() * 3);
        each_side([&](std::uint32_t low, Side side) {
            sides_[static_cast<std::size_t>(first_[low + 1]++)] = side;
        });
        first_.pop_back();
    }

    void count_edge(std::span<const Side> edge) {
        if (edge.size() == 1) {
            ++result_.open_edges;
            return;
        }
        if (edge.size() > 2) {
            ++result_.non_manifold_edges;
        } else if (edge[0].downwards() == edge[1].downwards()) {
            ++result_.misoriented_edges;
        }
        for (const Side& side : edge.subspan(1))
            groups_.join(edge[0].triangle(), side.triangle());
        // Equal triangles share all their edges, so looking at shared edges finds them all.
        if (edge.size() > 2 || apex(edge[0]) == apex(edge[1])) {
            for (const Side& side : edge)
                suspects_.push_back(side.triangle());
        }
    }

    std::uint32_t apex(const Side& side) const {
        return mesh_.triangles[side.triangle()][(side.corner() + 2) % 3];
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
    std::vector<std::ptrdiff_t> first_;  // Where the sides of each lower vertex begin in sides_.
    std::vector<Side> sides_;
    std::vector<std::uint32_t> suspects_;  // Triangles that may equal another one.
    Topology result_;
};

}  // namespace

Topology topology_of(const Mesh& mesh) {
    return EdgeWalk(mesh).run();
}

}  // namespace nearfab::geometry
