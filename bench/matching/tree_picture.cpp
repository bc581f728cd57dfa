// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/tree_picture.hpp"

#include "router/matching/tree/place_tree.hpp"

#include "bench/matching/queries.hpp"
#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>
#include <numbers>
#include <utility>
#include <vector>

namespace nearfab::bench {
namespace {

using router::GlobePoint;
using router::TreeDigest;

constexpr double panel_px = 320;
constexpr double head_px = 46;
constexpr std::uint8_t able = 1;  // The kind of machines that can make the part; 0 are the others.
constexpr std::size_t found_max = 10;
const char* const promise_colour = "#d1495b";
const char* const other_colour = "#5c7c9c";

// The part of the globe that a panel shows: seen along the x axis, y to the right, z upwards, in
// radii of the globe.
struct Window {
    double left_px = 0;
    double y = 0;
    double z = 0;
    double half = 1.04;

    [[nodiscard]] double right_of(double at_y) const {
        return left_px + panel_px / 2 + (at_y - y) / half * panel_px / 2;
    }
    [[nodiscard]] double down_of(double at_z) const {
        return head_px + panel_px / 2 - (at_z - z) / half * panel_px / 2;
    }
};

double radii(std::int32_t units) {
    return static_cast<double>(units) / router::globe_radius;
}

struct Picture {
    std::vector<GlobePoint> places;  // By slot.
    router::TreePool pool;
    router::PlaceTree tree{pool, 0};
    std::vector<std::uint8_t> kinds;
};

// Counts the machines that a search looks at.
struct Judge {
    std::size_t* looked_at;
    bool accepts(std::uint32_t /*slot*/, const router::TreeView& /*view*/) const {
        ++*looked_at;
        return true;
    }
    std::uint32_t finish_s(std::uint32_t /*slot*/, const router::TreeView& view) const {
        return view.wait_s;
    }
    std::uint32_t finish_floor_s(const router::TreeView& view) const { return view.wait_s; }
    bool before(std::uint32_t a, std::uint32_t b) const { return a < b; }
};

void fill(Picture& picture, const World& world, const Query& query) {
    std::vector<router::TreeEntry> entries;
    for (const BenchMachine& machine : world.machines) {
        if (machine.process != query.process) continue;
        router::TreeEntry entry;
        entry.at = router::globe_point({machine.latitude_deg, machine.longitude_deg});
        entry.slot = static_cast<std::uint32_t>(picture.places.size());
        entry.kind = can_make(machine, query) ? able : 0;
        picture.places.push_back(entry.at);
        picture.kinds.push_back(entry.kind);
        entries.push_back(entry);
    }
    picture.tree.build(entries, [](std::uint32_t, router::TreeHome, router::TreeHome) {});
}

std::string panel_head(const Window& window, const std::string& title, const std::string& below) {
    return fmt::format(
        "<text x=\"{0:.0f}\" y=\"20\" font-size=\"14\" font-weight=\"bold\">{1}</text>\n"
        "<text x=\"{0:.0f}\" y=\"38\" fill=\"#555\">{2}</text>\n",
        window.left_px + 4,
        title,
        below);
}

// Everything of a panel stays within it.
std::string clipped(const Window& window, const std::string& name, const std::string& inside) {
    return fmt::format(
        "<clipPath id=\"{0}\"><rect x=\"{1:.0f}\" y=\"{2:.0f}\" width=\"{3:.0f}\" "
        "height=\"{3:.0f}\"/></clipPath>\n<g clip-path=\"url(#{0})\">\n{4}</g>\n",
        name,
        window.left_px,
        head_px,
        panel_px,
        inside);
}

std::string globe(const Window& window) {
    std::string svg = fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" fill=\"#f4f7fa\" stroke=\"#9ab\"/>\n",
        window.right_of(0),
        window.down_of(0),
        panel_px / 2 / window.half);
    for (int latitude = -60; latitude <= 60; latitude += 30) {
        const double z = std::sin(latitude * std::numbers::pi / 180);
        const double y = std::cos(latitude * std::numbers::pi / 180);
        svg += fmt::format(
            "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"#d8e0e8\"/>\n",
            window.right_of(-y),
            window.down_of(z),
            window.right_of(y),
            window.down_of(z));
    }
    return svg;
}

std::string box(const Window& window, const TreeDigest& region, bool filled) {
    const bool promises = region.kinds.has(able);
    const char* const colour = promises ? promise_colour : other_colour;
    const double left = window.right_of(radii(region.min.y));
    const double top = window.down_of(radii(region.max.z));
    return fmt::format(
        "<rect x=\"{:.2f}\" y=\"{:.2f}\" width=\"{:.2f}\" height=\"{:.2f}\" "
        "fill=\"{}\" fill-opacity=\"{}\" stroke=\"{}\" stroke-width=\"0.8\"/>\n",
        left,
        top,
        std::max(window.right_of(radii(region.max.y)) - left, 0.5),
        std::max(window.down_of(radii(region.min.z)) - top, 0.5),
        colour,
        filled && promises ? "0.30" : "0.04",
        colour);
}

// What lies behind the globe, or outside the panel, is left out.
bool is_seen(const Window& window, const GlobePoint& min, const GlobePoint& max) {
    return max.x > 0 && radii(max.y) > window.y - window.half &&
           radii(min.y) < window.y + window.half && radii(max.z) > window.z - window.half &&
           radii(min.z) < window.z + window.half;
}

std::string boxes(const Picture& picture, const Window& window, std::size_t most, bool filled) {
    std::string svg;
    picture.tree.regions(most, [&](const TreeDigest& region) {
        if (is_seen(window, region.min, region.max)) svg += box(window, region, filled);
    });
    return svg;
}

// A few thousand of those that are seen show where machines are; all that can make it, where they
// do not hide the rest.
std::string dots(const Picture& picture, const Window& window) {
    constexpr std::size_t shown_max = 2500;
    std::vector<std::size_t> others;
    std::vector<std::size_t> able_ones;
    for (std::size_t i = 0; i < picture.places.size(); ++i) {
        if (!is_seen(window, picture.places[i], picture.places[i])) continue;
        (picture.kinds[i] == able && window.half < 0.5 ? able_ones : others).push_back(i);
    }
    std::string svg;
    const auto draw = [&](std::size_t i, double radius_px, const char* colour) {
        const GlobePoint& at = picture.places[i];
        svg += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{}\" fill=\"{}\"/>\n",
                           window.right_of(radii(at.y)),
                           window.down_of(radii(at.z)),
                           radius_px,
                           colour);
    };
    for (std::size_t i = 0; i < others.size(); i += others.size() / shown_max + 1)
        draw(others[i], 0.8, "#33475b");
    for (const std::size_t i : able_ones)
        draw(i, 2.5, promise_colour);
    return svg;
}

struct Answered {
    GlobePoint from;
    std::vector<router::TreeFound> found;
    std::size_t looked_at = 0;
};

Answered answer(const Picture& picture, const Query& query) {
    Answered answered;
    answered.from = router::globe_point({query.latitude_deg, query.longitude_deg});
    router::TreeFilter filter;
    filter.kinds = router::KindSet::of(able);
    answered.found.resize(found_max);
    const std::size_t count = picture.tree.nearest(answered.from,
                                                   filter,
                                                   std::numeric_limits<double>::infinity(),
                                                   Judge{&answered.looked_at},
                                                   answered.found);
    answered.found.resize(count);
    return answered;
}

// Of all places of use the one well on this side of the globe whose answers are nearest.
Answered best_seen_answer(const Picture& picture, const std::vector<Query>& queries) {
    Answered best = answer(picture, queries.front());
    const auto rank = [](const Answered& answered) {
        const bool is_well_seen = radii(answered.from.x) > 0.4;
        return is_well_seen && !answered.found.empty() ? answered.found.back().chord2
                                                       : std::numeric_limits<double>::infinity();
    };
    for (const Query& query : queries) {
        Answered other = answer(picture, query);
        if (rank(other) < rank(best)) best = std::move(other);
    }
    return best;
}

std::string rays(const Picture& picture, const Window& window, const Answered& answered) {
    std::string svg;
    const double x = window.right_of(radii(answered.from.y));
    const double y = window.down_of(radii(answered.from.z));
    for (const router::TreeFound& found : answered.found) {
        const GlobePoint& at = picture.places[found.slot];
        svg += fmt::format(
            "<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" "
            "stroke=\"#222\" stroke-width=\"1.2\"/>\n",
            x,
            y,
            window.right_of(radii(at.y)),
            window.down_of(radii(at.z)));
    }
    return svg + fmt::format(
                     "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"5\" fill=\"#f4a261\" "
                     "stroke=\"#222\"/>\n",
                     x,
                     y);
}

}  // namespace

std::string tree_picture(const World& world, std::uint64_t seed) {
    const std::vector<Query> queries = make_queries(world, "rare", 64, seed);
    Picture picture;
    fill(picture, world, queries.front());
    const Answered answered = best_seen_answer(picture, queries);

    constexpr std::size_t coarse = 40;
    constexpr std::size_t finer = 600;
    const Window first{0};
    const Window second{panel_px + 10};
    const double reach = answered.found.empty()
                             ? 0.05
                             : std::sqrt(answered.found.back().chord2) / router::globe_radius;
    const Window near{
        2 * (panel_px + 10), radii(answered.from.y), radii(answered.from.z), reach * 1.15};

    std::string svg = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:.0f} {1:.0f}\" "
        "font-family=\"sans-serif\" font-size=\"11\">\n"
        "<rect width=\"{0:.0f}\" height=\"{1:.0f}\" fill=\"white\"/>\n",
        3 * panel_px + 20,
        head_px + panel_px + 4);
    svg += panel_head(first,
                      fmt::format("The tree, cut into {} regions", coarse),
                      fmt::format("{} printers, seen from (0, 0)", picture.places.size())) +
           clipped(first,
                   "coarse",
                   globe(first) + dots(picture, first) + boxes(picture, first, coarse, false));
    svg += panel_head(second,
                      fmt::format("{} regions", finer),
                      "red: promises a machine for a rare material") +
           clipped(second, "finer", globe(second) + boxes(picture, second, finer, true));
    svg += panel_head(
               near,
               fmt::format(
                   "The nearest {} within {:.0f} km",
                   answered.found.size(),
                   answered.found.empty() ? 0.0 : router::ground_km(answered.found.back().chord2)),
               fmt::format(
                   "{} of {} machines were looked at", answered.looked_at, picture.places.size())) +
           clipped(near,
                   "near",
                   boxes(picture, near, picture.places.size(), true) + dots(picture, near) +
                       rays(picture, near, answered));
    return svg + "</svg>\n";
}

}  // namespace nearfab::bench
