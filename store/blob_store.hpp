// SPDX-License-Identifier: GPL-3.0-or-later
// blob_store.hpp - designs and toolpaths in a directory, each named by the hash of its bytes.
//
// An upload is begin, write ... write, finish. It can be broken off anywhere and taken up again,
// after a restart too: begin() says how many bytes are already safe. Only finish() makes a blob
// visible, after it has checked the bytes against the name, so a wrong or half upload can never be
// taken for the real thing. Finished blobs never change.
//
// One process at a time (a lock file). One thread at a time, except that has, size, path, read and
// verify may be called from any thread.

#pragma once

#include "base/clock.hpp"
#include "base/content_hash.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <vector>

namespace nearfab {

struct BlobLimits {
    std::uint64_t max_blob_bytes = std::uint64_t{64} << 20U;
    std::uint64_t max_total_bytes = std::uint64_t{64} << 30U;  // Finished and announced together.
    std::size_t max_incoming = 256;                            // Unfinished uploads at a time.
};

class BlobStore {
public:
    // Makes the directory if it is missing and closes it to other users.
    [[nodiscard]] static Result<BlobStore> open(const std::filesystem::path& directory,
                                                const BlobLimits& limits);
    ~BlobStore();
    BlobStore(BlobStore&&) noexcept;
    BlobStore& operator=(BlobStore&&) noexcept;
    BlobStore(const BlobStore&) = delete;
    BlobStore& operator=(const BlobStore&) = delete;

    [[nodiscard]] bool has(const ContentHash& hash) const;

    // Announces an upload of `size` bytes, or takes one up again, and gives the number of bytes
    // that are already on the disk for good: `size` itself if the blob is already there. Announcing
    // another size counts if the bytes received fit in it (code conflict if not): the hash decides
    // in the end. Codes: too_large, limit_reached (total or incoming), storage (disk full).
    [[nodiscard]] Result<std::uint64_t> begin(const ContentHash& hash, std::uint64_t size);

    // The next piece. Code conflict if `offset` is not the number of bytes received, too_large if
    // more comes than was announced, not_found without begin(). Not synced: see begin and finish.
    [[nodiscard]] Status write(const ContentHash& hash,
                               std::uint64_t offset,
                               std::span<const std::uint8_t> bytes);

    // Checks the whole and makes it a blob, on the disk when this returns. Bytes that are not what
    // the hash says are deleted (code invalid_file). Fine if the blob is already there.
    [[nodiscard]] Status finish(const ContentHash& hash);

    // Stores bytes that are all here, and gives their name.
    [[nodiscard]] Result<ContentHash> put(std::span<const std::uint8_t> bytes);

    // Up to `length` bytes from `offset`, fewer at the end. Not checked against the hash.
    [[nodiscard]] Result<std::vector<std::uint8_t>> read(const ContentHash& hash,
                                                         std::uint64_t offset,
                                                         std::size_t length) const;
    [[nodiscard]] Result<std::uint64_t> size(const ContentHash& hash) const;
    // Where the blob is or would be, for handing a design to another program.
    [[nodiscard]] std::filesystem::path path(const ContentHash& hash) const;
    // Reads the whole blob and compares. Code storage, with both hashes, if the disk changed it.
    [[nodiscard]] Status verify(const ContentHash& hash) const;

    // Deletes a finished blob, for example a damaged one before it is uploaded again.
    [[nodiscard]] Status remove(const ContentHash& hash);
    // Deletes uploads that have not grown for `older_than`, by the files' own times; gives how
    // many.
    [[nodiscard]] Result<std::size_t> remove_stale_incoming(Duration older_than, WallTime now);

    // Bytes of finished blobs plus the announced sizes of unfinished ones.
    [[nodiscard]] std::uint64_t total_bytes() const;
    [[nodiscard]] std::size_t incoming() const;

private:
    struct Parts;
    explicit BlobStore(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace nearfab
