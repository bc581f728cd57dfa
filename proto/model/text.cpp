// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/text.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace nearfab {
namespace {

struct Decoded {
    char32_t character = 0;
    std::size_t bytes = 1;
};

// The smallest character that needs so many bytes; a longer spelling than needed is not UTF-8.
constexpr char32_t smallest_of_length[] = {0, 0, 0x80, 0x800, 0x10000};

std::optional<Decoded> decode_utf8(std::string_view text) {
    const auto lead = static_cast<std::uint8_t>(text.front());
    if (lead < 0x80) return Decoded{lead, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 0;
    if (length == 0 || lead > 0xF4 || text.size() < length) return std::nullopt;
    char32_t character = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const auto byte = static_cast<std::uint8_t>(text[i]);
        if ((byte & 0xC0U) != 0x80) return std::nullopt;
        character = (character << 6U) | (byte & 0x3FU);
    }
    const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
    if (character < smallest_of_length[length] || character > 0x10FFFF || surrogate) {
        return std::nullopt;
    }
    return Decoded{character, length};
}

// C0, DEL and C1: U+009B starts a terminal command just as ESC [ does. The line and paragraph
// separators break lines in browsers.
bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
}

bool is_direction_override(char32_t c) {
    return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

// Harmless and needed in Arabic and Hebrew sentences; in a file name they only disguise.
bool is_direction_mark(char32_t c) {
    return c == 0x200E || c == 0x200F || c == 0x061C;
}

enum class Fault { none, control, direction, slash };

Fault fault_of(char32_t c, TextKind kind) {
    if (is_control(c)) return c == '\n' && kind == TextKind::text ? Fault::none : Fault::control;
    if (is_direction_override(c)) return Fault::direction;
    if (kind != TextKind::file_name) return Fault::none;
    if (is_direction_mark(c)) return Fault::direction;
    return c == '/' ? Fault::slash : Fault::none;
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// Most texts are plain ASCII; this looks at each byte once and decodes nothing.
bool is_plain(std::string_view text) {
    return std::all_of(
        text.begin(), text.end(), [](char c) { return c >= ' ' && c < 0x7F && c != '/'; });
}

}  // namespace

std::string text_fault(std::string_view text, TextKind kind) {
    if (is_plain(text)) return {};
    for (std::size_t i = 0; i < text.size();) {
        const auto decoded = decode_utf8(text.substr(i));
        const std::string place = " at byte " + std::to_string(i + 1);
        if (!decoded) return "is not valid UTF-8" + place;
        switch (fault_of(decoded->character, kind)) {
            case Fault::none:
                break;
            case Fault::control:
                return "holds a control character" + place;
            case Fault::direction:
                return "holds a mark that turns the writing direction" + place;
            case Fault::slash:
                return "holds a '/'" + place;
        }
        i += decoded->bytes;
    }
    return {};
}

std::string clean_text(std::string_view text, TextKind kind, std::size_t bytes_max) {
    if (text.size() <= bytes_max && is_plain(text)) return std::string{text};
    std::string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto decoded = decode_utf8(text.substr(i));
        const std::size_t bytes = decoded ? decoded->bytes : 1;
        std::string_view piece = text.substr(i, bytes);
        i += bytes;
        const Fault fault = decoded ? fault_of(decoded->character, kind) : Fault::direction;
        if (fault != Fault::none) piece = fault == Fault::control ? " " : "?";
        if (out.size() + piece.size() > bytes_max) break;
        out += piece;
    }
    return out;
}

bool is_well_formed_id(std::string_view text) {
    if (text.empty() || text.size() > limits::name_bytes_max) return false;
    if (text.front() == '.' || text.front() == '-') return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_';
    });
}

}  // namespace nearfab
