// SPDX-License-Identifier: GPL-3.0-or-later
// table.hpp - rows in aligned columns, for people.
//
// The width of a cell is its number of characters (UTF-8 code points), so names with accents stay
// aligned.

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nearfab {

enum class Align { left, right };

struct Column {
    std::string heading;
    Align align = Align::left;
};

class Table {
public:
    explicit Table(std::vector<Column> columns) : columns_{std::move(columns)} {}

    // REQUIRES: one cell per column.
    void add(std::vector<std::string> cells);
    [[nodiscard]] bool empty() const { return rows_.empty(); }

    // Two blanks between columns, none at the end of a line; each line ends in '\n'.
    [[nodiscard]] std::string text() const;

private:
    std::vector<Column> columns_;
    std::vector<std::vector<std::string>> rows_;
};

// "  name  = value" lines, aligned at the '='.
[[nodiscard]] std::string facts_text(const std::vector<std::pair<std::string, std::string>>& facts);

// In characters.
[[nodiscard]] std::size_t text_width(std::string_view text);

}  // namespace nearfab
