// SPDX-License-Identifier: GPL-3.0-or-later
// durable_file.hpp - small files that are there entirely or not at all, even after a power cut.

#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <sys/types.h>
#include <vector>

namespace nearfab {

// Writes a temporary file beside `path`, syncs it, renames it over `path` and syncs the directory.
// On success the bytes are on the disk; on failure the old file is untouched. `mode` is exact, the
// umask does not change it.
[[nodiscard]] Status write_durably(const std::filesystem::path& path,
                                   std::span<const std::uint8_t> bytes,
                                   mode_t mode = 0600);

// The whole of a regular file. Codes: not_found, too_large (more than `max_bytes`), storage.
[[nodiscard]] Result<std::vector<std::uint8_t>> read_file(const std::filesystem::path& path,
                                                          std::size_t max_bytes);

// Makes `path`, and its missing parents, directories that only this user can enter (0700). A
// directory that is already there is closed to everyone else; existing parents are left alone.
[[nodiscard]] Status make_private_directory(const std::filesystem::path& path);

// Makes names created, renamed or deleted in this directory last. An empty path is the current
// directory, so that `sync_directory(file.parent_path())` is always right.
[[nodiscard]] Status sync_directory(const std::filesystem::path& directory);

// Gives `from` the name `to` for good.
[[nodiscard]] Status rename_durably(const std::filesystem::path& from,
                                    const std::filesystem::path& to);

// Puts the directory `fresh` in the place of the directory `place`, whose old content is then
// called `kept`. All three lie in one directory; `kept` must not be there. Where the file system
// can exchange names (ext4, XFS, btrfs, tmpfs can), `place` is the old or the new one at every
// moment, and what a process killed on the way leaves as `kept` is the other one. Elsewhere `place`
// is missing for a moment.
[[nodiscard]] Status replace_directory(const std::filesystem::path& fresh,
                                       const std::filesystem::path& place,
                                       const std::filesystem::path& kept);

// Writes all of `bytes` at `offset`, in as many steps as the kernel takes. 0 or the errno.
[[nodiscard]] int write_fully(int descriptor,
                              std::span<const std::uint8_t> bytes,
                              std::uint64_t offset);

}  // namespace nearfab
