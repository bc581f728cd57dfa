// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/ini_text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace nearfab::agent {
namespace {

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r";
    const std::size_t first = text.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

tl::unexpected<Error> no_profile(const std::string& file,
                                 std::uint32_t line,
                                 const std::string& what) {
    return fail(ErrorCode::config,
                file + ":" + std::to_string(line) + ": " + what,
                "export one printer's settings from PrusaSlicer: File > Export > Export Config");
}

}  // namespace

Result<IniText> IniText::parse(std::string_view text, const std::string& file_name) {
    IniText ini;
    std::uint32_t number = 0;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = trimmed(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        ++number;
        if (line.empty() || line.front() == '#' || line.front() == ';') continue;
        if (line.front() == '[') {
            return no_profile(file_name, number, "a section: this is a bundle of profiles");
        }
        const std::size_t equals = line.find('=');
        const std::string_view name = trimmed(line.substr(0, equals));
        if (equals == std::string_view::npos || name.empty()) {
            return no_profile(file_name, number, "the line is no \"name = value\"");
        }
        const std::string_view value = trimmed(line.substr(equals + 1));
        if (!ini.values_.emplace(std::string{name}, std::string{value}).second) {
            return no_profile(file_name, number, "\"" + std::string{name} + "\" is said twice");
        }
    }
    return ini;
}

std::optional<std::string> IniText::text(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<double> IniText::number(std::string_view name) const {
    const auto found = values_.find(name);
    if (found == values_.end()) return std::nullopt;
    const std::string_view all = found->second;
    const std::string_view first = trimmed(all.substr(0, all.find(',')));
    double value = 0;
    const char* end = first.data() + first.size();
    const auto [parsed, error] =
        std::from_chars(first.data(), end, value, std::chars_format::fixed);
    if (error != std::errc{} || parsed != end || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::vector<std::string> IniText::names() const {
    std::vector<std::string> names;
    for (const auto& [name, value] : values_)
        names.push_back(name);
    return names;
}

}  // namespace nearfab::agent
