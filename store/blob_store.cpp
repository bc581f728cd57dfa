// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/blob_store.hpp"

#include "host/disk_space.hpp"
#include "host/durable_file.hpp"
#include "host/file_descriptor.hpp"
#include "host/file_lock.hpp"
#include "host/system_failure.hpp"
#include "store/blob_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <map>
#include <string>
#include <sys/stat.h>

namespace nearfab {
namespace {

struct Incoming {
    std::uint64_t received = 0;
    std::uint64_t announced = 0;  // Until begin() tells, what has been received.
};

tl::unexpected<Error> fail_unknown(const ContentHash& hash, const std::string& what) {
    return fail(ErrorCode::not_found, what + " " + hash.hex() + " is not here", "upload it first");
}

std::string of(std::uint64_t part, std::uint64_t whole) {
    return std::to_string(part) + " of " + std::to_string(whole) + " bytes";
}

Status create_empty(const std::filesystem::path& path) {
    const FileDescriptor file{::open(
        path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)};
    if (!file.open()) return fail_system("cannot create " + path.string(), errno);
    return {};
}

Status delete_file(const std::filesystem::path& path) {
    if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
    return fail_system("cannot delete " + path.string(), errno);
}

}  // namespace

struct BlobStore::Parts {
    FileLock lock;
    std::filesystem::path root;
    BlobLimits limits;
    std::map<ContentHash, Incoming> incoming;
    std::uint64_t total = 0;

    Status check_room(const ContentHash& hash, std::uint64_t size) const;
    Status take_in(const ContentHash& hash, std::uint64_t size);
    Status move_in(const ContentHash& hash);
    Status drop_part(const ContentHash& hash);
};

BlobStore::BlobStore(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
BlobStore::~BlobStore() = default;
BlobStore::BlobStore(BlobStore&&) noexcept = default;
BlobStore& BlobStore::operator=(BlobStore&&) noexcept = default;

Result<BlobStore> BlobStore::open(const std::filesystem::path& directory,
                                  const BlobLimits& limits) {
    if (Status made = make_private_directory(directory); !made) return fail(made.error());
    auto lock = FileLock::take(directory / "lock", directory);
    if (!lock) return fail(lock.error());
    if (Status made = make_private_directory(incoming_directory(directory)); !made) {
        return fail(made.error());
    }
    const auto inventory = take_inventory(directory);
    if (!inventory) return fail(inventory.error());
    auto parts = std::make_unique<Parts>(Parts{.lock = std::move(*lock),
                                               .root = directory,
                                               .limits = limits,
                                               .incoming = {},
                                               .total = inventory->finished_bytes});
    for (const auto& [hash, received] : inventory->parts) {
        parts->incoming[hash] = {.received = received, .announced = received};
        parts->total += received;
    }
    return BlobStore{std::move(parts)};
}

bool BlobStore::has(const ContentHash& hash) const {
    return size(hash).has_value();
}

Status BlobStore::Parts::check_room(const ContentHash& hash, std::uint64_t size) const {
    const auto known = incoming.find(hash);
    const std::uint64_t counted = known == incoming.end() ? 0 : known->second.announced;
    const std::uint64_t received = known == incoming.end() ? 0 : known->second.received;
    if (size > limits.max_blob_bytes) {
        return fail(ErrorCode::too_large,
                    "a file of " + std::to_string(size) + " bytes is over the limit of " +
                        std::to_string(limits.max_blob_bytes),
                    "make the file smaller, for example with fewer triangles");
    }
    if (known == incoming.end() && incoming.size() >= limits.max_incoming) {
        return fail(ErrorCode::limit_reached,
                    std::to_string(incoming.size()) + " uploads are open, at most " +
                        std::to_string(limits.max_incoming) + " may be",
                    "try again later");
    }
    if (received > size) {
        return fail(ErrorCode::conflict,
                    "the upload of " + hash.hex() + " has " + std::to_string(received) +
                        " bytes already, more than the " + std::to_string(size) + " announced",
                    "check the size and the hash of the file");
    }
    const std::uint64_t others = total - counted;
    if (others > limits.max_total_bytes || size > limits.max_total_bytes - others) {
        return fail(ErrorCode::limit_reached,
                    "the store holds " + std::to_string(others) + " bytes, " +
                        std::to_string(size) + " more are over its limit of " +
                        std::to_string(limits.max_total_bytes),
                    "ask the operator to make room or to raise the limit");
    }
    const auto room = free_bytes(root);
    if (!room) return fail(room.error());
    if (*room < size - received) {
        return fail(ErrorCode::storage,
                    "disk full: " + std::to_string(*room) + " bytes are free below " +
                        root.string() + ", " + std::to_string(size - received) + " are needed",
                    "free some space on that disk");
    }
    return {};
}

Status BlobStore::Parts::take_in(const ContentHash& hash, std::uint64_t size) {
    if (Status room = check_room(hash, size); !room) return room;
    auto known = incoming.find(hash);
    if (known == incoming.end()) {
        if (Status made = create_empty(part_path(root, hash)); !made) return made;
        known = incoming.emplace(hash, Incoming{}).first;
    }
    total = total - known->second.announced + size;
    known->second.announced = size;
    return {};
}

Result<std::uint64_t> BlobStore::begin(const ContentHash& hash, std::uint64_t size) {
    if (const auto stored = this->size(hash)) {
        if (*stored == size) return size;
        return fail(ErrorCode::conflict,
                    "the file " + hash.hex() + " has " + std::to_string(*stored) +
                        " bytes, not the " + std::to_string(size) + " announced",
                    "check the size and the hash of the file");
    }
    if (Status taken = parts_->take_in(hash, size); !taken) return fail(taken.error());
    if (Status synced = sync_file(part_path(parts_->root, hash)); !synced) {
        return fail(synced.error());
    }
    if (Status synced = sync_directory(incoming_directory(parts_->root)); !synced) {
        return fail(synced.error());
    }
    return parts_->incoming.at(hash).received;
}

Status BlobStore::write(const ContentHash& hash,
                        std::uint64_t offset,
                        std::span<const std::uint8_t> bytes) {
    const auto known = parts_->incoming.find(hash);
    if (known == parts_->incoming.end()) return fail_unknown(hash, "an upload of");
    auto& [received, announced] = known->second;
    if (offset != received) {
        return fail(ErrorCode::conflict,
                    "a piece of " + hash.short_hex() + " starts at byte " + std::to_string(offset) +
                        ", but " + std::to_string(received) + " have been received",
                    "go on from byte " + std::to_string(received));
    }
    if (bytes.size() > announced - received) {
        return fail(ErrorCode::too_large,
                    "a piece of " + hash.short_hex() + " would make it " +
                        std::to_string(received + bytes.size()) + " bytes, " +
                        std::to_string(announced) + " were announced",
                    "check the size of the file, and announce it again");
    }
    Status done = append_piece(part_path(parts_->root, hash), offset, bytes);
    if (done) received += bytes.size();
    return done;
}

Status BlobStore::Parts::drop_part(const ContentHash& hash) {
    if (Status gone = delete_file(part_path(root, hash)); !gone) return gone;
    total -= incoming.at(hash).announced;
    incoming.erase(hash);
    return {};
}

Status BlobStore::Parts::move_in(const ContentHash& hash) {
    const auto part = part_path(root, hash);
    const auto blob = blob_path(root, hash);
    if (::chmod(part.c_str(), S_IRUSR) != 0) {
        return fail_system("cannot make " + part.string() + " read-only", errno);
    }
    if (Status synced = sync_file(part); !synced) return synced;
    if (Status made = make_private_directory(blob.parent_path()); !made) return made;
    if (std::rename(part.c_str(), blob.c_str()) != 0) {
        return fail_system("cannot put " + blob.string() + " in place", errno);
    }
    incoming.erase(hash);
    if (Status synced = sync_directory(blob.parent_path()); !synced) return synced;
    return sync_directory(incoming_directory(root));
}

Status BlobStore::finish(const ContentHash& hash) {
    const auto known = parts_->incoming.find(hash);
    if (known == parts_->incoming.end()) {
        // Synced once more, in case an earlier finish got no further than making it visible.
        if (has(hash)) return sync_directory(path(hash).parent_path());
        return fail_unknown(hash, "an upload of");
    }
    const auto [received, announced] = known->second;
    if (received < announced) {
        return fail(ErrorCode::conflict,
                    "the upload of " + hash.short_hex() + " has " + of(received, announced),
                    "go on from byte " + std::to_string(received));
    }
    const auto found = hash_of_file(part_path(parts_->root, hash));
    if (!found) return fail(found.error());
    if (*found == hash) return parts_->move_in(hash);
    if (Status gone = parts_->drop_part(hash); !gone) return gone;
    return fail(
        ErrorCode::invalid_file,
        "the uploaded bytes have the hash " + found->hex() + ", not the promised " + hash.hex(),
        "upload the file again; if this repeats, its hash was computed wrongly");
}

Result<ContentHash> BlobStore::put(std::span<const std::uint8_t> bytes) {
    const ContentHash hash = hash_of(bytes);
    // What somebody else has sent for this hash may be wrong; these bytes are not.
    if (parts_->incoming.contains(hash)) {
        if (Status gone = parts_->drop_part(hash); !gone) return fail(gone.error());
    }
    const auto received = begin(hash, bytes.size());
    if (!received) return fail(received.error());
    if (*received < bytes.size()) {
        const auto rest = bytes.subspan(static_cast<std::size_t>(*received));
        if (Status done = write(hash, *received, rest); !done) return fail(done.error());
    }
    if (Status done = finish(hash); !done) return fail(done.error());
    return hash;
}

Result<std::vector<std::uint8_t>> BlobStore::read(const ContentHash& hash,
                                                  std::uint64_t offset,
                                                  std::size_t length) const {
    const auto stored = size(hash);
    if (!stored) return fail(stored.error());
    if (offset > *stored) {
        return fail(ErrorCode::invalid_argument,
                    "byte " + std::to_string(offset) + " of " + hash.short_hex() +
                        " was asked for, it has " + std::to_string(*stored),
                    "ask for an offset inside the file");
    }
    const auto wanted = std::min<std::uint64_t>(length, *stored - offset);
    return read_piece(path(hash), offset, static_cast<std::size_t>(wanted));
}

Result<std::uint64_t> BlobStore::size(const ContentHash& hash) const {
    const auto stored = regular_file_size(path(hash));
    if (!stored) return fail(stored.error());
    if (!*stored) return fail_unknown(hash, "the file");
    return **stored;
}

std::filesystem::path BlobStore::path(const ContentHash& hash) const {
    return blob_path(parts_->root, hash);
}

Status BlobStore::verify(const ContentHash& hash) const {
    if (const auto stored = size(hash); !stored) return fail(stored.error());
    const auto found = hash_of_file(path(hash));
    if (!found) return fail(found.error());
    if (*found == hash) return {};
    return fail(
        ErrorCode::storage,
        "the file " + hash.hex() + " is damaged: its bytes now have the hash " + found->hex(),
        "restore it from the backup or upload it again, and check the disk");
}

Status BlobStore::remove(const ContentHash& hash) {
    const auto stored = size(hash);
    if (!stored) return fail(stored.error());
    if (Status gone = delete_file(path(hash)); !gone) return gone;
    parts_->total -= std::min(parts_->total, *stored);
    return sync_directory(path(hash).parent_path());
}

Result<std::size_t> BlobStore::remove_stale_incoming(Duration older_than, WallTime now) {
    std::vector<ContentHash> stale;
    for (const auto& [hash, upload] : parts_->incoming) {
        struct stat facts {};
        const auto part = part_path(parts_->root, hash);
        if (::stat(part.c_str(), &facts) != 0) {
            return fail_system("cannot look at " + part.string(), errno);
        }
        const WallTime changed{std::chrono::seconds{facts.st_mtim.tv_sec}};
        if (now - changed >= older_than) stale.push_back(hash);
    }
    for (const ContentHash& hash : stale) {
        if (Status gone = parts_->drop_part(hash); !gone) return fail(gone.error());
    }
    return stale.size();
}

std::uint64_t BlobStore::total_bytes() const {
    return parts_->total;
}
std::size_t BlobStore::incoming() const {
    return parts_->incoming.size();
}

}  // namespace nearfab
