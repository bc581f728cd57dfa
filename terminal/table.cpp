// SPDX-License-Identifier: GPL-3.0-or-later

#include "terminal/table.hpp"

#include "base/check.hpp"
#include "terminal/quantity_text.hpp"

#include <algorithm>

namespace nearfab {
namespace {

std::string padded(const std::string& cell, std::size_t width, Align align) {
    const std::string blanks(width - std::min(width, text_width(cell)), ' ');
    return align == Align::left ? cell + blanks : blanks + cell;
}

void end_line(std::string& text) {
    while (!text.empty() && text.back() == ' ')
        text.pop_back();
    text += '\n';
}

}  // namespace

std::size_t text_width(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // Not a continuation byte.
    }));
}

void Table::add(std::vector<std::string> cells) {
    NEARFAB_CHECK(cells.size() == columns_.size(), "one cell per column");
    for (std::string& cell : cells)
        cell = printable(cell);
    rows_.push_back(std::move(cells));
}

std::string Table::text() const {
    std::vector<std::size_t> widths;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
        std::size_t width = text_width(columns_[i].heading);
        for (const auto& row : rows_)
            width = std::max(width, text_width(row[i]));
        widths.push_back(width);
    }
    std::string out;
    const auto add_line = [&](const auto& cell_at) {
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (i > 0) out += "  ";
            out += padded(cell_at(i), widths[i], columns_[i].align);
        }
        end_line(out);
    };
    add_line([&](std::size_t i) { return columns_[i].heading; });
    for (const auto& row : rows_)
        add_line([&](std::size_t i) { return row[i]; });
    return out;
}

std::string facts_text(const std::vector<std::pair<std::string, std::string>>& facts) {
    std::size_t width = 0;
    for (const auto& [name, value] : facts)
        width = std::max(width, text_width(name));
    std::string out;
    for (const auto& [name, value] : facts) {
        out += "  " + padded(name, width, Align::left) + " = " + printable(value);
        end_line(out);
    }
    return out;
}

}  // namespace nearfab
