// SPDX-License-Identifier: GPL-3.0-or-later
// upload.hpp - brings a design's bytes to the router, from wherever an earlier try stopped.

#pragma once

#include "base/content_hash.hpp"
#include "base/result.hpp"
#include "terminal/screen.hpp"
#include "wire/connection.hpp"

#include <cstdint>
#include <span>

namespace nearfab::cli {

// Done when the router has the whole and its hash is right; at once if it had it before. Shows a
// progress bar. REQUIRES: `design` is the hash of `bytes`.
[[nodiscard]] Status upload_design(wire::Connection& connection,
                                   const ContentHash& design,
                                   std::span<const std::uint8_t> bytes,
                                   const Screen& screen);

}  // namespace nearfab::cli
