// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/layer_cells.hpp"

#include "geometry/process/distance_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace nearfab::geometry {
namespace {

// A border between cells along a slanted line is longer than the line, by up to 4/pi.
constexpr double stair_share = 0.87;
constexpr std::array<std::array<int, 2>, 4> sides{{{1, 0}, {-1, 0}, {0, 1}, {0, -1}}};

}  // namespace

LayerCells::LayerCells(const ColumnField& columns,
                       const PrintSettings& settings,
                       double shell_mm,
                       const Overhangs* overhangs)
    : columns_(columns), settings_(settings), shell_mm_(shell_mm), steep_(-2) {
    const auto cells =
        static_cast<std::size_t>(columns.nx()) * static_cast<std::size_t>(columns.ny());
    use_.resize(cells);
    deep_seen_.assign(cells, 0);
    sparse_seen_.assign(cells, 0);
    small_seen_.assign(cells, 0);
    part_seen_.assign(cells, 0);
    if (overhangs == nullptr) return;
    steep_ = -std::sin(settings.support_limit_deg * std::numbers::pi / 180);
    for (const OverhangRegion& r : overhangs->regions) {
        if (r.kind != OverhangKind::bridge || r.span_mm > settings.bridge_limit_mm) continue;
        bridges_.push_back({columns.cell_of_frame(r.low), columns.cell_of_frame(r.high)});
    }
}

// Does a bridge that needs no support end here.
bool LayerCells::held(const SolidSpan& span, int x, int y) const {
    const double bottom = span.bottom;
    const double near = settings_.layer_mm / 4;
    return std::any_of(bridges_.begin(), bridges_.end(), [&](const Bridge& b) {
        return x >= b.low.x && x <= b.high.x && y >= b.low.y && y <= b.high.y &&
               bottom >= b.low.height - near && bottom <= b.high.height + near;
    });
}

void LayerCells::use_column(int x, int y, double height) {
    const double skin_below = settings_.bottom_layers * settings_.layer_mm;
    const double skin_above = settings_.top_layers * settings_.layer_mm;
    const double dense = settings_.support_interface_layers * settings_.layer_mm;
    CellUse& use = use_[index(x, y)];
    double floor = 0;
    for (const SolidSpan& s : columns_.at(x, y)) {
        const double bottom = s.bottom;
        const double top = s.top;
        if (height < bottom) {
            const bool hangs = static_cast<double>(s.bottom_slope) < steep_ && !held(s, x, y);
            if (hangs && height > floor) {
                const bool meets = bottom - height < dense || (floor > 0 && height - floor < dense);
                use = meets ? CellUse::dense_support : CellUse::support;
            }
            return;
        }
        if (height <= top) {
            const bool near = height - bottom < skin_below || top - height < skin_above;
            use = near ? CellUse::solid : CellUse::sparse;
            return;
        }
        floor = top;
    }
}

void LayerCells::look_at(double height_mm) {
    std::fill(use_.begin(), use_.end(), CellUse::outside);
    for (int y = 0; y < columns_.ny(); ++y) {
        for (int x = 0; x < columns_.nx(); ++x)
            use_column(x, y, height_mm);
    }
    find_walls();
    fill_small_places();
}

void LayerCells::find_walls() {
    const int nx = columns_.nx() + 2;
    const int ny = columns_.ny() + 2;
    const auto in_part = [](CellUse u) { return u == CellUse::solid || u == CellUse::sparse; };
    std::vector<std::uint8_t> outside(static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny),
                                      1);
    for (int y = 0; y < columns_.ny(); ++y) {
        for (int x = 0; x < columns_.nx(); ++x) {
            const auto padded = static_cast<std::size_t>(y + 1) * static_cast<std::size_t>(nx) +
                                static_cast<std::size_t>(x + 1);
            outside[padded] = in_part(use_[index(x, y)]) ? 0 : 1;
        }
    }
    const DistanceMap map(nx, ny, outside);
    const double shell = shell_mm_ / columns_.cell_mm() + 0.5;
    // A strip between the walls too narrow for a line of its own makes the walls wider instead.
    const double strip = shell + 0.5 * settings_.line_width_mm / columns_.cell_mm();
    const auto depth = [&](std::size_t i) {
        const auto width = static_cast<std::size_t>(columns_.nx());
        return map.at(static_cast<int>(i % width) + 1, static_cast<int>(i / width) + 1);
    };
    for (std::size_t i = 0; i < use_.size(); ++i) {
        if (!in_part(use_[i])) continue;
        ++part_seen_[i];
        if (depth(i) <= shell) use_[i] = CellUse::wall;
    }
    for_each_place(in_part, [&](const std::vector<std::size_t>& place) {
        const bool narrow = std::all_of(
            place.begin(), place.end(), [&](std::size_t i) { return depth(i) < strip; });
        for (const std::size_t i : place) {
            if (narrow) {
                use_[i] = CellUse::wall;
            } else {
                ++deep_seen_[i];
            }
        }
    });
}

// Calls `then` with the cells of every place: cells that `belongs` holds for, joined by sides.
template <typename Belongs, typename Then>
void LayerCells::for_each_place(Belongs belongs, Then then) {
    std::vector<std::uint8_t> seen(use_.size(), 0);
    std::vector<std::size_t> place;
    const auto width = static_cast<std::size_t>(columns_.nx());
    for (std::size_t start = 0; start < use_.size(); ++start) {
        if (!belongs(use_[start]) || seen[start] != 0) continue;
        place.assign(1, start);
        seen[start] = 1;
        for (std::size_t next = 0; next < place.size(); ++next) {
            const int x = static_cast<int>(place[next] % width);
            const int y = static_cast<int>(place[next] / width);
            for (const auto& [dx, dy] : sides) {
                if (x + dx < 0 || y + dy < 0 || x + dx >= columns_.nx() || y + dy >= columns_.ny())
                    continue;
                const std::size_t i = index(x + dx, y + dy);
                if (!belongs(use_[i]) || seen[i] != 0) continue;
                seen[i] = 1;
                place.push_back(i);
            }
        }
        then(place);
    }
}

// Sparse places below the printer's limit become solid. Infill reaches a quarter line into the
// walls, so places are a little larger than their cells.
void LayerCells::fill_small_places() {
    const double cell = columns_.cell_mm();
    const double reach = settings_.line_width_mm / 4;
    const auto is_sparse = [](CellUse u) { return u == CellUse::sparse; };
    for_each_place(is_sparse, [&](const std::vector<std::size_t>& place) {
        const double area = static_cast<double>(place.size()) * cell * cell;
        const double around = 4 * std::sqrt(area);
        const bool small = area + around * reach < settings_.small_infill_mm2;
        for (const std::size_t i : place) {
            if (small) use_[i] = CellUse::solid;
            ++(small ? small_seen_ : sparse_seen_)[i];
        }
    });
}

CellRegion LayerCells::region_of(CellUse use) const {
    std::size_t count = 0;
    std::size_t edges = 0;
    const auto is = [&](int x, int y) {
        return x >= 0 && y >= 0 && x < columns_.nx() && y < columns_.ny() &&
               use_[index(x, y)] == use;
    };
    for (int y = 0; y < columns_.ny(); ++y) {
        for (int x = 0; x < columns_.nx(); ++x) {
            if (!is(x, y)) continue;
            ++count;
            for (const auto& [dx, dy] : sides)
                edges += is(x + dx, y + dy) ? 0U : 1U;
        }
    }
    return {static_cast<double>(count) * columns_.cell_mm() * columns_.cell_mm(),
            static_cast<double>(edges) * columns_.cell_mm() * stair_share};
}

LayerCells::Infill LayerCells::infill() const {
    double deep = 0;
    double all = 0;
    for (std::size_t i = 0; i < use_.size(); ++i) {
        deep += deep_seen_[i];
        all += part_seen_[i];
    }
    const double usual = all > 0 ? deep / all : 0;
    const double skin = (settings_.bottom_layers + settings_.top_layers) * settings_.layer_mm;
    Infill out;
    for (int y = 0; y < columns_.ny(); ++y) {
        for (int x = 0; x < columns_.nx(); ++x) {
            const std::size_t i = index(x, y);
            const double inside =
                part_seen_[i] > 0 ? static_cast<double>(deep_seen_[i]) / part_seen_[i] : usual;
            const double open = sparse_seen_[i];
            const double closed = small_seen_[i];
            const double sparse = open + closed > 0 ? open / (open + closed) : 1;
            for (const SolidSpan& s : columns_.at(x, y)) {
                const double thick = static_cast<double>(s.top - s.bottom);
                const double middle = std::max(0.0, thick - skin);
                out.solid_mm3 += inside * (thick - sparse * middle);
                out.sparse_mm3 += inside * sparse * middle;
            }
        }
    }
    const double cell_area = columns_.cell_mm() * columns_.cell_mm();
    out.solid_mm3 *= cell_area;
    out.sparse_mm3 *= cell_area;
    return out;
}

}  // namespace nearfab::geometry
