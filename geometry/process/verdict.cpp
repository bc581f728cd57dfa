// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/verdict.hpp"

#include "geometry/process/judges.hpp"

namespace nearfab::geometry {
namespace {

void judge(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out) {
    const std::optional<ProcessFamily> family = family_of(limits.process);
    if (facts.buried_faces) {
        out.remark("buried_faces",
                   {},
                   0,
                   0,
                   "",
                   "bodies run into each other, so that walls and gaps and what a tool reaches are "
                   "not known; unite them in the CAD program");
        if (family == ProcessFamily::sheet_cutting) return;
    }
    if (family == ProcessFamily::sheet_cutting) {
        judge_sheet_cutting(facts, limits, out);
    } else if (facts.is_solid_file) {
        judge_solid(facts, limits, out);
        if (family == ProcessFamily::printing) judge_printing(facts, limits, out);
        if (family == ProcessFamily::milling) judge_milling(facts, limits, out);
    } else if (family == ProcessFamily::milling && facts.sheet) {
        judge_sheet_milling(facts, limits, out);
    } else {
        out.block("nothing_to_judge",
                  {},
                  0,
                  0,
                  "",
                  "a drawing has no height, so there is no solid to make");
    }
}

}  // namespace

std::string_view to_string(Feasibility feasibility) {
    switch (feasibility) {
        case Feasibility::feasible:
            return "feasible";
        case Feasibility::with_remarks:
            return "with_remarks";
        case Feasibility::not_feasible:
            return "not_feasible";
    }
    return "not_feasible";
}

Verdict verdict_on(const PartFacts& facts, const ProcessLimits& limits) {
    VerdictReasons reasons;
    judge(facts, limits, reasons);
    judge_size(facts, limits, reasons);
    Verdict verdict;
    verdict.process = limits.process;
    verdict.reasons = reasons.take();
    if (!verdict.reasons.empty()) {
        verdict.feasibility = verdict.reasons.front().blocking ? Feasibility::not_feasible
                                                               : Feasibility::with_remarks;
    }
    return verdict;
}

void remark_on_time(Verdict& verdict, double time_s, const ProcessLimits& limits) {
    constexpr double seconds_per_hour = 3600;
    const double hours = time_s / seconds_per_hour;
    if (verdict.feasibility == Feasibility::not_feasible || !limits.time_good_h ||
        !(hours > *limits.time_good_h)) {
        return;
    }
    VerdictReasons reasons;
    reasons.remark("long_run",
                   {},
                   hours,
                   *limits.time_good_h,
                   "h",
                   "it takes a typical machine about " + rounded(hours / 24) +
                       " days, and a fault on the way loses all of them");
    verdict.reasons.push_back(reasons.take().front());
    verdict.feasibility = Feasibility::with_remarks;
}

std::vector<Verdict> verdicts_on(const PartFacts& facts, const std::vector<ProcessLimits>& table) {
    std::vector<Verdict> out;
    for (const ProcessLimits& limits : table)
        out.push_back(verdict_on(facts, limits));
    return out;
}

}  // namespace nearfab::geometry
