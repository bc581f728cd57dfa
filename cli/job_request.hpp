// SPDX-License-Identifier: GPL-3.0-or-later
// job_request.hpp - from what the person typed, and the papers of the design, to a job.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cli/command.hpp"
#include "cli/design_papers.hpp"
#include "cli/part_file.hpp"
#include "cli/places.hpp"
#include "proto/model/job.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::cli {

// One part's file with the papers that belong to it.
struct ReadPart {
    PartFile file;
    DesignPapers papers;
};

// What of a job needs no file: the words typed or written in a job file, and the place. Errors
// (invalid_argument): a word that says nothing, of parts and --licence too; they name the option.
[[nodiscard]] Result<JobSpec> job_without_parts(const JobWishes& wishes,
                                                const std::vector<NamedPlace>& places,
                                                WallTime now);

// REQUIRES: one of `parts` for each of wishes.parts, which is not empty. Every error
// (invalid_argument) names the option; a missing licence is invalid_file. The licence of a job is
// that of all its parts together.
[[nodiscard]] Result<JobSpec> make_job(const JobWishes& wishes,
                                       const std::vector<ReadPart>& parts,
                                       const std::vector<NamedPlace>& places,
                                       WallTime now);

// The currency of ISO 4217 that a unit of four or five letters is probably a slip for: EUR of EURO.
[[nodiscard]] std::optional<std::string> currency_like(std::string_view unit);

// never, at-once, or a span of time.
[[nodiscard]] Result<RedoRule> parse_redo_rule(std::string_view text);

}  // namespace nearfab::cli
