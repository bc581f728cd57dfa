// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/part.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace nearfab {

std::string to_string(Feasibility feasibility) {
    switch (feasibility) {
        case Feasibility::unknown:
            return "unknown";
        case Feasibility::feasible:
            return "feasible";
        case Feasibility::with_remarks:
            return "with_remarks";
        case Feasibility::not_feasible:
            return "not_feasible";
    }
    return "unknown";
}

std::string place_text(const std::optional<PartPoint>& at) {
    if (!at) return {};
    // Adding zero turns -0 into 0.
    const auto tenth = [](double value) { return std::round(value * 10) / 10 + 0.0; };
    std::array<char, 96> buffer{};
    std::snprintf(buffer.data(),
                  buffer.size(),
                  "at %.1f, %.1f, %.1f",
                  tenth(at->x_mm),
                  tenth(at->y_mm),
                  tenth(at->z_mm));
    return buffer.data();
}

const ProcessFacts* process_facts(const PartFacts& facts, const ProcessId& process) {
    const auto found = std::find_if(facts.processes.begin(),
                                    facts.processes.end(),
                                    [&](const auto& one) { return one.process == process; });
    return found == facts.processes.end() ? nullptr : &*found;
}

std::string why_impossible(const PartFacts& facts, const ProcessId& process) {
    const ProcessFacts* const known = process_facts(facts, process);
    if (known == nullptr) return {};
    std::string why;
    for (const ProcessReason& reason : known->reasons) {
        if (!reason.beyond_machines) continue;
        why += why.empty() ? process.text() + " cannot make it: " : "; ";
        why += reason.text;
        if (reason.at) why += " (" + place_text(reason.at) + ")";
    }
    return why;
}

std::vector<std::string> remarks_on(const PartFacts& facts, const ProcessId& process) {
    std::vector<std::string> remarks;
    const ProcessFacts* const known = process_facts(facts, process);
    if (known == nullptr) return remarks;
    for (const ProcessReason& reason : known->reasons) {
        if (reason.beyond_machines) continue;
        std::string text = reason.text;
        if (reason.at) text += " (" + place_text(reason.at) + ")";
        if (reason.blocking) {
            text += ": beyond a typical machine, so each machine's own limit counts";
        }
        remarks.push_back(std::move(text));
    }
    return remarks;
}

}  // namespace nearfab
