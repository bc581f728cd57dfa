// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/names_text.hpp"

namespace nearfab::agent {
namespace {

constexpr std::size_t names_shown_max = 5;

}  // namespace

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size() && i < names_shown_max; ++i) {
        text += (i == 0 ? "" : ", ") + names[i];
    }
    if (names.size() > names_shown_max) {
        text += " and " + std::to_string(names.size() - names_shown_max) + " more";
    }
    return text;
}

}  // namespace nearfab::agent
