// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/durable_file.hpp"

#include "host/file_descriptor.hpp"
#include "host/random.hpp"
#include "host/system_failure.hpp"
#include "host/whole_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <string>
#include <sys/stat.h>

namespace nearfab {
namespace {

constexpr mode_t private_mode = 0700;

int write_and_sync(int descriptor, std::span<const std::uint8_t> bytes, mode_t mode) {
    if (const int error = write_fully(descriptor, bytes, 0); error != 0) return error;
    if (::fchmod(descriptor, mode) != 0) return errno;
    return ::fsync(descriptor) == 0 ? 0 : errno;
}

Status make_missing(const std::filesystem::path& path) {
    if (path.empty() || ::mkdir(path.c_str(), private_mode) == 0) return {};
    if (errno == EEXIST) return {};
    if (errno == ENOENT && path.has_parent_path() && path.parent_path() != path) {
        if (Status made = make_missing(path.parent_path()); !made) return made;
        if (::mkdir(path.c_str(), private_mode) == 0 || errno == EEXIST) return {};
    }
    return fail_system("cannot make the directory " + path.string(), errno);
}

}  // namespace

int write_fully(int descriptor, std::span<const std::uint8_t> bytes, std::uint64_t offset) {
    while (!bytes.empty()) {
        const ssize_t written =
            ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(offset));
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        if (written == 0) return EIO;
        bytes = bytes.subspan(static_cast<std::size_t>(written));
        offset += static_cast<std::uint64_t>(written);
    }
    return 0;
}

Status sync_directory(const std::filesystem::path& directory) {
    const std::filesystem::path path = directory.empty() ? "." : directory;
    const FileDescriptor opened{::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!opened.open()) return fail_system("cannot open the directory " + path.string(), errno);
    if (::fsync(opened.number()) != 0) {
        return fail_system("cannot sync the directory " + path.string(), errno);
    }
    return {};
}

Status rename_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
    if (std::rename(from.c_str(), to.c_str()) != 0) {
        return fail_system("cannot rename " + from.string() + " to " + to.string(), errno);
    }
    return sync_directory(to.parent_path());
}

Status replace_directory(const std::filesystem::path& fresh,
                         const std::filesystem::path& place,
                         const std::filesystem::path& kept) {
    // First under the name that it gives away again: so the exchange is the last step.
    if (Status named = rename_durably(fresh, kept); !named) return named;
    if (::renameat2(AT_FDCWD, kept.c_str(), AT_FDCWD, place.c_str(), RENAME_EXCHANGE) == 0) {
        return sync_directory(place.parent_path());
    }
    if (errno != EINVAL && errno != ENOSYS) {
        return fail_system("cannot exchange " + place.string() + " and " + kept.string(), errno);
    }
    // A file system without that call.
    if (Status named = rename_durably(kept, fresh); !named) return named;
    if (Status named = rename_durably(place, kept); !named) return named;
    return rename_durably(fresh, place);
}

Status write_durably(const std::filesystem::path& path,
                     std::span<const std::uint8_t> bytes,
                     mode_t mode) {
    const auto temporary =
        path.parent_path() / ("." + path.filename().string() + "." + random_hex(8) + ".part");
    {
        const FileDescriptor file{::open(temporary.c_str(),
                                         O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                                         S_IRUSR | S_IWUSR)};
        if (!file.open()) return fail_system("cannot create " + temporary.string(), errno);
        if (const int error = write_and_sync(file.number(), bytes, mode); error != 0) {
            ::unlink(temporary.c_str());
            return fail_system("cannot write " + path.string(), error);
        }
    }
    if (std::rename(temporary.c_str(), path.c_str()) != 0) {
        const int error = errno;
        ::unlink(temporary.c_str());
        return fail_system("cannot put the new " + path.string() + " in place", error);
    }
    return sync_directory(path.parent_path());
}

Result<std::vector<std::uint8_t>> read_file(const std::filesystem::path& path,
                                            std::size_t max_bytes) {
    return read_whole<std::vector<std::uint8_t>>(path, max_bytes);
}

Status make_private_directory(const std::filesystem::path& path) {
    auto plain = path.lexically_normal();
    if (!plain.has_filename()) plain = plain.parent_path();
    if (Status made = make_missing(plain); !made) return made;
    struct stat facts {};
    if (::stat(plain.c_str(), &facts) != 0) {
        return fail_system("cannot look at " + plain.string(), errno);
    }
    if (!S_ISDIR(facts.st_mode)) {
        return fail(ErrorCode::storage,
                    plain.string() + " is not a directory",
                    "move that file away or choose another directory");
    }
    if ((facts.st_mode & 0777U) != private_mode && ::chmod(plain.c_str(), private_mode) != 0) {
        return fail_system("cannot close " + plain.string() + " to other users", errno);
    }
    return sync_directory(plain.parent_path());
}

}  // namespace nearfab
