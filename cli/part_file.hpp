// SPDX-License-Identifier: GPL-3.0-or-later
// part_file.hpp - a design file on the designer's disk, read and analysed here.

#pragma once

#include "base/content_hash.hpp"
#include "base/large_pages.hpp"
#include "base/length_unit.hpp"
#include "base/line_rule.hpp"
#include "base/result.hpp"
#include "geometry/part_report.hpp"
#include "proto/model/part.hpp"
#include "terminal/screen.hpp"

#include "step/program_place.hpp"
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::cli {

struct PartFile {
    std::filesystem::path path;
    std::string
        name;  // What the bytes are called: "bracket.obj" for the triangles of bracket.step.
    LargeArray<std::uint8_t> bytes;
    ContentHash hash;
    LengthUnit unit = LengthUnit::unstated;  // As said when it was read.
    LineRules operations;                    // Of a drawing: as said when it was read.
    PartFacts facts;                         // As the router's analysis finds them.
    std::vector<std::string> warnings;       // Of the file, sentences without their full stops.
    std::vector<std::string> notes;          // Likewise: what was done to it before it is sent.
};

// The bytes of a design file. Errors: too_large, which is the file's own fault; not_found, storage
// and the like when it cannot be read, which is not.
[[nodiscard]] Result<LargeArray<std::uint8_t>> read_design(const std::filesystem::path& path);

// The look that the router's worker takes, taken here, in the unit that the designer says. Of a
// STEP file the part is the triangles that nearfab-step cuts it into: routers and fabs need no
// OpenCASCADE, and what is looked at here is to the last byte what is made. A live screen shows
// progress when it takes longer than a second. Errors (invalid_file, too_large) name the file; they
// are what the router would refuse it with. Or it cannot be read (read_design).
[[nodiscard]] Result<PartFile> read_part(const std::filesystem::path& path,
                                         LengthUnit unit,
                                         const LineRules& operations,
                                         const step::ProgramPlaces& step_program,
                                         const Screen& screen);

// "180x180x180", millimetres.
[[nodiscard]] Result<geometry::WorkEnvelope> parse_bed(std::string_view text);

}  // namespace nearfab::cli
