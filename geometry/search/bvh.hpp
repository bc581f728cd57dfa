// SPDX-License-Identifier: GPL-3.0-or-later
// bvh.hpp - one search tree over a mesh, for rays, overlapping pairs and nearest points.
//
// A binary tree of boxes over the triangles: clusters of a few triangles along a Morton curve,
// joined from the top by the surface area heuristic (after Pantaleoni and Luebke, "HLBVH", HPG
// 2010, and Wald, "On fast Construction of SAH-based Bounding Volume Hierarchies", RT 2007). The
// boxes are float32 rounded outwards; the triangles themselves are read from the mesh in double.
//
// Rays are watertight (Woop, Benthin, Wald, "Watertight Ray/Triangle Intersection", JCGT 2013): a
// ray through a shared edge or corner hits at least one of the triangles there. A triangle seen
// exactly from its side is not hit.
//
// The tree is immutable, so any number of threads may ask it. Every query takes an optional
// counter to which the steps it took (boxes and triangles looked at) are added: with a hostile
// mesh a query can cost as many steps as there are triangles, and the caller bounds the sum.

#pragma once

#include "geometry/mesh.hpp"
#include "geometry/search/bvh_node.hpp"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace nearfab::geometry {

struct RayHit {
    double t = 0;  // The place is origin + t * direction.
    std::uint32_t triangle = 0;
    bool leaving = false;  // The ray goes the way the triangle looks: out of the part.
    bool grazing = false;  // On an edge or corner, so that a neighbour may be hit there as well.
};

struct NearestPoint {
    Vec3 point;
    double distance_mm = 0;
    std::uint32_t triangle = 0;
};

class Bvh {
public:
    static constexpr double infinity = std::numeric_limits<double>::infinity();

    // REQUIRES: every index of a triangle names a vertex; the coordinates are finite and within
    // float32. The mesh outlives the tree and stays where it is. An empty mesh has no hits.
    explicit Bvh(const Mesh& mesh);

    [[nodiscard]] const Mesh& mesh() const { return *mesh_; }
    // The triangles in an order in which neighbours in space are mostly neighbours in the list.
    [[nodiscard]] std::span<const std::uint32_t> order() const { return order_; }
    // The tree itself, for what else is to be known of each node: the root is first, children stand
    // behind their parent (bvh_node.hpp).
    [[nodiscard]] std::span<const bvh::Node> nodes() const { return nodes_; }
    // What the tree itself takes.
    [[nodiscard]] std::size_t memory_bytes() const;

    // The hit with the smallest t in [t_min, t_max]; of equal ones that with the lowest triangle.
    // REQUIRES: the direction is not zero; it may have any length.
    [[nodiscard]] std::optional<RayHit> first_hit(const Vec3& origin,
                                                  const Vec3& direction,
                                                  double t_min = 0,
                                                  double t_max = infinity,
                                                  std::uint64_t* steps = nullptr) const;
    // All hits in [t_min, t_max] by t, then triangle. When there are more than `most` of them,
    // nothing is said about which are left out: the result then has most + 1 hits.
    [[nodiscard]] std::vector<RayHit> all_hits(const Vec3& origin,
                                               const Vec3& direction,
                                               double t_min = 0,
                                               double t_max = infinity,
                                               std::size_t most = 1024,
                                               std::uint64_t* steps = nullptr) const;

    // The nearest point of the surface that is nearer than the radius; none when there is none.
    [[nodiscard]] std::optional<NearestPoint> nearest(const Vec3& point,
                                                      double radius_mm = infinity,
                                                      std::uint64_t* steps = nullptr) const;

    // As nearest, among the points that candidate(triangle, farthest) gives: none, or one whose
    // distance is below `farthest`. enter(node) says whether there may be such points below a
    // node, given by its number in nodes().
    //
    // Where much of the surface is about equally far away, a search looks at all of it. After every
    // `patience` steps the radius therefore shrinks to nine tenths, and *hasty is set: the result
    // is then right but for points less than 10 % (19 %, ...) nearer than the radius.
    template <class Enter, class Candidate>
    [[nodiscard]] std::optional<NearestPoint> nearest_where(const Vec3& point,
                                                            double radius_mm,
                                                            Enter&& enter,
                                                            Candidate&& candidate,
                                                            std::uint64_t patience,
                                                            bool* hasty,
                                                            std::uint64_t* steps = nullptr) const;

    // use(triangle) -> bool for every triangle whose box meets this one; false stops the search.
    // Says whether it ran to the end.
    template <class Use>
    bool triangles_in(const Bounds& box, Use&& use) const;

    // use(a, b) -> bool with a < b, once for every two triangles whose boxes meet (touching is
    // meeting); false stops the search. Says whether it ran to the end. The order is fixed. Takes
    // 24 bytes for each triangle while it runs.
    template <class Use>
    bool overlapping_pairs(Use&& use) const;

private:
    using Box = bvh::Box;
    using Node = bvh::Node;

    Box box_of(std::uint32_t triangle) const {
        const auto [a, b, c] = corners(triangle);
        return bvh::box_of(*a, *b, *c);
    }
    template <class Visit>
    std::uint64_t walk_ray(
        const Vec3& origin, const Vec3& direction, double t_min, double t_max, Visit&& visit) const;
    std::array<const Vec3*, 3> corners(std::uint32_t triangle) const {
        const auto& t = mesh_->triangles.data()[triangle];
        const Vec3* const v = mesh_->vertices.data();
        return {v + t[0], v + t[1], v + t[2]};
    }
    template <class Use>
    bool pairs_of_leaves(const Box* boxes, const Node& a, const Node& b, Use& use) const;

    const Mesh* mesh_;
    LargeArray<Node> nodes_;           // The root is first; two children stand side by side.
    LargeArray<std::uint32_t> order_;  // The triangles of each leaf, leaf by leaf.
};

// The nearest point of a triangle (Ericson, Real-Time Collision Detection, 2005, section 5.1.5).
[[nodiscard]] Vec3 nearest_on_triangle(const Vec3& point,
                                       const Vec3& a,
                                       const Vec3& b,
                                       const Vec3& c);

}  // namespace nearfab::geometry

#include "geometry/search/bvh_walk.hpp"  // IWYU pragma: export
