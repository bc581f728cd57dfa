// SPDX-License-Identifier: GPL-3.0-or-later
// settings_file.hpp - flat TOML files of the person: settings and places.

#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nearfab::cli {

struct SettingsEntry {
    std::string key;
    std::variant<std::string, std::vector<double>> value;
    std::uint32_t line = 0;  // From 1.
};

// `key = "text"` and `key = [numbers]`, in the order of the file; nothing else is allowed.
// `file_name` is used in messages only. Error config: "config.toml:3: ...".
[[nodiscard]] Result<std::vector<SettingsEntry>> parse_settings_file(std::string_view text,
                                                                     std::string_view file_name);

}  // namespace nearfab::cli
