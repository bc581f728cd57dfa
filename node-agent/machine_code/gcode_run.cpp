// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/gcode_run.hpp"

#include "node-agent/machine_code/gcode.hpp"
#include "node-agent/machine_code/gcode_motion.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::agent {
namespace {

using Axes = std::array<double, 4>;  // X, Y, Z, extruder.

constexpr double slowest_mm_s = 0.05;  // Firmwares never plan slower than this.

// One move while its neighbours are not known yet.
struct Block {
    double length_mm = 0;
    double speed_mm_s = 0;  // When not speeding up or slowing down.
    double acceleration_mm_s2 = 0;
    double entry_mm_s = 0;  // First the most the corner allows, after flush() the planned one.
    double stop_mm_s = 0;   // The most it may have when stopping dead at its end.
    std::uint32_t line = 0;
};

// The change of speed of one axis at a corner. When it turns round it stands still in between, so
// the larger half counts.
double axis_jump(double before, double after) {
    return before * after < 0 ? std::max(std::abs(before), std::abs(after))
                              : std::abs(after - before);
}

// The largest factor (at most 1) that keeps every axis jump within its jerk.
double jerk_factor(const Axes& before, const Axes& after, const Axes& jerk) {
    double factor = 1;
    for (std::size_t axis = 0; axis < before.size(); ++axis) {
        const double jump = axis_jump(before[axis], after[axis]);
        if (jump > jerk[axis]) {
            factor = std::min(factor, jerk[axis] / jump);
        }
    }
    return factor;
}

Axes scaled(const Axes& axes, double factor) {
    return {axes[0] * factor, axes[1] * factor, axes[2] * factor, axes[3] * factor};
}

double trapezoid_s(const Block& block, double exit_mm_s) {
    const double a = block.acceleration_mm_s2;
    const double v0 = block.entry_mm_s;
    const double v1 = exit_mm_s;
    const double top = block.speed_mm_s;
    const double ramps_mm = (2 * top * top - v0 * v0 - v1 * v1) / (2 * a);
    if (ramps_mm <= block.length_mm) {
        return (2 * top - v0 - v1) / a + (block.length_mm - ramps_mm) / top;
    }
    const double peak =
        std::max({v0, v1, std::sqrt(a * block.length_mm + (v0 * v0 + v1 * v1) / 2)});
    return (2 * peak - v0 - v1) / a;
}

// A heater that warms at a constant rate; it cools at once, since nothing waits for that.
class Heater {
public:
    Heater(double ambient_c, double rate_c_s)
        : celsius_{ambient_c}, target_c_{ambient_c}, rate_c_s_{rate_c_s} {}

    void set(double celsius, double now_s) {
        celsius_ = at(now_s);
        since_s_ = now_s;
        target_c_ = celsius;
    }
    [[nodiscard]] double seconds_left(double now_s) const {
        return std::max(0.0, (target_c_ - at(now_s)) / rate_c_s_);
    }

private:
    [[nodiscard]] double at(double now_s) const {
        return std::min(target_c_, celsius_ + (now_s - since_s_) * rate_c_s_);
    }
    double celsius_;
    double target_c_;
    double rate_c_s_;
    double since_s_ = 0;
};

double value_or(const GcodeLine& line, char letter, double otherwise) {
    const GcodeWord* word = line.find(letter);
    return word != nullptr && word->has_value ? word->value : otherwise;
}

class Planner {
public:
    explicit Planner(const MachineDynamics& dynamics)
        : machine_{dynamics},
          motion_{{}, dynamics.first_feed_mm_s},
          nozzle_{dynamics.ambient_c, dynamics.nozzle_heating_c_s},
          bed_{dynamics.ambient_c, dynamics.bed_heating_c_s} {}

    void take(const GcodeLine& line);
    [[nodiscard]] MachineRun finish(std::uint32_t lines);

private:
    void take_g(const GcodeLine& line);
    void take_m(const GcodeLine& line);
    void add_move(const GcodeLine& line);
    void join_corner(Block& block, const Axes& velocity);
    // Plans the moves collected so far; the machine stands still afterwards.
    void flush();
    void spend(double seconds, const GcodeLine& line, RunPhase phase);
    void heat(Heater& heater, const GcodeLine& line, bool wait);
    void set_limits(const GcodeLine& line, Axes& limits);
    void set_accelerations(const GcodeLine& line);

    MachineDynamics machine_;
    Motion motion_;
    Heater nozzle_;
    Heater bed_;
    std::vector<Block> blocks_;
    Axes last_velocity_{};
    MachineRun run_;
};

void Planner::take(const GcodeLine& line) {
    switch (line.letter) {
        case 'G':
            take_g(line);
            break;
        case 'M':
            take_m(line);
            break;
        default:
            spend(machine_.tool_change_s, line, RunPhase::waiting);
            break;
    }
}

void Planner::take_g(const GcodeLine& line) {
    switch (line.code) {
        case 0:
        case 1:
        case 2:
        case 3:
            add_move(line);
            break;
        case 4:
            spend(value_or(line, 'S', 0) + value_or(line, 'P', 0) / 1000, line, RunPhase::waiting);
            break;
        case 28:
            motion_.home(line);
            spend(machine_.homing_s, line, RunPhase::homing);
            break;
        case 29:
            spend(machine_.levelling_s, line, RunPhase::homing);
            break;
        default:
            motion_.set_mode(line);
            break;
    }
}

void Planner::take_m(const GcodeLine& line) {
    switch (line.code) {
        case 104:
        case 109:
            heat(nozzle_, line, line.code == 109);
            break;
        case 140:
        case 190:
            heat(bed_, line, line.code == 190);
            break;
        case 201:
            set_limits(line, machine_.acceleration_mm_s2);
            break;
        case 203:
            set_limits(line, machine_.feed_mm_s);
            break;
        case 204:
            set_accelerations(line);
            break;
        case 205:
            set_limits(line, machine_.jerk_mm_s);
            break;
        case 400:
            flush();
            break;
        default:
            motion_.set_mode(line);
            break;
    }
}

void Planner::set_limits(const GcodeLine& line, Axes& limits) {
    for (std::size_t axis = 0; axis < limits.size(); ++axis) {
        limits[axis] = value_or(line, "XYZE"[axis], limits[axis]);
    }
}

void Planner::set_accelerations(const GcodeLine& line) {
    const double both = value_or(line, 'S', 0);
    if (both > 0) {
        machine_.print_acceleration_mm_s2 = both;
        machine_.travel_acceleration_mm_s2 = both;
    }
    machine_.print_acceleration_mm_s2 = value_or(line, 'P', machine_.print_acceleration_mm_s2);
    machine_.retract_acceleration_mm_s2 = value_or(line, 'R', machine_.retract_acceleration_mm_s2);
    machine_.travel_acceleration_mm_s2 = value_or(line, 'T', machine_.travel_acceleration_mm_s2);
}

void Planner::add_move(const GcodeLine& line) {
    const Move move = motion_.move(line);
    run_.filament_mm += move.extruded_mm;
    const double travel_mm = nearfab::agent::length_mm(move);
    const bool moves = travel_mm > 1e-6;
    const double length = moves ? travel_mm : std::abs(move.extruded_mm);
    if (length <= 1e-6) {
        return;
    }
    const Axes direction{(move.to.x - move.from.x) / length,
                         (move.to.y - move.from.y) / length,
                         (move.to.z - move.from.z) / length,
                         move.extruded_mm / length};
    double speed = std::max(move.feed_mm_s, slowest_mm_s);
    double acceleration = !moves                 ? machine_.retract_acceleration_mm_s2
                          : move.extruded_mm > 0 ? machine_.print_acceleration_mm_s2
                                                 : machine_.travel_acceleration_mm_s2;
    for (std::size_t axis = 0; axis < direction.size(); ++axis) {
        const double share = std::abs(direction[axis]);
        if (share > 1e-9) {
            speed = std::min(speed, std::max(machine_.feed_mm_s[axis], slowest_mm_s) / share);
            acceleration =
                std::min(acceleration, std::max(machine_.acceleration_mm_s2[axis], 1.0) / share);
        }
    }
    Block block;
    block.length_mm = length;
    block.speed_mm_s = speed;
    block.acceleration_mm_s2 = std::max(acceleration, 1.0);
    block.line = line.number;
    join_corner(block, scaled(direction, speed));
    blocks_.push_back(block);
}

void Planner::join_corner(Block& block, const Axes& velocity) {
    const double from_rest = jerk_factor({}, velocity, machine_.jerk_mm_s);
    block.stop_mm_s = block.speed_mm_s * from_rest;
    if (blocks_.empty()) {
        block.entry_mm_s = block.stop_mm_s;
    } else {
        const double before = blocks_.back().speed_mm_s;
        const double common = std::min(before, block.speed_mm_s);
        const double factor = jerk_factor(scaled(last_velocity_, common / before),
                                          scaled(velocity, common / block.speed_mm_s),
                                          machine_.jerk_mm_s);
        block.entry_mm_s = common * factor;
    }
    last_velocity_ = velocity;
}

void Planner::flush() {
    if (blocks_.empty()) {
        return;
    }
    const auto reachable = [](double from_mm_s, const Block& block) {
        return std::sqrt(from_mm_s * from_mm_s + 2 * block.acceleration_mm_s2 * block.length_mm);
    };
    double next = blocks_.back().stop_mm_s;
    for (auto block = blocks_.rbegin(); block != blocks_.rend(); ++block) {
        block->entry_mm_s = std::min(block->entry_mm_s, reachable(next, *block));
        next = block->entry_mm_s;
    }
    run_.steps.reserve(run_.steps.size() + blocks_.size());
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
        const bool last = i + 1 == blocks_.size();
        double exit = last ? blocks_[i].stop_mm_s : blocks_[i + 1].entry_mm_s;
        exit = std::min(exit, reachable(blocks_[i].entry_mm_s, blocks_[i]));
        if (!last) {
            blocks_[i + 1].entry_mm_s = exit;
        }
        const double seconds = trapezoid_s(blocks_[i], exit);
        run_.motion_s += seconds;
        run_.total_s += seconds;
        run_.steps.push_back({run_.total_s, blocks_[i].line, RunPhase::moving});
    }
    blocks_.clear();
}

void Planner::spend(double seconds, const GcodeLine& line, RunPhase phase) {
    flush();
    if (seconds > 0) {
        run_.total_s += seconds;
        run_.steps.push_back({run_.total_s, line.number, phase});
    }
}

void Planner::heat(Heater& heater, const GcodeLine& line, bool wait) {
    flush();
    heater.set(value_or(line, 'S', value_or(line, 'R', machine_.ambient_c)), run_.total_s);
    if (wait) {
        spend(heater.seconds_left(run_.total_s), line, RunPhase::heating);
    }
}

MachineRun Planner::finish(std::uint32_t lines) {
    flush();
    run_.lines = lines;
    return std::move(run_);
}

}  // namespace

MachineRun::Position MachineRun::at(double seconds) const {
    if (steps.empty() || total_s <= 0) {
        return {lines, 1.0, RunPhase::waiting};
    }
    const double progress = std::clamp(seconds / total_s, 0.0, 1.0);
    const auto step =
        std::upper_bound(steps.begin(), steps.end(), seconds, [](double t, const RunStep& s) {
            return t < s.end_s;
        });
    if (step == steps.end()) {
        return {steps.back().line, progress, steps.back().phase};
    }
    return {step->line, progress, step->phase};
}

Result<MachineRun> plan_run(std::string_view gcode, const MachineDynamics& dynamics) {
    Planner planner{dynamics};
    GcodeReader reader{gcode};
    GcodeLine line;
    while (true) {
        const auto more = reader.next(line);
        if (!more) {
            return fail(more.error());
        }
        if (!*more) {
            return planner.finish(reader.line_number());
        }
        planner.take(line);
    }
}

}  // namespace nearfab::agent
