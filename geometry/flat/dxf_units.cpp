// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/dxf_units.hpp"

#include "geometry/flat/drawing_options.hpp"
#include "geometry/number_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace nearfab::geometry::flat {
namespace {

struct NamedUnit {
    int code;
    double mm;
    const char* name;
};

constexpr double inch = 25.4;

// Those of $INSUNITS that a part can be drawn in.
constexpr std::array<NamedUnit, 18> units{{
    {1, inch, "inch"},
    {2, 12 * inch, "foot"},
    {3, 63360 * inch, "mile"},
    {4, 1, "millimetre"},
    {5, 10, "centimetre"},
    {6, 1000, "metre"},
    {7, 1e6, "kilometre"},
    {8, inch * 1e-6, "microinch"},
    {9, inch * 1e-3, "mil"},
    {10, 36 * inch, "yard"},
    {11, 1e-7, "angstrom"},
    {12, 1e-6, "nanometre"},
    {13, 1e-3, "micrometre"},
    {14, 100, "decimetre"},
    {15, 1e4, "decametre"},
    {16, 1e5, "hectometre"},
    {21, 1200.0 / 3937 * 1000, "US survey foot"},
    {22, 100.0 / 3937 * 1000, "US survey inch"},
}};

const NamedUnit* unit_of(int insunits) {
    const auto* const found = std::find_if(
        units.begin(), units.end(), [&](const NamedUnit& unit) { return unit.code == insunits; });
    return found == units.end() ? nullptr : found;
}

std::string size_text(const Vec2& size) {
    return number_text(size.x) + " x " + number_text(size.y) + " mm";
}

}  // namespace

DrawingUnit dxf_unit(const std::optional<int>& insunits, LengthUnit given) {
    if (given != LengthUnit::unstated) {
        const double mm = millimetres_per(given);
        return {mm, true, true, "given as " + to_string(given)};
    }
    if (!insunits) return {1, false, false, "the file has no $INSUNITS"};
    if (*insunits == 0) return {1, false, false, "$INSUNITS says unitless"};
    const NamedUnit* const known = unit_of(*insunits);
    if (known == nullptr) {
        return {
            1, false, false, "$INSUNITS is " + std::to_string(*insunits) + ", which names no unit"};
    }
    return {known->mm, true, false, std::string{"$INSUNITS says "} + known->name};
}

void say_unit(Drawing& drawing, const std::optional<int>& insunits) {
    const auto bounds = bounds_of(drawing);
    if (!bounds) return;
    const Vec2 size = bounds->size();
    const double scale = drawing.unit.mm;
    const Vec2 plain{size.x / scale, size.y / scale};
    const auto warn = [&](const char* rule, std::string message, const char* next) {
        drawing.remarks.push_back({RemarkLevel::warning, rule, std::move(message), next});
    };
    if (drawing.unit.given) {
        const NamedUnit* const stated = insunits ? unit_of(*insunits) : nullptr;
        if (stated == nullptr || stated->mm == scale) return;
        warn("unit_overridden",
             std::string{"$INSUNITS says "} + stated->name + ", which makes the drawing " +
                 size_text({plain.x * stated->mm, plain.y * stated->mm}) + "; the unit was " +
                 drawing.unit.explanation + ", which makes it " + size_text(size),
             "Leave the unit out if the file is right");
        return;
    }
    if (!drawing.unit.stated) {
        warn("unit_unstated",
             drawing.unit.explanation + "; taken as millimetres the drawing is " +
                 size_text(plain) + ", as inches it would be " +
                 size_text({plain.x * inch, plain.y * inch}),
             "Say which unit the drawing has: --unit mm, --unit inch");
        return;
    }
    const double largest = std::max(size.x, size.y);
    if (largest >= doubtful_below_mm && largest <= doubtful_above_mm) return;
    warn("unit_doubtful",
         drawing.unit.explanation + ", which makes the drawing " + size_text(size) +
             "; as millimetres it would be " + size_text(plain),
         "Say which unit the drawing really has: --unit mm, --unit inch");
}

}  // namespace nearfab::geometry::flat
