// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/large_file.hpp"

#include "host/whole_file.hpp"

namespace nearfab {

Result<LargeArray<std::uint8_t>> read_large_file(const std::filesystem::path& path,
                                                 std::size_t max_bytes) {
    return read_whole<LargeArray<std::uint8_t>>(path, max_bytes);
}

}  // namespace nearfab
