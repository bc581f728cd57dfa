// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/weld.hpp"

#include "geometry/facts/near_order.hpp"
#include "geometry/facts/topology.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <span>
#include <utility>
#include <vector>

namespace nearfab::geometry {
namespace {

__extension__ typedef unsigned __int128 Wide;

// Both halves of a product of 64-bit numbers, folded: every bit of one stirs every bit of the other
// (the step of Wang Yi's wyhash).
std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}

std::uint64_t joined(std::uint32_t a, std::uint32_t b) {
    return std::uint64_t{a} << 32U | b;
}

// A corner by its bits.
struct Corner {
    std::uint64_t xy = 0;
    std::uint64_t z = 0;
    friend bool operator==(const Corner&, const Corner&) = default;
};

using Bits = std::array<std::uint32_t, 9>;  // Of the coordinates of a triangle.

double coordinate(std::uint64_t bits) {
    return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
}
Vec3 point_of(const Corner& c) {
    return {coordinate(c.xy >> 32U), coordinate(c.xy), coordinate(c.z)};
}
std::uint32_t bits_of(double coordinate) {
    return std::bit_cast<std::uint32_t>(static_cast<float>(coordinate));
}
Corner corner_at(const Vec3& p) {
    return {joined(bits_of(p.x), bits_of(p.y)), bits_of(p.z)};
}

// An open-addressing table from a point to its number, with linear probing. The secret that goes
// into the hash is made from all the points, so a file cannot be prepared whose points collide.
class PointTable {
public:
    // Puts the points into `points`, which outlives this.
    template <class Triangles>
    PointTable(const Triangles& triangles, LargeArray<Vec3>& points)
        : slots_(std::bit_ceil(triangles.size() + 16)), points_(points) {
        points_.reserve(triangles.size() / 2 + 8);
        for (std::size_t i = 0; i < triangles.size(); ++i) {
            const Bits t = triangles.bits(i);
            const std::uint64_t stirred = fold(joined(t[0], t[1]) ^ 0x9E3779B97F4A7C15ULL,
                                               joined(t[2], t[3]) ^ 0xBF58476D1CE4E5B9ULL) ^
                                          fold(joined(t[4], t[5]) ^ 0x94D049BB133111EBULL,
                                               joined(t[6], t[7]) ^ 0xD6E8FEB86659FD93ULL);
            secret_ = std::rotl(secret_, 23) ^ stirred ^ t[8];
        }
        secret_ = fold(secret_ ^ 0xA0761D6478BD642FULL, 0xE7037ED1A0B428DBULL);
    }

    std::uint64_t hash_of(const Corner& c) const {
        return fold(c.xy ^ secret_, c.z ^ std::rotl(secret_, 32));
    }

    // Fetches what number_of will look at first, and what it will look at then.
    void expect(std::uint64_t hash) const {
        __builtin_prefetch(slots_.data() + (hash & (slots_.size() - 1)));
    }
    void expect_point(std::uint64_t hash) const {
        const std::uint32_t number = slots_.data()[hash & (slots_.size() - 1)].number;
        if (number != 0) __builtin_prefetch(points_.data() + (number - 1));
    }

    std::uint32_t number_of(const Corner& corner, std::uint64_t hash) {
        const auto tag = static_cast<std::uint32_t>(hash >> 32U);
        const std::size_t mask = slots_.size() - 1;
        Slot* const slots = slots_.data();
        const Vec3 point = point_of(corner);
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

private:
    struct Slot {
        std::uint32_t number = 0;  // One more than the index of the point; 0 is free.
        std::uint32_t tag = 0;     // High half of the hash, so that most misses stay in the table.
    };

    void grow() {
        slots_.assign(slots_.size() * 2, Slot{});
        for (std::size_t i = 0; i < points_.size(); ++i) {
            const std::uint64_t hash = hash_of(corner_at(points_[i]));
            std::size_t at = hash & (slots_.size() - 1);
            while (slots_[at].number != 0)
                at = (at + 1) & (slots_.size() - 1);
            slots_[at] = {static_cast<std::uint32_t>(i + 1),
                          static_cast<std::uint32_t>(hash >> 32U)};
        }
    }

    LargeArray<Slot> slots_;
    LargeArray<Vec3>& points_;
    std::uint64_t secret_ = 0;
};

using Corners = std::array<Corner, 3>;

inline Corners corners_of(const Bits& t) {
    return {{{joined(t[0], t[1]), t[2]}, {joined(t[3], t[4]), t[5]}, {joined(t[6], t[7]), t[8]}}};
}

// Which corner of the triangle before this one equals; 3 when none.
inline std::uint8_t same_of(const Corners& before, const Corner& c) {
    if (before[0] == c) return 0;
    if (before[1] == c) return 1;
    return before[2] == c ? std::uint8_t{2} : std::uint8_t{3};
}

class SoupTriangles {
public:
    explicit SoupTriangles(const TriangleSoup& soup)
        : first_(soup.triangles.data()), size_(soup.triangles.size()) {}
    SoupTriangles(const TriangleSoup& soup, std::size_t begin, std::size_t end)
        : first_(soup.triangles.data() + begin), size_(end - begin) {}
    std::size_t size() const { return size_; }
    const std::array<float, 9>& operator[](std::size_t i) const { return first_[i]; }
    Bits bits(std::size_t i) const { return std::bit_cast<Bits>(first_[i]); }
    void expect(std::size_t i) const { __builtin_prefetch(first_ + i); }

private:
    const std::array<float, 9>* first_;
    std::size_t size_;
};

using Numbers = std::array<std::uint32_t, 3>;

// So many triangles are hashed ahead of their look-up, to wait for memory only once. Most programs
// write neighbours one after the other, so most corners are those of the triangle before and
// nothing has to be looked up.
template <class Triangles>
class Welding {
public:
    // `order` as near_order gives it.
    Welding(const Triangles& triangles, const LargeArray<std::uint32_t>& order)
        : triangles_(triangles), order_(order), table_(triangles, out_.mesh.vertices) {}

    WeldedMesh run() {
        out_.mesh.triangles.resize(triangles_.size());
        for (std::size_t begin = 0; begin < triangles_.size(); begin += ahead)
            take(begin, std::min(ahead, triangles_.size() - begin));
        out_.mesh.triangles.resize(triangles_.size() - out_.collapsed_triangles);
        return std::move(out_);
    }

private:
    static constexpr std::size_t ahead = 32;
    static constexpr std::size_t far_ahead = 2 * ahead;

    void take(std::size_t begin, std::size_t count) {
        Task* task = tasks_.data();
        for (std::size_t i = 0; i < count; ++i) {
            const Corners corners = corners_of(triangle(begin + i));
            for (const Corner& c : corners) {
                task->corner = c;
                task->before = begin + i == 0 ? std::uint8_t{3} : same_of(before_, c);
                if (task->before == 3) {
                    task->hash = table_.hash_of(c);
                    table_.expect(task->hash);
                }
                ++task;
            }
            before_ = corners;
        }
        for (const Task& t : std::span{tasks_.data(), 3 * count}) {
            if (t.before == 3) table_.expect_point(t.hash);
        }
        const Task* done = tasks_.data();
        Numbers* out = out_.mesh.triangles.data() + begin - out_.collapsed_triangles;
        for (std::size_t i = 0; i < count; ++i, done += 3) {
            Numbers numbers;
            for (std::size_t k = 0; k < 3; ++k) {
                const Task& t = done[k];
                numbers[k] = t.before < 3 ? numbers_[t.before] : table_.number_of(t.corner, t.hash);
            }
            numbers_ = numbers;
            const auto [a, b, c] = numbers;
            *out = numbers;
            out += a == b || b == c || c == a ? 0 : 1;
        }
        out_.collapsed_triangles = static_cast<std::uint32_t>(
            begin + count - static_cast<std::size_t>(out - out_.mesh.triangles.data()));
    }

    struct Task {
        Corner corner;
        std::uint64_t hash;
        std::uint8_t before;
    };

    Bits triangle(std::size_t i) const {
        if (order_.empty()) return triangles_.bits(i);
        if (i + far_ahead < order_.size()) triangles_.expect(order_[i + far_ahead]);
        return triangles_.bits(order_[i]);
    }

    const Triangles& triangles_;
    const LargeArray<std::uint32_t>& order_;
    WeldedMesh out_;
    PointTable table_;
    std::array<Task, 3 * ahead> tasks_;
    Corners before_{};
    Numbers numbers_{};  // Of the corners of the triangle before.
};

template <class Triangles>
WeldedMesh welded(const Triangles& triangles) {
    return Welding(triangles, near_order(triangles)).run();
}

// Closed and oriented.
bool is_faultless(const Mesh& mesh) {
    const Topology topology = topology_of(mesh);
    return topology.open_edges == 0 && topology.non_manifold_edges == 0 &&
           topology.misoriented_edges == 0;
}

}  // namespace

WeldedMesh weld(const TriangleSoup& soup) {
    return welded(SoupTriangles{soup});
}

WeldedMesh weld_apart(const TriangleSoup& soup) {
    WeldedMesh out;
    out.bodies_apart = true;
    for (std::size_t i = 0; i < soup.bodies.size(); ++i) {
        const std::size_t end =
            i + 1 < soup.bodies.size() ? soup.bodies[i + 1] : soup.triangles.size();
        const WeldedMesh body = welded(SoupTriangles{soup, soup.bodies[i], end});
        const auto first = static_cast<std::uint32_t>(out.mesh.vertices.size());
        for (const Vec3& vertex : body.mesh.vertices)
            out.mesh.vertices.push_back(vertex);
        for (const auto& [a, b, c] : body.mesh.triangles)
            out.mesh.triangles.push_back({first + a, first + b, first + c});
        out.collapsed_triangles += body.collapsed_triangles;
    }
    return out;
}

WeldedMesh weld_bodies(const TriangleSoup& soup) {
    WeldedMesh joined_mesh = weld(soup);
    if (soup.bodies.size() < 2 || is_faultless(joined_mesh.mesh)) return joined_mesh;
    WeldedMesh apart = weld_apart(soup);
    return is_faultless(apart.mesh) ? std::move(apart) : std::move(joined_mesh);
}

WeldedMesh weld(const StlRecords& records) {
    return welded(records);
}

}  // namespace nearfab::geometry
