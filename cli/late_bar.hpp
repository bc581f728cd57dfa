// SPDX-License-Identifier: GPL-3.0-or-later
// late_bar.hpp - a progress bar for work that is usually done before anybody wonders.

#pragma once

#include "cli/progress_bar.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace nearfab::cli {

// Shows nothing for the first second.
class LateBar {
public:
    LateBar(const Screen& screen, std::string label) : bar_{screen, std::move(label)} {}
    void show(std::string_view step, double share) {
        if (std::chrono::steady_clock::now() - begun_ > patience) bar_.show(share, step);
    }

private:
    static constexpr std::chrono::seconds patience{1};
    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    ProgressBar bar_;
};

}  // namespace nearfab::cli
