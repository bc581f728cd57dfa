// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/grbl/grbl_lines.hpp"

#include "node-agent/drivers/grbl/grbl_program.hpp"

#include <catch2/catch.hpp>

namespace nearfab::agent {
namespace {

template <typename What>
What parsed(const char* line) {
    const GrblLine found = parse_grbl_line(line);
    INFO(line);
    REQUIRE(std::holds_alternative<What>(found));
    return std::get<What>(found);
}

TEST_CASE("only ok and error answer a line", "[drivers][grbl]") {
    (void)parsed<grbl_line::Ok>("ok");
    CHECK(parsed<grbl_line::Refused>("error:20").number == 20);
    for (const char* line : {">G54:ok", "[MSG:ok]", "error:", "error:x", "okay", "[echo: ok]"}) {
        const GrblLine found = parse_grbl_line(line);
        INFO(line);
        CHECK_FALSE(std::holds_alternative<grbl_line::Ok>(found));
        CHECK_FALSE(std::holds_alternative<grbl_line::Refused>(found));
    }
}

TEST_CASE("three firmwares say who they are", "[drivers][grbl]") {
    CHECK(parsed<grbl_line::Banner>("Grbl 1.1h ['$' for help]").firmware == GrblFirmware::grbl);
    CHECK(parsed<grbl_line::Banner>("GrblHAL 1.1f ['$' or '$HELP' for help]").firmware ==
          GrblFirmware::grbl_hal);
    CHECK(parsed<grbl_line::Banner>("Grbl 3.7 [FluidNC v3.7.16 (wifi) '$' for help]").firmware ==
          GrblFirmware::fluid_nc);
    CHECK(parsed<grbl_line::Version>("[FIRMWARE:grblHAL]").firmware == GrblFirmware::grbl_hal);
    CHECK(parsed<grbl_line::Options>("[OPT:VNML+,100,1024,3,0]").receive_bytes == 1024);
    CHECK(parsed<grbl_line::Options>("[OPT:V,15,128]").planner_blocks == 15);
}

TEST_CASE("a report is read in any order, and its unknown fields are left", "[drivers][grbl]") {
    const auto report = parsed<grbl_line::Report>(
        "<Hold:0|Bf:15,128|WCO:1.5,2,3|FS:600,300|MPos:-10.000,0.5,3|Pn:XD|WCS:G54|A:S>");
    CHECK(report.state == "Hold");
    CHECK(report.substate == 0);
    CHECK((*report.machine_mm)[0] == -10);
    CHECK((*report.work_offset_mm)[0] == 1.5);
    CHECK(report.spindle == 300);
    CHECK(report.pins == "XD");
    CHECK(report.accessories == "S");
    CHECK_FALSE(parsed<grbl_line::Report>("<Idle|F:0>").machine_mm);
    CHECK_FALSE(parsed<grbl_line::Report>("<Idle|MPos:1,x,3>").machine_mm);
    CHECK(parsed<grbl_line::Report>("<>").state.empty());
}

TEST_CASE("settings are read, also as older builds write them", "[drivers][grbl]") {
    CHECK(parsed<grbl_line::Setting>("$110=500.000").value == 500);
    CHECK(parsed<grbl_line::Setting>("$0=10 (step pulse, usec)").number == 0);
    CHECK(parsed<grbl_line::StartupBlock>("$N0=G20X5").text == "G20X5");
    (void)parsed<grbl_line::Other>("$N0=");
    (void)parsed<grbl_line::Other>("$x=1");
}

TEST_CASE("alarms from ten upwards are read in their firmware's words", "[drivers][grbl]") {
    CHECK(alarm_text(11, GrblFirmware::grbl_hal).find("homed") != std::string::npos);
    CHECK(alarm_text(11, GrblFirmware::fluid_nc).find("start-up") != std::string::npos);
    CHECK(alarm_text(99, GrblFirmware::grbl).find("manual") != std::string::npos);
    CHECK(loses_position(1));
    CHECK_FALSE(loses_position(2));
}

TEST_CASE("a program is sent without comments and spaces", "[drivers][grbl]") {
    const auto program =
        grbl_program("g21 ; millimetres!\r\n\n(a ~ comment?) G1 X1.5 Y-2 F600\nM5", GrblKind::mill);
    REQUIRE(program);
    CHECK(program->text == "G21\nG1X1.5Y-2F600\nM5\n");
    CHECK(program->lines() == 3);
    CHECK(program->line(1) == "G1X1.5Y-2F600\n");
}

TEST_CASE("what must not go over the wire is refused with its line", "[drivers][grbl]") {
    const std::string too_long = "G1X" + std::string(80, '1');
    for (const std::string& line : {std::string{"$H"},
                                    std::string{"G1 X1 !"},
                                    std::string{"G1 X1 ~"},
                                    std::string{"G1 ?"},
                                    std::string{"%"},
                                    std::string{"G1 X\xc3\xa9"},
                                    std::string{"\x18"},
                                    std::string{"G10 L2 X0"},
                                    std::string{"G28.1"},
                                    std::string{"G92 X0"},
                                    std::string{"(open"},
                                    too_long}) {
        const auto program = grbl_program("G21\n" + line + "\n", GrblKind::mill);
        INFO(line);
        REQUIRE_FALSE(program);
        CHECK(program.error().where == "line 2");
        CHECK(program.error().code == ErrorCode::invalid_file);
    }
    CHECK_FALSE(grbl_program("; nothing\n", GrblKind::mill));
    CHECK(grbl_program("G21\nM3 S8000\nM30\n", GrblKind::mill));
    CHECK(grbl_program("G21\nM30\nM4 S3\n", GrblKind::laser));
    CHECK_FALSE(grbl_program("G21\nM3 S300\n", GrblKind::laser));
}

}  // namespace
}  // namespace nearfab::agent
