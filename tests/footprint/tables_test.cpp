// SPDX-License-Identifier: GPL-3.0-or-later

#include "footprint/tables.hpp"

#include "proto/model/material.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace nearfab::footprint {

TEST_CASE("every known material has a factor with a source") {
    for (const MaterialInfo& material : known_materials()) {
        INFO(material.id);
        const Factor* factor = material_factor(material.id);
        REQUIRE(factor != nullptr);
        CHECK(factor->value.typical > 0);
        CHECK_FALSE(factor->source.empty());
    }
    CHECK(material_factor("unobtainium") == nullptr);
}

TEST_CASE("every row of the tables says how well it is known") {
    const std::set<std::string> words{"read",
                                      "read-secondary",
                                      "read-proxy",
                                      "read-derived",
                                      "recalled",
                                      "estimate",
                                      "convention"};
    for (const auto table : {all_material_factors(), all_grid_factors(), all_machine_powers()}) {
        REQUIRE(table.size() > 10);
        std::set<std::string> ids;
        for (const Factor& factor : table) {
            INFO(factor.id);
            CHECK(ids.insert(factor.id).second);
            CHECK(words.contains(factor.confidence));
        }
    }
}

TEST_CASE("a country's electricity is found by code and by name") {
    REQUIRE(grid_factor("FRA") != nullptr);
    CHECK(grid_factor("FRA")->value.typical == 56);
    CHECK(grid_factor("fra") == grid_factor("France"));
    CHECK(grid_factor("FRA")->year == "2023");
    CHECK(grid_factor("FR") == nullptr);
    CHECK(grid_like("FR") == "FRA");
    CHECK(grid_like("Frnce") == "FRA");
    CHECK_FALSE(grid_like("Atlantis on the sea"));
    CHECK(machine_power("fdm_open_220")->value == Range{70, 100, 160});
    CHECK(machine_like("fdm_open_20") == "fdm_open_220");
}

}  // namespace nearfab::footprint
