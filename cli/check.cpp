// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/check_view.hpp"
#include "cli/checked_file.hpp"
#include "cli/part_picture.hpp"
#include "cli/png_file.hpp"
#include "cli/verbs.hpp"
#include "terminal/quantity_text.hpp"

#include <filesystem>
#include <ostream>
#include <string>
#include <system_error>
#include <unistd.h>
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
    if (!file.check) {
        screen.remark("no picture: the file could not be read");
        return {};
    }
    if (file.check->solid && file.check->solid->mesh.triangles.empty()) {
        screen.remark("no picture: no triangle of the part has an area");
        return {};
    }
    const PartPicture drawn = file.check->solid ? picture_of(*file.check->solid, thin_mm(settings))
                                                : picture_of(*file.check->flat);
    if (const Status written = write_png(path, drawn.picture); !written) return written;
    screen.remark("picture: " + path +
                  (drawn.legend.empty() ? " (nothing to mark)" : " (" + drawn.legend + ")"));
    return {};
}

// The same file under any name: by links of both kinds, and by a path that is written otherwise.
bool same_file(const std::filesystem::path& a, const std::filesystem::path& b) {
    std::error_code unknown;  // Of one that is not there; then the paths decide.
    if (std::filesystem::equivalent(a, b, unknown)) return true;
    const std::filesystem::path one = std::filesystem::weakly_canonical(a, unknown);
    if (unknown) return false;
    const std::filesystem::path other = std::filesystem::weakly_canonical(b, unknown);
    return !unknown && one == other;
}

// A picture is put in the place of the file of its name, which must not be one that is read.
Status spares_what_is_read(const CheckCommand& command) {
    const auto refuse = [&](const std::string& what) {
        return fail(ErrorCode::invalid_argument,
                    "--picture: " + in_quotes(*command.picture) + " is " + what +
                        ", which the picture would replace",
                    "name another file, for example part.png");
    };
    for (const std::string& file : command.files) {
        if (same_file(*command.picture, file)) return refuse("the file to be checked");
    }
    if (command.limits && same_file(*command.picture, *command.limits))
        return refuse("the file of --limits");
    return {};
}

// Before minutes are spent on measuring.
Status can_draw(const CheckCommand& command) {
    if (!command.picture) return {};
    if (command.files.size() > 1) {
        return fail(ErrorCode::invalid_argument,
                    "--picture draws one part, and there are " +
                        std::to_string(command.files.size()) + " files",
                    "check them one by one");
    }
    if (const Status spared = spares_what_is_read(command); !spared) return spared;
    std::filesystem::path folder = std::filesystem::path{*command.picture}.parent_path();
    if (folder.empty()) folder = ".";
    std::error_code unknown;  // Then the folder is none, too.
    if (!std::filesystem::is_directory(folder, unknown)) {
        return fail(ErrorCode::invalid_argument,
                    "--picture: there is no folder " + in_quotes(folder.string()),
                    "make it, or name a file in a folder that exists");
    }
    if (std::filesystem::is_directory(*command.picture, unknown)) {
        return fail(ErrorCode::invalid_argument,
                    "--picture: " + in_quotes(*command.picture) + " is a folder",
                    "name a file in it");
    }
    if (::access(folder.c_str(), W_OK) != 0) {
        return fail(ErrorCode::invalid_argument,
                    "--picture: nothing can be written into " + in_quotes(folder.string()),
                    "name a file in a folder of your own");
    }
    return {};
}

// Which options that are for some formats alone had a file to be used for.
struct Used {
    bool drawing = false;
    bool step = false;
};

void remark_unused(const CheckCommand& command, const Used& used, const Screen& screen) {
    if (command.thickness_mm && !used.drawing) {
        screen.remark(
            "warning: --thickness was not used: it says of what sheet a drawing is cut, "
            "and no drawing was read");
    }
    if (!command.operations.empty() && !used.drawing) {
        screen.remark(
            "warning: --operation was not used: it says what is done along the lines of a drawing, "
            "and no drawing was read");
    }
    if (command.deflection_said && !used.step) {
        screen.remark(
            "warning: --step-linear and --step-angular were not used: they say how a "
            "STEP file is cut into triangles, and no STEP file was read");
    }
}

}  // namespace

Result<ExitCode> run(const CheckCommand& command, const Desk& desk) {
    auto settings = check_settings(command.bed, command.processes, command.limits);
    if (!settings) return fail(settings.error());
    settings->unit = command.unit;
    settings->operations = command.operations;
    if (command.thickness_mm && !(*command.thickness_mm > 0)) {
        return fail(ErrorCode::invalid_argument,
                    "--thickness: a sheet is thicker than 0 mm",
                    "give the thickness in millimetres, for example --thickness 3");
    }
    settings->thickness_mm = command.thickness_mm;
    settings->step = {.places = desk.step_program, .deflection = command.deflection};
    if (Status fine = step::check_deflection(command.deflection); !fine) return fail(fine.error());
    if (const Status able = can_draw(command); !able) return fail(able.error());
    std::vector<CheckedFile> files;
    ExitCode end = ExitCode::ok;
    Used used;
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
            if (!drawn) {  // The report is worth no less for it.
                desk.screen.error(drawn.error());
                if (end == ExitCode::ok) end = ExitCode::failure;
            }
        }
        if (file.rejection) {
            desk.screen.error(desk.screen.json ? *file.rejection : error_after_report(file));
        }
        used = {used.drawing || (file.check && file.check->flat), used.step || file.step};
        // What is shown of it later is small; the mesh is not.
        if (file.check && file.check->solid) {
            file.check->solid->mesh = {};
            file.check->solid->united = {};
        }
        files.push_back(std::move(file));
    }
    remark_unused(command, used, desk.screen);
    if (desk.screen.json) desk.screen.out << json::json_of_check(reports_of(files));
    return end;
}

}  // namespace nearfab::cli
