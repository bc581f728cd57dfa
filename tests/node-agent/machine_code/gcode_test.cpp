// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/gcode.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace nearfab::agent {
namespace {

GcodeLine only_line(std::string_view text) {
    GcodeReader reader{text};
    GcodeLine line;
    const auto more = reader.next(line);
    REQUIRE(more);
    REQUIRE(*more);
    return line;
}

std::string why_refused(std::string_view text, GcodeSyntax syntax = {}) {
    GcodeReader reader{text, syntax};
    GcodeLine line;
    while (true) {
        const auto more = reader.next(line);
        if (!more) {
            CHECK(more.error().code == ErrorCode::invalid_file);
            CHECK_FALSE(more.error().next.empty());
            return more.error().message;
        }
        if (!*more) {
            return {};
        }
    }
}

TEST_CASE("a move is read as a command and its words") {
    const GcodeLine line = only_line("G1 X10.5 Y-3 E.02 F1200 ; outer wall\n");
    CHECK(line.is('G', 1));
    CHECK(line.text == "G1 X10.5 Y-3 E.02 F1200");
    REQUIRE(line.word_count == 4);
    CHECK(line.find('X')->value == 10.5);
    CHECK(line.find('Y')->value == -3);
    CHECK(line.find('E')->value == 0.02);
    CHECK(line.find('F')->value == 1200);
    CHECK(line.find('Z') == nullptr);
}

TEST_CASE("words need no spaces, may have none between, and may be bare where that has a meaning") {
    CHECK(only_line("G1X1Y2").find('Y')->value == 2);
    CHECK(only_line("  G1\tX1  ").find('X')->value == 1);
    const GcodeLine home = only_line("G28 X");
    REQUIRE(home.find('X') != nullptr);
    CHECK_FALSE(home.find('X')->has_value);
}

TEST_CASE("an E after a number is an axis, never an exponent") {
    const GcodeLine line = only_line("G1 X1E2");
    CHECK(line.find('X')->value == 1);
    CHECK(line.find('E')->value == 2);
}

TEST_CASE("comments and empty lines are passed over but counted") {
    GcodeReader reader{"; first\n\n  \n;LAYER_CHANGE\nM84 ; off\n;end"};
    GcodeLine line;
    REQUIRE(reader.next(line).value());
    CHECK(line.number == 5);
    CHECK(line.is('M', 84));
    CHECK_FALSE(reader.next(line).value());
    CHECK(reader.line_number() == 6);
}

TEST_CASE("a long comment is fine, long code is not") {
    CHECK(why_refused("; " + std::string(20'000, 'x') + "\nG21").empty());
    CHECK(why_refused("M117 " + std::string(91, 'x')).empty());
    const std::string why = why_refused("G21\nM117 " + std::string(92, 'x'));
    CHECK(why.find("line 2") == 0);
    CHECK(why.find("97 bytes") != std::string::npos);
    CHECK(why.find("96") != std::string::npos);
}

TEST_CASE("a sub-number belongs to the command, and text commands keep their text") {
    const GcodeLine line = only_line("M862.3 P \"MK3S\"");
    CHECK(line.is('M', 862));
    CHECK(line.subcode == 3);
    CHECK(line.argument == "P \"MK3S\"");
    CHECK(only_line("M117 Layer 3 of 100").argument == "Layer 3 of 100");
    CHECK(only_line("M115 U3.11.0").argument == "U3.11.0");
}

TEST_CASE("a line that leaves room for guessing is refused, with its number and text") {
    const auto [text, part] = GENERATE(table<std::string, std::string>({
        {"g1 x1", "not with 'g'"},
        {"M0104 S200", "begins with 0"},
        {"G00 X1", "begins with 0"},
        {"G1 X1 X2", "appears twice"},
        {"G1 X1 M104 S999", "second command"},
        {"N5 G1 X1", "not with 'N'"},
        {"G1 X1*71", "'*'"},
        {"M104 S{200*5}", "'{'"},
        {"M104 S[temp]", "'['"},
        {"G1 X+1", "'+'"},
        {"G1 X1.2.3", "'.'"},
        {"G1 X-", "no readable number"},
        {"G1 X.", "no readable number"},
        {"G1 Xnan", "'n'"},
        {"G", "no number"},
        {"G X1", "no number"},
        {"G99999999999", "too large"},
        {"G1. X1", "ends with a point"},
        {"@pause", "'@'"},
        {"//action:shutdown", "'/'"},
        {"START_PRINT", "'S'"},
        {"%", "'%'"},
        {"G1 A1 B1 C1 D1 E1 F1 H1 I1 J1 K1 L1 P1 Q1", "more words"},
    }));
    CAPTURE(text);
    const std::string why = why_refused("G21\n" + text);
    CHECK(why.find("line 2 `" + text + "`: ") == 0);
    CHECK(why.find(part) != std::string::npos);
}

TEST_CASE("control bytes are refused everywhere, other bytes that are not ASCII only in code") {
    for (const char byte : {'\0', '\r', '\v', '\f', '\b', '\x1b', '\x7f'}) {
        CAPTURE(static_cast<int>(byte));
        CHECK_FALSE(why_refused(std::string{"G1 X1"} + byte + "\n").empty());
        CHECK_FALSE(why_refused(std::string{"; a comment "} + byte + "\n").empty());
    }
    CHECK(why_refused("M117 gr\xC3\xBC"
                      "n")
              .find("byte 0xc3 is not ASCII") != std::string::npos);
    CHECK(why_refused("; printer_settings_id = gr\xC3\xBC"
                      "n\nG21")
              .empty());
}

TEST_CASE("bytes that cannot be shown are written out in the error") {
    CHECK(why_refused(std::string{"G1\0X", 4}).find("`G1\\x00X`") != std::string::npos);
    CHECK(why_refused("M104 " + std::string(80, 'x')).find("...`") != std::string::npos);
}

TEST_CASE("parentheses are comments only where the dialect has them") {
    CHECK(why_refused("G1 X1 (Y500)").find("'('") != std::string::npos);
    const GcodeSyntax mill{.parenthesis_comments = true};
    GcodeReader reader{"(first)G1 X1 (then Y500)\n(only)\n", mill};
    GcodeLine line;
    REQUIRE(reader.next(line).value());
    CHECK(line.text == "G1 X1");
    CHECK_FALSE(reader.next(line).value());
    CHECK(why_refused("G1 (X1", mill).find("has no )") != std::string::npos);
    CHECK(why_refused("G1 (a) X1", mill).find("middle") != std::string::npos);
}

}  // namespace
}  // namespace nearfab::agent
