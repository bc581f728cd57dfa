// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/text.hpp"

#include <catch2/catch.hpp>

using namespace nearfab;

TEST_CASE("what is wrong with a text is said with its place") {
    CHECK(text_fault("Gewürzregal, größer: 日本語 🛠", TextKind::file_name).empty());
    CHECK(text_fault("a/b\nc", TextKind::text).empty());
    CHECK(text_fault("a\nc", TextKind::line) == "holds a control character at byte 2");
    CHECK(text_fault("a/b", TextKind::line).empty());
    CHECK(text_fault("a/b", TextKind::file_name) == "holds a '/' at byte 2");
    CHECK(text_fault("שלום\u200F", TextKind::line).empty());
    CHECK_FALSE(text_fault("שלום\u200F", TextKind::file_name).empty());
    CHECK_FALSE(text_fault("a\u2066b", TextKind::text).empty());
    CHECK_FALSE(text_fault("a\u2028b", TextKind::text).empty());
    CHECK_FALSE(text_fault(std::string_view{"a\0b", 3}, TextKind::text).empty());
    CHECK_FALSE(text_fault("a\x7f", TextKind::text).empty());
}

TEST_CASE("what is not UTF-8 is noticed") {
    for (const char* bad : {"\xff",
                            "caf\xe9",
                            "\xc3",
                            "\xe2\x82",
                            "\xc0\xaf",
                            "\xe0\x80\xaf",
                            "\xed\xa0\x80",
                            "\xf4\x90\x80\x80",
                            "\xf5\x80\x80\x80",
                            "\x80",
                            "\xf0\x9f\x9b"}) {
        CHECK(text_fault(bad, TextKind::text).find("is not valid UTF-8") == 0);
        CHECK(text_fault(clean_text(bad), TextKind::text).empty());
    }
    CHECK(text_fault("\xf4\x8f\xbf\xbf", TextKind::text).empty());
}

TEST_CASE("a cleaned text keeps its words and is cut between characters") {
    CHECK(clean_text("plain words") == "plain words");
    CHECK(clean_text("tab\there") == "tab here");
    CHECK(clean_text("two\nlines") == "two\nlines");
    CHECK(clean_text("two\nlines", TextKind::line) == "two lines");
    CHECK(clean_text("a/b\u202E", TextKind::file_name) == "a?b?");
    CHECK(clean_text("caf\xe9!") == "caf?!");
    CHECK(clean_text("éé", TextKind::text, 3) == "é");
    CHECK(clean_text("abcd", TextKind::text, 3) == "abc");
    CHECK(clean_text(std::string(3000, 'x')).size() == 2048);
}

TEST_CASE("an id is 1 to 64 harmless characters") {
    for (const char* good : {"a", "mk4_1", "3f9c01d2a4b86e57-1", "A.b-c_d", "_x"}) {
        CHECK(is_well_formed_id(good));
    }
    for (const char* bad :
         {"", ".", "..", "-rf", ".hidden", "a b", "a/b", "a:b", "\xc3\xa9", "a\n"}) {
        CHECK_FALSE(is_well_formed_id(bad));
    }
    CHECK(is_well_formed_id(std::string(64, 'a')));
    CHECK_FALSE(is_well_formed_id(std::string(65, 'a')));
}
