// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/prepared_job.hpp"

#include "cli/design_papers.hpp"
#include "cli/job_request.hpp"
#include "cli/places.hpp"

#include <utility>

namespace nearfab::cli {
namespace {

void remark_on(const PartFile& part, const DesignPapers& papers, const Screen& screen) {
    for (const std::string& remark : papers.remarks)
        screen.remark("warning: " + remark);
    for (const geometry::Finding& finding : part.report.findings) {
        if (finding.severity == geometry::Severity::warning) {
            screen.remark("warning: " + finding.message);
        }
    }
    if (papers.licence && papers.licence_origin != "--licence") {
        screen.remark("licence " + *papers.licence + " (from " + papers.licence_origin + ")");
    }
}

}  // namespace

Result<PreparedJob> prepare_job(const PartWishes& wishes, const Desk& desk, WallTime now) {
    auto part = read_part(wishes.file);
    if (!part) return fail(std::move(part.error()));
    if (auto why_not = why_not_makeable(part->path.filename().string(), part->report))
        return fail(std::move(*why_not));
    auto papers =
        find_papers({.design = part->path, .licence = wishes.licence, .manifest = wishes.manifest});
    if (!papers) return fail(std::move(papers.error()));
    auto places = read_places(desk.places_file());
    if (!places) return fail(std::move(places.error()));
    auto job = make_job(wishes, *part, *papers, *places, now);
    if (!job) return fail(std::move(job.error()));
    remark_on(*part, *papers, desk.screen);
    return PreparedJob{std::move(*part), std::move(*job)};
}

}  // namespace nearfab::cli
