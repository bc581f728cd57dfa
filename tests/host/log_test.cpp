// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/log.hpp"

#include <catch2/catch.hpp>

namespace nearfab {
namespace {

TEST_CASE("nothing in a log message can end its JSON string", "[log]") {
    CHECK(json_escaped("plain") == "plain");
    CHECK(json_escaped("say \"no\" \\ \n\x1B") == "say \\\"no\\\" \\\\ \\n\\u001b");
    CHECK(json_escaped("Sch\xC3\xB6n") == "Sch\xC3\xB6n");
    CHECK(json_escaped("a\xFF b") == "a\xEF\xBF\xBD b");
}

TEST_CASE("nothing in a log message can begin a line of its own", "[log]") {
    CHECK(on_one_line("a\nb\r\tc \x1B[31m") == "a b  c  [31m");
    CHECK(on_one_line("Sch\xC3\xB6n") == "Sch\xC3\xB6n");
}

}  // namespace
}  // namespace nearfab
