// SPDX-License-Identifier: GPL-3.0-or-later
// run_program.hpp - runs the built `nearfab` as a person would, in a home of its own.

#pragma once

#include "tests/cli/temporary_folder.hpp"

#include <string>
#include <vector>

namespace nearfab::cli::test {

struct Outcome {
    int exit_code = -1;
    std::string out;
    std::string err;
};

// No variable of the caller's environment gets in; HOME is `home`, and the XDG folders are unset.
// `environment` are further "NAME=value" texts.
[[nodiscard]] Outcome run_nearfab(const TemporaryFolder& home,
                                  const std::vector<std::string>& arguments,
                                  const std::vector<std::string>& environment = {});

// The same, but Ctrl-C is pressed once `text` has appeared on stdout or stderr (at most 20 s).
[[nodiscard]] Outcome interrupt_nearfab(const TemporaryFolder& home,
                                        const std::vector<std::string>& arguments,
                                        const std::string& text);

// An STL of examples/designs.
[[nodiscard]] std::string example(const std::string& name);

}  // namespace nearfab::cli::test
