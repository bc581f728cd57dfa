// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/no_process.hpp"

#include "terminal/quantity_text.hpp"
#include <algorithm>
#include <tuple>

namespace nearfab::cli {
namespace {

using geometry::Verdict;
using geometry::VerdictReason;

// What tells least about the part comes last: that a drawing is no solid and a solid no plate.
auto distance_of(const Verdict& verdict) {
    bool other_kind = false;
    int beyond_machines = 0;
    int blocking = 0;
    for (const VerdictReason& reason : verdict.reasons) {
        if (!reason.blocking) continue;
        other_kind = other_kind || reason.rule == "nothing_to_judge" || reason.rule == "not_flat";
        beyond_machines += geometry::depends_on_machine(reason.rule, verdict.process) ? 0 : 1;
        ++blocking;
    }
    return std::tuple{other_kind, beyond_machines, blocking};
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words)
        text += (text.empty() ? "" : ", ") + word;
    return text;
}

std::string limits_words(const AskedFor& asked) {
    return asked.own_limits ? "by the limits given" : "by the limits of typical machines";
}

std::string place_of(const VerdictReason& reason) {
    if (!reason.place) return {};
    return at_text({reason.place->x, reason.place->y, reason.place->z});
}

}  // namespace

std::optional<NoProcess> no_process(const std::vector<Verdict>& verdicts) {
    if (verdicts.empty()) return std::nullopt;
    NoProcess none;
    for (const Verdict& verdict : verdicts) {
        if (verdict.feasibility != geometry::Feasibility::not_feasible) return std::nullopt;
        none.processes.push_back(verdict.process);
        none.another_machine_may =
            none.another_machine_may || std::get<1>(distance_of(verdict)) == 0;
    }
    none.nearest =
        *std::min_element(verdicts.begin(), verdicts.end(), [](const Verdict& a, const Verdict& b) {
            return distance_of(a) < distance_of(b);
        });
    return none;
}

std::string words_on(const NoProcess& none, const AskedFor& asked) {
    const std::string who = !asked.named ? "no process makes it"
                            : none.processes.size() == 1
                                ? none.processes.front() + " does not make it"
                                : "none of " + joined(none.processes) + " makes it";
    return who + " " + limits_words(asked);
}

Error error_of(const NoProcess& none, const std::string& name, const AskedFor& asked) {
    const bool one = none.processes.size() == 1;
    Error error{ErrorCode::invalid_file,
                one ? name + " cannot be made by " + none.nearest.process
                    : name + ": " + words_on(none, asked) + "; nearest is " + none.nearest.process,
                "change the part there"};
    if (!none.nearest.reasons.empty()) {  // What blocks is first.
        error.message += ": " + none.nearest.reasons.front().words;
        error.where = place_of(none.nearest.reasons.front());
        if (error.where.empty()) error.next = "change the part";
    }
    if (asked.named) error.next += ", or ask for another process";
    if (none.another_machine_may) {
        error.next +=
            "; a fab's own machine may go further than these limits: `nearfab quote` asks them";
    }
    return error;
}

}  // namespace nearfab::cli
