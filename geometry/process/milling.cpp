// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/milling.hpp"

#include "base/check.hpp"
#include "geometry/process/columns.hpp"
#include "geometry/process/part_hull.hpp"
#include "geometry/process/pocket_width.hpp"
#include "geometry/process/surface_points.hpp"
#include "geometry/process/vertex_sets.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <utility>

namespace nearfab::geometry {

using namespace vec;

namespace {

// A surface may look away from the cutter by one degree and still be a wall along it.
constexpr double wall_tolerance = 0.02;
// Beyond this many setups nobody clamps a part again; six axes and some tilted sides.
constexpr std::size_t max_sides = 16;
// Points of a surface that belong together lie within so many mean spacings.
constexpr double same_place_spacings = 2.5;
constexpr std::size_t fewest_points = 4;
// A crumpled surface has a corner at every vertex; so many tell enough of one setup.
constexpr std::size_t most_corners = 100'000;

using SideSet = std::uint32_t;  // A bit for each side.

// Does a point of the surface see the side the columns were made for.
bool sees(const TopView& columns, const SurfacePoint& point) {
    const Vec3& up = columns.frame().up;
    if (dot(point.normal, up) < -wall_tolerance) return false;
    // Off the surface by more than the grid's error; then any of the nearest lines may be free.
    const Vec3 off = point.place + 1.5 * columns.cell_mm() * point.normal;
    const TopView::Cell cell = columns.cell_of(off);
    constexpr std::array<std::array<int, 2>, 5> around{{{0, 0}, {1, 0}, {-1, 0}, {0, 1}, {0, -1}}};
    return std::any_of(around.begin(), around.end(), [&](const auto& step) {
        const double top = columns.top_of(cell.x + step[0], cell.y + step[1]);
        return top <= cell.height + 0.5 * columns.cell_mm();
    });
}

class MillingSearch {
public:
    MillingSearch(const Mesh& mesh, const MillingOptions& options)
        : mesh_(mesh),
          options_(options),
          points_(surface_points_of(mesh, options.surface_points)),
          seen_by_(points_.points.size(), 0) {}

    MillingFacts run() {
        for (const Vec3& axis : {Vec3{0, 0, 1},
                                 Vec3{0, 0, -1},
                                 Vec3{1, 0, 0},
                                 Vec3{-1, 0, 0},
                                 Vec3{0, 1, 0},
                                 Vec3{0, -1, 0}}) {
            look_from(axis);
        }
        const SideSet axes = (1U << sides_.size()) - 1;
        if (1 - share_seen(axes) > options_.negligible_share) try_tilted();
        choose_setups();
        describe_sides();
        find_undercuts();
        find_pockets();
        find_corners();
        measure_stock();
        return std::move(out_);
    }

private:
    void look_from(const Vec3& side) {
        const SideSet bit = 1U << sides_.size();
        sides_.push_back(side);
        // Up to ten of them are kept, so no more than their tops.
        fields_.emplace_back(
            mesh_, frame_with_up(side), ColumnOptions{.cells_across = options_.cells_across});
        out_.doubtful_share = std::max(out_.doubtful_share, fields_.back().doubtful_share());
        for (std::size_t i = 0; i < seen_by_.size(); ++i) {
            if (sees(fields_.back(), points_.points[i])) seen_by_[i] |= bit;
        }
    }

    void try_tilted() {
        const double close = 0.99;  // Eight degrees.
        std::size_t tried = 0;
        for (const HullSide& side : geometry::sides_of(hull_of_part(mesh_))) {
            if (tried >= options_.max_tilted || sides_.size() >= max_sides) return;
            const bool known = std::any_of(sides_.begin(), sides_.end(), [&](const Vec3& d) {
                return dot(d, side.normal) > close;
            });
            if (known) continue;
            look_from(side.normal);
            ++tried;
        }
    }

    double share_seen(SideSet sides) const {
        const auto count = std::count_if(
            seen_by_.begin(), seen_by_.end(), [&](SideSet s) { return (s & sides) != 0; });
        return seen_by_.empty() ? 0
                                : static_cast<double>(count) / static_cast<double>(seen_by_.size());
    }

    // The fewest sides that see, but for a negligible share, what all of them see; among sets of
    // one size that which sees most, then the one with the earlier sides.
    void choose_setups() {
        std::map<SideSet, std::size_t> counts;
        for (const SideSet s : seen_by_)
            ++counts[s];
        const auto seen = [&](SideSet sides) {
            std::size_t sum = 0;
            for (const auto& [by, count] : counts)
                sum += (by & sides) != 0 ? count : 0;
            return static_cast<double>(sum) / std::max(1.0, static_cast<double>(seen_by_.size()));
        };
        const SideSet all = (1U << sides_.size()) - 1;
        const double wanted = seen(all) - options_.negligible_share;
        SideSet best = all;
        double best_share = seen(all);
        auto fewest = static_cast<int>(sides_.size());
        for (SideSet sides = 1; sides <= all; ++sides) {
            const int size = std::popcount(sides);
            if (size > fewest) continue;
            const double share = seen(sides);
            if (share < wanted) continue;
            // A thousandth more is no reason for a side that comes later.
            if (size == fewest && share < best_share + 1e-3) continue;
            best = sides;
            best_share = share;
            fewest = size;
        }
        chosen_ = best;
        out_.reached_share = best_share;
    }

    void describe_sides() {
        const std::array<std::size_t, 6> order{2, 3, 4, 5, 0, 1};  // +x -x +y -y +z -z.
        for (std::size_t i = 0; i < order.size(); ++i)
            out_.axis_share[i] = share_seen(1U << order[i]);
        for (std::size_t i = 0; i < sides_.size(); ++i) {
            if ((chosen_ & (1U << i)) == 0) continue;
            out_.setups.push_back({sides_[i], i >= 6, share_seen(1U << i), fields_[i].height_mm()});
        }
        std::stable_sort(out_.setups.begin(), out_.setups.end(), [](const auto& l, const auto& r) {
            return l.reached_share > r.reached_share;
        });
        if (out_.setups.size() == 2) out_.second_is_underside = second_is_underside();
    }

    bool second_is_underside() const {
        const Vec3& first = out_.setups[0].from;
        if (dot(first, out_.setups[1].from) > -0.999) return false;
        const auto at = std::find(sides_.begin(), sides_.end(), first) - sides_.begin();
        const auto index = static_cast<std::size_t>(at);
        const double near = 2 * fields_[index].cell_mm();
        std::size_t elsewhere = 0;
        for (std::size_t i = 0; i < seen_by_.size(); ++i) {
            if ((seen_by_[i] & (1U << index)) != 0 || (seen_by_[i] & chosen_) == 0) continue;
            const SurfacePoint& p = points_.points[i];
            const bool underside =
                dot(p.normal, first) < -0.999 && fields_[index].cell_of(p.place).height < near;
            elsewhere += underside ? 0 : 1;
        }
        return static_cast<double>(elsewhere) <=
               options_.negligible_share * static_cast<double>(seen_by_.size());
    }

    // Points that no side sees, joined through cells of a coarse grid.
    void find_undercuts() {
        const double cell = same_place_spacings * std::sqrt(points_.area_each_mm2);
        using Key = std::array<long, 3>;
        std::map<Key, std::vector<std::uint32_t>> cells;
        std::vector<std::uint32_t> hidden;
        for (std::uint32_t i = 0; i < seen_by_.size(); ++i) {
            if (seen_by_[i] != 0) continue;
            const Vec3& p = points_.points[i].place;
            cells[{std::lround(p.x / cell), std::lround(p.y / cell), std::lround(p.z / cell)}]
                .push_back(static_cast<std::uint32_t>(hidden.size()));
            hidden.push_back(i);
        }
        VertexSets sets(hidden.size());
        for (const auto& [key, members] : cells) {
            for (const std::uint32_t m : members)
                sets.join(members.front(), m);
            for (long step = 0; step < 27; ++step) {
                const auto next = cells.find(
                    {key[0] + step % 3 - 1, key[1] + step / 3 % 3 - 1, key[2] + step / 9 - 1});
                if (next != cells.end()) sets.join(members.front(), next->second.front());
            }
        }
        gather_undercuts(hidden, sets);
    }

    void gather_undercuts(const std::vector<std::uint32_t>& hidden, VertexSets& sets) {
        std::map<std::uint32_t, std::pair<std::size_t, Vec3>> places;
        for (std::uint32_t h = 0; h < hidden.size(); ++h) {
            auto& [count, sum] = places[sets.find(h)];
            ++count;
            sum = sum + points_.points[hidden[h]].place;
        }
        for (const auto& [root, place] : places) {
            const auto& [count, sum] = place;
            if (count < fewest_points) continue;
            const auto n = static_cast<double>(count);
            out_.undercuts.push_back({(1 / n) * sum, n * points_.area_each_mm2});
            out_.undercut_area_mm2 += n * points_.area_each_mm2;
        }
        const double area = points_.area_each_mm2 * static_cast<double>(seen_by_.size());
        if (out_.undercut_area_mm2 < options_.negligible_share * area) {
            out_.undercuts.clear();
            out_.undercut_area_mm2 = 0;
        }
        std::stable_sort(out_.undercuts.begin(),
                         out_.undercuts.end(),
                         [](const auto& l, const auto& r) { return l.area_mm2 > r.area_mm2; });
        if (out_.undercuts.size() > options_.max_places) out_.undercuts.resize(options_.max_places);
    }

    void find_pockets() {
        double deepest_cell = 0;
        double slimmest_cell = 0;
        for (std::size_t i = 0; i < sides_.size(); ++i) {
            if ((chosen_ & (1U << i)) == 0) continue;
            const bool both =
                std::any_of(out_.setups.begin(), out_.setups.end(), [&](const MillingSetup& other) {
                    return dot(other.from, sides_[i]) < -0.999;
                });
            const Pockets found = pockets_of(fields_[i], both && !out_.second_is_underside);
            if (found.deepest &&
                (!out_.deepest || found.deepest->depth_mm > out_.deepest->depth_mm)) {
                out_.deepest = found.deepest;
                deepest_cell = fields_[i].cell_mm();
            }
            if (found.slimmest &&
                (!out_.slimmest || found.slimmest->ratio() > out_.slimmest->ratio())) {
                out_.slimmest = found.slimmest;
                slimmest_cell = fields_[i].cell_mm();
            }
        }
        // Mostly they are the same one.
        const bool same = out_.deepest && out_.slimmest &&
                          out_.deepest->place == out_.slimmest->place &&
                          out_.deepest->from == out_.slimmest->from;
        if (out_.deepest) out_.deepest->width_mm = pocket_width(mesh_, *out_.deepest, deepest_cell);
        if (same) {
            out_.slimmest->width_mm = out_.deepest->width_mm;
        } else if (out_.slimmest) {
            out_.slimmest->width_mm = pocket_width(mesh_, *out_.slimmest, slimmest_cell);
        }
    }

    // A corner between two walls is no trouble when a cutter that comes down along one of the two
    // walls' normals sees it: its end cuts one wall, its side the other.
    bool cut_from_another_side(const InnerCorner& corner) const {
        for (std::size_t i = 0; i < sides_.size(); ++i) {
            const bool squarely = dot(sides_[i], corner.wall_before) > 0.999 ||
                                  dot(sides_[i], corner.wall_after) > 0.999;
            if (!squarely) continue;
            if (sees(fields_[i], {corner.place, corner.away})) return true;
        }
        return false;
    }

    void find_corners() {
        for (std::size_t i = 0; i < sides_.size(); ++i) {
            if ((chosen_ & (1U << i)) == 0) continue;
            const Frame& frame = fields_[i].frame();
            std::size_t looked_at = 0;
            for (const InnerCorner& c : inner_corners_of(mesh_, frame, turned(mesh_, frame))) {
                if (++looked_at > most_corners) break;
                if (out_.tightest && c.radius_mm >= out_.tightest->radius_mm && c.radius_mm > 0)
                    continue;
                if (cut_from_another_side(c) || !sees(fields_[i], {c.place, c.away})) continue;
                if (c.radius_mm == 0) ++out_.sharp_corners;
                if (!out_.tightest || c.radius_mm < out_.tightest->radius_mm) out_.tightest = c;
            }
        }
    }

    void measure_stock() {
        const Vec3 size = bounds_of(mesh_).size();
        const double more = 2 * options_.stock_allowance_mm;
        out_.stock_mm = {size.x + more, size.y + more, size.z + more};
        out_.stock_volume_mm3 = out_.stock_mm.x * out_.stock_mm.y * out_.stock_mm.z;
        out_.removed_volume_mm3 =
            std::max(0.0, out_.stock_volume_mm3 - std::abs(mass_point(mesh_).volume_mm3));
        out_.area_mm2 = points_.area_each_mm2 * static_cast<double>(options_.surface_points);
    }

    const Mesh& mesh_;
    const MillingOptions& options_;
    SurfacePoints points_;
    std::vector<SideSet> seen_by_;
    std::vector<Vec3> sides_;  // +z -z +x -x +y -y, then tilted ones.
    std::vector<TopView> fields_;
    SideSet chosen_ = 0;
    MillingFacts out_;
};

}  // namespace

MillingFacts milling_of(const Mesh& mesh, const MillingOptions& options) {
    NEARFAB_CHECK(!mesh.triangles.empty(), "milling needs a surface");
    NEARFAB_CHECK(6 + options.max_tilted <= max_sides, "sides are kept as bits");
    return MillingSearch(mesh, options).run();
}

}  // namespace nearfab::geometry
