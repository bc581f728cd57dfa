// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-analyse: reads one geometry file and prints what matching needs to know about it: the
// long look of `nearfab check`, every known process judged. UNIT is the designer's word for files
// that state none ("unstated": no word), RULE one for lines of a drawing ("#ff0000=cut").
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
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace nearfab;

router::Verdict analyse(const char* path, LengthUnit unit, const LineRules& rules) {
    auto bytes = read_large_file(path, limits::design_bytes_max);
    if (!bytes) return fail(bytes.error());
    geometry::PartCheckOptions options = intake::matching_options();
    options.unit = unit;
    options.drawing.operations = geometry::operation_rules_of(rules);
    options.file_read = [&bytes] { *bytes = LargeArray<std::uint8_t>{}; };
    const auto check = geometry::check_part(*bytes, options);
    if (!check) return fail(check.error());
    if (auto fault = intake::fault_of(*check)) return fail(std::move(*fault));
    return intake::facts_of(*check);
}

std::optional<LengthUnit> unit_of(const std::string& word) {
    if (word == to_string(LengthUnit::unstated)) return LengthUnit::unstated;
    return find_length_unit(word);
}

}  // namespace

int main(int argc, char** argv) {
    give_back_freed_memory();
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto unit = words.size() > 1 ? unit_of(words[1]) : LengthUnit::unstated;
    bool understood = !words.empty() && unit.has_value();
    LineRules rules;
    for (std::size_t i = 2; i < words.size(); ++i) {
        auto rule = read_line_rule(words[i]);
        understood = understood && rule.has_value();
        if (rule) rules.push_back(std::move(*rule));
    }
    if (!understood) {
        std::fputs("usage: nearfab-analyse FILE [UNIT [RULE...]]\n", stderr);
        return 2;
    }
    const std::string text = router::encode_verdict(analyse(words[0].c_str(), *unit, rules));
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
    return written && std::fflush(stdout) == 0 ? 0 : 1;
}
