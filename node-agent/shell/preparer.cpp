// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/preparer.hpp"

#include "geometry/number_text.hpp"
#include "geometry/part_report.hpp"
#include "host/durable_file.hpp"
#include "host/file_descriptor.hpp"
#include "host/system_failure.hpp"
#include "node-agent/prepare/cut_sheet.hpp"
#include "node-agent/prepare/plate.hpp"
#include "node-agent/prepare/slicing.hpp"
#include "proto/model/limits.hpp"

#include <spdlog/spdlog.h>

#include <cerrno>
#include <cmath>
#include <cstddef>
#include <fcntl.h>
#include <string>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace nearfab::agent {
namespace {

// Rounding on the way; a wrong unit is further off than any of it.
constexpr double size_slack = 1e-5;
constexpr double size_slack_mm = 1e-3;

std::string size_text(const std::array<double, 3>& size) {
    using geometry::number_text;
    return number_text(size[0]) + " x " + number_text(size[1]) + " x " + number_text(size[2]) +
           " mm";
}

Status check_size(const PreparationTask& task, const std::array<double, 3>& found) {
    for (std::size_t axis = 0; axis < found.size(); ++axis) {
        const double difference = std::abs(found[axis] - task.size_mm[axis]);
        if (difference <= size_slack_mm + size_slack * task.size_mm[axis]) continue;
        return fail(ErrorCode::invalid_file,
                    "the design is " + size_text(found) + " here, but was analysed as " +
                        size_text(task.size_mm),
                    "use the same version of nearfab as the router");
    }
    return {};
}

Result<geometry::Mesh> solid_from(const PreparationTask& task,
                                  std::span<const std::uint8_t> design) {
    geometry::ReadLimits reading;
    reading.unit = task.design.unit;
    auto mesh = geometry::read_mesh(design, reading);
    if (!mesh) return mesh;
    const geometry::Vec3 size = geometry::bounds_of(*mesh).size();
    if (auto same = check_size(task, {size.x, size.y, size.z}); !same) return fail(same.error());
    return mesh;
}

Result<FlatPart> flat_part_of(const PreparationTask& task, std::span<const std::uint8_t> design) {
    auto part = flat_part_from(design, false, task.design.unit, task.design.operations);
    if (!part) return part;
    if (auto same = check_size(task, part->size_mm); !same) return fail(same.error());
    return part;
}

Result<std::vector<std::uint8_t>> design_of(const PreparationTask& task) {
    auto bytes = read_file(task.design_file, limits::design_bytes_max);
    if (!bytes) return fail(bytes.error());
    if (hash_of(*bytes) != task.design.design) {
        return fail(ErrorCode::invalid_file,
                    "the stored bytes of design " + task.design.design.short_hex() +
                        " are not the ones that were ordered",
                    "the agent's disk may be failing: check it");
    }
    return bytes;
}

Status empty_directory(const std::filesystem::path& directory) {
    std::error_code problem;
    std::filesystem::remove_all(directory, problem);
    if (problem) return fail_system("cannot empty " + directory.string(), problem.value());
    return make_private_directory(directory);
}

// The file gets its final name only when its bytes are on the disk.
Status keep(const std::filesystem::path& from, const std::filesystem::path& to) {
    const FileDescriptor file{::open(from.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!file.open()) return fail_system("cannot open " + from.string(), errno);
    if (::fsync(file.number()) != 0) return fail_system("cannot sync " + from.string(), errno);
    std::error_code problem;
    std::filesystem::rename(from, to, problem);
    if (problem) return fail_system("cannot keep " + to.string(), problem.value());
    return sync_directory(to.parent_path());
}

geometry::UpAxis up_axis(const Placement& placement) {
    switch (placement.up_axis) {
        case 1:
            return geometry::UpAxis::x;
        case 2:
            return geometry::UpAxis::y;
        default:
            return geometry::UpAxis::z;
    }
}

}  // namespace

Preparer::Preparer(PreparerOptions options, EventQueue& events)
    : options_{std::move(options)}, events_{events}, thread_{[this](const std::stop_token& stop) {
          work(stop);
      }} {}

Preparer::~Preparer() {
    thread_.request_stop();
    thread_.join();
}

void Preparer::pin_for(const AttemptKey& key, const ContentHash& hash) {
    auto pin = pins_.pin(hash);
    const std::lock_guard lock{mutex_};
    pinned_[key].push_back(std::move(pin));
}

void Preparer::unpin(const AttemptKey& key) {
    const std::lock_guard lock{mutex_};
    pinned_.erase(key);
}

void Preparer::submit(std::vector<PreparationTask> pieces) {
    for (const PreparationTask& piece : pieces)
        pin_for(pieces.front().key, piece.design.design);
    {
        const std::lock_guard lock{mutex_};
        tasks_.push_back(std::move(pieces));
    }
    wake_.notify_one();
}

void Preparer::work(const std::stop_token& stop) {
    for (;;) {
        std::vector<PreparationTask> pieces;
        {
            std::unique_lock lock{mutex_};
            wake_.wait(lock, stop, [this] { return !tasks_.empty(); });
            if (stop.stop_requested()) return;
            pieces = std::move(tasks_.front());
            tasks_.pop_front();
        }
        auto prepared = prepare_safely(pieces, stop);
        // What was broken off by our own end says nothing about the design: it is sliced again.
        if (stop.stop_requested()) return;
        tell(pieces, std::move(prepared));
    }
}

void Preparer::tell(const std::vector<PreparationTask>& pieces, Result<event::Prepared> outcome) {
    if (pieces.size() == 1) {
        if (outcome) return events_.push(std::move(*outcome));
        return events_.push(event::PrepareFailed{pieces.front().key, outcome.error().message});
    }
    std::vector<AttemptKey> keys;
    for (const PreparationTask& piece : pieces)
        keys.push_back(piece.key);
    if (outcome) {
        events_.push(event::PlatePrepared{
            std::move(keys), outcome->machine_code, outcome->seconds, outcome->grams});
    } else {
        spdlog::info("no plate of {}: {}", keys.size(), outcome.error().message);
        events_.push(event::PlateFailed{std::move(keys), outcome.error().message});
    }
}

// What one design does to the planner ends that design's work, not the machines of the others.
Result<event::Prepared> Preparer::prepare_safely(const std::vector<PreparationTask>& pieces,
                                                 const std::stop_token& stop) {
    try {
        return prepare(pieces, stop);
    } catch (const std::exception& problem) {
        return fail(ErrorCode::internal,
                    std::string{"the design breaks its preparation: "} + problem.what(),
                    "report this with the design");
    }
}

Result<event::Prepared> Preparer::prepare(const std::vector<PreparationTask>& pieces,
                                          const std::stop_token& stop) {
    if (auto status = empty_directory(options_.work_directory); !status) {
        return fail(status.error());
    }
    return pieces.front().cutter ? prepare_cut(pieces) : prepare_print(pieces, stop);
}

Result<event::Prepared> Preparer::prepare_cut(const std::vector<PreparationTask>& pieces) {
    const PreparationTask& first = pieces.front();
    CutTask cutting;
    cutting.profile = *first.cutter;
    cutting.material = first.material;
    cutting.thickness_mm = first.sheet_thickness_mm;
    cutting.bed_mm = {first.limits.envelope.x_mm, first.limits.envelope.y_mm};
    cutting.density_g_cm3 = first.density_g_cm3.value_or(0);
    for (const PreparationTask& piece : pieces) {
        const auto design = design_of(piece);
        if (!design) return fail(design.error());
        auto part = flat_part_of(piece, *design);
        if (!part) return fail(part.error());
        for (const std::string& remark : part->remarks)
            spdlog::warn("design {}: {}", piece.design.design.short_hex(), remark);
        cutting.pieces.push_back({std::move(*part), 1, piece.placement.turn_deg});
    }
    const auto files = cut_sheets(cutting);
    if (!files) return fail(files.error());
    if (files->sheets.size() > 1) {
        return fail(ErrorCode::invalid_argument,
                    std::to_string(pieces.size()) + " pieces need more than one sheet");
    }
    const CutFile& file = files->sheets.front();
    const std::span<const std::uint8_t> bytes{
        reinterpret_cast<const std::uint8_t*>(file.gcode.data()), file.gcode.size()};
    const ContentHash hash = hash_of(bytes);
    pin_for(first.key, hash);
    if (auto kept = write_durably(options_.machine_code / hash.hex(), bytes); !kept) {
        return fail(kept.error());
    }
    return event::Prepared{first.key, hash, file.seconds, file.grams};
}

Result<event::Prepared> Preparer::prepare_print(const std::vector<PreparationTask>& pieces,
                                                const std::stop_token& stop) {
    const PreparationTask& first = pieces.front();
    std::vector<geometry::Mesh> laid;
    for (const PreparationTask& piece : pieces) {
        const auto design = design_of(piece);
        if (!design) return fail(design.error());
        auto part = solid_from(piece, *design);
        if (!part) return fail(part.error());
        laid.push_back(
            laid_on_bed(std::move(*part), {up_axis(piece.placement), piece.placement.turn_deg}));
    }
    auto plate = side_by_side(std::move(laid), first.limits.envelope);
    if (!plate) return fail(plate.error());
    SlicingTask slicing;
    slicing.programs = options_.slicers;
    slicing.work_directory = options_.work_directory;
    slicing.profile = first.profile;
    slicing.part = std::move(*plate);
    slicing.machine = first.limits;
    slicing.nozzle_c = first.nozzle_c;
    slicing.bed_c = first.bed_c;
    slicing.density_g_cm3 = first.density_g_cm3;
    const auto sliced = slice(slicing, stop);
    if (!sliced) return fail(sliced.error());
    if (!sliced->isolated) {
        spdlog::warn("the slicer ran without its own sandbox: {}", sliced->not_isolated_why);
    }
    pin_for(first.key, sliced->hash);
    if (auto kept = keep(sliced->file, options_.machine_code / sliced->hash.hex()); !kept) {
        return fail(kept.error());
    }
    return event::Prepared{first.key, sliced->hash, sliced->seconds, sliced->grams};
}

}  // namespace nearfab::agent
