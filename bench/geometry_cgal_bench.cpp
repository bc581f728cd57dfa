// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-bench-cgal: the same questions to a plain CGAL pipeline, as its manual suggests it.
//
//   nearfab-bench-cgal basic|full FILE
//
// Basic: read, merge points, orient, make a mesh; closed, volume, components. Full: does it
// intersect itself, the oriented box, an AABB tree and 100,000 rays inwards for the thickness.

#include <CGAL/AABB_face_graph_triangle_primitive.h>
#include <CGAL/AABB_traits.h>
#include <CGAL/AABB_tree.h>
#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/IO/STL.h>
#include <CGAL/Polygon_mesh_processing/compute_normal.h>
#include <CGAL/Polygon_mesh_processing/connected_components.h>
#include <CGAL/Polygon_mesh_processing/measure.h>
#include <CGAL/Polygon_mesh_processing/orient_polygon_soup.h>
#include <CGAL/Polygon_mesh_processing/polygon_soup_to_polygon_mesh.h>
#include <CGAL/Polygon_mesh_processing/repair_polygon_soup.h>
#include <CGAL/Polygon_mesh_processing/self_intersections.h>
#include <CGAL/Surface_mesh.h>
#if NEARFAB_BENCH_EIGEN
#include <CGAL/optimal_bounding_box.h>
#endif

#include <array>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

namespace {

namespace pmp = CGAL::Polygon_mesh_processing;
using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Surface = CGAL::Surface_mesh<Kernel::Point_3>;
using Primitive = CGAL::AABB_face_graph_triangle_primitive<Surface>;
using Tree = CGAL::AABB_tree<CGAL::AABB_traits<Kernel, Primitive>>;

void full(const Surface& mesh) {
    const bool intersects = pmp::does_self_intersect<CGAL::Sequential_tag>(mesh);
#if NEARFAB_BENCH_EIGEN
    std::array<Kernel::Point_3, 8> box;
    CGAL::oriented_bounding_box(mesh, box);
#endif
    Tree tree(faces(mesh).begin(), faces(mesh).end(), mesh);
    tree.build();
    const std::size_t step = std::max<std::size_t>(1, num_faces(mesh) / 100'000);
    double thinnest = 1e300;
    std::size_t next = 0;
    for (const auto face : faces(mesh)) {
        if (next++ % step != 0) continue;
        const auto edge = halfedge(face, mesh);
        const auto& a = mesh.point(source(edge, mesh));
        const auto& b = mesh.point(target(edge, mesh));
        const auto& c = mesh.point(target(mesh.next(edge), mesh));
        const Kernel::Ray_3 ray(CGAL::centroid(a, b, c), -pmp::compute_face_normal(face, mesh));
        const auto hit = tree.first_intersection(ray, [face](const auto& f) { return f == face; });
        if (!hit) continue;
        if (const auto* point = boost::get<Kernel::Point_3>(&hit->first))
            thinnest = std::min(thinnest, CGAL::squared_distance(ray.source(), *point));
    }
    std::printf("self-intersecting %d, thinnest %.4f mm\n", intersects, std::sqrt(thinnest));
}

}  // namespace

int main(int count, char** words) {
    const std::string what = count == 3 ? words[1] : "";
    if (what != "basic" && what != "full") {
        std::fprintf(stderr,
                     "nearfab-bench-cgal: say what to measure.\n"
                     "  next: nearfab-bench-cgal basic part.stl\n");
        return 2;
    }
    std::vector<Kernel::Point_3> points;
    std::vector<std::array<std::size_t, 3>> triangles;
    if (!CGAL::IO::read_STL(words[2], points, triangles)) return 1;
    pmp::merge_duplicate_points_in_polygon_soup(points, triangles);
    pmp::orient_polygon_soup(points, triangles);
    Surface mesh;
    pmp::polygon_soup_to_polygon_mesh(points, triangles, mesh);
    const auto part_of = mesh.add_property_map<Surface::Face_index, std::size_t>("f:part").first;
    std::printf("closed %d, volume %.3f mm3, %zu components\n",
                CGAL::is_closed(mesh),
                pmp::volume(mesh),
                static_cast<std::size_t>(pmp::connected_components(mesh, part_of)));
    if (what == "full") full(mesh);
    return 0;
}
