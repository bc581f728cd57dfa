// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-bench-matching: the nearest machines that can make it, out of many; nearfab beside
// others.
//
// scripts/bench matching starts the servers some engines need and then this program; --help says
// what it takes.

#include <CLI/CLI.hpp>

#include "bench/matching/curve_picture.hpp"
#include "bench/matching/engines.hpp"
#include "bench/matching/figures_report.hpp"
#include "bench/matching/queries.hpp"
#include "bench/matching/stop.hpp"
#include "bench/matching/tree_picture.hpp"
#include "bench/matching/world_csv.hpp"
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <set>
#include <sstream>

namespace {

using namespace nearfab;
using namespace nearfab::bench;

struct Options {
    std::size_t machines = 100'000;
    std::string world_file;
    std::string written_world_file;
    std::string json_file;
    std::string svg_file;
    std::string curve_file;
    std::string tree_file;
    std::string peers = "all";
    Servers servers;
    Effort effort;
};

void write_file(const std::string& path, const std::string& text) {
    std::ofstream file{path, std::ios::binary};
    file << text;
    file.close();
    if (!file) stop("cannot write " + path, "name a file in a folder that can be written to");
}

World world_for(const Options& options) {
    if (options.world_file.empty()) return make_world(options.machines, options.effort.seed);
    std::ifstream file{options.world_file, std::ios::binary};
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) stop("cannot read " + options.world_file, "name a CSV file of machines");
    Result<World> world = read_world_csv(text.str());
    if (!world) stop(options.world_file + ", " + world.error().message, world.error().next);
    return std::move(*world);
}

std::vector<std::size_t> curve_sizes(std::size_t most) {
    std::vector<std::size_t> sizes;
    for (std::size_t tenfold = 10'000; tenfold <= most; tenfold *= 10) {
        for (const std::size_t size : {tenfold, tenfold * 22 / 10, tenfold * 46 / 10}) {
            if (size <= most) sizes.push_back(size);
        }
    }
    return sizes;
}

// Which peers to run: "all", "none", or names separated by commas.
bool wanted(const std::set<std::string>& peers, const EngineEntry& entry) {
    return !entry.is_peer || peers.contains("all") || peers.contains(entry.name);
}

std::set<std::string> peers_of(const std::string& list, const std::vector<EngineEntry>& entries) {
    std::set<std::string> peers;
    std::istringstream words{list};
    for (std::string word; std::getline(words, word, ',');) {
        const bool known = word == "all" || word == "none" ||
                           std::any_of(entries.begin(), entries.end(), [&](const auto& entry) {
                               return entry.is_peer && entry.name == word;
                           });
        if (!known) {
            std::string names = "all, none";
            for (const EngineEntry& entry : entries) {
                if (entry.is_peer) names += ", " + entry.name;
            }
            stop("\"" + word + "\" is no peer", "choose from " + names);
        }
        peers.insert(word);
    }
    return peers;
}

void say_selectivities(const World& world, const Options& options) {
    for (const std::string_view query_class : query_classes) {
        if (query_class == query_classes.back()) continue;
        const Query query = make_queries(world, query_class, 1, options.effort.seed).front();
        std::fprintf(stderr,
                     "  %-11s %8.4f %% of the machines can make it\n",
                     std::string{query_class}.c_str(),
                     100 * selectivity(world, query));
    }
}

std::vector<EngineFigures> measure_all(World& world, const Options& options) {
    const std::vector<EngineEntry> entries = engine_list();
    const std::set<std::string> peers = peers_of(options.peers, entries);
    std::vector<EngineFigures> all;
    for (const EngineEntry& entry : entries) {
        if (!wanted(peers, entry)) continue;
        std::unique_ptr<Engine> engine = entry.make ? entry.make(options.servers) : nullptr;
        if (!engine) {
            std::fprintf(stderr, "%s is left out: %s\n", entry.name.c_str(), entry.missing.c_str());
            continue;
        }
        std::fprintf(stderr, "%s ...\n", entry.name.c_str());
        all.push_back(measure(*engine, world, options.effort));
        all.back().is_peer = entry.is_peer;
    }
    return all;
}

// Our own index alone, from 10,000 machines to the number asked for, three sizes to a tenfold.
void run_curve(const Options& options) {
    std::vector<CurvePoint> points;
    for (const std::size_t machines : curve_sizes(options.machines)) {
        World world = make_world(machines, options.effort.seed);
        if (!know_query_names(world)) stop("a made-up world lacks a material", "report this");
        for (const EngineEntry& entry : engine_list()) {
            if (entry.is_peer || !entry.make) continue;
            std::fprintf(stderr, "%zu machines ...\n", machines);
            const std::unique_ptr<Engine> engine = entry.make(options.servers);
            points.push_back({machines, measure(*engine, world, options.effort)});
        }
    }
    if (points.size() < 2) stop("one size makes no curve", "give more --machines, 1000000 say");
    std::fputs(curve_text(points).c_str(), stdout);
    write_file(options.curve_file, curve_picture(points));
    std::printf("\nThe curve is in %s\n", options.curve_file.c_str());
}

void draw_tree(const Options& options) {
    World world = world_for(options);
    if (!know_query_names(world)) stop("the world has too many materials", "use another one");
    write_file(options.tree_file, tree_picture(world, options.effort.seed));
    std::printf("The picture of the tree is in %s\n", options.tree_file.c_str());
}

void run(const Options& options) {
    World world = world_for(options);
    if (!know_query_names(world)) {
        stop("the world has so many materials that those of the queries have no room",
             "leave at least four of the 32 free");
    }
    if (!options.written_world_file.empty())
        write_file(options.written_world_file, write_world_csv(world));
    std::fprintf(stderr, "%zu machines\n", world.machines.size());
    say_selectivities(world, options);
    const std::vector<EngineFigures> engines = measure_all(world, options);
    if (engines.empty()) stop("there was no engine to measure", "name some with --peers");
    std::fputs(text_report(engines, world.machines.size()).c_str(), stdout);
    if (!options.json_file.empty())
        write_file(options.json_file, json_report(engines, world.machines.size()));
    if (!options.svg_file.empty()) {
        write_file(options.svg_file, svg_report(engines, world.machines.size()));
        std::printf("\nThe picture of all classes is in %s\n", options.svg_file.c_str());
    }
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app{"The nearest machines that can make it, out of many: nearfab beside others.",
                 "nearfab-bench-matching"};
    app.add_option("--machines", options.machines, "How many machines to make up")
        ->check(CLI::Range(1, 20'000'000))
        ->capture_default_str();
    app.add_option("--world", options.world_file, "Machines from this CSV file instead")
        ->excludes("--machines");
    app.add_option("--write-world", options.written_world_file, "Write the world as CSV");
    app.add_option("--seed", options.effort.seed, "Another world, other queries")
        ->capture_default_str();
    app.add_option("--seconds", options.effort.seconds, "At most, for each engine and class")
        ->check(CLI::Range(0.01, 600.0))
        ->capture_default_str();
    app.add_option("--peers", options.peers, "Names separated by commas, all or none")
        ->capture_default_str();
    app.add_option("--json", options.json_file, "Write the figures as JSON");
    app.add_option("--svg", options.svg_file, "Write a picture of the figures");
    app.add_option("--curve", options.curve_file, "Measure from 10000 machines on, draw the curve")
        ->excludes("--world");
    app.add_option("--tree", options.tree_file, "Draw a place tree of these machines, no more");
    app.add_option("--postgres", options.servers.postgres, "Connection of a database to fill");
    app.add_option("--redis", options.servers.redis, "Socket of a Redis that may be emptied");
    CLI11_PARSE(app, argc, argv);
    if (!options.tree_file.empty()) {
        draw_tree(options);
    } else if (!options.curve_file.empty()) {
        run_curve(options);
    } else {
        run(options);
    }
    return 0;
}
