// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/simulated_driver.hpp"

#include "host/durable_file.hpp"
#include "node-agent/core/start_gate.hpp"
#include "node-agent/drivers/simulated_memory.hpp"

#include <algorithm>
#include <cmath>
#include <system_error>
#include <utility>

namespace nearfab::agent {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_memory_bytes = 1U << 20U;
constexpr std::size_t most_order_bytes = 1U << 16U;
constexpr std::size_t longest_name = 120;

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string text_of(const std::vector<std::uint8_t>& bytes) {
    return {bytes.begin(), bytes.end()};
}

Error storage_error(const std::string& what, const fs::path& path, const std::error_code& cause) {
    return {ErrorCode::storage,
            what + " " + path.string() + ": " + cause.message(),
            "check the directory of the simulated machine"};
}

bool is_name(const std::string& name) {
    return !name.empty() && name.size() <= longest_name && name.front() != '.' &&
           std::all_of(name.begin(), name.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '.' || c == '_' || c == '-';
           });
}

std::string phase_text(const MachineRun::Position& position, bool cutter) {
    const std::string at = " (line " + std::to_string(position.line) + ")";
    switch (position.phase) {
        case RunPhase::moving:
            return (cutter ? "cutting" : "printing") + at;
        case RunPhase::heating:
            return "heating" + at;
        case RunPhase::homing:
            return "homing" + at;
        case RunPhase::waiting:
            return "waiting" + at;
    }
    return "running" + at;
}

}  // namespace

Result<std::unique_ptr<SimulatedDriver>> SimulatedDriver::open(SimulatedDriverOptions options) {
    if (!(options.speed > 0) || !std::isfinite(options.speed)) {
        return fail(ErrorCode::invalid_argument,
                    "the speed of a simulated machine is " + std::to_string(options.speed) +
                        ", and it must be more than 0",
                    "set it to 1 for real time, or to 100 to see a print in minutes");
    }
    if (options.boot_id.empty() || !options.now) {
        return fail(ErrorCode::invalid_argument,
                    "a simulated machine needs a clock and the name of its boot");
    }
    std::error_code cause;
    const fs::path files = options.directory / "files";
    fs::create_directories(files, cause);
    if (cause) {
        return fail(storage_error("cannot make", files, cause));
    }
    return std::unique_ptr<SimulatedDriver>{new SimulatedDriver{std::move(options)}};
}

SimulatedNow SimulatedDriver::now() const {
    return {options_.now().boot.time_since_epoch().count(), options_.boot_id};
}

Result<SimulatedMemory> SimulatedDriver::load() const {
    const auto bytes = read_file(options_.directory / "memory.json", most_memory_bytes);
    if (!bytes) {
        if (bytes.error().code == ErrorCode::not_found) {
            return SimulatedMemory{};
        }
        return fail(bytes.error());
    }
    return memory_from_json(text_of(*bytes));
}

Status SimulatedDriver::save(const SimulatedMemory& memory) const {
    const std::string text = to_json(memory);
    return write_durably(options_.directory / "memory.json", bytes_of(text));
}

// The file of orders is renamed to the next number before it is read, and the number is saved
// together with what the orders changed. So an order is obeyed once, whatever crashes in between.
Result<std::string> SimulatedDriver::take_orders(std::uint64_t taken_before) const {
    const fs::path orders = options_.directory / "orders";
    const fs::path done = options_.directory / ("orders." + std::to_string(taken_before));
    const fs::path next = options_.directory / ("orders." + std::to_string(taken_before + 1));
    std::error_code cause;
    fs::remove(done, cause);  // Its effect is saved; only its removal was missed.
    if (cause) {
        return fail(storage_error("cannot remove", done, cause));
    }
    if (!fs::exists(next, cause) && !cause) {
        fs::rename(orders, next, cause);
        if (cause == std::errc::no_such_file_or_directory) {
            return std::string{};
        }
    }
    if (cause) {
        return fail(storage_error("cannot take", orders, cause));
    }
    const auto bytes = read_file(next, most_order_bytes);
    if (!bytes) {
        return fail(bytes.error());
    }
    // An empty file of orders is taken like any other; a line end keeps it apart from no file.
    return text_of(*bytes) + "\n";
}

Result<SimulatedMemory> SimulatedDriver::look(const SimulatedNow& now) {
    const auto loaded = load();
    if (!loaded) {
        return fail(loaded.error());
    }
    SimulatedMemory memory = settled(*loaded, now);
    if (memory.made.empty()) {  // Saved below, so that it is the same machine at the next look.
        memory.made = now.boot_id.substr(0, 8) + "-" + std::to_string(now.boot_ms);
    }
    const auto orders = take_orders(memory.order_files);
    if (!orders) {
        return fail(orders.error());
    }
    if (!orders->empty()) {
        ++memory.order_files;
        memory.complaint.clear();
        std::string_view rest = *orders;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find('\n'), rest.size());
            const std::string_view line = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            if (!line.empty()) {
                memory = settled(after_order(std::move(memory), line, now), now);
            }
        }
    }
    if (memory != *loaded) {
        if (const Status saved = save(memory); !saved) {
            return fail(saved.error());
        }
    }
    return memory;
}

Result<SimulatedMemory> SimulatedDriver::reach(const SimulatedNow& now) {
    auto memory = look(now);
    if (memory && memory->offline) {
        return fail(ErrorCode::unavailable,
                    "the simulated machine does not answer",
                    "append \"online\" to its orders");
    }
    return memory;
}

DriverTraits SimulatedDriver::traits() const {
    return {DriverTraits::Run::own_storage, true, true, true};
}

Result<MachineIdentity> SimulatedDriver::identify() {
    const auto memory = reach(now());
    if (!memory) {
        return fail(memory.error());
    }
    MachineIdentity identity;
    identity.kind = "simulated";
    identity.model = options_.model;
    identity.firmware = options_.cutter ? "simulated GRBL 1.1" : "simulated Marlin 2";
    identity.serial = memory->made;
    return identity;
}

std::string SimulatedDriver::doing(const SimulatedRun& run, const SimulatedNow& now) {
    if (!planned_ || planned_->first != run.file) {
        auto made = plan(run.file);
        if (!made) {
            return "its code cannot be read any more: " + made.error().message;
        }
        planned_.emplace(run.file, std::move(*made));
    }
    return phase_text(planned_->second.at(static_cast<double>(elapsed_ms(run, now)) / 1000),
                      options_.cutter.has_value());
}

MachineReading SimulatedDriver::read() {
    const SimulatedNow moment = now();
    const auto memory = look(moment);
    if (!memory) {
        // Nothing is known of the run, so neither "idle" nor "fault" would be true.
        MachineReading reading;
        reading.condition = MachineCondition::unreachable;
        reading.detail = memory.error().message;
        return reading;
    }
    MachineReading reading = reading_of(*memory, moment);
    reading.bed_seen_empty = options_.bed_clear_at_first_start && never_ran(*memory);
    const bool ours = memory->run && !memory->run->by_hand && !memory->offline;
    if (ours) {
        const std::string what = doing(*memory->run, moment);
        reading.detail = reading.detail.empty() ? what : what + "; " + reading.detail;
    }
    return reading;
}

Result<fs::path> SimulatedDriver::file_path(const std::string& name) const {
    if (!is_name(name)) {
        return fail(ErrorCode::invalid_argument,
                    "\"" + name.substr(0, longest_name) +
                        "\" cannot be the name of a file on the "
                        "machine",
                    "use at most 120 letters, digits, points, underscores and hyphens");
    }
    return options_.directory / "files" / name;
}

Result<std::string> SimulatedDriver::file_text(const std::string& name) const {
    const auto path = file_path(name);
    if (!path) {
        return fail(path.error());
    }
    const auto bytes = read_file(*path, options_.limits.file_bytes);
    if (!bytes) {
        return fail(bytes.error());
    }
    return text_of(*bytes);
}

Result<MachineRun> SimulatedDriver::plan(const std::string& name) const {
    const auto text = file_text(name);
    if (!text) {
        return fail(text.error());
    }
    return plan_code(*text);
}

Result<MachineRun> SimulatedDriver::plan_code(std::string_view code) const {
    return options_.cutter ? plan_grbl_run(code, options_.cutter->dynamics)
                           : plan_run(code, options_.dynamics);
}

Status SimulatedDriver::check_code(std::string_view code) const {
    if (options_.cutter) {
        const auto checked = check_grbl(code, options_.cutter->limits);
        return checked ? Status{} : fail(checked.error());
    }
    const auto checked = check_marlin(code, options_.limits);
    return checked ? Status{} : fail(checked.error());
}

Status SimulatedDriver::upload(const std::string& name, std::span<const std::uint8_t> bytes) {
    if (const auto memory = reach(now()); !memory) {
        return fail(memory.error());
    }
    const auto path = file_path(name);
    if (!path) {
        return fail(path.error());
    }
    if (bytes.size() > options_.limits.file_bytes) {
        return fail(ErrorCode::too_large,
                    name + " has " + std::to_string(bytes.size()) +
                        " bytes, and the machine takes " +
                        std::to_string(options_.limits.file_bytes));
    }
    const auto held = read_file(*path, options_.limits.file_bytes);
    if (held) {
        if (std::equal(held->begin(), held->end(), bytes.begin(), bytes.end())) {
            return {};
        }
        return fail(ErrorCode::conflict,
                    "the machine holds other bytes under the name " + name,
                    "upload under another name");
    }
    if (held.error().code != ErrorCode::not_found) {
        return fail(held.error());
    }
    return write_durably(*path, bytes);
}

Result<ContentHash> SimulatedDriver::stored_hash(const std::string& name) {
    if (const auto memory = reach(now()); !memory) {
        return fail(memory.error());
    }
    const auto text = file_text(name);
    if (!text) {
        return fail(text.error());
    }
    return hash_of(*text);
}

Status SimulatedDriver::start(const StartPermit& permit) {
    const SimulatedNow moment = now();
    auto memory = reach(moment);
    if (!memory) {
        // Offline, the start may be under way for all the caller can know. A memory that cannot be
        // read or written is a firm no: nothing has been started yet.
        const bool offline = memory.error().code == ErrorCode::unavailable;
        return fail(offline ? ErrorCode::unavailable : ErrorCode::conflict,
                    memory.error().message,
                    memory.error().next);
    }
    if (Status idle = may_start(*memory); !idle) {
        return idle;
    }
    if (memory->refuse_start) {
        std::string why = *memory->refuse_start;
        memory->refuse_start.reset();
        if (const Status saved = save(*memory); !saved) {
            why += "; and this refusal will come again: " + saved.error().message;
        }
        return fail(ErrorCode::conflict, why);
    }
    const std::string& file = permit.machine_file();
    const auto text = file_text(file);
    if (!text) {
        return fail(ErrorCode::conflict, "the machine cannot open it: " + text.error().message);
    }
    if (const Status checked = check_code(*text); !checked) {
        return fail(ErrorCode::conflict,
                    "the machine refuses its code: " + checked.error().message,
                    checked.error().next);
    }
    auto run = plan_code(*text);
    if (!run) {
        return fail(ErrorCode::conflict, run.error().message);
    }
    const bool hangs = std::exchange(memory->hang_start, false);
    const auto length_ms = static_cast<std::int64_t>(std::llround(run->total_s * 1000));
    const Status saved = save(started(std::move(*memory), file, length_ms, options_.speed, moment));
    if (!saved) {
        // The rename may have happened before the disk said no.
        return fail(ErrorCode::unavailable, saved.error().message, saved.error().next);
    }
    planned_.emplace(file, std::move(*run));
    if (hangs) {
        return fail(ErrorCode::timed_out, "the simulated machine did not answer the start in time");
    }
    return {};
}

Status SimulatedDriver::command(Change change) {
    const SimulatedNow moment = now();
    auto memory = reach(moment);
    if (!memory) {
        return fail(memory.error());
    }
    const auto changed = change(std::move(*memory), moment);
    if (!changed) {
        return fail(changed.error());
    }
    return save(*changed);
}

Status SimulatedDriver::pause() {
    return command(&paused);
}
Status SimulatedDriver::resume() {
    return command(&resumed);
}
Status SimulatedDriver::cancel() {
    return command(&cancelled);
}

}  // namespace nearfab::agent
