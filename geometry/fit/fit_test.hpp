// SPDX-License-Identifier: GPL-3.0-or-later
// fit_test.hpp - the yes or no of fit_into() for one part and many envelopes, in nanoseconds.
//
// Most envelopes are plainly large enough or plainly too small. What can be measured of an outline
// once - its sides, its least width, its diameter, whether it is a rectangle - decides these; only
// the few in between are asked of fit_into().

#pragma once

#include "geometry/fit/envelope_fit.hpp"

#include <array>

namespace nearfab::geometry {

class FitTest {
public:
    // Fits everything.
    FitTest() = default;
    // The same requirements as fit_into().
    explicit FitTest(Stances stances);

    // fit_into(stances, envelope).fits, with the envelope turned so that its longer side is x.
    [[nodiscard]] bool fits(const WorkEnvelope& envelope) const;

    [[nodiscard]] const Stances& stances() const { return stances_; }

private:
    struct Sizes {
        double height = 0;
        double x = 0;  // Of the outline as it lies.
        double y = 0;
        double width_least = 0;  // Over all directions.
        double diameter2 = 0;    // Squared.
        double area = 0;
        bool rectangle = false;  // With its sides along the axes.
    };
    enum class Answer : std::uint8_t { yes, no, look_closer };
    static Sizes sizes_of(const Stance& stance);
    static Answer quick(const Sizes& sizes, const WorkEnvelope& envelope);

    Stances stances_;
    std::array<Sizes, 3> sizes_{};
};

}  // namespace nearfab::geometry
