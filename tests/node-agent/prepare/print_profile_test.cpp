// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/print_profile.hpp"

#include "node-agent/machine_code/ini_text.hpp"
#include "tests/node-agent/prepare/slicing_task.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace nearfab::agent {
namespace {

using Catch::Matchers::Contains;

const std::string code = "machine_start_gcode = \"G28\"\nmachine_end_gcode = \"M104 S0\"\n";

std::string complaint(const std::string& text) {
    const auto profile = parse_cura_profile(text, "printer.toml");
    REQUIRE_FALSE(profile);
    CHECK(profile.error().code == ErrorCode::config);
    CHECK_FALSE(profile.error().next.empty());
    return profile.error().message + " | " + profile.error().next;
}

std::string with(const std::string& setting) {
    return "slicer = \"cura_engine\"\n[settings]\n" + code + setting + "\n";
}

TEST_CASE("the table of settings is whole: names once, nothing follows nothing") {
    std::set<std::string> names;
    for (const CuraSetting& setting : cura_settings()) {
        INFO(setting.name);
        CHECK(names.insert(setting.name).second);
        CHECK(setting.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") ==
              std::string::npos);
        if (!setting.words.empty()) {
            CHECK(std::set<std::string>{setting.words.begin(), setting.words.end()}.contains(
                setting.value));
        }
    }
    CHECK(names.size() > 400);
    const auto complete = complete_settings({});
    REQUIRE(complete);
    for (const auto& [name, value] : *complete) {
        INFO(name);
        CHECK_FALSE(value.starts_with('='));
    }
}

TEST_CASE("what is not said follows what is") {
    const auto is = complete_settings({{"machine_nozzle_size", "0.6"},
                                       {"speed_print", "80"},
                                       {"speed_wall_0", "25"},
                                       {"layer_height", "0.3"}});
    REQUIRE(is);
    CHECK(is->at("line_width") == "0.6");
    CHECK(is->at("support_xy_distance") == "1.2");
    CHECK(is->at("speed_infill") == "80");
    CHECK(is->at("speed_wall_x") == "60");
    CHECK(is->at("speed_wall_0") == "25");
    CHECK(is->at("raft_base_thickness") == "0.45");
}

TEST_CASE("names in braces in the code become values, wrong ones an error") {
    const auto is = complete_settings({{"material_bed_temperature", "80"},
                                       {"machine_start_gcode", "M190 S{material_bed_temperature}"},
                                       {"machine_end_gcode", "G1 Z{nearfab_park_z} F600\nM84"}});
    REQUIRE(is);
    CHECK(is->at("machine_start_gcode") == "M190 S80");
    CHECK(is->at("machine_end_gcode") == "G1 Z10 F600\nM84");
    for (const char* wrong : {"M104 S{temperature}", "M104 S{", "M104 S{}"}) {
        const auto none = complete_settings({{"machine_end_gcode", wrong}});
        REQUIRE_FALSE(none);
        CHECK_THAT(none.error().message, Contains("which is no setting"));
    }
}

TEST_CASE("the engine's file holds texts as they are") {
    const std::string text = definition_text({{"machine_start_gcode", "G28 ; \"a\\b\"\nM84\t"}});
    CHECK_THAT(text, Contains(R"("default_value":"G28 ; \"a\\b\"\u000aM84\u0009")"));
}

TEST_CASE("numbers are written without exponent, comma and needless zeros") {
    CHECK(setting_number(0.2) == "0.2");
    CHECK(setting_number(1250) == "1250");
    CHECK(setting_number(-0.0) == "0");
    CHECK(setting_number(0.000001) == "0.000001");
    CHECK(setting_number(1e15) == "1000000000000000");
}

TEST_CASE("a profile chooses its slicer") {
    const auto cura =
        load_print_profile(test_parts::example_profiles() / "small_printer_cura.toml");
    if (!cura) FAIL(cura.error().message);
    CHECK(cura->slicer == Slicer::cura_engine);
    CHECK(cura->cura.at("layer_height") == "0.2");
    CHECK(cura->cura.at("support_enable") == "true");
    CHECK(cura->filament_density_g_cm3 == 1.24);
    const auto prusa = load_print_profile(test_parts::example_profiles() / "small_printer.ini");
    if (!prusa) FAIL(prusa.error().message);
    CHECK(prusa->slicer == Slicer::prusa_slicer);
}

TEST_CASE("what is wrong in a profile of CuraEngine is named with its line") {
    CHECK_THAT(complaint("slicer = \"slic3r\"\n[settings]\n" + code),
               Contains("printer.toml:1: \"slicer\" is \"slic3r\"") && Contains("cura_engine"));
    CHECK_THAT(complaint(with("layer_heigth = 0.2")),
               Contains("printer.toml:5") && Contains("did you mean \"layer_height\"?"));
    CHECK_THAT(complaint(with("layer_height = -5")), Contains("-5") && Contains("0.02 to 2"));
    CHECK_THAT(complaint(with("layer_height = \"0.2\"")), Contains("must be a number"));
    CHECK_THAT(complaint(with("support_enable = 1")), Contains("true or false"));
    CHECK_THAT(complaint(with("infill_pattern = \"honeycomb\"")), Contains("gyroid"));
    CHECK_THAT(complaint(with("machine_width = 200")), Contains("is for nearfab to say"));
    CHECK_THAT(complaint(with("machine_gcode_flavor = \"Griffin\"")),
               Contains("is for nearfab to say"));
    CHECK_THAT(complaint(with("infill_angles = \"=speed_print\"")), Contains("begins with ="));
    CHECK_THAT(complaint("slicer = \"cura_engine\"\n[settings]\nlayer_height = 0.2\n"),
               Contains("machine_start_gcode\" is missing"));
    CHECK_THAT(complaint("slicer = \"cura_engine\"\n[settings]\nmachine_start_gcode = \"{no}\"\n"
                         "machine_end_gcode = \"\"\n"),
               Contains("{no}, which is no setting"));
}

TEST_CASE("what is no profile of PrusaSlicer is named with its line") {
    const test::ScratchDirectory scratch;
    const auto load = [&](const std::string& text) {
        std::ofstream{scratch / "printer.ini"} << text;
        const auto profile = load_print_profile(scratch / "printer.ini");
        REQUIRE_FALSE(profile);
        CHECK(profile.error().code == ErrorCode::config);
        return profile.error().message;
    };
    CHECK_THAT(load("# a bundle\n[printer:MK3]\nbed_shape = 0x0\n"),
               Contains("printer.ini:2: a section"));
    CHECK_THAT(load("printer_technology = FFF\nhello\n"), Contains("printer.ini:2"));
    CHECK_THAT(load("a = 1\na = 2\n"), Contains("\"a\" is said twice"));
}

TEST_CASE("values of a profile are read as they are written") {
    const auto ini = IniText::parse("; made\n a = 1.5,2\r\nb =\nc = x = y\nd=-3\n", "p.ini");
    REQUIRE(ini);
    CHECK(ini->number("a") == 1.5);
    CHECK(ini->text("b") == "");
    CHECK_FALSE(ini->number("b"));
    CHECK(ini->text("c") == "x = y");
    CHECK(ini->number("d") == -3);
    CHECK_FALSE(ini->text("e"));
}

TEST_CASE("a slicer that is not there is named with its package") {
    const Status missing = check_slicer(Slicer::cura_engine, "/nowhere/CuraEngine");
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == ErrorCode::unavailable);
    CHECK_THAT(missing.error().message,
               Contains("CuraEngine is not installed at /nowhere/CuraEngine"));
    CHECK_THAT(missing.error().next, Contains("package cura-engine"));
    CHECK_FALSE(check_slicer(Slicer::prusa_slicer, "/etc/passwd"));
    CHECK(check_slicer(Slicer::prusa_slicer, "/bin/sh"));
}

}  // namespace
}  // namespace nearfab::agent
