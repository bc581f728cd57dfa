// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/svg_remarks.hpp"

#include "geometry/number_text.hpp"

#include <string>
#include <utility>

namespace nearfab::geometry::flat {
namespace {

std::string counted(std::uint64_t n, const char* one, const char* many) {
    return std::to_string(n) + " " + (n == 1 ? one : many);
}

std::string hidden_words(std::uint64_t n) {
    return counted(n,
                   "element is hidden or invisible, or has",
                   "elements are hidden or invisible, or have") +
           " neither stroke nor fill";
}

class Writer {
public:
    Writer(Drawing& drawing, const SvgLeft& left) : drawing_{drawing}, left_{left} {}

    void write(const SvgPage& page) {
        size(page);
        unread();
        unapplied();
        alternatives();
    }

private:
    void say(RemarkLevel level, const char* rule, std::string message, const char* next) {
        drawing_.remarks.push_back({level, rule, std::move(message), next});
    }

    void size(const SvgPage& page) {
        const auto bounds = bounds_of(drawing_);
        if (page.assumed_px_mm == 0 || !bounds) return;
        std::string sizes;
        for (const double dpi : {96.0, 90.0, 72.0}) {
            const double factor = 25.4 / dpi / page.assumed_px_mm;
            sizes += (sizes.empty() ? "" : ", ") + number_text(bounds->size().x * factor) + " x " +
                     number_text(bounds->size().y * factor) + " mm at " + number_text(dpi);
        }
        say(RemarkLevel::warning,
            "unit_unstated",
            "the page has no physical size with a viewBox; " + page.unit.explanation +
                "; the drawing would be " + sizes + " px to the inch",
            "Set the page's width and height in mm, with a viewBox, or say how long a px is: "
            "--unit px (96 to the inch), px90, pt (72 to the inch) or mm");
    }

    void unread() {
        if (left_.not_drawn.empty()) return;
        say(RemarkLevel::warning,
            "not_drawn",
            "not read as lines: " + left_.not_drawn.text(),
            "Convert texts and pictures to paths where they belong to the part");
    }

    void unapplied() {
        if (left_.clipped > 0) {
            say(RemarkLevel::warning,
                "clip_ignored",
                counted(left_.clipped, "element has", "elements have") +
                    " a clip path or mask, which is not applied: " +
                    (left_.clipped == 1 ? "it is" : "they are") + " read whole",
                "Cut the shapes themselves where the clip path cuts them");
        }
        if (left_.style_rules > 0) {
            say(RemarkLevel::warning,
                "style_ignored",
                counted(left_.style_rules,
                        "style rule is not understood and was",
                        "style rules are not understood and were") +
                    " not applied",
                "Use only classes in style rules, or export with style attributes");
        }
        if (left_.unknown_colours > 0) {
            say(RemarkLevel::warning,
                "colour_unknown",
                counted(left_.unknown_colours, "element has", "elements have") +
                    " a colour that is not understood, so it decides nothing about cutting",
                "Write colours as #rrggbb, or say what is done on that layer");
        }
    }

    void alternatives() {
        if (left_.of_switches > 0) {
            say(RemarkLevel::note,
                "switch",
                counted(left_.of_switches, "element of a switch is", "elements of switches are") +
                    " left out: only the first that any program can draw is read",
                "");
        }
        if (left_.hidden > 0) say(RemarkLevel::note, "hidden", hidden_words(left_.hidden), "");
    }

    Drawing& drawing_;
    const SvgLeft& left_;
};

}  // namespace

Error nothing_drawn(const SvgLeft& left) {
    std::string message = "the drawing has no line or outline that can be read";
    if (!left.not_drawn.empty()) message += "; it has " + left.not_drawn.text();
    if (left.hidden > 0) message += "; " + hidden_words(left.hidden);
    return {ErrorCode::invalid_file,
            message,
            "Convert texts and pictures to paths, and give the lines a stroke"};
}

void add_remarks(Drawing& drawing, const SvgPage& page, const SvgLeft& left) {
    Writer{drawing, left}.write(page);
}

}  // namespace nearfab::geometry::flat
