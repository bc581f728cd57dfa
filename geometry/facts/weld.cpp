// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/weld.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <span>
#include <vector>

namespace nearfab::geometry {
namespace {

using Point = std::array<float, 3>;
__extension__ typedef unsigned __int128 Wide;

// Both halves of a product of 64-bit numbers, folded: every bit of one stirs every bit of the other
// (the step of Wang Yi's wyhash).
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

std::uint32_t bits_of(float a) {
    return std::bit_cast<std::uint32_t>(a);
}
std::uint64_t bits_of(float a, float b) {
    return std::uint64_t{bits_of(a)} << 32U | bits_of(b);
}

// An open-addressing table from a point to its number, with linear probing. The secret that goes
// into the hash is made from all the points, so a file cannot be prepared whose points collide.
class PointTable {
public:
    explicit PointTable(std::span<const std::array<float, 9>> triangles)
        : slots_(std::bit_ceil(triangles.size() + 16)) {
        points_.reserve(triangles.size() / 2 + 8);
        for (const auto& t : triangles) {
            const std::uint64_t stirred = fold(bits_of(t[0], t[1]) ^ 0x9E3779B97F4A7C15ULL,
                                               bits_of(t[2], t[3]) ^ 0xBF58476D1CE4E5B9ULL) ^
                                          fold(bits_of(t[4], t[5]) ^ 0x94D049BB133111EBULL,
                                               bits_of(t[6], t[7]) ^ 0xD6E8FEB86659FD93ULL);
            secret_ = std::rotl(secret_, 23) ^ stirred ^ bits_of(t[8]);
        }
        secret_ = fold(secret_ ^ 0xA0761D6478BD642FULL, 0xE7037ED1A0B428DBULL);
    }

    std::uint64_t hash_of(const Point& p) const {
        return fold(bits_of(p[0], p[1]) ^ secret_, bits_of(p[2]) ^ std::rotl(secret_, 32));
    }

    // Fetches what number_of will look at first.
    void expect(std::uint64_t hash) const {
        __builtin_prefetch(slots_.data() + (hash & (slots_.size() - 1)));
    }

    std::uint32_t number_of(const Point& point, std::uint64_t hash) {
        const auto tag = static_cast<std::uint32_t>(hash >> 32U);
        const std::size_t mask = slots_.size() - 1;
        Slot* const slots = slots_.data();
        std::size_t at = hash & mask;
        for (; slots[at].number != 0; at = (at + 1) & mask) {
            const Slot& slot = slots[at];
            if (slot.tag == tag && points_.data()[slot.number - 1] == point) return slot.number - 1;
        }
        points_.push_back(point);
        const auto number = static_cast<std::uint32_t>(points_.size());
        slots[at] = {number, tag};
        if (points_.size() * 3 > slots_.size() * 2) grow();
        return number - 1;
    }

    const std::vector<Point>& points() const { return points_; }

private:
    struct Slot {
        std::uint32_t number = 0;  // One more than the index of the point; 0 is free.
        std::uint32_t tag = 0;     // High half of the hash, so that most misses stay in the table.
    };

    void grow() {
        slots_.assign(slots_.size() * 2, Slot{});
        for (std::size_t i = 0; i < points_.size(); ++i) {
            const std::uint64_t hash = hash_of(points_[i]);
            std::size_t at = hash & (slots_.size() - 1);
            while (slots_[at].number != 0)
                at = (at + 1) & (slots_.size() - 1);
            slots_[at] = {static_cast<std::uint32_t>(i + 1),
                          static_cast<std::uint32_t>(hash >> 32U)};
        }
    }

    std::vector<Slot> slots_;
    std::vector<Point> points_;
    std::uint64_t secret_ = 0;
};

Point corner_of(const std::array<float, 9>& t, std::size_t corner) {
    return {t[3 * corner], t[3 * corner + 1], t[3 * corner + 2]};
}

}  // namespace

WeldedMesh weld(const TriangleSoup& soup) {
    // So many triangles are hashed ahead of their look-up, to wait for memory only once.
    constexpr std::size_t ahead = 32;
    PointTable table(soup.triangles);
    WeldedMesh welded;
    welded.mesh.triangles.reserve(soup.triangles.size());
    std::array<std::uint64_t, 3 * ahead> hashes{};
    for (std::size_t begin = 0; begin < soup.triangles.size(); begin += ahead) {
        const std::size_t count = std::min(ahead, soup.triangles.size() - begin);
        const std::array<float, 9>* const triangles = soup.triangles.data() + begin;
        for (std::size_t i = 0; i < 3 * count; ++i) {
            hashes[i] = table.hash_of(corner_of(triangles[i / 3], i % 3));
            table.expect(hashes[i]);
        }
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint32_t a = table.number_of(corner_of(triangles[i], 0), hashes[3 * i]);
            const std::uint32_t b = table.number_of(corner_of(triangles[i], 1), hashes[3 * i + 1]);
            const std::uint32_t c = table.number_of(corner_of(triangles[i], 2), hashes[3 * i + 2]);
            if (a == b || b == c || c == a) {
                ++welded.collapsed_triangles;
            } else {
                welded.mesh.triangles.push_back({a, b, c});
            }
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
