// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/machine_code/layer_image.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>
#include <numeric>
#include <string_view>
#include <vector>
#include <zlib.h>

namespace nearfab::agent {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::array<std::uint8_t, 8> signature{0x89, 'P', 'N', 'G', 0x0D, 0x0A, 0x1A, 0x0A};
constexpr std::size_t header_bytes = 13;
constexpr std::size_t frame_bytes = 12;  // Length, type and checksum of a chunk.
constexpr std::uint32_t side_max = 65'535;

std::uint32_t u32(Bytes bytes, std::size_t at) {
    return std::uint32_t{bytes[at]} << 24U | std::uint32_t{bytes[at + 1]} << 16U |
           std::uint32_t{bytes[at + 2]} << 8U | std::uint32_t{bytes[at + 3]};
}

class LayerReader {
public:
    LayerReader(std::uint64_t pixels_max, const std::string& name)
        : pixels_max_{pixels_max}, name_{name} {}
    ~LayerReader() {
        if (inflating_) ::inflateEnd(&stream_);
    }
    LayerReader(const LayerReader&) = delete;
    LayerReader& operator=(const LayerReader&) = delete;

    Result<LayerImage> read(Bytes png);

private:
    [[nodiscard]] tl::unexpected<Error> refusal(const std::string& why,
                                                ErrorCode code = ErrorCode::invalid_file) const {
        return fail(code,
                    "the layer " + name_ + " " + why,
                    "slice the part again; report this if it happens twice");
    }
    Status take(std::string_view type, Bytes content);
    Status take_header(Bytes content);
    Status take_pixels(Bytes content);
    void look_at_row();

    std::uint64_t pixels_max_;
    const std::string& name_;
    LayerImage image_;
    z_stream stream_{};
    bool inflating_ = false;
    bool ended_ = false;             // The compressed stream came to its end.
    bool closed_ = false;            // IEND was there.
    std::vector<std::uint8_t> row_;  // With the filter's byte before it.
    std::vector<std::uint8_t> dark_;
    std::uint32_t rows_ = 0;
    bool filtered_ = false;
};

Result<LayerImage> LayerReader::read(Bytes png) {
    if (png.size() < signature.size() ||
        !std::equal(signature.begin(), signature.end(), png.begin())) {
        return refusal("is no PNG");
    }
    Bytes rest = png.subspan(signature.size());
    while (!rest.empty()) {
        if (rest.size() < frame_bytes || u32(rest, 0) > rest.size() - frame_bytes) {
            return refusal("is cut off");
        }
        if (closed_) return refusal("goes on behind its end");
        const std::size_t length = u32(rest, 0);
        const Bytes checked = rest.subspan(4, length + 4);
        const auto sum = ::crc32(0, checked.data(), static_cast<uInt>(checked.size()));
        if (sum != u32(rest, 8 + length)) return refusal("is damaged: a checksum is wrong");
        const std::string_view type{reinterpret_cast<const char*>(checked.data()), 4};
        if (Status taken = take(type, checked.subspan(4)); !taken) return fail(taken.error());
        rest = rest.subspan(length + frame_bytes);
    }
    if (!closed_ || !ended_ || rows_ != image_.height) {
        return refusal("has " + std::to_string(rows_) + " of its " + std::to_string(image_.height) +
                       " rows");
    }
    return image_;
}

Status LayerReader::take(std::string_view type, Bytes content) {
    const bool first = !inflating_;
    if (first != (type == "IHDR")) return refusal("does not have one header, and that first");
    if (type == "IHDR") return take_header(content);
    if (type == "IDAT") return take_pixels(content);
    if (type != "IEND" || !content.empty()) {
        return refusal("holds more than a picture");
    }
    closed_ = true;
    return {};
}

Status LayerReader::take_header(Bytes content) {
    if (content.size() != header_bytes) return refusal("has a header of the wrong length");
    image_.width = u32(content, 0);
    image_.height = u32(content, 4);
    if (image_.width == 0 || image_.height == 0 || image_.width > side_max ||
        image_.height > side_max) {
        return refusal("has no size that a display has");
    }
    if (std::uint64_t{image_.width} * image_.height > pixels_max_) {
        return refusal("has " + std::to_string(image_.width) + " x " +
                           std::to_string(image_.height) + " pixels, and the display has " +
                           std::to_string(pixels_max_),
                       ErrorCode::too_large);
    }
    const bool plain = content[8] == 8 && content[9] == 0 && content[10] == 0 && content[11] == 0 &&
                       content[12] == 0;
    if (!plain) return refusal("is not a plain picture of 8 bits of grey");
    if (::inflateInit(&stream_) != Z_OK) return refusal("cannot be read: no memory");
    inflating_ = true;
    row_.resize(std::size_t{image_.width} + 1);
    dark_.resize(image_.width);
    stream_.next_out = row_.data();
    stream_.avail_out = static_cast<uInt>(row_.size());
    return {};
}

Status LayerReader::take_pixels(Bytes content) {
    stream_.next_in = const_cast<Bytef*>(content.data());
    stream_.avail_in = static_cast<uInt>(content.size());
    while (stream_.avail_in > 0 || stream_.avail_out == 0) {
        if (ended_) return refusal("holds more than its pixels");
        const int state = ::inflate(&stream_, Z_NO_FLUSH);
        if (state != Z_OK && state != Z_STREAM_END && state != Z_BUF_ERROR) {
            return refusal("is damaged: its pixels cannot be unpacked");
        }
        ended_ = state == Z_STREAM_END;
        if (stream_.avail_out == 0) {
            if (rows_ == image_.height) return refusal("has more rows than it says");
            look_at_row();
            if (filtered_) return refusal("has filtered rows, which PrusaSlicer does not write");
            stream_.next_out = row_.data();
            // Behind the last row one byte more is asked for, to see that there is none.
            stream_.avail_out = rows_ == image_.height ? 1U : static_cast<uInt>(row_.size());
            if (rows_ == image_.height) continue;
        }
        if (state == Z_BUF_ERROR && stream_.avail_in == 0) break;
        if (state == Z_STREAM_END && stream_.avail_in == 0) break;
    }
    return {};
}

// Almost all of a layer is dark, and comparing is many times faster than adding.
void LayerReader::look_at_row() {
    filtered_ = row_[0] != 0;
    const std::uint8_t* pixels = row_.data() + 1;
    const bool outermost = rows_ == 0 || rows_ + 1 == image_.height;
    ++rows_;
    if (std::memcmp(pixels, dark_.data(), dark_.size()) == 0) return;
    image_.light += std::accumulate(pixels, pixels + dark_.size(), std::uint64_t{0});
    image_.touches_edge |= outermost || pixels[0] != 0 || pixels[dark_.size() - 1] != 0;
}

}  // namespace

Result<LayerImage> read_layer_image(std::span<const std::uint8_t> png,
                                    std::uint64_t pixels_max,
                                    const std::string& name) {
    return LayerReader{pixels_max, name}.read(png);
}

}  // namespace nearfab::agent
