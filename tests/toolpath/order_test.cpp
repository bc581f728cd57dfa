// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/order.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdint>
#include <vector>

namespace nearfab::toolpath {
namespace {

Stop at(double x, double y) {
    return Stop{{{{x, y}, {x, y}}}, std::nullopt};
}

double share(std::uint64_t& state) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return static_cast<double>(state >> 40U) / static_cast<double>(1U << 24U);
}

std::vector<Stop> random_stops(std::uint64_t seed, std::size_t count) {
    std::vector<Stop> stops;
    std::uint64_t state = seed;
    for (std::size_t i = 0; i < count; ++i) {
        const double x = 300 * share(state);
        const double y = 200 * share(state);
        Stop stop = at(x, y);
        if (i % 3 == 0) {
            const Vec2 far{300 * share(state), 200 * share(state)};
            stop.gates = {{{x, y}, far}, {far, {x, y}}};
        }
        if (i > 0 && i % 4 == 0) stop.before = static_cast<std::uint32_t>(i - 1);
        stops.push_back(stop);
    }
    return stops;
}

bool keeps_rules(const std::vector<Stop>& stops, const std::vector<Visit>& order) {
    std::vector<std::size_t> place(stops.size(), stops.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        place[order[i].stop] = i;
    for (std::size_t s = 0; s < stops.size(); ++s) {
        if (place[s] == stops.size()) return false;
        if (stops[s].before && place[s] > place[*stops[s].before]) return false;
    }
    return order.size() == stops.size();
}

TEST_CASE("stops in a row are visited in a row", "[order]") {
    const auto order = order_of({at(30, 0), at(10, 0), at(20, 0)});
    CHECK(order[0].stop == 1);
    CHECK(order[1].stop == 2);
    CHECK(order[2].stop == 0);
}

TEST_CASE("what must come before does, however far it is", "[order]") {
    std::vector<Stop> stops{at(1, 0), at(100, 0)};
    stops[1].before = 0;
    const auto order = order_of(stops);
    CHECK(order[0].stop == 1);
}

TEST_CASE("every stop once, no rule broken, whatever the stops", "[order]") {
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        const auto stops = random_stops(seed, 1 + seed * 7);
        INFO("seed " << seed);
        CHECK(keeps_rules(stops, order_of(stops)));
    }
}

TEST_CASE("improving makes the way shorter than going to the nearest", "[order]") {
    double greedy = 0;
    double improved = 0;
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        const auto stops = random_stops(seed, 300);
        greedy += way_mm(stops, order_of(stops, {{}, 0}), {});
        improved += way_mm(stops, order_of(stops), {});
    }
    CHECK(improved < 0.95 * greedy);
}

TEST_CASE("the order of the best of a few stops is the best there is", "[order]") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        std::vector<Stop> stops;
        std::uint64_t state = seed;
        for (int i = 0; i < 6; ++i)
            stops.push_back(at(100 * share(state), 100 * share(state)));
        std::vector<Visit> order{{0, 0}, {1, 0}, {2, 0}, {3, 0}, {4, 0}, {5, 0}};
        double best = 1e9;
        do {
            best = std::min(best, way_mm(stops, order, {}));
        } while (std::next_permutation(
            order.begin(), order.end(), [](auto a, auto b) { return a.stop < b.stop; }));
        CHECK(way_mm(stops, order_of(stops), {}) < 1.15 * best);
    }
}

}  // namespace
}  // namespace nearfab::toolpath
