// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/geometry/flat/sample_drawings.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace nearfab::geometry::sample {
namespace {

std::vector<std::uint8_t> bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

template <typename Value>
Value value_of(Result<Value> result) {
    if (!result) FAIL("refused: " << result.error().message);
    return std::move(*result);
}

}  // namespace

std::string groups(const Groups& list) {
    std::string text;
    for (const auto& [code, value] : list)
        text += std::to_string(code) + "\n" + std::string{value} + "\n";
    return text;
}

std::string dxf(std::string_view entities,
                std::string_view blocks,
                std::string_view tables,
                std::string_view units) {
    std::string text = groups({{0, "SECTION"}, {2, "HEADER"}});
    if (!units.empty()) text += groups({{9, "$INSUNITS"}, {70, units}});
    text += groups({{0, "ENDSEC"}});
    const auto section = [&](std::string_view name, std::string_view inside) {
        if (!inside.empty()) {
            text +=
                groups({{0, "SECTION"}, {2, name}}) + std::string{inside} + groups({{0, "ENDSEC"}});
        }
    };
    section("TABLES", tables);
    section("BLOCKS", blocks);
    section("ENTITIES", entities);
    return text + groups({{0, "EOF"}});
}

Drawing drawing_of_dxf(std::string_view file, const DrawingOptions& options) {
    return value_of(read_dxf(bytes(file), options));
}

Error error_of_dxf(std::string_view file, const DrawingOptions& options) {
    const auto result = read_dxf(bytes(file), options);
    REQUIRE_FALSE(result);
    CHECK_FALSE(result.error().next.empty());
    return result.error();
}

std::string svg(std::string_view inside) {
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" "
           "xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
           "xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" "
           "width=\"100mm\" height=\"100mm\" viewBox=\"0 0 100 100\" fill=\"none\" "
           "stroke=\"black\">" +
           std::string{inside} + "</svg>";
}

Drawing drawing_of_svg(std::string_view file, const DrawingOptions& options) {
    return value_of(read_svg(bytes(file), options));
}

Error error_of_svg(std::string_view file, const DrawingOptions& options) {
    const auto result = read_svg(bytes(file), options);
    REQUIRE_FALSE(result);
    CHECK_FALSE(result.error().next.empty());
    return result.error();
}

bool says(const Drawing& drawing, std::string_view rule) {
    return std::any_of(drawing.remarks.begin(), drawing.remarks.end(), [&](const Remark& remark) {
        return remark.rule == rule;
    });
}

double length_of_all(const Drawing& drawing) {
    double sum = 0;
    for (const Path& path : drawing.paths)
        sum += length_of(path);
    return sum;
}

Path outline(std::vector<Vec2> points) {
    Path path;
    path.closed = true;
    for (const Vec2& p : points)
        path.points.push_back({p, 0});
    return path;
}

Path rectangle(double x, double y, double width, double height) {
    return outline({{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}});
}

Path circle(double x, double y, double radius) {
    Path path;
    path.closed = true;
    path.points = {{{x + radius, y}, 1}, {{x - radius, y}, 1}};
    return path;
}

Path line(const Vec2& from, const Vec2& to) {
    Path path;
    path.points = {{from, 0}, {to, 0}};
    return path;
}

Drawing drawing(std::vector<Path> paths) {
    Drawing drawing;
    drawing.layers = {""};
    drawing.paths = std::move(paths);
    return drawing;
}

FlatFacts facts_of(std::vector<Path> paths, const FlatOptions& options) {
    return value_of(flat_facts(drawing(std::move(paths)), options));
}

}  // namespace nearfab::geometry::sample
