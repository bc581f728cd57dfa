// SPDX-License-Identifier: GPL-3.0-or-later
// table_texts.hpp - the files of data/ as they are, part of the program.

#pragma once

#include <string_view>

namespace nearfab::footprint {

[[nodiscard]] std::string_view materials_text();
[[nodiscard]] std::string_view grid_intensity_text();
[[nodiscard]] std::string_view machine_energy_text();
[[nodiscard]] std::string_view freight_factors_text();
[[nodiscard]] std::string_view circuity_text();

}  // namespace nearfab::footprint
