// SPDX-License-Identifier: GPL-3.0-or-later
// The only file that knows zlib.

#include "geometry/readers/decimal.hpp"
#include "geometry/readers/zip_archive.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <zlib.h>

namespace nearfab::geometry {
namespace {

constexpr std::size_t piece_bytes = 64 * 1024;
constexpr std::size_t most_input = 1U << 30U;  // zlib counts in 32 bits.

Error damaged(const ZipEntry& entry, const std::string& what) {
    return {ErrorCode::invalid_file,
            "entry " + quoted(entry.name) + " of the ZIP archive is damaged: " + what,
            "Copy or download the file again; if that does not help, export it again",
            "entry " + quoted(entry.name)};
}

// Counts, sums and hands on what comes out of an entry.
class Outlet {
public:
    Outlet(const ZipEntry& entry, const ZipArchive::Sink& sink) : entry_(entry), sink_(sink) {}

    // False when the entry gives more than it stated.
    bool take(std::span<const std::uint8_t> piece) {
        if (piece.size() > entry_.bytes - given_) return false;
        given_ += piece.size();
        crc_ = crc32(crc_, piece.data(), static_cast<uInt>(piece.size()));
        if (status_ && !piece.empty()) status_ = sink_(piece);
        return true;
    }

    Status finish() && {
        if (given_ != entry_.bytes) {
            return fail(damaged(entry_,
                                "it has " + std::to_string(given_) + " bytes instead of " +
                                    std::to_string(entry_.bytes)));
        }
        if (crc_ != entry_.crc) return fail(damaged(entry_, "its checksum (CRC-32) is wrong"));
        return std::move(status_);
    }

    Error too_many() const {
        return damaged(entry_,
                       "it has more than the stated " + std::to_string(entry_.bytes) + " bytes");
    }

private:
    const ZipEntry& entry_;
    const ZipArchive::Sink& sink_;
    std::uint64_t given_ = 0;
    uLong crc_ = crc32(0, nullptr, 0);
    Status status_;  // The sink's first error; later pieces are only checked.
};

class Inflater {
public:
    Inflater() { ready_ = inflateInit2(&stream_, -MAX_WBITS) == Z_OK; }  // Without zlib's header.
    ~Inflater() {
        if (ready_) inflateEnd(&stream_);
    }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;

    Status run(std::span<const std::uint8_t> packed, const ZipEntry& entry, Outlet& outlet) {
        if (!ready_) return fail(ErrorCode::internal, "no memory to inflate", "Try again");
        std::array<std::uint8_t, piece_bytes> piece;  // Written before it is read.
        int result = Z_OK;
        while (result != Z_STREAM_END) {
            if (stream_.avail_in == 0 && !packed.empty()) {
                const std::size_t bytes = std::min(packed.size(), most_input);
                stream_.next_in = const_cast<Bytef*>(packed.data());  // zlib does not write to it.
                stream_.avail_in = static_cast<uInt>(bytes);
                packed = packed.subspan(bytes);
            }
            stream_.next_out = piece.data();
            stream_.avail_out = static_cast<uInt>(piece.size());
            result = inflate(&stream_, Z_NO_FLUSH);
            // Z_BUF_ERROR is no progress: the packed bytes are at their end.
            if (result != Z_OK && result != Z_STREAM_END) {
                return fail(damaged(entry,
                                    result == Z_BUF_ERROR ? "its packed bytes end too early"
                                                          : "its packed bytes make no sense"));
            }
            const std::size_t got = piece.size() - stream_.avail_out;
            if (!outlet.take({piece.data(), got})) return fail(outlet.too_many());
        }
        if (stream_.avail_in > 0 || !packed.empty()) {
            return fail(damaged(entry, "packed bytes are left over"));
        }
        return {};
    }

private:
    z_stream stream_{};
    bool ready_ = false;
};

}  // namespace

Status inflate_entry(std::span<const std::uint8_t> packed,
                     const ZipEntry& entry,
                     const ZipArchive::Sink& sink) {
    Outlet outlet(entry, sink);
    if (entry.method == 0) {
        while (!packed.empty()) {
            const auto piece = packed.first(std::min(packed.size(), piece_bytes));
            if (!outlet.take(piece)) return fail(outlet.too_many());
            packed = packed.subspan(piece.size());
        }
    } else if (entry.method == 8) {
        Inflater inflater;
        if (Status status = inflater.run(packed, entry, outlet); !status) return status;
    } else {
        return fail(ErrorCode::invalid_file,
                    "entry " + quoted(entry.name) + " of the ZIP archive is packed with method " +
                        std::to_string(entry.method) + "; only 0 (stored) and 8 (deflate) are read",
                    "Export the part again as 3MF",
                    "entry " + quoted(entry.name));
    }
    return std::move(outlet).finish();
}

}  // namespace nearfab::geometry
