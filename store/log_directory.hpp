// SPDX-License-Identifier: GPL-3.0-or-later
// log_directory.hpp - a journal's directory on a real disk.

#pragma once

#include "store/log_storage.hpp"

#include <filesystem>

namespace nearfab {

// `directory` must exist. Files are private to this user (0600).
[[nodiscard]] std::unique_ptr<LogStorage> open_log_directory(std::filesystem::path directory);

}  // namespace nearfab
