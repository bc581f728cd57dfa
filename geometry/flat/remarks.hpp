// SPDX-License-Identifier: GPL-3.0-or-later
// remarks.hpp - the stable ids of what is said about drawings, and how often.
//
//   error    nothing_to_cut   lines were read, but none is to be cut
//   warning  unit_unstated    no unit, or only px; the size was assumed
//            unit_doubtful    the stated unit makes a part of an unlikely size
//            unit_overridden  another unit was given than the file states
//            not_drawn        entities that are not read (texts, hatches, pictures, ...), counted
//            fills_cut        nothing is stroked, so what is filled is cut
//            not_flat         heights differ; seen from above
//            clip_ignored     clip paths or masks, which were not applied
//            style_ignored    style rules that are not understood
//            colour_unknown   colours of a form that is not understood
//   note     hidden           on layers that are off, frozen or not plotted, or invisible
//            switch           alternatives of a switch that are not read
//            tilted           drawn in a tilted plane, seen from above
//            fitted_spline    a spline given by fit points only; between them it is a convention
//            operations       which layers and colours are cut, scored, engraved, ignored

#pragma once

#include "geometry/flat/drawing.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace nearfab::geometry::flat {

// Counts what was met, by name, and says it in one sentence: "2 HATCH, 14 TEXT". A file may hold
// any number of names, so only the first sixteen (of at most 32 characters) are named.
class Tally {
public:
    void add(std::string_view name);
    [[nodiscard]] bool empty() const { return total_ == 0; }
    [[nodiscard]] std::uint64_t total() const { return total_; }
    [[nodiscard]] std::string text() const;

private:
    std::map<std::string, std::uint64_t> counts_;
    std::uint64_t total_ = 0;
    std::uint64_t unnamed_ = 0;
};

// Text of a file for a message: printable ASCII in quotes, at most 32 characters.
[[nodiscard]] std::string shown(std::string_view text);
// The same without quotes and up to 128 characters, for names that are kept.
[[nodiscard]] std::string kept_name(std::string_view text);

}  // namespace nearfab::geometry::flat
