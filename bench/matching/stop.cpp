// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/stop.hpp"

#include <cstdio>
#include <cstdlib>

namespace nearfab::bench {

void stop(const std::string& message, const std::string& next) {
    std::fprintf(
        stderr, "nearfab-bench-matching: %s.\n  next: %s\n", message.c_str(), next.c_str());
    std::exit(1);
}

}  // namespace nearfab::bench
