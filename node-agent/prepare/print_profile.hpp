// SPDX-License-Identifier: GPL-3.0-or-later
// print_profile.hpp - the fab's own settings for a printer, and the slicer that they are for.
//
// The profile chooses the slicer:
//   printer.ini   PrusaSlicer, as its File > Export > Export Config writes it; its
//                 printer_technology says whether it is for filament or for resin
//   printer.toml  `slicer = "cura_engine"` and the engine's [settings]; read strictly:
//                 examples/profiles/small_printer_cura.toml
// A profile is trusted, as everything the operator writes is; what comes of it still goes through
// the gate. Settings of CuraEngine that place the part or name files are nearfab's to say.

#pragma once

#include "base/result.hpp"
#include "geometry/vector.hpp"
#include "node-agent/machine_code/sl1_gate.hpp"
#include "node-agent/prepare/cura_settings.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace nearfab::agent {

enum class Slicer : std::uint8_t { prusa_slicer, cura_engine };

[[nodiscard]] std::string_view slicer_name(Slicer slicer);  // "PrusaSlicer", for people.
[[nodiscard]] std::string_view package_of(Slicer slicer);   // Debian's.

// Where the programs are.
struct SlicerPrograms {
    std::filesystem::path prusa_slicer = "/usr/bin/prusa-slicer";
    std::filesystem::path cura_engine = "/usr/bin/CuraEngine";

    [[nodiscard]] const std::filesystem::path& of(Slicer slicer) const {
        return slicer == Slicer::cura_engine ? cura_engine : prusa_slicer;
    }
};

// Error unavailable: it is not there, or no program; with the package to install.
[[nodiscard]] Status check_slicer(Slicer slicer, const std::filesystem::path& program);

struct ResinPrinter {
    Sl1Limits limits;
    geometry::Vec2 bed_mm;  // Its size, and its middle as the slicer counts.
    geometry::Vec2 bed_centre_mm;
    double resin_g_cm3 = 1.1;  // Of materials that nearfab does not know.
};

struct PrintProfile {
    std::filesystem::path file;  // Absolute.
    Slicer slicer = Slicer::prusa_slicer;
    CuraSettings cura;  // What the profile says; the others have their values to begin with.
    double filament_density_g_cm3 = 0;  // For CuraEngine, which weighs nothing. DEFAULT: PLA's.
    std::optional<ResinPrinter> resin = std::nullopt;  // Nothing: it is for filament.
};

// Errors: config with file:line, the cause and what to write instead; not_found and storage.
[[nodiscard]] Result<PrintProfile> load_print_profile(const std::filesystem::path& file);
[[nodiscard]] Result<PrintProfile> parse_cura_profile(std::string_view text,
                                                      const std::string& file_name);

}  // namespace nearfab::agent
