// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-bench-intake: durable jobs per second, nearfab's journal beside the stores of others.
//
// Rounds: every engine runs once in each, in turn, so that what else the machine does meets all of
// them; the figure is the median.

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "bench/intake/intake_engine.hpp"
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

namespace nearfab::bench {

void give_up(const std::string& what) {
    std::fprintf(stderr, "nearfab-bench-intake: %s.\n", what.c_str());
    std::exit(1);
}

namespace {

struct Row {
    std::string name;
    bool syncs = true;
    std::vector<double> per_s;
    std::vector<double> commits_per_s;
    std::string remark;

    [[nodiscard]] static double median(std::vector<double> of) {
        if (of.empty()) return 0;
        std::sort(of.begin(), of.end());
        return of[of.size() / 2];
    }
};

std::vector<std::unique_ptr<IntakeEngine>> all_engines(const IntakeSettings& settings) {
    std::vector<std::unique_ptr<IntakeEngine>> engines;
    engines.push_back(plain_log(settings));
    engines.push_back(nearfab_core(settings, 0));
    engines.push_back(nearfab_core(settings, 1000));
    engines.push_back(sqlite_rows(settings, 1));
    engines.push_back(sqlite_rows(settings, 256));
#ifdef NEARFAB_BENCH_POSTGRES
    engines.push_back(postgres_rows(settings, 32, 1));
    engines.push_back(postgres_rows(settings, 32, 64));
#endif
#ifdef NEARFAB_BENCH_REDIS
    engines.push_back(redis_aof(settings, 256));
#endif
#ifdef NEARFAB_BENCH_NATS
    engines.push_back(nats_stream(settings, 4096));
#endif
    std::erase(engines, nullptr);
    return engines;
}

void write_json(const std::string& path, const std::vector<Row>& rows, long slow_us) {
    nlohmann::json json = {{"sync_delay_us", slow_us}, {"engines", nlohmann::json::array()}};
    for (const Row& row : rows) {
        json["engines"].push_back({{"name", row.name},
                                   {"syncs", row.syncs},
                                   {"jobs_per_s", Row::median(row.per_s)},
                                   {"runs", row.per_s},
                                   {"commits_per_s", Row::median(row.commits_per_s)},
                                   {"remark", row.remark}});
    }
    std::ofstream{path} << json.dump(2) << "\n";
}

int run(const IntakeSettings& settings,
        int rounds,
        int ms,
        const std::string& json,
        const std::string& only) {
    const char* delay = std::getenv("NEARFAB_SLOW_SYNC_US");
    const long slow_us = delay == nullptr ? 0 : std::atol(delay);
    std::vector<Row> rows;
    for (int round = 0; round < rounds; ++round) {
        IntakeSettings here = settings;
        here.folder += fmt::format("/{}", round);
        std::filesystem::create_directories(here.folder);
        auto engines = all_engines(here);
        std::erase_if(engines, [&only](const auto& engine) {
            return engine->name().find(only) == std::string::npos;
        });
        rows.resize(engines.size());
        for (std::size_t i = 0; i < engines.size(); ++i) {
            const auto figures = engines[i]->run(sample_job, std::chrono::milliseconds{ms});
            rows[i].name = engines[i]->name();
            rows[i].syncs = engines[i]->syncs();
            rows[i].per_s.push_back(figures.per_s());
            rows[i].commits_per_s.push_back(static_cast<double>(figures.commits) / figures.seconds);
            rows[i].remark = figures.remark;
        }
        std::filesystem::remove_all(here.folder);
    }
    std::printf("%zu bytes a job, %d rounds of %d ms, each sync %ld us longer\n",
                sample_job(1).size(),
                rounds,
                ms,
                slow_us);
    for (const Row& row : rows) {
        std::printf("%-44s %10.0f jobs/s  %7.0f commits/s%s%s\n",
                    row.name.c_str(),
                    Row::median(row.per_s),
                    Row::median(row.commits_per_s),
                    row.syncs ? "" : "  acknowledged before any sync",
                    row.remark.empty() ? "" : ("  " + row.remark).c_str());
    }
    if (!json.empty()) write_json(json, rows, slow_us);
    return 0;
}

}  // namespace
}  // namespace nearfab::bench

int main(int argc, char** argv) {
    CLI::App app{"Durable jobs per second, side by side."};
    nearfab::bench::IntakeSettings settings;
    int rounds = 3;
    int ms = 2000;
    std::string json;
    std::string only;
    app.add_option("--folder", settings.folder, "An empty folder on the disk to measure")
        ->required();
    app.add_option("--postgres", settings.postgres, "Connection of a PostgreSQL server");
    app.add_option("--redis", settings.redis, "Unix socket of a Redis server");
    app.add_option("--nats", settings.nats, "Address of a NATS server with JetStream");
    app.add_option("--only", only, "Engines whose name contains this");
    app.add_option("--rounds", rounds)->capture_default_str();
    app.add_option("--ms", ms, "Of each engine and round")->capture_default_str();
    app.add_option("--json", json, "Write the figures there as well");
    CLI11_PARSE(app, argc, argv);
    return nearfab::bench::run(settings, rounds, ms, json, only);
}
