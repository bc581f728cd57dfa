// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/sheet_cuts.hpp"

#include "toolpath/cut_plan.hpp"
#include "toolpath/place_text.hpp"

#include <algorithm>
#include <string>

namespace nearfab::toolpath {
namespace {

constexpr std::size_t most_line_gates = 64;

Error too_large_for(const geometry::FlatBounds& bounds,
                    const CutterSettings& settings,
                    double tool_mm) {
    const Vec2 size = bounds.size();
    const Vec2 sheet = settings.sheet_mm;
    const std::string edge =
        settings.margin_mm > 0 ? " with its margin of " + mm_text(settings.margin_mm) : "";
    const double room = 2 * settings.margin_mm + tool_mm;
    const bool would_fit = size.x + room <= sheet.x && size.y + room <= sheet.y;
    return {ErrorCode::invalid_argument,
            "the work reaches from " + place_text(bounds.min) + " to " + place_text(bounds.max) +
                " and its cut is " + mm_text(tool_mm) + " wide; the sheet is " + mm_text(sheet.x) +
                " x " + mm_text(sheet.y) + edge,
            would_fit ? "Move it onto the sheet"
                      : "Check the unit of the drawing, or use a larger sheet"};
}

Status check_on_sheet(const Outlines& outlines, const CutterSettings& settings, double tool_mm) {
    constexpr double rounding = 1e-4;
    const geometry::FlatBounds bounds = outlines.bounds();
    // Beside an outline there is the whole width of the cut.
    const double room = settings.margin_mm + (outlines.loops.empty() ? 0 : tool_mm) - rounding;
    const bool inside = bounds.min.x >= room && bounds.min.y >= room &&
                        bounds.max.x <= settings.sheet_mm.x - room &&
                        bounds.max.y <= settings.sheet_mm.y - room;
    if (inside) return {};
    return fail(too_large_for(bounds, settings, tool_mm));
}

Status check_features(const std::vector<Leftover>& leftovers, double tool_mm) {
    std::size_t features = 0;
    while (features < leftovers.size() && leftovers[features].feature)
        ++features;
    if (features == 0) return {};
    constexpr std::size_t named = 3;
    std::string text;
    for (std::size_t i = 0; i < std::min(features, named); ++i)
        text += (i > 0 ? "; " : "") + text_of(leftovers[i], tool_mm);
    if (features > named) text += "; and " + std::to_string(features - named) + " more";
    return fail(ErrorCode::invalid_file,
                text,
                "Widen them in the drawing, or use a machine or tool with a narrower cut");
}

}  // namespace

Result<SheetCuts> sheet_cuts(const Outlines& outlines,
                             const CutterSettings& settings,
                             const SheetCutsOptions& options) {
    if (Status status = check_on_sheet(outlines, settings, options.tool_mm); !status) {
        return fail(status.error());
    }
    SheetCuts sheet;
    sheet.kept = even_odd(outlines.loops);
    const double radius = options.tool_mm / 2;
    CutLines lines = cut_lines(sheet.kept, {radius});
    if (Status status = check_features(lines.leftovers, options.tool_mm); !status) {
        return fail(status.error());
    }
    sheet.leftovers = std::move(lines.leftovers);
    const KeptMaterial kept{sheet.kept};
    const double edge = settings.margin_mm;
    const LeadOptions lead{options.lead_mm,
                           std::max(radius - gouge_slack_mm, 0.0),
                           {edge, edge},
                           {settings.sheet_mm.x - edge, settings.sheet_mm.y - edge}};
    for (Contour& contour : lines.contours) {
        ClosedCut cut;
        const Track round = track_of(contour.polygon, settings.arc_tolerance_mm);
        cut.track = contour.hole ? round : reversed(round);
        cut.starts = starts_of(cut.track, true, kept, lead);
        cut.contour = std::move(contour);
        sheet.cuts.push_back(std::move(cut));
    }
    return sheet;
}

std::vector<Stop> stops_of(const std::vector<ClosedCut>& cuts) {
    std::vector<Stop> stops;
    for (const ClosedCut& cut : cuts) {
        Stop stop;
        // The lead is short against the ways between cuts, and without it the order can be turned.
        for (const CutStart& start : cut.starts)
            stop.gates.push_back({start.at, start.at});
        stop.before = cut.contour.parent;
        stops.push_back(std::move(stop));
    }
    return stops;
}

std::vector<Stop> stops_of(const std::vector<Track>& lines) {
    std::vector<Stop> stops;
    for (const Track& line : lines) {
        Stop stop;
        if (line.front().from == line.back().to) {
            const std::size_t step = line.size() / most_line_gates + 1;
            for (std::size_t i = 0; i < line.size(); i += step)
                stop.gates.push_back({line[i].from, line[i].from});
        } else {
            stop.gates = {{line.front().from, line.back().to}, {line.back().to, line.front().from}};
        }
        stops.push_back(std::move(stop));
    }
    return stops;
}

Track entered_at(const Track& line, const Gate& gate) {
    const bool closed = line.front().from == line.back().to;
    if (!closed) return gate.in == line.front().from ? line : reversed(line);
    Track out = line;
    const auto first = std::find_if(
        out.begin(), out.end(), [&](const Span& span) { return span.from == gate.in; });
    std::rotate(out.begin(), first, out.end());
    return out;
}

}  // namespace nearfab::toolpath
