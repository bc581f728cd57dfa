// SPDX-License-Identifier: GPL-3.0-or-later
// traveller_page.hpp - the page that goes with a file to the person who makes the part.

#pragma once

#include "base/content_hash.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace nearfab::agent {

struct Traveller {
    std::string machine;
    std::string file;
    ContentHash hash;
    std::size_t bytes = 0;
    std::string done_command;  // What to type when it is made.
    std::string failed_command;
};

// One HTML page that needs nothing else, with the file's name as a QR code.
[[nodiscard]] std::string traveller_page(const Traveller& traveller);

// The text as a QR code, an SVG picture; empty when it is too long for one (over 1,000 bytes).
[[nodiscard]] std::string qr_code_svg(std::string_view text);

}  // namespace nearfab::agent
