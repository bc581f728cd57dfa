// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/mends.hpp"

#include "geometry/facts/edge_sides.hpp"
#include "geometry/facts/measure.hpp"
#include "geometry/search/vector_maths.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <utility>
#include <vector>

namespace nearfab::geometry {
namespace {

// Groups of things of which each may be turned against the first of its group.
class TurnedGroups {
public:
    explicit TurnedGroups(std::size_t size) : leader_(size), turned_(size, 0) {
        std::iota(leader_.begin(), leader_.end(), 0U);
    }

    struct Place {
        std::uint32_t leader;
        std::uint8_t turned;
    };
    Place find(std::uint32_t i) {
        // Halves the path on the way, as a search without turns does.
        std::uint8_t turned = 0;
        while (leader_[i] != i) {
            const std::uint32_t next = leader_[i];
            turned_[i] = turned_[i] ^ turned_[next];
            leader_[i] = leader_[next];
            turned = turned ^ turned_[i];
            i = leader_[i];
        }
        return {i, turned};
    }
    // Says false when the two are already held together the other way.
    bool join(std::uint32_t a, std::uint32_t b, bool turned) {
        const Place one = find(a);
        const Place other = find(b);
        const auto between =
            static_cast<std::uint8_t>(one.turned ^ other.turned ^ (turned ? 1U : 0U));
        if (one.leader == other.leader) return between == 0;
        const auto [low, high] = std::minmax(one.leader, other.leader);
        leader_[high] = low;
        turned_[high] = between;
        return true;
    }

private:
    std::vector<std::uint32_t> leader_;
    std::vector<std::uint8_t> turned_;
};

std::uint32_t count_non_manifold_vertices(const Mesh& mesh) {
    // Corners of triangles, held together across edges: the fans round each vertex.
    TurnedGroups fans(mesh.triangles.size() * 3);
    EdgeSides(mesh).each_edge([&](std::uint32_t, std::span<const EdgeSide> sides) {
        const auto corner_at = [](const EdgeSide& side, bool low) {
            const bool starts_there = side.downwards() != low;
            return side.triangle() * 3 + (side.corner() + (starts_there ? 0 : 1)) % 3;
        };
        for (const EdgeSide& side : sides.subspan(1)) {
            fans.join(corner_at(sides[0], true), corner_at(side, true), false);
            fans.join(corner_at(sides[0], false), corner_at(side, false), false);
        }
    });
    std::vector<std::uint8_t> count(mesh.vertices.size(), 0);
    std::uint32_t found = 0;
    for (std::uint32_t corner = 0; corner < mesh.triangles.size() * 3; ++corner) {
        if (fans.find(corner).leader != corner) continue;
        std::uint8_t& fans_here = count[mesh.triangles[corner / 3][corner % 3]];
        if (fans_here < 2 && ++fans_here == 2) ++found;
    }
    return found;
}

std::set<std::uint32_t> vertices_on_open_edges(const Mesh& mesh) {
    std::set<std::uint32_t> out;
    EdgeSides(mesh).each_edge([&](std::uint32_t low, std::span<const EdgeSide> sides) {
        if (sides.size() != 1) return;
        out.insert(low);
        out.insert(sides[0].high);
    });
    return out;
}

// Per vertex, the one that it would become. Compares each with at most eight in each of the 27
// cells about it, so that points heaped on one place do not cost their square.
std::vector<std::uint32_t> welded_with(const Mesh& mesh, double tolerance_mm) {
    constexpr std::size_t most_in_cell = 8;
    std::map<std::array<std::int64_t, 3>, std::vector<std::uint32_t>> cells;
    TurnedGroups groups(mesh.vertices.size());
    for (const std::uint32_t v : vertices_on_open_edges(mesh)) {
        const Vec3& p = mesh.vertices[v];
        const std::array<std::int64_t, 3> cell{std::llround(p.x / tolerance_mm),
                                               std::llround(p.y / tolerance_mm),
                                               std::llround(p.z / tolerance_mm)};
        for (std::int64_t i = 0; i < 27; ++i) {
            const auto near =
                cells.find({cell[0] + i % 3 - 1, cell[1] + i / 3 % 3 - 1, cell[2] + i / 9 - 1});
            if (near == cells.end()) continue;
            for (const std::uint32_t other : near->second) {
                if (maths::distance(p, mesh.vertices[other]) <= tolerance_mm)
                    groups.join(v, other, false);
            }
        }
        auto& here = cells[cell];
        if (here.size() < most_in_cell) here.push_back(v);
    }
    std::vector<std::uint32_t> out(mesh.vertices.size());
    for (std::uint32_t v = 0; v < out.size(); ++v)
        out[v] = groups.find(v).leader;
    return out;
}

class Mending {
public:
    Mending(const Mesh& mesh, const Topology& topology, std::span<const std::uint32_t> depth)
        : mesh_(mesh), topology_(topology), depth_(depth) {}

    Mends run(double tolerance_mm) {
        out_.tolerance_mm = tolerance_mm;
        out_.open_edges = topology_.open_edges;
        out_.non_manifold_vertices = count_non_manifold_vertices(mesh_);
        const bool faultless = topology_.open_edges == 0 && topology_.misoriented_edges == 0 &&
                               topology_.non_manifold_edges == 0 &&
                               topology_.duplicate_triangles == 0;
        mended_ = mesh_;
        shell_ = topology_.shell_of;
        out_.oriented_after = true;
        if (topology_.open_edges > 0) weld_again(tolerance_mm);
        if (topology_.duplicate_triangles + out_.would_weld_vertices > 0) drop_duplicates();
        if (!faultless) turn_triangles();
        const Topology after = faultless ? topology_ : topology_of(mended_);
        out_.open_edges_after = after.open_edges;
        out_.non_manifold_edges_after = after.non_manifold_edges;
        out_.closed_after =
            !mended_.triangles.empty() && after.open_edges == 0 && after.non_manifold_edges == 0;
        if (out_.closed_after && out_.oriented_after) turn_shells(after);
        return out_;
    }

private:
    void weld_again(double tolerance_mm) {
        const std::vector<std::uint32_t> becomes = welded_with(mesh_, tolerance_mm);
        for (std::uint32_t v = 0; v < becomes.size(); ++v)
            out_.would_weld_vertices += becomes[v] != v ? 1U : 0U;
        if (out_.would_weld_vertices == 0) return;
        keep_if([&](std::size_t t) {
            auto& [a, b, c] = mended_.triangles[t];
            a = becomes[a];
            b = becomes[b];
            c = becomes[c];
            const bool collapsed = a == b || b == c || c == a;
            out_.would_drop_degenerate += collapsed ? 1U : 0U;
            return !collapsed;
        });
    }

    // Drops triangles with the same vertices as another one, in the way that leaves the fewest open
    // and non-manifold edges: none of them, all but the first, or all when they are two that look
    // opposite ways (a wall without thickness) and all but the first else.
    void drop_duplicates() {
        const std::map<Corners, std::uint32_t> times = times_present();
        if (times.size() == mended_.triangles.size()) return;
        const Mesh as_it_was = mended_;
        const LargeArray<std::uint32_t> shell_as_it_was = shell_;
        std::uint32_t fewest = faulty_edges(mended_);
        Mesh best = mended_;
        LargeArray<std::uint32_t> best_shell = shell_;
        for (const bool pairs_too : {false, true}) {
            mended_ = as_it_was;
            shell_ = shell_as_it_was;
            std::set<Corners> seen;
            std::uint32_t dropped = 0;
            keep_if([&](std::size_t t) {
                const Corners corners = sorted(mended_.triangles[t]);
                const bool pair = pairs_too && times.at(corners) == 2;
                const bool keep = seen.insert(corners).second && !pair;
                dropped += keep ? 0U : 1U;
                return keep;
            });
            const std::uint32_t faulty = faulty_edges(mended_);
            if (faulty >= fewest && (pairs_too || faulty > fewest)) continue;
            fewest = faulty;
            best = mended_;
            best_shell = shell_;
            out_.would_drop_duplicates = dropped;
        }
        mended_ = std::move(best);
        shell_ = std::move(best_shell);
    }

    using Corners = std::array<std::uint32_t, 3>;
    static Corners sorted(Corners corners) {
        std::sort(corners.begin(), corners.end());
        return corners;
    }
    std::map<Corners, std::uint32_t> times_present() const {
        std::map<Corners, std::uint32_t> times;
        for (const Corners& t : mended_.triangles)
            ++times[sorted(t)];
        return times;
    }
    static std::uint32_t faulty_edges(const Mesh& mesh) {
        std::uint32_t count = 0;
        EdgeSides(mesh).each_edge([&](std::uint32_t, std::span<const EdgeSide> sides) {
            count += sides.size() != 2 ? 1U : 0U;
        });
        return count;
    }

    template <class Keep>
    void keep_if(Keep&& keep) {
        std::size_t kept = 0;
        for (std::size_t t = 0; t < mended_.triangles.size(); ++t) {
            if (!keep(t)) continue;
            mended_.triangles[kept] = mended_.triangles[t];
            shell_[kept++] = shell_[t];
        }
        mended_.triangles.resize(kept);
        shell_.resize(kept);
    }

    void turn_triangles() {
        TurnedGroups groups(mended_.triangles.size());
        EdgeSides(mended_).each_edge([&](std::uint32_t, std::span<const EdgeSide> sides) {
            // Where more than two meet nobody can say which two belong together.
            if (sides.size() != 2) return;
            const bool disagree = sides[0].downwards() == sides[1].downwards();
            if (!groups.join(sides[0].triangle(), sides[1].triangle(), disagree))
                out_.oriented_after = false;
        });
        if (!out_.oriented_after) return;
        std::vector<std::array<std::uint32_t, 2>> count(mended_.triangles.size());
        for (std::uint32_t t = 0; t < mended_.triangles.size(); ++t) {
            const auto [leader, turned] = groups.find(t);
            ++count[leader][turned];
        }
        for (std::uint32_t t = 0; t < mended_.triangles.size(); ++t) {
            const auto [leader, turned] = groups.find(t);
            const auto& [as_leader, against] = count[leader];
            if ((turned == 1) == (against > as_leader)) continue;
            std::swap(mended_.triangles[t][1], mended_.triangles[t][2]);
            ++out_.would_flip_triangles;
        }
    }

    void turn_shells(const Topology& after) {
        const Measures measures = measure(mended_, bounds_of(mended_), after);
        // Depths are known for the shells as they were; they hold when the shells are the same.
        if (depth_.size() != topology_.shells || after.shells != topology_.shells) {
            if (measures.volume_mm3 < 0) out_.would_flip_shells = after.shells;
            return;
        }
        std::vector<bool> done(after.shells, false);
        for (std::size_t t = 0; t < shell_.size(); ++t) {
            const std::uint32_t now = after.shell_of[t];
            if (done[now]) continue;
            done[now] = true;
            const bool outwards = measures.shell_volumes_mm3[now] > 0;
            const bool cavity = depth_[shell_[t]] % 2 == 1;
            out_.would_flip_shells += outwards == cavity ? 1U : 0U;
        }
    }

    const Mesh& mesh_;
    const Topology& topology_;
    std::span<const std::uint32_t> depth_;
    Mesh mended_;
    LargeArray<std::uint32_t> shell_;  // Per triangle of mended_: the shell it was of.
    Mends out_;
};

}  // namespace

Mends mends_of(const Mesh& mesh,
               const Topology& topology,
               std::span<const std::uint32_t> depth,
               double tolerance_mm) {
    return Mending(mesh, topology, depth).run(tolerance_mm);
}

}  // namespace nearfab::geometry
