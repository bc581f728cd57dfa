// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/detail/shell_union.hpp"

#include <CGAL/Exact_predicates_inexact_constructions_kernel.h>
#include <CGAL/Polygon_mesh_processing/corefinement.h>
#include <CGAL/Surface_mesh.h>

#include <algorithm>
#include <numeric>
#include <unordered_map>
#include <vector>

namespace nearfab::geometry::detail {
namespace {

namespace PMP = CGAL::Polygon_mesh_processing;
using Kernel = CGAL::Exact_predicates_inexact_constructions_kernel;
using Surface = CGAL::Surface_mesh<Kernel::Point_3>;
using ShellPair = std::pair<std::uint32_t, std::uint32_t>;

// What becomes of each shell.
enum class Fate : std::uint8_t { unite = 0, keep = 1, drop = 2 };

// None when a hollow is filled or reached by another body.
std::optional<std::vector<Fate>> fates_of(const Measures& measures,
                                          const ShellNesting& nesting,
                                          std::span<const ShellPair> meeting) {
    std::vector<bool> meets(nesting.depth.size(), false);
    for (const auto& [one, other] : meeting)
        meets[one] = meets[other] = true;
    const auto& volumes = measures.shell_volumes_mm3;
    const bool hollow =
        std::any_of(volumes.begin(), volumes.end(), [](double volume) { return volume < 0; });
    std::vector<Fate> fates(nesting.depth.size(), Fate::unite);
    for (std::size_t i = 0; i < fates.size(); ++i) {
        const std::uint32_t depth = nesting.depth[i];
        if (volumes[i] < 0) {
            if (meets[i] || depth != 1) return std::nullopt;
            fates[i] = Fate::keep;
        } else if (depth == 0) {
            fates[i] = meets[i] ? Fate::unite : Fate::keep;
        } else {
            // In a single other one, which then is no hollow, it is in solid.
            if (depth > 1 && hollow) return std::nullopt;
            fates[i] = Fate::drop;
        }
    }
    return fates;
}

class Uniting {
public:
    Uniting(const Mesh& mesh, const Topology& topology) : mesh_(mesh), triangles_(topology.shells) {
        for (std::uint32_t t = 0; t < topology.shell_of.size(); ++t)
            triangles_[topology.shell_of[t]].push_back(t);
    }

    std::optional<Mesh> run(const std::vector<Fate>& fates) {
        Surface whole;
        for (std::uint32_t shell = 0; shell < fates.size(); ++shell) {
            if (fates[shell] != Fate::unite) continue;
            Surface one;
            if (!fill(shell, one) || !add(one, whole)) return std::nullopt;
        }
        take(whole);
        for (std::uint32_t shell = 0; shell < fates.size(); ++shell) {
            if (fates[shell] == Fate::keep) copy(shell);
        }
        return std::move(out_);
    }

private:
    // False when two of its triangles meet at a corner only.
    bool fill(std::uint32_t shell, Surface& out) const {
        std::unordered_map<std::uint32_t, Surface::Vertex_index> vertices;
        const auto vertex = [&](std::uint32_t v) {
            const auto [at, is_new] = vertices.try_emplace(v);
            const Vec3& p = mesh_.vertices[v];
            if (is_new) at->second = out.add_vertex({p.x, p.y, p.z});
            return at->second;
        };
        for (const std::uint32_t t : triangles_[shell]) {
            const auto& [a, b, c] = mesh_.triangles[t];
            if (out.add_face(vertex(a), vertex(b), vertex(c)) == Surface::null_face()) return false;
        }
        return true;
    }

    static bool add(Surface& one, Surface& whole) {
        if (whole.is_empty()) {
            whole = std::move(one);
            return true;
        }
        const auto careful = CGAL::parameters::throw_on_self_intersection(true);
        Surface both;
        try {
            if (!PMP::corefine_and_compute_union(whole, one, both, careful, careful)) return false;
        } catch (const PMP::Corefinement::Self_intersection_exception&) {
            return false;
        } catch (const CGAL::Failure_exception&) {
            return false;
        }
        both.collect_garbage();
        whole = std::move(both);
        return true;
    }

    void take(const Surface& whole) {
        for (const auto v : whole.vertices()) {
            const Kernel::Point_3& p = whole.point(v);
            out_.vertices.push_back({p.x(), p.y(), p.z()});
        }
        for (const auto f : whole.faces()) {
            const auto h = whole.halfedge(f);
            out_.triangles.push_back(
                {static_cast<std::uint32_t>(whole.source(h).idx()),
                 static_cast<std::uint32_t>(whole.target(h).idx()),
                 static_cast<std::uint32_t>(whole.target(whole.next(h)).idx())});
        }
    }

    void copy(std::uint32_t shell) {
        std::unordered_map<std::uint32_t, std::uint32_t> vertices;
        for (const std::uint32_t t : triangles_[shell]) {
            std::array<std::uint32_t, 3> triangle{};
            for (std::size_t k = 0; k < 3; ++k) {
                const std::uint32_t v = mesh_.triangles[t][k];
                const auto [at, is_new] =
                    vertices.try_emplace(v, static_cast<std::uint32_t>(out_.vertices.size()));
                if (is_new) out_.vertices.push_back(mesh_.vertices[v]);
                triangle[k] = at->second;
            }
            out_.triangles.push_back(triangle);
        }
    }

    const Mesh& mesh_;
    std::vector<std::vector<std::uint32_t>> triangles_;  // By shell.
    Mesh out_;
};

}  // namespace

std::optional<Mesh> united(const Mesh& mesh,
                           const Topology& topology,
                           const Measures& measures,
                           const ShellNesting& nesting,
                           std::span<const ShellPair> meeting) {
    if (mesh.triangles.size() > max_united_triangles || topology.shells > max_united_shells)
        return std::nullopt;
    const auto fates = fates_of(measures, nesting, meeting);
    if (!fates) return std::nullopt;
    return Uniting(mesh, topology).run(*fates);
}

}  // namespace nearfab::geometry::detail
