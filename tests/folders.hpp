// SPDX-License-Identifier: GPL-3.0-or-later
// folders.hpp - where the tests find the sources and the programs under test.
//
// One file knows the paths of this build, so that all others compile to the same objects in every
// clone and a compiler cache serves them all.

#pragma once

#include <string>

namespace nearfab::tests {

// Absolute, without a slash at the end.
[[nodiscard]] std::string source_folder();
[[nodiscard]] std::string program_folder();

}  // namespace nearfab::tests
