// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/print_profile.hpp"

#include "geometry/mesh.hpp"
#include "host/config_file.hpp"
#include "host/durable_file.hpp"
#include "node-agent/machine_code/ini_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <unistd.h>
#include <utility>

namespace nearfab::agent {
namespace {

constexpr std::size_t profile_bytes_max = 1'000'000;
constexpr double number_max = 1e6;
constexpr std::size_t text_bytes_max = 20'000;

// What would make the engine hang, or a file of nonsense, rather than an error.
struct Range {
    std::string_view setting;
    double min;
    double max;
};
constexpr std::array ranges{
    Range{"layer_height", 0.02, 2},
    Range{"layer_height_0", 0.02, 2},
    Range{"line_width", 0.05, 5},
    Range{"machine_nozzle_size", 0.05, 5},
    Range{"material_diameter", 1, 4},
    Range{"material_print_temperature", 0, 500},
    Range{"material_print_temperature_layer_0", 0, 500},
    Range{"material_bed_temperature", 0, 200},
    Range{"material_bed_temperature_layer_0", 0, 200},
    Range{"infill_line_distance", 0, 1000},
    Range{"wall_line_count", 0, 1000},
    Range{"top_layers", 0, 1'000'000},
    Range{"bottom_layers", 0, 1'000'000},
    Range{"speed_print", 0.1, 2000},
    Range{"speed_travel", 0.1, 2000},
    Range{"speed_layer_0", 0.1, 2000},
};

Range range_of(const std::string& name) {
    const auto* const known = std::find_if(
        ranges.begin(), ranges.end(), [&](const Range& range) { return range.setting == name; });
    return known == ranges.end() ? Range{name, -number_max, number_max} : *known;
}

std::optional<double> number_in(std::string_view text) {
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [parsed, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
    const bool good = error == std::errc{} && parsed == end && std::abs(value) <= number_max;
    return good ? std::optional{value} : std::nullopt;
}

std::string text_value(ConfigTable& table, const CuraSetting& setting) {
    std::string value = table.text(setting.name);
    const auto bad = std::find_if(value.begin(), value.end(), [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t';
    });
    if (bad != value.end() || value.size() > text_bytes_max || value.starts_with('=')) {
        table.complain(setting.name,
                       "\"" + setting.name +
                           "\" is longer than 20000 bytes, holds a control byte "
                           "or begins with =",
                       "write plain text");
    }
    return value;
}

std::string value_from(ConfigTable& table, const CuraSetting& setting) {
    if (!setting.words.empty()) return table.word(setting.name, setting.words);
    if (setting.is_flag()) return table.flag(setting.name) ? "true" : "false";
    if (!setting.is_number()) return text_value(table, setting);
    const Range range = range_of(setting.name);
    return setting_number(table.number(setting.name, range.min, range.max));
}

void read_settings(ConfigTable table, PrintProfile& to) {
    for (const CuraSetting& setting : cura_settings()) {
        if (setting.ours) {
            if (!table.has(setting.name)) continue;
            table.complain(setting.name,
                           "\"" + setting.name + "\" is for nearfab to say",
                           "take it out: place and size of the bed come from the agent's "
                           "configuration, and the code is Marlin's, for one tool and one part");
            continue;
        }
        if (table.has(setting.name)) {
            to.cura[setting.name] = value_from(table, setting);
        } else {
            // Asked for all the same, so that a misspelt name finds its neighbour.
            (void)table.text(setting.name, std::string{});
        }
    }
    for (const char* code : {"machine_start_gcode", "machine_end_gcode"}) {
        if (table.has(code)) continue;
        table.complain(code,
                       "the setting \"" + std::string{code} + "\" is missing",
                       "write the machine's own code there, as in "
                       "examples/profiles/small_printer_cura.toml");
    }
}

Result<PrintProfile> read(ConfigFile file, const std::string& name) {
    PrintProfile profile;
    profile.slicer = Slicer::cura_engine;
    ConfigTable root = file.root();
    (void)root.word("slicer", {"cura_engine"});
    profile.filament_density_g_cm3 = root.number("filament_density_g_cm3", 0.1, 20, 1.24);
    read_settings(root.table("settings"), profile);
    if (auto status = file.finish(); !status) return fail(status.error());
    if (const auto complete = complete_settings(profile.cura); !complete) {
        return fail(prefixed(name + ": ", complete.error()));
    }
    return profile;
}

Result<PrintProfile> load_cura_profile(const std::filesystem::path& path) {
    auto file = ConfigFile::load(path);
    if (!file) return fail(file.error());
    return read(std::move(*file), path.string());
}

// "0x0,120x0,120x68,0x68": the corners of the bed.
std::optional<geometry::Bounds> bed_from(std::string_view text) {
    geometry::Bounds box{{number_max, number_max, 0}, {-number_max, -number_max, 0}};
    int corners = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(','), text.size());
        const std::string_view corner = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        const std::size_t cross = std::min(corner.find('x'), corner.size() - 1);
        const auto x = number_in(corner.substr(0, cross));
        const auto y = number_in(corner.substr(cross + 1));
        if (!x || !y) return std::nullopt;
        box.min = {std::min(box.min.x, *x), std::min(box.min.y, *y), 0};
        box.max = {std::max(box.max.x, *x), std::max(box.max.y, *y), 0};
        ++corners;
    }
    const bool flat = box.max.x - box.min.x < 1 || box.max.y - box.min.y < 1;
    return corners < 3 || flat ? std::nullopt : std::optional{box};
}

Result<ResinPrinter> resin_from(const IniText& ini, const std::string& file) {
    std::string missing;
    const auto within = [&](const char* name, double min, double max) {
        const auto value = ini.number(name);
        const bool good = value && *value >= min && *value <= max;
        if (!good && missing.empty()) missing = name;
        return good ? *value : min;
    };
    ResinPrinter printer;
    Sl1Limits& limits = printer.limits;
    limits.pixels_x = static_cast<std::uint32_t>(within("display_pixels_x", 100, 20'000));
    limits.pixels_y = static_cast<std::uint32_t>(within("display_pixels_y", 100, 20'000));
    limits.display_x_mm = within("display_width", 10, 1000);
    limits.display_y_mm = within("display_height", 10, 1000);
    limits.height_mm = within("max_print_height", 1, 2000);
    // The machine's own limits of exposure, where the profile knows them.
    if (ini.text("max_exposure_time")) {
        limits.exposure_s_max = within("max_exposure_time", 1, 1000);
    }
    if (ini.text("max_initial_exposure_time")) {
        limits.first_exposure_s_max = within("max_initial_exposure_time", 1, 1000);
    }
    if (ini.text("material_density")) printer.resin_g_cm3 = within("material_density", 0.5, 5);
    const auto bed = bed_from(ini.text("bed_shape").value_or(""));
    if (!bed && missing.empty()) missing = "bed_shape";
    if (!missing.empty()) {
        return fail(ErrorCode::config,
                    file + ": " + missing + " is missing, or no sensible number",
                    "a resin printer's profile needs display_pixels_x and _y, display_width and "
                    "_height, max_print_height and bed_shape, as in "
                    "examples/profiles/resin_printer.ini");
    }
    printer.bed_mm = {bed->max.x - bed->min.x, bed->max.y - bed->min.y};
    printer.bed_centre_mm = {(bed->min.x + bed->max.x) / 2, (bed->min.y + bed->max.y) / 2};
    return printer;
}

Result<PrintProfile> load_prusa_profile(const std::filesystem::path& path) {
    const auto bytes = read_file(path, profile_bytes_max);
    if (!bytes) return fail(bytes.error());
    const auto ini = IniText::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()},
                                    path.string());
    if (!ini) return fail(ini.error());
    PrintProfile profile;
    const std::string technology = ini->text("printer_technology").value_or("FFF");
    if (technology == "SLA") {
        auto resin = resin_from(*ini, path.string());
        if (!resin) return fail(resin.error());
        profile.resin = std::move(*resin);
    } else if (technology != "FFF") {
        return fail(ErrorCode::config,
                    path.string() + ": printer_technology is " + technology +
                        ", which is neither FFF nor SLA",
                    "export the profile again from PrusaSlicer");
    }
    return profile;
}

}  // namespace

std::string_view slicer_name(Slicer slicer) {
    return slicer == Slicer::cura_engine ? "CuraEngine" : "PrusaSlicer";
}

std::string_view package_of(Slicer slicer) {
    return slicer == Slicer::cura_engine ? "cura-engine" : "prusa-slicer";
}

Status check_slicer(Slicer slicer, const std::filesystem::path& program) {
    std::error_code cause;
    if (std::filesystem::is_regular_file(program, cause) && ::access(program.c_str(), X_OK) == 0) {
        return {};
    }
    const bool cura = slicer == Slicer::cura_engine;
    return fail(ErrorCode::unavailable,
                std::string{slicer_name(slicer)} + " is not installed at " + program.string(),
                "install the package " + std::string{package_of(slicer)} +
                    ", or write its place under [agent]: " + (cura ? "cura_engine" : "slicer") +
                    " = \"/...\"");
}

Result<PrintProfile> load_print_profile(const std::filesystem::path& file) {
    auto profile = file.extension() == ".toml" ? load_cura_profile(file) : load_prusa_profile(file);
    if (profile) profile->file = file;
    return profile;
}

Result<PrintProfile> parse_cura_profile(std::string_view text, const std::string& file_name) {
    auto parsed = ConfigFile::parse(text, file_name);
    if (!parsed) return fail(parsed.error());
    return read(std::move(*parsed), file_name);
}

}  // namespace nearfab::agent
