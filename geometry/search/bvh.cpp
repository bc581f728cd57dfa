// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/search/bvh.hpp"

#include "base/check.hpp"
#include "geometry/search/vector_maths.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace nearfab::geometry {
namespace {

// Below this share of the whole, a hit counts as on an edge; rounding is about 1e-15.
constexpr double grazing_ratio = 1e-11;
// Widens the interval of a box by more than the rounding of its computation.
constexpr double slab_slack = 1e-14;

std::array<double, 3> parts(const Vec3& v) {
    return {v.x, v.y, v.z};
}

// A ray turned and sheared so that it runs along an axis from the origin.
class ShearedRay {
public:
    ShearedRay(const Vec3& origin, const Vec3& direction) : origin_(parts(origin)) {
        const std::array<double, 3> d = parts(direction);
        const auto largest = std::max_element(
            d.begin(), d.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
        z_ = static_cast<std::size_t>(largest - d.begin());
        x_ = (z_ + 1) % 3;
        y_ = (z_ + 2) % 3;
        if (d[z_] < 0) std::swap(x_, y_);  // Keeps the turning sense of triangles.
        shear_x_ = d[x_] / d[z_];
        shear_y_ = d[y_] / d[z_];
        shear_z_ = 1 / d[z_];
    }

    // Takes any t; the caller looks whether it wants it.
    std::optional<RayHit> hit(const Vec3& va, const Vec3& vb, const Vec3& vc) const {
        const Flat a = flat(va);
        const Flat b = flat(vb);
        const Flat c = flat(vc);
        // Twice the areas that the ray sees beside each corner. A neighbour computes the same
        // value for a shared edge but for its sign, so that no ray can slip between the two.
        const double u = c.x * b.y - c.y * b.x;
        const double v = a.x * c.y - a.y * c.x;
        const double w = b.x * a.y - b.y * a.x;
        if ((u < 0 || v < 0 || w < 0) && (u > 0 || v > 0 || w > 0)) return std::nullopt;
        const double all = u + v + w;
        if (all == 0) return std::nullopt;
        RayHit out;
        out.t = shear_z_ * (u * a.z + v * b.z + w * c.z) / all;
        out.leaving = all < 0;
        out.grazing =
            std::min({std::abs(u), std::abs(v), std::abs(w)}) <= grazing_ratio * std::abs(all);
        return out;
    }

private:
    struct Flat {
        double x;
        double y;
        double z;
    };
    Flat flat(const Vec3& point) const {
        const std::array<double, 3> p{
            point.x - origin_[0], point.y - origin_[1], point.z - origin_[2]};
        return {p[x_] - shear_x_ * p[z_], p[y_] - shear_y_ * p[z_], p[z_]};
    }

    std::array<double, 3> origin_;
    std::size_t x_ = 0;
    std::size_t y_ = 0;
    std::size_t z_ = 0;
    double shear_x_ = 0;
    double shear_y_ = 0;
    double shear_z_ = 0;
};

// Where a ray is inside a box.
class Slabs {
public:
    Slabs(const Vec3& origin, const Vec3& direction)
        : origin_(parts(origin)),
          inverse_{1 / direction.x, 1 / direction.y, 1 / direction.z},
          backwards_{
              std::signbit(direction.x), std::signbit(direction.y), std::signbit(direction.z)} {}

    // The t at which the ray enters, or infinity when it misses the box within [t_min, t_max].
    double entry(const bvh::Node& node, double t_min, double t_max) const {
        double from = t_min;
        double to = t_max;
        for (std::size_t i = 0; i < 3; ++i) {
            const auto low = static_cast<double>(node.low.data()[i]);
            const auto high = static_cast<double>(node.high.data()[i]);
            const double enter = ((backwards_[i] ? high : low) - origin_[i]) * inverse_[i];
            const double leave = ((backwards_[i] ? low : high) - origin_[i]) * inverse_[i];
            // A ray within a side of the box gives no number, and both comparisons are false.
            if (enter > from) from = enter;
            if (leave < to) to = leave;
        }
        if (!(from <= t_max) || to == -Bvh::infinity) return Bvh::infinity;
        return from <= to + slab_slack * (std::abs(from) + std::abs(to)) ? from : Bvh::infinity;
    }

private:
    std::array<double, 3> origin_;
    std::array<double, 3> inverse_;
    std::array<bool, 3> backwards_;
};

bool before(const RayHit& a, const RayHit& b) {
    return a.t != b.t ? a.t < b.t : a.triangle < b.triangle;
}

}  // namespace

Bvh::Bvh(const Mesh& mesh) : mesh_(&mesh) {
    bvh::Tree tree = bvh::build_tree(mesh);
    nodes_ = std::move(tree.nodes);
    order_ = std::move(tree.order);
}

std::size_t Bvh::memory_bytes() const {
    return nodes_.capacity() * sizeof(Node) + order_.capacity() * sizeof(std::uint32_t);
}

// visit(hit) is called for every triangle that the ray's line hits in [t_min, t_max]; it says up
// to which t the search goes on.
template <class Visit>
std::uint64_t Bvh::walk_ray(
    const Vec3& origin, const Vec3& direction, double t_min, double t_max, Visit&& visit) const {
    NEARFAB_CHECK(direction != Vec3{}, "a ray needs a direction");
    if (nodes_.empty()) return 0;
    const ShearedRay ray(origin, direction);
    const Slabs slabs(origin, direction);
    struct Task {
        double from;
        std::uint32_t node;
    };
    std::array<Task, bvh::deepest + 2> stack;
    std::size_t waiting = 0;
    std::uint64_t taken = 1;
    const double at_root = slabs.entry(nodes_.front(), t_min, t_max);
    if (at_root < infinity) stack[waiting++] = {at_root, 0};
    while (waiting > 0) {
        const Task task = stack[--waiting];
        if (task.from > t_max) continue;
        const Node& node = nodes_.data()[task.node];
        taken += node.is_leaf() ? node.count : 2;
        if (!node.is_leaf()) {
            Task near{slabs.entry(nodes_.data()[node.first], t_min, t_max), node.first};
            Task far{slabs.entry(nodes_.data()[node.first + 1], t_min, t_max), node.first + 1};
            if (far.from < near.from) std::swap(near, far);
            if (far.from < infinity) stack[waiting++] = far;
            if (near.from < infinity) stack[waiting++] = near;
            continue;
        }
        for (std::uint32_t i = node.first; i < node.first + node.count; ++i) {
            const std::uint32_t triangle = order_.data()[i];
            const auto [a, b, c] = corners(triangle);
            std::optional<RayHit> hit = ray.hit(*a, *b, *c);
            if (!hit || !(hit->t >= t_min) || !(hit->t <= t_max)) continue;
            hit->triangle = triangle;
            t_max = visit(*hit);
        }
    }
    return taken;
}

std::optional<RayHit> Bvh::first_hit(const Vec3& origin,
                                     const Vec3& direction,
                                     double t_min,
                                     double t_max,
                                     std::uint64_t* steps) const {
    std::optional<RayHit> first;
    const std::uint64_t taken = walk_ray(origin, direction, t_min, t_max, [&](const RayHit& hit) {
        if (!first || before(hit, *first)) first = hit;
        return first->t;
    });
    if (steps != nullptr) *steps += taken;
    return first;
}

std::vector<RayHit> Bvh::all_hits(const Vec3& origin,
                                  const Vec3& direction,
                                  double t_min,
                                  double t_max,
                                  std::size_t most,
                                  std::uint64_t* steps) const {
    std::vector<RayHit> hits;
    const std::uint64_t taken = walk_ray(origin, direction, t_min, t_max, [&](const RayHit& hit) {
        hits.push_back(hit);
        return hits.size() > most ? -infinity : t_max;
    });
    if (steps != nullptr) *steps += taken;
    std::sort(hits.begin(), hits.end(), before);
    return hits;
}

std::optional<NearestPoint> Bvh::nearest(const Vec3& point,
                                         double radius_mm,
                                         std::uint64_t* steps) const {
    const auto any = [](std::uint32_t) { return true; };
    const auto nearer = [&](std::uint32_t triangle, double farthest) -> std::optional<Vec3> {
        const auto [a, b, c] = corners(triangle);
        const Vec3 on = nearest_on_triangle(point, *a, *b, *c);
        if (maths::distance(on, point) < farthest) return on;
        return std::nullopt;
    };
    return nearest_where(
        point, radius_mm, any, nearer, std::numeric_limits<std::uint64_t>::max(), nullptr, steps);
}

Vec3 nearest_on_triangle(const Vec3& p, const Vec3& a, const Vec3& b, const Vec3& c) {
    using namespace maths;
    const Vec3 ab = minus(b, a);
    const Vec3 ac = minus(c, a);
    const Vec3 ap = minus(p, a);
    const double d1 = dot(ab, ap);
    const double d2 = dot(ac, ap);
    if (d1 <= 0 && d2 <= 0) return a;
    const Vec3 bp = minus(p, b);
    const double d3 = dot(ab, bp);
    const double d4 = dot(ac, bp);
    if (d3 >= 0 && d4 <= d3) return b;
    const double vc = d1 * d4 - d3 * d2;
    if (vc <= 0 && d1 >= 0 && d3 <= 0) return along(a, d1 > d3 ? d1 / (d1 - d3) : 0, ab);
    const Vec3 cp = minus(p, c);
    const double d5 = dot(ab, cp);
    const double d6 = dot(ac, cp);
    if (d6 >= 0 && d5 <= d6) return c;
    const double vb = d5 * d2 - d1 * d6;
    if (vb <= 0 && d2 >= 0 && d6 <= 0) return along(a, d2 > d6 ? d2 / (d2 - d6) : 0, ac);
    const double va = d3 * d6 - d5 * d4;
    if (va <= 0 && d4 >= d3 && d5 >= d6) {
        const double past_b = d4 - d3;
        const double before_c = d5 - d6;
        const double whole = past_b + before_c;
        return along(b, whole > 0 ? past_b / whole : 0, minus(c, b));
    }
    const double scale = 1 / (va + vb + vc);
    return along(along(a, vb * scale, ab), vc * scale, ac);
}

}  // namespace nearfab::geometry
