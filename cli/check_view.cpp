// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/check_view.hpp"

#include "cli/match_view.hpp"
#include "cli/reasons_view.hpp"
#include "terminal/quantity_text.hpp"
#include "terminal/table.hpp"

#include <cstdint>
#include <filesystem>
#include <utility>
#include <vector>

namespace nearfab::cli {
namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

std::string size_of(const geometry::Vec3& size) {
    return size_text({size.x, size.y, size.z});
}

std::string at(const geometry::Vec3& place) {
    return at_text({place.x, place.y, place.z});
}

std::string at(const geometry::Vec2& place) {
    return at_text({place.x, place.y});
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

// "z up, turned 20 degrees", or a direction where it is none of its axes.
std::string way_text(const CheckedFile& file) {
    const geometry::StanceFit& best = file.fit->best;
    if (!file.turned_up) return placement_text(placement_of(best));
    const geometry::Vec3& up = *file.turned_up;
    std::string text =
        "its direction " + fixed(up.x, 2) + ", " + fixed(up.y, 2) + ", " + fixed(up.z, 2) + " up";
    if (best.turn_deg > 0) text += ", turned " + fixed(best.turn_deg, 1) + " degrees";
    return text;
}

std::string fit_text(const CheckedFile& file) {
    if (!file.fit->fits) return "no, " + misfit_text(file);
    return "yes, " + way_text(file) +
           (file.turned_up ? ": turn it so in your CAD program, for machines are given parts that "
                             "stand on an axis"
                           : "");
}

std::string widths_text(const geometry::Widths& widths) {
    if (widths.places.empty()) return "none measured";
    const geometry::NarrowPlace& first = widths.places.front();
    return "thinnest " + length_text(first.width_mm) + " " + at(first.point) + "; middle " +
           length_text(widths.median_mm);
}

std::string gaps_text(const geometry::Widths& widths) {
    if (widths.places.empty()) return "none measured";
    const geometry::NarrowPlace& first = widths.places.front();
    return "narrowest " + length_text(first.width_mm) + " " + at(first.point);
}

std::string holes_text(const std::vector<geometry::Hole>& holes) {
    if (holes.empty()) return "no round one found";
    return "smallest " + length_text(holes.front().diameter_mm) + " " + at(holes.front().centre);
}

std::string neck_text(const geometry::Neck& neck) {
    return length_text(neck.mm) + " " +
           at(geometry::Vec2{(neck.a.x + neck.b.x) / 2, (neck.a.y + neck.b.y) / 2});
}

// What would be left of the mesh's faults.
std::string after_mend(const geometry::Mends& mends) {
    if (mends.open_edges_after > 0) {
        return "then still open (" + counted(mends.open_edges_after, "edge", "edges") + ")";
    }
    if (!mends.closed_after) return "then still not manifold";
    return mends.oriented_after ? "then closed and oriented" : "then closed, but not oriented";
}

std::string mends_text(const geometry::Mends& mends) {
    std::string text;
    const auto add = [&](const char* verb, std::uint32_t count, const char* one, const char* more) {
        if (count > 0) text += (text.empty() ? "" : ", ") + (verb + counted(count, one, more));
    };
    add("weld ", mends.would_weld_vertices, "corner", "corners");
    add("drop ", mends.would_drop_degenerate, "triangle without area", "triangles without area");
    add("drop ", mends.would_drop_duplicates, "doubled triangle", "doubled triangles");
    add("flip ", mends.would_flip_triangles, "triangle", "triangles");
    add("flip ", mends.would_flip_shells, "shell", "shells");
    return text + "; " + after_mend(mends) + " (your file is not changed)";
}

std::string volume_of(const geometry::PartReport& report) {
    const geometry::MeshFacts& mesh = report.mesh;
    if (mesh.open_edges > 0) return "unknown, the surface is open";
    if (!mesh.closed) return "unknown, the surface is not manifold";
    if (!mesh.oriented) return "unknown, the triangles do not face the same way";
    return volume_text(report.volume_mm3);
}

std::string unit_text(const geometry::PartReport& report) {
    if (report.unit_given) return "given as " + to_string(report.unit);
    if (report.unit == LengthUnit::unstated) return "none stated, taken as millimetres";
    return "stated: " + to_string(report.unit);
}

void add_solid(Facts& facts, const geometry::SolidCheck& solid) {
    const geometry::PartReport& report = solid.report;
    facts.emplace_back("unit", unit_text(report));
    facts.emplace_back("size", size_of(report.bounds.size()));
    facts.emplace_back("smallest box", size_of(solid.box.size_mm));
    facts.emplace_back("volume", volume_of(report));
    facts.emplace_back("area", area_text(report.area_mm2));
    facts.emplace_back("mesh", mesh_text(report.mesh));
    if (solid.mends.anything_to_do()) facts.emplace_back("mend", mends_text(solid.mends));
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
                               volume_text(best.support_volume_mm3) + ")");
    }
    if (solid.plate) {
        facts.emplace_back("plate", length_text(solid.plate->thickness_mm) + " thick");
    }
}

void add_flat(Facts& facts, const geometry::FlatCheck& flat) {
    const geometry::Vec2 size = flat.facts.bounds.size();
    facts.emplace_back("unit",
                       std::string{flat.drawing.unit.given    ? ""
                                   : flat.drawing.unit.stated ? "stated: "
                                                              : "not stated: "} +
                           flat.drawing.unit.explanation);
    facts.emplace_back("size", size_text({size.x, size.y}));
    facts.emplace_back("outlines",
                       counted(flat.facts.outer_loops, "outer", "outer") + ", " +
                           counted(flat.facts.inner_loops, "hole", "holes") + ", " +
                           counted(flat.facts.open_ends, "open end", "open ends") +
                           (flat.facts.slits > 0 ? ", " + counted(flat.facts.slits, "slit", "slits")
                                                 : std::string{}));
    if (flat.facts.narrowest_wall) {
        facts.emplace_back("walls", "thinnest " + neck_text(*flat.facts.narrowest_wall));
    }
    if (flat.facts.narrowest_gap) {
        facts.emplace_back("gaps", "narrowest " + neck_text(*flat.facts.narrowest_gap));
    }
    if (const auto& hole = flat.facts.smallest_hole) {
        facts.emplace_back("holes", "smallest " + length_text(hole->mm) + " " + at(hole->at));
    }
    facts.emplace_back("cuts", length_text(flat.facts.cut_length_mm));
    facts.emplace_back("area", area_text(flat.facts.net_area_mm2));
}

std::string finding_text(int weight,
                         const std::string& rule,
                         const std::string& message,
                         const std::string& next,
                         const Screen& screen) {
    std::string text = "  " + (weight == 3   ? screen.in(Ink::red, "error")
                               : weight == 2 ? screen.in(Ink::yellow, "warning")
                                             : std::string{"note"});
    text += " " + rule + ": " + with_short_numbers(printable(message)) + ".\n";
    if (!next.empty()) text += "    next: " + with_short_numbers(printable(next)) + "\n";
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

std::string not_made_text(const CheckedFile& file, bool unit_missing, const Screen& screen) {
    const NoProcess& none = *file.no_process;
    std::string text = screen.in(Ink::red, "readable, but " + words_on(none, file.asked));
    if (unit_missing) return text + ", taken as millimetres (say its unit with --unit)";
    if (none.another_machine_may) text += " (`nearfab quote` asks what fabs have)";
    return text;
}

// No machine was asked, so it is not said that anybody can make it.
std::string verdict_text(const CheckedFile& file, const Screen& screen) {
    const bool unit_missing =
        file.check && file.check->flat && !file.check->flat->drawing.unit.stated;
    if (!file.looked_at) return screen.in(Ink::red, "not checked");
    if (file.no_process) return not_made_text(file, unit_missing, screen);
    if (file.rejection) return screen.in(Ink::red, "rejected");
    if (unit_missing) {
        return screen.in(Ink::yellow, "makeable once its unit is known") + " (say it with --unit)";
    }
    return screen.in(Ink::green, "makeable as it is") +
           (file.fit ? ", and fits" : " (no machine was asked; `nearfab quote` asks)");
}

std::string format_of(const geometry::PartCheck& check) {
    return check.solid ? to_string(check.solid->report.format)
                       : std::string{to_string(check.flat->drawing.format)};
}

}  // namespace

std::string misfit_text(const CheckedFile& file) {
    return length_text(file.fit->best.excess_mm) + " too large at best (" + way_text(file) + ")";
}

std::string check_text(const CheckedFile& file, const std::string& bed, const Screen& screen) {
    std::string text =
        screen.in(Ink::bold, printable(file.file)) + ": " + verdict_text(file, screen) + "\n";
    if (!file.check) return text;
    Facts facts{{"format", format_of(*file.check) + ", " + bytes_text(file.bytes)},
                {"design", file.hash->short_hex()}};
    if (file.check->solid) {
        add_solid(facts, *file.check->solid);
    } else {
        add_flat(facts, *file.check->flat);
    }
    facts.emplace_back("licence", file.licence.value_or("not found"));
    if (file.fit) facts.emplace_back("fits " + bed, fit_text(file));
    return text + facts_text(facts) + findings_text(*file.check, screen) +
           reasons_text(*file.check, screen);
}

Error error_after_report(const CheckedFile& file) {
    Error error = *file.rejection;
    if (!file.rule.empty()) {
        error.message = std::filesystem::path{file.file}.filename().string() +
                        " cannot be made as it is: " + file.rule;
        if (!error.where.empty()) error.message += ", " + error.where;
        error.next = "mend what the report calls an error, and check again";
    }
    error.message = with_short_numbers(error.message);
    error.next = with_short_numbers(error.next);
    return error;
}

}  // namespace nearfab::cli
