// SPDX-License-Identifier: GPL-3.0-or-later

#include "step/program_place.hpp"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace nearfab::step {
namespace {

namespace fs = std::filesystem;

constexpr const char* program = "nearfab-step";

bool is_program(const fs::path& path) {
    std::error_code cause;
    return path.is_absolute() && fs::is_regular_file(path, cause) &&
           ::access(path.c_str(), X_OK) == 0;
}

fs::path in_search_path(std::string_view folders) {
    while (!folders.empty()) {
        const std::size_t end = std::min(folders.find(':'), folders.size());
        const fs::path path = fs::path{folders.substr(0, end)} / program;
        if (is_program(path)) return path;
        folders.remove_prefix(std::min(end + 1, folders.size()));
    }
    return {};
}

}  // namespace

fs::path running_program() {
    std::error_code cause;
    fs::path path = fs::read_symlink("/proc/self/exe", cause);
    return cause ? fs::path{} : path;
}

Result<fs::path> find_program(const ProgramPlaces& places) {
    if (!places.named.empty()) {
        std::error_code cause;
        const fs::path named = fs::absolute(places.named, cause);
        if (!cause && is_program(named)) return named;
        return fail(
            ErrorCode::unsupported,
            "NEARFAB_STEP names " + places.named.string() + ", which is no program that can be run",
            "correct NEARFAB_STEP, or unset it to look in the usual places");
    }
    const fs::path folder = places.running.parent_path();
    for (const fs::path& path :
         {folder / program, folder.parent_path() / "libexec" / "nearfab" / program}) {
        if (is_program(path)) return path;
    }
    if (fs::path found = in_search_path(places.search_path); !found.empty()) return found;
    return fail(ErrorCode::unsupported,
                "STEP files are read by the program nearfab-step, which is not installed here",
                "install OpenCASCADE with `scripts/setup --step` and build nearfab again, or "
                "export the part as 3MF or STL");
}

}  // namespace nearfab::step
