// SPDX-License-Identifier: GPL-3.0-or-later
// part_picture.hpp - what a check found, as marks on a picture of the part.

#pragma once

#include "geometry/part_check.hpp"
#include "geometry/picture/drawing_picture.hpp"
#include "geometry/picture/picture.hpp"

#include <string>

namespace nearfab::cli {

struct PartPicture {
    geometry::Picture picture;
    std::string legend;  // "orange: thin walls; red: open edges"; empty when nothing is marked.
};

// Marked are: places with walls thinner than `thin_mm`, overhangs beyond 45 degrees in the best
// orientation, triangles that cut others, a part that is inside out, and edges that are open,
// belong to more than two triangles, or have two that face opposite ways.
[[nodiscard]] PartPicture picture_of(const geometry::SolidCheck& solid, double thin_mm);

// Outlines, holes, scored and engraved lines, what is drawn twice, crossings, open cuts.
[[nodiscard]] PartPicture picture_of(const geometry::FlatCheck& flat);

}  // namespace nearfab::cli
