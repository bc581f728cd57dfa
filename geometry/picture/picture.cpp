// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/picture/picture.hpp"

#include "base/check.hpp"
#include "geometry/picture/canvas.hpp"
#include "geometry/search/vector_maths.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <tuple>

namespace nearfab::geometry {
namespace {

constexpr Colour paper{250, 250, 247};
constexpr Colour body{176, 188, 198};
constexpr Colour ink{58, 66, 74};
constexpr double margin_share = 0.06;   // Of a panel, on each side.
constexpr double crease_cosine = 0.82;  // Faces that meet at more than about 35 degrees.

using maths::cross;
using maths::dot;
using maths::minus;

// Zero stays zero.
Vec3 unit(const Vec3& a) {
    const double length = std::sqrt(dot(a, a));
    return length > 0 ? Vec3{a.x / length, a.y / length, a.z / length} : Vec3{};
}

// An orthonormal frame: right and up span the picture, away points from the eye into it.
struct Camera {
    Vec3 right;
    Vec3 up;
    Vec3 away;
};

Camera camera_looking(const Vec3& direction) {
    const Vec3 away = unit(direction);
    const Vec3 right = unit(cross(away, Vec3{0, 0, 1}));
    return {right, cross(right, away), away};
}

// The same corner of a cube from the front right above, and the opposite one.
const std::array<Camera, 2>& cameras() {
    static const std::array<Camera, 2> both{camera_looking({-0.55, 0.75, -0.5}),
                                            camera_looking({0.55, -0.75, 0.5})};
    return both;
}

// From millimetres to pixels of one panel.
class Projection {
public:
    Projection(const Camera& camera, const Vec3& centre, double scale, double left, double size)
        : camera_{camera}, centre_{centre}, scale_{scale}, left_{left}, size_{size} {}

    [[nodiscard]] CanvasPoint operator()(const Vec3& point) const {
        const Vec3 from_centre = minus(point, centre_);
        return {left_ + size_ / 2 + scale_ * dot(from_centre, camera_.right),
                size_ / 2 - scale_ * dot(from_centre, camera_.up),
                scale_ * dot(from_centre, camera_.away)};
    }
    [[nodiscard]] const Camera& camera() const { return camera_; }

private:
    Camera camera_;
    Vec3 centre_;
    double scale_;
    double left_;
    double size_;
};

Vec3 middle_of(const Bounds& bounds) {
    return {(bounds.min.x + bounds.max.x) / 2,
            (bounds.min.y + bounds.max.y) / 2,
            (bounds.min.z + bounds.max.z) / 2};
}

// Pixels per millimetre so that the part fits both panels.
double scale_for(const Mesh& mesh, const Vec3& centre, double size) {
    double reach = 0;
    for (const Camera& camera : cameras()) {
        for (const Vec3& vertex : mesh.vertices) {
            const Vec3 from_centre = minus(vertex, centre);
            reach = std::max({reach,
                              std::abs(dot(from_centre, camera.right)),
                              std::abs(dot(from_centre, camera.up))});
        }
    }
    return reach > 0 ? size * (0.5 - margin_share) / reach : 1;
}

std::uint8_t shade(std::uint8_t value, double light) {
    return static_cast<std::uint8_t>(std::clamp(value * light, 0.0, 255.0));
}

// Light from over the left shoulder of the eye. Both sides of a triangle are lit, because the
// broken meshes that most need a picture may be inside out.
Colour lit(Colour colour, const Vec3& normal, const Camera& camera) {
    const Vec3 to_light = unit({-0.35 * camera.right.x + 0.55 * camera.up.x - camera.away.x,
                                -0.35 * camera.right.y + 0.55 * camera.up.y - camera.away.y,
                                -0.35 * camera.right.z + 0.55 * camera.up.z - camera.away.z});
    const double facing = dot(normal, camera.away) > 0 ? -1 : 1;
    const double light = 0.52 + 0.52 * std::max(0.0, facing * dot(normal, to_light));
    return {shade(colour.red, light), shade(colour.green, light), shade(colour.blue, light)};
}

std::vector<Vec3> normals_of(const Mesh& mesh) {
    std::vector<Vec3> normals;
    normals.reserve(mesh.triangles.size());
    for (const auto& [a, b, c] : mesh.triangles) {
        normals.push_back(unit(cross(minus(mesh.vertices[b], mesh.vertices[a]),
                                     minus(mesh.vertices[c], mesh.vertices[a]))));
    }
    return normals;
}

struct EdgeOfTriangle {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::uint32_t triangle = 0;
    [[nodiscard]] bool same_edge(const EdgeOfTriangle& other) const {
        return low == other.low && high == other.high;
    }
};

// The edges that people see as lines: creases, and edges without a neighbour.
std::vector<EdgeOfTriangle> creases_of(const Mesh& mesh, const std::vector<Vec3>& normals) {
    std::vector<EdgeOfTriangle> edges;
    edges.reserve(mesh.triangles.size() * 3);
    for (std::uint32_t i = 0; i < mesh.triangles.size(); ++i) {
        const auto& corners = mesh.triangles[i];
        for (std::size_t k = 0; k < 3; ++k) {
            const auto [low, high] = std::minmax(corners[k], corners[(k + 1) % 3]);
            edges.push_back({low, high, i});
        }
    }
    std::sort(edges.begin(), edges.end(), [](const EdgeOfTriangle& a, const EdgeOfTriangle& b) {
        return std::tie(a.low, a.high, a.triangle) < std::tie(b.low, b.high, b.triangle);
    });
    std::vector<EdgeOfTriangle> creases;
    for (std::size_t i = 0; i < edges.size();) {
        std::size_t end = i + 1;
        while (end < edges.size() && edges[end].same_edge(edges[i]))
            ++end;
        const bool smooth = end - i == 2 && dot(normals[edges[i].triangle],
                                                normals[edges[i + 1].triangle]) > crease_cosine;
        if (!smooth) creases.push_back(edges[i]);
        i = end;
    }
    return creases;
}

void draw_faces(const Mesh& mesh,
                std::span<const Mark> marks,
                const std::vector<Vec3>& normals,
                const Projection& project,
                Canvas& canvas) {
    for (std::size_t i = 0; i < mesh.triangles.size(); ++i) {
        const auto& [a, b, c] = mesh.triangles[i];
        const Mark mark = marks.empty() ? Mark::none : marks[i];
        canvas.triangle(
            {project(mesh.vertices[a]), project(mesh.vertices[b]), project(mesh.vertices[c])},
            lit(colour_of(mark), normals[i], project.camera()));
    }
}

}  // namespace

Colour colour_of(Mark mark) {
    switch (mark) {
        case Mark::none:
            return body;
        case Mark::overhang:
            return {86, 180, 233};
        case Mark::thin_wall:
            return {230, 159, 0};
        case Mark::inside_out:
            return {240, 228, 66};
        case Mark::intersection:
            return {204, 121, 167};
        case Mark::turned:
            return {0, 90, 178};
        case Mark::non_manifold:
            return {0, 158, 115};
        case Mark::open:
            return {213, 60, 0};
    }
    return body;
}

std::string_view colour_name(Mark mark) {
    switch (mark) {
        case Mark::none:
            return "grey";
        case Mark::overhang:
            return "blue";
        case Mark::thin_wall:
            return "orange";
        case Mark::inside_out:
            return "yellow";
        case Mark::intersection:
            return "pink";
        case Mark::turned:
            return "dark blue";
        case Mark::non_manifold:
            return "green";
        case Mark::open:
            return "red";
    }
    return "grey";
}

Picture picture_of(const Mesh& mesh,
                   std::span<const Mark> triangle_marks,
                   std::span<const MarkedEdge> edges,
                   const PictureOptions& options) {
    NEARFAB_CHECK(!mesh.triangles.empty(), "a picture needs a part");
    NEARFAB_CHECK(triangle_marks.empty() || triangle_marks.size() == mesh.triangles.size(),
                  "one mark per triangle");
    NEARFAB_CHECK(options.panel_px >= 64 && options.panel_px <= 2048, "panel size in its range");
    // Drawn at twice the size and averaged, so that slanted edges are smooth.
    const std::uint32_t size = options.panel_px * 2;
    const auto panel = static_cast<double>(size);
    Canvas canvas{size * 2, size, paper};
    const Vec3 centre = middle_of(bounds_of(mesh));
    const double scale = scale_for(mesh, centre, panel);
    const std::vector<Vec3> normals = normals_of(mesh);
    const std::vector<EdgeOfTriangle> creases = creases_of(mesh, normals);
    const double hairline = panel / 500;
    for (std::size_t view = 0; view < cameras().size(); ++view) {
        const double left = static_cast<double>(view) * panel;
        const Projection project{cameras()[view], centre, scale, left, panel};
        draw_faces(mesh, triangle_marks, normals, project, canvas);
        for (const EdgeOfTriangle& crease : creases) {
            canvas.line(project(mesh.vertices[crease.low]),
                        project(mesh.vertices[crease.high]),
                        hairline,
                        hairline,
                        ink);
        }
        for (const MarkedEdge& edge : edges) {
            canvas.line(project(edge.from),
                        project(edge.to),
                        3 * hairline,
                        std::numeric_limits<double>::infinity(),
                        colour_of(edge.mark));
        }
    }
    return canvas.halved();
}

}  // namespace nearfab::geometry
