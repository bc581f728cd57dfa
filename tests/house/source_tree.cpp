// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/house/source_tree.hpp"

#include "tests/folders.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace nearfab::house {
namespace {

namespace fs = std::filesystem;

bool is_ours(const std::string& path) {
    // What npm fetched for the page, and what was made of it, is not ours.
    return !path.starts_with("build/") && !path.starts_with(".") &&
           !path.starts_with("web/node_modules/") && !path.starts_with("web/dist/");
}

std::vector<SourceFile> collect(const std::vector<std::string>& endings) {
    const fs::path root{tests::source_folder()};
    std::vector<SourceFile> found;
    for (auto it = fs::recursive_directory_iterator{root}; it != fs::end(it); ++it) {
        const std::string path = fs::relative(it->path(), root).generic_string();
        if (it->is_directory() && !is_ours(path + "/")) it.disable_recursion_pending();
        const bool wanted = std::any_of(endings.begin(), endings.end(), [&](const auto& ending) {
            return path.ends_with(ending);
        });
        if (!it->is_regular_file() || !wanted || !is_ours(path)) continue;
        SourceFile file{path, {}};
        std::ifstream in{it->path()};
        for (std::string line; std::getline(in, line);)
            file.lines.push_back(line);
        found.push_back(std::move(file));
    }
    std::sort(
        found.begin(), found.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
    return found;
}

}  // namespace

std::vector<SourceFile> sources() {
    return collect({".hpp", ".cpp"});
}

std::vector<SourceFile> files_ending(const std::string& ending) {
    return collect({ending});
}

}  // namespace nearfab::house
