// SPDX-License-Identifier: GPL-3.0-or-later
// open_files.hpp - how many files and connections this process may have open.

#pragma once

#include <cstdint>

namespace nearfab {

// Raises the soft limit to the hard one, which is the system's to set (LimitNOFILE). The limit then
// in force.
std::uint64_t raise_open_file_limit();

}  // namespace nearfab
