// SPDX-License-Identifier: GPL-3.0-or-later
// place_text.hpp - lengths and places in sentences, to a hundredth of a millimetre.

#pragma once

#include "geometry/vector.hpp"

#include <string>

namespace nearfab::toolpath {

[[nodiscard]] std::string mm_text(double mm);                    // "12.35 mm"
[[nodiscard]] std::string place_text(const geometry::Vec2& at);  // "(12.35, 4) mm"

}  // namespace nearfab::toolpath
