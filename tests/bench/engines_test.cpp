// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/engines.hpp"

#include "proto/model/place.hpp"

#include <catch2/catch.hpp>

#include "bench/matching/answer_check.hpp"
#include "bench/matching/heap_bytes.hpp"
#include "bench/matching/queries.hpp"
#include "bench/matching/sphere.hpp"
#include <algorithm>

namespace nearfab::bench {
namespace {

// Engines in this process only; those that need servers are checked by every run of the bench.
std::vector<std::unique_ptr<Engine>> engines() {
    std::vector<std::unique_ptr<Engine>> made;
    for (const EngineEntry& entry : engine_list()) {
        if (!entry.make) {
            WARN("skipped: " << entry.name << ", " << entry.missing);
            continue;
        }
        auto engine = entry.make({});
        if (engine) made.push_back(std::move(engine));
    }
    return made;
}

// Obviously right, with another formula for distances.
std::vector<Hit> by_sorting(const World& world, const Query& query, std::size_t k) {
    std::vector<Hit> hits;
    for (const BenchMachine& machine : world.machines) {
        if (machine.process != query.process || !can_make(machine, query)) continue;
        const Place there{machine.latitude_deg, machine.longitude_deg};
        hits.push_back({machine.id, distance_km({query.latitude_deg, query.longitude_deg}, there)});
    }
    std::sort(hits.begin(), hits.end(), [](const Hit& a, const Hit& b) {
        return a.distance_km < b.distance_km;
    });
    if (hits.size() > k) hits.resize(k);
    return hits;
}

void compare(Engine& engine, const World& world) {
    INFO(engine.name());
    std::vector<Hit> hits;
    for (const std::string_view query_class : query_classes) {
        for (const Query& query : make_queries(world, query_class, 20, 3)) {
            engine.nearest(query, 10, hits);
            const auto wrong = difference(world, query, hits, by_sorting(world, query, 10));
            INFO(query_class << ": " << wrong.value_or(""));
            CHECK_FALSE(wrong);
        }
    }
}

TEST_CASE("all engines give the answers of a plain scan, also after updates", "[bench]") {
    World world = make_world(20'000, 2);
    for (const auto& engine : engines()) {
        engine->build(world);
        compare(*engine, world);
        const bool is_known = heap_bytes() > 0;
        CHECK((!is_known || engine->bytes() > world.machines.size() * 20));
    }
    const auto built = engines();
    for (const auto& engine : built)
        engine->build(world);
    for (BenchMachine& machine : world.machines) {
        machine.backlog_s = machine.backlog_s == 0 ? 86'400 : machine.backlog_s / 3;
        for (const auto& engine : built)
            engine->set_backlog(machine.id, machine.backlog_s);
    }
    for (const auto& engine : built)
        compare(*engine, world);
}

TEST_CASE("poles, the date line and the other side of the earth are no special places", "[bench]") {
    World world = make_world(0, 1);
    const std::vector<Place> places{
        {0, 179.99}, {0, -179.99}, {84.9, 10}, {84.9, -170}, {-84.9, 0}, {12, 34}, {-12, -146}};
    for (const Place& place : places) {
        BenchMachine machine;
        machine.id = static_cast<std::uint32_t>(world.machines.size());
        machine.latitude_deg = place.latitude_deg;
        machine.longitude_deg = place.longitude_deg;
        machine.materials = 1;
        machine.envelope_mm = {200, 200, 200};
        machine.min_feature_mm = 0.4F;
        machine.tolerance_mm = 0.2F;
        world.machines.push_back(machine);
    }
    for (const auto& engine : engines()) {
        INFO(engine->name());
        engine->build(world);
        for (const Place& place : places) {
            Query query = make_queries(world, "common", 1, 1).front();
            query.latitude_deg = place.latitude_deg;
            query.longitude_deg = place.longitude_deg;
            std::vector<Hit> hits;
            engine->nearest(query, 3, hits);
            const auto wrong = difference(world, query, hits, by_sorting(world, query, 3));
            INFO(wrong.value_or(""));
            CHECK_FALSE(wrong);
        }
    }
}

TEST_CASE("a chord stands for the same distance as the haversine formula", "[bench]") {
    const std::vector<Place> places{{45.764, 4.8357}, {45.765, 4.8357}, {-33.9, 151.2}, {90, 0}};
    for (const Place& a : places) {
        for (const Place& b : places) {
            const double chord = chord_squared(unit_vector(a.latitude_deg, a.longitude_deg),
                                               unit_vector(b.latitude_deg, b.longitude_deg));
            CHECK(chord_to_km(chord) == Approx(distance_km(a, b)).margin(1e-6));
            CHECK(km_to_chord(chord_to_km(chord)) == Approx(chord).margin(1e-12));
        }
    }
}

TEST_CASE("a wrong answer is told from a right one", "[bench]") {
    const World world = make_world(5000, 1);
    const Query query = make_queries(world, "common", 1, 1).front();
    const auto right = by_sorting(world, query, 3);
    REQUIRE(right.size() == 3);
    CHECK_FALSE(difference(world, query, right, right));
    auto answer = right;
    answer.pop_back();
    CHECK(difference(world, query, answer, right) == "2 machines instead of 3");
    answer = right;
    answer[1] = right[0];
    CHECK(difference(world, query, answer, right).value_or("").ends_with("is there twice"));
    answer = right;
    answer[0].distance_km += 1;
    CHECK(difference(world, query, answer, right).value_or("").find(" is not ") !=
          std::string::npos);
    answer = by_sorting(world, query, 4);
    answer.erase(answer.begin());
    CHECK(difference(world, query, answer, right).value_or("").starts_with("place 1 is "));
    Query other = query;
    other.box_mm = {5000, 5000, 5000};
    CHECK(difference(world, other, right, right).value_or("").ends_with("cannot make it"));
}

}  // namespace
}  // namespace nearfab::bench
