// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/search/orientation.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace nearfab::geometry {
namespace {

__extension__ typedef __int128 Wide;

constexpr double epsilon = std::numeric_limits<double>::epsilon() / 2;
constexpr double bound_2d = (3 + 16 * epsilon) * epsilon;

template <class Number>
int sign_of(Number value) {
    return value > 0 ? 1 : value < 0 ? -1 : 0;
}

// A sum of doubles that do not overlap, smallest first; exactly the value it stands for.
class Expansion {
public:
    Expansion() = default;
    // a - b.
    static Expansion difference(double a, double b) {
        const double high = a - b;
        const double of_b = a - high;
        const double of_a = high + of_b;
        Expansion out;
        out.push((a - of_a) + (of_b - b));
        out.push(high);
        return out;
    }

    friend Expansion operator+(const Expansion& a, const Expansion& b) {
        Expansion out = a;
        for (std::size_t i = 0; i < b.size_; ++i)
            out.add(b.parts_[i]);
        return out;
    }
    friend Expansion operator-(const Expansion& a, const Expansion& b) {
        Expansion out = a;
        for (std::size_t i = 0; i < b.size_; ++i)
            out.add(-b.parts_[i]);
        return out;
    }
    friend Expansion operator*(const Expansion& a, const Expansion& b) {
        Expansion out;
        for (std::size_t i = 0; i < a.size_; ++i) {
            for (std::size_t j = 0; j < b.size_; ++j) {
                const double product = a.parts_[i] * b.parts_[j];
                out.add(std::fma(a.parts_[i], b.parts_[j], -product));
                out.add(product);
            }
        }
        return out;
    }
    int sign() const { return size_ == 0 ? 0 : sign_of(parts_[size_ - 1]); }

private:
    void push(double value) {
        if (value != 0) parts_[size_++] = value;
    }
    // Keeps the order by size, and drops what became 0.
    void add(double value) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < size_; ++i) {
            const double sum = value + parts_[i];
            const double of_part = sum - value;
            const double rest = (value - (sum - of_part)) + (parts_[i] - of_part);
            value = sum;
            if (rest != 0) parts_[kept++] = rest;
        }
        size_ = kept;
        push(value);
    }

    // The determinant of three differences has at most 192 parts.
    std::array<double, 200> parts_;
    std::size_t size_ = 0;
};

// Differences of coordinates as whole multiples of one power of two, when they are that exactly
// and below 2^40.
template <std::size_t count>
std::optional<std::array<std::int64_t, count>> on_grid(const std::array<double, count>& values) {
    int lowest = std::numeric_limits<int>::max();
    int highest = std::numeric_limits<int>::min();
    for (const double value : values) {
        const auto bits = std::bit_cast<std::uint64_t>(value);
        const auto exponent = static_cast<int>(bits >> 52U & 0x7FFU);
        const std::uint64_t mantissa = (bits & 0xF'FFFF'FFFF'FFFFULL) | 1ULL << 52U;
        if (exponent == 0) {
            if (value != 0) return std::nullopt;
            continue;
        }
        lowest = std::min(lowest, exponent + std::countr_zero(mantissa));
        highest = std::max(highest, exponent + 52);
    }
    std::array<std::int64_t, count> out{};
    if (highest < lowest) return out;  // All are 0.
    if (highest - lowest >= 40 || lowest < 60 || lowest > 2040) return std::nullopt;
    // The lowest bit is worth two to the power of lowest - 1075.
    const auto scale = std::bit_cast<double>(static_cast<std::uint64_t>(2098 - lowest) << 52U);
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<std::int64_t>(values[i] * scale);
    return out;
}

// Whether a - b is what was computed for it.
bool exact(double a, double b, double difference) {
    const double of_b = a - difference;
    const double of_a = difference + of_b;
    return a - of_a == 0 && of_b - b == 0;
}

Expansion determinant(const std::array<Expansion, 9>& m) {
    return m[0] * (m[4] * m[8] - m[5] * m[7]) + m[1] * (m[5] * m[6] - m[3] * m[8]) +
           m[2] * (m[3] * m[7] - m[4] * m[6]);
}

int exact_sign_2d(const Vec2& a, const Vec2& b, const Vec2& c) {
    const std::array<double, 4> rounded{a.x - c.x, b.y - c.y, a.y - c.y, b.x - c.x};
    if (exact(a.x, c.x, rounded[0]) && exact(b.y, c.y, rounded[1]) && exact(a.y, c.y, rounded[2]) &&
        exact(b.x, c.x, rounded[3])) {
        if (const auto m = on_grid(rounded)) {
            return sign_of(static_cast<Wide>((*m)[0]) * (*m)[1] -
                           static_cast<Wide>((*m)[2]) * (*m)[3]);
        }
    }
    return (Expansion::difference(a.x, c.x) * Expansion::difference(b.y, c.y) -
            Expansion::difference(a.y, c.y) * Expansion::difference(b.x, c.x))
        .sign();
}

}  // namespace

int exact_orientation(const Vec3& a, const Vec3& b, const Vec3& c, const Vec3& d) {
    const std::array<std::array<double, 2>, 9> terms{{{a.x, d.x},
                                                      {a.y, d.y},
                                                      {a.z, d.z},
                                                      {b.x, d.x},
                                                      {b.y, d.y},
                                                      {b.z, d.z},
                                                      {c.x, d.x},
                                                      {c.y, d.y},
                                                      {c.z, d.z}}};
    std::array<double, 9> rounded{};
    bool all_exact = true;
    for (std::size_t i = 0; i < 9; ++i) {
        rounded[i] = terms[i][0] - terms[i][1];
        all_exact = all_exact && exact(terms[i][0], terms[i][1], rounded[i]);
    }
    if (all_exact) {
        if (const auto m = on_grid(rounded)) {
            const auto minor = [&](std::size_t p, std::size_t q, std::size_t r, std::size_t s) {
                return static_cast<Wide>((*m)[p]) * (*m)[q] - static_cast<Wide>((*m)[r]) * (*m)[s];
            };
            return sign_of((*m)[0] * minor(4, 8, 5, 7) + (*m)[1] * minor(5, 6, 3, 8) +
                           (*m)[2] * minor(3, 7, 4, 6));
        }
    }
    std::array<Expansion, 9> m;
    for (std::size_t i = 0; i < 9; ++i)
        m[i] = Expansion::difference(terms[i][0], terms[i][1]);
    return determinant(m).sign();
}

int orientation(const Vec2& a, const Vec2& b, const Vec2& c) {
    const double left = (a.x - c.x) * (b.y - c.y);
    const double right = (a.y - c.y) * (b.x - c.x);
    const double value = left - right;
    if (std::abs(value) > bound_2d * (std::abs(left) + std::abs(right))) return sign_of(value);
    if (left == 0 && right == 0) return 0;
    return exact_sign_2d(a, b, c);
}

bool collinear(const Vec3& a, const Vec3& b, const Vec3& c) {
    return orientation(Vec2{a.x, a.y}, {b.x, b.y}, {c.x, c.y}) == 0 &&
           orientation(Vec2{a.y, a.z}, {b.y, b.z}, {c.y, c.z}) == 0 &&
           orientation(Vec2{a.z, a.x}, {b.z, b.x}, {c.z, c.x}) == 0;
}

}  // namespace nearfab::geometry
