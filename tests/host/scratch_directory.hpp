// SPDX-License-Identifier: GPL-3.0-or-later
// scratch_directory.hpp - an empty directory for one test, gone afterwards.

#pragma once

#include "host/random.hpp"

#include <filesystem>
#include <string_view>

namespace nearfab::test {

class ScratchDirectory {
public:
    ScratchDirectory()
        : path_{std::filesystem::temp_directory_path() / ("nearfab-test-" + random_hex(8))} {
        std::filesystem::create_directory(path_);
    }
    ~ScratchDirectory() {
        std::error_code left_behind;  // Not worth failing a test that has already said its say.
        std::filesystem::remove_all(path_, left_behind);
    }
    ScratchDirectory(const ScratchDirectory&) = delete;
    ScratchDirectory& operator=(const ScratchDirectory&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const {
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

}  // namespace nearfab::test
