// SPDX-License-Identifier: GPL-3.0-or-later
// check.hpp - checked files as JSON; the keys are documented in docs/CHECK.md and stable.

#pragma once

#include "base/content_hash.hpp"
#include "base/result.hpp"
#include "geometry/fit/envelope_fit.hpp"
#include "geometry/part_check.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::json {

// What is told of a file that was looked at.
struct FileReport {
    std::string file;
    std::uint64_t bytes = 0;
    std::optional<ContentHash> hash;
    const geometry::PartCheck* check = nullptr;  // Not ours; null when it could not be read.
    std::optional<Error> rejection;              // Why it cannot be made.
    std::optional<geometry::EnvelopeFit> fit;    // In a machine that was named.
    std::optional<geometry::Vec3> turned_up;     // The way up in which alone it fits.
    std::optional<std::string> licence;
};

// One file: its object; several: {"files": [...]}.
[[nodiscard]] std::string json_of_check(const std::vector<FileReport>& files);

}  // namespace nearfab::json
