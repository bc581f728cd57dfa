// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/settings_file.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace nearfab::cli {
namespace {

std::optional<std::vector<double>> numbers_in(const toml::array& list) {
    std::vector<double> numbers;
    for (const toml::node& entry : list) {
        const auto number = entry.value<double>();
        if (!number || !entry.is_number()) return std::nullopt;
        numbers.push_back(*number);
    }
    return numbers;
}

std::string place_in(std::string_view file_name, std::uint32_t line) {
    return std::string{file_name} + ":" + std::to_string(line) + ": ";
}

}  // namespace

Result<std::vector<SettingsEntry>> parse_settings_file(std::string_view text,
                                                       std::string_view file_name) {
    std::vector<SettingsEntry> entries;
    try {
        const toml::table table = toml::parse(text, file_name);
        for (const auto& [key, node] : table) {
            const std::string name{key.str()};
            const auto line = static_cast<std::uint32_t>(key.source().begin.line);
            if (const auto value = node.value_exact<std::string>()) {
                entries.push_back({name, *value, line});
                continue;
            }
            const toml::array* list = node.as_array();
            auto numbers = list == nullptr ? std::nullopt : numbers_in(*list);
            if (!numbers) {
                return fail(ErrorCode::config,
                            place_in(file_name, line) + "`" + name +
                                "` must be a text in quotes or a list of numbers",
                            "mend that line");
            }
            entries.push_back({name, std::move(*numbers), line});
        }
    } catch (const toml::parse_error& problem) {
        const auto line = static_cast<std::uint32_t>(problem.source().begin.line);
        return fail(ErrorCode::config,
                    place_in(file_name, line) + std::string{problem.description()},
                    "mend that line");
    }
    std::sort(entries.begin(), entries.end(), [](const SettingsEntry& a, const SettingsEntry& b) {
        return a.line < b.line;
    });
    return entries;
}

}  // namespace nearfab::cli
