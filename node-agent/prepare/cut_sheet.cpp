// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/cut_sheet.hpp"

#include "geometry/flat/drawing_file.hpp"
#include "geometry/flat/plate.hpp"
#include "geometry/number_text.hpp"
#include "geometry/part_report.hpp"
#include "toolpath/grbl_text.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace nearfab::agent {
namespace {

namespace tp = toolpath;

constexpr double radians = std::numbers::pi / 180;

tp::OutlineOptions outline_options(bool slits) {
    tp::OutlineOptions options;
    options.slits = slits;
    return options;
}

Result<FlatPart> part_from_drawing(std::span<const std::uint8_t> file,
                                   bool slits,
                                   LengthUnit unit,
                                   const LineRules& rules) {
    geometry::DrawingOptions options;
    options.unit = unit;
    options.operations = geometry::operation_rules_of(rules);
    const auto drawing = geometry::read_drawing(file, options);
    if (!drawing) return fail(drawing.error());
    if (!drawing->unit.stated) {
        return fail(
            ErrorCode::invalid_file,
            "the drawing does not say how long its units are (" + drawing->unit.explanation + ")",
            "Say it with --unit, or export it again with a unit: $INSUNITS in DXF, width and "
            "height in mm in SVG");
    }
    for (const geometry::Remark& remark : drawing->remarks) {
        // What was meant by it would be cut.
        if (remark.rule == "operation_unmatched")
            return fail(ErrorCode::invalid_file, remark.message, remark.next);
    }
    auto outlines = tp::outlines_of(*drawing, outline_options(slits));
    if (!outlines) return fail(outlines.error());
    const geometry::Vec2 size =
        geometry::bounds_of(*drawing).value_or(geometry::FlatBounds{}).size();
    FlatPart part{std::move(*outlines), std::nullopt, {}, {size.x, size.y, 0}};
    for (const geometry::Remark& remark : drawing->remarks)
        part.remarks.push_back(remark.message);
    return part;
}

Result<FlatPart> part_from_mesh(std::span<const std::uint8_t> file, LengthUnit unit) {
    geometry::ReadLimits reading;
    reading.unit = unit;
    const auto mesh = geometry::read_mesh(file, reading);
    if (!mesh) return fail(mesh.error());
    const auto plate = geometry::plate_of(*mesh);
    if (!plate) {
        return fail(ErrorCode::invalid_file,
                    "the part is no flat plate with walls square to it, and only those are cut "
                    "from a sheet here",
                    "Have it printed, or let a person prepare it for a mill");
    }
    auto outlines = tp::outlines_of(plate->profile);
    if (!outlines) return fail(outlines.error());
    const geometry::Vec3 size = geometry::bounds_of(*mesh).size();
    return FlatPart{std::move(*outlines), plate->thickness_mm, {}, {size.x, size.y, size.z}};
}

class Cutter {
public:
    Cutter(const CutTask& task, CutterMaterial row) : task_{task}, row_{std::move(row)} {
        geometry::Vec2& sheet = common().sheet_mm;
        sheet = {std::min(sheet.x, task.bed_mm.x), std::min(sheet.y, task.bed_mm.y)};
    }

    Result<CutFiles> run() {
        auto nesting = lay_out();
        if (!nesting) return fail(nesting.error());
        CutFiles files;
        files.nesting = std::move(*nesting);
        files.row = row_;
        compare(files);
        for (std::uint32_t sheet = 0; sheet < files.nesting.sheets; ++sheet) {
            auto file = make(files.nesting, sheet);
            if (!file) return fail(file.error());
            files.sheets.push_back(std::move(*file));
        }
        return files;
    }

private:
    [[nodiscard]] bool laser() const { return task_.profile.kind == CutterKind::laser; }
    tp::CutterSettings& common() {
        return laser() ? static_cast<tp::CutterSettings&>(row_.laser) : row_.mill;
    }
    [[nodiscard]] double tool_mm() const {
        return laser() ? row_.laser.kerf_mm : row_.mill.tool_mm;
    }

    std::vector<tp::NestPart> nest_parts(double turn) const {
        std::vector<tp::NestPart> parts;
        for (const CutPiece& piece : task_.pieces) {
            tp::NestPart part;
            part.loops = tp::moved(piece.part.outlines, turn, {}).loops;
            if (part.loops.empty()) part.loops = frame_of(piece.part.outlines, turn);
            part.quantity = piece.quantity;
            part.may_turn = !row_.grain;
            parts.push_back(std::move(part));
        }
        return parts;
    }

    // What is only engraved takes the room of its box.
    static std::vector<tp::Polygon> frame_of(const tp::Outlines& outlines, double turn) {
        const auto b = tp::moved(outlines, turn, {}).bounds();
        return {{b.min, {b.max.x, b.min.y}, b.max, {b.min.x, b.max.y}}};
    }

    tp::NestOptions nest_options() {
        tp::NestOptions options;
        options.sheet_mm = common().sheet_mm;
        // The cut lies round the part, inside the margin.
        options.margin_mm = common().margin_mm + tool_mm();
        options.gap_mm = row_.gap_mm + tool_mm();
        std::uint64_t copies = 0;
        for (const CutPiece& piece : task_.pieces)
            copies += piece.quantity;
        options.steps = copies > 1 ? task_.nest_steps : 1;
        return options;
    }

    // In quarter turns; if a part fits in none, then turned as it was matched, then by every 5
    // degrees.
    Result<tp::Nesting> lay_out() {
        const tp::NestOptions options = nest_options();
        auto nesting = tp::nest(nest_parts(0), options);
        if (nesting || row_.grain) return nesting;
        std::vector<double> turns;
        for (const CutPiece& piece : task_.pieces)
            turns.push_back(piece.turn_deg);
        for (double degrees = 5; degrees < 90; degrees += 5)
            turns.push_back(degrees);
        for (const double degrees : turns) {
            auto turned = tp::nest(nest_parts(degrees * radians), options);
            if (!turned) continue;
            turn_ = degrees * radians;
            return turned;
        }
        return nesting;
    }

    void compare(CutFiles& files) {
        if (files.nesting.placed.size() < 2) return;
        if (const auto shelf = tp::shelf_nest(nest_parts(turn_), nest_options())) {
            files.shelf_share = shelf->used_share;
        }
    }

    Result<CutFile> make(const tp::Nesting& nesting, std::uint32_t sheet) {
        CutFile file;
        for (const tp::PlacedPart& placed : nesting.placed) {
            if (placed.sheet != sheet) continue;
            const tp::Outlines there =
                tp::moved(task_.pieces[placed.part].part.outlines, turn_ + placed.angle, placed.by);
            const geometry::Vec2 size = there.bounds().size();
            file.grams += size.x * size.y * row_.thickness_mm / 1000 * task_.density_g_cm3;
            tp::append(file.layout, there);
            ++file.parts;
        }
        auto plan = laser() ? tp::plan_laser(file.layout, row_.laser)
                            : tp::plan_mill(file.layout, row_.mill);
        if (!plan) return fail(plan.error());
        file.plan = std::move(*plan);
        file.gcode = tp::grbl_text(file.plan.path);
        auto checked = check_grbl(file.gcode, limits());
        if (!checked) {
            return fail(checked.error().code,
                        "the planned code is not safe for this machine: " + checked.error().message,
                        "correct the machine's profile, or report this as a fault of nearfab");
        }
        file.checked = *checked;
        const auto run = plan_grbl_run(file.gcode, task_.profile.dynamics);
        if (!run) return fail(run.error());
        file.seconds = std::llround(std::ceil(run->total_s));
        return file;
    }

    [[nodiscard]] CutterLimits limits() const {
        CutterLimits limits = limits_for(task_.profile, row_);
        limits.area_mm = {std::min(limits.area_mm.x, task_.bed_mm.x),
                          std::min(limits.area_mm.y, task_.bed_mm.y)};
        return limits;
    }

    const CutTask& task_;
    CutterMaterial row_;
    double turn_ = 0;  // Of all parts, before nesting turns them.
};

}  // namespace

Result<FlatPart> flat_part_from(std::span<const std::uint8_t> file,
                                bool slits,
                                LengthUnit unit,
                                const LineRules& rules) {
    if (geometry::is_drawing(file)) return part_from_drawing(file, slits, unit, rules);
    return part_from_mesh(file, unit);
}

Result<CutFiles> cut_sheets(const CutTask& task) {
    std::optional<double> thickness = task.thickness_mm;
    for (const CutPiece& piece : task.pieces) {
        if (!piece.part.thickness_mm) continue;
        if (!thickness) thickness = piece.part.thickness_mm;
        const double most = std::max(same_thickness_mm, same_thickness_share * *thickness);
        if (std::abs(*thickness - *piece.part.thickness_mm) > most) {
            return fail(ErrorCode::invalid_argument,
                        "a plate is " + geometry::number_text(*piece.part.thickness_mm) +
                            " mm thick, and the sheet " + geometry::number_text(*thickness) + " mm",
                        "Give the thickness of the plate, or change the plate");
        }
    }
    auto row = material_row(task.profile, task.material, thickness);
    if (!row) return fail(row.error());
    return Cutter{task, std::move(*row)}.run();
}

}  // namespace nearfab::agent
