// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/fuzz/drawing_rules.hpp"

#include "base/check.hpp"
#include "geometry/flat/flat_facts.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::fuzz {

using namespace geometry;

namespace {

void check_path(const Path& path, const Drawing& drawing, const DrawingOptions& options) {
    NEARFAB_CHECK(path.points.size() >= 2, "a path has two points");
    NEARFAB_CHECK(path.layer < drawing.layers.size(), "a path is on a layer");
    for (const PathPoint& point : path.points) {
        const double far = std::max(std::abs(point.at.x), std::abs(point.at.y));
        // The limit holds for the ends; rounding may move an end by its last digits.
        NEARFAB_CHECK(far <= options.limits.coordinate_mm * 1.000001, "points are within limits");
        NEARFAB_CHECK(std::abs(point.bulge) <= 1, "arcs are half circles at most");
    }
    NEARFAB_CHECK(std::isfinite(length_of(path)), "a path has a length");
    NEARFAB_CHECK(!path.closed || std::isfinite(signed_area_of(path)), "an outline has an area");
}

}  // namespace

DrawingOptions small_drawing_options() {
    DrawingOptions options;
    options.limits.points = 2000;
    options.limits.entities = 500;
    options.limits.tags = 20000;
    options.limits.spline_points = 100;
    options.limits.nested = 4;
    options.limits.depth = 16;
    options.limits.file_bytes = 1U << 16U;
    return options;
}

void check(const Result<Drawing>& answer, const DrawingOptions& options) {
    if (!answer) {
        NEARFAB_CHECK(!answer.error().message.empty() && !answer.error().next.empty(),
                      "an error says what is wrong and what to do");
        NEARFAB_CHECK(answer.error().message.size() < 2000, "an error is a sentence");
        return;
    }
    NEARFAB_CHECK(!answer->paths.empty(), "a drawing has paths");
    for (const Path& path : answer->paths)
        check_path(path, *answer, options);
    FlatOptions few;
    few.tests = 300'000;
    few.neck_tests = 100'000;
    const auto facts = flat_facts(*answer, few);
    if (!facts) return;
    NEARFAB_CHECK(facts->outer_loops + facts->inner_loops == facts->loops.size(), "loops add up");
    NEARFAB_CHECK(facts->open_ends + 2 * facts->slits == 2 * facts->open_chains,
                  "an open cut is a slit or has open ends");
    NEARFAB_CHECK(facts->hull_area_mm2 >= facts->net_area_mm2, "a hull holds the part");
    NEARFAB_CHECK(std::isfinite(facts->cut_length_mm) && facts->cut_length_mm >= 0, "cuts add up");
    NEARFAB_CHECK(std::isfinite(facts->net_area_mm2) && std::isfinite(facts->hull_area_mm2),
                  "areas are numbers");
    NEARFAB_CHECK(!facts->narrowest_wall || facts->narrowest_wall->mm > 0, "walls have a width");
    NEARFAB_CHECK(!facts->narrowest_gap || facts->narrowest_gap->mm > 0, "gaps have a width");
    static_cast<void>(remarks_of(*facts));
}

}  // namespace nearfab::fuzz
