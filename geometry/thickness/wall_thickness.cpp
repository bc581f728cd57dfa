// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/thickness/wall_thickness.hpp"

#include "base/check.hpp"
#include "geometry/search/vector_maths.hpp"
#include "geometry/thickness/surface_samples.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <optional>
#include <set>
#include <tuple>
#include <utility>
#include <vector>

namespace nearfab::geometry {
namespace {

using namespace maths;

// The samples are taken in so many rounds over the whole surface, a run of neighbours at a time.
constexpr std::size_t rounds = 16;
constexpr std::size_t run_length = 256;
// So many of the narrowest are measured again, on so many triangles everywhere.
constexpr std::size_t looked_at_again = 128;
constexpr std::size_t triangles_searched = 32;
// Samples for each triangle of a mesh that has few.
constexpr std::uint32_t per_triangle = 8;
// Points on a triangle that is searched: a grid with this many steps along a side.
constexpr int grid = 4;
constexpr std::size_t most_searched = triangles_searched * (grid + 1) * (grid + 2) / 2;
// On a triangle smaller than this share of the width there, one point tells for all.
constexpr double searched_ratio = 0.1;
// Beyond this multiple of the edge zone a wall is too wide to be beside a sharp place: it is at
// most 2 tan(60 / 2) times as wide as the place is far.
constexpr double widest_in_zone = 1.2;
// A wall that ends no sooner than this share of the way to where its sides would meet is an edge.
constexpr double straight_edge = 0.6;
constexpr std::size_t places_felt_for_holes = 256;
// The edge zone is at most this share of the part's diagonal.
constexpr double most_zone_ratio = 0.02;
// Places are apart by this share of the part at least.
constexpr double apart_ratio = 0.02;
// Ways that material is looked through crosswise, and how many widths in.
constexpr std::size_t cross_ways = 16;
constexpr double corner_widths = 1.5;

// A measured sample, small because there are many: its span is measured again when it is wanted.
struct Measured {
    double width_mm = 0;
    // Midway between the surfaces, as near as float32 says it.
    std::array<float, 3> middle{};
    float area_mm2 = 0;
    std::uint32_t triangle = 0;
    std::uint32_t code = 0;  // What follows, in one number.

    // Of the sample; or of the span, for one measured with great care.
    std::uint32_t number() const { return code / 4; }
    bool exact() const { return code % 4 >= 2; }
    bool careful() const { return code % 2 == 1; }
};
static_assert(sizeof(Measured) == 32);

Measured measured_from(const Span& span, float area_mm2, std::uint32_t number, bool careful) {
    const Vec3 middle = times(0.5, plus(span.point, span.opposite));
    return {
        span.width_mm,
        {static_cast<float>(middle.x), static_cast<float>(middle.y), static_cast<float>(middle.z)},
        area_mm2,
        span.triangle,
        number * 4 + (span.exact ? 2U : 0U) + (careful ? 1U : 0U)};
}

Vec3 middle_of(const Measured& m) {
    return {static_cast<double>(m.middle[0]),
            static_cast<double>(m.middle[1]),
            static_cast<double>(m.middle[2])};
}

// A strict order of all of them, so that the result does not depend on how they are sorted.
bool narrower(const Measured& a, const Measured& b) {
    return std::tie(a.width_mm, a.triangle, a.code) < std::tie(b.width_mm, b.triangle, b.code);
}

class Survey {
public:
    Survey(const Bvh& bvh,
           const SurfaceWays& ways,
           const NormalRanges& ranges,
           SpanSide side,
           const ThicknessOptions& options)
        : bvh_(bvh),
          options_(options),
          side_(side),
          probe_(bvh, ways.normals, ranges, side, options.inside_out),
          sharp_(sharp_places(bvh.mesh(),
                              ways.normals.regions().sharp_edges(),
                              ways.normals,
                              side,
                              options.inside_out)),
          edge_zone_mm_(std::min(options.edge_zone_mm, most_zone_ratio * ways.diagonal_mm)),
          apart_mm_(apart_ratio * ways.diagonal_mm) {}

    void run(std::uint32_t most, std::uint64_t most_steps) {
        const std::size_t triangles = bvh_.mesh().triangles.size();
        const std::uint32_t count =
            triangles >= most / per_triangle
                ? most
                : std::max(most / 5, per_triangle * static_cast<std::uint32_t>(triangles));
        NEARFAB_CHECK(count < 1U << 30U, "samples are numbered with 30 bits");
        samples_.emplace(bvh_, count);
        measured_.reserve(samples_->size() + most_searched);
        double area = 0;
        for (std::size_t i = 0; i < samples_->size(); ++i)
            area += (*samples_)[i].area_mm2;
        const std::size_t left_out = rounds - take_rounds(most_steps);
        complete_ = left_out == 0;
        // Every patch with the area of so many samples has one that was taken.
        const auto stretch = static_cast<double>(2 * (1 + left_out * run_length));
        spacing_mm_ = std::sqrt(std::min(1.0, stretch / std::max(1U, count)) * area);
        std::sort(measured_.begin(), measured_.end(), narrower);
        search_narrowest();
    }

    Widths result() {
        Widths out;
        out.complete = complete_;
        out.spacing_mm = spacing_mm_;
        out.samples = taken_;
        out.sharp = sharp_;
        out.share_below.assign(options_.limits_mm.size(), 0);
        if (measured_.empty()) return out;
        double area = 0;
        double exact = 0;
        for (const Measured& m : measured_) {
            out.measured += area_of(m) > 0 ? 1U : 0U;
            area += area_of(m);
            exact += m.exact() ? area_of(m) : 0;
        }
        out.measured_share = area_taken_ > 0 ? area / area_taken_ : 0;
        out.exact_share = exact / area;
        out.min_mm = measured_.front().width_mm;
        out.one_percent_mm = quantile(0.01 * area);
        out.five_percent_mm = quantile(0.05 * area);
        out.median_mm = quantile(0.5 * area);
        for (std::size_t i = 0; i < options_.limits_mm.size(); ++i)
            out.share_below[i] = area_below(options_.limits_mm[i]) / area;
        out.places = places(apart_mm_, options_.places);
        if (side_ == SpanSide::gap) return out;
        for (NarrowPlace& place : out.places)
            place.across_mm = across(place);
        return out;
    }

    // The round ones among the gaps.
    std::vector<Hole> holes() {
        std::vector<Hole> found;
        for (const NarrowPlace& place : places(0, places_felt_for_holes)) {
            if (found.size() >= options_.places) break;
            const Vec3 middle = times(0.5, plus(place.point, place.opposite));
            const auto hole = round_hole_at(bvh_, middle, place.width_mm / 2);
            if (!hole) continue;
            const bool known = std::any_of(found.begin(), found.end(), [&](const Hole& other) {
                const Vec3 way = minus(hole->centre, other.centre);
                return length(cross(way, other.axis)) < other.diameter_mm / 2;
            });
            if (!known) found.push_back(*hole);
        }
        return found;
    }

private:
    static double area_of(const Measured& m) { return static_cast<double>(m.area_mm2); }

    // Says how many rounds were taken to their end.
    std::size_t take_rounds(std::uint64_t most_steps) {
        const std::size_t runs = (samples_->size() + run_length - 1) / run_length;
        for (std::size_t round = 0; round < rounds; ++round) {
            for (std::size_t run = round; run < runs; run += rounds) {
                const std::size_t begin = run * run_length;
                const std::size_t end = std::min(begin + run_length, samples_->size());
                for (std::size_t i = begin; i < end; ++i)
                    take(static_cast<std::uint32_t>(i));
                if (probe_.steps() > most_steps) return round;
            }
        }
        return rounds;
    }

    void take(std::uint32_t number) {
        const SurfaceSample sample = (*samples_)[number];
        const auto area = static_cast<float>(sample.area_mm2);
        ++taken_;
        area_taken_ += static_cast<double>(area);
        if (const auto span = measure(sample.triangle, sample.point, quick_care))
            measured_.push_back(measured_from(*span, area, number, false));
    }

    std::optional<Span> measure(std::uint32_t triangle, const Vec3& point, const SpanCare& care) {
        std::optional<Span> span = probe_.at(triangle, point, care);
        if (!span || span->width_mm > widest_in_zone * edge_zone_mm_) return span;
        if (near_tip(point) || probe_.runs_out(*span, edge_zone_mm_)) return std::nullopt;
        return span;
    }

    // Of a needle or a pyramid. How its sides lean, by which runs_out knows an edge, is told too
    // badly by a ball between two facets of something so thin.
    bool near_tip(const Vec3& point) const {
        return std::any_of(sharp_.tips_at.begin(), sharp_.tips_at.end(), [&](const Vec3& tip) {
            return distance(point, tip) <= edge_zone_mm_;
        });
    }

    // Whether a sample that was kept lies beside a knife edge after all.
    bool beside_edge(std::uint32_t triangle, const Vec3& point) {
        if (near_tip(point)) return true;
        const std::optional<Span> span = probe_.at(triangle, point, great_care);
        return span && probe_.runs_out(*span, edge_zone_mm_, straight_edge);
    }

    // Measures the narrowest samples again with great care, and their triangles all over.
    void search_narrowest() {
        const std::size_t again = std::min(looked_at_again, measured_.size());
        std::set<std::uint32_t> seen;
        for (std::size_t i = 0; i < again; ++i) {
            const std::uint32_t triangle = measured_[i].triangle;
            const Vec3 point = (*samples_)[measured_[i].number()].point;
            if (const auto span = measure(triangle, point, great_care)) {
                measured_[i] = keep(*span, measured_[i].area_mm2);
            } else if (beside_edge(triangle, point)) {
                measured_[i].width_mm = -1;
            }
            if (seen.size() >= triangles_searched || !seen.insert(triangle).second) continue;
            if (size_of(triangle) >= searched_ratio * measured_[i].width_mm) search(triangle);
        }
        std::erase_if(measured_, [](const Measured& m) { return m.width_mm < 0; });
        std::sort(measured_.begin(), measured_.end(), narrower);
    }

    // What it finds stands for no area: that is already counted.
    void search(std::uint32_t triangle) {
        for (int u = 0; u <= grid; ++u) {
            for (int v = 0; u + v <= grid; ++v) {
                const Vec3 at = point_in(bvh_.mesh(),
                                         triangle,
                                         static_cast<double>(u) / grid,
                                         static_cast<double>(v) / grid);
                if (const auto span = measure(triangle, at, great_care))
                    measured_.push_back(keep(*span, 0));
            }
        }
    }

    Measured keep(const Span& span, float area_mm2) {
        careful_.push_back(span);
        const auto number = static_cast<std::uint32_t>(careful_.size() - 1);
        return measured_from(span, area_mm2, number, true);
    }

    Span span_of(const Measured& m) {
        if (m.careful()) return careful_[m.number()];
        const auto span = probe_.at(m.triangle, (*samples_)[m.number()].point, quick_care);
        NEARFAB_CHECK(span, "what was measured once can be measured again");
        return *span;
    }

    double size_of(std::uint32_t triangle) const {
        const auto& [a, b, c] = bvh_.mesh().triangles[triangle];
        const auto& v = bvh_.mesh().vertices;
        return std::max({distance(v[a], v[b]), distance(v[b], v[c]), distance(v[c], v[a])});
    }

    double quantile(double area) const {
        double sum = 0;
        for (const Measured& m : measured_) {
            sum += area_of(m);
            if (sum >= area) return m.width_mm;
        }
        return measured_.back().width_mm;
    }

    double area_below(double limit) const {
        double sum = 0;
        for (const Measured& m : measured_) {
            if (m.width_mm >= limit) break;
            sum += area_of(m);
        }
        return sum;
    }

    std::vector<NarrowPlace> places(double apart_mm, std::size_t most) {
        std::vector<const Measured*> found;
        for (const Measured& m : measured_) {
            if (found.size() >= most) break;
            const Vec3 middle = middle_of(m);
            const bool apart = std::all_of(found.begin(), found.end(), [&](const Measured* other) {
                return distance(middle, middle_of(*other)) >
                       std::max(apart_mm, 2 * other->width_mm);
            });
            if (apart) found.push_back(&m);
        }
        std::vector<NarrowPlace> places;
        for (const Measured* const m : found) {
            const Span span = span_of(*m);
            places.push_back({span.width_mm, span.point, span.opposite, span.triangle});
        }
        return places;
    }

    struct Chord {
        Vec3 direction;
        double ahead = Bvh::infinity;
        double behind = Bvh::infinity;
        double length() const { return ahead + behind; }
    };

    // Through the material, crosswise to a line of length one.
    std::array<Chord, cross_ways> chords(const Vec3& middle, const Vec3& line) const {
        const Vec3 beside = std::abs(line.x) < 0.6 ? Vec3{1, 0, 0} : Vec3{0, 1, 0};
        const Vec3 square = cross(line, beside);
        const Vec3 u = times(1 / length(square), square);
        const Vec3 v = cross(line, u);
        std::array<Chord, cross_ways> all;
        for (std::size_t i = 0; i < cross_ways; ++i) {
            const double turn = std::numbers::pi * static_cast<double>(i) / cross_ways;
            Chord& chord = all[i];
            chord.direction = plus(times(std::cos(turn), u), times(std::sin(turn), v));
            if (const auto hit = bvh_.first_hit(middle, chord.direction)) chord.ahead = hit->t;
            if (const auto hit = bvh_.first_hit(middle, times(-1, chord.direction)))
                chord.behind = hit->t;
        }
        return all;
    }

    // See NarrowPlace. Beside the corner of a plate a chord cuts the corner off, so it is taken a
    // little way in, the way that the material goes on longest.
    double across(const NarrowPlace& place) const {
        const Vec3 way = minus(place.opposite, place.point);
        const double width = length(way);
        if (!(width > 0)) return Bvh::infinity;
        const Vec3 line = times(1 / width, way);
        const auto shorter = [](const Chord& a, const Chord& b) { return a.length() < b.length(); };
        Vec3 middle = times(0.5, plus(place.point, place.opposite));
        const auto near = chords(middle, line);
        const Chord& longest = *std::max_element(near.begin(), near.end(), shorter);
        const double far = std::max(longest.ahead, longest.behind);
        const double in = std::min(corner_widths * width, far / 2);
        if (std::isfinite(in))
            middle = along(middle, longest.ahead >= far ? in : -in, longest.direction);
        const auto there = chords(middle, line);
        return std::min_element(there.begin(), there.end(), shorter)->length();
    }

    const Bvh& bvh_;
    const ThicknessOptions& options_;
    SpanSide side_;
    SpanProbe probe_;
    SharpPlaces sharp_;
    std::optional<SurfaceSamples> samples_;
    std::vector<Measured> measured_;
    std::vector<Span> careful_;
    double edge_zone_mm_;
    double apart_mm_;
    bool complete_ = true;
    double spacing_mm_ = 0;
    std::uint32_t taken_ = 0;
    double area_taken_ = 0;
};

}  // namespace

SurfaceWays::SurfaceWays(const Mesh& mesh)
    : normals(mesh), diagonal_mm(length(bounds_of(mesh).size())) {}

SideWidths wall_widths(const Bvh& bvh,
                       const SurfaceWays& ways,
                       const NormalRanges& ranges,
                       const ThicknessOptions& options) {
    SideWidths out;
    Survey walls(bvh, ways, ranges, SpanSide::wall, options);
    walls.run(options.samples, options.most_steps);
    out.widths = walls.result();
    return out;
}

SideWidths gap_widths(const Bvh& bvh,
                      const SurfaceWays& ways,
                      const NormalRanges& ranges,
                      const ThicknessOptions& options) {
    SideWidths out;
    if (options.gap_samples == 0) return out;
    Survey gaps(bvh, ways, ranges, SpanSide::gap, options);
    gaps.run(options.gap_samples, options.most_steps / 2);
    out.widths = gaps.result();
    if (!options.inside_out) out.holes = gaps.holes();
    return out;
}

WallThickness joined(SideWidths walls, SideWidths gaps) {
    WallThickness out;
    out.complete = walls.widths.complete && gaps.widths.complete;
    out.walls = std::move(walls.widths);
    out.gaps = std::move(gaps.widths);
    out.holes = std::move(gaps.holes);
    return out;
}

WallThickness wall_thickness(const Bvh& bvh, const ThicknessOptions& options) {
    if (bvh.mesh().triangles.empty()) return {};
    const SurfaceWays ways(bvh.mesh());
    const NormalRanges ranges(bvh);
    return joined(wall_widths(bvh, ways, ranges, options), gap_widths(bvh, ways, ranges, options));
}

}  // namespace nearfab::geometry
