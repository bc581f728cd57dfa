// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/region/region_export.hpp"

#include "proto/codec/codec.hpp"
#include "proto/model/material.hpp"
#include "router/matching/region/region_sum.hpp"
#include "router/matching/requirements.hpp"
#include "tests/router/matching/random_world.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <string_view>

namespace nearfab::router {
namespace {

using namespace testing;

const RegionStatement north{IdentityId{"north"}, {}, 180};

std::vector<std::uint8_t> sent(const RegionDigest& digest) {
    Envelope envelope;
    envelope.session = ~std::uint64_t{0};
    envelope.sequence = ~std::uint64_t{0};
    envelope.body = message::StateRegions{digest};
    return encode(envelope);
}

// Within all bounds, and the same after the wire.
void is_well_made(const RegionDigest& digest, const RegionRules& rules) {
    CHECK(digest.cells.size() <= rules.cells_max);
    const auto bytes = sent(digest);
    CHECK(bytes.size() <= region_bytes(digest));
    CHECK(region_bytes(digest) <= rules.bytes_max);
    const auto received = decode(bytes);
    if (!received) FAIL(received.error().message);
    CHECK(std::get<message::StateRegions>(received->body).digest == digest);
}

void arrive(MachineIndex& index, const std::string& name, Advertisement advertisement) {
    index.advertise(FabId{name}, std::make_shared<const Advertisement>(std::move(advertisement)));
    index.set_presence(FabId{name}, true, false);
}

TEST_CASE("of no machines there is a digest without cells", "[region]") {
    const MachineIndex index{MatchingRules{}};
    const RegionDigest digest = region_digest(index, north, {});
    CHECK(digest.cells.empty());
    is_well_made(digest, {});
}

TEST_CASE("a network of one fab tells a town's surroundings, and not who is there", "[region]") {
    MachineIndex index{MatchingRules{}};
    Advertisement fab = testing::fab(lyon, {printer("mk4_1", 250, 210, 220, {{"pla", 812}})});
    fab.terms.submitters = {"amelie"};
    arrive(index, "chez-amelie", fab);
    const RegionDigest digest = region_digest(index, north, {});
    REQUIRE(digest.cells.size() == 1);
    const RegionCell& cell = digest.cells[0];
    CHECK(cell.radius_km >= 45);
    CHECK(cell.radius_km <= 127);
    CHECK(distance_km(cell.centre, lyon) <= cell.radius_km);
    CHECK(cell.machines == 5);
    CHECK(cell.fabs == 5);
    CHECK(cell.offers[0].materials[0].stock_g == 1000);
    const auto bytes = sent(digest);
    const std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    for (const char* secret : {"amelie", "mk4_1", "chez"})
        CHECK(text.find(secret) == std::string_view::npos);
}

TEST_CASE("a network that wants to be found exactly may be", "[region]") {
    MachineIndex index{MatchingRules{}};
    arrive(index, "lyon", fab(lyon, {printer("m", 250, 210, 220, {{"pla", 812}})}));
    RegionRules rules;
    rules.radius_km_min = 0.5;
    rules.fabs_min = 1;
    CHECK(region_digest(index, north, rules).cells[0].radius_km == 1);
}

TEST_CASE("a single fab beside a town is told together with others", "[region]") {
    MachineIndex index{MatchingRules{}};
    for (int i = 0; i < 40; ++i) {
        arrive(index,
               "town" + std::to_string(i),
               fab(lyon, {printer("m", 250, 210, 220, {{"pla", 812}})}));
    }
    const Place beside{lyon.latitude_deg + 0.18, lyon.longitude_deg};
    arrive(index, "beside", fab(beside, {printer("m", 250, 210, 220, {{"asa", 812}})}));
    RegionRules rules;
    const RegionDigest digest = region_digest(index, north, rules);
    for (const RegionCell& cell : digest.cells) {
        const bool has_asa = cell.offers[0].materials[0].material == 0;
        if (has_asa) CHECK(cell.radius_km > 8);
    }
    is_well_made(digest, rules);
}

TEST_CASE("the same machines give the same digest, in whatever order they arrived", "[region]") {
    RandomWorld world{3, {.fabs = 200}};
    for (int change = 0; change < 300; ++change)
        world.change();
    const std::vector<FabView> views = world.views();
    MachineIndex backwards{world.rules()};
    for (auto view = views.rbegin(); view != views.rend(); ++view) {
        backwards.advertise(view->fab, std::make_shared<const Advertisement>(*view->advertisement));
        backwards.set_presence(view->fab, view->connected, view->stale);
        backwards.set_distrust(view->fab, view->distrust);
        for (const MachineView& machine : view->machines) {
            backwards.set_promises(view->fab,
                                   machine.capability->machine,
                                   {machine.promised_s, machine.promised, machine.queued});
        }
    }
    for (const std::size_t cells : {1U, 9U, 512U}) {
        RegionRules rules;
        rules.cells_max = cells;
        CHECK(region_digest(backwards, north, rules) == region_digest(world.index(), north, rules));
    }
}

TEST_CASE("however few cells there may be, they hold every machine", "[region]") {
    const RandomWorld world{8, {.fabs = 300}};
    for (const std::size_t cells : {1U, 2U, 6U, 17U, 64U, 1024U}) {
        RegionRules rules;
        rules.cells_max = cells;
        const RegionDigest digest = region_digest(world.index(), north, rules);
        INFO(cells << " cells");
        is_well_made(digest, rules);
        world.index().each_fab([&](const FabView& fab) {
            const bool works = std::any_of(
                fab.machines.begin(), fab.machines.end(), [&](const MachineView& machine) {
                    return takes_work(fab, machine, world.rules()) &&
                           !machine.capability->materials.empty();
                });
            if (!works) return;
            const Place place = fab.advertisement->place;
            CHECK(
                std::any_of(digest.cells.begin(), digest.cells.end(), [&](const RegionCell& cell) {
                    return distance_km(cell.centre, place) <= cell.radius_km;
                }));
        });
    }
}

// Nothing of it is like anything else.
Advertisement hostile_fab(std::uint32_t number, Place place) {
    Advertisement hostile = fab(place, {});
    hostile.terms.licences.clear();
    for (std::uint32_t i = 0; i < limits::terms_max; ++i) {
        hostile.terms.licences.push_back(std::string(50, 'x') + std::to_string(number * 64 + i));
    }
    const char* const processes[] = {"fdm", "sla", "laser_cut", "cnc_mill", "no_such_process"};
    for (std::uint32_t m = 0; m < 50; ++m) {
        const std::uint32_t id = number * 50 + m;
        Capability machine =
            printer("m" + std::to_string(m), 100 + id * 0.71, 100 + id * 0.37, 90 + id * 0.91, {});
        machine.process = ProcessId{processes[id % 5]};
        machine.min_feature_mm = id * 1e-5;
        machine.tolerance_mm = 9999.0 / (id + 1);
        machine.build_rate_cm3_per_h = id * 97'003.1;
        machine.backlog_s = id * 3001;
        machine.rates = Rates{std::string{"CU"} + static_cast<char>('A' + id % 26) +
                                  static_cast<char>('A' + id / 26 % 26),
                              id,
                              std::int64_t{1} << (id % 62),
                              id * 3};
        machine.energy = Energy{id * 0.1, 1e9 / (id + 1)};
        const auto known = known_materials();
        for (std::uint32_t i = 0; i < 6; ++i) {
            machine.materials.push_back(
                i % 3 == 0
                    ? MaterialStock{MaterialId{std::string{known[i % known.size()].id}}, id * 7.7}
                    : MaterialStock{MaterialId{"m" + std::to_string(id * 64 + i)}, 1e9});
        }
        hostile.machines.push_back(std::move(machine));
    }
    return hostile;
}

TEST_CASE("ten thousand machines that share nothing fit into one message", "[region]") {
    const bool in_one_place = GENERATE(true, false);
    MachineIndex index{MatchingRules{}};
    for (std::uint32_t f = 0; f < 200; ++f) {
        const Place same{45, 5};
        // Along the date line from pole to pole, and across the equator.
        const Place strewn = f % 2 == 0 ? Place{f * 180.0 / 198 - 90, f % 4 == 0 ? 180.0 : -180.0}
                                        : Place{0, f * 1.7 - 170};
        arrive(index, "f" + std::to_string(f), hostile_fab(f, in_one_place ? same : strewn));
    }
    for (const std::size_t bytes : {limits::region_bytes_max, std::size_t{192} * 1024}) {
        RegionRules rules;
        rules.cells_max = limits::region_cells_max;
        rules.bytes_max = bytes;
        const RegionDigest digest = region_digest(index, north, rules);
        CHECK_FALSE(digest.cells.empty());
        CHECK(digest.terms.size() == limits::region_terms_max);
        CHECK(digest.materials.size() <= known_materials().size());
        CHECK(digest.processes.size() == 4);
        is_well_made(digest, rules);
    }
}

TEST_CASE("counts are rounded so that one is not told from a few", "[region]") {
    CHECK(rounded_count(0) == 0);
    CHECK(rounded_count(1) == 5);
    CHECK(rounded_count(6) == 10);
    CHECK(rounded_count(11) == 20);
    CHECK(rounded_count(50) == 50);
    CHECK(rounded_count(51) == 100);
    CHECK(round_number_up(0) == 0);
    CHECK(round_number_up(1) == 1);
    CHECK(round_number_up(3) == 5);
    CHECK(round_number_up(5001) == 10'000);
}

}  // namespace
}  // namespace nearfab::router
