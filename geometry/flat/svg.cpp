// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/svg.hpp"

#include "base/check.hpp"
#include "geometry/flat/remarks.hpp"
#include "geometry/flat/svg_page.hpp"
#include "geometry/flat/svg_remarks.hpp"
#include "geometry/flat/svg_shapes.hpp"
#include "geometry/flat/svg_style.hpp"
#include "geometry/flat/svg_values.hpp"
#include "geometry/number_text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::geometry {
namespace flat {
namespace {

using plane::Affine;

// What the elements round an element hand down to it.
struct Surroundings {
    Affine to_mm;
    Vec2 viewport;
    SvgStyle style;
    std::string layer;
    bool top = false;  // Directly in the page.
};

class SvgReader {
public:
    SvgReader(const SvgTree& tree, const DrawingOptions& options)
        : tree_(tree),
          options_(options),
          rules_{options.chord_tolerance_mm, options.limits.coordinate_mm, options.limits.points},
          sheet_(tree.style),
          elements_left_(options.limits.entities),
          bytes_left_(read_again * options.limits.file_bytes) {}

    Result<Drawing> read() {
        const auto page = svg_page(tree_, options_);
        if (!page) return fail(page.error());
        left_.style_rules = sheet_.ignored_rules();
        drawing_.format = FlatFormat::svg;
        drawing_.chord_tolerance_mm = options_.chord_tolerance_mm;
        drawing_.unit = page->unit;
        const SvgNode& root = tree_.nodes.front();
        const SvgStyle style = sheet_.style_of(root, {});
        if (style.displayed) {
            const Status status = children(root, {page->to_mm, page->viewport, style, "", true});
            if (!status) return fail(status.error());
        }
        if (drawing_.paths.empty()) return fail(nothing_drawn(left_));
        decide_operations(drawing_, filled_only_, options_.operations);
        add_remarks(drawing_, *page, left_);
        return std::move(drawing_);
    }

private:
    // Uses may have an element read again and again; this bounds the work for them.
    static constexpr std::uint64_t read_again = 8;

    Status children(const SvgNode& node, const Surroundings& round) {
        // Elements in elements, with all uses: each level takes room on the stack.
        if (++depth_ > 2 * options_.limits.depth) return fail(too_deep(node));
        for (std::uint32_t child = node.first_child; child != 0; child = tree_.nodes[child].next) {
            if (Status status = element(tree_.nodes[child], round); !status) return status;
        }
        --depth_;
        return {};
    }

    Error too_deep(const SvgNode& node) const {
        return node.refusal(ErrorCode::too_large,
                            "elements lie deeper in each other, with all uses, than the limit of " +
                                std::to_string(2 * options_.limits.depth),
                            "Ungroup the drawing and unlink its clones");
    }

    Status element(const SvgNode& node, const Surroundings& round) {
        const std::string_view name = node.name;
        if (Status status = spend(node); !status) return status;
        if (never_drawn(name)) return {};
        Surroundings inner = round;
        inner.top = false;
        inner.style = sheet_.style_of(node, round.style);
        if (!inner.style.displayed) return hide();
        if (name == "text" || name == "image" || name == "foreignObject") {
            left_.not_drawn.add(name);
            return {};
        }
        if (node.find("clip-path") != nullptr || node.find("mask") != nullptr) ++left_.clipped;
        if (Status status = transform(node, inner); !status) return status;
        if (svg_is_shape(name)) return shape(node, inner);
        if (name == "use") return use(node, inner);
        if (name == "svg") {
            const auto width = svg_length_of(node, "width", round.viewport.x, round.viewport.x);
            const auto height = svg_length_of(node, "height", round.viewport.y, round.viewport.y);
            return viewport(node, inner, width, height);
        }
        if (name == "g" || name == "a") {
            name_layer(node, round, inner);
            return children(node, inner);
        }
        if (name == "switch") return one_of(node, inner);
        left_.not_drawn.add(name);
        return {};
    }

    // A style's transform goes before the attribute's, and its origin is for both.
    static Status transform(const SvgNode& node, Surroundings& inner) {
        const std::string* const attribute = node.find("transform");
        const std::string none;
        const std::string& text = !inner.style.transform.empty() ? inner.style.transform
                                  : attribute != nullptr         ? *attribute
                                                                 : none;
        if (text.empty()) return {};
        const auto map = svg_transform(text);
        if (!map) return fail(broken(node, "transform", text));
        const std::string& origin_text = inner.style.transform_origin;
        const auto origin = svg_origin(origin_text);
        if (!origin) return fail(broken(node, "transform-origin", origin_text));
        inner.to_mm = inner.to_mm.after(plane::shift(origin->x, origin->y))
                          .after(*map)
                          .after(plane::shift(-origin->x, -origin->y));
        return {};
    }

    // The first child that asks for nothing a drawing program has to have, as viewers draw it.
    Status one_of(const SvgNode& node, const Surroundings& inner) {
        const auto asks = [](const SvgNode& child) {
            const std::string* const language = child.find("systemLanguage");
            return child.find("requiredExtensions") != nullptr ||
                   (language != nullptr && !language->starts_with("en"));
        };
        bool drawn = false;
        for (std::uint32_t i = node.first_child; i != 0; i = tree_.nodes[i].next) {
            const SvgNode& child = tree_.nodes[i];
            if (never_drawn(child.name)) continue;
            if (drawn || asks(child)) {
                ++left_.of_switches;
                continue;
            }
            drawn = true;
            if (++depth_ > 2 * options_.limits.depth) return fail(too_deep(node));
            if (Status status = element(child, inner); !status) return status;
            --depth_;
        }
        return {};
    }

    // Elements that hold definitions or words, and those of other languages.
    static bool never_drawn(std::string_view name) {
        static constexpr std::array<std::string_view, 16> names{"",
                                                                "defs",
                                                                "symbol",
                                                                "clipPath",
                                                                "mask",
                                                                "pattern",
                                                                "marker",
                                                                "linearGradient",
                                                                "radialGradient",
                                                                "filter",
                                                                "style",
                                                                "script",
                                                                "title",
                                                                "desc",
                                                                "metadata",
                                                                "view"};
        return std::find(names.begin(), names.end(), name) != names.end();
    }

    // Inkscape marks its layers; other programs name a group directly in the page.
    static void name_layer(const SvgNode& node, const Surroundings& round, Surroundings& inner) {
        const std::string* const mode = node.find("inkscape:groupmode");
        const std::string* const label = node.find("inkscape:label");
        const std::string* const id = node.find("id");
        if (mode != nullptr && *mode == "layer") {
            inner.layer = label != nullptr ? *label : id != nullptr ? *id : round.layer;
        } else if (round.top && id != nullptr) {
            inner.layer = *id;
        }
    }

    Status shape(const SvgNode& node, const Surroundings& round) {
        const SvgStyle& style = round.style;
        if (!style.visible || (!style.strokes() && !style.fills())) return hide();
        PathPen pen{round.to_mm, rules_, used_points_};
        if (Status status = draw_svg_shape(node, round.viewport, pen); !status) return status;
        if (pen.fault() != PenFault::none) return fail(pen_error(node, pen.fault()));
        const bool filled_only = !style.strokes();
        const SvgPaint& paint = filled_only ? style.fill : style.stroke;
        if (!paint.understood) ++left_.unknown_colours;
        for (PenPath& drawn : pen.take()) {
            if (filled_only && node.name == "line") continue;  // It has no inside.
            Path path;
            path.points = std::move(drawn.points);
            path.closed = drawn.closed || filled_only;  // A fill closes what is open.
            path.layer = layer_index(round.layer);
            path.colour = paint.colour;
            path.line = node.line;
            drawing_.paths.push_back(std::move(path));
            filled_only_.push_back(filled_only);
        }
        return {};
    }

    Status use(const SvgNode& node, Surroundings& inner) {
        const std::string* const href = node.find("href");
        if (href == nullptr) return {};
        if (!href->starts_with('#')) {
            return fail(
                node.refusal(ErrorCode::invalid_file,
                             "it uses " + shown(*href) +
                                 ", which is not in this file; other files are never opened",
                             "Save the drawing with everything in it"));
        }
        const auto found = tree_.ids.find(std::string_view{*href}.substr(1));
        if (found == tree_.ids.end()) {
            return fail(node.refusal(ErrorCode::invalid_file,
                                     "it uses " + shown(*href) + ", which does not exist",
                                     svg_broken_next));
        }
        const std::uint32_t target = found->second;
        if (std::find(open_uses_.begin(), open_uses_.end(), target) != open_uses_.end()) {
            return fail(node.refusal(ErrorCode::invalid_file,
                                     "it uses " + shown(*href) + ", which uses itself",
                                     svg_broken_next));
        }
        if (open_uses_.size() >= static_cast<std::size_t>(options_.limits.nested)) {
            return fail(node.refusal(ErrorCode::too_large,
                                     "uses lie in uses deeper than the limit of " +
                                         std::to_string(options_.limits.nested),
                                     "Unlink the clones of the drawing"));
        }
        const auto x = svg_length_of(node, "x", inner.viewport.x, 0);
        const auto y = svg_length_of(node, "y", inner.viewport.y, 0);
        if (!x) return fail(x.error());
        if (!y) return fail(y.error());
        inner.to_mm = inner.to_mm.after(plane::shift(*x, *y));
        open_uses_.push_back(target);
        const Status status = used(node, tree_.nodes[target], inner);
        open_uses_.pop_back();
        return status;
    }

    // A symbol, or an svg whose size the use may set, or any other element.
    Status used(const SvgNode& node, const SvgNode& target, Surroundings& inner) {
        if (target.name != "symbol" && target.name != "svg") return element(target, inner);
        if (Status status = spend(target); !status) return status;
        const SvgNode& sized =
            target.name == "svg" && node.find("width") == nullptr ? target : node;
        const SvgNode& high =
            target.name == "svg" && node.find("height") == nullptr ? target : node;
        const auto width = svg_length_of(sized, "width", inner.viewport.x, inner.viewport.x);
        const auto height = svg_length_of(high, "height", inner.viewport.y, inner.viewport.y);
        inner.style = sheet_.style_of(target, inner.style);
        if (!inner.style.displayed) return hide();
        return viewport(target, inner, width, height);
    }

    // The children of an svg or symbol, in a viewport of their own.
    Status viewport(const SvgNode& node,
                    Surroundings& inner,
                    const Result<double>& width,
                    const Result<double>& height) {
        if (!width) return fail(width.error());
        if (!height) return fail(height.error());
        if (node.name == "svg") {
            const auto x = svg_length_of(node, "x", inner.viewport.x, 0);
            const auto y = svg_length_of(node, "y", inner.viewport.y, 0);
            if (!x) return fail(x.error());
            if (!y) return fail(y.error());
            inner.to_mm = inner.to_mm.after(plane::shift(*x, *y));
        }
        inner.viewport = {*width, *height};
        if (const std::string* const text = node.find("viewBox")) {
            const auto box = svg_view_box(*text);
            if (!box) return fail(broken(node, "viewBox", *text));
            const std::string* const aspect = node.find("preserveAspectRatio");
            const bool sized = *width > 0 && *height > 0;
            const auto fit = svg_fit(*box,
                                     sized ? *width : box->width,
                                     sized ? *height : box->height,
                                     aspect == nullptr ? "" : *aspect);
            if (!fit) return fail(broken(node, "preserveAspectRatio", *aspect));
            inner.to_mm = inner.to_mm.after(*fit);
            inner.viewport = {box->width, box->height};
        }
        return children(node, inner);
    }

    Status spend(const SvgNode& node) {
        if (elements_left_ == 0 || bytes_left_ < node.bytes) {
            return fail(node.refusal(ErrorCode::too_large,
                                     "uses repeat the drawing beyond the limit of " +
                                         std::to_string(options_.limits.entities) +
                                         " elements or " + std::to_string(read_again) +
                                         " times the size of a file",
                                     "Send fewer copies in one drawing"));
        }
        --elements_left_;
        bytes_left_ -= node.bytes;
        return {};
    }

    Status hide() {
        ++left_.hidden;
        return {};
    }

    std::uint32_t layer_index(const std::string& name) {
        const auto next = static_cast<std::uint32_t>(drawing_.layers.size());
        const auto [place, added] = layer_numbers_.emplace(name, next);
        if (added) drawing_.layers.push_back(kept_name(name));
        return place->second;
    }

    static Error broken(const SvgNode& node, std::string_view name, std::string_view value) {
        return node.refusal(ErrorCode::invalid_file,
                            std::string{name} + "=" + shown(value) + " cannot be understood",
                            svg_broken_next);
    }

    Error pen_error(const SvgNode& node, PenFault fault) const {
        if (fault == PenFault::not_finite) {
            return node.refusal(
                ErrorCode::invalid_file, "its numbers are too large to be drawn", svg_broken_next);
        }
        if (fault == PenFault::too_far) {
            return node.refusal(
                ErrorCode::too_large,
                "a point lies beyond the limit of " + number_text(rules_.coordinate_mm) + " mm",
                "Check the size of the page and the unit of the drawing");
        }
        return node.refusal(ErrorCode::too_large,
                            "the drawing has more points, with all uses, than the limit of " +
                                std::to_string(rules_.points),
                            "Send fewer copies, or simplify the curves");
    }

    const SvgTree& tree_;
    const DrawingOptions& options_;
    PenRules rules_;
    SvgStyleSheet sheet_;
    std::uint64_t elements_left_;
    std::uint64_t bytes_left_;
    std::uint64_t used_points_ = 0;
    std::vector<std::uint32_t> open_uses_;
    std::map<std::string, std::uint32_t> layer_numbers_;
    SvgLeft left_;
    int depth_ = 0;
    std::vector<bool> filled_only_;
    Drawing drawing_;
};

}  // namespace
}  // namespace flat

Result<Drawing> read_svg(std::span<const std::uint8_t> file, const DrawingOptions& options) {
    NEARFAB_CHECK(options.chord_tolerance_mm > 0, "a tolerance has a size");
    if (const Status sized = check_size(file, options.limits); !sized) return fail(sized.error());
    const std::string text{file.begin(), file.end()};
    const auto tree = flat::read_svg_tree(text, options.limits);
    if (!tree) return fail(tree.error());
    return flat::SvgReader{*tree, options}.read();
}

}  // namespace nearfab::geometry
