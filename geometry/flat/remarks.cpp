// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/remarks.hpp"

namespace nearfab::geometry::flat {
namespace {

constexpr std::size_t named = 16;
constexpr std::size_t shown_characters = 32;
constexpr std::size_t kept_characters = 128;

std::string printable(std::string_view text, std::size_t most) {
    std::string out;
    for (const char c : text.substr(0, most))
        out += c >= ' ' && c <= '~' ? c : '?';
    return out;
}

}  // namespace

void Tally::add(std::string_view name) {
    ++total_;
    const std::string key = printable(name, shown_characters);
    const auto found = counts_.find(key);
    if (found != counts_.end()) {
        ++found->second;
    } else if (counts_.size() < named) {
        counts_.emplace(key, 1);
    } else {
        ++unnamed_;
    }
}

std::string Tally::text() const {
    std::string text;
    for (const auto& [name, count] : counts_)
        text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + name;
    if (unnamed_ > 0) text += ", and " + std::to_string(unnamed_) + " more";
    return text;
}

std::string shown(std::string_view text) {
    return "\"" + printable(text, shown_characters) +
           (text.size() > shown_characters ? "...\"" : "\"");
}

std::string kept_name(std::string_view text) {
    return printable(text, kept_characters);
}

}  // namespace nearfab::geometry::flat
