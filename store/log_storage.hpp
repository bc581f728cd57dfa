// SPDX-License-Identifier: GPL-3.0-or-later
// log_storage.hpp - the few things a journal asks of a disk, so that a test can be a bad one.
//
// What is behind it may forget everything that was not synced, in any order and in pieces of 512
// bytes (sectors are written whole or not at all: every disk of the last decades keeps to that),
// may run full, and may fail. log_directory.hpp is the real one.
//
// Errors are errno values, 0 is success: a journal must tell a full disk from a broken one.

#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace nearfab {

class LogFile {
public:
    LogFile() = default;
    virtual ~LogFile() = default;
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;

    // The first bytes of `into` from `offset` on, as many as the file has; `got` says how many.
    [[nodiscard]] virtual int read(std::uint64_t offset,
                                   std::span<std::uint8_t> into,
                                   std::size_t& got) = 0;
    // All of them or an error; after an error any part may have been written.
    [[nodiscard]] virtual int write(std::uint64_t offset, std::span<const std::uint8_t> bytes) = 0;
    // What was written before is on the disk when it returns 0. After an error nobody knows what
    // is, and no later sync of this file may be believed.
    [[nodiscard]] virtual int sync() = 0;
    // Cuts the file off there, or makes it longer with zeros.
    [[nodiscard]] virtual int truncate(std::uint64_t size) = 0;
    // Makes the file at least so long, with zeros, and takes the room from the disk now, so that
    // writing there later cannot find the disk full.
    [[nodiscard]] virtual int reserve(std::uint64_t size) = 0;
    [[nodiscard]] virtual int size(std::uint64_t& bytes) = 0;
};

// One flat directory of files. Names have no slash.
class LogStorage {
public:
    LogStorage() = default;
    virtual ~LogStorage() = default;
    LogStorage(const LogStorage&) = delete;
    LogStorage& operator=(const LogStorage&) = delete;

    enum class Mode : std::uint8_t { read, write, create };  // create: it must not be there yet.

    [[nodiscard]] virtual int list(std::vector<std::string>& names) = 0;
    [[nodiscard]] virtual int open(const std::string& name,
                                   Mode mode,
                                   std::unique_ptr<LogFile>& file) = 0;
    // Replaces `to` if it is there; at no moment is it missing.
    [[nodiscard]] virtual int rename(const std::string& from, const std::string& to) = 0;
    [[nodiscard]] virtual int remove(const std::string& name) = 0;
    // Names made, changed and removed before are so for ever when it returns 0.
    [[nodiscard]] virtual int sync_names() = 0;
    // For messages: where this file is.
    [[nodiscard]] virtual std::string where(const std::string& name) const = 0;
};

}  // namespace nearfab
