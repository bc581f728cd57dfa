// SPDX-License-Identifier: GPL-3.0-or-later
// operation_rules.hpp - which lines are cut, scored or engraved.
//
// There is no rule the whole trade follows, so the caller's map decides first. Then, in this order:
//   1. A word of the layer's name, in English or German, whichever is first: cut, cuts, cutting,
//      outline, through, schnitt, schneiden; score, scoring, fold, crease, ritzen; engrave,
//      engraving, etch, etching, raster, gravur, gravieren; ignore, construction, guide, guides,
//      defpoints, annotation, annotations, dimension, dimensions, notes, hilfslinien.
//   2. What is filled but not stroked is engraved (SVG only); where nothing is stroked and nothing
//      else is cut, it is a silhouette: it is cut, and a warning says so.
//   3. Pure green and pure cyan are engraved (the colours of etching in boxes.py), but only in a
//      drawing with strokes of more than one colour: a single colour says nothing.
//   4. Everything else is cut.
// Red is not special: some services cut it, boxes.py annotates with it. Blue is not either: some
// score it, boxes.py cuts inner holes with it. Both are cut unless the caller says otherwise.

#pragma once

#include "base/line_rule.hpp"
#include "geometry/flat/drawing.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry {

// An empty condition matches everything; layer names are compared without regard to case.
struct OperationRule {
    std::string layer;
    std::optional<Colour> colour;
    Operation operation = Operation::cut;
};

struct OperationRules {
    // The first that matches decides. One that no path matches is an error among the remarks.
    std::vector<OperationRule> given;
    bool conventions = true;  // Without them everything else is cut.
};

// A designer's own map in front of the conventions.
[[nodiscard]] OperationRules operation_rules_of(const LineRules& said);

namespace flat {

// Sets the operation of every path. filled_only holds one entry per path: drawn by its fill alone.
// Says in a remark what was decided where, unless everything is cut, and that nothing is to be cut.
void decide_operations(Drawing& drawing,
                       const std::vector<bool>& filled_only,
                       const OperationRules& rules);

}  // namespace flat
}  // namespace nearfab::geometry
