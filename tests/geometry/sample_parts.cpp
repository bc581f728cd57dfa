// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <sstream>

namespace nearfab::geometry::sample {

Triangles box(const Vec3& min, const Vec3& max) {
    const auto corner = [&](unsigned i) {
        return Vec3{(i & 1U) != 0 ? max.x : min.x,
                    (i & 2U) != 0 ? max.y : min.y,
                    (i & 4U) != 0 ? max.z : min.z};
    };
    constexpr std::array<std::array<unsigned, 4>, 6> faces{
        {{0, 2, 3, 1}, {4, 5, 7, 6}, {0, 1, 5, 4}, {2, 6, 7, 3}, {0, 4, 6, 2}, {1, 3, 7, 5}}};
    Triangles out;
    for (const auto& [a, b, c, d] : faces) {
        out.push_back({corner(a), corner(b), corner(c)});
        out.push_back({corner(a), corner(c), corner(d)});
    }
    return out;
}

Triangles cube(double side) {
    return box({0, 0, 0}, {side, side, side});
}

Triangles moebius_strip(int segments) {
    // Half a twist: the strip ends at its own other side.
    const auto point = [&](int i, double across) {
        const bool round = i == segments;
        const double turn = 2 * std::numbers::pi * (round ? 0 : i) / segments;
        const double w = round ? -across : across;
        const double radius = 20 + w * std::cos(turn / 2);
        return Vec3{radius * std::cos(turn), radius * std::sin(turn), w * std::sin(turn / 2)};
    };
    Triangles out;
    for (int i = 0; i < segments; ++i) {
        out.push_back({point(i, -5), point(i + 1, -5), point(i, 5)});
        out.push_back({point(i + 1, -5), point(i + 1, 5), point(i, 5)});
    }
    return out;
}

Triangles sphere(double radius, int rings) {
    const int around = 2 * rings;
    const auto point = [&](int ring, int step) {
        if (ring == 0) return Vec3{0, 0, -radius};
        if (ring == rings) return Vec3{0, 0, radius};
        const double tilt = std::numbers::pi * ring / rings;
        const double turn = 2 * std::numbers::pi * (step % around) / around;
        return Vec3{radius * std::sin(tilt) * std::cos(turn),
                    radius * std::sin(tilt) * std::sin(turn),
                    -radius * std::cos(tilt)};
    };
    Triangles out;
    for (int ring = 0; ring < rings; ++ring) {
        for (int step = 0; step < around; ++step) {
            const Vec3 a = point(ring, step);
            const Vec3 b = point(ring, step + 1);
            const Vec3 c = point(ring + 1, step + 1);
            const Vec3 d = point(ring + 1, step);
            if (ring > 0) out.push_back({a, b, c});
            if (ring + 1 < rings || ring == 0) out.push_back({a, c, d});
        }
    }
    return out;
}

Triangles flipped(Triangles triangles) {
    for (auto& t : triangles)
        std::swap(t[1], t[2]);
    return triangles;
}

Triangles operator+(Triangles a, const Triangles& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

Bytes binary(const Triangles& triangles, std::string_view header) {
    Bytes file(84 + 50 * triangles.size(), 0);
    std::copy(header.begin(), header.end(), file.begin());
    const auto count = static_cast<std::uint32_t>(triangles.size());
    std::memcpy(file.data() + 80, &count, sizeof count);
    std::uint8_t* at = file.data() + 84;
    for (const auto& triangle : triangles) {
        at += 12;
        for (const Vec3& p : triangle) {
            const std::array<float, 3> xyz{
                static_cast<float>(p.x), static_cast<float>(p.y), static_cast<float>(p.z)};
            std::memcpy(at, xyz.data(), sizeof xyz);
            at += sizeof xyz;
        }
        at += 2;
    }
    return file;
}

std::string text(const Triangles& triangles, std::string_view line_end) {
    std::ostringstream out;
    out.precision(9);
    out << "solid part" << line_end;
    for (const auto& triangle : triangles) {
        out << "facet normal 0 0 0" << line_end << " outer loop" << line_end;
        for (const Vec3& p : triangle) {
            out << "  vertex " << p.x << ' ' << p.y << ' ' << p.z << line_end;
        }
        out << " endloop" << line_end << "endfacet" << line_end;
    }
    out << "endsolid part" << line_end;
    return out.str();
}

Bytes bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

PartReport report_on(const Bytes& file) {
    const Result<PartReport> report = analyse_part(file);
    INFO((report ? "" : report.error().message));
    REQUIRE(report);
    return *report;
}

bool has(const PartReport& report, Severity severity, std::string_view rule) {
    return std::any_of(report.findings.begin(), report.findings.end(), [&](const Finding& f) {
        return f.severity == severity && f.rule == rule && !f.message.empty();
    });
}

Error error_of(const Bytes& file, const ReadLimits& limits) {
    const Result<PartReport> report = analyse_part(file, limits);
    REQUIRE_FALSE(report);
    CHECK_FALSE(report.error().next.empty());
    return report.error();
}

}  // namespace nearfab::geometry::sample
