// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/metrics.hpp"

#include "base/version.hpp"
#include "router/gateway/commit.hpp"
#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
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
    gauges.router.match_times.add(std::chrono::microseconds{20});
    gauges.router.match_times.add(std::chrono::microseconds{30});
    gauges.router.match_times.add(std::chrono::seconds{2});
    const std::string text = metrics.text(gauges);
    for (const char* line :
         {"nearfab_http_requests_total{route=\"/api/v1/jobs/{job}\",status=\"200\"} 2",
          "nearfab_http_requests_total{route=\"none\",status=\"404\"} 1",
          "nearfab_http_request_duration_seconds_bucket{le=\"0.0025\"} 1",
          "nearfab_http_request_duration_seconds_bucket{le=\"0.005\"} 2",
          "nearfab_http_request_duration_seconds_bucket{le=\"+Inf\"} 3",
          "nearfab_http_request_duration_seconds_count 3",
          "nearfab_match_duration_seconds_bucket{le=\"1e-05\"} 0",
          "nearfab_match_duration_seconds_bucket{le=\"3e-05\"} 2",
          "nearfab_match_duration_seconds_bucket{le=\"1\"} 2",
          "nearfab_match_duration_seconds_bucket{le=\"+Inf\"} 3",
          "nearfab_match_duration_seconds_sum 2.000050",
          "nearfab_match_duration_seconds_count 3",
          "nearfab_http_streams 7",
          "nearfab_http_connections 1",
          "nearfab_jobs{state=\"matching\"} 3",
          "nearfab_node_up{node=\"lyon\"} 1",
          "nearfab_node_up{node=\"sud\"} 0"}) {
        INFO(line);
        CHECK(text.find(std::string{line} + "\n") != std::string::npos);
    }
    const std::string build = std::string{"nearfab_build_info{version=\""} + version;
    CHECK(text.find(build + "\",commit=\"" + commit + "\"} 1\n") != std::string::npos);
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

// The names of metrics that a text speaks of, without what Prometheus adds to those of a histogram.
std::set<std::string> names_in(const std::string& text) {
    const std::regex name{"nearfab_[a-z_]+"};
    std::set<std::string> names;
    for (auto at = std::sregex_iterator{text.begin(), text.end(), name};
         at != std::sregex_iterator{};
         ++at) {
        names.insert(std::regex_replace(at->str(), std::regex{"_(bucket|sum|count)$"}, ""));
    }
    return names;
}

std::set<std::string> names_in_file(const std::string& path) {
    std::ifstream file{tests::source_folder() + "/" + path};
    REQUIRE(file.is_open());
    auto names = names_in({std::istreambuf_iterator<char>{file}, {}});
    names.erase("nearfab_router");  // Of the dashboard's own file.
    return names;
}

TEST_CASE("the dashboard and the documentation speak of the metrics that there are", "[gateway]") {
    const std::set<std::string> names = names_in(Metrics{}.text({}));
    CHECK(names_in_file("docs/HTTP.md") == names);
    const auto shown = names_in_file("examples/grafana/nearfab_router.json");
    CHECK(shown.size() > 10);
    for (const std::string& name : shown) {
        INFO(name);
        CHECK(names.contains(name));
    }
}

}  // namespace
}  // namespace nearfab::gateway
