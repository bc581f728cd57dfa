// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command_line.hpp"
#include "cli/json_view.hpp"
#include "cli/verbs.hpp"
#include "terminal/table.hpp"

#include <ostream>

namespace nearfab::cli {

Result<ExitCode> run(const HelpExitCodesCommand&, const Desk& desk) {
    if (desk.screen.json) {
        desk.screen.out << json_of_exit_codes();
        return ExitCode::ok;
    }
    Table table{{{"CODE", Align::right}, {"MEANING"}}};
    for (const ExitCodeMeaning& entry : exit_code_meanings()) {
        table.add({std::to_string(static_cast<int>(entry.code)), std::string{entry.meaning}});
    }
    desk.screen.out << table.text();
    return ExitCode::ok;
}

Result<ExitCode> run(const VersionCommand&, const Desk& desk) {
    desk.screen.out << (desk.screen.json ? json_of_version()
                                         : "nearfab " + std::string{program_version} + "\n");
    return ExitCode::ok;
}

}  // namespace nearfab::cli
