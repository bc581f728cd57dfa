// SPDX-License-Identifier: GPL-3.0-or-later
// folders.cpp - where the tests find the sources and the programs under test.

#include "tests/folders.hpp"

namespace nearfab::tests {

std::string source_folder() {
    return NEARFAB_SOURCE_DIR;
}

std::string program_folder() {
    return NEARFAB_BINARY_DIR;
}

}  // namespace nearfab::tests
