// SPDX-License-Identifier: GPL-3.0-or-later
// program_place.hpp - where on this machine the program nearfab-step is.

#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>

namespace nearfab::step {

struct ProgramPlaces {
    std::filesystem::path named;  // What a person named; nothing else is tried then.
    // The program that runs now: looked for beside it, and in ../libexec/nearfab from there.
    std::filesystem::path running;
    std::string search_path;  // Folders with ':' between them, as PATH. Relative ones do not count.
};

// Of this process, for ProgramPlaces. Empty when the system does not say.
[[nodiscard]] std::filesystem::path running_program();

// An absolute path. Errors: unsupported (it is nowhere, or what was named is no program), with what
// to do instead.
[[nodiscard]] Result<std::filesystem::path> find_program(const ProgramPlaces& places);

}  // namespace nearfab::step
