// SPDX-License-Identifier: GPL-3.0-or-later
// Toolpaths: planning a drawing of many segments, nesting many parts, and what the estimates are
// worth.
//
//   nearfab-bench-toolpath REPOSITORY [RUNS]

#include "geometry/flat/drawing_file.hpp"
#include "geometry/part_check.hpp"
#include "host/durable_file.hpp"
#include "node-agent/machine_code/grbl_run.hpp"
#include "node-agent/prepare/cut_sheet.hpp"
#include "toolpath/grbl_text.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <numbers>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;
namespace tp = nearfab::toolpath;
namespace agent = nearfab::agent;
namespace geometry = nearfab::geometry;
using geometry::Vec2;

double seconds_of(const std::chrono::steady_clock::time_point& since) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

template <typename T>
T value_of(nearfab::Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "nearfab-bench-toolpath: %s\n", result.error().message.c_str());
        std::exit(1);
    }
    return std::move(*result);
}

// A square plate full of gear-like holes, drawn in lines of one or two millimetres.
geometry::Drawing drawing_of(std::size_t segments) {
    geometry::Drawing drawing;
    drawing.layers = {""};
    drawing.unit.stated = true;
    constexpr std::size_t teeth = 25;  // Two corners each: 50 segments to a hole.
    const std::size_t holes = segments / (2 * teeth);
    const auto side = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(holes))));
    const double pitch = 24;
    const double size = static_cast<double>(side) * pitch + 10;
    const auto closed = [&](std::vector<geometry::PathPoint> points) {
        geometry::Path path;
        path.points = std::move(points);
        path.closed = true;
        drawing.paths.push_back(std::move(path));
    };
    // Within the margin of the sheet, the width of the cut as well.
    const double edge = 8;
    const double end = size + edge;
    closed({{{edge, edge}, 0}, {{end, edge}, 0}, {{end, end}, 0}, {{edge, end}, 0}});
    for (std::size_t h = 0; h < holes; ++h) {
        const Vec2 centre{edge + 5 + pitch * (0.5 + static_cast<double>(h % side)),
                          edge + 5 + pitch * (0.5 + static_cast<double>(h / side))};
        std::vector<geometry::PathPoint> points;
        for (std::size_t i = 0; i < 2 * teeth; ++i) {
            const double angle = std::numbers::pi * static_cast<double>(i) / teeth;
            const double radius = i % 2 == 0 ? 10 : 8.5;
            points.push_back(
                {{centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)}, 0});
        }
        closed(std::move(points));
    }
    return drawing;
}

void bench_planning(const agent::CutterProfile& profile, int runs) {
    std::printf("planning: outlines, kerf, order, check, code, gate and time together\n");
    for (const std::size_t segments : {1'000U, 10'000U, 100'000U}) {
        const geometry::Drawing drawing = drawing_of(segments);
        tp::LaserSettings settings = profile.materials.front().laser;
        settings.sheet_mm = {5000, 5000};
        std::vector<double> times;
        double bytes = 0;
        double travel = 0;
        for (int run = 0; run < runs; ++run) {
            const auto begin = std::chrono::steady_clock::now();
            const auto outlines = value_of(tp::outlines_of(drawing));
            const auto plan = value_of(tp::plan_laser(outlines, settings));
            const std::string code = tp::grbl_text(plan.path);
            agent::CutterLimits limits = agent::limits_for(profile, profile.materials.front());
            limits.area_mm = {5000, 5000};
            (void)value_of(agent::check_grbl(code, limits));
            (void)value_of(agent::plan_grbl_run(code, profile.dynamics));
            times.push_back(seconds_of(begin));
            bytes = static_cast<double>(code.size());
            travel = plan.facts.travel_mm;
        }
        std::printf("  %7zu segments  %.3f s (median of %d), %.0f kB of code, travel %.1f m\n",
                    segments,
                    median(times),
                    runs,
                    bytes / 1000,
                    travel / 1000);
    }
}

agent::FlatPart part_of(const fs::path& file) {
    const auto bytes = value_of(nearfab::read_file(file, 10'000'000));
    return value_of(agent::flat_part_from(bytes));
}

struct Set {
    const char* name;
    std::vector<std::pair<const char*, std::uint32_t>> parts;
};

void bench_nesting(const fs::path& root) {
    std::printf("nesting on 600 x 400 mm, margin 5 mm, gap 2 mm, against shelves of boxes\n");
    const std::vector<Set> sets{
        {"angles", {{"nesting/angle.svg", 20}}},
        {"gussets and wedges", {{"nesting/gusset.svg", 16}, {"nesting/wedge.svg", 14}}},
        {"rings and knobs", {{"nesting/ring.svg", 10}, {"nesting/knob.svg", 30}}},
        {"tees and hooks", {{"nesting/tee.svg", 14}, {"nesting/hook.svg", 16}}},
        {"fifty parts of all kinds",
         {{"nesting/angle.svg", 8},
          {"nesting/gusset.svg", 8},
          {"nesting/ring.svg", 6},
          {"nesting/hook.svg", 8},
          {"nesting/tee.svg", 6},
          {"nesting/knob.svg", 8},
          {"nesting/wedge.svg", 6}}}};
    for (const Set& set : sets) {
        std::vector<tp::NestPart> parts;
        std::uint32_t copies = 0;
        for (const auto& [file, quantity] : set.parts) {
            parts.push_back({part_of(root / "examples" / file).outlines.loops, quantity, true});
            copies += quantity;
        }
        const auto begin = std::chrono::steady_clock::now();
        const auto nested = value_of(tp::nest(parts));
        const double seconds = seconds_of(begin);
        const auto shelf = value_of(tp::shelf_nest(parts));
        std::printf("  %-26s %3u parts  %5.1f %% used, shelves %5.1f %%: %+5.1f %%  in %.1f s\n",
                    set.name,
                    copies,
                    100 * nested.used_share,
                    100 * shelf.used_share,
                    100 * (nested.used_share / shelf.used_share - 1),
                    seconds);
    }
}

// The planner's time, and the time from geometry alone, against the model of the firmware.
void bench_estimates(const fs::path& root,
                     const agent::CutterProfile& laser,
                     const agent::CutterProfile& mill) {
    std::printf("time by the planner and from geometry, against the firmware's model\n");
    std::vector<double> planned;
    std::vector<double> guessed[2];
    for (const char* name : {"designs/finger_box/finger_box.svg",
                             "designs/sensor_plate/sensor_plate.dxf",
                             "nesting/angle.svg",
                             "nesting/gusset.svg",
                             "nesting/ring.svg",
                             "nesting/hook.svg",
                             "nesting/tee.svg",
                             "nesting/knob.svg",
                             "nesting/wedge.svg"}) {
        const fs::path file = root / "examples" / name;
        const auto bytes = value_of(nearfab::read_file(file, 10'000'000));
        const auto check = value_of(geometry::check_part(bytes));
        for (const agent::CutterProfile* profile : {&laser, &mill}) {
            agent::CutTask task;
            task.profile = *profile;
            task.material = profile->materials.front().material;
            task.thickness_mm = profile->materials.front().thickness_mm;
            task.bed_mm = {1000, 1000};
            task.pieces.push_back({value_of(agent::flat_part_from(bytes)), 1, 0});
            const auto files = agent::cut_sheets(task);
            const bool is_laser = profile == &laser;
            if (!files) {
                std::printf("  %-36s %-5s %s\n",
                            name,
                            is_laser ? "laser" : "mill",
                            files.error().message.c_str());
                continue;
            }
            const agent::CutFile& made = files->sheets.front();
            const auto run = value_of(agent::plan_grbl_run(made.gcode, profile->dynamics));
            planned.push_back(std::abs(made.plan.facts.time_s / run.total_s - 1));
            double guess = 0;
            for (const geometry::Estimate& estimate : check.estimates) {
                if (estimate.process == (is_laser ? "laser_cut" : "cnc_mill"))
                    guess = estimate.time_s;
            }
            if (guess > 0) guessed[is_laser ? 0 : 1].push_back(std::abs(guess / run.total_s - 1));
            std::printf("  %-36s %-5s %7.1f s, planner %+5.1f %%, geometry %s\n",
                        name,
                        is_laser ? "laser" : "mill",
                        run.total_s,
                        100 * (made.plan.facts.time_s / run.total_s - 1),
                        guess > 0 ? (std::to_string(std::lround(guess)) + " s").c_str() : "-");
        }
    }
    std::printf("  median error: planner %.1f %% of %zu", 100 * median(planned), planned.size());
    if (!guessed[0].empty()) std::printf(", geometry for lasers %.0f %%", 100 * median(guessed[0]));
    if (!guessed[1].empty()) std::printf(", geometry for mills %.0f %%", 100 * median(guessed[1]));
    std::printf("\n");
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 2) {
        std::fprintf(stderr, "usage: nearfab-bench-toolpath REPOSITORY [RUNS]\n");
        return 2;
    }
    const fs::path root{argv[1]};
    const int runs = argc > 2 ? std::atoi(argv[2]) : 5;
    const auto laser = value_of(agent::load_cutter_profile(root / "examples/profiles/laser.toml"));
    const auto mill = value_of(agent::load_cutter_profile(root / "examples/profiles/mill.toml"));
    bench_planning(laser, std::max(runs, 1));
    bench_nesting(root);
    bench_estimates(root, laser, mill);
    return 0;
}
