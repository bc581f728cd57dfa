// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/part_report.hpp"

#include "geometry/facts/weld.hpp"
#include "geometry/part_survey.hpp"
#include "geometry/readers/mesh_file.hpp"

#include <algorithm>
#include <utility>

namespace nearfab::geometry {

bool PartReport::makeable() const {
    return mesh.closed && mesh.oriented && volume_mm3 > 0 &&
           std::none_of(findings.begin(), findings.end(), [](const Finding& finding) {
               return finding.severity == Severity::error;
           });
}

Result<Part> read_part(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    Result<PartSurvey> survey = begin_survey(file, limits);
    if (!survey) return fail(survey.error());
    connect(*survey);
    look_at_stances(*survey);
    detail::ShellNesting nesting;
    if (survey->has_a_volume()) nesting = detail::nest_shells(survey->mesh, survey->topology);
    conclude(*survey, nesting);
    return Part{std::move(survey->mesh), std::move(survey->report)};
}

Result<PartReport> analyse_part(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    Result<Part> part = read_part(file, limits);
    if (!part) return fail(part.error());
    return std::move(part->report);
}

Result<Mesh> read_mesh(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    const Result<TriangleSoup> soup = read_soup(file, limits);
    if (!soup) return fail(soup.error());
    return std::move(weld_bodies(*soup).mesh);
}

}  // namespace nearfab::geometry
