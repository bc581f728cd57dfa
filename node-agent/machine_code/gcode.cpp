// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/gcode.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace nearfab::agent {
namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

std::string shown(std::string_view text) {
    constexpr std::size_t longest = 60;
    std::string out;
    for (const char c : text.substr(0, longest)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte < 0x7F) {
            out += c;
        } else {
            out += "\\x";
            out += hex_digits[byte >> 4];
            out += hex_digits[byte & 15U];
        }
    }
    return text.size() > longest ? out + "..." : out;
}

std::string byte_name(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x20 && byte < 0x7F) {
        return std::string{"'"} + c + "'";
    }
    return std::string{"byte 0x"} + hex_digits[byte >> 4] + hex_digits[byte & 15U];
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_space(char c) {
    return c == ' ' || c == '\t';
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

using Reason = std::optional<std::string>;  // Why a line is refused.

// NUL, carriage return, vertical tab and form feed hide code from people and from other readers,
// so no control byte is allowed, not even in a comment.
Reason control_byte_in(std::string_view raw) {
    const auto bad = std::find_if(raw.begin(), raw.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\t') || byte == 0x7F;
    });
    if (bad == raw.end()) {
        return std::nullopt;
    }
    return byte_name(*bad) + " is a control byte, which can hide a command";
}

// Takes a run of digits off the front; nothing if there is none or it is too long.
std::optional<std::uint32_t> take_integer(std::string_view& text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    return value;
}

Reason take_command(std::string_view& text, GcodeLine& line) {
    line.letter = text.front();
    if (line.letter != 'G' && line.letter != 'M' && line.letter != 'T') {
        return "a command begins with G, M or T, not with " + byte_name(line.letter);
    }
    text.remove_prefix(1);
    if (text.empty() || !is_digit(text.front())) {
        return std::string{"the letter "} + line.letter + " has no number";
    }
    if (text.size() > 1 && text[0] == '0' && is_digit(text[1])) {
        return "the number of the command begins with 0, and firmwares disagree about that";
    }
    const auto code = take_integer(text);
    if (!code) {
        return "the number of the command is too large";
    }
    line.code = *code;
    line.subcode = 0;
    if (!text.empty() && text.front() == '.') {
        text.remove_prefix(1);
        const auto subcode =
            !text.empty() && is_digit(text.front()) ? take_integer(text) : std::nullopt;
        if (!subcode) {
            return "the number of the command ends with a point";
        }
        line.subcode = *subcode;
    }
    return std::nullopt;
}

// A number as slicers write it: sign, digits, point. "+", exponents, "inf" and "nan" are not.
Reason take_value(std::string_view& text, GcodeWord& word) {
    std::size_t length = 0;
    std::size_t digits = 0;
    bool point = false;
    if (!text.empty() && text[0] == '-') {
        length = 1;
    }
    for (; length < text.size(); ++length) {
        if (is_digit(text[length])) {
            ++digits;
        } else if (text[length] == '.' && !point) {
            point = true;
        } else {
            break;
        }
    }
    word.has_value = false;
    word.value = 0;
    if (length == 0) {
        return std::nullopt;
    }
    const char* end = text.data() + length;
    const auto [parsed, error] =
        std::from_chars(text.data(), end, word.value, std::chars_format::fixed);
    if (digits == 0 || error != std::errc{} || parsed != end) {
        return std::string{"the word "} + word.letter + " has no readable number";
    }
    word.has_value = true;
    text.remove_prefix(length);
    return std::nullopt;
}

Reason take_words(std::string_view text, GcodeLine& line) {
    line.word_count = 0;
    std::uint32_t seen = 0;
    while (true) {
        while (!text.empty() && is_space(text.front())) {
            text.remove_prefix(1);
        }
        if (text.empty()) {
            return std::nullopt;
        }
        GcodeWord word;
        word.letter = text.front();
        if (word.letter < 'A' || word.letter > 'Z') {
            return byte_name(word.letter) + " is not the capital letter of a word";
        }
        if (word.letter == 'G' || word.letter == 'M' || word.letter == 'N') {
            return "a second command or a line number on one line";
        }
        const std::uint32_t bit = 1U << static_cast<unsigned>(word.letter - 'A');
        if ((seen & bit) != 0) {
            return std::string{"the word "} + word.letter + " appears twice";
        }
        seen |= bit;
        text.remove_prefix(1);
        if (auto why = take_value(text, word)) {
            return why;
        }
        if (line.word_count == GcodeLine::max_words) {
            return "more words than any command has";
        }
        line.storage[line.word_count++] = word;
    }
}

bool takes_text(const GcodeLine& line) {
    return line.is('M', 115) || line.is('M', 117) || line.is('M', 862);
}

Reason parse(GcodeLine& line) {
    const auto high = std::find_if(line.text.begin(), line.text.end(), [](char c) {
        return static_cast<unsigned char>(c) >= 0x80;
    });
    if (high != line.text.end()) {
        return byte_name(*high) + " is not ASCII";
    }
    std::string_view text = line.text;
    line.argument = {};
    line.word_count = 0;
    if (auto why = take_command(text, line)) {
        return why;
    }
    if (takes_text(line)) {
        line.argument = trimmed(text);
        return std::nullopt;
    }
    return take_words(text, line);
}

// The code of a raw line: what stands before ";". With parenthesis comments a "(...)" may stand
// before or after the code; in the middle of it, it would split a word, so that is an error.
Result<std::string_view> code_of(std::string_view raw,
                                 const GcodeSyntax& syntax,
                                 std::uint32_t number) {
    std::string_view code = trimmed(raw.substr(0, raw.find(';')));
    while (syntax.parenthesis_comments && !code.empty()) {
        const std::size_t open = code.find('(');
        if (open == std::string_view::npos) {
            break;
        }
        const std::size_t close = code.find(')', open);
        if (close == std::string_view::npos) {
            return fail(gcode_error(number, code, "the comment after ( has no )"));
        }
        if (open == 0) {
            code = trimmed(code.substr(close + 1));
        } else if (close + 1 == code.size()) {
            code = trimmed(code.substr(0, open));
        } else {
            return fail(gcode_error(number, code, "a comment in the middle of the code"));
        }
    }
    return code;
}

}  // namespace

const GcodeWord* GcodeLine::find(char word_letter) const {
    for (std::size_t i = 0; i < word_count; ++i) {
        if (storage[i].letter == word_letter) {
            return &storage[i];
        }
    }
    return nullptr;
}

Result<bool> GcodeReader::next(GcodeLine& line) {
    while (!rest_.empty()) {
        const std::size_t end = rest_.find('\n');
        const std::string_view raw = rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        ++number_;
        if (const auto why = control_byte_in(raw)) {
            return fail(gcode_error(number_, raw, *why));
        }
        auto code = code_of(raw, syntax_, number_);
        if (!code) {
            return fail(std::move(code.error()));
        }
        if (code->empty()) {
            continue;
        }
        if (code->size() > syntax_.code_bytes) {
            return fail(gcode_error(number_,
                                    *code,
                                    "the code has " + std::to_string(code->size()) +
                                        " bytes, and the firmware holds " +
                                        std::to_string(syntax_.code_bytes)));
        }
        line.number = number_;
        line.text = *code;
        if (const auto why = parse(line)) {
            return fail(gcode_error(number_, *code, *why));
        }
        return true;
    }
    return false;
}

Error gcode_error(std::uint32_t line_number, std::string_view text, std::string_view why) {
    return Error{ErrorCode::invalid_file,
                 "line " + std::to_string(line_number) +
                     (text.empty() ? ": " : " `" + shown(text) + "`: ") + std::string{why},
                 "correct the machine's slicer profile (start, end and layer G-code), then slice "
                 "again"};
}

}  // namespace nearfab::agent
