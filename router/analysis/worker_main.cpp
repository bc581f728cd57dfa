// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-analyse: reads one geometry file and prints what matching needs to know about it: the
// long look of `nearfab check`, every known process judged. UNIT is the designer's word for files
// that state none.
//
// The router runs it in a sandbox for each new design, because the file comes from a stranger. A
// crash, a time-out or too much memory here costs that one file, never the router.

#include "geometry/part_check.hpp"
#include "host/freed_memory.hpp"
#include "host/large_file.hpp"
#include "intake/part_facts.hpp"
#include "proto/model/limits.hpp"
#include "router/analysis/verdict.hpp"

#include <cstdio>
#include <utility>

namespace {

using namespace nearfab;

router::Verdict analyse(const char* path, LengthUnit unit) {
    auto bytes = read_large_file(path, limits::design_bytes_max);
    if (!bytes) return fail(bytes.error());
    geometry::PartCheckOptions options = intake::matching_options();
    options.unit = unit;
    options.file_read = [&bytes] { *bytes = LargeArray<std::uint8_t>{}; };
    const auto check = geometry::check_part(*bytes, options);
    if (!check) return fail(check.error());
    if (auto fault = intake::fault_of(*check)) return fail(std::move(*fault));
    return intake::facts_of(*check);
}

}  // namespace

int main(int argc, char** argv) {
    give_back_freed_memory();
    const auto unit = argc == 3 ? find_length_unit(argv[2]) : LengthUnit::unstated;
    if (argc < 2 || argc > 3 || !unit) {
        std::fputs("usage: nearfab-analyse FILE [UNIT]\n", stderr);
        return 2;
    }
    const std::string text = router::encode_verdict(analyse(argv[1], *unit));
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    return written && std::fflush(stdout) == 0 ? 0 : 1;
}
