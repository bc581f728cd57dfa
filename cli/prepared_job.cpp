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
    for (const std::string& warning : part.warnings)
        screen.remark("warning: " + warning);
    if (papers.licence && papers.licence_origin != "--licence") {
        screen.remark("licence " + *papers.licence + " (from " + papers.licence_origin + ")");
    }
}

}  // namespace

Result<PreparedJob> prepare_job(const PartWishes& wishes, const Desk& desk, WallTime now) {
    auto part = read_part(wishes.file, wishes.unit, desk.screen);
    if (!part) return fail(std::move(part.error()));
    auto papers =
        find_papers({.design = part->path, .licence = wishes.licence, .manifest = wishes.manifest});
    if (!papers) return fail(std::move(papers.error()));
    auto places = read_places(desk.places_file());
    if (!places) return fail(std::move(places.error()));
    auto job = make_job(wishes, *part, *papers, *places, now);
    if (!job) return fail(std::move(job.error()));
    const PartSpec& spec = job->parts.front();
    if (const std::string why = why_impossible(part->facts, spec.process); !why.empty()) {
        return fail(ErrorCode::invalid_file,
                    part->path.filename().string() + ": " + why,
                    "change the part there, or ask for another process with --process");
    }
    remark_on(*part, *papers, desk.screen);
    if (part->facts.drawing && !spec.sheet_thickness_mm) {
        desk.screen.remark(
            "warning: nobody knows how thick the sheet is; give it with --thickness, so that its "
            "amount and the room for it are looked at");
    }
    return PreparedJob{std::move(*part), std::move(*job)};
}

}  // namespace nearfab::cli
