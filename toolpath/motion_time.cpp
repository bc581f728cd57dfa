// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/motion_time.hpp"

#include "toolpath/kinematics.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace nearfab::toolpath {
namespace {

using geometry::Vec3;

struct Block {
    Ramp ramp;
    Vec3 begin;  // Unit directions at both ends.
    Vec3 end;
};

Vec3 direction_of(const Vec2& flat, double level_mm, double rise_mm) {
    const double whole = std::hypot(level_mm, rise_mm);
    return {flat.x * level_mm / whole, flat.y * level_mm / whole, rise_mm / whole};
}

Block block_of(const Vec3& from, const Move& move, const MachineMotion& motion) {
    const Span span{{from.x, from.y}, {move.to.x, move.to.y}, move.bulge};
    const double level = span.length();
    const double rise = move.to.z - from.z;
    Block block;
    block.ramp.length_mm = std::hypot(level, rise);
    block.begin = direction_of(span.direction(0), level, rise);
    block.end = direction_of(span.direction(1), level, rise);
    std::array<double, 3> rapid{};
    for (std::size_t axis = 0; axis < 3; ++axis)
        rapid[axis] = motion.rapid_mm_min[axis] / 60;
    const Vec3 middle = direction_of(span.direction(0.5), level, rise);
    block.ramp.top_mm_s = along_limit(middle, rapid);
    block.ramp.acceleration_mm_s2 = along_limit(middle, motion.acceleration_mm_s2);
    if (move.bulge != 0 && level > 0) {
        // The direction turns, so the weakest axis decides.
        block.ramp.acceleration_mm_s2 = *std::min_element(motion.acceleration_mm_s2.begin(),
                                                          motion.acceleration_mm_s2.begin() + 2);
        block.ramp.top_mm_s = std::min(block.ramp.top_mm_s, arc_mm_s(span.radius(), motion));
    }
    if (move.kind != MoveKind::travel) {
        block.ramp.top_mm_s = std::min(block.ramp.top_mm_s, move.feed_mm_min / 60);
    }
    return block;
}

// Entry speeds from the corners, then what can be slowed down from and speeded up to.
double run(std::vector<Block>& blocks, const MachineMotion& motion) {
    for (std::size_t i = 1; i < blocks.size(); ++i) {
        blocks[i].ramp.in_mm_s =
            std::min({junction_mm_s(blocks[i - 1].end, blocks[i].begin, motion),
                      blocks[i - 1].ramp.top_mm_s,
                      blocks[i].ramp.top_mm_s});
    }
    const auto reachable = [](const Ramp& ramp, double from_mm_s) {
        return std::sqrt(from_mm_s * from_mm_s + 2 * ramp.acceleration_mm_s2 * ramp.length_mm);
    };
    double next = 0;
    for (auto block = blocks.rbegin(); block != blocks.rend(); ++block) {
        block->ramp.in_mm_s = std::min(block->ramp.in_mm_s, reachable(block->ramp, next));
        next = block->ramp.in_mm_s;
    }
    double seconds = 0;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        Ramp& ramp = blocks[i].ramp;
        const double wanted = i + 1 < blocks.size() ? blocks[i + 1].ramp.in_mm_s : 0;
        ramp.out_mm_s = std::min(wanted, reachable(ramp, ramp.in_mm_s));
        if (i + 1 < blocks.size()) blocks[i + 1].ramp.in_mm_s = ramp.out_mm_s;
        seconds += ramp_s(ramp);
    }
    return seconds;
}

}  // namespace

double length_mm(const Vec3& from, const Move& move) {
    const Span span{{from.x, from.y}, {move.to.x, move.to.y}, move.bulge};
    return std::hypot(span.length(), move.to.z - from.z);
}

double time_s(const Toolpath& path, const MachineMotion& motion) {
    std::vector<Block> blocks;
    blocks.reserve(path.moves.size());
    Vec3 at = path.start;
    for (const Move& move : path.moves) {
        if (length_mm(at, move) > 1e-6) blocks.push_back(block_of(at, move, motion));
        at = move.to;
    }
    return run(blocks, motion) + path.spin_up_s;
}

}  // namespace nearfab::toolpath
