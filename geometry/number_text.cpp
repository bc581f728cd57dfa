// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/number_text.hpp"

#include "base/check.hpp"

#include <array>
#include <charconv>
#include <system_error>

namespace nearfab::geometry {

std::string number_text(double value) {
    std::array<char, 32> text{};
    const auto [end, error] =
        std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::general, 6);
    NEARFAB_CHECK(error == std::errc{}, "six digits and an exponent take less than 32 characters");
    return {text.data(), end};
}

}  // namespace nearfab::geometry
