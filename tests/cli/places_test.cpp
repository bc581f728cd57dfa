// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/places.hpp"

#include "tests/cli/temporary_folder.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {

TEST_CASE("a place is LAT,LON or a name of the person's own") {
    const std::vector<NamedPlace> places{{"paris", {48.85, 2.35}}};
    CHECK(find_place("paris", places).value() == Place{48.85, 2.35});
    CHECK(find_place("1.5,-2", places).value() == Place{1.5, -2});
    const auto typo = find_place("pariss", places);
    REQUIRE_FALSE(typo);
    CHECK(typo.error().message == "\"pariss\" is none of your places; did you mean \"paris\"?");
    CHECK_FALSE(find_place("91,0", places));
    CHECK_FALSE(find_place("", places));
}

TEST_CASE("adding a place keeps what is in the file and never replaces a name") {
    const test::TemporaryFolder folder;
    const auto file = folder.write("places.toml", "# home\nparis = [48.85, 2.35]");
    REQUIRE(add_place(file, {"lab", {-45.5, 4}}));
    CHECK(folder.read("places.toml") == "# home\nparis = [48.85, 2.35]\nlab = [-45.5, 4.0]\n");
    CHECK(read_places(file).value() ==
          std::vector<NamedPlace>{{"paris", {48.85, 2.35}}, {"lab", {-45.5, 4}}});
    CHECK(add_place(file, {"paris", {0, 0}}).error().code == ErrorCode::conflict);
    CHECK(add_place(file, {"a place", {0, 0}}).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a place that is none is an error with its line") {
    const test::TemporaryFolder folder;
    const auto file = folder.write("places.toml", "a = [1, 2]\nb = [95.0, 2]\n");
    const auto places = read_places(file);
    REQUIRE_FALSE(places);
    CHECK(places.error().message.find("places.toml:2: `b` must be") != std::string::npos);
    CHECK_FALSE(read_places(folder.write("c.toml", "c = [1]\n")));
    CHECK(read_places(folder.path() / "missing.toml").value().empty());
}

}  // namespace nearfab::cli
