// SPDX-License-Identifier: GPL-3.0-or-later
// The index answers every question exactly as a look at every machine does.

#include "router/matching/index/machine_index.hpp"
#include "router/matching/matcher.hpp"
#include "router/matching/scan.hpp"
#include "tests/router/matching/random_world.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <string>

namespace nearfab::router {
namespace {

using namespace testing;

// How many random worlds; the long run is described in docs/MATCHING.md.
std::uint64_t worlds() {
    const char* stated = std::getenv("NEARFAB_WORLDS");
    return stated == nullptr ? 300 : std::strtoull(stated, nullptr, 10);
}

std::string in_words(const MatchReport& report) {
    std::string text = std::to_string(report.machines_seen) + " machines\n";
    for (const Candidate& c : report.candidates)
        text += "  " + c.fab.text() + "/" + c.machine.text() + " " + c.reason + "\n";
    for (const Rejection& r : report.rejections)
        text += "  not " + r.fab.text() + "/" + r.machine.text() + " " + r.text + "\n";
    for (const Alternative& a : report.alternatives)
        text += "  else " + a.text + "\n";
    return text;
}

void same_answers(RandomWorld& world) {
    const std::vector<FabView> views = world.views();
    for (int ask = 0; ask < 8; ++ask) {
        const Question question = world.question();
        const MatchReport scanned = match(question, views, world.rules());
        const IndexFinder finder{world.index(), question};
        const MatchReport found = match(question, finder, world.rules());
        if (found != scanned) {
            FAIL("scan:\n" << in_words(scanned) << "index:\n" << in_words(found));
        }
    }
}

TEST_CASE("in any world the index answers as a look at every machine does", "[matching]") {
    for (std::uint64_t seed = 0; seed < worlds(); ++seed) {
        INFO("seed " << seed);
        WorldShape shape;
        shape.fabs = seed % 5 == 0 ? 150 : 5 + seed % 40;
        shape.few_values = seed % 3 != 0;
        shape.one_place = seed % 7 == 0;
        shape.machines_per_fab_max = seed % 11 == 0 ? 30 : 4;
        RandomWorld world{seed, shape};
        same_answers(world);
        for (int round = 0; round < 4; ++round) {
            for (int change = 0; change < 25; ++change)
                world.change();
            REQUIRE(world.index().is_sound());
            same_answers(world);
        }
    }
}

}  // namespace
}  // namespace nearfab::router
