// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-analyse: reads one geometry file and prints what matching needs to know about it: the
// long look of `nearfab check`, every known process judged. UNIT is the designer's word for files
// that state none ("unstated": no word), RULE one for lines of a drawing ("#ff0000=cut").
//
// With --check it prints the whole of that look for people, as JSON: NAME is what the file is
// called there, PROCESSES are separated by commas ("-": all that have limits), THICKNESS is that of
// the sheet a drawing is cut from, in millimetres ("-": not known).
//
// The router runs it in a sandbox for each new design, because the file comes from a stranger. A
// crash, a time-out or too much memory here costs that one file, never the router.

#include "geometry/part_check.hpp"
#include "geometry/process/process_limits.hpp"
#include "host/freed_memory.hpp"
#include "host/large_file.hpp"
#include "intake/file_refusal.hpp"
#include "intake/part_facts.hpp"
#include "json/check.hpp"
#include "proto/model/limits.hpp"
#include "router/analysis/verdict.hpp"

#include <charconv>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace {

using namespace nearfab;

constexpr const char* usage =
    "usage: nearfab-analyse [--check NAME PROCESSES THICKNESS] FILE [UNIT [RULE...]]\n";

struct Reading {
    std::string file;
    LengthUnit unit = LengthUnit::unstated;
    LineRules rules;
};

std::optional<LengthUnit> unit_of(const std::string& word) {
    if (word == to_string(LengthUnit::unstated)) return LengthUnit::unstated;
    return find_length_unit(word);
}

std::optional<Reading> reading_of(std::span<const std::string> words) {
    if (words.empty()) return std::nullopt;
    Reading reading;
    reading.file = words[0];
    if (words.size() > 1) {
        const auto unit = unit_of(words[1]);
        if (!unit) return std::nullopt;
        reading.unit = *unit;
    }
    for (std::size_t i = 2; i < words.size(); ++i) {
        auto rule = read_line_rule(words[i]);
        if (!rule) return std::nullopt;
        reading.rules.push_back(std::move(*rule));
    }
    return reading;
}

void apply(const Reading& reading, geometry::PartCheckOptions& options) {
    options.unit = reading.unit;
    options.drawing.operations = geometry::operation_rules_of(reading.rules);
}

router::Verdict analyse(const Reading& reading) {
    auto bytes = read_large_file(reading.file, limits::design_bytes_max);
    if (!bytes) return fail(bytes.error());
    geometry::PartCheckOptions options = intake::matching_options();
    apply(reading, options);
    options.file_read = [&bytes] { *bytes = LargeArray<std::uint8_t>{}; };
    const auto check = geometry::check_part(*bytes, options);
    if (!check) return fail(check.error());
    if (auto fault = intake::fault_of(*check)) return fail(std::move(*fault));
    return intake::facts_of(*check);
}

struct CheckWords {
    std::string name;
    std::vector<std::string> processes;
    std::optional<double> thickness_mm;
};

Result<std::vector<geometry::ProcessLimits>> limits_for(const CheckWords& words) {
    const std::vector<geometry::ProcessLimits>& table = geometry::builtin_limits();
    if (words.processes.empty()) return table;
    std::vector<geometry::ProcessLimits> some;
    for (const std::string& process : words.processes) {
        const auto* const known = geometry::find_limits(table, process);
        if (known == nullptr) {
            std::string all;
            for (const auto& one : table)
                all += (all.empty() ? "" : ", ") + one.process;
            return fail(ErrorCode::invalid_argument,
                        "no limits are known for the process \"" + process + "\"",
                        "use one of " + all);
        }
        some.push_back(*known);
    }
    return some;
}

router::CheckText check(const Reading& reading, const CheckWords& words) {
    auto limits = limits_for(words);
    if (!limits) return fail(limits.error());
    auto bytes = read_large_file(reading.file, limits::design_bytes_max);
    if (!bytes) return fail(bytes.error());
    json::FileReport report;
    report.file = words.name;
    report.bytes = bytes->size();
    report.hash = hash_of(*bytes);
    geometry::PartCheckOptions options;
    options.limits = std::move(*limits);
    apply(reading, options);
    options.sheet_thickness_mm = words.thickness_mm;
    options.file_read = [&bytes] { *bytes = LargeArray<std::uint8_t>{}; };
    const auto found = geometry::check_part(*bytes, options);
    if (!found) {
        report.rejection = prefixed(words.name + ": ", found.error());
        return json::json_of_check({report});
    }
    report.check = &*found;
    const intake::AskedFor asked{!words.processes.empty(), false};
    if (auto refusal = intake::refusal_of(*found, words.name, asked)) {
        report.rejection = std::move(refusal->error);
    }
    return json::json_of_check({report});
}

std::optional<CheckWords> check_words(std::span<const std::string> words) {
    CheckWords check;
    check.name = words[0];
    if (words[1] != "-") {
        std::string_view rest = words[1];
        while (true) {
            const auto end = rest.find(',');
            check.processes.emplace_back(rest.substr(0, end));
            if (end == std::string_view::npos) break;
            rest.remove_prefix(end + 1);
        }
    }
    if (words[2] != "-") {
        double mm = 0;
        const char* const end = words[2].data() + words[2].size();
        const auto [stop, problem] = std::from_chars(words[2].data(), end, mm);
        if (problem != std::errc{} || stop != end) return std::nullopt;
        check.thickness_mm = mm;
    }
    return check;
}

// What is to be printed; nothing when the words make no sense.
std::optional<std::string> answer_to(std::span<const std::string> words) {
    constexpr std::size_t check_word_count = 4;
    std::optional<CheckWords> for_people;
    if (!words.empty() && words[0] == "--check") {
        if (words.size() <= check_word_count) return std::nullopt;
        for_people = check_words(words.subspan(1));
        if (!for_people) return std::nullopt;
        words = words.subspan(check_word_count);
    }
    const auto reading = reading_of(words);
    if (!reading) return std::nullopt;
    if (for_people) return router::encode_check(check(*reading, *for_people));
    return router::encode_verdict(analyse(*reading));
}

}  // namespace

int main(int argc, char** argv) {
    give_back_freed_memory();
    const std::vector<std::string> words(argv + 1, argv + argc);
    const auto text = answer_to(words);
    if (!text) {
        std::fputs(usage, stderr);
        return 2;
    }
    const bool written = std::fwrite(text->data(), 1, text->size(), stdout) == text->size();
    return written && std::fflush(stdout) == 0 ? 0 : 1;
}
