// SPDX-License-Identifier: GPL-3.0-or-later

#include "step/occt/face_nodes.hpp"

#include "geometry/readers/triangle_soup.hpp"

#include <BRep_Tool.hxx>
#include <Poly_PolygonOnTriangulation.hxx>
#include <Poly_Triangulation.hxx>
#include <TopExp.hxx>
#include <TopExp_Explorer.hxx>
#include <TopTools_IndexedMapOfShape.hxx>
#include <TopoDS.hxx>
#include <TopoDS_Edge.hxx>
#include <TopoDS_Face.hxx>
#include <TopoDS_Vertex.hxx>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

namespace nearfab::step {
namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

struct CutFace {
    TopoDS_Face face;
    TopLoc_Location place;
    Handle(Poly_Triangulation) cut;
    std::uint32_t first_node = 0;
};

// Sets of nodes that are one corner; each set is named by its smallest node.
class Corners {
public:
    explicit Corners(std::size_t nodes) : parent_(nodes) {
        std::iota(parent_.begin(), parent_.end(), 0U);
    }
    std::uint32_t name(std::uint32_t node) {
        while (parent_[node] != node) {
            parent_[node] = parent_[parent_[node]];
            node = parent_[node];
        }
        return node;
    }
    void join(std::uint32_t a, std::uint32_t b) {
        const std::uint32_t p = name(a);
        const std::uint32_t q = name(b);
        parent_[std::max(p, q)] = std::min(p, q);
    }

private:
    std::vector<std::uint32_t> parent_;
};

class BodyBuilder {
public:
    BodyBuilder(const TopoDS_Shape& shape, CutMesh& mesh) : shape_(shape), mesh_(mesh) {}

    Status build() {
        if (Status status = collect_faces(); !status) return status;
        Corners corners{nodes_};
        join_along_edges(corners);
        return write(corners);
    }

private:
    Status collect_faces() {
        for (TopExp_Explorer it{shape_, TopAbs_FACE}; it.More(); it.Next()) {
            CutFace one;
            one.face = TopoDS::Face(it.Current());
            one.cut = BRep_Tool::Triangulation(one.face, one.place);
            if (one.cut.IsNull() || one.cut->NbTriangles() == 0) {
                return fail(ErrorCode::invalid_file,
                            "face " + std::to_string(faces_.size() + 1) + " of body " +
                                std::to_string(mesh_.bodies.size() + 1) +
                                " cannot be cut into triangles",
                            "Repair the solid in the CAD program and export it again, or export "
                            "it as 3MF or STL");
            }
            one.first_node = nodes_;
            nodes_ += static_cast<std::uint32_t>(one.cut->NbNodes());
            triangles_ += static_cast<std::uint64_t>(one.cut->NbTriangles());
            faces_.push_back(std::move(one));
        }
        return check_size();
    }

    [[nodiscard]] Status check_size() const {
        std::uint64_t all = triangles_;
        for (const auto& body : mesh_.bodies)
            all += body.size();
        const std::uint64_t limit = geometry::ReadLimits{}.triangles;
        if (all <= limit) return {};
        return fail(ErrorCode::too_large,
                    "the STEP file becomes " + std::to_string(all) +
                        " triangles or more, and the limit is " + std::to_string(limit),
                    "Cut it coarser (a larger linear and angular deflection), or give one part "
                    "for each file");
    }

    // For each edge, the nodes on it as the first face that knows it has them.
    void join_along_edges(Corners& corners) {
        TopTools_IndexedMapOfShape edges;
        TopExp::MapShapes(shape_, TopAbs_EDGE, edges);
        std::vector<std::vector<std::uint32_t>> chains(static_cast<std::size_t>(edges.Extent()));
        for (const CutFace& one : faces_) {
            for (TopExp_Explorer it{one.face, TopAbs_EDGE}; it.More(); it.Next()) {
                const TopoDS_Edge& edge = TopoDS::Edge(it.Current());
                const auto chain = nodes_on(edge, one);
                if (chain.empty()) continue;
                if (BRep_Tool::Degenerated(edge)) {
                    for (const std::uint32_t node : chain)
                        corners.join(chain.front(), node);
                    continue;
                }
                auto& known = chains[static_cast<std::size_t>(edges.FindIndex(edge)) - 1];
                if (known.empty()) known = chain;
                if (known.size() != chain.size()) continue;  // Stays open, and the check says so.
                for (std::size_t i = 0; i < chain.size(); ++i)
                    corners.join(known[i], chain[i]);
                // A closed edge begins and ends at the same vertex.
                if (TopExp::FirstVertex(edge).IsSame(TopExp::LastVertex(edge)))
                    corners.join(chain.front(), chain.back());
            }
        }
    }

    // In the direction of the edge's curve, which all faces have in common.
    static std::vector<std::uint32_t> nodes_on(const TopoDS_Edge& edge, const CutFace& one) {
        std::vector<std::uint32_t> chain;
        const Handle(Poly_PolygonOnTriangulation)& on =
            BRep_Tool::PolygonOnTriangulation(edge, one.cut, one.place);
        if (on.IsNull()) return chain;
        for (int i = 1; i <= on->NbNodes(); ++i)
            chain.push_back(one.first_node + static_cast<std::uint32_t>(on->Node(i)) - 1);
        return chain;
    }

    Status write(Corners& corners) {
        std::vector<std::uint32_t> vertex_of(nodes_, none);
        auto& body = mesh_.bodies.emplace_back();
        body.reserve(triangles_);
        for (const CutFace& one : faces_) {
            const gp_Trsf moved = one.place.Transformation();
            for (int node = 1; node <= one.cut->NbNodes(); ++node) {
                const std::uint32_t corner =
                    corners.name(one.first_node + static_cast<std::uint32_t>(node) - 1);
                if (vertex_of[corner] != none) continue;
                vertex_of[corner] = static_cast<std::uint32_t>(mesh_.vertices.size());
                if (Status status = add_vertex(one.cut->Node(node).Transformed(moved)); !status) {
                    return status;
                }
            }
            // A mirror turns a face over as its orientation does.
            const bool turned = (one.face.Orientation() == TopAbs_REVERSED) != moved.IsNegative();
            for (int i = 1; i <= one.cut->NbTriangles(); ++i) {
                std::array<int, 3> node{};
                one.cut->Triangle(i).Get(node[0], node[1], node[2]);
                if (turned) std::swap(node[1], node[2]);
                std::array<std::uint32_t, 3> triangle{};
                for (std::size_t k = 0; k < 3; ++k) {
                    const auto at = one.first_node + static_cast<std::uint32_t>(node[k]) - 1;
                    triangle[k] = vertex_of[corners.name(at)];
                }
                const auto& [a, b, c] = triangle;
                if (a != b && b != c && c != a) body.push_back(triangle);
            }
        }
        return {};
    }

    Status add_vertex(const gp_Pnt& at) {
        std::array<float, 3> vertex{};
        for (int axis = 1; axis <= 3; ++axis) {
            const double value = at.Coord(axis);
            const double limit = geometry::ReadLimits{}.coordinate_mm;
            if (!(std::abs(value) <= limit)) {  // NaN fails too.
                return fail(ErrorCode::too_large,
                            "the part reaches beyond the limit of " +
                                std::to_string(static_cast<int>(limit)) + " mm from its origin",
                            "Move the part near the origin, check its unit, and export it again");
            }
            vertex[static_cast<std::size_t>(axis) - 1] = static_cast<float>(value);
        }
        mesh_.vertices.push_back(vertex);
        return {};
    }

    const TopoDS_Shape& shape_;
    CutMesh& mesh_;
    std::vector<CutFace> faces_;
    std::uint32_t nodes_ = 0;
    std::uint64_t triangles_ = 0;
};

}  // namespace

Status append_body(const TopoDS_Shape& shape, CutMesh& mesh) {
    return BodyBuilder{shape, mesh}.build();
}

}  // namespace nearfab::step
