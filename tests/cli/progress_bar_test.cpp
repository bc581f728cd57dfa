// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/progress_bar.hpp"

#include <catch2/catch.hpp>

#include <limits>
#include <sstream>

namespace nearfab::cli {

TEST_CASE("the bar shows the part that is done") {
    CHECK(bar_text("up", 0, "", 80) == "up [------------------------]   0 %");
    CHECK(bar_text("up", 0.5, "1 of 2", 80) == "up [############------------]  50 %  1 of 2");
    CHECK(bar_text("up", 0.999, "", 80) == "up [#######################-]  99 %");
    CHECK(bar_text("up", 1, "", 80) == "up [########################] 100 %");
    CHECK(bar_text("up", 7, "", 80) == bar_text("up", 1, "", 80));
    CHECK(bar_text("up", std::numeric_limits<double>::quiet_NaN(), "", 80) ==
          bar_text("up", 0, "", 80));
    CHECK(bar_text("up", 0.5, "1 of 2", 10) == "up [######");
}

TEST_CASE("the bar is drawn only on a live screen, and wiped at the end") {
    std::ostringstream out;
    std::ostringstream err;
    const Screen log{.out = out, .err = err};
    {
        ProgressBar bar{log, "up"};
        bar.show(0.5, "");
    }
    CHECK(err.str().empty());
    const Screen live{.out = out, .err = err, .live = true};
    {
        ProgressBar bar{live, "up"};
        bar.show(0.5, "");
        bar.show(0.5, "");
    }
    CHECK(err.str() == "\r\x1b[2K" + bar_text("up", 0.5, "", 79) + "\r\x1b[2K");
    CHECK(out.str().empty());
}

}  // namespace nearfab::cli
