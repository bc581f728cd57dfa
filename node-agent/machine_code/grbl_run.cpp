// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/grbl_run.hpp"

#include "node-agent/machine_code/gcode.hpp"
#include "node-agent/machine_code/gcode_motion.hpp"
#include "toolpath/kinematics.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace nearfab::agent {
namespace {

using geometry::Vec3;

constexpr double slowest_mm_s = 1.0 / 60;

struct Block {
    toolpath::Ramp ramp;
    Vec3 unit;
    double junction_mm_s = 0;  // The most its begin allows.
    std::uint32_t line = 0;
};

class Planner {
public:
    explicit Planner(const GrblDynamics& dynamics)
        : dynamics_{dynamics}, motion_{{}, slowest_mm_s} {
        for (std::size_t axis = 0; axis < 3; ++axis)
            rapid_[axis] = dynamics.motion.rapid_mm_min[axis] / 60;
    }

    void take(const GcodeLine& line) {
        if (line.letter == 'G' && line.code <= 3) return add_move(line);
        if (line.is('G', 4)) return wait(line);
        if (line.letter == 'M') return flush();
        motion_.set_mode(line);
    }

    MachineRun finish(std::uint32_t lines) {
        flush();
        run_.lines = lines;
        return std::move(run_);
    }

private:
    void wait(const GcodeLine& line) {
        flush();
        const GcodeWord* p = line.find('P');
        if (p == nullptr || p->value <= 0) return;
        run_.total_s += p->value;
        run_.steps.push_back({run_.total_s, line.number, RunPhase::waiting});
    }

    void add_move(const GcodeLine& line) {
        const Move move = motion_.move(line);
        const double feed = line.code == 0 ? 0 : move.feed_mm_s;
        if (move.shape == MoveShape::straight) return add_line(move.from, move.to, feed, line);
        add_arc(move, feed, line);
    }

    // As motion_control.c draws it: as many chords as keep within the tolerance, rounded down.
    void add_arc(const Move& move, double feed, const GcodeLine& line) {
        const double radius = std::hypot(move.from.x - move.centre.x, move.from.y - move.centre.y);
        const double start = std::atan2(move.from.y - move.centre.y, move.from.x - move.centre.x);
        const double end = std::atan2(move.to.y - move.centre.y, move.to.x - move.centre.x);
        constexpr double full = 2 * std::numbers::pi;
        double sweep = std::fmod(end - start, full);
        if (move.shape == MoveShape::clockwise && sweep >= 0) sweep -= full;
        if (move.shape == MoveShape::counter_clockwise && sweep <= 0) sweep += full;
        const double tolerance = dynamics_.arc_tolerance_mm;
        const double chord = 2 * std::sqrt(std::max(tolerance * (2 * radius - tolerance), 1e-12));
        const double chords =
            std::clamp(std::floor(std::abs(sweep) * radius / chord), 1.0, 100'000.0);
        Vec3 at = move.from;
        for (double k = 1; k <= chords; ++k) {
            const double angle = start + sweep * k / chords;
            const Vec3 next = k == chords
                                  ? move.to
                                  : Vec3{move.centre.x + radius * std::cos(angle),
                                         move.centre.y + radius * std::sin(angle),
                                         move.from.z + (move.to.z - move.from.z) * k / chords};
            add_line(at, next, feed, line);
            at = next;
        }
    }

    void add_line(const Vec3& from, const Vec3& to, double feed_mm_s, const GcodeLine& line) {
        const double length =
            std::sqrt((to.x - from.x) * (to.x - from.x) + (to.y - from.y) * (to.y - from.y) +
                      (to.z - from.z) * (to.z - from.z));
        if (length < 1e-6) return;
        Block block;
        block.line = line.number;
        block.unit = {(to.x - from.x) / length, (to.y - from.y) / length, (to.z - from.z) / length};
        block.ramp.length_mm = length;
        block.ramp.top_mm_s = toolpath::along_limit(block.unit, rapid_);
        if (feed_mm_s > 0) block.ramp.top_mm_s = std::min(block.ramp.top_mm_s, feed_mm_s);
        block.ramp.top_mm_s = std::max(block.ramp.top_mm_s, slowest_mm_s);
        block.ramp.acceleration_mm_s2 =
            toolpath::along_limit(block.unit, dynamics_.motion.acceleration_mm_s2);
        if (!blocks_.empty()) {
            block.junction_mm_s = std::min(
                {toolpath::junction_mm_s(blocks_.back().unit, block.unit, dynamics_.motion),
                 blocks_.back().ramp.top_mm_s,
                 block.ramp.top_mm_s});
        }
        blocks_.push_back(block);
    }

    // The speed at the end of a block, when only the blocks within the look-ahead are known and the
    // last of them is planned to stop.
    [[nodiscard]] double planned_exit(std::size_t i) const {
        const std::size_t last =
            std::min(blocks_.size(), i + std::max<std::size_t>(dynamics_.look_ahead, 1));
        double speed = 0;
        for (std::size_t k = last; k-- > i + 1;) {
            const toolpath::Ramp& ramp = blocks_[k].ramp;
            speed =
                std::min(blocks_[k].junction_mm_s,
                         std::sqrt(speed * speed + 2 * ramp.acceleration_mm_s2 * ramp.length_mm));
        }
        return speed;
    }

    void flush() {
        double entry = 0;
        for (std::size_t i = 0; i < blocks_.size(); ++i) {
            toolpath::Ramp& ramp = blocks_[i].ramp;
            ramp.in_mm_s = entry;
            const double reached =
                std::sqrt(entry * entry + 2 * ramp.acceleration_mm_s2 * ramp.length_mm);
            ramp.out_mm_s = std::min(planned_exit(i), reached);
            entry = ramp.out_mm_s;
            const double seconds = toolpath::ramp_s(ramp);
            run_.total_s += seconds;
            run_.motion_s += seconds;
            // Chords of one arc are one line.
            if (!run_.steps.empty() && run_.steps.back().line == blocks_[i].line) {
                run_.steps.back().end_s = run_.total_s;
            } else {
                run_.steps.push_back({run_.total_s, blocks_[i].line, RunPhase::moving});
            }
        }
        blocks_.clear();
    }

    GrblDynamics dynamics_;
    Motion motion_;
    std::array<double, 3> rapid_{};
    std::vector<Block> blocks_;
    MachineRun run_;
};

}  // namespace

Result<MachineRun> plan_grbl_run(std::string_view gcode, const GrblDynamics& dynamics) {
    Planner planner{dynamics};
    GcodeReader reader{gcode, GcodeSyntax{false, 79}};
    GcodeLine line;
    while (true) {
        const auto more = reader.next(line);
        if (!more) return fail(more.error());
        if (!*more) return planner.finish(reader.line_number());
        planner.take(line);
    }
}

}  // namespace nearfab::agent
