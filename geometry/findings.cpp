// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/findings.hpp"

#include "geometry/number_text.hpp"

#include <algorithm>
#include <utility>

namespace nearfab::geometry {
namespace {

// "1 edge", "2 edges"; the plural adds an s.
std::string count(std::uint32_t n, const std::string& noun) {
    return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

const char* belongs(std::uint32_t n) {
    return n == 1 ? " belongs" : " belong";
}

void put_in_order(std::vector<Finding>& findings) {
    std::stable_sort(findings.begin(), findings.end(), [](const auto& a, const auto& b) {
        return a.severity > b.severity;
    });
}

std::string place_text(const Vec3& at) {
    return number_text(at.x) + ", " + number_text(at.y) + ", " + number_text(at.z);
}

std::string first_at(const std::optional<Vec3>& place) {
    return place ? "; the first is at " + place_text(*place) : "";
}

class Writer {
public:
    Writer(const PartReport& report, const FindingInputs& inputs)
        : report_(report), facts_(report.mesh), inputs_(inputs) {}

    std::vector<Finding> write(const std::vector<ReadRemark>& remarks) {
        volume();  // First: when nothing has an area, open edges are no news.
        surface();
        shells();
        triangles();
        size();
        for (const ReadRemark& remark : remarks) {
            add(remark.weight == RemarkWeight::warning ? Severity::warning : Severity::note,
                remark.rule,
                remark.message,
                remark.next);
        }
        put_in_order(findings_);
        return std::move(findings_);
    }

private:
    void surface() {
        if (facts_.open_edges > 0) {
            add(Severity::error,
                "open_mesh",
                "the surface has holes: " + count(facts_.open_edges, "edge") +
                    belongs(facts_.open_edges) + " to one triangle only" +
                    first_at(inputs_.faulty_edges.open),
                "Close the holes with the mesh repair of your CAD program and export again",
                inputs_.faulty_edges.open);
        }
        if (facts_.non_manifold_edges > 0) {
            add(Severity::error,
                "non_manifold",
                count(facts_.non_manifold_edges, "edge") + belongs(facts_.non_manifold_edges) +
                    " to more than two triangles, so inside and outside are not defined there" +
                    first_at(inputs_.faulty_edges.non_manifold),
                "Unite bodies that share an edge and remove doubled faces, then export again",
                inputs_.faulty_edges.non_manifold);
        }
        if (facts_.misoriented_edges > 0) {
            add(Severity::error,
                "misoriented",
                "at " + count(facts_.misoriented_edges, "edge") +
                    " two triangles face opposite ways, so inside and outside are not defined" +
                    first_at(inputs_.faulty_edges.misoriented),
                "Let your CAD program make the normals consistent (\"recalculate outside\") and "
                "export again",
                inputs_.faulty_edges.misoriented);
        }
    }

    void volume() {
        if (facts_.triangles == facts_.degenerate_triangles) {
            add(Severity::error,
                "no_volume",
                "none of the " + count(facts_.triangles, "triangle") + " has an area",
                "Check the scale of the export: all corners fall on a point or a line");
        } else if (inputs_.negligible_volume) {
            add(Severity::error,
                "no_volume",
                "the surface of " + number_text(report_.area_mm2) + " mm2 encloses no volume",
                "Give the faces a thickness in your CAD program and export again");
        } else if (facts_.inside_out) {
            add(Severity::error,
                "inside_out",
                "the surface is inside out: its triangles face inwards, which makes the volume " +
                    number_text(inputs_.signed_volume_mm3) + " mm3",
                flip);
        } else if (inputs_.reversed_shells > 0) {
            add(Severity::error,
                "inside_out",
                count(inputs_.reversed_shells, "shell") + " of " + std::to_string(facts_.shells) +
                    (inputs_.reversed_shells == 1 ? " is" : " are") +
                    " inside out and in no other shell, so the volume counts what is solid as "
                    "hollow" +
                    first_at(inputs_.reversed_shell),
                flip,
                inputs_.reversed_shell);
        }
    }

    void shells() {
        if (facts_.shells > 1) {
            add(Severity::note,
                "several_shells",
                "the file has " + count(facts_.shells, "separate shell"),
                "");
        }
        if (!inputs_.shells_compared) {
            add(Severity::warning,
                "shells_not_compared",
                count(facts_.shells, "shell") +
                    " are too many or too fine to compare; where they overlap, the volume counts "
                    "twice",
                "Unite the bodies in your CAD program, or submit them as several parts");
        }
        if (inputs_.closed_voids > 0) {
            add(Severity::note,
                "closed_void",
                count(inputs_.closed_voids, "closed hollow") + " of " +
                    number_text(inputs_.closed_voids_mm3) +
                    " mm3: powder, resin and support stay in, and no cutter gets there",
                "",
                inputs_.closed_void);
        }
        if (inputs_.meeting_shells > 0) {
            overlap(count(inputs_.meeting_shells, "pair") +
                    " of shells touch or cut each other; what lies in two shells");
        }
        if (inputs_.doubled_shells > 0) {
            overlap(count(inputs_.doubled_shells, "shell") +
                    " inside another shell and facing outwards like it; what lies in both");
        }
    }

    void overlap(const std::string& what) {
        add(Severity::warning,
            "overlapping_shells",
            what + " is counted twice in the volume",
            "Unite the bodies in your CAD program; for a hollow, turn its normals inwards");
    }

    void triangles() {
        if (facts_.duplicate_triangles > 0) {
            add(Severity::warning,
                "duplicate_triangles",
                count(facts_.duplicate_triangles, "triangle") +
                    (facts_.duplicate_triangles == 1 ? " repeats" : " repeat") +
                    " the corners of another one",
                "Remove doubled faces in your CAD program and export again");
        }
        if (facts_.degenerate_triangles > 0) {
            add(Severity::note,
                "degenerate_triangles",
                count(facts_.degenerate_triangles, "triangle") + " of " +
                    std::to_string(facts_.triangles) +
                    (facts_.degenerate_triangles == 1 ? " has" : " have") + " no area",
                "");
        }
    }

    double scale() const { return millimetres_per(report_.unit); }

    std::string unit_origin() const {
        return report_.unit == Unit::unstated
                   ? "taken as millimetres because the file states no unit"
                   : "the unit of the file being " + to_string(report_.unit);
    }

    std::string other_unit() const {
        return report_.unit == Unit::unstated
                   ? "If that is not what you mean, say the unit (--unit inch), or export the part "
                     "again in millimetres"
                   : "If that is not what you mean, export the part again in millimetres";
    }

    void size() {
        if (report_.unit_given) {
            add(Severity::note,
                "unit_given",
                "the file states no unit; one of its units was given as " +
                    to_string(report_.unit) + " (" + number_text(scale()) + " mm)",
                "");
        }
        const Vec3 sides = report_.bounds.size();
        const double largest = std::max({sides.x, sides.y, sides.z});
        if (!report_.unit_given && largest > 0 && largest < tiny_part_mm) {
            add(Severity::warning,
                "tiny_part_maybe_inches",
                "the largest side is only " + number_text(largest) + " mm, " + unit_origin() +
                    "; were the file in inches, it would be " +
                    number_text(largest / scale() * 25.4) + " mm, in metres " +
                    number_text(largest / scale() * 1000) + " mm",
                other_unit());
        }
        if (!report_.unit_given && largest > huge_part_mm) {
            add(Severity::warning,
                "huge_part_maybe_microns",
                "the largest side is " + number_text(largest) + " mm, " + unit_origin() +
                    "; were the file in micrometres, it would be " +
                    number_text(largest / scale() / 1000) + " mm",
                other_unit());
        }
        if (inputs_.outline_grown_mm > outline_grown_noted_mm) {
            add(Severity::note,
                "outline_simplified",
                "for turning the part to fit a machine its outline is simplified and up to " +
                    number_text(inputs_.outline_grown_mm) + " mm larger than the part",
                "");
        }
    }

    void add(Severity severity,
             std::string rule,
             std::string message,
             std::string next,
             const std::optional<Vec3>& at = {}) {
        findings_.push_back({severity, std::move(rule), std::move(message), std::move(next), at});
    }

    static constexpr const char* flip = "Flip the normals in your CAD program and export again";

    const PartReport& report_;
    const MeshFacts& facts_;
    const FindingInputs& inputs_;
    std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> findings_of(const PartReport& report,
                                 const FindingInputs& inputs,
                                 const std::vector<ReadRemark>& remarks) {
    return Writer(report, inputs).write(remarks);
}

void add_intersections(const SelfIntersections& found, std::vector<Finding>& findings) {
    if (found.pairs > 0) {
        findings.push_back(
            {Severity::warning,
             "self_intersecting",
             "the surface cuts or touches itself: " +
                 std::string{found.complete ? "" : "at least "} + std::to_string(found.pairs) +
                 (found.pairs == 1 ? " pair of triangles meets" : " pairs of triangles meet") +
                 ", the first at " + place_text(found.places.front().at) + " mm",
             "Unite the bodies or repair the mesh in your CAD program; slicers may fill or lose "
             "what lies between"});
    } else if (!found.complete) {
        findings.push_back({Severity::note,
                            "self_intersections_not_sought",
                            "whether the surface cuts itself is not known: too many triangles lie "
                            "side by side to compare all",
                            ""});
    }
    put_in_order(findings);
}

void add_united(bool buried_faces, double united_volume_mm3, std::vector<Finding>& findings) {
    if (buried_faces) {
        findings.push_back({Severity::warning,
                            "buried_faces",
                            "bodies run into each other and could not be united: walls, gaps and "
                            "overhangs, and what a mill reaches, are not known",
                            "Unite the bodies in your CAD program and export again"});
    } else {
        findings.push_back({Severity::note,
                            "bodies_united",
                            "bodies that run into each other were measured as one, of " +
                                number_text(united_volume_mm3) + " mm3",
                            ""});
    }
    put_in_order(findings);
}

void add_thinned(const WallThickness& measured, std::vector<Finding>& findings) {
    for (const bool walls : {true, false}) {
        const Widths& widths = walls ? measured.walls : measured.gaps;
        if (widths.complete) continue;
        findings.push_back({Severity::note,
                            "widths_thinned",
                            std::string{walls ? "walls" : "gaps"} + " were measured at " +
                                std::to_string(widths.samples) +
                                " places only, because long thin triangles make each one slow: a "
                                "narrow patch smaller than " +
                                number_text(widths.spacing_mm) + " mm may be missed",
                            "Export the part with triangles that are less long and thin"});
    }
    put_in_order(findings);
}

}  // namespace nearfab::geometry
