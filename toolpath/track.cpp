// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/track.hpp"

#include "base/check.hpp"
#include "geometry/flat/arc_fit.hpp"
#include "geometry/flat/plane.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::toolpath {

using namespace geometry::plane;

double Span::length() const {
    const double chord = distance(from, to);
    if (bulge == 0) return chord;
    return radius() * 4 * std::atan(std::abs(bulge));
}

double Span::radius() const {
    return distance(from, to) * (1 + bulge * bulge) / (4 * std::abs(bulge));
}

Vec2 Span::at(double part) const {
    if (part <= 0) return from;
    if (part >= 1) return to;
    if (bulge == 0) return from + part * (to - from);
    const ArcShape arc = arc_shape(from, to, bulge);
    return arc.centre + turn(part * arc.sweep).direction(from - arc.centre);
}

Vec2 Span::direction(double part) const {
    Vec2 along = to - from;
    if (bulge != 0) {
        const ArcShape arc = arc_shape(from, to, bulge);
        along = (bulge > 0 ? 1.0 : -1.0) * left_of(at(part) - arc.centre);
    }
    const double far = geometry::plane::length(along);
    return far > 0 ? (1 / far) * along : Vec2{1, 0};
}

Span Span::part(double begin, double end) const {
    return {at(begin), at(end), bulge == 0 ? 0 : std::tan(std::atan(bulge) * (end - begin))};
}

double length_of(const Track& track) {
    double sum = 0;
    for (const Span& span : track)
        sum += span.length();
    return sum;
}

Track reversed(const Track& track) {
    Track out;
    out.reserve(track.size());
    for (auto span = track.rbegin(); span != track.rend(); ++span)
        out.push_back({span->to, span->from, -span->bulge});
    return out;
}

Track between(const Track& track, double begin_mm, double end_mm) {
    Track out;
    double at = 0;
    for (const Span& span : track) {
        const double long_mm = span.length();
        const double begin = std::max(begin_mm - at, 0.0);
        const double end = std::min(end_mm - at, long_mm);
        if (long_mm > 0 && begin < end) {
            const bool whole = begin <= 0 && end >= long_mm;
            out.push_back(whole ? span : span.part(begin / long_mm, end / long_mm));
        }
        at += long_mm;
        if (at >= end_mm) break;
    }
    return out;
}

Track started_at(const Track& track, double mm) {
    NEARFAB_CHECK(!track.empty(), "an empty track begins nowhere");
    const double whole = length_of(track);
    if (mm <= 0 || mm >= whole) return track;
    Track out = between(track, mm, whole);
    const Track rest = between(track, 0, mm);
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
}

TrackPoint point_of(const Track& track, double mm) {
    NEARFAB_CHECK(!track.empty(), "an empty track has no points");
    double at = 0;
    for (const Span& span : track) {
        const double long_mm = span.length();
        if (mm <= at + long_mm && long_mm > 0) {
            const double part = std::max(mm - at, 0.0) / long_mm;
            return {span.at(part), span.direction(part)};
        }
        at += long_mm;
    }
    return {track.back().to, track.back().direction(1)};
}

namespace {

Track spans_between(const std::vector<geometry::PathPoint>& points, bool closed) {
    Track out;
    out.reserve(points.size());
    for (std::size_t i = 0; i + (closed ? 0 : 1) < points.size(); ++i) {
        const Vec2& to = points[(i + 1) % points.size()].at;
        if (points[i].at == to) continue;
        out.push_back({points[i].at, to, points[i].bulge});
    }
    return out;
}

}  // namespace

Track track_of(const geometry::Path& path) {
    return spans_between(path.points, path.closed);
}

Track track_of(const Polygon& polygon, double arc_tolerance_mm) {
    if (polygon.size() < 3) return plain_track_of(polygon);
    // Curves come in chords that leave them by less; longer edges were drawn as edges. An arc may
    // be off at its corners and between them, and both together stay near the tolerance.
    const double part = 0.6 * arc_tolerance_mm;
    return spans_between(geometry::flat::with_arcs(polygon, part, part), true);
}

Track plain_track_of(const Polygon& polygon) {
    Track out;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Vec2& to = polygon[(i + 1) % polygon.size()];
        if (polygon[i] != to) out.push_back({polygon[i], to, 0});
    }
    return out;
}

Polygon flattened(const Track& track, double tolerance_mm, bool closed) {
    Polygon out;
    for (const Span& span : track) {
        out.push_back(span.from);
        if (span.bulge == 0) continue;
        const double slack = std::min(tolerance_mm / span.radius(), 1.0);
        const double sweep = 4 * std::atan(std::abs(span.bulge));
        const double steps =
            std::clamp(std::ceil(sweep / (2 * std::acos(1 - slack))), 1.0, 20'000.0);
        for (double k = 1; k < steps; ++k)
            out.push_back(span.at(k / steps));
    }
    if (!closed && !track.empty()) out.push_back(track.back().to);
    return out;
}

}  // namespace nearfab::toolpath
