// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/topology.hpp"

#include "geometry/facts/edge_sides.hpp"

#include <algorithm>
#include <cstddef>
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
    LargeArray<std::uint32_t> leader_;
};

// Nearly all edges of nearly all meshes have two triangles, one of which runs up along it (from the
// lower vertex to the higher one) and the other down. So the sides that run up are filed under
// their lower vertex, and each that runs down looks for its mate there. Vertices at which anything
// else is found, or very many sides, are odd: the edges filed under them are gathered and counted
// by EdgeSides, which sorts them.
class EdgeWalk {
public:
    explicit EdgeWalk(const Mesh& mesh)
        : mesh_(mesh), groups_(mesh.triangles.size()), odd_(mesh.vertices.size(), false) {}

    Topology run() {
        find_mates();
        if (some_odd_) {
            EdgeSides(mesh_, odd_).each_edge([this](std::uint32_t, std::span<const EdgeSide> edge) {
                count_edge(edge);
            });
        }
        count_duplicates();
        number_shells();
        return std::move(result_);
    }

private:
    // A side that runs up, filed under the vertex it starts at.
    struct Up {
        std::uint32_t high;
        std::uint32_t triangle;  // The topmost bit is set once it has a mate.
    };
    static constexpr std::uint32_t has_mate = 1U << 31U;
    // Looking through all sides for each of them is only good for few.
    static constexpr std::ptrdiff_t most_looked_through = 64;

    // A triangle turned so that its lowest vertex comes first: of its sides the one from it runs
    // up and the one to it down, so that only the third one has to be looked at. Without branches,
    // which nobody could foretell.
    static Triangle turned(const Triangle& t) {
        const auto [a, b, c] = t;
        const std::uint32_t low = std::min(std::min(a, b), c);
        const bool first = low == a;
        const bool second = low == b;
        return {low, first ? b : second ? c : a, first ? c : second ? a : b};
    }

    // use(number, turned triangle) for all.
    template <class Use>
    void each_triangle(Use&& use) const {
        const Triangle* const triangles = mesh_.triangles.data();
        const auto count = static_cast<std::uint32_t>(mesh_.triangles.size());
        for (std::uint32_t t = 0; t < count; ++t)
            use(t, turned(triangles[t]));
    }

    void find_mates() {
        // Shifted by one while filling, so that each entry then is where its vertex ends.
        LargeArray<std::uint32_t> ends(mesh_.vertices.size() + 1);
        std::uint32_t* const end_of = ends.data();
        std::fill_n(end_of, ends.size(), 0U);
        each_triangle([&](std::uint32_t, const Triangle& t) {
            ++end_of[t[0] + 1];
            end_of[t[1] + 1] += t[1] < t[2] ? 1U : 0U;
        });
        std::partial_sum(ends.begin(), ends.end(), ends.begin());
        LargeArray<Up> ups(std::size_t{ends.back()} + 1);  // The last one takes what is no side.
        Up* const up = ups.data();
        Up* const nowhere = up + ends.back();
        each_triangle([&](std::uint32_t number, const Triangle& t) {
            up[end_of[t[0]]++] = {t[1], number};
            const bool runs_up = t[1] < t[2];
            Up* const at = runs_up ? up + end_of[t[1]] : nowhere;
            *at = {t[2], number};
            end_of[t[1]] += runs_up ? 1U : 0U;
        });
        std::uint32_t mated = 0;
        const auto look =
            [&](std::uint32_t from, std::uint32_t to, std::uint32_t t, std::uint32_t apex) {
                Up* const mate =
                    only_up(up + (to == 0 ? 0 : end_of[to - 1]), up + end_of[to], from);
                if (mate == nullptr) return note_odd(to);
                join(mate->triangle, t, apex);
                mate->triangle |= has_mate;
                ++mated;
            };
        each_triangle([&](std::uint32_t number, const Triangle& t) {
            look(t[2], t[0], number, t[1]);
            if (t[1] > t[2]) look(t[1], t[2], number, t[0]);
        });
        if (mated == ends.back()) return;
        for (std::uint32_t v = 0, i = 0; v < mesh_.vertices.size(); ++v) {
            for (; i < end_of[v]; ++i) {
                if ((up[i].triangle & has_mate) == 0) note_odd(v);
            }
        }
    }

    // The one side without a mate that runs up to `high`; none when there are more of that edge,
    // or too many to look through.
    static Up* only_up(Up* begin, Up* end, std::uint32_t high) {
        if (end - begin > most_looked_through) return nullptr;
        Up* found = nullptr;
        std::uint32_t count = 0;
        for (Up* up = begin; up != end; ++up) {
            const bool same = up->high == high;
            found = same ? up : found;
            count += same ? 1U : 0U;
        }
        return count == 1 && (found->triangle & has_mate) == 0 ? found : nullptr;
    }

    void note_odd(std::uint32_t vertex) {
        odd_[vertex] = true;
        some_odd_ = true;
    }

    void join(std::uint32_t one, std::uint32_t other, std::uint32_t apex_of_other) {
        groups_.join(one, other);
        // Equal triangles share all their edges, so looking at shared edges finds them all.
        const auto& [a, b, c] = mesh_.triangles.data()[one];
        if ((a == apex_of_other) | (b == apex_of_other) | (c == apex_of_other)) {
            suspects_.push_back(one);
            suspects_.push_back(other);
        }
    }

    // At an odd vertex.
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
            join(edge[0].triangle(), side.triangle(), side.apex(mesh_));
        if (edge.size() == 2) return;
        for (const EdgeSide& side : edge)
            suspects_.push_back(side.triangle());
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
    std::vector<bool> odd_;  // Per vertex.
    bool some_odd_ = false;
    std::vector<std::uint32_t> suspects_;  // Triangles that may equal another one.
    Topology result_;
};

}  // namespace

Topology topology_of(const Mesh& mesh) {
    return EdgeWalk(mesh).run();
}

}  // namespace nearfab::geometry
