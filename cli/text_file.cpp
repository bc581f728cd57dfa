// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/text_file.hpp"

#include "host/durable_file.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::cli {

Result<std::string> read_text(const std::filesystem::path& file) {
    const auto bytes = read_file(file, text_file_bytes_max);
    if (!bytes) return fail(bytes.error());
    return std::string{bytes->begin(), bytes->end()};
}

Status write_text(const std::filesystem::path& file, const std::string& text) {
    if (file.has_parent_path() && !std::filesystem::is_directory(file.parent_path())) {
        if (auto made = make_private_directory(file.parent_path()); !made) return made;
    }
    return write_durably(file, std::vector<std::uint8_t>{text.begin(), text.end()});
}

}  // namespace nearfab::cli
