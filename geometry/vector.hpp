// SPDX-License-Identifier: GPL-3.0-or-later
// vector.hpp - points and sizes in millimetres.

#pragma once

namespace nearfab::geometry {

struct Vec2 {
    double x = 0;
    double y = 0;
    friend bool operator==(const Vec2&, const Vec2&) = default;
};

struct Vec3 {
    double x = 0;
    double y = 0;
    double z = 0;
    friend bool operator==(const Vec3&, const Vec3&) = default;
};

}  // namespace nearfab::geometry
