// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/svg_page.hpp"

#include "geometry/flat/remarks.hpp"
#include "geometry/flat/svg_values.hpp"

#include <charconv>
#include <optional>

namespace nearfab::geometry::flat {
namespace {

constexpr double inch_mm = 25.4;

Error broken(const SvgNode& root, std::string_view name, std::string_view value) {
    return root.refusal(ErrorCode::invalid_file,
                        std::string{name} + "=" + shown(value) +
                            " is not a size above 0 in px, mm, cm, in, pt, pc, Q or per cent",
                        "Set the size of the page in mm and export the drawing again");
}

Error states_its_own(const SvgNode& root) {
    return root.refusal(ErrorCode::invalid_file,
                        "the page states its physical size, so no unit can be given for it",
                        "Give no unit; if the size is wrong, set it right and export again");
}

// A page length in px; empty when it is missing, "auto" or per cent of something not known.
struct PageLength {
    std::optional<double> px;
    bool physical = false;
};

Result<PageLength> page_length(const SvgNode& root, std::string_view name) {
    const std::string* const text = root.find(name);
    if (text == nullptr || svg_trimmed(*text) == "auto") return PageLength{};
    const auto length = svg_length(*text);
    if (!length || !(length->value > 0)) return fail(broken(root, name, *text));
    if (length->unit == SvgUnit::percent) return PageLength{};
    return PageLength{length->value, length->unit == SvgUnit::physical};
}

// Inkscape counted 90 px to the inch before version 0.92.
bool old_inkscape(std::string_view version) {
    int major = 0;
    const char* const end = version.data() + version.size();
    const auto [dot, error] = std::from_chars(version.data(), end, major);
    if (error != std::errc{} || major != 0 || dot == end || *dot != '.') return false;
    int minor = 0;
    std::from_chars(dot + 1, end, minor);
    return minor > 0 && minor < 92;
}

// Millimetres of a px when nobody states them, and why.
struct AssumedPx {
    double mm = 0;
    std::string why;
};

AssumedPx assumed_px(const SvgTree& tree) {
    if (old_inkscape(tree.inkscape_version)) {
        return {inch_mm / 90,
                "the file was made by Inkscape " + kept_name(tree.inkscape_version) +
                    ", which counts 90 px to the inch"};
    }
    if (tree.inkscape_version.empty() && tree.from_illustrator) {
        return {inch_mm / 72,
                "the file was made by Adobe Illustrator, which counts 72 px to the inch"};
    }
    return {inch_mm / 96, "by the standard 96 px are an inch"};
}

}  // namespace

Result<SvgPage> svg_page(const SvgTree& tree, const DrawingOptions& options) {
    const SvgNode& root = tree.nodes.front();
    const auto width = page_length(root, "width");
    const auto height = page_length(root, "height");
    if (!width) return fail(width.error());
    if (!height) return fail(height.error());
    std::optional<SvgViewBox> box;
    if (const std::string* const text = root.find("viewBox")) {
        box = svg_view_box(*text);
        if (!box) return fail(broken(root, "viewBox", *text));
    }
    SvgPage page;
    const bool physical = (width->physical || height->physical) && box;
    double px_mm = svg_px_mm;
    const bool given = options.unit != LengthUnit::unstated;
    if (physical && given) return fail(states_its_own(root));
    if (physical) {
        page.unit = {0, true, false, "the page has a physical size and a viewBox"};
    } else if (given) {
        px_mm = millimetres_per(options.unit);
        page.unit = {0, true, true, "a px was given as " + to_string(options.unit)};
    } else {
        const AssumedPx assumed = assumed_px(tree);
        px_mm = page.assumed_px_mm = assumed.mm;
        page.unit = {0, false, false, assumed.why};
    }
    // Where only one side is given, the viewBox gives the other; where none is, both.
    double w = width->px.value_or(0);
    double h = height->px.value_or(0);
    if (box) {
        if (!width->px) w = height->px ? h * box->width / box->height : box->width;
        if (!height->px) h = width->px ? w * box->height / box->width : box->height;
    }
    plane::Affine fit;
    if (box) {
        const std::string* const aspect = root.find("preserveAspectRatio");
        const auto fitted = svg_fit(*box, w, h, aspect == nullptr ? "" : *aspect);
        if (!fitted) return fail(broken(root, "preserveAspectRatio", *aspect));
        fit = *fitted;
        page.viewport = {box->width, box->height};
    } else {
        page.viewport = {w, h};
    }
    const plane::Affine up{px_mm, 0, 0, -px_mm, 0, h * px_mm};
    page.to_mm = up.after(fit);
    page.unit.mm = page.to_mm.a;
    return page;
}

}  // namespace nearfab::geometry::flat
