// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/threemf.hpp"

#include "base/check.hpp"
#include "geometry/number_text.hpp"
#include "geometry/readers/decimal.hpp"
#include "geometry/readers/opc_package.hpp"
#include "geometry/readers/soup_builder.hpp"
#include "geometry/readers/threemf_model.hpp"

#include <algorithm>
#include <cmath>
#include <compare>
#include <utility>

namespace nearfab::geometry {
namespace {

constexpr std::uint32_t deepest_component = 16;
constexpr const char* export_again = "Export the part again as 3MF and submit the new file";

// What an object becomes with all its components.
struct Extent {
    std::uint64_t triangles = 0;
    std::uint64_t vertices = 0;
    std::uint64_t instances = 1;
    std::uint32_t height = 1;  // Longest chain of components below and with it.
    bool open = true;          // Being counted: to meet it again is a cycle.

    // Far beyond every limit the sums stay where they are.
    void add(const Extent& part) {
        constexpr std::uint64_t enough = 1ULL << 40U;
        triangles = std::min(enough, triangles + part.triangles);
        vertices = std::min(enough, vertices + part.vertices);
        instances = std::min(enough, instances + part.instances);
        height = std::max(height, part.height + 1);
    }
};

// An object, wherever in the package it is.
struct ObjectKey {
    std::string part;
    std::uint32_t id = 0;

    friend auto operator<=>(const ObjectKey&, const ObjectKey&) = default;
    [[nodiscard]] std::string text() const {
        return "object " + std::to_string(id) + " of part " + part;
    }
};

class Build {
public:
    Build(OpcPackage& package, const ReadLimits& limits)
        : package_(package), limits_(limits), budget_(limits) {}

    Result<TriangleSoup> make() {
        const Result<const ModelPart*> root = part_of(package_.root_model());
        if (!root) return fail(root.error());
        if ((*root)->items.empty()) {
            return fail(ErrorCode::invalid_file,
                        "the build of part " + package_.root_model() + " is empty",
                        "Export the part again and check that something was selected for export",
                        "part " + package_.root_model());
        }
        if (Status status = count_items(**root); !status) return fail(status.error());
        SoupBuilder builder(FileFormat::threemf, (*root)->unit, limits_);
        builder.reserve(total_.triangles);
        for (const ObjectUse& item : (*root)->items) {
            const ObjectKey key = key_of(item, package_.root_model());
            builder.begin_object(object_at(key).name);
            if (Status status = place(key, item.transform, builder); !status) {
                return fail(status.error());
            }
        }
        remark(builder);
        return builder.finish("a 3MF");
    }

private:
    static ObjectKey key_of(const ObjectUse& use, const std::string& part) {
        return {use.path.empty() ? part : use.path, use.object};
    }

    Result<const ModelPart*> part_of(const std::string& name) {
        if (const auto known = parts_.find(name); known != parts_.end()) return &known->second;
        Result<ModelPart> part = read_model_part(package_, name, budget_);
        if (!part) return fail(part.error());
        const ModelPart& kept = parts_.emplace(name, *std::move(part)).first->second;
        const Unit unit = parts_.at(package_.root_model()).unit;
        if (kept.unit != unit) {
            return fail(ErrorCode::invalid_file,
                        "part " + name + " is in " + to_string(kept.unit) + " and part " +
                            package_.root_model() + " in " + to_string(unit),
                        export_again,
                        "part " + name);
        }
        return &kept;
    }

    // REQUIRES: counted, so it is there.
    const ModelObject& object_at(const ObjectKey& key) const {
        return parts_.at(key.part).objects.at(key.id);
    }

    Status count_items(const ModelPart& root) {
        total_.instances = 0;
        for (const ObjectUse& item : root.items) {
            const ObjectKey key = key_of(item, package_.root_model());
            const Result<Extent> extent = count(key, 1);
            if (!extent) return fail(extent.error());
            if (object_at(key).type == ObjectType::other) {
                return fail(ErrorCode::invalid_file,
                            "the build makes " + key.text() + ", which has the type \"other\"",
                            export_again,
                            key.text());
            }
            total_.add(*extent);
        }
        if (total_.triangles > limits_.triangles) {
            return fail(too_many_triangles(total_.triangles, limits_));
        }
        if (total_.vertices > 3ULL * limits_.triangles || total_.instances > limits_.instances) {
            return fail(ErrorCode::too_large,
                        "the build has " + std::to_string(total_.instances) + " copies with " +
                            std::to_string(total_.vertices) +
                            " vertices together, more than the limits of " +
                            std::to_string(limits_.instances) + " and " +
                            std::to_string(3ULL * limits_.triangles),
                        "Submit fewer copies in one file and state the quantity instead");
        }
        return {};
    }

    Result<Extent> count(const ObjectKey& key, std::uint32_t depth) {
        if (const auto known = extents_.find(key); known != extents_.end()) {
            if (known->second.open) {
                return fail(ErrorCode::invalid_file,
                            key.text() + " is a component of itself",
                            export_again,
                            key.text());
            }
            if (depth + known->second.height - 1 > deepest_component) return fail(too_deep(key));
            return known->second;
        }
        if (depth > deepest_component) return fail(too_deep(key));
        const Result<const ModelPart*> part = part_of(key.part);
        if (!part) return fail(part.error());
        const auto object = (*part)->objects.find(key.id);
        if (object == (*part)->objects.end()) {
            return fail(
                ErrorCode::invalid_file, "there is no " + key.text(), export_again, key.text());
        }
        if (!object->second.has_mesh && !object->second.has_components) {
            return fail(ErrorCode::invalid_file,
                        key.text() + " has neither a mesh nor components that can be read",
                        "Export the part as a plain mesh",
                        key.text());
        }
        extents_[key];
        Extent extent;
        extent.triangles = object->second.triangles.size();
        extent.vertices = object->second.vertices.size();
        for (const ObjectUse& use : object->second.components) {
            const Result<Extent> below = count(key_of(use, key.part), depth + 1);
            if (!below) return below;
            extent.add(*below);
        }
        extent.open = false;
        extents_[key] = extent;
        return extent;
    }

    static Error too_deep(const ObjectKey& key) {
        return {ErrorCode::too_large,
                key.text() + " is a component at a depth of more than the limit of " +
                    std::to_string(deepest_component),
                "Export the part with fewer levels of components",
                key.text()};
    }

    // REQUIRES: counted, so the recursion ends.
    Status place(const ObjectKey& key, const Transform& transform, SoupBuilder& builder) {
        const ModelObject& object = object_at(key);
        for (const ObjectUse& use : object.components) {
            Status status = place(key_of(use, key.part), use.transform.then(transform), builder);
            if (!status) return status;
        }
        const bool made = object.type == ObjectType::model || object.type == ObjectType::surface;
        if (!made && object.has_mesh) {
            ++left_out_;
            return {};
        }
        if (Status status = place_vertices(key, object, transform); !status) return status;
        if (!object.triangles.empty()) builder.begin_body();
        const bool mirrored = transform.determinant() < 0;
        for (const auto& [a, second, third] : object.triangles) {
            const Corner& p = placed_[a];
            const Corner& q = placed_[mirrored ? third : second];
            const Corner& r = placed_[mirrored ? second : third];
            Status status = builder.add({p[0], p[1], p[2], q[0], q[1], q[2], r[0], r[1], r[2]});
            if (!status) return status;
        }
        return {};
    }

    Status place_vertices(const ObjectKey& key,
                          const ModelObject& object,
                          const Transform& transform) {
        const double scale = millimetres_per(parts_.at(key.part).unit);
        placed_.clear();
        for (const auto& vertex : object.vertices) {
            Corner corner{};
            const std::array<double, 3> moved = transform.apply(vertex);
            for (std::size_t axis = 0; axis < 3; ++axis) {
                const double value = moved[axis] * scale;
                if (!(std::abs(value) <= limits_.coordinate_mm)) {  // NaN fails too.
                    return fail(ErrorCode::too_large,
                                "vertex " + std::to_string(placed_.size()) + " of " + key.text() +
                                    " comes to lie at " + number_text(value) +
                                    " mm, beyond the limit of " +
                                    number_text(limits_.coordinate_mm) + " mm",
                                "Move the part near the origin, check its unit, and export it "
                                "again",
                                key.text());
                }
                corner[axis] = static_cast<float>(value);
            }
            placed_.push_back(corner);
        }
        return {};
    }

    void remark(SoupBuilder& builder) const {
        for (const ReadRemark& remark : package_.remarks())
            builder.remark(remark);
        std::set<std::string> spaces;
        std::uint64_t not_printable = 0;
        for (const auto& [name, part] : parts_) {
            spaces.insert(part.skipped_spaces.begin(), part.skipped_spaces.end());
            not_printable += part.not_printable;
        }
        if (!spaces.empty()) {
            std::string names;
            for (const std::string& space : spaces)
                names += (names.empty() ? "\"" : "\", \"") + space;
            builder.remark({RemarkWeight::warning,
                            "extension_left_out",
                            "the file uses extensions that are not read: " + names + "\"",
                            "If they change the shape, export the part as a plain mesh"});
        }
        if (left_out_ > 0) {
            builder.remark({RemarkWeight::note,
                            "support_left_out",
                            std::to_string(left_out_) +
                                " objects are support structures or of the type \"other\" and "
                                "are left out",
                            ""});
        }
        if (not_printable > 0) {
            builder.remark({RemarkWeight::warning,
                            "item_not_printable",
                            std::to_string(not_printable) +
                                " build items are marked as not to be printed, but are counted "
                                "here",
                            "Remove them from the file if they are not wanted"});
        }
        if (package_.has("/Metadata/Slic3r_PE_model.config") ||
            package_.has("/Metadata/model_settings.config")) {
            builder.remark({RemarkWeight::warning,
                            "slicer_project",
                            "the file is a slicer's project; its settings are ignored, and "
                            "modifiers and negative volumes in it count as parts",
                            "If it has any, export the plain part"});
        }
    }

    OpcPackage& package_;
    const ReadLimits& limits_;
    ModelBudget budget_;
    std::map<std::string, ModelPart> parts_;
    std::map<ObjectKey, Extent> extents_;
    Extent total_;
    std::vector<Corner> placed_;
    std::uint64_t left_out_ = 0;
};

}  // namespace

Result<TriangleSoup> read_3mf(std::span<const std::uint8_t> file, const ReadLimits& limits) {
    Result<OpcPackage> package = OpcPackage::open(file, limits);
    if (!package) return fail(package.error());
    return Build(*package, limits).make();
}

}  // namespace nearfab::geometry
