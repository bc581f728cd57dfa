// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/thickness/smooth_normals.hpp"

#include "geometry/search/vector_maths.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace nearfab::geometry {
namespace {

using namespace maths;

constexpr double blended_cosine = 0.8616;  // 30.5 degrees: a circle of twelve sides is round.
constexpr double turned_cosine = 0.9646;   // 15.3 degrees, half of it.
constexpr double turned_sine = 0.2637;
// A corner that very many triangles share is a point of its own, and not worth looking at them all.
constexpr std::uint32_t most_round = 64;

Vec3 unit(const Vec3& v) {
    const double size = length(v);
    return size > 0 ? times(1 / size, v) : Vec3{};
}

// Whether two normals of any length are no farther apart than what is blended.
bool blend(const Vec3& one, const Vec3& other) {
    const double product = dot(one, other);
    return product > 0 &&
           product * product >= blended_cosine * blended_cosine * dot(one, one) * dot(other, other);
}

std::array<Vec3, 3> corners_of(const Mesh& mesh, std::uint32_t triangle) {
    const auto& [a, b, c] = mesh.triangles.data()[triangle];
    const Vec3* const v = mesh.vertices.data();
    return {v[a], v[b], v[c]};
}

constexpr double infinity = std::numeric_limits<double>::infinity();
// Of the facets with more corners than this, so many are looked at.
constexpr std::size_t most_corners = 24;
// How far the blend in the middle of a facet may be from the normal, as a share of the most.
constexpr double balanced_ratio = 0.4;
// A flat wall that leans no more than this (2 degrees) is right within 0.03 %.
constexpr double wall_lean = 0.035;

// The plane of a facet with coordinates of its own.
struct Plane {
    Vec3 origin;
    Vec3 normal;
    Vec3 x;
    Vec3 y;

    Plane(const std::array<Vec3, 3>& corners, const Vec3& upright)
        : origin(corners[0]), normal(upright), x(unit(minus(corners[1], corners[0]))) {
        x = unit(along(x, -dot(x, normal), normal));
        y = cross(normal, x);
    }
    Vec2 at(const Vec3& point) const {
        const Vec3 way = minus(point, origin);
        return {dot(way, x), dot(way, y)};
    }
    // How far a normal leans from that of the plane, as its part along the plane over that across.
    Vec2 lean_of(const Vec3& other) const {
        const double across = dot(other, normal);
        return {dot(other, x) / across, dot(other, y) / across};
    }
    Vec3 leaning(const Vec2& lean) const { return along(along(normal, lean.x, x), lean.y, y); }
};

// A linear function of the place, by least squares.
class LeanFit {
public:
    LeanFit(std::span<const Vec2> places, std::span<const Vec2> leans) {
        const double share = 1.0 / static_cast<double>(places.size());
        for (std::size_t i = 0; i < places.size(); ++i) {
            middle_ = {middle_.x + share * places[i].x, middle_.y + share * places[i].y};
            mean_ = {mean_.x + share * leans[i].x, mean_.y + share * leans[i].y};
        }
        double xx = 0, xy = 0, yy = 0;
        Vec2 by_x, by_y;  // The sums of coordinate times lean.
        for (std::size_t i = 0; i < places.size(); ++i) {
            const double x = places[i].x - middle_.x;
            const double y = places[i].y - middle_.y;
            xx += x * x;
            xy += x * y;
            yy += y * y;
            by_x = {by_x.x + x * leans[i].x, by_x.y + x * leans[i].y};
            by_y = {by_y.x + y * leans[i].x, by_y.y + y * leans[i].y};
        }
        const double determinant = xx * yy - xy * xy;
        // Corners on a line say nothing about the way across it.
        flat_ = !(determinant > 1e-8 * (xx + yy) * (xx + yy));
        if (flat_) return;
        slope_x_ = {(yy * by_x.x - xy * by_y.x) / determinant,
                    (yy * by_x.y - xy * by_y.y) / determinant};
        slope_y_ = {(xx * by_y.x - xy * by_x.x) / determinant,
                    (xx * by_y.y - xy * by_x.y) / determinant};
    }
    bool determined() const { return !flat_; }
    Vec2 at(const Vec2& place) const {
        const double x = place.x - middle_.x;
        const double y = place.y - middle_.y;
        return {mean_.x + slope_x_.x * x + slope_y_.x * y,
                mean_.y + slope_x_.y * x + slope_y_.y * y};
    }

private:
    Vec2 middle_;
    Vec2 mean_;
    Vec2 slope_x_;
    Vec2 slope_y_;
    bool flat_ = false;
};

}  // namespace

SmoothNormals::SmoothNormals(const Mesh& mesh)
    : mesh_(mesh),
      regions_(mesh, sharp_deg),
      first_(mesh.vertices.size() + 2, 0),
      round_(mesh.triangles.size() * 3) {
    // Shifted by two while counting, so that after filling each entry is where it begins.
    for (const auto& t : mesh.triangles) {
        for (const std::uint32_t v : t)
            ++first_[v + 2];
    }
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t) {
        for (const std::uint32_t v : mesh.triangles[t])
            round_[first_[v + 1]++] = t;
    }
    find_corners();
}

// Of the facets of several triangles that have a neighbour to blend with at one corner at least.
void SmoothNormals::find_corners() {
    std::vector<bool> of_several(mesh_.vertices.size());
    for (std::uint32_t t = 0; t < mesh_.triangles.size(); ++t) {
        if (!regions_.several(regions_.of(t))) continue;
        for (const std::uint32_t v : mesh_.triangles[t])
            of_several[v] = true;
    }
    std::vector<std::uint32_t> here;
    const auto each_corner = [&](auto&& use) {
        for (std::uint32_t v = 0; v < of_several.size(); ++v) {
            if (!of_several[v]) continue;
            here.clear();
            for (const std::uint32_t t : round(v))
                here.push_back(regions_.of(t));
            std::sort(here.begin(), here.end());
            here.erase(std::unique(here.begin(), here.end()), here.end());
            if (here.size() > 2 && here.size() < most_round) use(v);
        }
    };
    std::vector<bool> bent(mesh_.triangles.size());  // By region.
    each_corner([&](std::uint32_t /*vertex*/) {
        for (const std::uint32_t one : here) {
            if (!regions_.several(one) || bent[one]) continue;
            const Vec3 normal = regions_.normal(one);
            bent[one] = std::any_of(here.begin(), here.end(), [&](std::uint32_t other) {
                return other != one && blend(regions_.normal(other), normal);
            });
        }
    });
    // A counting sort by region; within one the vertices come as they are walked.
    LargeArray<std::uint32_t> next(bent.size() + 1);
    std::fill(next.begin(), next.end(), 0U);
    each_corner([&](std::uint32_t /*vertex*/) {
        for (const std::uint32_t region : here)
            next[region + 1] += bent[region] ? 1U : 0U;
    });
    for (std::uint32_t region = 0; region < bent.size(); ++region) {
        if (next[region + 1] > 0) regions_with_corners_.push_back({region, next[region]});
        next[region + 1] += next[region];
    }
    regions_with_corners_.push_back({~0U, next.back()});
    corners_.resize(next.back());
    each_corner([&](std::uint32_t vertex) {
        for (const std::uint32_t region : here) {
            if (bent[region]) corners_[next[region]++] = vertex;
        }
    });
}

std::span<const std::uint32_t> SmoothNormals::corners_of_region(std::uint32_t region) const {
    const auto at = std::lower_bound(
        regions_with_corners_.begin(),
        regions_with_corners_.end(),
        region,
        [](const First& first, std::uint32_t number) { return first.region < number; });
    if (at == regions_with_corners_.end() || at->region != region) return {};
    return {corners_.data() + at->corner, at[1].corner - at->corner};
}

Vec3 SmoothNormals::at_corner(std::uint32_t vertex, const Vec3& normal) const {
    const std::uint32_t begin = first_[vertex];
    const std::uint32_t end = std::min(first_[vertex + 1], begin + most_round);
    Vec3 sum;
    for (std::uint32_t i = begin; i < end; ++i) {
        const Vec3 round = unit(regions_.normal(round_[i]));
        if (dot(round, normal) < blended_cosine) continue;
        const std::array<Vec3, 3> p = corners_of(mesh_, round_[i]);
        const auto& t = mesh_.triangles[round_[i]];
        const std::size_t here = t[0] == vertex ? 0 : t[1] == vertex ? 1 : 2;
        const Vec3 one = minus(p[(here + 1) % 3], p[here]);
        const Vec3 other = minus(p[(here + 2) % 3], p[here]);
        const double angle = std::atan2(length(cross(one, other)), dot(one, other));
        sum = along(sum, angle, round);
    }
    return end == begin + most_round ? normal : unit(sum);
}

SmoothNormals::Facet SmoothNormals::facet(std::uint32_t region) const {
    Facet facet;
    facet.normal = unit(regions_.normal(region));
    if (facet.normal == Vec3{}) return facet;
    facet.at_corners.fill(facet.normal);
    if (regions_.several(region)) {
        fit(region, facet);
    } else {
        for (std::size_t i = 0; i < 3; ++i) {
            facet.at_corners[i] = at_corner(mesh_.triangles[region][i], facet.normal);
            facet.bend = std::max(facet.bend, length(cross(facet.at_corners[i], facet.normal)));
        }
    }
    return facet;
}

// The blend of a facet of several triangles, as it is at the corners of the largest of them.
void SmoothNormals::fit(std::uint32_t region, Facet& facet) const {
    const std::span<const std::uint32_t> corners = corners_of_region(region);
    const Plane plane(corners_of(mesh_, region), facet.normal);
    const std::size_t step =
        std::max<std::size_t>(1, (corners.size() + most_corners - 1) / most_corners);
    std::array<Vec2, most_corners> places;
    std::array<Vec2, most_corners> leans;
    std::size_t count = 0;
    Vec2 low{infinity, infinity};
    Vec2 high{-infinity, -infinity};
    double most = 0;
    for (std::size_t i = 0; i < corners.size(); i += step) {
        const Vec3 normal = at_corner(corners[i], facet.normal);
        const Vec2 place = plane.at(mesh_.vertices[corners[i]]);
        places[count] = place;
        leans[count] = plane.lean_of(normal);
        facet.bend = std::max(facet.bend, length(cross(normal, facet.normal)));
        most = std::max(most, std::hypot(leans[count].x, leans[count].y));
        low = {std::min(low.x, place.x), std::min(low.y, place.y)};
        high = {std::max(high.x, place.x), std::max(high.y, place.y)};
        ++count;
    }
    if (count < 3) return;
    const LeanFit blend({places.data(), count}, {leans.data(), count});
    if (!blend.determined()) return;
    const Vec2 middle = blend.at({(low.x + high.x) / 2, (low.y + high.y) / 2});
    if (most > wall_lean && std::hypot(middle.x, middle.y) > balanced_ratio * most) return;
    const std::array<Vec3, 3> p = corners_of(mesh_, region);
    for (std::size_t i = 0; i < 3; ++i)
        facet.at_corners[i] = plane.leaning(blend.at(plane.at(p[i])));
}

Vec3 SmoothNormals::at(std::uint32_t region, const Facet& facet, const Vec3& point) const {
    if (facet.normal == Vec3{}) return {};
    const std::array<Vec3, 3> p = corners_of(mesh_, region);
    Vec3 blend;
    for (std::size_t i = 0; i < 3; ++i) {
        // The area across from a corner is its share; below 0 beyond the side there.
        const Vec3 one = minus(p[(i + 1) % 3], point);
        const Vec3 other = minus(p[(i + 2) % 3], point);
        blend = along(blend, dot(cross(one, other), facet.normal), facet.at_corners[i]);
    }
    blend = unit(blend);
    const double cosine = dot(blend, facet.normal);
    if (cosine >= turned_cosine) return blend;
    const Vec3 sideways = unit(along(blend, -cosine, facet.normal));
    return along(times(turned_cosine, facet.normal), turned_sine, sideways);
}

}  // namespace nearfab::geometry
