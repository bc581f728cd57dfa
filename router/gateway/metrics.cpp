// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/metrics.hpp"

#include "base/version.hpp"
#include "router/gateway/commit.hpp"

#include <cstddef>
#include <cstdint>
#include <fmt/format.h>

namespace nearfab::gateway {
namespace {

void head(std::string& out, std::string_view name, std::string_view kind, std::string_view means) {
    out += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, means, name, kind);
}

template <typename Value>
void one(std::string& out,
         std::string_view name,
         std::string_view kind,
         std::string_view means,
         Value value) {
    head(out, name, kind, means);
    out += fmt::format("{} {}\n", name, value);
}

template <std::size_t Steps>
void add_histogram(std::string& out,
                   std::string_view name,
                   std::string_view means,
                   const Histogram<Steps>& times) {
    head(out, name, "histogram", means);
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < Steps; ++i) {
        sum += times.counts()[i];
        out += fmt::format("{}_bucket{{le=\"{}\"}} {}\n", name, times.bounds()[i], sum);
    }
    sum += times.counts().back();
    out += fmt::format("{}_bucket{{le=\"+Inf\"}} {}\n{}_sum {:.6f}\n{}_count {}\n",
                       name,
                       sum,
                       name,
                       times.sum().count(),
                       name,
                       sum);
}

void add_router(std::string& out, const router::LocalGauges& router) {
    head(out, "nearfab_jobs", "gauge", "Jobs by state, without those that are over and packed.");
    for (const auto& [state, count] : router.open_jobs)
        out += fmt::format("nearfab_jobs{{state=\"{}\"}} {}\n", to_string(state), count);
    one(out, "nearfab_jobs_packed", "gauge", "Jobs that are over and packed.", router.closed_jobs);
    add_histogram(out,
                  "nearfab_match_duration_seconds",
                  "Of a step of the router that looked for machines.",
                  router.match_times);
    one(out,
        "nearfab_work_orders_open",
        "gauge",
        "Work orders that are not over.",
        router.open_work_orders);
    head(out, "nearfab_node_up", "gauge", "Whether the agent of a fab is connected.");
    for (const auto& [fab, up] : router.fabs)
        out += fmt::format("nearfab_node_up{{node=\"{}\"}} {}\n", fab.text(), up ? 1 : 0);
    one(out, "nearfab_wire_sessions", "gauge", "Sessions over ZeroMQ.", router.sessions);
    one(out,
        "nearfab_commits_waiting",
        "gauge",
        "Turns whose words wait for the disk.",
        router.turns_waiting);
    one(out,
        "nearfab_journal_bytes",
        "gauge",
        "Of the journal since its last snapshot.",
        router.journal_bytes);
    one(out, "nearfab_designs_bytes", "gauge", "Of all designs.", router.design_bytes);
    one(out,
        "nearfab_storage_low",
        "gauge",
        "1 while the disk is nearly full and no new jobs are taken.",
        router.storage_low ? 1 : 0);
}

}  // namespace

void Metrics::answered(std::string_view route, int status, Duration took) {
    ++requests_[{std::string{route.empty() ? "none" : route}, status}];
    durations_.add(took);
}

std::string Metrics::text(const Gauges& gauges) const {
    std::string out;
    head(out, "nearfab_build_info", "gauge", "The program that answers.");
    out += fmt::format("nearfab_build_info{{version=\"{}\",commit=\"{}\"}} 1\n", version, commit);
    head(out, "nearfab_http_requests_total", "counter", "Answers by route and status.");
    for (const auto& [key, count] : requests_) {
        out += fmt::format("nearfab_http_requests_total{{route=\"{}\",status=\"{}\"}} {}\n",
                           key.first,
                           key.second,
                           count);
    }
    add_histogram(out,
                  "nearfab_http_request_duration_seconds",
                  "From the request's last byte to the answer's first.",
                  durations_);
    one(out, "nearfab_http_connections", "gauge", "Open connections.", connections_);
    one(out,
        "nearfab_http_connections_refused_total",
        "counter",
        "Connections over a limit.",
        refused_connections_);
    one(out, "nearfab_http_streams", "gauge", "Open event streams.", gauges.streams);
    one(out,
        "nearfab_http_streams_cut_total",
        "counter",
        "Event streams whose reader was too slow.",
        cut_streams_);
    one(out,
        "nearfab_http_router_questions",
        "gauge",
        "Questions to the router without an answer so far.",
        gauges.questions);
    one(out, "nearfab_http_tokens", "gauge", "Tokens on the list.", gauges.tokens);
    one(out,
        "nearfab_http_analyses_waiting",
        "gauge",
        "Designs that wait to be looked at for quotes and checks.",
        gauges.analyses_waiting);
    one(out,
        "nearfab_http_analyses_total",
        "counter",
        "Runs of the worker for quotes and checks.",
        gauges.analyses);
    add_router(out, gauges.router);
    return out;
}

}  // namespace nearfab::gateway
