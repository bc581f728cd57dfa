// SPDX-License-Identifier: GPL-3.0-or-later
// faulty_network.hpp - a network of one router and no fabs, whose router can be made to suffer.

#pragma once

#include "tests/e2e/network.hpp"

#include <string>
#include <vector>

namespace nearfab::e2e {

// A router alone, in a folder of its own; a designer submits to it.
struct LoneRouter {
    Network network{{}};

    LoneRouter();
    // One submit with this key, which a retry repeats.
    [[nodiscard]] Outcome submit(const std::string& key) const;
    // So many jobs are known to the router.
    [[nodiscard]] std::size_t jobs() const;
    // Adds a line to the router's table [router]; for its next start.
    void configure(const std::string& line) const;
    // `verify`, `backup FOLDER`, ...; with another tool before it, or of another state directory.
    [[nodiscard]] Outcome tool(std::vector<std::string> words,
                               std::vector<std::string> under = {},
                               const std::filesystem::path& state_directory = {}) const;
    [[nodiscard]] bool answers() const;
    [[nodiscard]] std::filesystem::path state() const { return network.folder() / "router"; }
    // The last file of its log.
    [[nodiscard]] std::filesystem::path log() const;
};

// The job is there; 3: and nobody can make it now.
[[nodiscard]] inline bool accepted(const Outcome& submit) {
    return submit.exit_code == 0 || submit.exit_code == 3;
}

// True when strace can be used here; says that the test is skipped when it cannot.
[[nodiscard]] bool can_trace();

}  // namespace nearfab::e2e
