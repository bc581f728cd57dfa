// SPDX-License-Identifier: GPL-3.0-or-later
// no_process.hpp - what is said of a part that no process makes.

#pragma once

#include "base/result.hpp"
#include "geometry/process/verdict.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nearfab::intake {

struct NoProcess {
    std::vector<std::string> processes;  // That were asked.
    geometry::Verdict nearest;           // Of the process that has the least against the part.
    // For one of them only the limits of a typical machine speak against the part, so that another
    // machine may make it: `quote` asks each by its own.
    bool another_machine_may = false;
};

// Nothing when one of them makes it, with remarks or without, or when there are none.
[[nodiscard]] std::optional<NoProcess> no_process(const std::vector<geometry::Verdict>& verdicts);

// How the limits are called that were judged by, in "by the limits of typical machines".
struct AskedFor {
    bool named = false;       // The processes were, by the person.
    bool own_limits = false;  // The limits were.
};

// "no process makes it by the limits of typical machines", for the head of a report.
[[nodiscard]] std::string words_on(const NoProcess& none, const AskedFor& asked);

// As an error (invalid_file) that tells the reason of the nearest process and its place; `name` is
// the file's.
[[nodiscard]] Error error_of(const NoProcess& none, const std::string& name, const AskedFor& asked);

}  // namespace nearfab::intake
