// SPDX-License-Identifier: GPL-3.0-or-later
// text_file.hpp - small text files, whole.

#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>

namespace nearfab::cli {

inline constexpr std::size_t text_file_bytes_max = 1024 * 1024;

// Errors: not_found, too_large (more than 1 MiB), storage.
[[nodiscard]] Result<std::string> read_text(const std::filesystem::path& file);

// Durably, readable by its owner only; makes the folder if it is missing.
[[nodiscard]] Status write_text(const std::filesystem::path& file, const std::string& text);

}  // namespace nearfab::cli
