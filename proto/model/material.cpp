// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/material.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <vector>

namespace nearfab {
namespace {

// Densities: filaments from the presets of PrusaSlicer 2.5.0 and the Ultimaker material profiles
// (both Debian packages); resins from vendors' sheets; sheets and stock from engineering textbooks.
constexpr std::array<MaterialInfo, 26> materials{{
    {"pla", "PLA", 1.24},
    {"petg", "PETG", 1.27},
    {"petg_recycled", "Recycled PETG", 1.27},
    {"abs", "ABS", 1.04},
    {"asa", "ASA", 1.07},
    {"hips", "HIPS", 1.04},
    {"pa6", "Nylon PA6", 1.14},
    {"pa12", "Nylon PA12", 1.01},
    {"pc", "Polycarbonate", 1.20},
    {"pp", "Polypropylene", 0.90},
    {"tpu", "TPU 95A", 1.22},
    {"resin_std", "Standard resin", 1.10},
    {"resin_tough", "Tough resin", 1.12},
    {"acrylic", "Acrylic sheet", 1.19},
    {"plywood_birch", "Birch plywood", 0.68},
    {"mdf", "MDF", 0.75},
    {"hardwood", "Hardwood", 0.70},
    {"softwood", "Softwood", 0.45},
    {"cardboard", "Cardboard", 0.70},
    {"hdpe", "HDPE", 0.95},
    {"pom", "POM acetal", 1.41},
    {"alu_6061", "Aluminium 6061", 2.70},
    {"mild_steel", "Mild steel", 7.85},
    {"stainless_304", "Stainless steel 304", 8.00},
    {"brass", "Brass", 8.50},
    {"copper", "Copper", 8.96},
}};

// Lower case, letters and digits only, so that "PA-12" and "pa12" are the same word.
std::string folded(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto u = static_cast<unsigned char>(c);
        if (std::isalnum(u) != 0) out += static_cast<char>(std::tolower(u));
    }
    return out;
}

// Levenshtein distance: the number of letters to change, add or drop.
std::size_t spelling_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, change});
        }
    }
    return row[b.size()];
}

}  // namespace

std::span<const MaterialInfo> known_materials() {
    return materials;
}

std::optional<MaterialInfo> find_material(std::string_view name) {
    // Matching asks by id, thousands of times a second; people spell.
    for (const MaterialInfo& material : materials) {
        if (material.id == name) return material;
    }
    const std::string wanted = folded(name);
    for (const MaterialInfo& material : materials) {
        if (folded(material.id) == wanted || folded(material.name) == wanted) return material;
    }
    return std::nullopt;
}

std::optional<std::string_view> material_like(std::string_view name) {
    const std::string wanted = folded(name.substr(0, 40));
    std::optional<std::string_view> best;
    std::size_t best_distance = 3;  // More than two letters off is another word.
    for (const MaterialInfo& material : materials) {
        const std::size_t distance = spelling_distance(wanted, folded(material.id));
        if (distance < best_distance && distance < wanted.size()) {
            best = material.id;
            best_distance = distance;
        }
    }
    return best;
}

std::string known_material_ids() {
    std::string ids;
    for (const MaterialInfo& material : materials) {
        if (!ids.empty()) ids += ", ";
        ids += material.id;
    }
    return ids;
}

}  // namespace nearfab
