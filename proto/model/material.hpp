// SPDX-License-Identifier: GPL-3.0-or-later
// material.hpp - the materials nearfab knows, by short id.

#pragma once

#include "base/id.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nearfab {

struct MaterialInfo {
    std::string_view id;       // "petg"
    std::string_view name;     // "PETG"
    double density_g_cm3 = 0;  // Typical value; turns a part's volume into the mass it needs.
};

[[nodiscard]] std::span<const MaterialInfo> known_materials();

// By id or name; case, blanks, '-' and '_' do not matter ("PA12", "pa-12").
[[nodiscard]] std::optional<MaterialInfo> find_material(std::string_view name);

// The known id that is spelled most like this one, for "did you mean"; none if nothing is close.
[[nodiscard]] std::optional<std::string_view> material_like(std::string_view name);

// The ids, separated by ", ", for error texts.
[[nodiscard]] std::string known_material_ids();

}  // namespace nearfab
