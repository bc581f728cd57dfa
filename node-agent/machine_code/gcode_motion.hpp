// SPDX-License-Identifier: GPL-3.0-or-later
// gcode_motion.hpp - where the tool is, as the firmware would know it after each line.
//
// Follows G0-G3, G28, G90-G92 and M82/M83 the way Marlin does: G90 and G91 also switch the
// extruder, M82 and M83 switch it alone. Millimetres; feed rates in mm/s. Both the gate
// (gcode_gate.hpp) and the run (gcode_run.hpp) stand on it, so they cannot disagree. Pure.

#pragma once

#include "geometry/mesh.hpp"
#include "geometry/vector.hpp"
#include "node-agent/machine_code/gcode.hpp"

namespace nearfab::agent {

enum class MoveShape : std::uint8_t { straight, clockwise, counter_clockwise };

struct Move {
    geometry::Vec3 from;
    geometry::Vec3 to;
    double extruded_mm = 0;  // Of filament; negative when drawn back.
    double feed_mm_s = 0;
    MoveShape shape = MoveShape::straight;
    geometry::Vec2 centre;  // Of an arc.

    [[nodiscard]] bool is_still() const { return from == to && shape == MoveShape::straight; }
};

// The length of the way in space; arcs in x and y may rise in z.
[[nodiscard]] double length_mm(const Move& move);

// The box around every point of the way.
[[nodiscard]] geometry::Bounds swept_box(const Move& move);

// How far the arc's end is off the circle through its start; 0 for straight moves.
[[nodiscard]] double radius_error_mm(const Move& move);

class Motion {
public:
    // `home` is where the tool stands after G28; `feed_mm_s` holds until the first F word.
    explicit Motion(geometry::Vec3 home, double feed_mm_s) : home_{home}, feed_mm_s_{feed_mm_s} {}

    // REQUIRES: the line is one of G0 to G3.
    [[nodiscard]] Move move(const GcodeLine& line);
    // REQUIRES: the line is G28. Without axis words all axes are homed.
    void home(const GcodeLine& line);
    // G90, G91, G92, M82, M83; any other line changes nothing.
    void set_mode(const GcodeLine& line);

    [[nodiscard]] const geometry::Vec3& position() const { return position_; }

private:
    geometry::Vec3 home_;
    geometry::Vec3 position_;
    double extruder_mm_ = 0;
    double feed_mm_s_;
    bool absolute_ = true;
    bool extruder_absolute_ = true;
};

}  // namespace nearfab::agent
