// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/place_text.hpp"

#include "geometry/number_text.hpp"

#include <cmath>

namespace nearfab::toolpath {
namespace {

std::string hundredths(double value) {
    return geometry::number_text(std::round(value * 100) / 100 + 0.0);
}

}  // namespace

std::string mm_text(double mm) {
    return hundredths(mm) + " mm";
}

std::string place_text(const geometry::Vec2& at) {
    return "(" + hundredths(at.x) + ", " + hundredths(at.y) + ") mm";
}

}  // namespace nearfab::toolpath
