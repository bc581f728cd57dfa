// SPDX-License-Identifier: GPL-3.0-or-later
// screen.hpp - where results, remarks and errors go.
//
// Results go to `out` and nothing else does, so that a pipe sees only the result. Remarks, progress
// and errors go to `err`.

#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>

namespace nearfab {

enum class Ink : std::uint8_t { bold, green, yellow, red };

struct Screen {
    std::ostream& out;
    std::ostream& err;
    bool json = false;         // Results as JSON.
    bool quiet = false;        // No remarks, no progress.
    bool colour = false;       // `out` is a terminal that shows colours.
    bool live = false;         // `err` is a terminal where a line can be redrawn.
    bool asks = false;         // Somebody sees `err` and can answer on stdin.
    std::uint32_t width = 80;  // Of `err`, in characters.

    // The text in that ink, or as it is without colours.
    [[nodiscard]] std::string in(Ink ink, std::string_view text) const;

    // A line on `err`, unless quiet.
    void remark(std::string_view text) const;

    // "nearfab: <message>." and "  next: <what to do>" on `err`, always.
    void error(const Error& error) const;
};

}  // namespace nearfab
