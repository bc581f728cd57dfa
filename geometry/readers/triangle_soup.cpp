// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/triangle_soup.hpp"

namespace nearfab::geometry {
namespace {

constexpr std::size_t longest_name = 120;

struct Decoded {
    std::uint32_t code = 0;
    std::size_t bytes = 0;  // 0: not UTF-8 here.
};

std::uint32_t byte_at(std::string_view text, std::size_t at) {
    return static_cast<unsigned char>(text[at]);
}

// Overlong forms, surrogates and codes beyond U+10FFFF are no UTF-8.
Decoded decode(std::string_view text) {
    const std::uint32_t lead = byte_at(text, 0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
    std::uint32_t code = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        const std::uint32_t next = byte_at(text, i);
        if ((next & 0xC0U) != 0x80) return {};
        code = code << 6U | (next & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
    const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
    if (code < least[length] || code > 0x10FFFF || surrogate) return {};
    return {code, length};
}

// Characters that move the cursor, turn the direction of the text or cannot be seen.
bool is_hidden(std::uint32_t code) {
    return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x61C ||
           (code >= 0x200B && code <= 0x200F) || (code >= 0x2028 && code <= 0x202E) ||
           (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF;
}

}  // namespace

std::string to_string(FileFormat format) {
    switch (format) {
        case FileFormat::stl_binary:
            return "stl_binary";
        case FileFormat::stl_ascii:
            return "stl_ascii";
        case FileFormat::threemf:
            return "3mf";
        case FileFormat::obj:
            return "obj";
        case FileFormat::off:
            return "off";
        case FileFormat::step:
            return "step";
    }
    return "unknown";
}

std::string display_name(std::string_view raw) {
    std::string name;
    while (!raw.empty() && name.size() < longest_name) {
        const Decoded next = decode(raw);
        const std::size_t bytes = next.bytes == 0 ? 1 : next.bytes;
        if (next.bytes == 0) {
            name += '?';
        } else if (!is_hidden(next.code)) {
            if (name.size() + bytes > longest_name) break;
            name += raw.substr(0, bytes);
        }
        raw.remove_prefix(bytes);
    }
    return name;
}

}  // namespace nearfab::geometry
