// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/picture/png.hpp"

#include <png.h>
#include <string>

namespace nearfab::geometry {

Result<std::vector<std::uint8_t>> png_of(const Picture& picture) {
    png_image image{};
    image.version = PNG_IMAGE_VERSION;
    image.width = picture.width;
    image.height = picture.height;
    image.format = PNG_FORMAT_RGB;
    static_assert(sizeof(Colour) == 3, "pixels are handed over as they lie in memory");
    // No picture is larger than its pixels and a little for the frame, so one try is enough.
    std::vector<std::uint8_t> bytes(PNG_IMAGE_PNG_SIZE_MAX(image));
    png_alloc_size_t size = bytes.size();
    if (png_image_write_to_memory(
            &image, bytes.data(), &size, 0, picture.pixels.data(), 0, nullptr) == 0) {
        return fail(ErrorCode::internal,
                    "the picture could not be made: " + std::string{image.message},
                    "leave out --picture, and report this");
    }
    bytes.resize(size);
    return bytes;
}

}  // namespace nearfab::geometry
