// SPDX-License-Identifier: GPL-3.0-or-later
// requirements.hpp - the hard requirements, each a free function that reads as a sentence.
//
// A requirement looks at one machine of one fab and says nothing when it is met, or what was needed
// and what was offered. They are checked in the order of `requirements()`, cheapest first, and the
// first that is not met decides.

#pragma once

#include "router/matching/question.hpp"

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

using Check = std::optional<Unmet> (*)(const MachineChoice&);

struct NamedCheck {
    Requirement requirement;
    Check check;
};

[[nodiscard]] std::span<const NamedCheck> requirements();

// A machine with a min_feature_mm of at most this meets Requirement::feature; infinite when nothing
// asks for a fineness.
[[nodiscard]] double needed_feature_mm(const Question& question);

// Seconds from now until this machine would have made one piece: its own backlog or what the
// router has promised it, whichever is longer, then setup and making.
[[nodiscard]] std::int64_t making_seconds(const Question& question, const Capability& machine);
[[nodiscard]] std::int64_t finish_seconds(const Question& question, const MachineView& machine);

}  // namespace nearfab::router
