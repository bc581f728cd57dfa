// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/quantity_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

namespace nearfab::cli {

std::string fixed(double number, int decimals) {
    if (!std::isfinite(number)) return "?";
    std::array<char, 400> text{};  // The longest double has 309 digits before the point.
    const auto end = std::to_chars(
        text.data(), text.data() + text.size(), number, std::chars_format::fixed, decimals);
    std::string out{text.data(), end.ptr};
    if (out.starts_with('-') && out.find_first_not_of("-0.") == std::string::npos) out.erase(0, 1);
    return out;
}

std::string distance_text(double km) {
    if (km < 0.9995) return fixed(km * 1000, 0) + " m";
    return fixed(km, km < 99.95 ? 1 : 0) + " km";
}

std::string mass_text(double g) {
    if (g >= 999.5) return fixed(g / 1000, 2) + " kg";
    return fixed(g, g < 9.95 ? 1 : 0) + " g";
}

std::string bytes_text(std::uint64_t bytes) {
    const auto number = static_cast<double>(bytes);
    if (bytes < 1000) return std::to_string(bytes) + " B";
    if (bytes < 1'000'000) return fixed(number / 1e3, 1) + " kB";
    return fixed(number / 1e6, 1) + " MB";
}

std::string counted(std::uint64_t count, std::string_view singular, std::string_view plural) {
    return std::to_string(count) + " " + std::string{count == 1 ? singular : plural};
}

std::string printable(std::string_view text) {
    std::string out{text};
    for (std::size_t i = 0; i < out.size(); ++i) {
        const auto c = static_cast<unsigned char>(out[i]);
        if (c < 0x20 || c == 0x7F) out[i] = '?';
        // U+0080 to U+009F in UTF-8: control characters of one more set.
        const auto next = i + 1 < out.size() ? static_cast<unsigned char>(out[i + 1]) : 0U;
        if (c == 0xC2 && next >= 0x80 && next < 0xA0) out.replace(i, 2, "?");
    }
    return out;
}

std::string in_quotes(std::string_view text) {
    return "\"" + printable(text) + "\"";
}

}  // namespace nearfab::cli
