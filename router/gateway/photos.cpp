// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/photos.hpp"

#include "host/durable_file.hpp"

#include <optional>
#include <regex>
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
constexpr unsigned quantisation = 0xDB;
constexpr unsigned restart_interval = 0xDD;
constexpr unsigned first_frame = 0xC0;  // Frames, Huffman and arithmetic tables up to the last.
constexpr unsigned last_frame = 0xCF;
constexpr unsigned not_used = 0xC8;
constexpr unsigned first_restart = 0xD0;
constexpr unsigned last_restart = 0xD7;
constexpr unsigned jfif = 0xE0;
constexpr unsigned colours = 0xE2;
constexpr unsigned adobe_colours = 0xEE;

using namespace std::string_view_literals;

unsigned byte_at(std::string_view bytes, std::size_t at) {
    return static_cast<unsigned char>(bytes[at]);
}

// Needed to decode the picture, and of a form that has room for nothing else.
bool belongs_to_picture(unsigned marker, std::string_view content) {
    switch (marker) {
        case jfif:  // Version, density, and a smaller picture of no size.
            return content.size() == 14 && content.starts_with("JFIF\0"sv) &&
                   content.ends_with("\0\0"sv);
        case colours:
            return content.starts_with("ICC_PROFILE\0"sv);
        case adobe_colours:
            return content.size() == 12 && content.starts_with("Adobe"sv);
        case start_of_scan:
        case quantisation:
        case restart_interval:
            return true;
        default:
            return marker >= first_frame && marker <= last_frame && marker != not_used;
    }
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
        if (at + 3 >= bytes.size()) break;
        const std::size_t length = byte_at(bytes, at + 2) << 8U | byte_at(bytes, at + 3);
        if (length < 2)
            return no_photo("a segment at byte " + std::to_string(at) + " is too short");
        if (at + 2 + length > bytes.size()) break;
        if (!belongs_to_picture(marker, bytes.substr(at + 4, length - 2))) {
            return no_photo("it holds more than the picture at byte " + std::to_string(at) +
                            ", such as where it was taken");
        }
        at += 2 + length;
        if (marker == start_of_scan) {
            has_picture = true;
            at = end_of_scan(bytes, at);
        }
    }
    return no_photo("it ends too early");
}

namespace {

// "ORDER.eEPOCH.FAB.jpg"; nothing when it is another file.
std::optional<Photos::Photo> photo_of_name(const std::string& name) {
    static const std::regex form{"([A-Za-z0-9_][A-Za-z0-9_-]*)\\.e([0-9]{1,18})\\.(.+)\\.jpg"};
    std::smatch parts;
    if (!std::regex_match(name, parts, form)) return std::nullopt;
    return Photos::Photo{
        WorkOrderId{parts[1].str()}, std::stoull(parts[2].str()), FabId{parts[3].str()}};
}

}  // namespace

Result<Photos> Photos::open(std::filesystem::path folder, std::uint64_t bytes_max) {
    if (auto made = make_private_directory(folder); !made) return fail(made.error());
    Photos photos{std::move(folder), bytes_max};
    if (auto looked = photos.look(); !looked) return fail(looked.error());
    return photos;
}

Status Photos::look() {
    photos_.clear();
    bytes_ = 0;
    std::error_code problem;
    for (std::filesystem::directory_iterator at{folder_, problem}, end; !problem && at != end;
         at.increment(problem)) {
        std::error_code gone;
        const auto size = at->file_size(gone);
        if (gone) continue;
        bytes_ += size;
        if (auto photo = photo_of_name(at->path().filename().string())) {
            photos_[{photo->order, photo->epoch}] = {photo->fab, size};
        }
    }
    if (!problem) return {};
    return fail(ErrorCode::storage,
                folder_.string() + " cannot be read: " + problem.message(),
                "make it a folder of the user that the router runs as");
}

std::filesystem::path Photos::path(const Photo& photo) const {
    return folder_ / (photo.order.text() + ".e" + std::to_string(photo.epoch) + "." +
                      photo.fab.text() + ".jpg");
}

Status Photos::keep(const Photo& photo, std::string_view bytes) {
    const Key key{photo.order, photo.epoch};
    const auto room = [&] {
        const auto before = photos_.find(key);
        const std::uint64_t freed = before == photos_.end() ? 0 : before->second.bytes;
        return bytes_ - freed + bytes.size() <= bytes_max_;
    };
    // Files may have been deleted since.
    if (!room()) {
        if (auto looked = look(); !looked) return looked;
    }
    if (!room()) {
        return fail(ErrorCode::unavailable,
                    "the photos of this router take all the room that they may, " +
                        std::to_string(bytes_max_ >> 20U) + " MiB",
                    "inspect without one; the router's operator may delete old ones in " +
                        folder_.filename().string() + " or raise photos_mb_max in [http]");
    }
    const auto* const data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    if (auto written = write_durably(path(photo), std::span{data, bytes.size()}); !written) {
        return written;
    }
    Entry& entry = photos_[key];
    bytes_ = bytes_ - entry.bytes + bytes.size();
    entry = {photo.fab, bytes.size()};
    return {};
}

Result<std::string> Photos::read(const Photo& photo) const {
    const auto bytes = read_file(path(photo), photo_bytes_max);
    if (!bytes) return fail(bytes.error());
    return std::string{bytes->begin(), bytes->end()};
}

std::vector<Photos::Photo> Photos::of(const WorkOrderId& order) const {
    std::vector<Photo> all;
    for (auto at = photos_.lower_bound({order, 0}); at != photos_.end() && at->first.first == order;
         ++at) {
        all.push_back({order, at->first.second, at->second.fab});
    }
    return all;
}

}  // namespace nearfab::gateway
