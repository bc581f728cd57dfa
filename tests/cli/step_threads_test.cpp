// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/step_threads.hpp"

#include "geometry/part_check.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

using namespace nearfab;
using geometry::CheckStep;

namespace {

geometry::PartCheck checked(const std::string& name, unsigned threads) {
    std::ifstream file(std::string{NEARFAB_SOURCE_DIR} + "/examples/designs/" + name,
                       std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    geometry::PartCheckOptions options;
    if (threads > 0) {
        options.run_steps = [threads](std::span<const CheckStep> steps) {
            cli::run_steps(steps, threads);
        };
    }
    auto check = geometry::check_part(bytes, options);
    REQUIRE(check);
    return std::move(*check);
}

}  // namespace

TEST_CASE("a check says the same whatever the number of threads") {
    for (const char* name : {"wall_hook/wall_hook.stl"}) {
        INFO(name);
        const geometry::PartCheck plain = checked(name, 0);
        REQUIRE(plain.solid->thickness);
        for (const unsigned threads : {1U, 2U, 3U}) {
            const geometry::PartCheck other = checked(name, threads);
            CHECK(other.solid->mesh == plain.solid->mesh);
            CHECK(other.solid->report.findings == plain.solid->report.findings);
            CHECK(other.solid->intersections.pairs == plain.solid->intersections.pairs);
            CHECK(other.solid->thickness->walls.min_mm == plain.solid->thickness->walls.min_mm);
            CHECK(other.solid->thickness->walls.median_mm ==
                  plain.solid->thickness->walls.median_mm);
            CHECK(other.solid->thickness->gaps.min_mm == plain.solid->thickness->gaps.min_mm);
            CHECK(other.solid->orientations.size() == plain.solid->orientations.size());
            CHECK(other.solid->printing->support_volume_mm3 ==
                  plain.solid->printing->support_volume_mm3);
            CHECK(other.solid->box.volume_mm3() == plain.solid->box.volume_mm3());
            REQUIRE(other.estimates.size() == plain.estimates.size());
            for (std::size_t i = 0; i < plain.estimates.size(); ++i)
                CHECK(other.estimates[i].time_s == plain.estimates[i].time_s);
        }
    }
}

TEST_CASE("a step waits for those it comes after, and each is run once") {
    for (const unsigned threads : {1U, 2U, 5U}) {
        std::atomic<int> first{0};
        std::atomic<int> second{0};
        std::atomic<bool> in_order{true};
        std::vector<CheckStep> steps;
        for (int i = 0; i < 20; ++i)
            steps.push_back({"first", 0.1, {}, [&first] { ++first; }});
        std::vector<std::size_t> all;
        for (std::size_t i = 0; i < steps.size(); ++i)
            all.push_back(i);
        for (int i = 0; i < 20; ++i) {
            steps.push_back({"second", 0.5, all, [&] {
                                 if (first != 20) in_order = false;
                                 ++second;
                             }});
        }
        int told = 0;
        cli::run_steps(steps, threads, [&told](std::string_view, double) { ++told; });
        CHECK(in_order);
        CHECK(first == 20);
        CHECK(second == 20);
        CHECK(told == 40);
    }
}

TEST_CASE("what a step throws comes out, and no further step is begun") {
    std::atomic<int> later{0};
    const std::vector<CheckStep> steps{{"fails", 0, {}, [] { throw std::runtime_error("no"); }},
                                       {"later", 0, {0}, [&later] { ++later; }}};
    CHECK_THROWS_AS(cli::run_steps(steps, 2), std::runtime_error);
    CHECK(later == 0);
}
