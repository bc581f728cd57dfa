// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/cura_settings.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

namespace nearfab::agent {
namespace {

constexpr int follow_max = 8;  // One setting follows another follows another.

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}

std::optional<double> number_from(std::string_view text) {
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [parsed, error] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
    if (error != std::errc{} || parsed != end || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> words;
    while (!(text = trimmed(text)).empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return words;
}

// "! name = value {words}"; the table is ours, so a line that is none is our fault.
CuraSetting setting_from(std::string_view line) {
    CuraSetting setting;
    setting.ours = line.starts_with("! ");
    if (setting.ours) line.remove_prefix(2);
    const std::size_t equals = line.find(" =");
    NEARFAB_CHECK(equals != std::string_view::npos, "a line of the settings is no setting");
    setting.name = line.substr(0, equals);
    std::string_view value = trimmed(line.substr(equals + 2));
    if (value.ends_with('}')) {
        const std::size_t brace = value.find('{');
        setting.words = words_of(value.substr(brace + 1, value.size() - brace - 2));
        value = trimmed(value.substr(0, brace));
    }
    setting.value = value;
    return setting;
}

std::vector<CuraSetting> settings_from(std::string_view text) {
    std::vector<CuraSetting> settings;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (!line.empty() && line.front() != '#') settings.push_back(setting_from(line));
    }
    return settings;
}

// The value of a setting that may follow another one.
Result<std::string> followed(const CuraSettings& settings, const std::string& name, int depth) {
    NEARFAB_CHECK(depth < follow_max, "settings that follow each other in a ring");
    const auto found = settings.find(name);
    NEARFAB_CHECK(found != settings.end(), "a setting follows one that is not there");
    const std::string& value = found->second;
    if (!value.starts_with('=')) return value;
    const std::size_t star = value.find('*');
    const auto base =
        followed(settings, value.substr(1, star == std::string::npos ? star : star - 1), depth + 1);
    if (!base || star == std::string::npos) return base;
    const auto factor = number_from(std::string_view{value}.substr(star + 1));
    NEARFAB_CHECK(factor.has_value(), "a setting follows another by a factor");
    const auto number = number_from(*base);
    if (!number) {
        return fail(ErrorCode::config,
                    name + " follows a setting that is \"" + *base + "\", which is no number",
                    "write a number, or say " + name + " itself");
    }
    return setting_number(*number * *factor);
}

Result<std::string> filled(const std::string& code, const CuraSettings& settings) {
    std::string text;
    std::size_t at = 0;
    while (at < code.size()) {
        const std::size_t open = code.find('{', at);
        text += code.substr(at, open - at);
        if (open == std::string::npos) break;
        const std::size_t close = code.find('}', open);
        const std::string name =
            close == std::string::npos ? "" : code.substr(open + 1, close - open - 1);
        const auto found = settings.find(name);
        if (found == settings.end()) {
            return fail(ErrorCode::config,
                        "the start or end code has {" + name + "}, which is no setting",
                        "write the name of a setting of CuraEngine between the braces");
        }
        text += found->second;
        at = close + 1;
    }
    return text;
}

std::string json_text(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte < 0x20) {
            out += "\\u00";
            out += digits[byte >> 4U];
            out += digits[byte & 15U];
        } else {
            out += c;
        }
    }
    return out + '"';
}

}  // namespace

bool CuraSetting::is_number() const {
    return value.starts_with('=') || number_from(value).has_value();
}

const std::vector<CuraSetting>& cura_settings() {
    static const std::vector<CuraSetting> settings = settings_from(cura_settings_text());
    return settings;
}

Result<CuraSettings> complete_settings(const CuraSettings& said) {
    CuraSettings all;
    for (const CuraSetting& setting : cura_settings())
        all[setting.name] = setting.value;
    for (const auto& [name, value] : said)
        all[name] = value;
    CuraSettings complete;
    for (const auto& [name, value] : all) {
        auto is = followed(all, name, 0);
        if (!is) return fail(is.error());
        complete[name] = std::move(*is);
    }
    for (const char* code : {"machine_start_gcode", "machine_end_gcode"}) {
        auto text = filled(complete[code], complete);
        if (!text) return fail(text.error());
        complete[code] = std::move(*text);
    }
    return complete;
}

std::string definition_text(const CuraSettings& settings) {
    std::string text =
        R"({"version":2,"name":"nearfab","metadata":{},"overrides":{},"settings":{"all":)"
        R"({"type":"category","label":"all","children":{)";
    bool first = true;
    for (const auto& [name, value] : settings) {
        text += first ? "\n" : ",\n";
        first = false;
        text += json_text(name) + R"(:{"type":"str","label":"","description":"","default_value":)" +
                json_text(value) + "}";
    }
    return text + "\n}}}}\n";
}

std::string setting_number(double value) {
    std::array<char, 400> digits{};
    const auto [end, error] = std::to_chars(
        digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 6);
    NEARFAB_CHECK(error == std::errc{}, "every double fits into 400 characters");
    std::string text{digits.data(), end};
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
}

}  // namespace nearfab::agent
