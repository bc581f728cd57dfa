// SPDX-License-Identifier: GPL-3.0-or-later
// commit.hpp - which source this program was built from.

#pragma once

namespace nearfab::gateway {

// "0a1b2c3d4e5f", with "-changed" behind it where files were changed since; "unknown" where the
// source was no git checkout. Defined by cmake/commit.cmake.
extern const char* const commit;

}  // namespace nearfab::gateway
