// SPDX-License-Identifier: GPL-3.0-or-later
// line_program.hpp - machine code as the lines that are sent, one after the other.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::agent {

struct LineProgram {
    std::string text;                 // Lines, each with "\n".
    std::vector<std::uint32_t> ends;  // Behind each line's "\n".
    bool dwells = false;              // Has G4: may stand still for long.
    // Of X, Y and Z as far as the program names them, in its own coordinates, mm; nothing when it
    // goes by steps or inches, or nobody has looked.
    struct Reach {
        double lowest = 0;
        double highest = 0;
    };
    std::array<std::optional<Reach>, 3> reach;

    [[nodiscard]] std::size_t lines() const { return ends.size(); }
    // With its "\n".
    [[nodiscard]] std::string_view line(std::size_t index) const {
        const std::size_t begin = index == 0 ? 0 : ends[index - 1];
        return std::string_view{text}.substr(begin, ends[index] - begin);
    }
    void add(std::string_view line) {
        text += line;
        text += '\n';
        ends.push_back(static_cast<std::uint32_t>(text.size()));
    }
};

}  // namespace nearfab::agent
