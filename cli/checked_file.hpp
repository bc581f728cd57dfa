// SPDX-License-Identifier: GPL-3.0-or-later
// checked_file.hpp - one file as `nearfab check` has looked at it.

#pragma once

#include "base/content_hash.hpp"
#include "base/result.hpp"
#include "cli/step_part.hpp"
#include "geometry/fit/envelope_fit.hpp"
#include "geometry/part_check.hpp"
#include "intake/no_process.hpp"
#include "json/check.hpp"
#include "terminal/screen.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::cli {

using intake::AskedFor;
using intake::NoProcess;

// What to judge by, the same for all files of a command.
struct CheckSettings {
    std::optional<geometry::WorkEnvelope> bed;
    std::vector<geometry::ProcessLimits> limits;  // Of the processes asked for.
    AskedFor asked;                               // What of these the person chose.
    StepSettings step;
    LengthUnit unit = LengthUnit::unstated;  // Of files that do not say it.
    LineRules operations;                    // Of lines of drawings.
    std::optional<double> thickness_mm;      // Of the sheet that drawings are cut from.
};

// Errors (invalid_argument): a process without limits, a file of limits that cannot be read.
[[nodiscard]] Result<CheckSettings> check_settings(const std::optional<std::string>& bed,
                                                   const std::vector<std::string>& processes,
                                                   const std::optional<std::string>& limits_file);

struct CheckedFile {
    std::string file;
    std::uint64_t bytes = 0;
    std::optional<ContentHash> hash;
    std::optional<geometry::PartCheck> check;  // Nothing when it could not be read.
    std::optional<Error> rejection;            // Why it cannot be made (here).
    bool looked_at = true;  // False: the rejection says why this machine could not look at it.
    bool step = false;      // A STEP file.
    std::string rule;       // Of the finding that is the rejection; empty for any other.
    // The file is fine, but no process makes the part: that is the rejection then.
    std::optional<NoProcess> no_process;
    AskedFor asked;
    std::optional<geometry::EnvelopeFit> fit;  // The best is of no axis when it is turned.
    std::optional<geometry::Vec3> turned_up;  // The way up in which alone it fits, or misses least.
    std::optional<std::string> licence;
};

// Draws progress on a live screen when it takes longer than a second.
[[nodiscard]] CheckedFile check_file(const std::string& name,
                                     const CheckSettings& settings,
                                     const Screen& screen);

// What is told of them; they must outlive it.
[[nodiscard]] std::vector<json::FileReport> reports_of(const std::vector<CheckedFile>& files);
}  // namespace nearfab::cli
