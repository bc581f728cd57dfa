// SPDX-License-Identifier: GPL-3.0-or-later
// random.hpp - unpredictable numbers from libsodium, for names and nonces.
//
// Good enough for secrets. Safe from any thread. The cores never call this: they are handed what
// they need, so that a replay gives the same state.

#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace nearfab {

[[nodiscard]] std::uint64_t random_u64();

// `bytes` random bytes as 2 * `bytes` lower-case hex digits.
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace nearfab
