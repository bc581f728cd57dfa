// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/job_file.hpp"

#include "tests/cli/temporary_folder.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {
namespace {

constexpr std::string_view tool_wall = R"(title = "Tool wall"
at = "home"
prefer = "cheapest"
currency = "EUR"
carbon_price = 0.19
material = "petg"
quantity = 2

[[part]]
file = "rack.stl"

[[part]]
file = "sub/panel.dxf"
process = "laser_cut"
material = "plywood_birch"
quantity = 5
thickness_mm = 4
unit = "in"
operations = ["red=cut", "layer:Fold lines=score"]
)";

JobWishes of_file(const std::string& path) {
    JobWishes wishes;
    wishes.files = {path};
    return wishes;
}

std::string refusal(const std::string& text) {
    const test::TemporaryFolder folder;
    const auto wishes = complete_wishes(of_file(folder.write("job.toml", text).string()));
    REQUIRE_FALSE(wishes);
    CHECK_FALSE(wishes.error().next.empty());
    return wishes.error().message + " | " + wishes.error().next;
}

}  // namespace

TEST_CASE("a job file says for each part how it is made") {
    const test::TemporaryFolder folder;
    const auto path = folder.write("job.toml", std::string{tool_wall}).string();
    const auto wishes = complete_wishes(of_file(path));
    INFO((wishes ? "" : wishes.error().message));
    REQUIRE(wishes);
    CHECK(wishes->title == "Tool wall");
    CHECK(wishes->at == "home");
    CHECK(wishes->carbon_price == 0.19);
    REQUIRE(wishes->parts.size() == 2);
    CHECK(wishes->parts[0].file == (folder.path() / "rack.stl").string());
    CHECK(wishes->parts[0].material == "petg");
    CHECK(wishes->parts[0].quantity == 2);
    CHECK(wishes->parts[0].said_in == "job.toml, rack.stl");
    CHECK(wishes->parts[1].material == "plywood_birch");
    CHECK(wishes->parts[1].quantity == 5);
    CHECK(wishes->parts[1].thickness_mm == 4);
    CHECK(wishes->parts[0].unit == LengthUnit::unstated);
    CHECK(wishes->parts[1].unit == LengthUnit::inch);
    CHECK(wishes->parts[0].operations.empty());
    CHECK(wishes->parts[1].operations ==
          LineRules{{0xFF0000, "", LineOperation::cut}, {{}, "Fold lines", LineOperation::score}});
}

TEST_CASE("what is typed wins over the job's settings, not over a part's own") {
    const test::TemporaryFolder folder;
    JobWishes typed = of_file(folder.write("job.toml", std::string{tool_wall}).string());
    typed.at = "1,2";
    typed.every_part.material = "pla";
    typed.every_part.unit = LengthUnit::centimetre;
    typed.every_part.operations = {{0x0000FF, "", LineOperation::engrave}};
    const auto wishes = complete_wishes(typed);
    REQUIRE(wishes);
    CHECK(wishes->parts[0].unit == LengthUnit::centimetre);
    CHECK(wishes->parts[1].unit == LengthUnit::inch);
    CHECK(wishes->parts[0].operations == typed.every_part.operations);
    CHECK(wishes->parts[1].operations.size() == 2);
    CHECK(wishes->at == "1,2");
    CHECK(wishes->parts[0].material == "pla");
    CHECK(wishes->parts[1].material == "plywood_birch");
}

TEST_CASE("several files are parts with the same wishes") {
    JobWishes typed;
    typed.files = {"a.stl", "b.stl"};
    typed.at = "1,2";
    typed.every_part.quantity = 3;
    const auto wishes = complete_wishes(typed);
    REQUIRE(wishes);
    REQUIRE(wishes->parts.size() == 2);
    CHECK(wishes->parts[1].file == "b.stl");
    CHECK(wishes->parts[1].quantity == 3);
    typed.files.assign(33, "a.stl");
    CHECK(complete_wishes(typed).error().message == "the job has 33 parts; a job may have 32");
    typed.files = {"job.toml", "a.stl"};
    CHECK(complete_wishes(typed).error().message ==
          "\"job.toml\" is a job file, and other files are given beside it");
    typed.files = {"a.stl"};
    typed.at.reset();
    CHECK(complete_wishes(typed));  // make_job misses the place.
}

TEST_CASE("a job file is read strictly") {
    CHECK(refusal("at = \"1,2\"\n").find("the job has no part") != std::string::npos);
    CHECK(refusal("[[part]]\nmaterial = \"pla\"\n").find("file") != std::string::npos);
    CHECK(refusal("[[part]]\nfile = \"a.stl\"\nmateril = \"pla\"\n")
              .find("did you mean \"material\"?") != std::string::npos);
    CHECK(refusal("[[part]]\nfile = \"a.stl\"\nquantity = 0\n").find("quantity") !=
          std::string::npos);
    CHECK(refusal("[[part]]\nfile = \"a.stl\"\nquantity = 1000000000\n").find("1000") !=
          std::string::npos);
    CHECK(refusal("[[part]]\nfile = \"a.stl\"\nmin_feature_mm = nan\n").find("min_feature_mm") !=
          std::string::npos);
    CHECK(refusal("[[part]]\nfile = \"a.stl\"\nunit = \"furlong\"\n")
              .find("\"furlong\" is no known unit of length") != std::string::npos);
    CHECK(refusal("[[part]]\nfile = \"a.dxf\"\noperations = [\"red=melt\"]\n").find("melt") !=
          std::string::npos);
    CHECK(refusal("[[part]]\nfile = 3\n").find("file") != std::string::npos);
    CHECK(refusal("[[part\n").find("job.toml:1") != std::string::npos);
    CHECK(complete_wishes(of_file("/nowhere/job.toml")).error().message.find("/nowhere/job.toml") !=
          std::string::npos);
}

}  // namespace nearfab::cli
