// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/weld.hpp"

#include <bit>

namespace nearfab::geometry {
namespace {

using Point = std::array<float, 3>;

std::uint64_t stir(std::uint64_t value) {
    value = (value ^ (value >> 32)) * 0xD6E8FEB86659FD93ULL;
    value = (value ^ (value >> 29)) * 0xA0761D6478BD642FULL;
    return value ^ (value >> 32);
}

std::uint64_t bits_of(float a, float b) {
    return std::uint64_t{std::bit_cast<std::uint32_t>(a)} << 32 | std::bit_cast<std::uint32_t>(b);
}

// An open-addressing table from a point to its number, with linear probing. The secret that goes
// into the hash is made from all the points, so a file cannot be prepared whose points collide.
class PointTable {
public:
    PointTable(const TriangleSoup& soup) : slots_(std::bit_ceil(soup.triangles.size() + 16)) {
        points_.reserve(soup.triangles.size() / 2 + 8);
        for (const auto& t : soup.triangles) {
            secret_ = (secret_ ^ bits_of(t[0], t[1])) * 0x9E3779B97F4A7C15ULL;
            secret_ = (secret_ ^ (secret_ >> 31) ^ bits_of(t[2], t[3])) * 0xBF58476D1CE4E5B9ULL;
            secret_ = (secret_ ^ (secret_ >> 29) ^ bits_of(t[4], t[5])) * 0x94D049BB133111EBULL;
            secret_ = (secret_ ^ (secret_ >> 32) ^ bits_of(t[6], t[7])) * 0xD6E8FEB86659FD93ULL;
            secret_ ^= (secret_ >> 30) ^ std::bit_cast<std::uint32_t>(t[8]);
        }
        secret_ = stir(secret_);
    }

    std::uint32_t number_of(const Point& point) {
        const std::uint64_t hash = hash_of(point);
        const auto tag = static_cast<std::uint32_t>(hash >> 32);
        std::size_t at = hash & (slots_.size() - 1);
        for (; slots_[at].number != 0; at = (at + 1) & (slots_.size() - 1)) {
            const Slot& slot = slots_[at];
            if (slot.tag == tag && points_[slot.number - 1] == point) return slot.number - 1;
        }
        points_.push_back(point);
        const auto number = static_cast<std::uint32_t>(points_.size());
        slots_[at] = {number, tag};
        if (points_.size() * 3 > slots_.size() * 2) grow();
        return number - 1;
    }

    const std::vector<Point>& points() const { return points_; }

private:
    struct Slot {
        std::uint32_t number = 0;  // One more than the index of the point; 0 is free.
        std::uint32_t tag = 0;     // High half of the hash, so that most misses stay in the table.
    };

    std::uint64_t hash_of(const Point& p) const {
        const std::uint64_t half = stir(bits_of(p[0], p[1]) ^ secret_);
        return stir(half + secret_ + std::bit_cast<std::uint32_t>(p[2]));
    }

    void grow() {
        slots_.assign(slots_.size() * 2, Slot{});
        for (std::size_t i = 0; i < points_.size(); ++i) {
            const std::uint64_t hash = hash_of(points_[i]);
            std::size_t at = hash & (slots_.size() - 1);
            while (slots_[at].number != 0)
                at = (at + 1) & (slots_.size() - 1);
            slots_[at] = {static_cast<std::uint32_t>(i + 1),
                          static_cast<std::uint32_t>(hash >> 32)};
        }
    }

    std::vector<Slot> slots_;
    std::vector<Point> points_;
    std::uint64_t secret_ = 0;
};

}  // namespace

WeldedMesh weld(const TriangleSoup& soup) {
    PointTable table(soup);
    WeldedMesh welded;
    welded.mesh.triangles.reserve(soup.triangles.size());
    for (const auto& t : soup.triangles) {
        const std::array<std::uint32_t, 3> triangle{table.number_of({t[0], t[1], t[2]}),
                                                    table.number_of({t[3], t[4], t[5]}),
                                                    table.number_of({t[6], t[7], t[8]})};
        const auto [a, b, c] = triangle;
        if (a == b || b == c || c == a) {
            ++welded.collapsed_triangles;
        } else {
            welded.mesh.triangles.push_back(triangle);
        }
    }
    welded.mesh.vertices.reserve(table.points().size());
    for (const Point& p : table.points()) {
        welded.mesh.vertices.push_back(
            {static_cast<double>(p[0]), static_cast<double>(p[1]), static_cast<double>(p[2])});
    }
    return welded;
}

}  // namespace nearfab::geometry
