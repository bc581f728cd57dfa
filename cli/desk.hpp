// SPDX-License-Identifier: GPL-3.0-or-later
// desk.hpp - what every verb works with: the screen, the settings and the person's folders.

#pragma once

#include "cli/settings.hpp"
#include "cli/user_paths.hpp"
#include "terminal/screen.hpp"

#include "step/program_place.hpp"
#include <filesystem>

namespace nearfab::cli {

struct Desk {
    const Screen& screen;
    Settings settings;
    UserPaths paths;
    step::ProgramPlaces step_program;

    [[nodiscard]] std::filesystem::path places_file() const { return paths.config / "places.toml"; }
    [[nodiscard]] std::filesystem::path submissions() const { return paths.state / "submissions"; }
};

}  // namespace nearfab::cli
