// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/slicing.hpp"

#include "geometry/part_report.hpp"
#include "geometry/readers/stl.hpp"
#include "host/durable_file.hpp"
#include "host/sandboxed_program.hpp"
#include "node-agent/prepare/slicer_command.hpp"
#include "node-agent/prepare/slicer_remarks.hpp"
#include "proto/model/text.hpp"

#include <array>
#include <numbers>
#include <span>
#include <system_error>

namespace nearfab::agent {
namespace {

namespace fs = std::filesystem;

constexpr const char* by_hand = "slice the part by hand with the same profile to see what is wrong";

std::string slicer_of(const SlicingTask& task) {
    return std::string{slicer_name(task.profile.slicer)};
}

Status check_inputs(const SlicingTask& task) {
    const Slicer slicer = task.profile.slicer;
    if (Status there = check_slicer(slicer, task.programs.of(slicer)); !there) return there;
    std::error_code cause;
    if (!fs::is_regular_file(task.profile.file, cause)) {
        return fail(ErrorCode::config,
                    "the slicer profile " + task.profile.file.string() + " does not exist",
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
                        "the part, as it was matched, is " + setting_number(part[axis]) +
                            " mm in " + "XYZ"[axis] + ", and the machine has " +
                            setting_number(room[axis]) + " mm; nothing was sliced",
                        "compare the machine's envelope in the agent's configuration with what "
                        "it advertised");
        }
    }
    return {};
}

std::uint64_t bytes_max(const SlicingTask& task) {
    return task.profile.resin ? task.profile.resin->limits.file_bytes : task.machine.file_bytes;
}

SandboxSpec sandbox_for(const SlicingTask& task, const SlicerCommand& command) {
    SandboxSpec spec;
    spec.argv = command.arguments;
    spec.read_only = command.read_only;
    spec.read_only.push_back(task.programs.of(task.profile.slicer));  // It may be in /opt.
    spec.work_directory = task.work_directory;
    // Threads that have nothing to do sleep: the agent shares its computer with the machines. Few
    // arenas, because each takes 64 MiB of address space, used or not.
    spec.environment = {{"HOME", task.work_directory.string()},
                        {"LC_ALL", "C"},
                        {"MALLOC_ARENA_MAX", "2"},
                        {"OMP_WAIT_POLICY", "passive"},
                        {"PATH", "/usr/bin:/bin"}};
    spec.memory_bytes = task.limits.memory_bytes + command.more_memory_bytes;
    spec.stack_bytes = command.stack_bytes;
    spec.cpu_seconds = task.limits.cpu_seconds;
    spec.file_bytes = bytes_max(task);
    spec.wall_clock = task.limits.wall_clock;
    return spec;
}

Status check_ending(const std::string& slicer, const SandboxOutcome& outcome) {
    if (outcome.succeeded()) return {};
    const std::string what = slicer + " " + ending_text(outcome);
    if (outcome.ending == SandboxEnding::stopped) {
        return fail(ErrorCode::unavailable, what, "slice again when the agent runs again");
    }
    if (outcome.ending == SandboxEnding::timed_out ||
        outcome.ending == SandboxEnding::cpu_exceeded) {
        return fail(ErrorCode::timed_out,
                    what,
                    "use a coarser profile, or allow more time in the agent's configuration");
    }
    const std::string_view reason = reason_in(outcome.standard_error, outcome.standard_output);
    return fail(ErrorCode::invalid_file,
                what + (reason.empty() ? "; it gave no reason"
                                       : "; it said: " + clean_text(reason, TextKind::line, 300)),
                by_hand);
}

Result<SlicerRemarks> remarks_of(const SlicingTask& task, std::string_view gcode) {
    const bool cura = task.profile.slicer == Slicer::cura_engine;
    const SlicerRemarks remarks = cura ? cura_remarks_in(gcode) : remarks_in(gcode);
    if (remarks.layers == 0) {
        return fail(ErrorCode::invalid_file,
                    slicer_of(task) + " found nothing to print in the part",
                    "its walls may be thinner than the nozzle, or the part flatter than a layer");
    }
    if (!remarks.seconds) {
        return fail(ErrorCode::invalid_file,
                    "the sliced code does not say how long it takes",
                    cura ? "use CuraEngine 4.13, as Debian 12 has it"
                         : "use PrusaSlicer 2.5 or newer with a G-code flavour of Marlin");
    }
    return remarks;
}

// CuraEngine leaves placeholders in the head of its file: what it pushes is counted by the gate.
void weigh_cura(const SlicingTask& task, SlicedFile& sliced) {
    const double across = cura_filament_diameter_mm(task.profile);
    const double cm3 = sliced.facts.spool_mm * std::numbers::pi * across * across / 4 / 1000;
    sliced.filament_mm = sliced.facts.spool_mm;
    sliced.grams = cm3 * task.density_g_cm3.value_or(task.profile.filament_density_g_cm3);
}

Result<SlicedFile> checked_gcode(const SlicingTask& task, std::string_view text) {
    auto facts = check_marlin(text, task.machine);
    if (!facts) {
        return fail(facts.error().code,
                    "the sliced code is not safe for this machine: " + facts.error().message,
                    facts.error().next);
    }
    const auto remarks = remarks_of(task, text);
    if (!remarks) return fail(remarks.error());
    SlicedFile sliced;
    sliced.seconds = *remarks->seconds;
    sliced.filament_mm = remarks->filament_mm;
    sliced.grams = remarks->filament_g;
    sliced.layers = remarks->layers;
    sliced.facts = *facts;
    if (task.profile.slicer == Slicer::cura_engine) weigh_cura(task, sliced);
    return sliced;
}

Result<SlicedFile> checked_sl1(const SlicingTask& task, std::span<const std::uint8_t> archive) {
    const ResinPrinter& printer = *task.profile.resin;
    const auto facts = check_sl1(archive, printer.limits);
    if (!facts) {
        return fail(facts.error().code,
                    "the sliced layers are not safe for this machine: " + facts.error().message,
                    facts.error().next);
    }
    SlicedFile sliced;
    sliced.seconds = facts->seconds;
    sliced.grams = facts->resin_ml * task.density_g_cm3.value_or(printer.resin_g_cm3);
    sliced.layers = facts->layers;
    return sliced;
}

Result<SlicedFile> read_output(const SlicingTask& task, const fs::path& file) {
    const auto bytes = read_file(file, bytes_max(task));
    if (!bytes) {
        if (bytes.error().code != ErrorCode::not_found) return fail(bytes.error());
        return fail(
            ErrorCode::invalid_file, slicer_of(task) + " ended well but wrote no file", by_hand);
    }
    if (bytes->empty()) {
        return fail(ErrorCode::invalid_file,
                    slicer_of(task) + " ended well but wrote an empty file",
                    by_hand);
    }
    const std::string_view text{reinterpret_cast<const char*>(bytes->data()), bytes->size()};
    auto sliced = task.profile.resin ? checked_sl1(task, *bytes) : checked_gcode(task, text);
    if (!sliced) return sliced;
    sliced->file = file;
    sliced->hash = hash_of(*bytes);
    sliced->bytes = bytes->size();
    return sliced;
}

Result<SlicerCommand> command_for(const SlicingTask& task, const SlicerFiles& files) {
    if (task.profile.slicer == Slicer::cura_engine) return cura_command(task, files);
    return prusa_command(task, files);
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
    const SlicerFiles files{task.work_directory / "part.stl",
                            task.work_directory / (task.profile.resin ? "part.sl1" : "part.gcode"),
                            geometry::bounds_of(laid).size().z};
    std::error_code cause;
    fs::remove(files.result, cause);  // An old file must never pass for the new one.
    if (cause) {
        return fail(ErrorCode::storage,
                    "cannot remove " + files.result.string() + ": " + cause.message(),
                    "check the work directory");
    }
    if (const Status written = write_durably(files.stl, geometry::write_stl(laid)); !written) {
        return fail(written.error());
    }
    const auto command = command_for(task, files);
    if (!command) return fail(command.error());
    const auto outcome = run_sandboxed(sandbox_for(task, *command), stop);
    if (!outcome) {
        return fail(outcome.error());
    }
    if (const Status ended = check_ending(slicer_of(task), *outcome); !ended) {
        return fail(ended.error());
    }
    auto sliced = read_output(task, files.result);
    if (sliced) {
        sliced->isolated = outcome->report.isolated;
        sliced->not_isolated_why = outcome->report.why_not;
    }
    return sliced;
}

}  // namespace nearfab::agent
