// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/weld.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <span>
#include <utility>
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
    template <class Triangles>
    explicit PointTable(const Triangles& triangles) : slots_(std::bit_ceil(triangles.size() + 16)) {
        points_.reserve(triangles.size() / 2 + 8);
        for (std::size_t i = 0; i < triangles.size(); ++i) {
            const std::array<float, 9> t = triangles[i];
            const std::uint64_t stirred = fold(bits_of(t[0], t[1]) ^ 0x9E3779B97F4A7C15ULL,
                                               bits_of(t[2], t[3]) ^ 0xBF58476D1CE4E5B9ULL) ^
                                          fold(bits_of(t[4], t[5]) ^ 0x94D049BB133111EBULL,
                                               bits_of(t[6], t[7]) ^ 0xD6E8FEB86659FD93ULL);
            secret_ = std::rotl(secret_, 23) ^ stirred ^ bits_of(t[8]);
        }
        secret_ = fold(secret_ ^ 0xA0761D6478BD642FULL, 0xE7037ED1A0B428DBULL);
    }

    std::uint64_t hash_of(const Point& p) const {
        return hash_of(bits_of(p[0], p[1]), bits_of(p[2]));
    }
    std::uint64_t hash_of(std::uint64_t xy, std::uint64_t z) const {
        return fold(xy ^ secret_, z ^ std::rotl(secret_, 32));
    }

    // Fetches what number_of will look at first, and what it will look at then.
    void expect(std::uint64_t hash) const {
        __builtin_prefetch(slots_.data() + (hash & (slots_.size() - 1)));
    }
    void expect_point(std::uint64_t hash) const {
        const std::uint32_t number = slots_.data()[hash & (slots_.size() - 1)].number;
        if (number != 0) __builtin_prefetch(points_.data() + (number - 1));
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

// A corner by its bits.
struct Corner {
    std::uint64_t xy = 0;
    std::uint64_t z = 0;
    friend bool operator==(const Corner&, const Corner&) = default;
};
using Corners = std::array<Corner, 3>;

inline Corners corners_of(const std::array<float, 9>& t) {
    return {{{bits_of(t[0], t[1]), bits_of(t[2])},
             {bits_of(t[3], t[4]), bits_of(t[5])},
             {bits_of(t[6], t[7]), bits_of(t[8])}}};
}

inline Point point_of(const Corner& c) {
    return {std::bit_cast<float>(static_cast<std::uint32_t>(c.xy >> 32U)),
            std::bit_cast<float>(static_cast<std::uint32_t>(c.xy)),
            std::bit_cast<float>(static_cast<std::uint32_t>(c.z))};
}

// Which corner of the triangle before this one equals; 3 when none.
inline std::uint8_t same_of(const Corners& before, const Corner& c) {
    if (before[0] == c) return 0;
    if (before[1] == c) return 1;
    return before[2] == c ? std::uint8_t{2} : std::uint8_t{3};
}

using Numbers = std::array<std::uint32_t, 3>;

// So many triangles are hashed ahead of their look-up, to wait for memory only once. Most programs
// write neighbours one after the other, so most corners are those of the triangle before and
// nothing has to be looked up.
template <class Triangles>
class Welding {
public:
    explicit Welding(const Triangles& triangles) : triangles_(triangles), table_(triangles) {}

    WeldedMesh run() {
        out_.mesh.triangles.reserve(triangles_.size());
        for (std::size_t begin = 0; begin < triangles_.size(); begin += ahead)
            take(begin, std::min(ahead, triangles_.size() - begin));
        out_.mesh.vertices.reserve(table_.points().size());
        for (const Point& p : table_.points()) {
            out_.mesh.vertices.push_back(
                {static_cast<double>(p[0]), static_cast<double>(p[1]), static_cast<double>(p[2])});
        }
        return std::move(out_);
    }

private:
    static constexpr std::size_t ahead = 32;

    void take(std::size_t begin, std::size_t count) {
        Task* task = tasks_.data();
        for (std::size_t i = 0; i < count; ++i) {
            const Corners corners = corners_of(triangles_[begin + i]);
            for (const Corner& c : corners) {
                task->corner = c;
                task->before = begin + i == 0 ? std::uint8_t{3} : same_of(before_, c);
                if (task->before == 3) {
                    task->hash = table_.hash_of(c.xy, c.z);
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
        for (std::size_t i = 0; i < count; ++i, done += 3) {
            numbers_ = {number_of(done[0]), number_of(done[1]), number_of(done[2])};
            const auto [a, b, c] = numbers_;
            if (a == b || b == c || c == a) {
                ++out_.collapsed_triangles;
            } else {
                out_.mesh.triangles.push_back(numbers_);
            }
        }
    }

    struct Task {
        Corner corner;
        std::uint64_t hash;
        std::uint8_t before;
    };

    std::uint32_t number_of(const Task& task) {
        return task.before < 3 ? numbers_.data()[task.before]
                               : table_.number_of(point_of(task.corner), task.hash);
    }

    const Triangles& triangles_;
    PointTable table_;
    WeldedMesh out_;
    std::array<Task, 3 * ahead> tasks_;
    Corners before_{};
    Numbers numbers_{};  // Of the corners of the triangle before.
};

}  // namespace

WeldedMesh weld(const TriangleSoup& soup) {
    return Welding(soup.triangles).run();
}

WeldedMesh weld(const StlRecords& records) {
    return Welding(records).run();
}

}  // namespace nearfab::geometry
