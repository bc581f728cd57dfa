// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/png_file.hpp"

#include "geometry/picture/png.hpp"
#include "host/durable_file.hpp"

namespace nearfab::cli {

Status write_png(const std::filesystem::path& path, const geometry::Picture& picture) {
    const auto bytes = geometry::png_of(picture);
    if (!bytes) return fail(bytes.error());
    return write_durably(path, *bytes, 0644);
}

}  // namespace nearfab::cli
