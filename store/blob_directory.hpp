// SPDX-License-Identifier: GPL-3.0-or-later
// blob_directory.hpp - where blobs lie on disk, and looking at what is there.
//
//     <root>/3f/3f9c01...   a finished blob, named by the hash of its bytes, read-only
//     <root>/incoming/<hash>.part   what has been received so far of an unfinished one
//     <root>/lock           held by the process that uses the store
//
// Every name is made here, from a hash: no text from outside ever becomes part of a path.

#pragma once

#include "base/content_hash.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace nearfab {

[[nodiscard]] std::filesystem::path blob_path(const std::filesystem::path& root,
                                              const ContentHash& hash);
[[nodiscard]] std::filesystem::path incoming_directory(const std::filesystem::path& root);
[[nodiscard]] std::filesystem::path part_path(const std::filesystem::path& root,
                                              const ContentHash& hash);

// The size of a regular file; nothing if there is none (a link or directory counts as none).
[[nodiscard]] Result<std::optional<std::uint64_t>> regular_file_size(
    const std::filesystem::path& path);

struct BlobInventory {
    std::uint64_t finished_bytes = 0;
    std::vector<std::pair<ContentHash, std::uint64_t>> parts;  // With the bytes received.
};
// Counts what is there. Files with foreign names are neither counted nor touched.
[[nodiscard]] Result<BlobInventory> take_inventory(const std::filesystem::path& root);

// Hashes a file piece by piece.
[[nodiscard]] Result<ContentHash> hash_of_file(const std::filesystem::path& path);

// Up to `length` bytes from `offset`; fewer at the end of the file.
[[nodiscard]] Result<std::vector<std::uint8_t>> read_piece(const std::filesystem::path& path,
                                                           std::uint64_t offset,
                                                           std::size_t length);

// Appends at `offset`, which must be the file's end. On failure the file is cut back to it.
[[nodiscard]] Status append_piece(const std::filesystem::path& path,
                                  std::uint64_t offset,
                                  std::span<const std::uint8_t> bytes);

[[nodiscard]] Status sync_file(const std::filesystem::path& path);

}  // namespace nearfab
