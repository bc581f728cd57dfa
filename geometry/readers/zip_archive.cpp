// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/zip_archive.hpp"

#include "geometry/readers/decimal.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace nearfab::geometry {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint32_t end_mark = 0x06054b50;
constexpr std::uint32_t end64_mark = 0x06064b50;
constexpr std::uint32_t end64_locator_mark = 0x07064b50;
constexpr std::uint32_t entry_mark = 0x02014b50;
constexpr std::uint32_t local_mark = 0x04034b50;
constexpr std::size_t end_bytes = 22;
constexpr std::size_t locator_bytes = 20;
constexpr std::size_t end64_bytes = 56;
constexpr std::size_t entry_bytes = 46;
constexpr std::size_t local_bytes = 30;
constexpr std::size_t longest_comment = 0xFFFF;
constexpr std::uint64_t ratio_limit = 200;
constexpr std::uint64_t ratio_matters_bytes = 1024 * 1024;

constexpr const char* export_again = "Export the part again as 3MF and submit the new file";
constexpr const char* copy_again =
    "Copy or download the file again; if that does not help, export it again";

// REQUIRES: the number lies within the bytes.
template <typename Number>
Number number_at(Bytes bytes, std::size_t at) {
    std::uint64_t value = 0;
    for (std::size_t i = sizeof(Number); i-- > 0;)
        value = value << 8U | bytes[at + i];
    return static_cast<Number>(value);
}

std::uint16_t u16(Bytes bytes, std::size_t at) {
    return number_at<std::uint16_t>(bytes, at);
}
std::uint32_t u32(Bytes bytes, std::size_t at) {
    return number_at<std::uint32_t>(bytes, at);
}
std::uint64_t u64(Bytes bytes, std::size_t at) {
    return number_at<std::uint64_t>(bytes, at);
}

std::string lower(std::string_view name) {
    std::string text{name};
    for (char& c : text)
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return text;
}

std::string_view without_slash(std::string_view name) {
    if (name.starts_with('/')) name.remove_prefix(1);
    return name;
}

Error damaged(const std::string& what, std::string where = {}) {
    return {ErrorCode::invalid_file,
            "the ZIP archive is damaged: " + what,
            copy_again,
            std::move(where)};
}

std::string entry_text(const ZipEntry& entry) {
    return "entry " + quoted(entry.name);
}

// Where the central directory lies.
struct DirectoryPlace {
    std::uint64_t entries = 0;
    std::uint64_t bytes = 0;
    std::uint64_t at = 0;
};

std::optional<std::size_t> find_end(Bytes file) {
    if (file.size() < end_bytes) return std::nullopt;
    const std::size_t last = file.size() - end_bytes;
    const std::size_t first = last > longest_comment ? last - longest_comment : 0;
    for (std::size_t at = last + 1; at-- > first;) {
        // The comment must reach exactly to the end, or else the mark is part of something.
        if (u32(file, at) == end_mark && u16(file, at + 20) == file.size() - at - end_bytes) {
            return at;
        }
    }
    return std::nullopt;
}

Result<DirectoryPlace> find_directory64(Bytes file, std::size_t locator_at) {
    const std::uint64_t at = u64(file, locator_at + 8);
    if (at > locator_at || locator_at - at < end64_bytes || u32(file, at) != end64_mark) {
        return fail(damaged("its ZIP64 end record is not where it should be"));
    }
    const auto place = static_cast<std::size_t>(at);
    if (u32(file, place + 16) != 0 || u32(file, place + 20) != 0) {
        return fail(damaged("it is spread over several disks"));
    }
    return DirectoryPlace{u64(file, place + 32), u64(file, place + 40), u64(file, place + 48)};
}

Result<DirectoryPlace> find_directory(Bytes file) {
    const auto end = find_end(file);
    if (!end) {
        return fail(damaged("its " + std::to_string(file.size()) +
                                " bytes do not end with a directory, so the end of the file is "
                                "probably missing",
                            "byte " + std::to_string(file.size())));
    }
    Result<DirectoryPlace> place =
        DirectoryPlace{u16(file, *end + 10), u32(file, *end + 12), u32(file, *end + 16)};
    const bool far = *end >= locator_bytes && u32(file, *end - locator_bytes) == end64_locator_mark;
    if (far) {
        place = find_directory64(file, *end - locator_bytes);
        if (!place) return place;
    } else if (u16(file, *end + 4) != 0 || u16(file, *end + 6) != 0) {
        return fail(damaged("it is spread over several disks"));
    }
    if (place->at > *end || place->bytes > *end - place->at) {
        return fail(
            damaged("its directory reaches beyond its end record at byte " + std::to_string(*end),
                    "byte " + std::to_string(*end)));
    }
    return place;
}

}  // namespace

// Reads the directory record by record, then compares the entries with each other.
class ZipDirectory {
public:
    ZipDirectory(Bytes file, const ReadLimits& limits)
        : file_(file), limits_(limits), archive_(file, limits.inflated_bytes) {}

    Result<ZipArchive> read() {
        const Result<DirectoryPlace> place = find_directory(file_);
        if (!place) return fail(place.error());
        if (place->entries > limits_.entries) {
            return fail(ErrorCode::too_large,
                        "the ZIP archive has " + std::to_string(place->entries) +
                            " entries, more than the limit of " + std::to_string(limits_.entries),
                        export_again,
                        "byte " + std::to_string(place->at));
        }
        directory_ = file_.subspan(place->at, place->bytes);
        directory_at_ = place->at;
        for (std::uint64_t i = 0; i < place->entries; ++i) {
            if (Status status = read_entry(); !status) return fail(status.error());
        }
        if (Status status = check_overlap(); !status) return fail(status.error());
        return std::move(archive_);
    }

private:
    Status read_entry() {
        const std::string where = "directory entry " + std::to_string(archive_.entries_.size() + 1);
        if (directory_.size() < entry_bytes || u32(directory_, 0) != entry_mark) {
            return fail(damaged(where + " is not where it should be", where));
        }
        const std::size_t name_bytes = u16(directory_, 28);
        const std::size_t extra_bytes = u16(directory_, 30);
        const std::size_t whole = entry_bytes + name_bytes + extra_bytes + u16(directory_, 32);
        if (directory_.size() < whole) return fail(damaged(where + " is cut off", where));
        const auto* const text = reinterpret_cast<const char*>(directory_.data() + entry_bytes);
        const std::string_view name{text, name_bytes};
        ZipEntry entry;
        entry.name = without_slash(name);
        entry.method = u16(directory_, 10);
        entry.crc = u32(directory_, 16);
        entry.packed_bytes = u32(directory_, 20);
        entry.bytes = u32(directory_, 24);
        entry.header_at = u32(directory_, 42);
        const Bytes extra = directory_.subspan(entry_bytes + name_bytes, extra_bytes);
        if (Status status = read_extra64(extra, entry); !status) return status;
        if (Status status = check_kind(entry); !status) return status;
        if (Status status = read_local_header(name, entry); !status) return status;
        if (!archive_.by_name_.emplace(lower(entry.name), archive_.entries_.size()).second) {
            return fail(ErrorCode::invalid_file,
                        "the ZIP archive has two entries of the name " + quoted(entry.name),
                        export_again,
                        entry_text(entry));
        }
        archive_.entries_.push_back(std::move(entry));
        directory_ = directory_.subspan(whole);
        return {};
    }

    // Numbers that do not fit 32 bits stand in an extra field, in this order, only where needed.
    static Status read_extra64(Bytes extra, ZipEntry& entry) {
        constexpr std::uint64_t elsewhere = 0xFFFFFFFF;
        while (extra.size() >= 4) {
            const std::size_t bytes = u16(extra, 2);
            if (bytes > extra.size() - 4) break;
            if (u16(extra, 0) == 1) {
                Bytes numbers = extra.subspan(4, bytes);
                for (std::uint64_t* const field :
                     {&entry.bytes, &entry.packed_bytes, &entry.header_at}) {
                    if (*field != elsewhere) continue;
                    if (numbers.size() < 8) {
                        return fail(damaged(
                            "entry " + quoted(entry.name) + " has a ZIP64 field that is too short",
                            entry_text(entry)));
                    }
                    *field = u64(numbers, 0);
                    numbers = numbers.subspan(8);
                }
                return {};
            }
            extra = extra.subspan(4 + bytes);
        }
        return {};
    }

    Status check_kind(const ZipEntry& entry) const {
        const std::uint16_t flags = u16(directory_, 8);
        const bool unix_made = directory_[5] == 3;
        const std::uint32_t mode = u32(directory_, 38) >> 16U;
        if ((flags & 0x2041U) != 0) {
            return fail(ErrorCode::invalid_file,
                        "entry " + quoted(entry.name) + " of the ZIP archive is encrypted",
                        "Export the part without encryption",
                        entry_text(entry));
        }
        if (unix_made && (mode & 0xF000U) == 0xA000U) {
            return fail(ErrorCode::invalid_file,
                        "entry " + quoted(entry.name) + " of the ZIP archive is a symbolic link",
                        export_again,
                        entry_text(entry));
        }
        if (entry.name.find('\0') != std::string::npos) {
            return fail(damaged("the name of entry " + quoted(entry.name) + " holds a NUL",
                                entry_text(entry)));
        }
        return {};
    }

    Status read_local_header(std::string_view name, ZipEntry& entry) const {
        const std::string where = entry_text(entry);
        if (entry.header_at > directory_at_ || directory_at_ - entry.header_at < local_bytes) {
            return fail(damaged(where + " lies outside of the file", where));
        }
        const Bytes header = file_.subspan(entry.header_at);
        const std::size_t name_bytes = u16(header, 26);
        entry.contents_at = entry.header_at + local_bytes + name_bytes + u16(header, 28);
        if (u32(header, 0) != local_mark || name_bytes != name.size() ||
            header.size() < local_bytes + name_bytes ||
            !std::equal(name.begin(), name.end(), header.begin() + local_bytes, [](char a, auto b) {
                return static_cast<unsigned char>(a) == b;
            })) {
            return fail(
                damaged(where + " has another header at byte " + std::to_string(entry.header_at),
                        "byte " + std::to_string(entry.header_at)));
        }
        if (u16(header, 8) != entry.method || (u16(header, 6) & 0x2041U) != 0) {
            return fail(damaged(where + " is packed otherwise than the directory says", where));
        }
        if (entry.contents_at > directory_at_ ||
            directory_at_ - entry.contents_at < entry.packed_bytes) {
            return fail(damaged(where + " with its " + std::to_string(entry.packed_bytes) +
                                    " bytes reaches beyond byte " + std::to_string(directory_at_),
                                where));
        }
        return {};
    }

    // Entries that share bytes are the way to make a small file inflate to a huge one.
    Status check_overlap() const {
        std::vector<const ZipEntry*> in_order;
        for (const ZipEntry& entry : archive_.entries_)
            in_order.push_back(&entry);
        std::sort(in_order.begin(), in_order.end(), [](const ZipEntry* a, const ZipEntry* b) {
            return a->header_at < b->header_at;
        });
        for (std::size_t i = 1; i < in_order.size(); ++i) {
            const ZipEntry& before = *in_order[i - 1];
            const ZipEntry& entry = *in_order[i];
            if (before.contents_at + before.packed_bytes <= entry.header_at) continue;
            return fail(ErrorCode::invalid_file,
                        "the entries " + quoted(before.name) + " and " + quoted(entry.name) +
                            " of the ZIP archive overlap at byte " +
                            std::to_string(entry.header_at),
                        export_again,
                        "byte " + std::to_string(entry.header_at));
        }
        return {};
    }

    Bytes file_;
    const ReadLimits& limits_;
    ZipArchive archive_;
    Bytes directory_;  // What of it is not yet read.
    std::uint64_t directory_at_ = 0;
};

Result<ZipArchive> ZipArchive::open(Bytes file, const ReadLimits& limits) {
    return ZipDirectory(file, limits).read();
}

const ZipEntry* ZipArchive::find(std::string_view name) const {
    const auto found = by_name_.find(lower(without_slash(name)));
    return found == by_name_.end() ? nullptr : &entries_[found->second];
}

Status ZipArchive::check_size(const ZipEntry& entry) const {
    const std::string what = "entry " + quoted(entry.name) + " inflates from " +
                             std::to_string(entry.packed_bytes) + " to " +
                             std::to_string(entry.bytes) + " bytes";
    if (entry.bytes > inflated_left_) {
        return fail(
            ErrorCode::too_large,
            what + ", and all that is read together may have " + std::to_string(inflated_limit_),
            "Export the part with a coarser mesh",
            entry_text(entry));
    }
    if (entry.bytes > ratio_matters_bytes && entry.bytes / ratio_limit > entry.packed_bytes) {
        return fail(
            ErrorCode::too_large,
            what + ", more than " + std::to_string(ratio_limit) + " times, which no mesh does",
            export_again,
            entry_text(entry));
    }
    return {};
}

Status ZipArchive::read(const ZipEntry& entry, const Sink& sink) {
    if (Status status = check_size(entry); !status) return status;
    inflated_left_ -= entry.bytes;
    return inflate_entry(file_.subspan(entry.contents_at, entry.packed_bytes), entry, sink);
}

}  // namespace nearfab::geometry
