// SPDX-License-Identifier: GPL-3.0-or-later

#include "step/part21.hpp"

#include <catch2/catch.hpp>

namespace nearfab::step {
namespace {

using namespace std::string_view_literals;
using Catch::Matchers::Contains;

bool begins_as_step(std::string_view text) {
    return is_step({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string file_of(std::string_view schema) {
    return "ISO-10303-21;\nHEADER;\n/* FILE_SCHEMA(('IFC4')); */\nFILE_NAME('it''s','');\n"
           "FILE_SCHEMA(('" +
           std::string{schema} + "'));\nENDSEC;\nDATA;\nENDSEC;\nEND-ISO-10303-21;\n";
}

TEST_CASE("the content says whether a file is STEP") {
    CHECK(begins_as_step("ISO-10303-21;\nHEADER;"));
    CHECK(begins_as_step("\xEF\xBB\xBF \r\niso-10303-21;"));
    CHECK_FALSE(begins_as_step("solid ISO-10303-21;"));
    CHECK_FALSE(begins_as_step("ISO-10303"));
    CHECK_FALSE(begins_as_step(""));
}

TEST_CASE("the schemas of parts are taken, with and without their numbers") {
    CHECK(schema_of(file_of("AUTOMOTIVE_DESIGN { 1 0 10303 214 1 1 1 1 }")) == "AUTOMOTIVE_DESIGN");
    CHECK(schema_of(file_of("config_control_design")) == "CONFIG_CONTROL_DESIGN");
    CHECK(schema_of(file_of("AP242_MANAGED_MODEL_BASED_3D_ENGINEERING_MIM_LF")));
    CHECK(schema_of(file_of("X'),('AP203_CONFIGURATION")));
}

TEST_CASE("a schema of something else, or none, is refused at its line") {
    const auto building = schema_of(file_of("IFC4"));
    REQUIRE_FALSE(building);
    CHECK(building.error().code == ErrorCode::invalid_file);
    CHECK(building.error().where == "line 5");
    CHECK_THAT(building.error().message, Contains("\"IFC4\", which is about buildings"));
    const auto none = schema_of("ISO-10303-21;\nHEADER;\nENDSEC;\nDATA;\nEND-ISO-10303-21;");
    REQUIRE_FALSE(none);
    CHECK(none.error().where == "line 3");
    CHECK_FALSE(schema_of("ISO-10303-21;\nFILE_SCHEMA"));
    CHECK_FALSE(schema_of("ISO-10303-21;\nFILE_SCHEMA(('"));
}

TEST_CASE("a file that is cut off, empty or no STEP at all is refused") {
    const std::string whole = file_of("AUTOMOTIVE_DESIGN");
    for (std::size_t size = 0; size + 2 < whole.size(); ++size) {
        INFO(size);
        const auto cut = schema_of(std::string_view{whole}.substr(0, size));
        REQUIRE_FALSE(cut);
        CHECK(cut.error().code == ErrorCode::invalid_file);
        CHECK_FALSE(cut.error().where.empty());
        CHECK_FALSE(cut.error().next.empty());
    }
    CHECK_THAT(schema_of(std::string_view{whole}.substr(0, whole.size() - 3)).error().message,
               Contains("its end is missing"));
    CHECK_THAT(schema_of("solid part").error().message, Contains("no STEP file"));
    CHECK(schema_of("ISO-10303-21;\0"sv).error().where == "byte 13");
}

}  // namespace
}  // namespace nearfab::step
