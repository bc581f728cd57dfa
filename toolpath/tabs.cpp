// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/tabs.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::toolpath {
namespace {

// The place for the middle of a tab nearest to `wish`, at most `reach` away.
double settled(const Track& track, double wish, double reach, double wide_mm) {
    double best = wish;
    double best_off = reach;
    double at = 0;
    for (const Span& span : track) {
        const double mm = span.length();
        if (mm >= wide_mm) {
            const double place = std::clamp(wish, at + wide_mm / 2, at + mm - wide_mm / 2);
            if (std::abs(place - wish) < best_off) {
                best_off = std::abs(place - wish);
                best = place;
            }
        }
        at += mm;
    }
    return best;
}

}  // namespace

std::vector<Tab> tabs_of(const Track& track, std::uint32_t count, double wide_mm) {
    const double whole = length_of(track);
    const auto room = static_cast<std::uint32_t>(std::max(0.0, whole / (3 * wide_mm)));
    const std::uint32_t most = std::min(count, room);
    std::vector<Tab> tabs;
    for (std::uint32_t i = 0; i < most; ++i) {
        const double spacing = whole / most;
        const double wish = (i + 0.5) * spacing;
        const double middle = std::clamp(
            settled(track, wish, spacing / 4, wide_mm), wide_mm / 2, whole - wide_mm / 2);
        tabs.push_back({middle - wide_mm / 2, middle + wide_mm / 2});
    }
    return tabs;
}

}  // namespace nearfab::toolpath
