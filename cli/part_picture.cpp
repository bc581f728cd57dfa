// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/part_picture.hpp"

#include "geometry/search/bvh.hpp"
#include "geometry/thickness/thin_triangles.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace nearfab::cli {
namespace {

using geometry::Mark;
using geometry::Mesh;
using geometry::Vec3;

constexpr double overhang_sine = 0.7071;   // 45 degrees from the vertical.
constexpr std::size_t edges_max = 20'000;  // More are a smear on any picture.

double squared_distance(const Vec3& a, const Vec3& b) {
    const double x = a.x - b.x;
    const double y = a.y - b.y;
    const double z = a.z - b.z;
    return x * x + y * y + z * z;
}

class Marking {
public:
    explicit Marking(const geometry::SolidCheck& solid)
        : solid_{solid}, marks_(solid.mesh.triangles.size(), Mark::none) {}

    PartPicture draw(double thin_mm) {
        overhangs();
        thin_walls(thin_mm);
        intersections();
        open_edges();
        return {geometry::picture_of(solid_.mesh, marks_, edges_), legend()};
    }

private:
    void mark(std::size_t triangle, Mark mark) {
        marks_[triangle] = std::max(marks_[triangle], mark);
        seen_.insert(mark);
    }

    [[nodiscard]] Vec3 centre(std::size_t triangle) const {
        const auto& [a, b, c] = solid_.mesh.triangles[triangle];
        const auto& v = solid_.mesh.vertices;
        return {(v[a].x + v[b].x + v[c].x) / 3,
                (v[a].y + v[b].y + v[c].y) / 3,
                (v[a].z + v[b].z + v[c].z) / 3};
    }

    // What lies within the first layer stands on the bed.
    void overhangs() {
        if (solid_.orientations.empty()) return;
        const Vec3 up = solid_.orientations.front().up;
        const auto height = [&up](const Vec3& p) { return p.x * up.x + p.y * up.y + p.z * up.z; };
        double bed = height(solid_.mesh.vertices.front());
        for (const Vec3& vertex : solid_.mesh.vertices)
            bed = std::min(bed, height(vertex));
        for (std::size_t i = 0; i < solid_.mesh.triangles.size(); ++i) {
            const auto& [a, b, c] = solid_.mesh.triangles[i];
            const Vec3& p = solid_.mesh.vertices[a];
            const Vec3& q = solid_.mesh.vertices[b];
            const Vec3& r = solid_.mesh.vertices[c];
            const Vec3 normal{(q.y - p.y) * (r.z - p.z) - (q.z - p.z) * (r.y - p.y),
                              (q.z - p.z) * (r.x - p.x) - (q.x - p.x) * (r.z - p.z),
                              (q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x)};
            const double length = std::sqrt(squared_distance(normal, Vec3{}));
            const bool faces_down = height(normal) < -overhang_sine * length;
            if (faces_down && height(centre(i)) > bed + 0.2) mark(i, Mark::overhang);
        }
    }

    void thin_walls(double thin_mm) {
        if (!solid_.thickness) return;
        for (const geometry::NarrowPlace& place : solid_.thickness->walls.places) {
            if (place.width_mm < thin_mm) mark(place.triangle, Mark::thin_wall);
        }
        const geometry::Bvh bvh{solid_.mesh};
        for (const std::uint32_t triangle : geometry::thin_triangles(bvh, thin_mm))
            mark(triangle, Mark::thin_wall);
    }

    void intersections() {
        for (const geometry::IntersectingPair& pair : solid_.intersections.places) {
            mark(pair.one, Mark::intersection);
            mark(pair.other, Mark::intersection);
        }
    }

    void open_edges() {
        if (solid_.report.mesh.open_edges == 0) return;
        using Edge = std::tuple<std::uint32_t, std::uint32_t>;
        std::vector<Edge> all;
        all.reserve(solid_.mesh.triangles.size() * 3);
        for (const auto& corners : solid_.mesh.triangles) {
            for (std::size_t k = 0; k < 3; ++k)
                all.emplace_back(std::minmax(corners[k], corners[(k + 1) % 3]));
        }
        std::sort(all.begin(), all.end());
        for (std::size_t i = 0; i < all.size() && edges_.size() < edges_max;) {
            std::size_t end = i + 1;
            while (end < all.size() && all[end] == all[i])
                ++end;
            if (end == i + 1) {
                const auto& [low, high] = all[i];
                edges_.push_back(
                    {solid_.mesh.vertices[low], solid_.mesh.vertices[high], Mark::open});
                seen_.insert(Mark::open);
            }
            i = end;
        }
    }

    [[nodiscard]] std::string legend() const {
        constexpr std::array<std::pair<Mark, const char*>, 4> words{
            {{Mark::open, "open edges"},
             {Mark::intersection, "cuts itself"},
             {Mark::thin_wall, "thin walls"},
             {Mark::overhang, "overhangs"}}};
        std::string text;
        for (const auto& [mark, word] : words) {
            if (!seen_.contains(mark)) continue;
            if (!text.empty()) text += "; ";
            text += std::string{geometry::colour_name(mark)} + ": " + word;
        }
        return text;
    }

    const geometry::SolidCheck& solid_;
    std::vector<Mark> marks_;
    std::vector<geometry::MarkedEdge> edges_;
    std::set<Mark> seen_;
};

}  // namespace

PartPicture picture_of(const geometry::SolidCheck& solid, double thin_mm) {
    return Marking{solid}.draw(thin_mm);
}

}  // namespace nearfab::cli
