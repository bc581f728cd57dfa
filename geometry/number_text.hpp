// SPDX-License-Identifier: GPL-3.0-or-later
// number_text.hpp - numbers in sentences: up to six digits that matter, the same in any locale.

#pragma once

#include <string>

namespace nearfab::geometry {

[[nodiscard]] std::string number_text(double value);

}  // namespace nearfab::geometry
