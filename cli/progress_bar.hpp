// SPDX-License-Identifier: GPL-3.0-or-later
// progress_bar.hpp - how far something is, redrawn on one line of a terminal.
//
// Draws nothing when the screen is not live (no terminal, or --quiet), so a log stays clean.

#pragma once

#include "terminal/screen.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace nearfab::cli {

// "uploading [#####-----]  50 %  1.2 MB of 2.4 MB"; at most `width` characters. The fraction is cut
// to 0..1, and 100 % is only shown when it is 1.
[[nodiscard]] std::string bar_text(std::string_view label,
                                   double fraction,
                                   std::string_view note,
                                   std::size_t width);

class ProgressBar {
public:
    ProgressBar(const Screen& screen, std::string label);
    ~ProgressBar();  // Wipes the line.
    ProgressBar(const ProgressBar&) = delete;
    ProgressBar& operator=(const ProgressBar&) = delete;

    void label(std::string text) { label_ = std::move(text); }
    void show(double fraction, std::string_view note);
    // Takes the bar away, so that a line can be printed; the next show() draws it again.
    void clear();

private:
    const Screen& screen_;
    std::string label_;
    std::string drawn_;
};

}  // namespace nearfab::cli
