// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/material.hpp"

#include "proto/model/process.hpp"
#include "proto/model/text.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace nearfab;

TEST_CASE("a material is found however it is written") {
    for (const char* name : {"pa12", "PA12", "pa-12", "PA 12", "pa_12", "Nylon PA12"}) {
        INFO(name);
        REQUIRE(find_material(name));
        CHECK(find_material(name)->id == "pa12");
    }
    CHECK_FALSE(find_material(""));
    CHECK_FALSE(find_material("unobtainium"));
}

TEST_CASE("a misspelt material has a suggestion, an unknown one has none") {
    CHECK(material_like("ptg") == "petg");
    CHECK(material_like("accrylic") == "acrylic");
    CHECK_FALSE(material_like("unobtainium"));
    CHECK_FALSE(material_like(""));
    CHECK_FALSE(material_like(std::string(100'000, 'x')));
}

TEST_CASE("the material table is sound") {
    std::set<std::string_view> seen;
    for (const MaterialInfo& material : known_materials()) {
        INFO(material.id);
        CHECK(seen.insert(material.id).second);
        CHECK(is_well_formed_id(material.id));
        CHECK(material.density_g_cm3 > 0.1);
        CHECK(material.density_g_cm3 < 25);
        CHECK(find_material(material.id)->id == material.id);
        CHECK(find_material(material.name)->id == material.id);
        CHECK(known_material_ids().find(material.id) != std::string::npos);
    }
}

TEST_CASE("a process is found by its id and by what people call it") {
    CHECK(find_process("fdm")->id == "fdm");
    CHECK(find_process("FFF")->id == "fdm");
    CHECK(find_process("3D printing")->id == "fdm");
    CHECK(find_process("Laser Cutting")->id == "laser_cut");
    CHECK(find_process("DMLS")->id == "pbf_metal");
    CHECK(find_process("CNC")->id == "cnc_mill");
    CHECK_FALSE(find_process("teleport"));
    CHECK_FALSE(find_process(""));
}

TEST_CASE("the process table is sound, and what can burn or cut off a hand is attended") {
    std::set<std::string_view> seen;
    std::string ids;
    for (const ProcessInfo& process : known_processes()) {
        INFO(process.id);
        CHECK(seen.insert(process.id).second);
        CHECK(is_well_formed_id(process.id));
        ids += (ids.empty() ? "" : ", ") + std::string{process.id};
    }
    CHECK(ids == known_process_ids());
    for (const char* id : {"laser_cut", "laser_engrave", "cnc_mill", "cnc_turn", "plasma_cut"}) {
        CHECK(find_process(id)->attended);
    }
    CHECK_FALSE(find_process("fdm")->attended);
}
