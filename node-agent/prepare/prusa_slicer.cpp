// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/prusa_slicer.hpp"

#include "geometry/part_report.hpp"
#include "geometry/readers/stl.hpp"
#include "host/durable_file.hpp"
#include "host/sandboxed_program.hpp"
#include "node-agent/prepare/slicer_remarks.hpp"
#include "proto/model/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace nearfab::agent {
namespace {

namespace fs = std::filesystem;

// Without a locale, so that 90.5 is never written with a comma.
std::string number(double value) {
    std::array<char, 400> digits{};
    const auto [end, error] = std::to_chars(
        digits.data(), digits.data() + digits.size(), value, std::chars_format::fixed, 3);
    return error == std::errc{} ? std::string{digits.data(), end} : "0";
}

Status check_inputs(const SlicingTask& task) {
    std::error_code cause;
    if (!fs::is_regular_file(task.slicer, cause)) {
        return fail(ErrorCode::unavailable,
                    "PrusaSlicer is not installed at " + task.slicer.string(),
                    "install the package prusa-slicer, or set its place in the agent's "
                    "configuration");
    }
    if (!fs::is_regular_file(task.profile_ini, cause)) {
        return fail(ErrorCode::config,
                    "the slicer profile " + task.profile_ini.string() + " does not exist",
                    "correct the machine's profile in the agent's configuration; PrusaSlicer "
                    "writes one with File > Export > Export Config");
    }
    if (!fs::is_directory(task.work_directory, cause)) {
        return fail(ErrorCode::storage,
                    "the work directory " + task.work_directory.string() + " does not exist",
                    "make it, and give it to the agent's user");
    }
    if (task.part.vertices.empty() || task.part.triangles.empty()) {
        return fail(ErrorCode::invalid_argument, "the part has no triangles");
    }
    return {};
}

Status check_size(const geometry::Mesh& laid, const geometry::WorkEnvelope& bed) {
    const geometry::Vec3 size = geometry::bounds_of(laid).size();
    const std::array part{size.x, size.y, size.z};
    const std::array room{bed.x_mm, bed.y_mm, bed.z_mm};
    for (std::size_t axis = 0; axis < part.size(); ++axis) {
        if (part[axis] > room[axis] + geometry::fit_tolerance_mm) {
            return fail(ErrorCode::invalid_argument,
                        std::string{"the part, as it was matched, is "} + number(part[axis]) +
                            " mm in " + "XYZ"[axis] + ", and the machine has " +
                            number(room[axis]) + " mm; nothing was sliced",
                        "compare the machine's envelope in the agent's configuration with what "
                        "it advertised");
        }
    }
    return {};
}

std::vector<std::string> arguments(const SlicingTask& task,
                                   const fs::path& stl,
                                   const fs::path& gcode) {
    const auto& machine = task.machine;
    std::vector<std::string> argv{task.slicer.string(),
                                  "--datadir",
                                  (task.work_directory / "slicer").string(),
                                  "--load",
                                  task.profile_ini.string(),
                                  // After --load, so it wins over the profile.
                                  "--post-process",
                                  "",
                                  "--center",
                                  number(machine.origin_mm.x + machine.envelope.x_mm / 2) + "," +
                                      number(machine.origin_mm.y + machine.envelope.y_mm / 2)};
    const auto add = [&](const char* option, const std::string& value) {
        argv.emplace_back(option);
        argv.push_back(value);
    };
    if (task.nozzle_c) {
        add("--temperature", std::to_string(*task.nozzle_c));
        add("--first-layer-temperature", std::to_string(*task.nozzle_c));
    }
    if (task.bed_c) {
        add("--bed-temperature", std::to_string(*task.bed_c));
        add("--first-layer-bed-temperature", std::to_string(*task.bed_c));
    }
    if (task.density_g_cm3) {
        add("--filament-density", number(*task.density_g_cm3));
    }
    add("--output", gcode.string());
    argv.emplace_back("--export-gcode");
    argv.push_back(stl.string());
    return argv;
}

SandboxSpec sandbox_for(const SlicingTask& task, const fs::path& stl, const fs::path& gcode) {
    SandboxSpec spec;
    spec.argv = arguments(task, stl, gcode);
    spec.read_only = {task.profile_ini};
    spec.work_directory = task.work_directory;
    spec.environment = {
        {"HOME", task.work_directory.string()}, {"LC_ALL", "C"}, {"PATH", "/usr/bin:/bin"}};
    spec.memory_bytes = task.limits.memory_bytes;
    spec.cpu_seconds = task.limits.cpu_seconds;
    spec.file_bytes = task.machine.file_bytes;
    spec.wall_clock = task.limits.wall_clock;
    return spec;
}

// The last line that is not progress ("20 => ...") or tracing: the nearest thing to a reason.
std::string last_words(const SandboxOutcome& outcome) {
    for (const std::string* output : {&outcome.standard_error, &outcome.standard_output}) {
        std::string_view rest = *output;
        while (!rest.empty()) {
            const std::size_t start = rest.rfind('\n');
            const std::string_view line =
                start == std::string_view::npos ? rest : rest.substr(start + 1);
            rest = rest.substr(0, start == std::string_view::npos ? 0 : start);
            if (!line.empty() && line.find(" => ") == std::string_view::npos &&
                line.find("[trace]") == std::string_view::npos) {
                return "; it said: " + clean_text(line, TextKind::line, 300);
            }
        }
    }
    return "; it gave no reason";
}

Status check_ending(const SandboxOutcome& outcome) {
    if (outcome.succeeded()) {
        return {};
    }
    const std::string what = "PrusaSlicer " + ending_text(outcome);
    if (outcome.ending == SandboxEnding::stopped) {
        return fail(ErrorCode::unavailable, what, "slice again when the agent runs again");
    }
    if (outcome.ending == SandboxEnding::timed_out ||
        outcome.ending == SandboxEnding::cpu_exceeded) {
        return fail(ErrorCode::timed_out,
                    what,
                    "use a coarser profile, or allow more time in the agent's configuration");
    }
    return fail(ErrorCode::invalid_file,
                what + last_words(outcome),
                "slice the part by hand with the same profile to see what is wrong");
}

Result<SlicedFile> read_output(const SlicingTask& task, const fs::path& gcode) {
    const auto bytes = read_file(gcode, task.machine.file_bytes);
    if (!bytes) {
        if (bytes.error().code != ErrorCode::not_found) {
            return fail(bytes.error());
        }
        return fail(ErrorCode::invalid_file,
                    "PrusaSlicer ended well but wrote no G-code",
                    "slice the part by hand with the same profile to see what is wrong");
    }
    const std::string_view text{reinterpret_cast<const char*>(bytes->data()), bytes->size()};
    auto facts = check_marlin(text, task.machine);
    if (!facts) {
        return fail(facts.error().code,
                    "the sliced code is not safe for this machine: " + facts.error().message,
                    facts.error().next);
    }
    const SlicerRemarks remarks = remarks_in(text);
    if (!remarks.seconds) {
        return fail(ErrorCode::invalid_file,
                    "the sliced code does not say how long it takes",
                    "use PrusaSlicer 2.5 or newer with a G-code flavour of Marlin");
    }
    SlicedFile sliced;
    sliced.gcode = gcode;
    sliced.hash = hash_of(*bytes);
    sliced.bytes = bytes->size();
    sliced.seconds = *remarks.seconds;
    sliced.filament_mm = remarks.filament_mm;
    sliced.filament_g = remarks.filament_g;
    sliced.layers = remarks.layers;
    sliced.facts = *facts;
    return sliced;
}

}  // namespace

Result<SlicedFile> slice(const SlicingTask& task, const std::stop_token& stop) {
    if (const Status inputs = check_inputs(task); !inputs) {
        return fail(inputs.error());
    }
    const geometry::Mesh laid = laid_on_bed(task.part, task.orientation);
    if (const Status fits = check_size(laid, task.machine.envelope); !fits) {
        return fail(fits.error());
    }
    const fs::path stl = task.work_directory / "part.stl";
    const fs::path gcode = task.work_directory / "part.gcode";
    std::error_code cause;
    fs::remove(gcode, cause);  // An old file must never pass for the new one.
    if (cause) {
        return fail(ErrorCode::storage,
                    "cannot remove " + gcode.string() + ": " + cause.message(),
                    "check the work directory");
    }
    if (const Status written = write_durably(stl, geometry::write_stl(laid)); !written) {
        return fail(written.error());
    }
    const auto outcome = run_sandboxed(sandbox_for(task, stl, gcode), stop);
    if (!outcome) {
        return fail(outcome.error());
    }
    if (const Status ended = check_ending(*outcome); !ended) {
        return fail(ended.error());
    }
    auto sliced = read_output(task, gcode);
    if (sliced) {
        sliced->isolated = outcome->report.isolated;
        sliced->not_isolated_why = outcome->report.why_not;
    }
    return sliced;
}

}  // namespace nearfab::agent
