// SPDX-License-Identifier: GPL-3.0-or-later
// cura_settings.hpp - what CuraEngine must be told: all its settings, and how they follow each
// other.
//
// The engine knows no defaults and computes nothing: Cura, the program around it, does both with a
// description of every setting. Here cura_settings.txt takes its place, written for nearfab: the
// settings with a value to begin with, and which of them follow another one. Pure.

#pragma once

#include "base/result.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::agent {

using CuraSettings = std::map<std::string, std::string, std::less<>>;  // Name to value.

struct CuraSetting {
    std::string name;
    std::string value;               // To begin with: "0.4", or "=other*0.5".
    std::vector<std::string> words;  // One of these; empty: anything.
    bool ours = false;               // A profile may not say it.

    [[nodiscard]] bool is_flag() const { return value == "true" || value == "false"; }
    [[nodiscard]] bool is_number() const;
};

// The text that became part of the program.
[[nodiscard]] std::string_view cura_settings_text();

// In the order of the text.
[[nodiscard]] const std::vector<CuraSetting>& cura_settings();

// All settings for one run: those of `said`, the others with the values to begin with; what follows
// another follows what was said. In machine_start_gcode and machine_end_gcode a {name} is replaced
// by that setting's value. Error config: a {name} that is no setting, or what is said of a setting
// that others follow is no number.
[[nodiscard]] Result<CuraSettings> complete_settings(const CuraSettings& said);

// The file in which the engine reads them (its own "definition", JSON).
[[nodiscard]] std::string definition_text(const CuraSettings& settings);

// 0.2, 1250, 0.000001: never an exponent or a comma.
[[nodiscard]] std::string setting_number(double value);

}  // namespace nearfab::agent
