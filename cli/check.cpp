// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/design_papers.hpp"
#include "cli/json_view.hpp"
#include "cli/match_view.hpp"
#include "cli/part_file.hpp"
#include "cli/quantity_text.hpp"
#include "cli/table.hpp"
#include "cli/verbs.hpp"

#include <ostream>
#include <utility>

namespace nearfab::cli {
namespace {

std::string size_text(const geometry::Vec3& size) {
    return fixed(size.x, 1) + " x " + fixed(size.y, 1) + " x " + fixed(size.z, 1) + " mm";
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

// REQUIRES: it does not fit.
std::string misfit_text(const geometry::EnvelopeFit& fit) {
    return fixed(fit.best.excess_mm, 1) + " mm too large at best (" +
           placement_text(placement_of(fit.best)) + ")";
}

std::string fit_text(const geometry::EnvelopeFit& fit) {
    if (fit.fits) return "yes, " + placement_text(placement_of(fit.best));
    return "no, " + misfit_text(fit);
}

CheckedFile check_file(const std::string& name,
                       const std::optional<geometry::WorkEnvelope>& bed,
                       const Screen& screen) {
    CheckedFile checked;
    checked.file = name;
    auto part = read_part(name);
    if (!part) {
        checked.rejection = std::move(part.error());
        return checked;
    }
    checked.rejection = why_not_makeable(*part);
    const auto papers = find_papers({.design = name, .licence = {}, .manifest = {}});
    if (papers) {
        checked.licence = papers->licence;
        for (const std::string& remark : papers->remarks)
            screen.remark("warning: " + remark);
    } else if (!checked.rejection) {
        checked.rejection = papers.error();
    }
    if (bed) {
        checked.fit = geometry::fit_into(part->report.stances, *bed);
        if (!checked.fit->fits && !checked.rejection) {
            checked.rejection = Error{
                ErrorCode::invalid_file,
                part->path.filename().string() + " does not fit: " + misfit_text(*checked.fit),
                "choose a larger machine, or split the part"};
        }
    }
    checked.part = std::move(*part);
    return checked;
}

std::string findings_text(const geometry::PartReport& report, const Screen& screen) {
    std::string text;
    for (const geometry::Finding& finding : report.findings) {
        const bool error = finding.severity == geometry::Severity::error;
        const bool warning = finding.severity == geometry::Severity::warning;
        text += "  " + (error     ? screen.in(Ink::red, "error")
                        : warning ? screen.in(Ink::yellow, "warning")
                                  : std::string{"note"});
        text += " " + finding.rule + ": " + printable(finding.message) + ".\n";
        if (!finding.next.empty()) text += "    next: " + printable(finding.next) + "\n";
    }
    return text;
}

std::string part_text(const CheckedFile& file, const CheckCommand& command, const Screen& screen) {
    const geometry::PartReport& report = file.part->report;
    std::vector<std::pair<std::string, std::string>> facts{
        {"format", to_string(report.format) + ", " + bytes_text(file.part->bytes.size())},
        {"design", file.part->hash.short_hex()},
        {"size", size_text(report.bounds.size())},
        {"volume", fixed(report.volume_mm3 / 1000, 2) + " cm3"},
        {"area", fixed(report.area_mm2 / 100, 1) + " cm2"},
        {"mesh", mesh_text(report.mesh)},
        {"licence", file.licence.value_or("not found")}};
    if (file.fit) facts.emplace_back("fits " + *command.bed, fit_text(*file.fit));
    return facts_text(facts) + findings_text(report, screen);
}

std::string file_text(const CheckedFile& file, const CheckCommand& command, const Screen& screen) {
    // No machine was asked, so it is not said that anybody can make it.
    const std::string verdict = file.rejection ? screen.in(Ink::red, "rejected")
                                : file.fit
                                    ? screen.in(Ink::green, "makeable as it is") + ", and fits"
                                    : screen.in(Ink::green, "makeable as it is") +
                                          " (no machine was asked; `nearfab quote` asks)";
    std::string text = screen.in(Ink::bold, printable(file.file)) + ": " + verdict + "\n";
    if (file.part) text += part_text(file, command, screen);
    return text;
}

}  // namespace

Result<ExitCode> run(const CheckCommand& command, const Desk& desk) {
    std::optional<geometry::WorkEnvelope> bed;
    if (command.bed) {
        auto size = parse_bed(*command.bed);
        if (!size) {
            return fail(
                ErrorCode::invalid_argument, "--bed: " + size.error().message, size.error().next);
        }
        bed = *size;
    }
    std::vector<CheckedFile> files;
    ExitCode end = ExitCode::ok;
    for (const std::string& name : command.files) {
        CheckedFile file = check_file(name, bed, desk.screen);
        if (file.rejection) end = ExitCode::file_rejected;
        if (!desk.screen.json) {
            desk.screen.out << (files.empty() ? "" : "\n") << file_text(file, command, desk.screen)
                            << std::flush;
        }
        if (file.rejection) desk.screen.error(*file.rejection);
        if (file.part) file.part->bytes.shrink_to_fit();
        files.push_back(std::move(file));
    }
    if (desk.screen.json) desk.screen.out << json_of_check(files);
    return end;
}

}  // namespace nearfab::cli
