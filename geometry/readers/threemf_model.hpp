// SPDX-License-Identifier: GPL-3.0-or-later
// threemf_model.hpp - one model part of a 3MF as plain values: objects, meshes, build items.
//
// Follows the 3MF core specification 1.3 and the production extension (p:path). The materials and
// the triangle-set extensions say nothing about shape and may be required; every other required
// extension is refused by name. Elements of extensions that are not required are skipped and
// remembered. Lengths stay in the unit of the part.

#pragma once

#include "base/result.hpp"
#include "geometry/readers/opc_package.hpp"
#include "geometry/readers/triangle_soup.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace nearfab::geometry {

// Row vectors: (x y z 1) times four rows of three; the last row moves.
struct Transform {
    std::array<double, 12> m{1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0};

    [[nodiscard]] std::array<double, 3> apply(const std::array<double, 3>& p) const;
    [[nodiscard]] double determinant() const;  // Negative: it mirrors.
    // First this one, then the other.
    [[nodiscard]] Transform then(const Transform& other) const;
};

// An object in this part, or in the part that path names.
struct ObjectUse {
    std::uint32_t object = 0;
    std::string path;  // Empty: this part.
    Transform transform;
};

enum class ObjectType : std::uint8_t { model, solid_support, support, surface, other };

// Either a mesh or a list of components.
struct ModelObject {
    std::string name;
    ObjectType type = ObjectType::model;
    bool has_mesh = false;
    bool has_components = false;
    std::vector<std::array<double, 3>> vertices;
    std::vector<std::array<std::uint32_t, 3>> triangles;
    std::vector<ObjectUse> components;
};

struct ModelPart {
    Unit unit = Unit::millimetre;
    std::map<std::uint32_t, ModelObject> objects;
    std::vector<ObjectUse> items;
    std::uint32_t not_printable = 0;       // Items that PrusaSlicer marks so.
    std::set<std::string> skipped_spaces;  // Namespaces whose elements were skipped; at most 16.
};

// What all parts of a package may hold together; counted down while reading.
struct ModelBudget {
    explicit ModelBudget(const ReadLimits& limits);
    std::uint64_t triangles;
    std::uint64_t vertices;
    std::uint64_t uses;  // Objects, components and items.
    ReadLimits limits;
};

// Errors: invalid_file (also for a required extension), too_large; with part and line.
[[nodiscard]] Result<ModelPart> read_model_part(OpcPackage& package,
                                                const std::string& part,
                                                ModelBudget& budget);

}  // namespace nearfab::geometry
