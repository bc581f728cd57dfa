// SPDX-License-Identifier: GPL-3.0-or-later
// How large the digest of a made-up world is, how long it takes, and how often it promises what
// nobody in the cell can make.

#include "router/matching/index/machine_index.hpp"
#include "router/matching/region/peer_regions.hpp"
#include "router/matching/region/region_export.hpp"
#include "router/matching/region/region_sum.hpp"
#include "router/matching/requirements.hpp"

#include <CLI/CLI.hpp>

#include "bench/matching/queries.hpp"
#include "bench/matching/world.hpp"
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::bench {
namespace {

using router::MachineIndex;
using router::Question;

constexpr double rate_cm3_per_h = 25;

geometry::Stances stances_of(const std::array<float, 3>& box) {
    const auto stance = [&](geometry::UpAxis up, std::size_t x, std::size_t y, std::size_t z) {
        const double width = box[x];
        const double depth = box[y];
        return geometry::Stance{up, box[z], {{0, 0}, {width, 0}, {width, depth}, {0, depth}}};
    };
    return {stance(geometry::UpAxis::z, 2, 1, 0),
            stance(geometry::UpAxis::x, 1, 0, 2),
            stance(geometry::UpAxis::y, 0, 2, 1)};
}

void fill(MachineIndex& index, const World& world) {
    for (const BenchMachine& machine : world.machines) {
        Capability capability;
        capability.machine = MachineId{"m"};
        capability.process = ProcessId{world.processes[machine.process]};
        capability.envelope_x_mm = machine.envelope_mm[2];
        capability.envelope_y_mm = machine.envelope_mm[1];
        capability.envelope_z_mm = machine.envelope_mm[0];
        for (std::size_t m = 0; m < world.materials.size(); ++m) {
            if (((machine.materials >> m) & 1U) != 0)
                capability.materials.push_back({MaterialId{world.materials[m]}, 1000});
        }
        capability.min_feature_mm = machine.min_feature_mm;
        capability.tolerance_mm = machine.tolerance_mm;
        capability.build_rate_cm3_per_h = rate_cm3_per_h;
        capability.backlog_s = machine.backlog_s;
        capability.state = MachineState::idle;
        Advertisement made;
        made.place = {machine.latitude_deg, machine.longitude_deg};
        made.machines.push_back(std::move(capability));
        const FabId fab{"f" + std::to_string(machine.id)};
        index.advertise(fab, std::make_shared<const Advertisement>(std::move(made)));
        index.set_presence(fab, true, false);
    }
}

Question question_of(const World& world, const Query& query) {
    Question question;
    question.part.process = ProcessId{world.processes[query.process]};
    question.part.material = MaterialId{world.materials[query.material]};
    question.part.min_feature_mm = query.min_feature_mm;
    question.part.tolerance_mm = query.tolerance_mm;
    question.room = geometry::FitTest{stances_of(query.box_mm)};
    question.mass_g = 100;
    question.volume_cm3 = 80;
    question.place_of_use = {query.latitude_deg, query.longitude_deg};
    if (query.backlog_s_max != std::numeric_limits<std::int32_t>::max()) {
        question.deadline_s =
            query.backlog_s_max + router::making_seconds(question, rate_cm3_per_h);
    }
    return question;
}

using Clock = std::chrono::steady_clock;
double ms_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Figures {
    double promised = 0;      // Cells for each question.
    double false_cells = 0;   // Share of them in whose circle nobody can make it.
    double false_first = 0;   // Of the first cell of each question.
    double asked = 0;         // Cells asked in turn until one can, of questions somebody can meet.
    double nearer_km = 0;     // By how much the bound is nearer than the nearest machine, median.
    double microseconds = 0;  // For each question.
};

Figures figures_of(const World& world,
                   const RegionDigest& digest,
                   const router::PeerRegions& peers,
                   const std::vector<Query>& queries) {
    Figures figures;
    std::vector<double> nearer;
    double cells = 0;
    double wrong = 0;
    double firsts = 0;
    double wrong_firsts = 0;
    for (const Query& query : queries) {
        const Question question = question_of(world, query);
        const auto start = Clock::now();
        const auto promises = peers.promises(question, digest.cells.size());
        figures.microseconds += ms_since(start) * 1000;
        std::vector<Place> able;
        double nearest = std::numeric_limits<double>::infinity();
        for (const BenchMachine& machine : world.machines) {
            if (machine.process != query.process || !can_make(machine, query)) continue;
            able.push_back({machine.latitude_deg, machine.longitude_deg});
            nearest = std::min(nearest, distance_km(able.back(), question.place_of_use));
        }
        std::size_t asked = 0;
        for (std::size_t p = 0; p < promises.size(); ++p) {
            const RegionCell& cell = digest.cells[promises[p].cell];
            const bool true_here = std::any_of(able.begin(), able.end(), [&](const Place& place) {
                return distance_km(place, cell.centre) <= cell.radius_km;
            });
            if (!true_here) ++wrong;
            if (p == 0) {
                ++firsts;
                if (!true_here) ++wrong_firsts;
            }
            if (true_here && asked == 0) asked = p + 1;
        }
        cells += static_cast<double>(promises.size());
        if (able.empty() || promises.empty()) continue;
        figures.asked += static_cast<double>(asked);
        nearer.push_back(nearest - router::ground_km(promises.front().chord2));
    }
    const auto count = static_cast<double>(queries.size());
    figures.promised = cells / count;
    figures.false_cells = cells > 0 ? wrong / cells : 0;
    figures.false_first = firsts > 0 ? wrong_firsts / firsts : 0;
    figures.asked = nearer.empty() ? 0 : figures.asked / static_cast<double>(nearer.size());
    figures.microseconds /= count;
    if (!nearer.empty()) {
        std::sort(nearer.begin(), nearer.end());
        figures.nearer_km = nearer[nearer.size() / 2];
    }
    return figures;
}

void run(std::size_t machines, std::size_t queries) {
    World world = make_world(machines, 1);
    if (!know_query_names(world)) return;
    MachineIndex index{router::MatchingRules{}};
    fill(index, world);
    for (const std::size_t cells : {16U, 128U, 512U, 1024U}) {
        router::RegionRules rules;
        rules.cells_max = cells;
        const auto start = Clock::now();
        const auto digest = std::make_shared<const RegionDigest>(
            router::region_digest(index, {IdentityId{"north"}, {}, 180}, rules));
        const double made_ms = ms_since(start);
        std::vector<std::uint32_t> radii;
        for (const RegionCell& cell : digest->cells)
            radii.push_back(cell.radius_km);
        std::sort(radii.begin(), radii.end());
        std::printf(
            "\n%zu machines, %zu of at most %zu cells, %zu bytes, made in %.0f ms, radius "
            "%u to %u km, median %u km\n",
            machines,
            digest->cells.size(),
            cells,
            router::region_bytes(*digest),
            made_ms,
            radii.front(),
            radii.back(),
            radii[radii.size() / 2]);
        std::printf("%-11s %10s %12s %12s %10s %12s %10s\n",
                    "class",
                    "promised",
                    "false cells",
                    "false first",
                    "asked",
                    "nearer by",
                    "us");
        router::PeerRegions peers;
        peers.state(IdentityId{"north"}, digest);
        for (const std::string_view query_class : query_classes) {
            const Figures f =
                figures_of(world, *digest, peers, make_queries(world, query_class, queries, 2));
            std::printf("%-11s %10.1f %10.2f %% %10.2f %% %10.2f %9.1f km %10.1f\n",
                        std::string{query_class}.c_str(),
                        f.promised,
                        100 * f.false_cells,
                        100 * f.false_first,
                        f.asked,
                        f.nearer_km,
                        f.microseconds);
        }
    }
}

}  // namespace
}  // namespace nearfab::bench

int main(int argc, char** argv) {
    std::size_t machines = 10'000;
    std::size_t queries = 200;
    CLI::App app{"How large a network's digest is, and how often it promises too much.",
                 "nearfab-bench-region"};
    app.add_option("--machines", machines, "How many machines to make up")
        ->check(CLI::Range(1, 2'000'000))
        ->capture_default_str();
    app.add_option("--queries", queries, "Of each class")
        ->check(CLI::Range(1, 100'000))
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    nearfab::bench::run(machines, queries);
    return 0;
}
