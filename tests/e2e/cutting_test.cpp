// SPDX-License-Identifier: GPL-3.0-or-later
// Flat work with the real programs: matched, fetched, planned, cut with a person beside, handed
// over.

#include "tests/e2e/network.hpp"
#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace nearfab::e2e {
namespace {

const FabPlan laser{.name = "laser",
                    .materials = R"([{id = "plywood_birch", grams = 5000}])",
                    .envelope = "[900, 600, 10]",
                    .process = "laser_cut",
                    .profile = "laser.toml"};
const FabPlan mill{.name = "mill",
                   .materials = R"([{id = "plywood_birch", grams = 5000}])",
                   .envelope = "[600, 400, 80]",
                   .process = "cnc_mill",
                   .profile = "mill.toml"};

// Nothing moves before a person says that they are there.
void cut_and_deliver(const FabPlan& fab,
                     const std::string& design,
                     const std::vector<std::string>& words) {
    Network network{{fab}};
    const std::string id = network.submit(design, words);
    REQUIRE(network.until_work_is(id, "reserved"));
    REQUIRE(network.until([&] {
        return network.operate(fab.name, {"presence", "p1"}).exit_code == 0;
    }));
    REQUIRE(network.until([&] {
        (void)network.operate(fab.name, {"presence", "p1"});
        return network.work_state(id) == "produced";
    }));
    network.finish_at(fab.name, id);
    CHECK(network.history(id).find("job closed") != std::string::npos);
}

TEST_CASE("a box drawn in SVG is cut by a laser and delivered", "[e2e]") {
    cut_and_deliver(laser, "finger_box/finger_box.svg", {"--thickness", "3"});
}

TEST_CASE("a plate drawn in DXF is milled and delivered", "[e2e]") {
    cut_and_deliver(mill, "sensor_plate/sensor_plate.dxf", {"--thickness", "6"});
}

TEST_CASE("a sheet for which the fab has no settings is refused with the thicknesses there are",
          "[e2e]") {
    Network network{{laser}};
    const std::string id = network.submit("finger_box/finger_box.svg", {"--thickness", "5"});
    REQUIRE(network.until(
        [&] { return network.history(id).find("only for 3 mm") != std::string::npos; }));
}

}  // namespace
}  // namespace nearfab::e2e
