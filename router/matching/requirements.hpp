// SPDX-License-Identifier: GPL-3.0-or-later
// requirements.hpp - the hard requirements, each a free function that reads as a sentence.
//
// A requirement looks at one machine of one fab and says whether it is met; when it is not, it can
// say what was needed and what was offered. They are checked in the order of `requirements()`,
// cheapest first, and the first that is not met decides.

#pragma once

#include "router/matching/question.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace nearfab::router {

// Both sides of a requirement that is not met.
struct Unmet {
    std::string needed;
    std::string offered;
    std::string text;
};

struct MachineChoice {
    const Question& question;
    const FabView& fab;
    const MachineView& machine;
    const MatchingRules& rules;
};

struct NamedCheck {
    Requirement requirement;
    // Allocates nothing.
    bool (*met)(const MachineChoice&);
    // REQUIRES: it is not met.
    Unmet (*unmet)(const MachineChoice&);
};

[[nodiscard]] std::span<const NamedCheck> requirements();

// The first that is not met; null when the machine can make it.
[[nodiscard]] const NamedCheck* first_unmet(const MachineChoice& choice);

// Would it do if only this requirement were another?
// REQUIRES: neither the process nor the material, on which others depend.
[[nodiscard]] bool fails_only(const MachineChoice& choice, Requirement requirement);
// The material of which it has most free; none of a machine without material.
[[nodiscard]] std::optional<MaterialStock> most_free(const MachineView& machine);

// Not barred by anything that holds for every question: connected, in a state that takes work, a
// place in its queue, trusted.
[[nodiscard]] bool takes_work(const FabView& fab,
                              const MachineView& machine,
                              const MatchingRules& rules);

// Of another process, not there, or not up to the part or the designer by what it is: it would not
// do with all material and time of the world.
[[nodiscard]] bool cannot_as_it_is(const MachineChoice& choice);

// What the requirements come down to for machines of one kind, whoever owns them.
[[nodiscard]] bool resolves(const Question& question, double min_feature_mm);
[[nodiscard]] bool holds(const Question& question, double tolerance_mm);
[[nodiscard]] bool accepts_licence(const Question& question, const FabTerms& terms);
[[nodiscard]] bool accepts_submitter(const Question& question, const FabTerms& terms);

// Of one material that the router has not promised away; grams.
[[nodiscard]] double free_g(const MachineView& machine, const MaterialId& material);

// Until the machine is free: its own backlog or what the router has promised it, the longer.
[[nodiscard]] std::int64_t wait_seconds(const MachineView& machine);

// A machine with a min_feature_mm of at most this resolves it; infinite when nothing asks for a
// fineness.
[[nodiscard]] double needed_feature_mm(const Question& question);

// What a machine's rate (cm3/h) turns into time; none when the time does not depend on the rate.
[[nodiscard]] std::optional<double> effort_cm3(const Question& question);
// Making one piece at this rate, setup included.
[[nodiscard]] std::int64_t making_seconds(const Question& question, double build_rate_cm3_per_h);

// Seconds from now until this machine would have made one piece.
[[nodiscard]] std::int64_t finish_seconds(const Question& question, const MachineView& machine);

}  // namespace nearfab::router
