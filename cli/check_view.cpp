// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/check_view.hpp"

#include "cli/match_view.hpp"
#include "cli/quantity_text.hpp"
#include "cli/table.hpp"
#include "cli/time_text.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace nearfab::cli {
namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

std::string size_text(const geometry::Vec3& size) {
    return fixed(size.x, 1) + " x " + fixed(size.y, 1) + " x " + fixed(size.z, 1) + " mm";
}

std::string at_text(const geometry::Vec3& at) {
    return "at " + fixed(at.x, 1) + ", " + fixed(at.y, 1) + ", " + fixed(at.z, 1);
}

std::string mesh_text(const geometry::MeshFacts& mesh) {
    std::string closed = "closed";
    if (mesh.open_edges > 0) {
        closed = "open (" + counted(mesh.open_edges, "edge", "edges") + ")";
    } else if (!mesh.closed) {
        closed = "not manifold (" + counted(mesh.non_manifold_edges, "edge", "edges") + ")";
    }
    return closed + ", " + (mesh.oriented ? "oriented" : "not oriented") + ", " +
           counted(mesh.shells, "shell", "shells") + ", " +
           counted(mesh.triangles, "triangle", "triangles");
}

Placement placement_of(const geometry::StanceFit& stance) {
    return Placement{static_cast<std::uint8_t>(stance.up), stance.turn_deg};
}

std::string fit_text(const geometry::EnvelopeFit& fit) {
    if (fit.fits) return "yes, " + placement_text(placement_of(fit.best));
    return "no, " + misfit_text(fit);
}

std::string widths_text(const geometry::Widths& widths) {
    if (widths.places.empty()) return "none measured";
    const geometry::NarrowPlace& first = widths.places.front();
    return "thinnest " + fixed(first.width_mm, 2) + " mm " + at_text(first.point) + "; middle " +
           fixed(widths.median_mm, 2) + " mm";
}

std::string gaps_text(const geometry::Widths& widths) {
    if (widths.places.empty()) return "none measured";
    const geometry::NarrowPlace& first = widths.places.front();
    return "narrowest " + fixed(first.width_mm, 2) + " mm " + at_text(first.point);
}

std::string holes_text(const std::vector<geometry::Hole>& holes) {
    if (holes.empty()) return "no round one found";
    return "smallest " + fixed(holes.front().diameter_mm, 2) + " mm " +
           at_text(holes.front().centre);
}

std::string at_text(const geometry::Vec2& at) {
    return "at " + fixed(at.x, 1) + ", " + fixed(at.y, 1);
}

std::string neck_text(const geometry::Neck& neck) {
    return fixed(neck.mm, 2) + " mm " +
           at_text(geometry::Vec2{(neck.a.x + neck.b.x) / 2, (neck.a.y + neck.b.y) / 2});
}

std::string unit_text(const geometry::PartReport& report) {
    if (report.unit_given) return "given as " + to_string(report.unit);
    if (report.unit == LengthUnit::unstated) return "none stated, taken as millimetres";
    return "stated: " + to_string(report.unit);
}

void add_solid(Facts& facts, const geometry::SolidCheck& solid) {
    const geometry::PartReport& report = solid.report;
    facts.emplace_back("unit", unit_text(report));
    facts.emplace_back("size", size_text(report.bounds.size()));
    facts.emplace_back("smallest box", size_text(solid.box.size_mm));
    facts.emplace_back("volume", fixed(report.volume_mm3 / 1000, 2) + " cm3");
    facts.emplace_back("area", fixed(report.area_mm2 / 100, 1) + " cm2");
    facts.emplace_back("mesh", mesh_text(report.mesh));
    if (solid.thickness) {
        facts.emplace_back("walls", widths_text(solid.thickness->walls));
        facts.emplace_back("gaps", gaps_text(solid.thickness->gaps));
        facts.emplace_back("holes", holes_text(solid.thickness->holes));
    }
    if (!solid.orientations.empty()) {
        const geometry::Orientation& best = solid.orientations.front();
        facts.emplace_back("best up",
                           fixed(best.up.x, 2) + ", " + fixed(best.up.y, 2) + ", " +
                               fixed(best.up.z, 2) + " (" + best.why + "; support " +
                               fixed(best.support_volume_mm3 / 1000, 2) + " cm3)");
    }
    if (solid.plate) {
        facts.emplace_back("plate", fixed(solid.plate->thickness_mm, 2) + " mm thick");
    }
}

void add_flat(Facts& facts, const geometry::FlatCheck& flat) {
    const geometry::Vec2 size = flat.facts.bounds.size();
    facts.emplace_back("unit",
                       std::string{flat.drawing.unit.given    ? ""
                                   : flat.drawing.unit.stated ? "stated: "
                                                              : "not stated: "} +
                           flat.drawing.unit.explanation);
    facts.emplace_back("size", fixed(size.x, 1) + " x " + fixed(size.y, 1) + " mm");
    facts.emplace_back("outlines",
                       counted(flat.facts.outer_loops, "outer", "outer") + ", " +
                           counted(flat.facts.inner_loops, "hole", "holes") + ", " +
                           counted(flat.facts.open_ends, "open end", "open ends"));
    if (flat.facts.narrowest_wall) {
        facts.emplace_back("walls", "thinnest " + neck_text(*flat.facts.narrowest_wall));
    }
    if (flat.facts.narrowest_gap) {
        facts.emplace_back("gaps", "narrowest " + neck_text(*flat.facts.narrowest_gap));
    }
    if (const auto& hole = flat.facts.smallest_hole) {
        facts.emplace_back("holes", "smallest " + fixed(hole->mm, 2) + " mm " + at_text(hole->at));
    }
    facts.emplace_back("cuts", fixed(flat.facts.cut_length_mm, 1) + " mm");
    facts.emplace_back("area", fixed(flat.facts.net_area_mm2 / 100, 1) + " cm2");
}

std::string estimate_text(const geometry::PartCheck& check, std::string_view process) {
    const auto found = std::find_if(check.estimates.begin(),
                                    check.estimates.end(),
                                    [&](const auto& one) { return one.process == process; });
    if (found == check.estimates.end()) return "-";
    return duration_text(static_cast<std::int64_t>(found->time_s)) + " +-" +
           fixed(100 * found->time_error, 0) + " %";
}

std::string verdicts_text(const geometry::PartCheck& check, const Screen& screen) {
    Table table{{{"PROCESS"}, {"VERDICT"}, {"TIME"}, {"BECAUSE"}}};
    for (const geometry::Verdict& verdict : check.verdicts) {
        const bool no = verdict.feasibility == geometry::Feasibility::not_feasible;
        std::string why = verdict.reasons.empty() ? "-" : printable(verdict.reasons.front().words);
        if (verdict.reasons.size() > 1) {
            why += " (and " + std::to_string(verdict.reasons.size() - 1) + " more)";
        }
        table.add({verdict.process,
                   no                                                       ? "no"
                   : verdict.feasibility == geometry::Feasibility::feasible ? "yes"
                                                                            : "with remarks",
                   no ? "-" : estimate_text(check, verdict.process),
                   why});
    }
    return table.empty() ? std::string{}
                         : "\n" + screen.in(Ink::bold, "By process") + "\n" + table.text();
}

std::string finding_text(int weight,
                         const std::string& rule,
                         const std::string& message,
                         const std::string& next,
                         const Screen& screen) {
    std::string text = "  " + (weight == 3   ? screen.in(Ink::red, "error")
                               : weight == 2 ? screen.in(Ink::yellow, "warning")
                                             : std::string{"note"});
    text += " " + rule + ": " + printable(message) + ".\n";
    if (!next.empty()) text += "    next: " + printable(next) + "\n";
    return text;
}

std::string findings_text(const geometry::PartCheck& check, const Screen& screen) {
    std::string text;
    if (check.solid) {
        for (const auto& one : check.solid->report.findings)
            text += finding_text(
                static_cast<int>(one.severity), one.rule, one.message, one.next, screen);
        return text;
    }
    for (const auto& one : check.flat->remarks)
        text += finding_text(static_cast<int>(one.level), one.rule, one.message, one.next, screen);
    return text;
}

std::string format_of(const geometry::PartCheck& check) {
    return check.solid ? to_string(check.solid->report.format)
                       : std::string{to_string(check.flat->drawing.format)};
}

}  // namespace

std::string misfit_text(const geometry::EnvelopeFit& fit) {
    return fixed(fit.best.excess_mm, 1) + " mm too large at best (" +
           placement_text(placement_of(fit.best)) + ")";
}

std::string check_text(const CheckedFile& file, const std::string& bed, const Screen& screen) {
    // No machine was asked, so it is not said that anybody can make it.
    const bool unit_missing =
        file.check && file.check->flat && !file.check->flat->drawing.unit.stated;
    const std::string verdict =
        !file.looked_at  ? screen.in(Ink::red, "not checked")
        : file.rejection ? screen.in(Ink::red, "rejected")
        : unit_missing
            ? screen.in(Ink::yellow, "makeable once its unit is known") + " (say it with --unit)"
        : file.fit ? screen.in(Ink::green, "makeable as it is") + ", and fits"
                   : screen.in(Ink::green, "makeable as it is") +
                         " (no machine was asked; `nearfab quote` asks)";
    std::string text = screen.in(Ink::bold, printable(file.file)) + ": " + verdict + "\n";
    if (!file.check) return text;
    Facts facts{{"format", format_of(*file.check) + ", " + bytes_text(file.bytes)},
                {"design", file.hash->short_hex()}};
    if (file.check->solid) {
        add_solid(facts, *file.check->solid);
    } else {
        add_flat(facts, *file.check->flat);
    }
    facts.emplace_back("licence", file.licence.value_or("not found"));
    if (file.fit) facts.emplace_back("fits " + bed, fit_text(*file.fit));
    return text + facts_text(facts) + findings_text(*file.check, screen) +
           verdicts_text(*file.check, screen);
}

}  // namespace nearfab::cli
