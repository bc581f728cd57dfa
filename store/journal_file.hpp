// SPDX-License-Identifier: GPL-3.0-or-later
// journal_file.hpp - the SQLite file below a journal: making it, opening it, recognising it.

#pragma once

#include "base/content_hash.hpp"
#include "base/result.hpp"
#include "store/sqlite.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace nearfab {

inline constexpr std::int64_t journal_application_id = 0x6E666A6C;  // "nfjl"
inline constexpr std::int64_t journal_format = 1;                   // PRAGMA user_version.

// chain(0) of a journal of this kind.
[[nodiscard]] ContentHash first_chain(const std::string& kind);

// A new journal appears under its name complete and synced, so an empty file is always damage.
[[nodiscard]] Status create_journal_file(const std::filesystem::path& path,
                                         const std::string& kind);

// Opens an existing file for good: exclusive, write-ahead log, every commit synced.
[[nodiscard]] Result<SqliteConnection> open_journal_file(const std::filesystem::path& path,
                                                         const std::string& kind);

}  // namespace nearfab
