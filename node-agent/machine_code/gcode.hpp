// SPDX-License-Identifier: GPL-3.0-or-later
// gcode.hpp - the lines of a G-code file, read strictly.
//
// One command per line: a letter G, M or T with a number, then words of a letter and a number
// ("G1 X10.5 E.02 F1200"). Firmwares guess when a line is odd, and two firmwares guess differently,
// so a line that leaves room for guessing is an error here: lower case, leading zeros in the
// command ("M0104"), two commands on one line, a repeated word, line numbers, checksums,
// expressions, control bytes. Numbers are read without a locale and without exponents (in "X1E2"
// the E is an axis).
//
// Pure; nothing is copied, so the text must outlive the reader and its lines.

#pragma once

#include "base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace nearfab::agent {

// What differs between dialects. DEFAULT: Marlin.
struct GcodeSyntax {
    // Marlin is often built without "(...)" comments and would read the words inside, so a file
    // for it may not have any.
    bool parenthesis_comments = false;
    // Of code, without comments. Marlin's buffer holds 96.
    std::size_t code_bytes = 96;
};

struct GcodeWord {
    char letter = 0;
    bool has_value = false;  // "G28 X" has none.
    double value = 0;
};

// One command.
struct GcodeLine {
    static constexpr std::size_t max_words = 12;

    std::uint32_t number = 0;   // In the file, from 1.
    std::string_view text;      // The code, without comment and outer spaces.
    char letter = 0;            // G, M or T.
    std::uint32_t code = 0;     // 104 in "M104 S200".
    std::uint32_t subcode = 0;  // 3 in "M862.3".
    std::string_view argument;  // For M115, M117 and M862 only: the rest as it is, no words.
    std::array<GcodeWord, max_words> storage{};
    std::size_t word_count = 0;

    [[nodiscard]] std::span<const GcodeWord> words() const { return {storage.data(), word_count}; }
    // The word with this letter, or null.
    [[nodiscard]] const GcodeWord* find(char word_letter) const;
    [[nodiscard]] bool is(char command_letter, std::uint32_t command_code) const {
        return letter == command_letter && code == command_code;
    }
};

class GcodeReader {
public:
    explicit GcodeReader(std::string_view text, GcodeSyntax syntax = {})
        : rest_{text}, syntax_{syntax} {}

    // Steps to the next line that has code. False at the end of the text.
    // Error invalid_file: the line breaks a rule; the message names line, text and rule.
    [[nodiscard]] Result<bool> next(GcodeLine& line);

    // Lines seen so far, with those that hold only a comment.
    [[nodiscard]] std::uint32_t line_number() const { return number_; }

private:
    std::string_view rest_;
    GcodeSyntax syntax_;
    std::uint32_t number_ = 0;
};

// The error for a line: "line 14 `M104 S999`: <why>". Bytes that cannot be shown are written as
// \x1b, and a long line is cut.
[[nodiscard]] Error gcode_error(std::uint32_t line_number,
                                std::string_view text,
                                std::string_view why);

}  // namespace nearfab::agent
