// SPDX-License-Identifier: GPL-3.0-or-later
// soup_builder.hpp - collects the triangles, objects and remarks of one file within the limits.
//
// Shared by the readers of text formats and packages. Polygons are cut into triangles here.

#pragma once

#include "geometry/readers/polygon.hpp"
#include "geometry/readers/triangle_soup.hpp"

#include <cstddef>
#include <span>

namespace nearfab::geometry {

// The sentence for a file with more triangles than allowed; count may be 0 when it is not known.
[[nodiscard]] Error too_many_triangles(std::uint64_t count, const ReadLimits& limits);

class SoupBuilder {
public:
    // REQUIRES: limits outlive the builder.
    SoupBuilder(FileFormat format, Unit unit, const ReadLimits& limits);

    void reserve(std::size_t triangles);

    // The triangles that follow belong to an object of this name (as the file spells it). An
    // object that gets no triangle is forgotten.
    void begin_object(std::string_view name);

    // The triangles that follow are a body of their own, whatever they touch.
    void begin_body();

    // One triangle; coordinates finite and within the limit. Fails with too_large.
    [[nodiscard]] Status add(const std::array<float, 9>& corners);

    // A flat polygon of at least three corners. Fails with too_large.
    [[nodiscard]] Status add_polygon(std::span<const Corner> corners);

    // At most one remark for each rule; a second one of the same rule is dropped.
    void remark(ReadRemark remark);

    // The soup. Fails with invalid_file when there is not a single triangle.
    [[nodiscard]] Result<TriangleSoup> finish(std::string_view format_name);

private:
    void end_object();
    void remark_polygons();

    const ReadLimits& limits_;
    TriangleSoup soup_;
    PolygonCutter cutter_;
    std::string object_name_;
    std::size_t object_begin_ = 0;
    bool divided_ = false;  // The file speaks of objects.
};

}  // namespace nearfab::geometry
