// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/part_picture.hpp"

#include "geometry/facts/edge_sides.hpp"
#include "geometry/search/bvh.hpp"
#include "geometry/search/vector_maths.hpp"
#include "geometry/thickness/thin_triangles.hpp"

#include <algorithm>
#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::cli {
namespace {

using geometry::Mark;
using geometry::Mesh;
using geometry::Vec3;
using namespace geometry::maths;

constexpr double overhang_sine = 0.7071;  // 45 degrees from the vertical.
constexpr double first_layer_mm = 0.2;
constexpr std::size_t edges_max = 20'000;  // More are a smear on any picture.

// "red: open edges; blue: overhangs", of the marks that were seen.
template <typename Kind>
std::string legend_of(const std::vector<std::pair<Kind, const char*>>& words,
                      const std::set<Kind>& seen) {
    std::string text;
    for (const auto& [mark, word] : words) {
        if (!seen.contains(mark)) continue;
        if (!text.empty()) text += "; ";
        text += std::string{geometry::colour_name(mark)} + ": " + word;
    }
    return text;
}

class Marking {
public:
    explicit Marking(const geometry::SolidCheck& solid)
        : solid_{solid},
          mesh_{solid.united.triangles.empty() ? solid.mesh : solid.united},
          marks_(mesh_.triangles.size(), Mark::none) {}

    PartPicture draw(double thin_mm) {
        overhangs();
        thin_walls(thin_mm);
        inside_out();
        if (&mesh_ == &solid_.mesh) intersections();  // Those of bodies that were united are gone.
        faulty_edges();
        return {geometry::picture_of(mesh_, marks_, edges_), legend()};
    }

private:
    void mark(std::size_t triangle, Mark mark) {
        marks_[triangle] = std::max(marks_[triangle], mark);
        seen_.insert(mark);
    }

    [[nodiscard]] Vec3 corner(std::size_t triangle, std::size_t which) const {
        return mesh_.vertices[mesh_.triangles[triangle][which]];
    }

    // What lies within the first layer stands on the bed.
    void overhangs() {
        if (solid_.orientations.empty()) return;
        const Vec3 up = solid_.orientations.front().up;
        double bed = dot(mesh_.vertices.front(), up);
        for (const Vec3& vertex : mesh_.vertices)
            bed = std::min(bed, dot(vertex, up));
        for (std::size_t i = 0; i < mesh_.triangles.size(); ++i) {
            const Vec3 p = corner(i, 0);
            const Vec3 q = corner(i, 1);
            const Vec3 r = corner(i, 2);
            const Vec3 normal = cross(minus(q, p), minus(r, p));
            const bool faces_down = dot(normal, up) < -overhang_sine * length(normal);
            const double height = dot(plus(p, plus(q, r)), up) / 3;  // Of the middle.
            if (faces_down && height > bed + first_layer_mm) mark(i, Mark::overhang);
        }
    }

    void thin_walls(double thin_mm) {
        if (!solid_.thickness) return;
        for (const geometry::NarrowPlace& place : solid_.thickness->walls.places) {
            if (place.width_mm < thin_mm) mark(place.triangle, Mark::thin_wall);
        }
        const geometry::Bvh bvh{mesh_};
        for (const std::uint32_t triangle : geometry::thin_triangles(bvh, thin_mm))
            mark(triangle, Mark::thin_wall);
    }

    void intersections() {
        for (const geometry::IntersectingPair& pair : solid_.intersections.places) {
            mark(pair.one, Mark::intersection);
            mark(pair.other, Mark::intersection);
        }
    }

    // Facing inwards as a whole; that of single shells is only in the report.
    void inside_out() {
        if (!solid_.report.mesh.inside_out) return;
        for (std::size_t i = 0; i < marks_.size(); ++i)
            mark(i, Mark::inside_out);
    }

    // Of an edge by its triangles: open with one, not manifold with more than two, turned when two
    // run along it the same way.
    void faulty_edges() {
        const geometry::MeshFacts& facts = solid_.report.mesh;
        if (facts.open_edges + facts.non_manifold_edges + facts.misoriented_edges == 0) return;
        geometry::EdgeSides{mesh_}.each_edge([&](std::uint32_t low,
                                                 std::span<const geometry::EdgeSide> sides) {
            const bool facing = sides.size() == 2 && sides[0].downwards() != sides[1].downwards();
            if (facing || edges_.size() >= edges_max) return;
            const Mark kind = sides.size() == 1  ? Mark::open
                              : sides.size() > 2 ? Mark::non_manifold
                                                 : Mark::turned;
            edges_.push_back({mesh_.vertices[low], mesh_.vertices[sides[0].high], kind});
            seen_.insert(kind);
        });
    }

    [[nodiscard]] std::string legend() const {
        return legend_of<Mark>({{Mark::open, "open edges"},
                                {Mark::non_manifold, "edges of more than two triangles"},
                                {Mark::turned, "edges where triangles face opposite ways"},
                                {Mark::inside_out, "inside out"},
                                {Mark::intersection, "cuts itself"},
                                {Mark::thin_wall, "thin walls"},
                                {Mark::overhang, "overhangs"}},
                               seen_);
    }

    const geometry::SolidCheck& solid_;
    const Mesh& mesh_;  // What was measured.
    std::vector<Mark> marks_;
    std::vector<geometry::MarkedEdge> edges_;
    std::set<Mark> seen_;
};

}  // namespace

PartPicture picture_of(const geometry::SolidCheck& solid, double thin_mm) {
    return Marking{solid}.draw(thin_mm);
}

PartPicture picture_of(const geometry::FlatCheck& flat) {
    using geometry::LineMark;
    geometry::DrawingPicture drawn = geometry::picture_of(flat.drawing, flat.facts);
    std::string legend = legend_of<LineMark>({{LineMark::outer, "outlines"},
                                              {LineMark::inner, "holes"},
                                              {LineMark::score, "scored"},
                                              {LineMark::engrave, "engraved"},
                                              {LineMark::doubled, "drawn twice"},
                                              {LineMark::crossing, "crossings"},
                                              {LineMark::open, "open cuts"}},
                                             drawn.seen);
    if (!drawn.complete) legend += "; not all lines are drawn";
    return {std::move(drawn.picture), std::move(legend)};
}

}  // namespace nearfab::cli
