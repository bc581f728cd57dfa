// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/sharp_edges.hpp"

#include "geometry/facts/flat_regions.hpp"

namespace nearfab::geometry {

std::vector<SharpEdge> sharp_edges(const Mesh& mesh, double below_deg) {
    return FlatRegions(mesh, below_deg).sharp_edges();
}

}  // namespace nearfab::geometry
