// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/region.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <polyclipping/clipper.hpp>

namespace nearfab::toolpath {
namespace {

namespace cl = ClipperLib;

constexpr double units_per_mm = 1e5;

cl::IntPoint to_grid(const Vec2& p) {
    return {std::llround(p.x * units_per_mm), std::llround(p.y * units_per_mm)};
}

Vec2 from_grid(const cl::IntPoint& p) {
    return {static_cast<double>(p.X) / units_per_mm, static_cast<double>(p.Y) / units_per_mm};
}

cl::Path to_grid(const Polygon& polygon) {
    cl::Path path;
    path.reserve(polygon.size());
    for (const Vec2& p : polygon)
        path.push_back(to_grid(p));
    return path;
}

cl::Paths to_grid(const std::vector<Polygon>& polygons) {
    cl::Paths paths;
    paths.reserve(polygons.size());
    for (const Polygon& polygon : polygons)
        paths.push_back(to_grid(polygon));
    return paths;
}

Polygon from_grid(const cl::Path& path) {
    Polygon polygon;
    polygon.reserve(path.size());
    for (const cl::IntPoint& p : path)
        polygon.push_back(from_grid(p));
    return polygon;
}

Region from_grid(const cl::Paths& paths) {
    Region region;
    region.reserve(paths.size());
    for (const cl::Path& path : paths)
        region.push_back(from_grid(path));
    return region;
}

Region clipped(cl::ClipType type, const Region& a, const Region& b) {
    cl::Clipper clipper;
    clipper.AddPaths(to_grid(a), cl::ptSubject, true);
    clipper.AddPaths(to_grid(b), cl::ptClip, true);
    cl::Paths out;
    clipper.Execute(type, out, cl::pftNonZero, cl::pftNonZero);
    return from_grid(out);
}

// Without recursion: a hostile drawing may nest as deep as it has loops.
std::vector<Contour> walk(const cl::PolyTree& tree) {
    std::vector<Contour> out;
    std::map<const cl::PolyNode*, std::uint32_t> index;
    std::vector<const cl::PolyNode*> waiting(tree.Childs.rbegin(), tree.Childs.rend());
    while (!waiting.empty()) {
        const cl::PolyNode* node = waiting.back();
        waiting.pop_back();
        Contour contour;
        contour.polygon = from_grid(node->Contour);
        contour.hole = node->IsHole();
        if (contour.hole) contour.polygon = reversed(std::move(contour.polygon));
        if (const auto parent = index.find(node->Parent); parent != index.end()) {
            contour.parent = parent->second;
        }
        index[node] = static_cast<std::uint32_t>(out.size());
        out.push_back(std::move(contour));
        waiting.insert(waiting.end(), node->Childs.rbegin(), node->Childs.rend());
    }
    return out;
}

}  // namespace

double signed_area(const Polygon& polygon) {
    double twice = 0;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        // From the first corner, so that small polygons far from the origin lose no digits.
        const Vec2& o = polygon.front();
        const Vec2& a = polygon[i];
        const Vec2& b = polygon[(i + 1) % polygon.size()];
        twice += (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
    }
    return twice / 2;
}

double area_of(const Region& region) {
    double area = 0;
    for (const Polygon& polygon : region)
        area += signed_area(polygon);
    return area;
}

Polygon reversed(Polygon polygon) {
    std::reverse(polygon.begin(), polygon.end());
    return polygon;
}

Region grown(const Region& region, double by_mm, double tolerance_mm) {
    if (region.empty() || by_mm == 0) return region;
    cl::ClipperOffset offset{2, tolerance_mm * units_per_mm};
    offset.AddPaths(to_grid(region), cl::jtRound, cl::etClosedPolygon);
    cl::Paths out;
    offset.Execute(out, by_mm * units_per_mm);
    return from_grid(out);
}

Region united(const Region& a, const Region& b) {
    return clipped(cl::ctUnion, a, b);
}

Region without(const Region& a, const Region& b) {
    return clipped(cl::ctDifference, a, b);
}

Region common(const Region& a, const Region& b) {
    return clipped(cl::ctIntersection, a, b);
}

Region even_odd(const std::vector<Polygon>& polygons) {
    cl::Clipper clipper;
    clipper.AddPaths(to_grid(polygons), cl::ptSubject, true);
    cl::Paths out;
    clipper.Execute(cl::ctUnion, out, cl::pftEvenOdd, cl::pftEvenOdd);
    return from_grid(out);
}

// Clipper sums the edges. Where one polygon lies wholly inside the other no edges meet, so both
// are added, each moved to a corner of the other.
Region minkowski_sum(const Polygon& a, const Polygon& b) {
    if (a.empty() || b.empty()) return {};
    const cl::Path pa = to_grid(a);
    const cl::Path pb = to_grid(b);
    cl::Paths edges;
    cl::MinkowskiSum(pa, pb, edges, true);
    const auto moved = [](cl::Path path, const cl::IntPoint& by) {
        for (cl::IntPoint& p : path) {
            p.X += by.X;
            p.Y += by.Y;
        }
        if (!cl::Orientation(path)) cl::ReversePath(path);
        return path;
    };
    cl::Clipper clipper;
    clipper.AddPaths(edges, cl::ptSubject, true);
    clipper.AddPath(moved(pa, pb.front()), cl::ptSubject, true);
    clipper.AddPath(moved(pb, pa.front()), cl::ptSubject, true);
    cl::Paths out;
    clipper.Execute(cl::ctUnion, out, cl::pftNonZero, cl::pftNonZero);
    return from_grid(out);
}

std::vector<Contour> contours_of(const Region& region) {
    cl::Clipper clipper;
    clipper.AddPaths(to_grid(region), cl::ptSubject, true);
    cl::PolyTree tree;
    clipper.Execute(cl::ctUnion, tree, cl::pftNonZero, cl::pftNonZero);
    return walk(tree);
}

bool contains(const Polygon& polygon, const Vec2& point) {
    bool inside = false;
    for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        const Vec2& a = polygon[i];
        const Vec2& b = polygon[j];
        const double turned = (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);
        const bool between = std::min(a.x, b.x) <= point.x && point.x <= std::max(a.x, b.x) &&
                             std::min(a.y, b.y) <= point.y && point.y <= std::max(a.y, b.y);
        if (turned == 0 && between) return true;
        if ((a.y > point.y) != (b.y > point.y) && (turned > 0) == (b.y > a.y)) inside = !inside;
    }
    return inside;
}

}  // namespace nearfab::toolpath
