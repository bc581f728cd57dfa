// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/json_view.hpp"
#include "cli/verbs.hpp"
#include "terminal/table.hpp"

#include <ostream>

namespace nearfab::cli {

Result<ExitCode> run(const ConfigShowCommand&, const Desk& desk) {
    if (desk.screen.json) {
        desk.screen.out << json_of_settings(desk.settings);
        return ExitCode::ok;
    }
    Table table{{{"SETTING"}, {"VALUE"}, {"FROM"}}};
    for (const auto& [key, setting] : desk.settings.all()) {
        table.add({key, setting.value.empty() ? "-" : setting.value, setting.origin});
    }
    desk.screen.out << table.text();
    return ExitCode::ok;
}

}  // namespace nearfab::cli
