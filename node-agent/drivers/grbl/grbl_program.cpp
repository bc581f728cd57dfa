// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/grbl/grbl_program.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <limits>
#include <optional>

namespace nearfab::agent {
namespace {

constexpr std::size_t shown_bytes = 40;

tl::unexpected<Error> refuse(std::size_t number, std::string_view line, const std::string& why) {
    std::string shown;
    for (const char c : line.substr(0, shown_bytes))
        shown += c >= ' ' && c <= '~' ? c : '.';
    return fail(ErrorCode::invalid_file,
                "line " + std::to_string(number) + " `" + shown + "`: " + why,
                "prepare it again for this machine",
                "line " + std::to_string(number));
}

// Without comments and spaces, in upper case; nothing when a comment does not end.
std::optional<std::string> bare(std::string_view line) {
    std::string out;
    bool in_comment = false;
    for (const char c : line) {
        if (in_comment) {
            in_comment = c != ')';
        } else if (c == ';') {
            return out;
        } else if (c == '(') {
            in_comment = true;
        } else if (c != ' ' && c != '\t' && c != '\r') {
            out += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
        }
    }
    return in_comment ? std::nullopt : std::optional{out};
}

bool is_plain(const std::string& line) {
    return std::all_of(line.begin(), line.end(), [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+';
    });
}

// "G10" in "G10L2", not in "G100".
bool has_word(const std::string& line, std::string_view word) {
    for (std::size_t at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
        const std::size_t behind = at + word.size();
        const bool ends =
            behind >= line.size() || std::isdigit(static_cast<unsigned char>(line[behind])) == 0;
        if (ends) return true;
    }
    return false;
}

std::string why_not(const std::string& line, GrblKind kind) {
    if (line.size() > grbl_line_bytes_max) {
        return "it has " + std::to_string(line.size()) + " bytes, and a Grbl takes 79";
    }
    if (!is_plain(line)) return "only letters, digits, \".\", \"-\" and \"+\" may be sent";
    static constexpr std::array<std::string_view, 5> stored{
        "G10", "G28.1", "G30.1", "G92", "G92.1"};
    for (const std::string_view word : stored) {
        // "G92" is no memory, but it moves all that follows away from where it was checked.
        if (has_word(line, word)) return std::string{word} + " changes where the machine works";
    }
    const bool m3 = has_word(line, "M3") || has_word(line, "M03");
    if (kind == GrblKind::laser && m3) {
        return "M3 leaves the beam on when the program ends halfway; a laser is run with M4";
    }
    return {};
}

// The number behind the letter, in a line of plain words.
std::optional<double> value_of(const std::string& line, char letter) {
    const std::size_t at = line.find(letter);
    if (at == std::string::npos) return std::nullopt;
    double value = 0;
    const char* begin = line.data() + at + 1;
    if (std::from_chars(begin, line.data() + line.size(), value).ec != std::errc{}) {
        return std::nullopt;
    }
    return value;
}

void widen(std::array<std::optional<LineProgram::Reach>, 3>& reach, const std::string& line) {
    for (std::size_t axis = 0; axis < reach.size(); ++axis) {
        const auto value = value_of(line, "XYZ"[axis]);
        if (!value) continue;
        if (!reach[axis]) reach[axis] = {*value, *value};
        reach[axis]->lowest = std::min(reach[axis]->lowest, *value);
        reach[axis]->highest = std::max(reach[axis]->highest, *value);
    }
}

}  // namespace

Result<LineProgram> grbl_program(std::string_view code, GrblKind kind) {
    if (code.size() > std::numeric_limits<std::uint32_t>::max()) {
        return fail(ErrorCode::too_large, "the program has more than 4 GiB");
    }
    LineProgram program;
    program.text.reserve(code.size());
    std::size_t number = 0;
    bool absolute_mm = true;
    while (!code.empty()) {
        const std::size_t end = std::min(code.find('\n'), code.size());
        const std::string_view line = code.substr(0, end);
        code.remove_prefix(std::min(end + 1, code.size()));
        ++number;
        const auto words = bare(line);
        if (!words) return refuse(number, line, "its comment does not end");
        if (words->empty()) continue;
        if (const std::string why = why_not(*words, kind); !why.empty()) {
            return refuse(number, line, why);
        }
        program.dwells = program.dwells || has_word(*words, "G4") || has_word(*words, "G04");
        absolute_mm = absolute_mm && !has_word(*words, "G91") && !has_word(*words, "G20");
        widen(program.reach, *words);
        program.add(*words);
    }
    if (!absolute_mm) program.reach = {};
    if (program.ends.empty()) return fail(ErrorCode::invalid_file, "the program has no lines");
    return program;
}

}  // namespace nearfab::agent
