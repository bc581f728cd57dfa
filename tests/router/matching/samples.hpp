// SPDX-License-Identifier: GPL-3.0-or-later
// samples.hpp - small fabs and parts for tests of the router.

#pragma once

#include "proto/model/capability.hpp"
#include "proto/model/part.hpp"

#include <initializer_list>
#include <string>
#include <utility>

namespace nearfab::router::testing {

// A box of this size as analysis would describe it.
PartFacts box(double x_mm, double y_mm, double z_mm);

// The same, of which the analysis says that its thinnest wall is so thick, at 1, 2, 3.
PartFacts walled_box(double x_mm, double y_mm, double z_mm, double wall_mm);

// A plate of that thickness, which a laser may cut.
PartFacts plate(double x_mm, double y_mm, double thickness_mm);

// A rectangle drawn at an angle, with strips of 1.5 mm: a laser can cut it, nothing can print it.
PartFacts drawing(double x_mm, double y_mm, double turned_deg = 0);

// One piece of PLA on an FDM printer, of the design named by this word.
PartSpec part(const std::string& design, const std::string& material = "pla");

// An FDM printer with 25 cm3/h that is idle.
Capability printer(const std::string& id,
                   double x_mm,
                   double y_mm,
                   double z_mm,
                   std::initializer_list<std::pair<const char*, double>> materials);

Advertisement fab(Place place, std::initializer_list<Capability> machines);

inline const Place lyon{45.7640, 4.8357};
inline const Place grenoble{45.1885, 5.7245};  // 94.6 km from Lyon.
inline const Place paris{48.8566, 2.3522};     // 391.5 km from Lyon.

}  // namespace nearfab::router::testing
