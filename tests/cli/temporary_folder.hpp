// SPDX-License-Identifier: GPL-3.0-or-later
// temporary_folder.hpp - a folder of its own for one test, gone afterwards.

#pragma once

#include "host/random.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace nearfab::cli::test {

class TemporaryFolder {
public:
    TemporaryFolder()
        : path_{std::filesystem::temp_directory_path() / ("nearfab-cli-" + random_hex(6))} {
        std::filesystem::create_directories(path_);
    }
    ~TemporaryFolder() {
        std::error_code problem;  // A folder that stays is untidy, not wrong.
        std::filesystem::remove_all(path_, problem);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    // Makes the folders on the way too.
    std::filesystem::path write(const std::string& name, const std::string& text) const {
        const std::filesystem::path file = path_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file, std::ios::binary} << text;
        return file;
    }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream file{path_ / name, std::ios::binary};
        return std::string{std::istreambuf_iterator<char>{file}, {}};
    }

private:
    std::filesystem::path path_;
};

}  // namespace nearfab::cli::test
