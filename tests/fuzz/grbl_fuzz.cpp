// SPDX-License-Identifier: GPL-3.0-or-later
// What passes the gate for GRBL keeps its promises, whatever the bytes.

#include "base/check.hpp"
#include "node-agent/machine_code/gcode.hpp"
#include "node-agent/machine_code/gcode_motion.hpp"
#include "node-agent/machine_code/grbl_gate.hpp"
#include "node-agent/machine_code/grbl_run.hpp"
#include "tests/fuzz/fuzz_target.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace nearfab::fuzz {
namespace {

agent::CutterLimits limits_of(agent::CutterKind kind) {
    agent::CutterLimits limits;
    limits.kind = kind;
    limits.depth_mm = 6;
    limits.s_min = 100;
    return limits;
}

// Looked at again with the plainest means, apart from the gate.
void check_promises(std::string_view code, const agent::CutterLimits& limits) {
    std::size_t begin = 0;
    while (begin < code.size()) {
        const std::size_t end = std::min(code.find('\n', begin), code.size());
        NEARFAB_CHECK(end - begin >= 1 && end - begin <= 79, "lines fit into GRBL's buffer");
        begin = end + 1;
    }
    for (const char c : code) {
        const bool plain = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' ||
                           c == '.' || c == '-' || c == '\n';
        NEARFAB_CHECK(plain, "no real-time byte and nothing hidden");
    }
    agent::GcodeReader reader{code};
    agent::GcodeLine line;
    bool on = false;
    agent::GcodeLine last;
    while (reader.next(line).value()) {
        last = line;
        if (line.is('M', 3) || line.is('M', 4)) on = true;
        if (line.is('M', 5)) on = false;
        for (const agent::GcodeWord& word : line.words()) {
            const double v = word.value;
            if (word.letter == 'X') NEARFAB_CHECK(v >= -1e-3 && v <= limits.area_mm.x + 1e-3, "x");
            if (word.letter == 'Y') NEARFAB_CHECK(v >= -1e-3 && v <= limits.area_mm.y + 1e-3, "y");
            if (word.letter == 'Z') {
                NEARFAB_CHECK(limits.kind == agent::CutterKind::mill, "no Z on a laser");
                NEARFAB_CHECK(v >= -limits.depth_mm - 1e-3 && v <= limits.safe_z_mm + 1e-3, "z");
            }
            if (word.letter == 'S') NEARFAB_CHECK(v >= 0 && v <= limits.s_max, "S");
            if (word.letter == 'F') NEARFAB_CHECK(v > 0 && v <= limits.feed_mm_min, "F");
        }
    }
    NEARFAB_CHECK(!on && last.is('M', 2), "off at the end");
    const auto run = agent::plan_grbl_run(code);
    NEARFAB_CHECK(run && std::isfinite(run->total_s) && run->total_s >= 0, "it takes some time");
}

}  // namespace

std::vector<Bytes> seeds() {
    return {bytes_of("G21\nG90\nG94\nG17\nG54\nM5\nM8\nM4 S0\nG0 X10 Y10\nG1 X50 F600 S800\n"
                     "G3 X50 Y50 I0 J20\nG2 X30 Y30 I-20 J0 S100\nG0 X5 Y5 S0\nM5\nM9\nG0 X0 Y0\n"
                     "M2\n"),
            bytes_of("G21\nG90\nG94\nG17\nM5\nG0 Z5\nM3 S900\nG4 P4\nG0 X10 Y10\nG0 Z0.5\n"
                     "G1 X60 Z-1.5 F200\nG1 Y60 F800\nG2 X40 Y40 Z-2 I-20 J0\nG1 Z-5 F100\nG0 Z5\n"
                     "M5\nG0 X0 Y0\nM2\n")};
}

std::vector<std::string> words() {
    return {"G0 ",  "G1 ",   "G2 ",   "G3 ",   "G4 P1\n", "M3 S500\n", "M4 S0\n", "M5\n",
            "M2\n", "G21\n", "G90\n", "G91\n", "G20\n",   " X",        " Y",      " Z-1",
            " I",   " J",    " F",    " S",    "-",       ".",         "\n",      "!",
            "~",    "?",     "\x18",  "\x85",  "$H\n",    "G92 X0\n",  "G53 ",    "G28\n"};
}

void run(std::span<const std::uint8_t> input) {
    const std::string_view code{reinterpret_cast<const char*>(input.data()), input.size()};
    for (const auto kind : {agent::CutterKind::laser, agent::CutterKind::mill}) {
        const agent::CutterLimits limits = limits_of(kind);
        if (agent::check_grbl(code, limits)) check_promises(code, limits);
    }
}

}  // namespace nearfab::fuzz
