// SPDX-License-Identifier: GPL-3.0-or-later
// zip_archive.hpp - reads the entries of a ZIP archive that may be hostile.
//
// The central directory is the truth, and the local headers must agree with it. Refused before
// anything is inflated: more entries than allowed, two entries of one name, entries that share
// bytes, encryption, symbolic links, several disks. While inflating: more bytes than stated or
// than allowed, a ratio beyond 200, damaged data (CRC-32). Stored and deflated entries, with or
// without ZIP64 fields, can be read. Names are only looked up, never used as paths.
// The format is PKWARE's APPNOTE 6.3.9. Inflating is zlib's work.

#pragma once

#include "base/result.hpp"
#include "geometry/readers/triangle_soup.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry {

struct ZipEntry {
    std::string name;  // As stored, without a slash at the beginning.
    std::uint16_t method = 0;
    std::uint32_t crc = 0;
    std::uint64_t packed_bytes = 0;
    std::uint64_t bytes = 0;        // Once inflated, as stated.
    std::uint64_t header_at = 0;    // Offset of the local header.
    std::uint64_t contents_at = 0;  // Offset of the packed bytes.
};

class ZipArchive {
public:
    // REQUIRES: the bytes outlive the archive. Errors: invalid_file, too_large.
    [[nodiscard]] static Result<ZipArchive> open(std::span<const std::uint8_t> file,
                                                 const ReadLimits& limits);

    // The entry of this name, with or without a slash before it; capital letters do not matter
    // (as for the part names of OPC). Null when there is none.
    [[nodiscard]] const ZipEntry* find(std::string_view name) const;

    [[nodiscard]] const std::vector<ZipEntry>& entries() const { return entries_; }

    // Inflates an entry and gives it to the sink piece by piece. An error of the sink ends the
    // reading, but damaged data is reported instead of it, because it explains it.
    using Sink = std::function<Status(std::span<const std::uint8_t>)>;
    [[nodiscard]] Status read(const ZipEntry& entry, const Sink& sink);

private:
    friend class ZipDirectory;
    ZipArchive(std::span<const std::uint8_t> file, std::uint64_t inflated_bytes)
        : file_(file), inflated_left_(inflated_bytes), inflated_limit_(inflated_bytes) {}
    [[nodiscard]] Status check_size(const ZipEntry& entry) const;

    std::span<const std::uint8_t> file_;
    std::vector<ZipEntry> entries_;
    std::map<std::string, std::size_t, std::less<>> by_name_;  // In lower case.
    std::uint64_t inflated_left_;
    std::uint64_t inflated_limit_;
};

// The work of read(): inflates (or copies) and checks length and CRC. In zip_inflate.cpp.
[[nodiscard]] Status inflate_entry(std::span<const std::uint8_t> packed,
                                   const ZipEntry& entry,
                                   const ZipArchive::Sink& sink);

}  // namespace nearfab::geometry
