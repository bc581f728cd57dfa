// SPDX-License-Identifier: GPL-3.0-or-later
// names_text.hpp - a few of many names, for people.

#pragma once

#include <string>
#include <vector>

namespace nearfab::agent {

// "mk4_1, mk4_2, mk4_3, mini, laser and 7 more": five at most.
[[nodiscard]] std::string listed(const std::vector<std::string>& names);

}  // namespace nearfab::agent
