// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/user_paths.hpp"

namespace nearfab::cli {
namespace {

std::filesystem::path absolute_or(const Environment& environment,
                                  const std::string& name,
                                  const std::filesystem::path& otherwise) {
    const auto found = environment.find(name);
    if (found == environment.end()) return otherwise;
    const std::filesystem::path path{found->second};
    return path.is_absolute() ? path : otherwise;
}

}  // namespace

UserPaths user_paths(const Environment& environment) {
    const std::filesystem::path home = absolute_or(environment, "HOME", ".nearfab");
    const std::filesystem::path state =
        absolute_or(environment, "XDG_STATE_HOME", home / ".local" / "state") / "nearfab";
    UserPaths paths;
    paths.config = absolute_or(environment, "XDG_CONFIG_HOME", home / ".config") / "nearfab";
    paths.state = state;
    // Without a runtime directory (no login session) the state directory takes its place.
    const auto runtime = absolute_or(environment, "XDG_RUNTIME_DIR", {});
    paths.runtime = runtime.empty() ? state : runtime / "nearfab";
    return paths;
}

}  // namespace nearfab::cli
