// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/licence.hpp"

#include <catch2/catch.hpp>

using namespace nearfab;
using Terms = std::vector<std::string>;

namespace {

bool covered(std::string_view expression, const Terms& terms) {
    const auto parsed = LicenceExpression::parse(expression);
    INFO(expression);
    REQUIRE(parsed);
    return parsed->covered_by(terms);
}

std::string fault(std::string_view expression) {
    const auto parsed = LicenceExpression::parse(expression);
    return parsed ? "" : parsed.error().message;
}

}  // namespace

TEST_CASE("a single licence is covered by its id, by a prefix and by 'open'") {
    CHECK(covered("CERN-OHL-S-2.0", {"CERN-OHL-S-2.0"}));
    CHECK(covered("cern-ohl-s-2.0", {"CERN-OHL-S-2.0"}));
    CHECK(covered("CERN-OHL-S-2.0", {"cern-ohl-*"}));
    CHECK(covered("CERN-OHL-S-2.0", {"open"}));
    CHECK(covered("CERN-OHL-S-2.0", {"MIT", "open"}));
    CHECK_FALSE(covered("CERN-OHL-S-2.0", {"CERN-OHL-P-2.0"}));
    CHECK_FALSE(covered("CERN-OHL-S-2.0", {"CERN-OHL"}));
    CHECK_FALSE(covered("CERN-OHL-S-2.0", {}));
    CHECK(covered("LicenseRef-Anything", {"*"}));
    CHECK_FALSE(covered("MI", {"MIT*"}));
}

TEST_CASE("open means free to make, change and sell") {
    for (const char* id : {"CERN-OHL-P-2.0",
                           "CERN-OHL-W-2.0",
                           "TAPR-OHL-1.0",
                           "SHL-2.1",
                           "CC0-1.0",
                           "CC-BY-4.0",
                           "CC-BY-SA-4.0",
                           "GPL-3.0-or-later",
                           "GPL-2.0-only",
                           "LGPL-3.0-or-later",
                           "AGPL-3.0-only",
                           "MIT",
                           "BSD-2-Clause",
                           "BSD-3-Clause",
                           "Apache-2.0",
                           "MPL-2.0",
                           "ISC",
                           "0BSD",
                           "Unlicense",
                           "OFL-1.1"}) {
        INFO(id);
        CHECK(is_open_licence(id));
    }
    for (const char* id : {"CC-BY-NC-4.0",
                           "CC-BY-NC-SA-4.0",
                           "CC-BY-ND-4.0",
                           "CC-BY-NC-ND-3.0",
                           "LicenseRef-Proprietary",
                           "NONE",
                           "NOASSERTION",
                           "",
                           "open",
                           "GPL"}) {
        INFO(id);
        CHECK_FALSE(is_open_licence(id));
    }
}

TEST_CASE("both sides of AND, one side of OR, AND before OR") {
    CHECK(covered("MIT AND CC-BY-4.0", {"open"}));
    CHECK_FALSE(covered("MIT AND CC-BY-NC-4.0", {"open"}));
    CHECK(covered("MIT OR CC-BY-NC-4.0", {"open"}));
    CHECK(covered("A OR B AND C", {"A"}));
    CHECK_FALSE(covered("A OR B AND C", {"B"}));
    CHECK(covered("A OR B AND C", {"B", "C"}));
    CHECK_FALSE(covered("(A OR B) AND C", {"A"}));
    CHECK(covered("(A OR B) AND C", {"A", "C"}));
    CHECK(covered("A AND B AND C", {"A", "B", "C"}));
    CHECK(covered("a and (b or c)", {"A", "C"}));
}

TEST_CASE("an exception adds a permission, a plus allows later versions") {
    CHECK(covered("GPL-2.0-or-later WITH Bison-exception-2.2", {"open"}));
    CHECK(covered("X WITH y-exception", {"X"}));
    CHECK_FALSE(covered("X WITH y-exception", {"y-exception"}));
    CHECK(covered("GPL-3.0+", {"GPL-3.0"}));
    CHECK(covered("GPL-3.0+", {"GPL-3.0-or-later"}));
    CHECK(covered("GPL-3.0+", {"GPL-3.0+"}));
    CHECK(covered("GPL-3.0+", {"open"}));
    CHECK_FALSE(covered("GPL-3.0", {"GPL-3.0-or-later"}));
    CHECK(covered("DocumentRef-spdx-1:LicenseRef-A", {"DocumentRef-*"}));
}

TEST_CASE("the text of a licence keeps its words and loses its odd blanks") {
    const auto text = [](std::string_view t) { return LicenceExpression::parse(t)->text(); };
    CHECK(text("  MIT  ") == "MIT");
    CHECK(text("( MIT  OR\tApache-2.0 )AND GPL-2.0+ WITH x-e") ==
          "(MIT OR Apache-2.0) AND GPL-2.0+ WITH x-e");
    CHECK(text("((A))") == "((A))");
    CHECK(text("mit or A") == "mit or A");
}

TEST_CASE("a faulty licence names the word and the place") {
    CHECK(fault("") ==
          "licence \"\": the end at character 1 stands where a licence id was expected");
    CHECK(fault("MIT AND") ==
          "licence \"MIT AND\": the end at character 8 stands where a licence id was expected");
    CHECK(fault("MIT Apache-2.0") ==
          "licence \"MIT Apache-2.0\": 'Apache-2.0' at character 5 "
          "stands where AND, OR or the end was expected");
    CHECK(fault("(MIT") ==
          "licence \"(MIT\": the end at character 5 stands where ')' was expected");
    CHECK(fault("MIT)") ==
          "licence \"MIT)\": ')' at character 4 closes a parenthesis that was never opened");
    for (const char* bad : {"OR MIT",
                            "MIT OR OR A",
                            "MIT WITH",
                            "WITH x",
                            "()",
                            "MIT WITH (x)",
                            "+",
                            "MI_T",
                            "MIT/X11",
                            "a:b",
                            "MIT WITH a+",
                            "M\xc3\xa9",
                            "AND",
                            "(A) WITH x",
                            "DocumentRef-a:LicenseRef-b:c"}) {
        INFO(bad);
        CHECK(fault(bad).find("at character ") != std::string::npos);
    }
}

TEST_CASE("licences are bounded in length and depth") {
    CHECK(fault(std::string(512, 'a')).empty());
    CHECK_FALSE(fault(std::string(513, 'a')).empty());
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '(') + "MIT" + std::string(depth, ')');
    };
    CHECK(fault(nested(16)).empty());
    CHECK(fault(nested(17)).find("16 levels") != std::string::npos);
    CHECK_FALSE(fault(std::string(512, '(')).empty());
}
