// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/figures_report.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace nearfab::bench {
namespace {

EngineFigures figures(const std::string& name, bool is_peer, double queries_per_s) {
    EngineFigures made;
    made.name = name;
    made.is_peer = is_peer;
    made.bytes = 92'000;
    made.record_bytes = 300'000;
    made.updates_per_s = 1'234'567;
    for (ClassFigures& one : made.classes)
        one = {queries_per_s, 4.567891, 0.0123456, 10};
    made.update = {1, 2, 91.2345, 1000};
    if (is_peer) return made;
    made.full.fill({4000, 250, 500, 10});
    made.plan.fill({2000, 500, 900, 10});
    return made;
}

TEST_CASE("the figures are JSON with nearfab first and peers by name", "[bench]") {
    const std::vector engines{figures("nearfab", false, 89'339.4),
                              figures("boost_rtree", true, 5430)};
    const auto json = nlohmann::json::parse(json_report(engines, 1000));
    CHECK(json.size() == 9);
    CHECK(json["record_bytes_per_machine"] == 300);
    CHECK(json["update"]["max_us"] == 91.23);
    CHECK(json["in_full"]["rare"]["p50_us"] == 250);
    CHECK(json["in_full_with_plan"].size() == 5);
    CHECK_FALSE(json.contains("leave_and_return"));
    CHECK(json["machines"] == 1000);
    CHECK(json["updates_per_s"] == 1'235'000);
    CHECK(json["bytes_per_machine"] == 92);
    for (const auto& classes : {json["classes"], json["peers"]["boost_rtree"]}) {
        CHECK(classes.size() == 5);
        for (const char* name : {"common", "selective", "rare", "impossible", "mixed"})
            CHECK(classes[name].size() == 3);
    }
    CHECK(json["classes"]["rare"]["queries_per_s"] == 89'340);
    CHECK(json["classes"]["rare"]["p50_us"] == 4.568);
    CHECK(json["classes"]["rare"]["p99_us"] == 0.01235);
}

TEST_CASE("without nearfab's own engine the JSON has peers only", "[bench]") {
    const std::vector engines{figures("redis_geo", true, 75)};
    const auto json = nlohmann::json::parse(json_report(engines, 10));
    CHECK(json.size() == 2);
    CHECK(json["peers"].contains("redis_geo"));
}

TEST_CASE("tables and pictures name every engine and class", "[bench]") {
    const std::vector engines{figures("nearfab", false, 89'339.4), figures("redis_geo", true, 0.5)};
    for (const std::string& text : {text_report(engines, 1000), svg_report(engines, 1000)}) {
        for (const char* word : {"nearfab", "redis_geo", "common", "impossible", "mixed", "89.3k"})
            CHECK(text.find(word) != std::string::npos);
    }
}

}  // namespace
}  // namespace nearfab::bench
