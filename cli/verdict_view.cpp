// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/verdict_view.hpp"

#include "terminal/quantity_text.hpp"
#include "terminal/time_text.hpp"

namespace nearfab::cli {
namespace {

std::string head_of(const ProcessFacts& known, bool remarks) {
    std::string head = known.process.text();
    if (known.verdict == Feasibility::not_feasible) {
        head += ": not on a typical machine; the limits of each machine decide";
    } else {
        head += remarks ? " can make it, with remarks" : " can make it";
    }
    if (known.typical_time_s) {
        head += "; about " + duration_text(static_cast<std::int64_t>(*known.typical_time_s)) +
                " on a typical machine";
    }
    return head;
}

std::string finest_line(const NeededFeature& finest) {
    std::string line = "  finest: " + finest.what + ", " + length_text(finest.length.mm);
    if (finest.length.at) line += " (" + place_text(finest.length.at) + ")";
    return line;
}

}  // namespace

std::vector<std::string> verdict_lines(const PartFacts& facts, const ProcessId& process) {
    const ProcessFacts* const known = process_facts(facts, process);
    if (known == nullptr) return {process.text() + ": the analysis says nothing of it"};
    const std::vector<std::string> remarks = remarks_on(facts, process);
    std::vector<std::string> lines{head_of(*known, !remarks.empty())};
    for (const std::string& remark : remarks)
        lines.push_back("  remark: " + with_short_numbers(printable(remark)));
    if (known->finest) lines.push_back(finest_line(*known->finest));
    return lines;
}

std::string verdict_text(const PartFacts& facts, const ProcessId& process, const Screen& screen) {
    std::string text;
    for (const std::string& line : verdict_lines(facts, process))
        text += (text.empty() ? screen.in(Ink::bold, line) : line) + "\n";
    return text;
}

std::string remarks_text(const std::vector<std::string>& remarks, const Screen& screen) {
    if (remarks.empty()) return {};
    std::string text = "\n" + screen.in(Ink::bold, "Remarks") + "\n";
    for (const std::string& remark : remarks)
        text += "  " + printable(remark) + "\n";
    return text;
}

}  // namespace nearfab::cli
