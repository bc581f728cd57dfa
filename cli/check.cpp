// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/check_json.hpp"
#include "cli/check_view.hpp"
#include "cli/checked_file.hpp"
#include "cli/part_picture.hpp"
#include "cli/png_file.hpp"
#include "cli/verbs.hpp"

#include <ostream>
#include <utility>

namespace nearfab::cli {
namespace {

// Walls below what the first process wants, or 1 mm when it has no opinion.
double thin_mm(const CheckSettings& settings) {
    if (settings.limits.empty()) return 1;
    const geometry::ProcessLimits& first = settings.limits.front();
    return first.wall_good_mm.value_or(first.wall_min_mm.value_or(1));
}

Status draw(const CheckedFile& file,
            const CheckSettings& settings,
            const std::string& path,
            const Screen& screen) {
    if (!file.check || !file.check->solid) {
        screen.remark("no picture: only solids that could be read are drawn");
        return {};
    }
    const PartPicture drawn = picture_of(*file.check->solid, thin_mm(settings));
    if (const Status written = write_png(path, drawn.picture); !written) return written;
    screen.remark("picture: " + path +
                  (drawn.legend.empty() ? " (nothing to mark)" : " (" + drawn.legend + ")"));
    return {};
}

}  // namespace

Result<ExitCode> run(const CheckCommand& command, const Desk& desk) {
    auto settings = check_settings(command.bed, command.processes, command.limits);
    if (!settings) return fail(settings.error());
    settings->step = {.places = desk.step_program, .deflection = command.deflection};
    if (Status fine = step::check_deflection(command.deflection); !fine) return fail(fine.error());
    if (command.picture && command.files.size() > 1) {
        return fail(ErrorCode::invalid_argument,
                    "--picture draws one part, and there are " +
                        std::to_string(command.files.size()) + " files",
                    "check them one by one");
    }
    std::vector<CheckedFile> files;
    ExitCode end = ExitCode::ok;
    for (const std::string& name : command.files) {
        CheckedFile file = check_file(name, *settings, desk.screen);
        if (file.rejection && file.looked_at) end = ExitCode::file_rejected;
        if (!file.looked_at && end == ExitCode::ok) end = ExitCode::failure;
        if (!desk.screen.json) {
            desk.screen.out << (files.empty() ? "" : "\n")
                            << check_text(file, command.bed.value_or(""), desk.screen)
                            << std::flush;
        }
        if (command.picture) {
            const Status drawn = draw(file, *settings, *command.picture, desk.screen);
            if (!drawn) return fail(drawn.error());
        }
        if (file.rejection) desk.screen.error(*file.rejection);
        // What is shown of it later is small; the mesh is not.
        if (file.check && file.check->solid) file.check->solid->mesh = {};
        files.push_back(std::move(file));
    }
    if (desk.screen.json) desk.screen.out << json_of_check(files);
    return end;
}

}  // namespace nearfab::cli
