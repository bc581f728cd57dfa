// SPDX-License-Identifier: GPL-3.0-or-later
// part_file.hpp - a design file on the designer's disk, read and analysed here.

#pragma once

#include "base/content_hash.hpp"
#include "base/result.hpp"
#include "geometry/part_report.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::cli {

struct PartFile {
    std::filesystem::path path;
    std::vector<std::uint8_t> bytes;
    ContentHash hash;
    geometry::PartReport report;
};

// The bytes of a design file. Errors: invalid_file, too_large.
[[nodiscard]] Result<std::vector<std::uint8_t>> read_design(const std::filesystem::path& path);

// Errors (invalid_file, too_large) name the file. Defects of the mesh are findings in the report.
[[nodiscard]] Result<PartFile> read_part(const std::filesystem::path& path);

// The first finding that rules the part out, as an error (invalid_file); nothing if it is makeable.
// `name` is the file's, for the message.
[[nodiscard]] std::optional<Error> why_not_makeable(const std::string& name,
                                                    const geometry::PartReport& report);

// "180x180x180", millimetres.
[[nodiscard]] Result<geometry::WorkEnvelope> parse_bed(std::string_view text);

}  // namespace nearfab::cli
