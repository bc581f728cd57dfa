// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/prepare_command.hpp"

#include "geometry/number_text.hpp"
#include "geometry/picture/png.hpp"
#include "host/durable_file.hpp"
#include "node-agent/prepare/toolpath_picture.hpp"
#include "proto/model/limits.hpp"
#include "proto/model/material.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <span>

namespace nearfab::agent {
namespace {

namespace fs = std::filesystem;

std::string rounded(double value, double step) {
    return geometry::number_text(std::round(value / step) * step + 0.0);
}

// "box.svg*4" is four of box.svg, unless a file of that whole name is there.
struct Wanted {
    fs::path file;
    std::uint32_t quantity = 1;
};

Result<Wanted> wanted_from(const std::string& text) {
    std::error_code problem;
    const std::size_t star = text.rfind('*');
    if (star == std::string::npos || fs::exists(text, problem)) return Wanted{text, 1};
    std::uint32_t quantity = 0;
    const char* end = text.data() + text.size();
    const auto [parsed, error] = std::from_chars(text.data() + star + 1, end, quantity);
    if (error != std::errc{} || parsed != end || quantity == 0 || quantity > 1000) {
        return fail(ErrorCode::invalid_argument,
                    "\"" + text.substr(star) + "\" is no number of pieces",
                    "write FILE*4 for four pieces, at most 1000");
    }
    return Wanted{text.substr(0, star), quantity};
}

Result<CutPiece> piece_from(const std::string& text, const PrepareRequest& request) {
    const auto wanted = wanted_from(text);
    if (!wanted) return fail(wanted.error());
    const auto bytes = read_file(wanted->file, limits::design_bytes_max);
    if (!bytes) return fail(bytes.error());
    auto part = flat_part_from(*bytes, request.slits, request.unit, request.operations);
    if (!part) return fail(prefixed(wanted->file.string() + ": ", part.error()));
    return CutPiece{std::move(*part), wanted->quantity, 0};
}

fs::path numbered(const fs::path& path, std::size_t sheet) {
    if (sheet == 0) return path;
    fs::path name = path.stem();
    name += "-" + std::to_string(sheet + 1);
    name += path.extension();
    return path.parent_path() / name;
}

std::string corners_text(const std::vector<toolpath::Leftover>& leftovers) {
    if (leftovers.empty()) return {};
    double area = 0;
    for (const toolpath::Leftover& leftover : leftovers)
        area = std::max(area, leftover.area_mm2);
    return "  " + std::to_string(leftovers.size()) +
           (leftovers.size() == 1 ? " inner corner keeps" : " inner corners keep") +
           " the tool's radius, up to " + rounded(area, 0.01) + " mm2 of material\n";
}

std::string sheet_text(const CutFiles& files, std::size_t sheet) {
    const CutFile& file = files.sheets[sheet];
    const toolpath::PlanFacts& facts = file.plan.facts;
    std::string text =
        "sheet " + std::to_string(sheet + 1) + " of " + std::to_string(files.sheets.size()) + ": " +
        std::to_string(file.parts) + (file.parts == 1 ? " part, " : " parts, ") +
        std::to_string(file.checked.lines) + " lines, " + std::to_string(file.seconds) + " s\n";
    text += "  cut " + rounded(facts.cut_mm, 1) + " mm in " + std::to_string(facts.pierces) +
            " starts, scored " + rounded(facts.score_mm, 1) + " mm, engraved " +
            rounded(facts.engrave_mm, 1) + " mm, travelled " + rounded(facts.travel_mm, 1) +
            " mm\n";
    if (facts.without_lead > 0) {
        text += "  " + std::to_string(facts.without_lead) +
                " cuts had no room for a lead-in and begin on their line\n";
    }
    return text + corners_text(facts.leftovers);
}

Status write_text(const fs::path& path, const std::string& text) {
    return write_durably(
        path, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, 0644);
}

Status write_sheet(const PrepareRequest& request, const CutFiles& files, std::size_t sheet) {
    const CutFile& file = files.sheets[sheet];
    if (!request.out.empty()) {
        if (Status status = write_text(numbered(request.out, sheet), file.gcode); !status) {
            return status;
        }
    }
    if (request.picture.empty()) return {};
    const bool mill = file.plan.path.kind == toolpath::MachineKind::mill;
    const auto& m = files.row.mill;
    const auto picture = picture_of(file,
                                    mill ? m.sheet_mm : files.row.laser.sheet_mm,
                                    mill ? m.tab_height_mm - m.thickness_mm : 0);
    const auto png = geometry::png_of(picture);
    if (!png) return fail(png.error());
    return write_durably(numbered(request.picture, sheet), *png, 0644);
}

}  // namespace

Result<std::string> prepare_by_hand(const PrepareRequest& request) {
    CutTask task;
    auto profile = load_cutter_profile(request.profile);
    if (!profile) return fail(profile.error());
    task.profile = std::move(*profile);
    const auto material = find_material(request.material);
    if (!material) {
        return fail(ErrorCode::invalid_argument,
                    "no material is called \"" + request.material + "\"",
                    "use one of: " + known_material_ids());
    }
    task.material = MaterialId{std::string{material->id}};
    task.density_g_cm3 = material->density_g_cm3;
    task.thickness_mm = request.thickness_mm;
    task.bed_mm = request.bed_mm;
    std::string text;
    for (const std::string& file : request.files) {
        auto piece = piece_from(file, request);
        if (!piece) return fail(piece.error());
        for (const std::string& remark : piece->part.remarks)
            text += file + ": " + remark + "\n";
        task.pieces.push_back(std::move(*piece));
    }
    const auto files = cut_sheets(task);
    if (!files) return fail(files.error());
    for (std::size_t sheet = 0; sheet < files->sheets.size(); ++sheet) {
        if (Status status = write_sheet(request, *files, sheet); !status) {
            return fail(status.error());
        }
        text += sheet_text(*files, sheet);
    }
    if (files->shelf_share) {
        text += "used " + rounded(100 * files->nesting.used_share, 0.1) +
                " % of the material; plain shelves would use " +
                rounded(100 * *files->shelf_share, 0.1) + " %\n";
    }
    return text;
}

}  // namespace nearfab::agent
