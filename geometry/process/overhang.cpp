// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/overhang.hpp"

#include "base/check.hpp"
#include "geometry/process/bridges.hpp"
#include "geometry/process/vertex_sets.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <utility>

namespace nearfab::geometry {

using namespace vec;

namespace {

// From this angle on a surface counts as a flat ceiling.
constexpr double ceiling_deg = 85;
// A ceiling is a bridge when threads reach this share of it: corners of the grid may be missed.
constexpr double bridged_enough = 0.95;

double sine(double degrees) {
    return std::sin(degrees * std::numbers::pi / 180);
}

struct Gathered {
    Vec3 moment;  // Area times centre, in the frame.
    double area = 0;
    double lowest_slope = 0;
    Vec3 low{1e300, 1e300, 1e300};
    Vec3 high{-1e300, -1e300, -1e300};
    bool flat = false;
};

class OverhangSearch {
public:
    OverhangSearch(const Mesh& mesh, const Vec3& up, const OverhangOptions& options)
        : mesh_(mesh), options_(options), frame_(frame_with_up(up)), points_(turned(mesh, frame_)) {
        lowest_ = points_.front().z;
        double highest = lowest_;
        for (const Vec3& p : points_) {
            lowest_ = std::min(lowest_, p.z);
            highest = std::max(highest, p.z);
        }
        for (Vec3& p : points_)
            p.z -= lowest_;
        out_.height_mm = highest - lowest_;
    }

    Overhangs run() {
        const ColumnField columns(mesh_, frame_, options_.columns);
        out_.doubtful_share = columns.doubtful_share();
        out_.support_volume_mm3 =
            air_below_overhangs(columns, options_.limit_deg, options_.layer_mm);
        gather_regions();
        for (Gathered& g : regions_)
            add_region(columns, g);
        out_.support_volume_mm3 = std::max(0.0, out_.support_volume_mm3);
        out_.starts = starts_of(mesh_, points_, options_.layer_mm, options_.max_places);
        return std::move(out_);
    }

private:
    // Upward part of the unit normal; 0 for a triangle without area.
    static double slope_of(const Vec3& normal) {
        const double size = length(normal);
        return size > 0 ? normal.z / size : 0;
    }

    void gather_regions() {
        const double limit = -sine(options_.limit_deg);
        const double flat = -sine(ceiling_deg);
        VertexSets flat_sets(points_.size());
        VertexSets steep_sets(points_.size());
        std::vector<std::uint32_t> chosen;
        for (std::uint32_t t = 0; t < mesh_.triangles.size(); ++t) {
            const auto [a, b, c] = mesh_.triangles[t];
            const Vec3 n = area_vector(points_[a], points_[b], points_[c]);
            const double slope = slope_of(n);
            if (slope >= 0) continue;
            const double area = length(n) / 2;
            if (std::max({points_[a].z, points_[b].z, points_[c].z}) <= options_.layer_mm) {
                out_.contact_area_mm2 += -n.z / 2;
                continue;
            }
            out_.band_area_mm2[band_of(slope)] += area;
            if (slope >= limit) continue;
            out_.overhang_area_mm2 += area;
            chosen.push_back(t);
            VertexSets& sets = slope <= flat ? flat_sets : steep_sets;
            sets.join(a, b);
            sets.join(b, c);
        }
        collect(chosen, flat_sets, steep_sets);
    }

    static std::size_t band_of(double slope) {
        std::size_t band = 0;
        while (band + 1 < overhang_bands_deg.size() && -slope > sine(overhang_bands_deg[band]))
            ++band;
        return band;
    }

    void collect(const std::vector<std::uint32_t>& chosen,
                 VertexSets& flat_sets,
                 VertexSets& steep_sets) {
        std::map<std::pair<bool, std::uint32_t>, Gathered> sets;
        for (const std::uint32_t t : chosen) {
            const auto [a, b, c] = mesh_.triangles[t];
            const Vec3 n = area_vector(points_[a], points_[b], points_[c]);
            const double slope = slope_of(n);
            const bool is_flat = slope <= -sine(ceiling_deg);
            Gathered& g = sets[{is_flat, is_flat ? flat_sets.find(a) : steep_sets.find(a)}];
            g.flat = is_flat;
            const double area = length(n) / 2;
            g.area += area;
            g.moment = g.moment + (area / 3) * (points_[a] + points_[b] + points_[c]);
            g.lowest_slope = std::min(g.lowest_slope, slope);
            for (const Vec3& p : {points_[a], points_[b], points_[c]}) {
                g.low = {std::min(g.low.x, p.x), std::min(g.low.y, p.y), std::min(g.low.z, p.z)};
                g.high = {
                    std::max(g.high.x, p.x), std::max(g.high.y, p.y), std::max(g.high.z, p.z)};
            }
        }
        for (const auto& [key, g] : sets) {
            if (g.area >= options_.min_region_mm2) regions_.push_back(g);
        }
        out_.region_count = static_cast<std::uint32_t>(regions_.size());
        std::stable_sort(regions_.begin(), regions_.end(), [](const auto& l, const auto& r) {
            return l.area > r.area;
        });
        if (regions_.size() > options_.max_places) regions_.resize(options_.max_places);
    }

    Vec3 to_part(const Vec3& p) const { return frame_.back({p.x, p.y, p.z + lowest_}); }

    void add_region(const ColumnField& columns, const Gathered& g) {
        OverhangRegion region;
        region.centre = to_part((1 / g.area) * g.moment);
        region.area_mm2 = g.area;
        region.angle_deg = std::asin(std::min(1.0, -g.lowest_slope)) * 180 / std::numbers::pi;
        region.height_mm = g.low.z;
        region.low = g.low;
        region.high = g.high;
        if (g.flat) {
            region.kind = OverhangKind::ceiling;
            const CeilingPatch patch{columns.cell_of(to_part(g.low)),
                                     columns.cell_of(to_part(g.high))};
            const BridgeMeasure bridge = measure_bridge(columns, patch, options_.layer_mm);
            region.span_mm = bridge.span_mm;
            if (bridge.bridged_share >= bridged_enough) {
                region.kind = OverhangKind::bridge;
                out_.longest_bridge_mm = std::max(out_.longest_bridge_mm, bridge.span_mm);
                if (bridge.span_mm <= options_.bridge_limit_mm) {
                    out_.support_volume_mm3 -= bridge.air_mm3;
                }
            }
        }
        out_.regions.push_back(region);
    }

    const Mesh& mesh_;
    const OverhangOptions& options_;
    Frame frame_;
    LargeArray<Vec3> points_;  // In the frame, the lowest at height 0.
    double lowest_ = 0;
    std::vector<Gathered> regions_;
    Overhangs out_;
};

}  // namespace

double air_below_overhangs(const ColumnField& columns, double limit_deg, double layer_mm) {
    const auto limit = static_cast<float>(-sine(limit_deg));
    double sum = 0;
    for (int y = 0; y < columns.ny(); ++y) {
        for (int x = 0; x < columns.nx(); ++x) {
            double below = 0;
            for (const SolidSpan& s : columns.at(x, y)) {
                const double bottom = s.bottom;
                if (s.bottom_slope < limit && bottom > layer_mm) sum += bottom - below;
                below = s.top;
            }
        }
    }
    return sum * columns.cell_mm() * columns.cell_mm();
}

Overhangs overhangs_of(const Mesh& mesh, const Vec3& up, const OverhangOptions& options) {
    NEARFAB_CHECK(!mesh.triangles.empty(), "overhangs need a surface");
    NEARFAB_CHECK(options.limit_deg > 0 && options.limit_deg < 90, "between wall and ceiling");
    return OverhangSearch(mesh, up, options).run();
}

}  // namespace nearfab::geometry
