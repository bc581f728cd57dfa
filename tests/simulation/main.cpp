// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-simulate: runs seeds, prints what was found; see scripts/simulate.

#include "tests/simulation/report.hpp"
#include "tests/simulation/world.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using nearfab::simulation::Campaign;

int usage() {
    std::fputs(
        "usage: nearfab-simulate [--seed S] [--first S] [--seeds N] [--minutes M] [--json FILE]\n"
        "  --seed S     tells the story of one seed\n"
        "  --first S    the first of many seeds (1)\n"
        "  --seeds N    at most so many (1000)\n"
        "  --minutes M  at most so long\n"
        "  --json FILE  the figures for programs\n"
        "  --stop yes   ends with the first violation\n",
        stderr);
    return 2;
}

}  // namespace

int main(int argc, char** argv) {
    Campaign campaign;
    for (int i = 1; i < argc; ++i) {
        const std::string_view word{argv[i]};
        if (i + 1 >= argc) return usage();
        const char* value = argv[++i];
        if (word == "--seed") {
            campaign.only = std::strtoull(value, nullptr, 10);
        } else if (word == "--first") {
            campaign.first = std::strtoull(value, nullptr, 10);
        } else if (word == "--seeds") {
            campaign.seeds = std::strtoull(value, nullptr, 10);
        } else if (word == "--minutes") {
            campaign.minutes = std::strtod(value, nullptr);
        } else if (word == "--json") {
            campaign.json = value;
        } else if (word == "--stop") {
            campaign.stop_at_first = std::string_view{value} == "yes";
        } else {
            return usage();
        }
    }
    return nearfab::simulation::run(campaign);
}
