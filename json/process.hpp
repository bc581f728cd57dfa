// SPDX-License-Identifier: GPL-3.0-or-later
// process.hpp - what printers, mills and cutters make of a part, as JSON; the keys are those
// of docs/CHECK.md. Only json/check.cpp includes this.

#pragma once

#include "geometry/flat/flat_facts.hpp"
#include "geometry/flat/plate.hpp"
#include "geometry/process/milling.hpp"
#include "geometry/process/orientations.hpp"
#include "geometry/process/overhang.hpp"
#include "json/shapes.hpp"

#include <optional>
#include <vector>

namespace nearfab::json {

[[nodiscard]] Json point_json(const geometry::Vec3& at);
[[nodiscard]] Json placed_json(const std::optional<geometry::Vec3>& at);
[[nodiscard]] Json flat_point_json(const geometry::Vec2& at);
[[nodiscard]] Json rectangle_json(
    const geometry::FlatRectangle& rectangle);  // The longer side first.

[[nodiscard]] Json orientations_json(const std::vector<geometry::Orientation>& orientations);
[[nodiscard]] Json printing_json(const geometry::Overhangs& printing);
[[nodiscard]] Json milling_json(const geometry::MillingFacts& milling);
[[nodiscard]] Json plate_json(const geometry::Plate& plate, const geometry::FlatFacts& facts);

}  // namespace nearfab::json
