// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/photos.hpp"

#include "host/durable_file.hpp"

#include <span>
#include <system_error>
#include <utility>
#include <vector>

namespace nearfab::gateway {
namespace {

// Markers of ISO/IEC 10918-1, table B.1.
constexpr unsigned start_of_image = 0xD8;
constexpr unsigned end_of_image = 0xD9;
constexpr unsigned start_of_scan = 0xDA;
constexpr unsigned first_restart = 0xD0;
constexpr unsigned last_restart = 0xD7;
constexpr unsigned first_application = 0xE0;  // JFIF.
constexpr unsigned colours = 0xE2;            // An ICC profile.
constexpr unsigned adobe_colours = 0xEE;
constexpr unsigned last_application = 0xEF;
constexpr unsigned comment = 0xFE;

unsigned byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

bool tells_more(unsigned marker) {
    if (marker == comment) return true;
    if (marker < first_application || marker > last_application) return false;
    return marker != first_application && marker != colours && marker != adobe_colours;
}

// Behind the coded picture of a scan, where a marker stands that is none of its own.
std::size_t end_of_scan(std::string_view bytes, std::size_t at) {
    while (at + 1 < bytes.size()) {
        const unsigned next = byte_at(bytes, at + 1);
        const bool own = next == 0 || (next >= first_restart && next <= last_restart);
        if (byte_at(bytes, at) == 0xFF && !own && next != 0xFF) return at;
        ++at;
    }
    return bytes.size();
}

Status no_photo(std::string why) {
    return fail(ErrorCode::invalid_file,
                "the photo is no JPEG that can be kept: " + std::move(why),
                "send a JPEG as the web page makes it: without Exif, comments and the like");
}

}  // namespace

Status check_photo(std::string_view bytes) {
    if (bytes.size() < 4 || byte_at(bytes, 0) != 0xFF || byte_at(bytes, 1) != start_of_image) {
        return no_photo("it does not begin like one");
    }
    bool has_picture = false;
    std::size_t at = 2;
    while (at + 1 < bytes.size()) {
        if (byte_at(bytes, at) != 0xFF) {
            return no_photo("there is no marker at byte " + std::to_string(at));
        }
        const unsigned marker = byte_at(bytes, at + 1);
        if (marker == 0xFF) {  // May stand before a marker, any number of times.
            ++at;
            continue;
        }
        if (marker == end_of_image) {
            if (!has_picture) return no_photo("it holds no picture");
            if (at + 2 != bytes.size()) return no_photo("something follows its end");
            return {};
        }
        if (tells_more(marker)) {
            return no_photo("it holds more than the picture at byte " + std::to_string(at) +
                            ", such as where it was taken");
        }
        if (at + 3 >= bytes.size()) break;
        const std::size_t length = byte_at(bytes, at + 2) << 8U | byte_at(bytes, at + 3);
        if (length < 2)
            return no_photo("a segment at byte " + std::to_string(at) + " is too short");
        at += 2 + length;
        if (marker == start_of_scan) {
            has_picture = true;
            at = end_of_scan(bytes, at);
        }
    }
    return no_photo("it ends too early");
}

Result<Photos> Photos::open(std::filesystem::path folder, std::uint64_t bytes_max) {
    if (auto made = make_private_directory(folder); !made) return fail(made.error());
    Photos photos{std::move(folder), bytes_max};
    std::error_code problem;
    for (std::filesystem::directory_iterator at{photos.folder_, problem}, end; at != end;
         at.increment(problem)) {
        if (problem) break;
        std::error_code gone;
        const auto size = at->file_size(gone);
        if (!gone) photos.bytes_ += size;
    }
    if (problem) {
        return fail(ErrorCode::storage,
                    photos.folder_.string() + " cannot be read: " + problem.message(),
                    "make it a folder of the user that the router runs as");
    }
    return photos;
}

std::filesystem::path Photos::path(const WorkOrderId& order, std::uint64_t epoch) const {
    return folder_ / (order.text() + ".e" + std::to_string(epoch) + ".jpg");
}

Status Photos::keep(const WorkOrderId& order, std::uint64_t epoch, std::string_view bytes) {
    const auto file = path(order, epoch);
    std::error_code none;
    const auto found = std::filesystem::file_size(file, none);
    const std::uint64_t before = none ? 0 : found;
    if (bytes_ - before + bytes.size() > bytes_max_) {
        return fail(ErrorCode::limit_reached,
                    "the photos of this router take all the room that they may, " +
                        std::to_string(bytes_max_ >> 20U) + " MiB",
                    "inspect without one; the router's operator may delete old ones in " +
                        folder_.filename().string() + " or raise photos_mb_max in [http]");
    }
    const auto* const data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    if (auto written = write_durably(file, std::span{data, bytes.size()}); !written) return written;
    bytes_ = bytes_ - before + bytes.size();
    return {};
}

Result<std::string> Photos::read(const WorkOrderId& order, std::uint64_t epoch) const {
    const auto bytes = read_file(path(order, epoch), photo_bytes_max);
    if (!bytes) return fail(bytes.error());
    return std::string{bytes->begin(), bytes->end()};
}

bool Photos::has(const WorkOrderId& order, std::uint64_t epoch) const {
    std::error_code none;
    return std::filesystem::is_regular_file(path(order, epoch), none);
}

}  // namespace nearfab::gateway
