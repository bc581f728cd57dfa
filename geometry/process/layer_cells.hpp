// SPDX-License-Identifier: GPL-3.0-or-later
// layer_cells.hpp - what a filament printer puts into each cell of a layer: wall, infill, support.
//
// The part is seen as columns (columns.hpp); at a height each cell is outside, within the
// perimeters' depth of the outside, or deeper, where the distance to the surface above and below
// decides between solid and sparse. Outside, below what overhangs too far, stands support. Pure.

#pragma once

#include "geometry/process/columns.hpp"
#include "geometry/process/overhang.hpp"
#include "geometry/process/print_settings.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry {

enum class CellUse : std::uint8_t {
    outside = 0,
    wall = 1,
    solid = 2,
    sparse = 3,
    support = 4,
    dense_support = 5,
};

struct CellRegion {
    double area_mm2 = 0;
    double border_mm = 0;
};

class LayerCells {
public:
    // `overhangs` say which ceilings are bridged and need no support; null for no support at all.
    // REQUIRES: columns and settings outlive this.
    LayerCells(const ColumnField& columns,
               const PrintSettings& settings,
               double shell_mm,
               const Overhangs* overhangs);

    // Fills in the cells of one height.
    void look_at(double height_mm);
    [[nodiscard]] CellRegion region_of(CellUse use) const;

    // Over all heights looked at: the volume that solid and sparse infill take, from the thickness
    // of every column and the share of it that was found to lie deeper than the walls.
    struct Infill {
        double solid_mm3 = 0;
        double sparse_mm3 = 0;
    };
    [[nodiscard]] Infill infill() const;

private:
    [[nodiscard]] std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(columns_.nx()) +
               static_cast<std::size_t>(x);
    }
    [[nodiscard]] bool held(const SolidSpan& span, int x, int y) const;
    void use_column(int x, int y, double height);
    void find_walls();
    void fill_small_places();
    template <typename Belongs, typename Then>
    void for_each_place(Belongs belongs, Then then);

    const ColumnField& columns_;
    const PrintSettings& settings_;
    double shell_mm_;
    double steep_;  // Bottoms that look down more than this need support; below -1 for none.
    struct Bridge {
        ColumnField::Cell low;
        ColumnField::Cell high;
    };
    std::vector<Bridge> bridges_;
    std::vector<CellUse> use_;
    std::vector<std::uint16_t> deep_seen_;    // Of each column: heights deeper than the walls,
    std::vector<std::uint16_t> sparse_seen_;  // of these the sparse ones that stayed sparse,
    std::vector<std::uint16_t> small_seen_;   // those too small for it,
    std::vector<std::uint16_t> part_seen_;    // and heights in the part.
};

}  // namespace nearfab::geometry
