// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/checked_file.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {

TEST_CASE("a rejected file in JSON says why and where") {
    CheckedFile file;
    file.file = "a.stl";
    file.rejection = Error{ErrorCode::invalid_file, "line 7 is no facet", "export again", "line 7"};
    CHECK(json::json_of_check(reports_of({file})) == R"({
  "file": "a.stl",
  "accepted": false,
  "error": {
    "code": "invalid_file",
    "message": "line 7 is no facet",
    "next": "export again",
    "where": "line 7"
  },
  "design": null,
  "bytes": 0,
  "licence": null,
  "fit": null
}
)");
}

TEST_CASE("a rejection that points nowhere has no place, whatever numbers are in its words") {
    CheckedFile file;
    file.rejection = Error{ErrorCode::invalid_file, "triangle 7 of your dreams", "wake up"};
    CHECK(json::json_of_check(reports_of({file})).find("\"where\": null") != std::string::npos);
}

TEST_CASE("several files in JSON are a list") {
    CheckedFile file;
    file.file = "a.stl";
    const std::string text = json::json_of_check(reports_of({file, file}));
    CHECK(text.starts_with("{\n  \"files\": ["));
    CHECK(text.find("\"error\": null") != std::string::npos);
}

}  // namespace nearfab::cli
