// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/geometry/corpus_differences.hpp"

#include <algorithm>
#include <array>

namespace nearfab::geometry::corpus {
namespace {

// The table says of these that they were not orientable before vertices were duplicated.
constexpr std::string_view duplicated =
    "triangles that share a corner or an edge by their numbers, and nothing else, do not cut";

constexpr auto differences = std::to_array<Difference>({
    {.file = "real/admesh/conveyor-remove-unconnected-bad.stl",
     .refused = true,
     .why = "reaches to 13 m, beyond the limit of 10 m for coordinates"},
    {.file = "real/manifold/Cray_right.obj",
     .refused = true,
     .why = "coordinates of 3e38 mm are beyond the limit"},
    {.file = "real/manifold/Generic_Twin_7081.1.t0_right.obj",
     .refused = true,
     .why = "lies 22 m from the origin, beyond the limit"},
    {.file = "real/manifold/Generic_Twin_7863.1.t0_left.obj",
     .refused = true,
     .why = "lies 31 m from the origin, beyond the limit"},
    {.file = "real/manifold/Havocglass8_left.obj",
     .refused = true,
     .why = "lies 12 m from the origin, beyond the limit"},
    {.file = "real/assimp/malformed2.obj",
     .refused = true,
     .why = "a face without corners is damage, not decoration"},
    {.file = "real/trimesh/notenoughindices.obj",
     .refused = true,
     .why = "a face of two corners is damage"},
    {.file = "real/assimp/concave_polygon.obj",
     .other_surface = true,
     .self_intersections = 0,
     .why = "one concave polygon of 66 corners; its area by Newell's sum is 0.2455, as ours, and "
            "the table's fan of 3.22 overlaps itself"},
    {.file = "real/cgal/mpi.off",
     .other_surface = true,
     .self_intersections = 0,
     .why = "concave polygons; their area by Newell's sum is 1873.517, as ours, and the table's "
            "fans overlap"},
    {.file = "real/cgal/double-torus-3-holes.off",
     .other_surface = true,
     .self_intersections = 0,
     .why = "concave polygons; their area by Newell's sum is 124.3289, as ours"},
    {.file = "real/prusa/extruder_idler_quads.obj",
     .other_surface = true,
     .self_intersections = 19,
     .why = "1,571 of its 3,672 quadrilaterals are not flat; fans make 92 edges of four triangles, "
            "the diagonals with the smaller surface three"},
    {.file = "real/assimp/box_longline.obj",
     .other_surface = true,
     .self_intersections = 54522,
     .why = "faces that walk round a square a hundred times have no right cut; all 54,522 pairs "
            "are copies of a triangle, and 466 triangles have no area"},
    {.file = "real/3mf/cube_gears.3mf",
     .self_intersections = 924,
     .why = "68 triangles have no area; the table counts each as a pair"},
    {.file = "real/admesh/conveyor-basic.stl",
     .self_intersections = 119,
     .why = "34 triangles have no area; the table counts each as a pair"},
    {.file = "real/admesh/conveyor-fill-holes-bad.stl",
     .self_intersections = 118,
     .why = "34 triangles have no area; the table counts each as a pair"},
    {.file = "real/prusa/seam_test_object.3mf",
     .self_intersections = 400,
     .why = "11 triangles have no area; the exact count leaves them out"},
    {.file = "real/assimp/Wuson.off", .self_intersections = 509, .why = duplicated},
    {.file = "real/assimp/sphereWithHole.stl", .self_intersections = 0, .why = duplicated},
    {.file = "real/cgal/polygon_mesh.off", .self_intersections = 7, .why = duplicated},
    {.file = "real/prusa/simplification.obj", .self_intersections = 2, .why = duplicated},
    {.file = "real/trimesh/angle_block.STL", .self_intersections = 102, .why = duplicated},
    {.file = "real/trimesh/featuretype.3MF", .self_intersections = 36, .why = duplicated},
    {.file = "real/trimesh/not_convex.obj", .self_intersections = 156, .why = duplicated},
    {.file = "real/trimesh/octagonal_pocket.stl", .self_intersections = 114, .why = duplicated},
    {.file = "real/trimesh/shared.STL", .self_intersections = 0, .why = duplicated},
    {.file = "real/trimesh/two_objects.obj", .self_intersections = 12, .why = duplicated},
});

constexpr auto bad_files = std::to_array<BadFile>({
    {"3mf/bad_crc.3mf", "refused"},
    {"3mf/bomb_overlap_16GB.3mf", "too large"},
    {"3mf/bomb_whitespace_1GiB.3mf", "too large"},
    {"3mf/build_empty.3mf", "refused"},
    {"3mf/build_items_100k.3mf", "too large"},
    {"3mf/component_cycle.3mf", "refused"},
    {"3mf/component_self.3mf", "refused"},
    {"3mf/duplicate_object_id.3mf", "refused"},
    {"3mf/empty.3mf", "refused"},
    {"3mf/inch_cube.3mf", "fine", true},
    {"3mf/index_negative.3mf", "refused"},
    {"3mf/index_oob.3mf", "refused"},
    {"3mf/no_content_types.3mf", "content_types_missing", true},
    {"3mf/not_a_zip.3mf", "refused"},
    {"3mf/ok_cube.3mf", "fine", true},
    {"3mf/ok_with_thumbnail.3mf", "fine", true},
    {"3mf/rel_external.3mf", "refused"},
    {"3mf/required_extension_unknown.3mf", "refused"},
    {"3mf/transform_zero.3mf", "refused"},
    {"3mf/truncated.3mf", "refused"},
    {"3mf/unit_unknown.3mf", "refused"},
    {"3mf/vertex_nan.3mf", "refused"},
    {"3mf/xml_attr_huge.3mf", "too large"},
    {"3mf/xml_billion_laughs.3mf", "refused"},
    {"3mf/xml_quadratic.3mf", "refused"},
    {"3mf/xml_xxe.3mf", "refused"},
    {"dxf/block_cycle.dxf", "refused"},
    {"dxf/truncated.dxf", "refused"},
    {"geom/all_collinear.stl", "no_volume"},
    {"geom/all_same_point.stl", "no_volume"},
    {"geom/cavity.stl", "several_shells", true},
    {"geom/diagonal_fit.stl", "fine", true},
    {"geom/duplicate_facets.stl", "non_manifold"},
    {"geom/duplicate_shell_opposite.stl", "non_manifold"},
    {"geom/far_from_origin.stl", "too large"},
    {"geom/float_max.stl", "too large"},
    {"geom/huge_1e7.stl", "too large"},
    {"geom/inf_binary.stl", "refused"},
    {"geom/inverted_cube.stl", "inside_out"},
    {"geom/klein_bottle.stl", "non_manifold"},
    {"geom/missing_facet.stl", "open_mesh"},
    {"geom/missing_side.stl", "open_mesh"},
    {"geom/moebius.stl", "open_mesh"},
    {"geom/nan_binary.stl", "refused"},
    {"geom/nested_same_orientation.stl", "overlapping_shells", true},
    {"geom/one_face_flipped.stl", "misoriented"},
    {"geom/overlapping_cubes.stl", "overlapping_shells", true},
    {"geom/oversize_1200.stl", "fine", true},
    {"geom/pin_0_2mm.stl", "fine", true},
    {"geom/random_soup_2000.stl", "open_mesh"},
    {"geom/shared_vertex.stl", "overlapping_shells", true},
    {"geom/sliver.stl", "open_mesh"},
    {"geom/t_junction.stl", "open_mesh"},
    {"geom/thin_plate_0_05.stl", "fine", true},
    {"geom/two_separate.stl", "several_shells", true},
    {"geom/valence_20000.stl", "open_mesh"},
    {"obj/backslash_eof.obj", "refused"},
    {"obj/empty.obj", "refused"},
    {"obj/face_repeat.obj", "degenerate_triangles", true},
    {"obj/face_two.obj", "refused"},
    {"obj/free_form.obj", "refused"},
    {"obj/index_out_of_range.obj", "refused"},
    {"obj/index_u64.obj", "refused"},
    {"obj/index_zero.obj", "refused"},
    {"obj/mtllib_traversal.obj", "fine", true},
    {"obj/nan.obj", "refused"},
    {"obj/vertices_only.obj", "refused"},
    {"off/comment_storm.off", "fine", true},
    {"off/counts_huge.off", "too large"},
    {"off/counts_u64.off", "refused"},
    {"off/index_oob.off", "refused"},
    {"off/nonplanar_poly.off", "open_mesh"},
    {"off/valence_huge.off", "refused"},
    {"stl/ascii_pretending_binary.stl", "refused"},
    {"stl/count_max_u32.stl", "refused"},
    {"stl/empty.stl", "refused"},
    {"stl/endless_solids.stl", "refused"},
    {"stl/four_vertices.stl", "refused"},
    {"stl/header_79.stl", "refused"},
    {"stl/hexfloat.stl", "refused"},
    {"stl/inf_ascii.stl", "refused"},
    {"stl/long_name.stl", "fine", true},
    {"stl/long_token.stl", "refused"},
    {"stl/missing_endloop.stl", "refused"},
    {"stl/missing_endsolid.stl", "endsolid_missing", true},
    {"stl/nan_ascii.stl", "refused"},
    {"stl/nul_inside.stl", "refused"},
    {"stl/truncated_mid_facet.stl", "refused"},
    {"stl/two_solids.stl", "several_shells", true},
    {"stl/two_vertices.stl", "refused"},
    {"stl/utf16.stl", "refused"},
    {"stl/word_numbers.stl", "refused"},
    {"svg/entity_bomb.svg", "refused"},
    {"svg/external_image.svg", "refused"},
    {"svg/nan_path.svg", "refused"},
    {"svg/no_units.svg", "unit_unstated", true},
    {"svg/xxe.svg", "refused"},
});

struct RejectedWithReport {
    std::string_view file;
    std::string_view why;
};

// None of them bounds a volume, so nobody can say what is to be made: a slicer guesses, and two
// guess differently. The report has the defect, its place, and whether a harmless mend would do;
// nothing is mended unasked.
constexpr auto rejected_with_report = std::to_array<RejectedWithReport>({
    {"geom/inverted_cube.stl", "all of it is inside out; turning it is offered as a mend"},
    {"geom/one_face_flipped.stl", "one triangle is turned; turning it is offered as a mend"},
    {"geom/missing_facet.stl", "a triangle is missing; closing a hole is a guess"},
    {"geom/missing_side.stl", "a side is missing; closing a hole is a guess"},
    {"geom/duplicate_facets.stl", "every triangle is there twice; dropping one is offered"},
    {"geom/t_junction.stl", "an edge is divided on one side only, so the mesh is open there"},
    {"geom/sliver.stl", "the needle leaves edges open"},
    {"geom/valence_20000.stl", "its base is missing"},
});

template <typename Rows>
auto find(const Rows& rows, std::string_view file) {
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.file == file; });
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace

const Difference* difference_of(std::string_view file) {
    return find(differences, file);
}

const BadFile* bad_file(std::string_view file) {
    return find(bad_files, file);
}

std::string_view why_rejected_with_report(std::string_view file) {
    const auto* const found = find(rejected_with_report, file);
    return found == nullptr ? std::string_view{} : found->why;
}

}  // namespace nearfab::geometry::corpus
