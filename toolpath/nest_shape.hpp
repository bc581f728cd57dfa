// SPDX-License-Identifier: GPL-3.0-or-later
// nest_shape.hpp - parts as nesting sees them: simplified, grown by half the gap, turned.

#pragma once

#include "toolpath/nest.hpp"

#include <map>
#include <tuple>
#include <vector>

namespace nearfab::toolpath {

// One part in one turn. The region covers the part and half the gap round it.
struct NestShape {
    std::vector<Polygon> solids;  // Each counter-clockwise, without its holes.
    std::vector<Polygon> rooms;   // Holes large enough to be of use, counter-clockwise.
    Vec2 low;                     // Of the box.
    Vec2 high;
    double angle = 0;
};

struct NestPiece {
    std::vector<NestShape> turns;  // Different ones only: a square has one.
    double area_mm2 = 0;           // Of the part itself.
};

[[nodiscard]] NestPiece nest_piece(const NestPart& part, const NestOptions& options);

// Where the origin of `moving` may not be while `fixed` lies with its own at zero. Kept per pair.
class NoFit {
public:
    explicit NoFit(const std::vector<NestPiece>& pieces) : pieces_{pieces} {}

    struct Key {
        std::uint32_t fixed = 0;
        std::uint32_t fixed_turn = 0;
        std::uint32_t moving = 0;
        std::uint32_t moving_turn = 0;
        friend auto operator<=>(const Key&, const Key&) = default;
    };
    // The cost of making it, in corners, is added to `steps`.
    [[nodiscard]] const Region& of(const Key& key, std::uint64_t& steps);

private:
    const std::vector<NestPiece>& pieces_;
    std::map<Key, Region> kept_;
};

}  // namespace nearfab::toolpath
