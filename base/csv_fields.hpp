// SPDX-License-Identifier: GPL-3.0-or-later
// csv_fields.hpp - the fields of one line of comma-separated values (RFC 4180).
//
// A field in double quotes may hold commas, and a doubled quote stands for one; it may not go on in
// the next line.

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nearfab {

// At least one; without the quotes.
[[nodiscard]] std::vector<std::string> csv_fields(std::string_view line);

}  // namespace nearfab
