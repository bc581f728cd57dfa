// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/cut_sheet.hpp"

#include "host/durable_file.hpp"
#include "node-agent/machine_code/grbl_run.hpp"
#include "node-agent/prepare/toolpath_picture.hpp"
#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::agent {
namespace {

CutterProfile profile_of(const char* name) {
    auto profile = load_cutter_profile(tests::source_folder() + "/examples/profiles/" + name);
    if (!profile) FAIL(profile.error().message);
    return std::move(*profile);
}

Result<FlatPart> part_of(const std::string& name) {
    const auto bytes = read_file(tests::source_folder() + "/examples/" + name, 10'000'000);
    if (!bytes) FAIL(bytes.error().message);
    return flat_part_from(*bytes);
}

Result<FlatPart> part_from_text(std::string_view text) {
    return flat_part_from({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

CutTask task_for(const char* profile, const char* material, const std::string& design) {
    CutTask task;
    task.profile = profile_of(profile);
    task.material = MaterialId{material};
    task.bed_mm = {900, 600};
    task.density_g_cm3 = 0.68;
    auto part = part_of(design);
    if (!part) FAIL(part.error().message);
    task.pieces.push_back({std::move(*part), 1, 0});
    return task;
}

TEST_CASE("the finger box becomes code that a laser may run", "[cut_sheet]") {
    const auto files =
        cut_sheets(task_for("laser.toml", "plywood_birch", "designs/finger_box/finger_box.svg"));
    if (!files) FAIL(files.error().message);
    REQUIRE(files->sheets.size() == 1);
    const CutFile& file = files->sheets.front();
    CHECK(file.checked.cuts);
    // Six panels and the hole in one of them.
    CHECK(file.plan.facts.pierces >= 7);
    CHECK(file.plan.facts.without_lead == 0);
    CHECK(file.plan.facts.score_mm > 300);
    CHECK(file.plan.facts.engrave_mm > 1000);
    CHECK(file.seconds > 60);
    CHECK(std::abs(file.plan.facts.time_s / static_cast<double>(file.seconds) - 1) < 0.1);
    CHECK(file.gcode.find("M4 S0\n") != std::string::npos);
    CHECK(file.gcode.find("M3") == std::string::npos);
    const geometry::Picture picture = picture_of(file, {600, 300}, 0, 400);
    CHECK(picture.pixels.size() == std::size_t{picture.width} * picture.height);
    CHECK(std::count(picture.pixels.begin(), picture.pixels.end(), picture.pixels.front()) <
          static_cast<std::ptrdiff_t>(picture.pixels.size() / 2));
}

TEST_CASE("the sensor plate becomes code that a mill may run", "[cut_sheet]") {
    CutTask task = task_for("mill.toml", "plywood_birch", "designs/sensor_plate/sensor_plate.dxf");
    task.thickness_mm = 6;
    const auto files = cut_sheets(task);
    if (!files) FAIL(files.error().message);
    const CutFile& file = files->sheets.front();
    CHECK(file.checked.travel.min.z == Approx(-6.3));
    CHECK(file.gcode.find("G2 ") != std::string::npos);
    CHECK(file.gcode.find("M3 S14000") != std::string::npos);
    CHECK(file.seconds > 300);
    CHECK(file.grams == Approx(140 * 90 * 6 / 1000.0 * 0.68).epsilon(0.01));
}

TEST_CASE("many pieces are nested on sheets, and shelves are told beside", "[cut_sheet]") {
    CutTask task = task_for("laser.toml", "plywood_birch", "nesting/angle.svg");
    task.pieces.front().quantity = 24;
    task.nest_steps = 300'000;
    const auto files = cut_sheets(task);
    if (!files) FAIL(files.error().message);
    std::uint32_t parts = 0;
    for (const CutFile& file : files->sheets)
        parts += file.parts;
    CHECK(parts == 24);
    REQUIRE(files->shelf_share);
    CHECK(files->nesting.used_share > 1.1 * *files->shelf_share);
}

TEST_CASE("a part that fits only when turned is turned", "[cut_sheet]") {
    CutTask task = task_for("laser.toml", "plywood_birch", "nesting/wedge.svg");
    // 120 x 34 on a bed of 105 x 105: along the diagonal.
    task.bed_mm = {118, 118};
    task.profile.materials.front().laser.margin_mm = 0;
    const auto files = cut_sheets(task);
    if (!files) FAIL(files.error().message);
    CHECK(files->sheets.size() == 1);
    task.bed_mm = {60, 60};
    const auto no = cut_sheets(task);
    REQUIRE_FALSE(no);
    CHECK(no.error().message.find("does not fit") != std::string::npos);
}

TEST_CASE("drawings that cannot be cut say why", "[cut_sheet]") {
    const auto no_unit = part_from_text(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 90 90' fill='none' stroke='black'>"
        "<rect x='5' y='5' width='50' height='50'/></svg>");
    REQUIRE_FALSE(no_unit);
    CHECK(no_unit.error().message.find("how long its units are") != std::string::npos);
    const auto text_only = part_from_text(
        "<svg xmlns='http://www.w3.org/2000/svg' width='90mm' height='90mm' viewBox='0 0 90 90'>"
        "<text x='5' y='5'>cut me</text></svg>");
    REQUIRE_FALSE(text_only);
    CHECK(part_from_text("nothing").error().code == ErrorCode::invalid_file);
}

TEST_CASE("a drawing without a unit is cut in the one that is given", "[cut_sheet]") {
    const std::string_view text =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\">"
        "<path d=\"M10 10h72v36h-72z\" fill=\"none\" stroke=\"red\"/></svg>";
    const std::span<const std::uint8_t> bytes{reinterpret_cast<const std::uint8_t*>(text.data()),
                                              text.size()};
    const auto refused = flat_part_from(bytes);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().next.find("unit") != std::string::npos);
    const auto part = flat_part_from(bytes, false, LengthUnit::point);
    if (!part) FAIL(part.error().message);
    CHECK(part->size_mm[0] == Approx(25.4));
    CHECK(part->outlines.bounds().size().y == Approx(12.7));
}

TEST_CASE("what a designer says of lines is what the toolpath does", "[cut_sheet]") {
    const std::string_view text =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100mm\" height=\"100mm\" "
        "viewBox=\"0 0 100 100\" fill=\"none\"><path d=\"M10 10h72v36h-72z\" stroke=\"#000\"/>"
        "<path d=\"M20 20h52v16h-52z\" stroke=\"#00f\"/></svg>";
    const std::span<const std::uint8_t> bytes{reinterpret_cast<const std::uint8_t*>(text.data()),
                                              text.size()};
    const auto parts_of = [&](const LineRules& rules) {
        auto part = flat_part_from(bytes, false, LengthUnit::unstated, rules);
        if (!part) FAIL(part.error().message);
        return part->outlines;
    };
    const auto plain = parts_of({});
    CHECK(plain.loops.size() == 2);
    CHECK(plain.engravings.empty());
    const auto said = parts_of({{0x0000FF, "", LineOperation::engrave}});
    CHECK(said.loops.size() == 1);
    CHECK(said.engravings.size() == 1);
    const auto unmatched =
        flat_part_from(bytes, false, LengthUnit::unstated, {{0xFF0000, "", LineOperation::score}});
    REQUIRE_FALSE(unmatched);
    CHECK(unmatched.error().message.find("nothing is drawn in #ff0000") != std::string::npos);
}

TEST_CASE("a solid that is no plate is refused", "[cut_sheet]") {
    const auto hook = part_of("designs/hose_coupling/hose_coupling.stl");
    REQUIRE_FALSE(hook);
    CHECK(hook.error().message.find("no flat plate") != std::string::npos);
}

TEST_CASE("a plate's own thickness has to be the sheet's", "[cut_sheet]") {
    CutTask task = task_for("laser.toml", "plywood_birch", "nesting/angle.svg");
    task.pieces.front().part.thickness_mm = 8;
    task.thickness_mm = 3;
    const auto files = cut_sheets(task);
    REQUIRE_FALSE(files);
    CHECK(files.error().message.find("8 mm thick") != std::string::npos);
}

}  // namespace
}  // namespace nearfab::agent
