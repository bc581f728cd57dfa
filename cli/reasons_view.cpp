// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/reasons_view.hpp"

#include "terminal/quantity_text.hpp"
#include "terminal/table.hpp"
#include "terminal/time_text.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

namespace nearfab::cli {
namespace {

using geometry::Estimate;
using geometry::Verdict;
using geometry::VerdictReason;

std::string error_text(double share) {
    return " +-" + fixed(100 * share, 0) + " %";
}

std::string time_text(const Estimate& estimate) {
    return duration_text(static_cast<std::int64_t>(estimate.time_s)) +
           error_text(estimate.time_error);
}

// The estimate's mass is that of the usual material, which for filament is PLA.
std::string material_text(const Estimate& estimate) {
    if (!(estimate.material_mm3 > 0)) return "-";
    std::string text = volume_text(estimate.material_mm3) + error_text(estimate.material_error);
    if (estimate.process == "fdm") text += ", " + mass_text(estimate.mass_g) + " of pla";
    return text;
}

std::string_view verdict_word(const Verdict& verdict) {
    switch (verdict.feasibility) {
        case geometry::Feasibility::feasible:
            return "yes";
        case geometry::Feasibility::with_remarks:
            return "with remarks";
        case geometry::Feasibility::not_feasible:
            return "no";
    }
    return "no";
}

// A reason, and who has it.
struct SharedReason {
    const VerdictReason* reason = nullptr;
    std::string processes;
};

bool same(const VerdictReason& a, const VerdictReason& b) {
    return a.blocking == b.blocking && a.rule == b.rule && a.words == b.words && a.place == b.place;
}

std::vector<SharedReason> shared_reasons(const std::vector<Verdict>& verdicts) {
    std::vector<SharedReason> all;
    for (const Verdict& verdict : verdicts) {
        for (const VerdictReason& reason : verdict.reasons) {
            const auto known = std::find_if(all.begin(), all.end(), [&](const SharedReason& one) {
                return same(*one.reason, reason);
            });
            if (known == all.end()) {
                all.push_back({&reason, verdict.process});
            } else {
                known->processes += ", " + verdict.process;
            }
        }
    }
    return all;
}

std::string reason_text(const SharedReason& shared, bool flat, const Screen& screen) {
    const VerdictReason& reason = *shared.reason;
    std::string text =
        "  " + (reason.blocking ? screen.in(Ink::red, "no") : screen.in(Ink::yellow, "remark"));
    text += " " + reason.rule + " (" + shared.processes +
            "): " + with_short_numbers(printable(reason.words));
    if (const auto& at = reason.place) {
        text += ", " + (flat ? at_text({at->x, at->y}) : at_text({at->x, at->y, at->z}));
    }
    return text + ".\n";
}

}  // namespace

std::string reasons_text(const geometry::PartCheck& check, const Screen& screen) {
    Table table{{{"PROCESS"}, {"VERDICT"}, {"TIME"}, {"MATERIAL"}}};
    for (const Verdict& verdict : check.verdicts) {
        const auto estimate =
            std::find_if(check.estimates.begin(), check.estimates.end(), [&](const Estimate& one) {
                return one.process == verdict.process;
            });
        const bool known = verdict.feasibility != geometry::Feasibility::not_feasible &&
                           estimate != check.estimates.end();
        table.add({verdict.process,
                   std::string{verdict_word(verdict)},
                   known ? time_text(*estimate) : "-",
                   known ? material_text(*estimate) : "-"});
    }
    if (table.empty()) return {};
    std::string text = "\n" + screen.in(Ink::bold, "By process") + "\n" + table.text();
    for (const SharedReason& shared : shared_reasons(check.verdicts))
        text += reason_text(shared, check.flat.has_value(), screen);
    return text;
}

}  // namespace nearfab::cli
