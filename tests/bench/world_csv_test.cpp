// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/world_csv.hpp"

#include <catch2/catch.hpp>

namespace nearfab::bench {
namespace {

const std::string names =
    "id,latitude_deg,longitude_deg,process,materials,envelope_mm,min_feature_mm,tolerance_mm,"
    "backlog_s\n";

std::string problem(const std::string& lines) {
    const auto world = read_world_csv(names + lines);
    REQUIRE_FALSE(world);
    CHECK(world.error().code == ErrorCode::invalid_file);
    CHECK_FALSE(world.error().next.empty());
    return world.error().message;
}

TEST_CASE("a table of machines is read as it is written", "[bench]") {
    const auto world = read_world_csv("# Two machines.\n" + names +
                                      "lyon-1,45.764,4.8357,fdm,pla;petg,250x220x210,0.4,0.2,3600\n"
                                      "oslo-9,59.91,10.75,cnc_mill,alu_6061,75x425x425,1,0.05,0\n");
    REQUIRE(world);
    REQUIRE(world->machines.size() == 2);
    const BenchMachine& first = world->machines.front();
    CHECK(world->labels.front() == "lyon-1");
    CHECK(first.latitude_deg == 45.764);
    CHECK(first.longitude_deg == 4.8357);
    CHECK(world->processes[first.process] == "fdm");
    CHECK(first.materials == 0b11U);
    CHECK(first.envelope_mm == std::array{210.0F, 220.0F, 250.0F});
    CHECK(first.min_feature_mm == 0.4F);
    CHECK(first.tolerance_mm == 0.2F);
    CHECK(first.backlog_s == 3600);
    CHECK(world->machines.back().materials == 0b100U);
    CHECK(world->machines.back().id == 1);
}

TEST_CASE("a made-up world survives being written and read", "[bench]") {
    const World made = make_world(500, 4);
    const auto read = read_world_csv(write_world_csv(made));
    REQUIRE(read);
    // Names get their numbers in the order in which they come, so the texts are compared.
    REQUIRE(read->machines.size() == made.machines.size());
    for (std::size_t i = 0; i < made.machines.size(); ++i) {
        const BenchMachine& a = made.machines[i];
        const BenchMachine& b = read->machines[i];
        CHECK(a.latitude_deg == b.latitude_deg);
        CHECK(a.longitude_deg == b.longitude_deg);
        CHECK(made.processes[a.process] == read->processes[b.process]);
        CHECK(a.envelope_mm == b.envelope_mm);
        CHECK(a.min_feature_mm == b.min_feature_mm);
        CHECK(a.tolerance_mm == b.tolerance_mm);
        CHECK(a.backlog_s == b.backlog_s);
        for (const std::string& material : read->materials) {
            const auto in_a = find_name(made.materials, material).value();
            const auto in_b = find_name(read->materials, material).value();
            CHECK(((a.materials >> in_a) & 1U) == ((b.materials >> in_b) & 1U));
        }
    }
}

TEST_CASE("what is wrong with a table is named with its line and column", "[bench]") {
    const std::string good = "a,1,2,fdm,pla,10x10x10,0.4,0.2,0\n";
    CHECK(problem(good + "b,91,2,fdm,pla,10x10x10,0.4,0.2,0\n") ==
          "line 3, column latitude_deg: \"91\" is not within -90 to 90");
    CHECK(problem("b,nan,2,fdm,pla,10x10x10,0.4,0.2,0\n") ==
          "line 2, column latitude_deg: \"nan\" is not within -90 to 90");
    CHECK(problem("b,1,inf,fdm,pla,10x10x10,0.4,0.2,0\n") ==
          "line 2, column longitude_deg: \"inf\" is not within -180 to 180");
    CHECK(problem("b,1,2 ,fdm,pla,10x10x10,0.4,0.2,0\n") ==
          "line 2, column longitude_deg: \"2 \" is not a number");
    CHECK(problem("b,1,2,weaving,pla,10x10x10,0.4,0.2,0\n")
              .starts_with("line 2, column process: \"weaving\" is none of fdm, "));
    CHECK(problem("b,1,2,fdm,,10x10x10,0.4,0.2,0\n")
              .starts_with("line 2, column materials: \"\" is no id"));
    CHECK(problem("b,1,2,fdm,pla;pla,10x10x10,0.4,0.2,0\n") ==
          "line 2, column materials: \"pla\" is there twice");
    CHECK(problem("b,1,2,fdm,pla,10x10,0.4,0.2,0\n") ==
          "line 2, column envelope_mm: \"10x10\" has not the form 220x220x250");
    CHECK(problem("b,1,2,fdm,pla,10x-1x10,0.4,0.2,0\n") ==
          "line 2, column envelope_mm: \"-1\" is not above 0 and up to 100000");
    CHECK(problem("b,1,2,fdm,pla,10x10x10,nan,0.2,0\n") ==
          "line 2, column min_feature_mm: \"nan\" is not above 0 and up to 1000");
    CHECK(problem("b,1,2,fdm,pla,10x10x10,0.4,0,0\n") ==
          "line 2, column tolerance_mm: \"0\" is not above 0 and up to 1000");
    CHECK(problem("b,1,2,fdm,pla,10x10x10,0.4,0.2,1.5\n") ==
          "line 2, column backlog_s: \"1.5\" is not a number");
    CHECK(problem("b,1,2,fdm,pla,10x10x10,0.4,0.2,-1\n") ==
          "line 2, column backlog_s: \"-1\" is not within 0 to 315360000");
}

TEST_CASE("a table of another shape is refused", "[bench]") {
    CHECK(problem("b,1,2,fdm,pla,10x10x10,0.4,0.2\n") ==
          "line 2, column tolerance_mm: 8 columns instead of 9");
    CHECK(problem("b,1,2,fdm,pla,10x10x10,0.4,0.2,0,7\n") ==
          "line 2, column backlog_s: 10 columns instead of 9");
    CHECK(problem("b,1,2,fdm,pla,10x10x10,0.4,0.2,0\nb,1,2,fdm,pla,10x10x10,0.4,0.2,0\n") ==
          "line 3, column id: \"b\" was there before");
    CHECK(problem(",1,2,fdm,pla,10x10x10,0.4,0.2,0\n") ==
          "line 2, column id: not 1 to 64 bytes long");
    CHECK(problem("\n") == "line 2, column id: 1 columns instead of 9");
    CHECK(problem("") == "line 1, column id: no machine");
    CHECK_FALSE(read_world_csv(""));
    CHECK(read_world_csv("id,place\n").error().message ==
          "line 1, column id: the names of the columns are missing");
    std::string many = "b,1,2,fdm,m0";
    for (int i = 1; i < 33; ++i)
        many += ";m" + std::to_string(i);
    CHECK(problem(many + ",10x10x10,0.4,0.2,0\n")
              .starts_with("line 2, column materials: \"m32\" is a 33rd material"));
}

}  // namespace
}  // namespace nearfab::bench
