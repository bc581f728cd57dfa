// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/log_directory.hpp"

#include "host/durable_file.hpp"
#include "host/file_descriptor.hpp"

#include <cerrno>
#include <cstdio>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <utility>

namespace nearfab {
namespace {

class DiskFile final : public LogFile {
public:
    explicit DiskFile(FileDescriptor file) : file_{std::move(file)} {}

    int read(std::uint64_t offset, std::span<std::uint8_t> into, std::size_t& got) override {
        got = 0;
        while (got < into.size()) {
            const ssize_t step = ::pread(file_.number(),
                                         into.data() + got,
                                         into.size() - got,
                                         static_cast<off_t>(offset + got));
            if (step < 0 && errno == EINTR) continue;
            if (step < 0) return errno;
            if (step == 0) break;
            got += static_cast<std::size_t>(step);
        }
        return 0;
    }

    int write(std::uint64_t offset, std::span<const std::uint8_t> bytes) override {
        return write_fully(file_.number(), bytes, offset);
    }

    int sync() override { return ::fdatasync(file_.number()) == 0 ? 0 : errno; }

    int truncate(std::uint64_t size) override {
        return ::ftruncate(file_.number(), static_cast<off_t>(size)) == 0 ? 0 : errno;
    }

    int reserve(std::uint64_t size) override {
        // posix_fallocate would write zeros itself where the file system has no such call; that
        // can be slow, but it keeps the promise.
        for (;;) {
            const int error = ::posix_fallocate(file_.number(), 0, static_cast<off_t>(size));
            if (error != EINTR) return error;
        }
    }

    int size(std::uint64_t& bytes) override {
        struct stat facts {};
        if (::fstat(file_.number(), &facts) != 0) return errno;
        bytes = static_cast<std::uint64_t>(facts.st_size);
        return 0;
    }

private:
    FileDescriptor file_;
};

class DiskDirectory final : public LogStorage {
public:
    explicit DiskDirectory(std::filesystem::path path) : path_{std::move(path)} {}

    int list(std::vector<std::string>& names) override {
        DIR* opened = ::opendir(path_.c_str());
        if (opened == nullptr) return errno;
        errno = 0;
        while (const dirent* entry = ::readdir(opened)) {
            const std::string name{entry->d_name};
            if (name != "." && name != "..") names.push_back(name);
            errno = 0;
        }
        const int error = errno;
        ::closedir(opened);
        return error;
    }

    int open(const std::string& name, Mode mode, std::unique_ptr<LogFile>& file) override {
        int flags = O_CLOEXEC | O_NOFOLLOW;
        flags |= mode == Mode::read ? O_RDONLY : O_RDWR;
        if (mode == Mode::create) flags |= O_CREAT | O_EXCL;
        FileDescriptor opened{::open(where(name).c_str(), flags, S_IRUSR | S_IWUSR)};
        if (!opened.open()) return errno;
        file = std::make_unique<DiskFile>(std::move(opened));
        return 0;
    }

    int rename(const std::string& from, const std::string& to) override {
        return std::rename(where(from).c_str(), where(to).c_str()) == 0 ? 0 : errno;
    }

    int remove(const std::string& name) override {
        return ::unlink(where(name).c_str()) == 0 ? 0 : errno;
    }

    int sync_names() override {
        const FileDescriptor opened{::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
        if (!opened.open()) return errno;
        return ::fsync(opened.number()) == 0 ? 0 : errno;
    }

    std::string where(const std::string& name) const override { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

}  // namespace

std::unique_ptr<LogStorage> open_log_directory(std::filesystem::path directory) {
    return std::make_unique<DiskDirectory>(std::move(directory));
}

}  // namespace nearfab
