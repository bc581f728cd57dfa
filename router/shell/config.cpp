// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/config.hpp"

#include "host/config_file.hpp"

#include <charconv>

namespace nearfab::router {
namespace {

constexpr std::uint64_t mebibyte = 1ULL << 20U;

Duration seconds(ConfigTable& table, const char* key, Duration by_default) {
    const double value =
        table.number(key, 0.05, 86400.0 * 365, std::chrono::duration<double>(by_default).count());
    return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(value));
}

std::uint64_t mebibytes(ConfigTable& table,
                        const char* key,
                        std::int64_t min,
                        std::int64_t max,
                        std::int64_t by_default) {
    return static_cast<std::uint64_t>(table.whole(key, min, max, by_default)) * mebibyte;
}

void read_core(ConfigTable root, RouterOptions& core) {
    ConfigTable matching = root.table("matching");
    core.matching.neighbourhood_km =
        matching.number("neighbourhood_km", 0, 20'000, core.matching.neighbourhood_km);
    core.matching.neighbourhood_fraction =
        matching.number("neighbourhood_fraction", 0, 1, core.matching.neighbourhood_fraction);
    core.matching.queue_per_machine_max = static_cast<std::uint32_t>(
        matching.whole("queue_per_machine_max", 1, 1000, core.matching.queue_per_machine_max));
    core.matching.waiting_per_job_and_fab_max = static_cast<std::uint32_t>(matching.whole(
        "waiting_per_job_and_fab_max", 1, 1000, core.matching.waiting_per_job_and_fab_max));
    core.share_window = seconds(matching, "share_window_s", core.share_window);

    ConfigTable timing = root.table("timing");
    core.offer_ttl = seconds(timing, "offer_s", core.offer_ttl);
    core.offer_ttl_by_hand = seconds(timing, "offer_by_hand_s", core.offer_ttl_by_hand);
    core.reservation_ttl = seconds(timing, "reservation_s", core.reservation_ttl);
    // An agent counts at most five minutes of it.
    core.start_window = std::chrono::seconds{timing.whole("start_window_s", 5, 300, 60)};
    core.start_silence = seconds(timing, "start_silence_s", core.start_silence);
    core.doubt_grace_min = seconds(timing, "doubt_grace_s", core.doubt_grace_min);
    core.silence_rest = seconds(timing, "silence_rest_s", core.silence_rest);
    core.distrust_for = seconds(timing, "distrust_s", core.distrust_for);
    core.reservation_idle = seconds(timing, "reservation_idle_s", core.reservation_idle);
    core.remaining_max = seconds(timing, "remaining_max_s", core.remaining_max);

    ConfigTable attempts = root.table("attempts");
    core.attempts_max = static_cast<std::uint32_t>(attempts.whole("per_work_order", 1, 20, 3));
    core.attempts_per_fab_max = static_cast<std::uint32_t>(attempts.whole("per_fab", 1, 20, 2));
    core.distrust_after_failures =
        static_cast<std::uint32_t>(attempts.whole("distrust_after", 1, 100, 3));
}

void read_limits(ConfigTable limits, RouterOptions& core) {
    const auto rate = [&](const std::string& what, Rate& to) {
        to.burst = limits.number(what + "_burst", 1, 1e9, to.burst);
        to.per_hour = limits.number(what + "_per_hour", 1, 1e9, to.per_hour);
    };
    rate("submits", core.submits);
    rate("quotes", core.quotes);
    rate("upload_mb", core.upload_mib);
    rate("operator_commands", core.operator_commands);
    rate("operator_looks", core.operator_looks);
    rate("reports", core.reports);
    core.unfinished_jobs_max =
        static_cast<std::size_t>(limits.whole("unfinished_jobs_max",
                                              1,
                                              1'000'000'000,
                                              static_cast<std::int64_t>(core.unfinished_jobs_max)));
    core.analyses_max = static_cast<std::size_t>(
        limits.whole("analyses_max", 1, 1'000'000, static_cast<std::int64_t>(core.analyses_max)));
    core.analyses_per_submitter_max = static_cast<std::size_t>(
        limits.whole("analyses_per_submitter_max",
                     1,
                     1'000'000,
                     static_cast<std::int64_t>(core.analyses_per_submitter_max)));
}

bool is_tcp_endpoint(const std::string& text) {
    const auto colon = text.rfind(':');
    if (!text.starts_with("tcp://") || colon < 7) return false;
    const char* end = text.data() + text.size();
    int port = 0;
    const auto [stop, problem] = std::from_chars(text.data() + colon + 1, end, port);
    return problem == std::errc{} && stop == end && port >= 1 && port <= 65'535;
}

// The worker lies beside the router unless told otherwise.
std::filesystem::path default_worker() {
    std::error_code problem;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", problem);
    return problem ? "/usr/bin/nearfab-analyse" : self.parent_path() / "nearfab-analyse";
}

}  // namespace

Result<Config> load_config(const std::filesystem::path& path) {
    auto file = ConfigFile::load(path);
    if (!file) return fail(file.error());
    ConfigTable root = file->root();
    Config config;

    ConfigTable router = root.table("router");
    if (!root.has("router")) {
        root.complain("router",
                      "the table [router] is missing",
                      "see examples/three_fabs/router.toml for a complete file");
    }
    config.name = router.text("name");
    config.endpoint = router.text("endpoint", "tcp://*:7440");
    config.key_file = file->resolve(router.text("key_file"));
    config.allowed_keys = file->resolve(router.text("allowed_keys"));
    config.state_directory = file->resolve(router.text("state_directory"));
    config.reserve_bytes = mebibytes(router, "reserve_mb", 1, 1'000'000, 64);
    config.file = std::filesystem::absolute(path);
    config.compact_bytes = mebibytes(router, "snapshot_after_mb", 1, 1'000'000, 64);
    config.segment_bytes = mebibytes(router, "journal_file_mb", 1, 1024, 64);
    if (!is_tcp_endpoint(config.endpoint) && root.has("router")) {
        router.complain("endpoint",
                        "\"" + config.endpoint + "\" is no tcp endpoint with a port of 1 to 65535",
                        "write tcp://ADDRESS:PORT, for example tcp://*:7440");
    }

    ConfigTable designs = root.table("designs");
    config.designs.max_blob_bytes = mebibytes(designs, "design_mb_max", 1, 64, 64);
    config.designs.max_total_bytes = mebibytes(designs, "total_mb_max", 64, 100'000'000, 65'536);
    config.designs.max_incoming =
        static_cast<std::size_t>(designs.whole("uploads_max", 1, 10'000, 256));

    ConfigTable analysis = root.table("analysis");
    const std::string worker = analysis.text("worker", "");
    config.analysis_worker = worker.empty() ? default_worker() : file->resolve(worker);
    config.analysis_memory_bytes = mebibytes(analysis, "memory_mb", 64, 1'000'000, 2048);
    config.analysis_seconds = static_cast<std::uint32_t>(analysis.whole("seconds", 1, 3600, 60));

    if (root.has("http")) config.http = gateway::read_settings(root.table("http"), *file);
    read_core(root, config.core);
    read_limits(root.table("limits"), config.core);
    if (auto status = file->finish(); !status) return fail(status.error());
    return config;
}

}  // namespace nearfab::router
