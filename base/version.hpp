// SPDX-License-Identifier: GPL-3.0-or-later
// version.hpp - the version of this nearfab, one for all its programs.

#pragma once

namespace nearfab {

inline constexpr const char* version = "0.1.0";  // As in CMakeLists.txt; a test compares them.

}  // namespace nearfab
