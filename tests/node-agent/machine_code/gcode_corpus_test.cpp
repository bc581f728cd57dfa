// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/gcode_gate.hpp"
#include "tests/node-agent/machine_code/sample_code.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace nearfab::agent {
namespace {

TEST_CASE("every hostile G-code file of the corpus is refused and the good one passes") {
    const char* corpus = std::getenv("NEARFAB_CORPUS");
    if (corpus == nullptr) {
        WARN("skipped: set NEARFAB_CORPUS to the folder of the test corpus");
        return;
    }
    int refused = 0;
    int passed = 0;
    for (const auto& entry :
         std::filesystem::directory_iterator{std::filesystem::path{corpus} / "bad" / "gcode"}) {
        const std::string name = entry.path().filename().string();
        CAPTURE(name);
        std::ifstream in{entry.path(), std::ios::binary};
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        const bool good = check_marlin(text, sample::small_machine()).has_value();
        // The files for mills and lasers (grbl_) are another dialect; this gate refuses them too.
        CHECK(good == name.starts_with("ok_"));
        ++(good ? passed : refused);
    }
    CHECK(passed >= 1);
    CHECK(refused >= 40);
}

}  // namespace
}  // namespace nearfab::agent
