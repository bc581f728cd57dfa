// SPDX-License-Identifier: GPL-3.0-or-later
// What a network can make, its digest promises; and where a promise stands among own machines.

#include "router/matching/region/peer_regions.hpp"

#include "proto/codec/codec.hpp"
#include "router/matching/figures.hpp"
#include "router/matching/ranking.hpp"
#include "router/matching/region/joint_search.hpp"
#include "router/matching/region/region_export.hpp"
#include "router/matching/scan.hpp"
#include "tests/router/matching/random_world.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace nearfab::router {
namespace {

using namespace testing;

// How many random worlds; a long run takes more of them.
std::uint64_t worlds() {
    const char* stated = std::getenv("NEARFAB_WORLDS");
    return stated == nullptr ? 150 : std::strtoull(stated, nullptr, 10);
}

WorldShape shape_of(std::uint64_t seed) {
    WorldShape shape;
    shape.fabs = seed % 5 == 0 ? 150 : 5 + seed % 40;
    shape.few_values = seed % 3 != 0;
    shape.one_place = seed % 7 == 0;
    shape.machines_per_fab_max = seed % 11 == 0 ? 30 : 4;
    return shape;
}

// As a peer gets it: through the codec.
std::shared_ptr<const RegionDigest> received(const MachineIndex& index, const RegionRules& rules) {
    Envelope envelope;
    envelope.body =
        message::StateRegions{region_digest(index, {IdentityId{"north"}, {}, 180}, rules)};
    const auto back = decode(encode(envelope));
    if (!back) FAIL(back.error().message);
    return std::make_shared<const RegionDigest>(std::get<message::StateRegions>(back->body).digest);
}

RegionRules rules_of(std::uint64_t seed) {
    RegionRules rules;
    rules.cells_max = std::array<std::size_t, 5>{1, 4, 20, 512, 1024}[seed % 5];
    rules.fabs_min = seed % 2 == 0 ? 3 : 1;
    if (seed % 4 == 0) rules.radius_km_min = 0.5;
    return rules;
}

bool not_above(const std::optional<double>& bound, const std::optional<double>& figure) {
    return !figure || (bound && *bound <= *figure);
}

bool promises_it(const PeerPromise& promise,
                 const RegionDigest& digest,
                 const Found& found,
                 const Question& question) {
    const RegionCell& cell = digest.cells[promise.cell];
    const Capability& machine = *found.machine->capability;
    return distance_km(cell.centre, found.fab->advertisement->place) <= cell.radius_km &&
           promise.chord2 <= found.chord2 &&
           promise.finish_s <= finish_seconds(question, *found.machine) &&
           not_above(promise.price, price_of(question, machine)) &&
           not_above(promise.carbon_g, carbon_g_of(question, machine, ground_km(found.chord2)));
}

// Every machine that can make it is in a cell that says so.
void is_sound(RandomWorld& world, const RegionRules& rules) {
    const IdentityId north{"north"};
    PeerRegions peers;
    peers.state(north, received(world.index(), rules));
    const std::vector<FabView> views = world.views();
    constexpr std::size_t all = std::numeric_limits<std::size_t>::max();
    for (int ask = 0; ask < 8; ++ask) {
        const Question question = world.question();
        const Scan scan{question, views, world.rules()};
        const auto promises = peers.promises(question, all);
        const auto best = peers.best_of_each(question, all);
        CHECK(std::is_sorted(promises.begin(), promises.end(), goes_before));
        CHECK(best.size() == std::min<std::size_t>(promises.size(), 1));
        for (const Found& found : scan.best(all)) {
            INFO(found.fab->fab.text() << "/" << found.machine->capability->machine.text());
            REQUIRE(std::any_of(promises.begin(), promises.end(), [&](const PeerPromise& p) {
                return promises_it(p, *peers.digest(north), found, question);
            }));
            const TreeCost cost =
                cost_of({question, *found.fab, *found.machine, world.rules()}, found.chord2);
            CHECK(best.front().cost.first <= cost.first);
        }
    }
}

TEST_CASE("what a machine can make, its network's digest promises", "[region]") {
    for (std::uint64_t seed = 0; seed < worlds(); ++seed) {
        INFO("seed " << seed);
        RandomWorld world{seed, shape_of(seed)};
        is_sound(world, rules_of(seed));
        for (int change = 0; change < 40; ++change)
            world.change();
        is_sound(world, rules_of(seed / 5));
    }
}

// The least cost of anything in the world; infinite when nobody can.
double least_cost(RandomWorld& world, const Question& question) {
    const std::vector<FabView> views = world.views();
    const Scan scan{question, views, world.rules()};
    double least = std::numeric_limits<double>::infinity();
    for (const Found& found : scan.best(std::numeric_limits<std::size_t>::max())) {
        const MachineChoice choice{question, *found.fab, *found.machine, world.rules()};
        least = std::min(least, cost_of(choice, found.chord2).first);
    }
    return least;
}

TEST_CASE("a peer stands before an own machine where its bound is better, and only there",
          "[region]") {
    for (std::uint64_t seed = 0; seed < worlds() / 3; ++seed) {
        INFO("seed " << seed);
        RandomWorld own{seed, shape_of(seed)};
        RandomWorld there{seed + 1000, shape_of(seed + 1)};
        PeerRegions peers;
        peers.state(IdentityId{"north"}, received(there.index(), rules_of(seed)));
        peers.state(IdentityId{"empty"}, std::make_shared<const RegionDigest>());
        for (int ask = 0; ask < 10; ++ask) {
            const Question question = own.question();
            const IndexFinder finder{own.index(), question};
            const auto joint = joint_search(question, finder, peers, own.rules(), 64);
            double own_least = std::numeric_limits<double>::infinity();
            for (std::size_t i = 0; i < joint.size(); ++i) {
                REQUIRE(joint[i].machine.has_value() != joint[i].peer.has_value());
                if (joint[i].machine) {
                    own_least = std::min(own_least, joint[i].cost.first);
                    continue;
                }
                for (std::size_t k = 0; k < joint.size(); ++k) {
                    if (!joint[k].machine) continue;
                    CHECK((k < i) == (joint[k].cost.first <= joint[i].cost.first));
                }
            }
            // What is really better there is never overlooked.
            if (least_cost(there, question) < own_least && joint.size() < 64) {
                REQUIRE_FALSE(joint.empty());
                CHECK(joint.front().peer.has_value());
            }
        }
    }
}

Question plate_at(Place place) {
    Question question = make_question(part("plate"), box(100, 80, 10));
    question.place_of_use = place;
    question.submitter = IdentityId{"ada"};
    return question;
}

MachineIndex& with_printer(MachineIndex& index, Place place) {
    index.advertise(FabId{"f"},
                    std::make_shared<const Advertisement>(
                        fab(place, {printer("m", 250, 210, 220, {{"pla", 5000}})})));
    index.set_presence(FabId{"f"}, true, false);
    return index;
}

TEST_CASE("a newer digest replaces the one before, and a peer can be left out", "[region]") {
    MachineIndex index{MatchingRules{}};
    const IdentityId north{"north"};
    PeerRegions peers;
    const Question question = plate_at(paris);
    CHECK(peers.promises(question, 9).empty());
    peers.state(north, received(with_printer(index, lyon), {}));
    REQUIRE(peers.promises(question, 9).size() == 1);
    const double far = ground_km(peers.promises(question, 9)[0].chord2);
    CHECK(far < 391.5);
    CHECK(far > 391.5 - 2 * 127);
    CHECK(peers.promises(question, 9, {north}).empty());
    CHECK(peers.best_of_each(question, 9, {north}).empty());
    peers.state(north, received(with_printer(index, paris), {}));
    CHECK(peers.promises(question, 9)[0].chord2 == 0);
    CHECK(peers.peers() == 1);
    peers.forget(north);
    CHECK(peers.digest(north) == nullptr);
    CHECK(peers.promises(question, 9).empty());
}

TEST_CASE("a network that works for some only is promised all the same, as nobody's name is told",
          "[region]") {
    MachineIndex index{MatchingRules{}};
    Advertisement closed = fab(lyon, {printer("m", 250, 210, 220, {{"pla", 5000}})});
    closed.terms = {{"MIT"}, {"eve"}};
    index.advertise(FabId{"f"}, std::make_shared<const Advertisement>(closed));
    index.set_presence(FabId{"f"}, true, false);
    PeerRegions peers;
    peers.state(IdentityId{"north"}, received(index, {}));
    Question question = plate_at(lyon);
    CHECK(peers.promises(question, 9).size() == 1);
    question.licence = *LicenceExpression::parse("MIT");
    CHECK(peers.promises(question, 9).size() == 1);
    question.licence = *LicenceExpression::parse("CERN-OHL-S-2.0");
    CHECK(peers.promises(question, 9).empty());
}

}  // namespace
}  // namespace nearfab::router
