// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/blob_directory.hpp"

#include "host/durable_file.hpp"
#include "host/file_descriptor.hpp"
#include "host/system_failure.hpp"

#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>
#include <system_error>

namespace nearfab {
namespace {

constexpr std::size_t hash_step = 256 * 1024;
constexpr std::string_view part_ending = ".part";

Status list(const std::filesystem::path& directory, std::vector<std::filesystem::path>& found) {
    std::error_code error;
    std::filesystem::directory_iterator entry{directory, error};
    const std::filesystem::directory_iterator end;
    while (!error && entry != end) {
        found.push_back(entry->path());
        entry.increment(error);
    }
    if (error) return fail_system("cannot list " + directory.string(), error.value());
    return {};
}

Status count_finished(const std::filesystem::path& directory, BlobInventory& inventory) {
    std::vector<std::filesystem::path> files;
    if (Status done = list(directory, files); !done) return done;
    for (const auto& file : files) {
        const std::string name = file.filename().string();
        const auto hash = ContentHash::from_hex(name);
        if (!hash || hash->hex() != name || !name.starts_with(directory.filename().string())) {
            continue;
        }
        const auto size = regular_file_size(file);
        if (!size) return fail(size.error());
        inventory.finished_bytes += size->value_or(0);
    }
    return {};
}

Status count_parts(const std::filesystem::path& directory, BlobInventory& inventory) {
    std::vector<std::filesystem::path> files;
    if (Status done = list(directory, files); !done) return done;
    for (const auto& file : files) {
        const std::string name = file.stem().string();
        const auto hash = ContentHash::from_hex(name);
        if (!hash || hash->hex() != name || file.extension() != part_ending) continue;
        const auto size = regular_file_size(file);
        if (!size) return fail(size.error());
        if (*size) inventory.parts.emplace_back(*hash, **size);
    }
    return {};
}

bool is_blob_folder(const std::filesystem::path& path) {
    const std::string name = path.filename().string();
    return name.size() == 2 && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

}  // namespace

std::filesystem::path blob_path(const std::filesystem::path& root, const ContentHash& hash) {
    const std::string name = hash.hex();
    return root / name.substr(0, 2) / name;
}

std::filesystem::path incoming_directory(const std::filesystem::path& root) {
    return root / "incoming";
}

std::filesystem::path part_path(const std::filesystem::path& root, const ContentHash& hash) {
    return incoming_directory(root) / (hash.hex() + std::string{part_ending});
}

Result<std::optional<std::uint64_t>> regular_file_size(const std::filesystem::path& path) {
    struct stat facts {};
    if (::lstat(path.c_str(), &facts) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
        return fail_system("cannot look at " + path.string(), errno);
    }
    if (!S_ISREG(facts.st_mode)) return std::nullopt;
    return static_cast<std::uint64_t>(facts.st_size);
}

Result<BlobInventory> take_inventory(const std::filesystem::path& root) {
    BlobInventory inventory;
    std::vector<std::filesystem::path> folders;
    if (Status done = list(root, folders); !done) return fail(done.error());
    for (const auto& folder : folders) {
        std::error_code gone;
        if (!is_blob_folder(folder) || !std::filesystem::is_directory(folder, gone)) continue;
        if (Status done = count_finished(folder, inventory); !done) return fail(done.error());
    }
    if (Status done = count_parts(incoming_directory(root), inventory); !done) {
        return fail(done.error());
    }
    return inventory;
}

Result<ContentHash> hash_of_file(const std::filesystem::path& path) {
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file.open()) return fail_system("cannot open " + path.string(), errno);
    ContentHasher hasher;
    std::vector<std::uint8_t> piece(hash_step);
    for (;;) {
        const ssize_t got = ::read(file.number(), piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_system("cannot read " + path.string(), errno);
        if (got == 0) return hasher.finish();
        hasher.add(std::span{piece}.first(static_cast<std::size_t>(got)));
    }
}

Result<std::vector<std::uint8_t>> read_piece(const std::filesystem::path& path,
                                             std::uint64_t offset,
                                             std::size_t length) {
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file.open()) return fail_system("cannot open " + path.string(), errno);
    std::vector<std::uint8_t> bytes(length);
    std::size_t filled = 0;
    while (filled < length) {
        const ssize_t got = ::pread(file.number(),
                                    bytes.data() + filled,
                                    length - filled,
                                    static_cast<off_t>(offset + filled));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_system("cannot read " + path.string(), errno);
        if (got == 0) break;
        filled += static_cast<std::size_t>(got);
    }
    bytes.resize(filled);
    return bytes;
}

Status append_piece(const std::filesystem::path& path,
                    std::uint64_t offset,
                    std::span<const std::uint8_t> bytes) {
    const FileDescriptor file{::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file.open()) return fail_system("cannot open " + path.string(), errno);
    if (const int error = write_fully(file.number(), bytes, offset); error != 0) {
        if (::ftruncate(file.number(), static_cast<off_t>(offset)) != 0) {
            return fail_system("cannot take back half a write to " + path.string(), errno);
        }
        return fail_system("cannot write " + path.string(), error);
    }
    return {};
}

Status sync_file(const std::filesystem::path& path) {
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW)};
    if (!file.open()) return fail_system("cannot open " + path.string(), errno);
    if (::fsync(file.number()) != 0) return fail_system("cannot sync " + path.string(), errno);
    return {};
}

}  // namespace nearfab
