// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/geometry/thickness/bad_triangles.hpp"

#include "geometry/search/vector_maths.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <random>
#include <utility>
#include <vector>

namespace nearfab::geometry::sample {
namespace {

using namespace maths;

using Corners = std::array<std::size_t, 3>;

// Triangles by the numbers of their corners, with the way across each edge.
class Net {
public:
    explicit Net(const Triangles& triangles) {
        std::map<std::array<float, 3>, std::size_t> known;
        for (const auto& triangle : triangles) {
            Corners corners{};
            for (std::size_t k = 0; k < 3; ++k) {
                const Vec3& p = triangle[k];
                const std::array<float, 3> bits{
                    static_cast<float>(p.x), static_cast<float>(p.y), static_cast<float>(p.z)};
                const auto [at, fresh] = known.try_emplace(bits, points_.size());
                if (fresh) points_.push_back(p);
                corners[k] = at->second;
            }
            faces_.push_back(corners);
            claim(faces_.size() - 1);
        }
    }

    [[nodiscard]] std::size_t size() const { return faces_.size(); }

    // A new vertex on an edge, at that share of the way from its first corner.
    void split(std::size_t face, std::size_t edge, double share) {
        const std::size_t a = faces_[face][edge];
        const std::size_t b = faces_[face][(edge + 1) % 3];
        points_.push_back(along(points_[a], share, minus(points_[b], points_[a])));
        const std::size_t middle = points_.size() - 1;
        const auto across = face_of_.find({b, a});
        const bool shared = across != face_of_.end();
        const std::size_t other = shared ? across->second : 0;
        cut(face, a, b, middle);
        if (shared) cut(other, b, a, middle);
    }

    [[nodiscard]] Triangles triangles() const {
        Triangles out;
        for (const Corners& face : faces_)
            out.push_back({points_[face[0]], points_[face[1]], points_[face[2]]});
        return out;
    }

private:
    void claim(std::size_t face) {
        for (std::size_t k = 0; k < 3; ++k)
            face_of_[{faces_[face][k], faces_[face][(k + 1) % 3]}] = face;
    }

    // The face with the edge from a to b in two.
    void cut(std::size_t face, std::size_t a, std::size_t b, std::size_t middle) {
        std::size_t tip = 0;
        for (const std::size_t corner : faces_[face]) {
            if (corner != a && corner != b) tip = corner;
        }
        face_of_.erase({a, b});
        faces_[face] = {a, middle, tip};
        faces_.push_back({middle, b, tip});
        claim(face);
        claim(faces_.size() - 1);
    }

    std::vector<Vec3> points_;
    std::vector<Corners> faces_;
    std::map<std::pair<std::size_t, std::size_t>, std::size_t> face_of_;
};

}  // namespace

Triangles badly_split(const Triangles& triangles, std::size_t splits, std::uint32_t seed) {
    Net net{triangles};
    std::mt19937 random{seed};  // Its own arithmetic, so that every machine makes the same mesh.
    constexpr std::array<double, 4> shares{0.03, 0.4, 0.93, 0.99};
    for (std::size_t i = 0; i < splits; ++i) {
        const std::size_t face = random() % net.size();
        const std::size_t edge = random() % 3;
        net.split(face, edge, shares.at(random() % shares.size()));
    }
    return net.triangles();
}

double worst_aspect(const Triangles& triangles) {
    double worst = 0;
    for (const auto& [a, b, c] : triangles) {
        const double longest = std::max({distance(a, b), distance(b, c), distance(c, a)});
        const double twice_area = length(cross(minus(b, a), minus(c, a)));
        worst = std::max(worst, longest * longest / twice_area);
    }
    return worst;
}

}  // namespace nearfab::geometry::sample
