// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/progress_bar.hpp"

#include "terminal/quantity_text.hpp"
#include "terminal/table.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <utility>

namespace nearfab::cli {
namespace {

constexpr std::size_t bar_cells = 24;

// The first `width` characters (not bytes).
std::string cut_to(std::string text, std::size_t width) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if ((static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U) continue;
        if (++seen > width) {
            text.resize(i);
            break;
        }
    }
    return text;
}

}  // namespace

std::string bar_text(std::string_view label,
                     double fraction,
                     std::string_view note,
                     std::size_t width) {
    const double part = std::isfinite(fraction) ? std::clamp(fraction, 0.0, 1.0) : 0.0;
    const auto full = static_cast<std::size_t>(std::floor(part * double{bar_cells}));
    const std::string percent = fixed(std::floor(part * 100), 0);
    std::string out =
        printable(label) + " [" + std::string(full, '#') + std::string(bar_cells - full, '-') +
        "] " + std::string(3 - std::min<std::size_t>(3, percent.size()), ' ') + percent + " %";
    if (!note.empty()) out += "  " + printable(note);
    return cut_to(std::move(out), width);
}

ProgressBar::ProgressBar(const Screen& screen, std::string label)
    : screen_{screen}, label_{std::move(label)} {}

ProgressBar::~ProgressBar() {
    clear();
}

void ProgressBar::show(double fraction, std::string_view note) {
    if (!screen_.live || screen_.quiet) return;
    // One column stays free: some terminals wrap when the last one is written.
    std::string line = bar_text(label_, fraction, note, std::max(screen_.width, 2U) - 1U);
    if (line == drawn_) return;
    screen_.err << "\r\x1b[2K" << line << std::flush;
    drawn_ = std::move(line);
}

void ProgressBar::clear() {
    if (drawn_.empty()) return;
    screen_.err << "\r\x1b[2K" << std::flush;
    drawn_.clear();
}

}  // namespace nearfab::cli
