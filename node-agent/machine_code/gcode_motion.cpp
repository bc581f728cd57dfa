// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/gcode_motion.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace nearfab::agent {
namespace {

constexpr double full_turn = 2 * std::numbers::pi;

// The angle in [0, 2 pi) from one direction to another, turning counter-clockwise.
double turn_from(double start, double end) {
    const double turn = std::fmod(end - start, full_turn);
    return turn < 0 ? turn + full_turn : turn;
}

struct Sweep {
    double start = 0;  // Radians, where a counter-clockwise walk over the arc begins.
    double turn = 0;   // In (0, 2 pi].
    double radius_mm = 0;
};

// An arc that ends where it began is a full circle, as in every firmware.
Sweep sweep_of(const Move& move) {
    const double from = std::atan2(move.from.y - move.centre.y, move.from.x - move.centre.x);
    const double to = std::atan2(move.to.y - move.centre.y, move.to.x - move.centre.x);
    const bool clockwise = move.shape == MoveShape::clockwise;
    const double turn = clockwise ? turn_from(to, from) : turn_from(from, to);
    return {clockwise ? to : from,
            turn < 1e-9 ? full_turn : turn,
            std::hypot(move.from.x - move.centre.x, move.from.y - move.centre.y)};
}

void include(geometry::Bounds& box, double x, double y) {
    box.min.x = std::min(box.min.x, x);
    box.min.y = std::min(box.min.y, y);
    box.max.x = std::max(box.max.x, x);
    box.max.y = std::max(box.max.y, y);
}

double value_or(const GcodeLine& line, char letter, double otherwise) {
    const GcodeWord* word = line.find(letter);
    return word != nullptr && word->has_value ? word->value : otherwise;
}

}  // namespace

double length_mm(const Move& move) {
    const double rise = move.to.z - move.from.z;
    if (move.shape == MoveShape::straight) {
        return std::hypot(move.to.x - move.from.x, move.to.y - move.from.y, rise);
    }
    const Sweep sweep = sweep_of(move);
    return std::hypot(sweep.turn * sweep.radius_mm, rise);
}

geometry::Bounds swept_box(const Move& move) {
    geometry::Bounds box{move.from, move.from};
    include(box, move.to.x, move.to.y);
    box.min.z = std::min(move.from.z, move.to.z);
    box.max.z = std::max(move.from.z, move.to.z);
    if (move.shape == MoveShape::straight) {
        return box;
    }
    // Besides its ends, an arc is outermost where it crosses the directions of the axes.
    const Sweep sweep = sweep_of(move);
    const double r = sweep.radius_mm;
    const std::array<geometry::Vec2, 4> extremes{{{r, 0}, {0, r}, {-r, 0}, {0, -r}}};
    for (std::size_t quarter = 0; quarter < extremes.size(); ++quarter) {
        const double angle = static_cast<double>(quarter) * full_turn / 4;
        if (turn_from(sweep.start, angle) <= sweep.turn) {
            include(box, move.centre.x + extremes[quarter].x, move.centre.y + extremes[quarter].y);
        }
    }
    return box;
}

double radius_error_mm(const Move& move) {
    if (move.shape == MoveShape::straight) {
        return 0;
    }
    const double start = std::hypot(move.from.x - move.centre.x, move.from.y - move.centre.y);
    const double end = std::hypot(move.to.x - move.centre.x, move.to.y - move.centre.y);
    return std::abs(end - start);
}

Move Motion::move(const GcodeLine& line) {
    Move move;
    move.from = position_;
    move.to = position_;
    const auto axis = [&](char letter, double& coordinate) {
        if (const GcodeWord* word = line.find(letter); word != nullptr && word->has_value) {
            coordinate = absolute_ ? word->value : coordinate + word->value;
        }
    };
    axis('X', move.to.x);
    axis('Y', move.to.y);
    axis('Z', move.to.z);
    if (const GcodeWord* word = line.find('E'); word != nullptr && word->has_value) {
        move.extruded_mm = extruder_absolute_ ? word->value - extruder_mm_ : word->value;
        extruder_mm_ += move.extruded_mm;
    }
    if (const GcodeWord* word = line.find('F'); word != nullptr && word->has_value) {
        feed_mm_s_ = word->value / 60;
    }
    move.feed_mm_s = feed_mm_s_;
    if (line.code == 2 || line.code == 3) {
        move.shape = line.code == 2 ? MoveShape::clockwise : MoveShape::counter_clockwise;
        move.centre = {move.from.x + value_or(line, 'I', 0), move.from.y + value_or(line, 'J', 0)};
    }
    position_ = move.to;
    return move;
}

void Motion::home(const GcodeLine& line) {
    const bool all =
        line.find('X') == nullptr && line.find('Y') == nullptr && line.find('Z') == nullptr;
    if (all || line.find('X') != nullptr) {
        position_.x = home_.x;
    }
    if (all || line.find('Y') != nullptr) {
        position_.y = home_.y;
    }
    if (all || line.find('Z') != nullptr) {
        position_.z = home_.z;
    }
}

void Motion::set_mode(const GcodeLine& line) {
    if (line.is('G', 90) || line.is('G', 91)) {
        absolute_ = line.code == 90;
        extruder_absolute_ = absolute_;
    } else if (line.is('M', 82) || line.is('M', 83)) {
        extruder_absolute_ = line.code == 82;
    } else if (line.is('G', 92)) {
        extruder_mm_ = value_or(line, 'E', extruder_mm_);
    }
}

}  // namespace nearfab::agent
