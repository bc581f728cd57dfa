// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/metrics.hpp"

#include <catch2/catch.hpp>

#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace nearfab::gateway {
namespace {

TEST_CASE("metrics are lines that Prometheus reads", "[gateway]") {
    Metrics metrics;
    metrics.connected();
    metrics.answered("/api/v1/jobs/{job}", 200, std::chrono::milliseconds{3});
    metrics.answered("/api/v1/jobs/{job}", 200, std::chrono::seconds{60});
    metrics.answered("", 404, Duration{});
    Metrics::Gauges gauges;
    gauges.streams = 7;
    gauges.router.open_jobs[JobState::matching] = 3;
    gauges.router.fabs = {{FabId{"lyon"}, true}, {FabId{"sud"}, false}};
    const std::string text = metrics.text(gauges);
    for (const char* line :
         {"nearfab_http_requests_total{route=\"/api/v1/jobs/{job}\",status=\"200\"} 2",
          "nearfab_http_requests_total{route=\"none\",status=\"404\"} 1",
          "nearfab_http_request_duration_seconds_bucket{le=\"0.0025\"} 1",
          "nearfab_http_request_duration_seconds_bucket{le=\"0.005\"} 2",
          "nearfab_http_request_duration_seconds_bucket{le=\"+Inf\"} 3",
          "nearfab_http_request_duration_seconds_count 3",
          "nearfab_http_streams 7",
          "nearfab_http_connections 1",
          "nearfab_jobs{state=\"matching\"} 3",
          "nearfab_node_up{node=\"lyon\"} 1",
          "nearfab_node_up{node=\"sud\"} 0"}) {
        INFO(line);
        CHECK(text.find(std::string{line} + "\n") != std::string::npos);
    }
    const std::regex sample{R"re([a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+)re"};
    const std::regex about{"# (HELP|TYPE) ([a-z_]+) .+"};
    std::set<std::string> typed;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        INFO(line);
        std::smatch match;
        if (!line.starts_with("#")) {
            CHECK(std::regex_match(line, sample));
        } else {
            REQUIRE(std::regex_match(line, match, about));
            // Each is told of once.
            if (match[1] == "TYPE") CHECK(typed.insert(match[2]).second);
        }
    }
}

}  // namespace
}  // namespace nearfab::gateway
