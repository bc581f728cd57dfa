// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/print_layers.hpp"

#include "base/check.hpp"
#include "geometry/process/columns.hpp"
#include "geometry/process/layer_cells.hpp"
#include "geometry/process/overhang.hpp"
#include "geometry/process/slices.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace nearfab::geometry {

using namespace vec;

namespace {

constexpr double cells_across = 200;
// Lines of sparse infill are joined along the walls, which adds about half the border.
constexpr double joined_share = 0.5;
// Slicers build support a little further out than what hangs above it.
constexpr double support_margin_mm = 0.8;

struct LoopFacts {
    double area = 0;
    double length = 0;
    int loops = 0;
    int holes = 0;
    double small_outside = 0;   // Of the length: in loops so small that the external perimeter,
    double small_inside = 0;    // or the others, are printed slowly.
    double outside_lost_s = 0;  // To corners, at the external perimeter's speed ...
    double inside_lost_s = 0;   // ... and at the others'.
    Vec2 low{1e300, 1e300};
    Vec2 high{-1e300, -1e300};
};

// What a turn costs: braking to the speed at which the jump of velocity is the jerk, and back.
double corner_time_s(
    double turn, double before, double after, double speed, const PrintSettings& s) {
    const double jump = 2 * std::sin(std::abs(turn) / 2);
    const double slow = jump > 0 ? std::min(speed, s.jerk_mm_s / jump) : speed;
    const double ramps = (speed - slow) * (speed - slow) / (s.acceleration_mm_s2 * speed);
    // Between close corners it never gets fast: then the whole way is slow.
    const double crawl = (before + after) / 2 * (1 / slow - 1 / speed);
    return std::min(ramps, crawl);
}

double length_of(const std::vector<Vec2>& loop) {
    double sum = 0;
    for (std::size_t i = 0; i < loop.size(); ++i) {
        const Vec2& a = loop[i];
        const Vec2& b = loop[(i + 1) % loop.size()];
        sum += std::hypot(b.x - a.x, b.y - a.y);
    }
    return sum;
}

void add_loop(const SliceLoop& loop, const PrintSettings& s, LoopFacts& out) {
    const std::size_t count = loop.points.size();
    if (count < 3) return;
    const double area = signed_area(loop.points);
    out.area += area;
    ++out.loops;
    out.holes += area < 0 ? 1 : 0;
    const double before_it = out.length;
    double outside_speed = s.external_perimeter_mm_s;
    double inside_speed = s.perimeter_mm_s;
    // The lines run inside the border: around material they are shorter by a circle's to a
    // square's share of twice the distance, around holes longer.
    const double shorter = (area > 0 ? 3.6 : -3.6) * s.line_width_mm;
    const double outline = length_of(loop.points);
    const bool small_outside = outline - shorter <= s.small_loop_mm;
    const bool small_inside = outline - 3 * shorter <= s.small_loop_mm;
    if (small_outside) outside_speed = std::min(outside_speed, s.small_perimeter_mm_s);
    if (small_inside) inside_speed = std::min(inside_speed, s.small_perimeter_mm_s);
    for (std::size_t i = 0; i < count; ++i) {
        const Vec2& a = loop.points[(i + count - 1) % count];
        const Vec2& b = loop.points[i];
        const Vec2& c = loop.points[(i + 1) % count];
        const Vec2 u{b.x - a.x, b.y - a.y};
        const Vec2 v{c.x - b.x, c.y - b.y};
        const double before = std::hypot(u.x, u.y);
        const double after = std::hypot(v.x, v.y);
        out.length += after;
        out.low = {std::min(out.low.x, b.x), std::min(out.low.y, b.y)};
        out.high = {std::max(out.high.x, b.x), std::max(out.high.y, b.y)};
        if (!(before > 0) || !(after > 0)) continue;
        const double turn = std::atan2(u.x * v.y - u.y * v.x, u.x * v.x + u.y * v.y);
        out.outside_lost_s += corner_time_s(turn, before, after, outside_speed, s);
        out.inside_lost_s += corner_time_s(turn, before, after, inside_speed, s);
    }
    if (small_outside) out.small_outside += out.length - before_it;
    if (small_inside) out.small_inside += out.length - before_it;
}

class LayerWalk {
public:
    LayerWalk(const Mesh& mesh, const Vec3& up, const PrintSettings& settings)
        : mesh_(mesh),
          settings_(settings),
          columns_(mesh, frame_with_up(up), {.cells_across = cells_across}),
          overhangs_(overhangs(up)),
          cells_(columns_, settings, shell_mm(), settings.support ? &overhangs_ : nullptr) {}

    PrintWork run() {
        choose_heights();
        LargeArray<Vec3> points = turned(mesh_, columns_.frame());
        double lowest = points.front().z;
        for (const Vec3& p : points)
            lowest = std::min(lowest, p.z);
        for (Vec3& p : points)
            p.z -= lowest;
        const std::vector<Slice> slices = slices_of(mesh_, points, heights_);
        // Slices may have been left out for a mesh of very many tall triangles.
        const double thinned = static_cast<double>(heights_.size()) /
                               static_cast<double>(std::max<std::size_t>(1, slices.size()));
        for (const Slice& slice : slices) {
            const auto at = std::find(heights_.begin(), heights_.end(), slice.height);
            const auto index = static_cast<std::size_t>(at - heights_.begin());
            add_layer(slice, weights_[index] * (index == 0 ? 1 : thinned));
        }
        settle_infill();
        return std::move(out_);
    }

private:
    Overhangs overhangs(const Vec3& up) const {
        if (!settings_.support) return {};
        return overhangs_of(mesh_,
                            up,
                            {.limit_deg = settings_.support_limit_deg,
                             .layer_mm = settings_.layer_mm,
                             .bridge_limit_mm = settings_.bridge_limit_mm,
                             .columns = {.cells_across = cells_across}});
    }

    void choose_heights() {
        const double height = columns_.height_mm();
        const double layers = std::max(1.0, std::round(height / settings_.layer_mm));
        out_.layer_count = layers;
        heights_.push_back(std::min(settings_.layer_mm, height) / 2);
        weights_.push_back(1);
        const double rest = layers - 1;
        const auto count =
            static_cast<std::size_t>(std::min(rest, static_cast<double>(max_layer_samples)));
        for (std::size_t i = 0; i < count; ++i) {
            const double share = (static_cast<double>(i) + 0.5) / static_cast<double>(count);
            // In the middle of the layer that holds this height.
            const double layer = 1 + std::floor(share * rest);
            heights_.push_back(std::min((layer + 0.5) * settings_.layer_mm, 0.9999 * height));
            weights_.push_back(rest / static_cast<double>(count));
        }
    }

    double shell_mm() const {
        return settings_.line_width_mm + (settings_.perimeters - 1) * pitch();
    }
    // Lines overlap by the roundness of their sides (as PrusaSlicer's flow does).
    double pitch() const {
        return settings_.line_width_mm - settings_.layer_mm * (1 - std::numbers::pi / 4);
    }

    // Parallel lines `spacing` apart over a region. The mean chord of a region is
    // pi x area / border (Cauchy); each line loses its ramps, and the step to the next one.
    LineWork lines_over(const CellRegion& r, double spacing, double speed, double& lost_s) const {
        LineWork out;
        if (!(r.area_mm2 > 0) || !(r.border_mm > 0)) return out;
        out.length_mm = r.area_mm2 / spacing;
        const double chord = std::max(spacing, std::numbers::pi * r.area_mm2 / r.border_mm);
        const double lines = out.length_mm / chord;
        out.time_s = out.length_mm / speed;
        lost_s += lines * (move_time_s(chord, speed, settings_) - chord / speed);
        return out;
    }

    void add_layer(const Slice& slice, double layers) {
        LoopFacts loops;
        for (const SliceLoop& loop : slice.loops)
            add_loop(loop, settings_, loops);
        cells_.look_at(slice.height);
        CellRegion solid = cells_.region_of(CellUse::solid);
        CellRegion sparse = cells_.region_of(CellUse::sparse);
        const double seen =
            solid.area_mm2 + sparse.area_mm2 + cells_.region_of(CellUse::wall).area_mm2;
        LayerWork work;
        work.height_mm = slice.height;
        work.layers = layers;
        // Loops that do not close, or run the wrong way round, are counted by cells instead.
        const bool sound = loops.area > 0.8 * seen && loops.area < 1.25 * seen;
        const double area = sound ? loops.area : seen;
        const double even = seen > 0 ? area / seen : 1;
        solid.area_mm2 *= even;
        sparse.area_mm2 *= even;
        add_perimeters(loops, area - solid.area_mm2 - sparse.area_mm2, work);
        add_infill(solid, sparse, work);
        sparse_room_.push_back(sparse.area_mm2 * settings_.layer_mm * layers);
        add_support(work);
        add_travel(loops, solid, sparse, work);
        if (out_.layers.empty()) slow_first_layer(loops, work);
        out_.layers.push_back(work);
    }

    void add_perimeters(const LoopFacts& loops, double shell_area, LayerWork& work) const {
        // Half a line further in, a loop is shorter by pi times the width, a hole's longer.
        const int turns = loops.loops - 2 * loops.holes;
        const double around =
            std::max(0.0, loops.length - std::numbers::pi * settings_.line_width_mm * turns);
        // A wall thinner than two lines is one line, not one along each of its sides.
        const double outer =
            std::min(around, std::max(around / 2, shell_area / settings_.line_width_mm));
        const double inner =
            settings_.perimeters > 1
                ? std::clamp((shell_area - outer * settings_.line_width_mm) / pitch(),
                             0.0,
                             (settings_.perimeters - 1) * loops.length)
                : 0;
        const double inner_loops = loops.length > 0 ? inner / loops.length : 0;
        work.perimeters.length_mm = outer + inner;
        const auto time = [&](double length, double small, double speed) {
            const double share = loops.length > 0 ? small / loops.length : 0;
            const double slow = std::min(speed, settings_.small_perimeter_mm_s);
            return length * ((1 - share) / speed + share / slow);
        };
        work.perimeters.time_s =
            time(outer, loops.small_outside, settings_.external_perimeter_mm_s) +
            time(inner, loops.small_inside, settings_.perimeter_mm_s);
        work.perimeters.volume_mm3 = std::max(0.0, shell_area) * settings_.layer_mm;
        work.lost_s += loops.outside_lost_s + inner_loops * loops.inside_lost_s;
    }

    void add_infill(const CellRegion& solid, const CellRegion& sparse, LayerWork& work) const {
        work.solid = lines_over(solid, pitch(), settings_.solid_mm_s, work.lost_s);
        work.solid.volume_mm3 = solid.area_mm2 * settings_.layer_mm;
        if (!(settings_.infill > 0)) return;
        work.sparse =
            lines_over(sparse, pitch() / settings_.infill, settings_.infill_mm_s, work.lost_s);
        const double joined = joined_share * std::min(sparse.border_mm, work.sparse.length_mm);
        work.sparse.length_mm += joined;
        work.sparse.time_s += joined / settings_.infill_mm_s;
        work.sparse.volume_mm3 = work.sparse.length_mm * pitch() * settings_.layer_mm;
    }

    // Lines of the pattern, dense ones where it meets the part, and a sheath around both.
    void add_support(LayerWork& work) const {
        CellRegion loose = cells_.region_of(CellUse::support);
        CellRegion dense = cells_.region_of(CellUse::dense_support);
        loose.area_mm2 += support_margin_mm * loose.border_mm;
        dense.area_mm2 += support_margin_mm * dense.border_mm;
        const LineWork pattern =
            lines_over(loose, settings_.support_spacing_mm, settings_.support_mm_s, work.lost_s);
        const LineWork face = lines_over(dense, pitch(), settings_.support_mm_s, work.lost_s);
        const double sheath = loose.border_mm;
        work.support.length_mm = pattern.length_mm + face.length_mm + sheath;
        work.support.time_s = work.support.length_mm / settings_.support_mm_s;
        work.support.volume_mm3 = work.support.length_mm * pitch() * settings_.layer_mm;
    }

    void add_travel(const LoopFacts& loops,
                    const CellRegion& solid,
                    const CellRegion& sparse,
                    LayerWork& work) const {
        if (loops.loops == 0) return;
        const double way = 0.3 * std::hypot(loops.high.x - loops.low.x, loops.high.y - loops.low.y);
        const double pause = 2 * settings_.retract_mm / settings_.retract_mm_s;
        const double islands = loops.loops - loops.holes;
        const double regions = (solid.area_mm2 > 0 ? islands : 0) +
                               (sparse.area_mm2 > 0 ? islands : 0) +
                               (work.support.length_mm > 0 ? 1 : 0);
        work.travel_s =
            (loops.loops + regions) * (move_time_s(way, settings_.travel_mm_s, settings_) + pause);
    }

    void slow_first_layer(const LoopFacts& loops, LayerWork& work) {
        for (LineWork* lines : {&work.perimeters, &work.solid, &work.sparse, &work.support}) {
            lines->time_s = lines->length_mm / settings_.first_layer_mm_s;
        }
        if (settings_.skirt_distance_mm >= 0 && loops.loops > 0) {
            const double around = 2 * (loops.high.x - loops.low.x + loops.high.y - loops.low.y);
            out_.skirt_mm = 0.9 * around + 2 * std::numbers::pi * settings_.skirt_distance_mm;
        }
    }

    // The heights looked at catch thin solid layers by chance; the columns know better.
    void settle_infill() {
        const LayerCells::Infill found = cells_.infill();
        const auto scale = [&](LineWork LayerWork::*lines, double volume) {
            double first = 0;  // The first layer was looked at itself.
            double others = 0;
            for (const LayerWork& w : out_.layers)
                (&w == &out_.layers.front() ? first : others) += (w.*lines).volume_mm3 * w.layers;
            const double by = others > 0 ? std::clamp((volume - first) / others, 0.25, 4.0) : 1;
            for (LayerWork& w : out_.layers) {
                if (&w == &out_.layers.front()) continue;
                LineWork& l = w.*lines;
                l = {by * l.length_mm, by * l.time_s, by * l.volume_mm3};
            }
        };
        scale(&LayerWork::solid, found.solid_mm3);
        double room = 0;  // That sparse infill was found to take, its joints left out.
        double plastic = 0;
        for (const LayerWork& w : out_.layers)
            plastic += w.layers * w.sparse.volume_mm3;
        for (const double r : sparse_room_)
            room += r;
        if (room > 0) scale(&LayerWork::sparse, plastic * found.sparse_mm3 / room);
    }

    const Mesh& mesh_;
    const PrintSettings& settings_;
    ColumnField columns_;
    Overhangs overhangs_;
    LayerCells cells_;
    std::vector<double> heights_;
    std::vector<double> weights_;
    std::vector<double> sparse_room_;  // Of each layer looked at, times the layers it stands for.
    PrintWork out_;
};

}  // namespace

double move_time_s(double length_mm, double speed_mm_s, const PrintSettings& s) {
    const double start = std::min(s.jerk_mm_s, speed_mm_s);
    const double ramps =
        (speed_mm_s * speed_mm_s - start * start) / s.acceleration_mm_s2;  // Both together.
    if (length_mm >= ramps) {
        const double lost = (speed_mm_s - start) * (speed_mm_s - start);
        return length_mm / speed_mm_s + lost / (s.acceleration_mm_s2 * speed_mm_s);
    }
    const double peak = std::sqrt(s.acceleration_mm_s2 * length_mm + start * start);
    return 2 * (peak - start) / s.acceleration_mm_s2;
}

PrintWork print_work_of(const Mesh& mesh, const Vec3& up, const PrintSettings& settings) {
    NEARFAB_CHECK(!mesh.triangles.empty(), "there must be something to print");
    NEARFAB_CHECK(settings.layer_mm > 0 && settings.acceleration_mm_s2 > 0, "settings above 0");
    return LayerWalk(mesh, up, settings).run();
}

}  // namespace nearfab::geometry
