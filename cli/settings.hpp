// SPDX-License-Identifier: GPL-3.0-or-later
// settings.hpp - what this run goes by, and who said so.
//
// A flag wins over an environment variable, that over the settings file, that over the default.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cli/command.hpp"
#include "cli/user_paths.hpp"

#include <string>
#include <utility>
#include <vector>

namespace nearfab::cli {

struct Setting {
    std::string value;   // Empty: not set anywhere, and there is no default.
    std::string origin;  // "--router", "NEARFAB_ROUTER", "/home/a/.config/nearfab/config.toml:2",
                         // "default".
    friend bool operator==(const Setting&, const Setting&) = default;
};

struct Settings {
    Setting router;
    Setting router_key;
    Setting key_file;
    Setting agent;
    Setting timeout_connect;
    Setting currency;  // In which prices are compared.

    [[nodiscard]] std::vector<std::pair<std::string, Setting>> all() const;
};

// Errors (config): the file named by --config is missing, an unknown key ("did you mean"), a value
// of the wrong type, a time-out that is no span of time.
[[nodiscard]] Result<Settings> read_settings(const GlobalOptions& options,
                                             const Environment& environment,
                                             const UserPaths& paths);

}  // namespace nearfab::cli
