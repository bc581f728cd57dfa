// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/log.hpp"

#include <catch2/catch.hpp>

namespace nearfab::agent {
namespace {

TEST_CASE("nothing in a log message can end its JSON string", "[agent][log]") {
    CHECK(json_escaped("plain") == "plain");
    CHECK(json_escaped("say \"no\" \\ \n") == "say \\\"no\\\" \\\\ \\u000a");
    CHECK(json_escaped("Sch\xC3\xB6n") == "Sch\xC3\xB6n");
}

}  // namespace
}  // namespace nearfab::agent
