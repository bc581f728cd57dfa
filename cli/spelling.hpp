// SPDX-License-Identifier: GPL-3.0-or-later
// spelling.hpp - the word that was probably meant.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace nearfab::cli {

// The word at most two letters away from `typed`, the first of the nearest; nothing if none is.
[[nodiscard]] std::optional<std::string> nearest_word(std::string_view typed,
                                                      std::span<const std::string> words);

}  // namespace nearfab::cli
