// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/soup_builder.hpp"

#include "geometry/number_text.hpp"

#include <algorithm>
#include <utility>

namespace nearfab::geometry {

Error too_many_triangles(std::uint64_t count, const ReadLimits& limits) {
    const std::string limit = std::to_string(limits.triangles);
    return {ErrorCode::too_large,
            count == 0 ? "the file has more triangles than the limit of " + limit
                       : "the file has " + std::to_string(count) +
                             " triangles, more than the limit of " + limit,
            "Export the part with a coarser mesh"};
}

SoupBuilder::SoupBuilder(FileFormat format, Unit unit, const ReadLimits& limits) : limits_(limits) {
    soup_.format = format;
    soup_.unit = unit;
}

void SoupBuilder::reserve(std::size_t triangles) {
    soup_.triangles.reserve(std::min<std::size_t>(triangles, limits_.triangles));
}

void SoupBuilder::begin_object(std::string_view name) {
    end_object();
    divided_ = true;
    object_name_ = display_name(name);
}

void SoupBuilder::begin_body() {
    const auto begin = static_cast<std::uint32_t>(soup_.triangles.size());
    if (soup_.bodies.empty() || soup_.bodies.back() != begin) soup_.bodies.push_back(begin);
}

void SoupBuilder::end_object() {
    const std::size_t end = soup_.triangles.size();
    if (end == object_begin_) return;
    if (soup_.objects.size() < most_objects) {
        soup_.objects.push_back({std::exchange(object_name_, {}),
                                 static_cast<std::uint32_t>(object_begin_),
                                 static_cast<std::uint32_t>(end - object_begin_)});
    } else {
        soup_.objects.back().triangles += static_cast<std::uint32_t>(end - object_begin_);
    }
    object_begin_ = end;
}

Status SoupBuilder::add(const std::array<float, 9>& corners) {
    if (soup_.triangles.size() >= limits_.triangles) return fail(too_many_triangles(0, limits_));
    std::array<float, 9> clean = corners;
    for (float& value : clean)
        value += 0.0F;  // Turns -0 into 0.
    soup_.triangles.push_back(clean);
    return {};
}

Status SoupBuilder::add_polygon(std::span<const Corner> corners) {
    if (corners.size() - 2 > limits_.triangles - soup_.triangles.size()) {
        return fail(too_many_triangles(0, limits_));
    }
    const auto cut = cutter_.cut(corners);
    if (!cut) return fail(cut.error());
    for (const auto& [a, b, c] : *cut) {
        const Corner& p = corners[a];
        const Corner& q = corners[b];
        const Corner& r = corners[c];
        if (Status status = add({p[0], p[1], p[2], q[0], q[1], q[2], r[0], r[1], r[2]}); !status) {
            return status;
        }
    }
    return {};
}

void SoupBuilder::remark(ReadRemark remark) {
    const bool known = std::any_of(soup_.remarks.begin(), soup_.remarks.end(), [&](const auto& r) {
        return r.rule == remark.rule;
    });
    if (!known) soup_.remarks.push_back(std::move(remark));
}

void SoupBuilder::remark_polygons() {
    if (const auto& bent = cutter_.bent(); bent.count > 0) {
        remark({RemarkWeight::warning,
                "polygon_not_flat",
                std::to_string(bent.count) + " polygons are not flat (the worst by " +
                    number_text(bent.worst_mm) +
                    " mm), so that another program may cut them into other triangles",
                "Export the part as triangles"});
    }
    if (cutter_.tangled() > 0) {
        remark({RemarkWeight::warning,
                "polygon_tangled",
                std::to_string(cutter_.tangled()) +
                    " polygons cross or fold onto themselves and have no clean triangles",
                "Repair the mesh in the program it comes from, or export it as triangles"});
    }
}

Result<TriangleSoup> SoupBuilder::finish(std::string_view format_name) {
    if (soup_.triangles.empty()) {
        return fail(ErrorCode::invalid_file,
                    "the file is " + std::string(format_name) + " without a single triangle",
                    "Export the part again and check that something was selected for export");
    }
    end_object();
    if (!divided_) soup_.objects.clear();
    remark_polygons();
    return std::move(soup_);
}

}  // namespace nearfab::geometry
