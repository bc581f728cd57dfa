// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/cutter_profile.hpp"

#include "geometry/number_text.hpp"
#include "host/config_file.hpp"
#include "proto/model/material.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace nearfab::agent {
namespace {

// Chlorine, hydrogen cyanide, soot that burns: a list of what fab labs forbid under lasers.
constexpr std::array<std::string_view, 5> never_lasered{"abs", "asa", "hips", "pc", "hdpe"};

std::array<double, 3> three(ConfigTable& table, const char* key, double min, double max) {
    const auto values = table.numbers(key, 3, min, max);
    return {values[0], values[1], values[2]};
}

void read_machine(ConfigTable machine, CutterProfile& to) {
    const bool mill = to.kind == CutterKind::mill;
    to.s_max = machine.number("s_max", 1, 100'000);
    to.s_min = mill ? machine.number("s_min", 1, 100'000) : 0;
    to.feed_max_mm_min = machine.number("feed_max_mm_min", 1, 100'000);
    toolpath::MachineMotion& motion = to.dynamics.motion;
    motion.rapid_mm_min = three(machine, "rapid_mm_min", 1, 100'000);
    motion.acceleration_mm_s2 = three(machine, "acceleration_mm_s2", 0.1, 100'000);
    motion.junction_deviation_mm = machine.number("junction_deviation_mm", 0.0001, 1, 0.01);
    to.dynamics.arc_tolerance_mm = machine.number("arc_tolerance_mm", 0.0005, 0.1, 0.002);
    to.dynamics.look_ahead = static_cast<std::uint32_t>(machine.whole("look_ahead", 1, 10'000, 15));
    to.assist = machine.flag(mill ? "coolant" : "air", false);
    if (!mill) return;
    to.safe_z_mm = machine.number("safe_z_mm", 1, 200, 5.0);
    to.spin_up_s = machine.number("spin_up_s", 0, 10, 4.0);
}

void read_common(ConfigTable& row, const CutterProfile& profile, toolpath::CutterSettings& to) {
    const auto sheet = row.numbers("sheet_mm", 2, 1, 10'000);
    to.sheet_mm = {sheet[0], sheet[1]};
    to.margin_mm = row.number("margin_mm", 0, 500, 5.0);
    to.slits = row.flag("slits", false);
    to.motion = profile.dynamics.motion;
}

toolpath::Beam read_beam(ConfigTable& row, const char* key, const CutterProfile& profile) {
    if (!row.has(key)) {
        row.complain(
            key,
            "the setting \"" + std::string{key} + "\" is missing",
            "write " + std::string{key} + " = {power = 0.5, feed_mm_min = 600}, after a test cut");
        return {};
    }
    ConfigTable table = row.table(key);
    toolpath::Beam beam;
    beam.power = table.number("power", 0.01, 1);
    beam.feed_mm_min = table.number("feed_mm_min", 1, profile.feed_max_mm_min);
    beam.passes = static_cast<std::uint32_t>(table.whole("passes", 1, 50, 1));
    return beam;
}

void read_laser(ConfigTable& row, const CutterProfile& profile, CutterMaterial& to) {
    toolpath::LaserSettings& s = to.laser;
    read_common(row, profile, s);
    s.s_max = profile.s_max;
    s.air = profile.assist;
    s.kerf_mm = row.number("kerf_mm", 0.01, 2);
    s.cut = read_beam(row, "cut", profile);
    s.score = read_beam(row, "score", profile);
    s.engrave = read_beam(row, "engrave", profile);
    s.engrave_line_mm = row.number("engrave_line_mm", 0.02, 5, 0.1);
    s.lead_in_mm = row.number("lead_in_mm", 0, 20, 2.0);
    s.overcut_mm = row.number("overcut_mm", 0, 5, 0.5);
    s.tabs = static_cast<std::uint32_t>(row.whole("tabs", 0, 100, 0));
    s.tab_mm = row.number("tab_mm", 0.1, 10, 0.4);
}

void read_mill(ConfigTable& row, const CutterProfile& profile, CutterMaterial& to) {
    toolpath::MillSettings& s = to.mill;
    read_common(row, profile, s);
    s.thickness_mm = to.thickness_mm;
    s.safe_z_mm = profile.safe_z_mm;
    s.spin_up_s = profile.spin_up_s;
    s.coolant = profile.assist;
    s.tool_mm = row.number("tool_mm", 0.1, 50);
    s.spindle_rpm = row.number("spindle_rpm", profile.s_min, profile.s_max);
    s.feed_mm_min = row.number("feed_mm_min", 1, profile.feed_max_mm_min);
    s.plunge_mm_min = row.number("plunge_mm_min", 1, profile.feed_max_mm_min);
    s.step_down_mm = row.number("step_down_mm", 0.02, 50);
    s.step_over = row.number("step_over", 0.05, 0.9, 0.4);
    s.ramp_deg = row.number("ramp_deg", 0.5, 45, 3.0);
    s.through_mm = row.number("through_mm", 0, 5, 0.3);
    s.engrave_depth_mm =
        row.number("engrave_depth_mm", 0.01, to.thickness_mm, std::min(1.0, to.thickness_mm / 2));
    s.score_depth_mm =
        row.number("score_depth_mm", 0.01, to.thickness_mm, std::min(0.5, to.thickness_mm / 2));
    s.tabs = static_cast<std::uint32_t>(row.whole("tabs", 0, 100, 4));
    s.tab_mm = row.number("tab_mm", 0.5, 50, 4.0);
    s.tab_height_mm =
        row.number("tab_height_mm", 0.1, to.thickness_mm, std::min(1.5, to.thickness_mm / 2));
    s.slug_mm = row.number("slug_mm", 0, 200, 12.0);
}

void read_material(ConfigTable& row, CutterProfile& profile) {
    CutterMaterial to;
    const std::string name = row.text("id");
    const auto known = find_material(name);
    if (!known && !name.empty()) {
        const auto like = material_like(name);
        row.complain("id",
                     "no material is called \"" + name + "\"",
                     like ? "did you mean \"" + std::string{*like} + "\"?"
                          : "use one of: " + known_material_ids());
    }
    to.material = MaterialId{known ? std::string{known->id} : name};
    const bool forbidden =
        std::find(never_lasered.begin(), never_lasered.end(), to.material.text()) !=
        never_lasered.end();
    if (profile.kind == CutterKind::laser && forbidden) {
        row.complain("id",
                     to.material.text() + " gives off poison or burns under a laser",
                     "take it out; mill it, or use acrylic or wood");
    }
    to.thickness_mm = row.number("thickness_mm", 0.05, 200);
    to.source = row.text("source");
    to.gap_mm = row.number("gap_mm", 0, 100, 2.0);
    to.grain = row.flag("grain", false);
    profile.kind == CutterKind::laser ? read_laser(row, profile, to) : read_mill(row, profile, to);
    const bool twice = std::any_of(
        profile.materials.begin(), profile.materials.end(), [&](const CutterMaterial& other) {
            return other.material == to.material && other.thickness_mm == to.thickness_mm;
        });
    if (twice) {
        row.complain("id",
                     "two rows for " + to.material.text() + " of " +
                         geometry::number_text(to.thickness_mm) + " mm",
                     "keep one of them");
    }
    profile.materials.push_back(std::move(to));
}

Result<CutterProfile> read(ConfigFile file) {
    CutterProfile profile;
    ConfigTable root = file.root();
    profile.kind =
        root.word("kind", {"laser", "mill"}) == "mill" ? CutterKind::mill : CutterKind::laser;
    (void)root.word("dialect", {"grbl"});
    if (!root.has("machine")) {
        root.complain(
            "machine", "the table [machine] is missing", "examples/profiles has complete profiles");
    }
    read_machine(root.table("machine"), profile);
    for (ConfigTable& row : root.tables("material"))
        read_material(row, profile);
    if (profile.materials.empty() || profile.materials.size() > 500) {
        root.complain("material",
                      "a profile needs 1 to 500 rows [[material]], this one has " +
                          std::to_string(profile.materials.size()),
                      "add [[material]] with what you have cut with this machine");
    }
    if (auto status = file.finish(); !status) return fail(status.error());
    return profile;
}

std::string rows_text(const CutterProfile& profile, const MaterialId& material) {
    std::string text;
    for (const CutterMaterial& row : profile.materials) {
        if (row.material != material) continue;
        text += (text.empty() ? "" : ", ") + geometry::number_text(row.thickness_mm) + " mm";
    }
    return text;
}

bool same_thickness(double a, double b) {
    return std::abs(a - b) <= std::max(same_thickness_mm, same_thickness_share * b);
}

}  // namespace

Result<CutterProfile> load_cutter_profile(const std::filesystem::path& file) {
    auto loaded = ConfigFile::load(file);
    if (!loaded) return fail(loaded.error());
    return read(std::move(*loaded));
}

Result<CutterProfile> parse_cutter_profile(std::string_view text, const std::string& file_name) {
    auto parsed = ConfigFile::parse(text, file_name);
    if (!parsed) return fail(parsed.error());
    return read(std::move(*parsed));
}

Result<CutterMaterial> material_row(const CutterProfile& profile,
                                    const MaterialId& material,
                                    std::optional<double> thickness_mm) {
    const CutterMaterial* best = nullptr;
    std::size_t rows = 0;
    for (const CutterMaterial& row : profile.materials) {
        if (row.material != material) continue;
        ++rows;
        if (thickness_mm && !same_thickness(*thickness_mm, row.thickness_mm)) continue;
        const bool nearer =
            best == nullptr || (thickness_mm && std::abs(row.thickness_mm - *thickness_mm) <
                                                    std::abs(best->thickness_mm - *thickness_mm));
        if (nearer) best = &row;
    }
    const std::string there = rows_text(profile, material);
    if (rows == 0) {
        return fail(ErrorCode::config,
                    "the machine's profile has no settings for " + material.text(),
                    "make a test cut, and add a row [[material]] to the profile");
    }
    if (!thickness_mm && rows > 1) {
        return fail(ErrorCode::config,
                    "the thickness of the " + material.text() +
                        " sheet is not given, and the "
                        "profile has " +
                        there,
                    "give the thickness with the job (--thickness)");
    }
    if (best == nullptr) {
        return fail(ErrorCode::config,
                    "the machine's profile has no settings for " + material.text() + " of " +
                        geometry::number_text(*thickness_mm) + " mm, only for " + there,
                    "make a test cut, and add a row [[material]] to the profile");
    }
    return *best;
}

CutterLimits limits_for(const CutterProfile& profile, const CutterMaterial& row) {
    const bool laser = profile.kind == CutterKind::laser;
    CutterLimits limits;
    limits.kind = profile.kind;
    limits.area_mm = laser ? row.laser.sheet_mm : row.mill.sheet_mm;
    limits.feed_mm_min = profile.feed_max_mm_min;
    limits.s_min = profile.s_min;
    limits.s_max = profile.s_max;
    limits.safe_z_mm = profile.safe_z_mm;
    limits.spin_up_s = profile.spin_up_s;
    // The last digit that is written.
    limits.depth_mm = laser ? 0 : row.mill.thickness_mm + row.mill.through_mm + 0.001;
    return limits;
}

CutterLimits limits_for(const CutterProfile& profile, const geometry::Vec2& area_mm) {
    CutterLimits all;
    for (const CutterMaterial& row : profile.materials) {
        const CutterLimits one = limits_for(profile, row);
        const double depth = std::max(all.depth_mm, one.depth_mm);
        all = one;
        all.depth_mm = depth;
    }
    all.area_mm = area_mm;
    return all;
}

}  // namespace nearfab::agent
