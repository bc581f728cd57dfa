// SPDX-License-Identifier: GPL-3.0-or-later
// source_tree.hpp - the files of this repository, as the house rules see them.

#pragma once

#include <string>
#include <vector>

namespace nearfab::house {

struct SourceFile {
    std::string path;  // "router/core/router.hpp"
    std::vector<std::string> lines;

    [[nodiscard]] bool is_header() const { return path.ends_with(".hpp"); }
    [[nodiscard]] bool is_source() const { return path.ends_with(".cpp"); }
    // "router/core" of "router/core/router.hpp".
    [[nodiscard]] std::string folder() const { return path.substr(0, path.rfind('/')); }
};

// All .hpp and .cpp files of our own, in path order.
std::vector<SourceFile> sources();
// Any file of the repository with this ending.
std::vector<SourceFile> files_ending(const std::string& ending);

}  // namespace nearfab::house
