// SPDX-License-Identifier: GPL-3.0-or-later
// A STEP file: cut into triangles where the designer is, then a part like any other.

#include "tests/e2e/network.hpp"
#include "tests/step/step_files.hpp"

#include <catch2/catch.hpp>

#include <fstream>

namespace nearfab::e2e {

TEST_CASE("a part in STEP is submitted, made and delivered", "[e2e]") {
    if (!step::can_write_step()) {
        WARN("skipped: nearfab-step was not built, because OpenCASCADE is not installed");
        return;
    }
    if (!can_slice()) return;
    Network network{{FabPlan{.name = "lyon"}}};
    const std::string file = (network.folder() / "box.step").string();
    std::ofstream{file} << step::box_in_inches();
    const Outcome submitted = network.nearfab({"submit",
                                               file,
                                               "--at",
                                               "45.75,4.85",
                                               "--licence",
                                               "CC0-1.0",
                                               "--material",
                                               "pla",
                                               "--json"});
    INFO(submitted.err);
    REQUIRE(submitted.exit_code == 0);
    const std::string id = nlohmann::json::parse(submitted.out).at("job");
    REQUIRE(network.until_work_is(id, "produced"));
    network.finish_at("lyon", id);
    CHECK(network.history(id).find("job closed") != std::string::npos);
}

}  // namespace nearfab::e2e
