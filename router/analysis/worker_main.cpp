// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-analyse: reads one geometry file and prints what matching needs to know about it: the
// long look of `nearfab check`, every known process judged.
//
// The router runs it in a sandbox for each new design, because the file comes from a stranger. A
// crash, a time-out or too much memory here costs that one file, never the router.

#include "geometry/part_check.hpp"
#include "host/large_file.hpp"
#include "intake/part_facts.hpp"
#include "proto/model/limits.hpp"
#include "router/analysis/verdict.hpp"

#include <cstdio>
#include <utility>

namespace {

using namespace nearfab;

router::Verdict analyse(const char* path) {
    const auto bytes = read_large_file(path, limits::design_bytes_max);
    if (!bytes) return fail(bytes.error());
    const auto check = geometry::check_part(*bytes, intake::matching_options());
    if (!check) return fail(check.error());
    if (auto fault = intake::fault_of(*check)) return fail(std::move(*fault));
    return intake::facts_of(*check);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fputs("usage: nearfab-analyse FILE\n", stderr);
        return 2;
    }
    const std::string text = router::encode_verdict(analyse(argv[1]));
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    return written && std::fflush(stdout) == 0 ? 0 : 1;
}
