// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/moonraker_driver.hpp"

#include "node-agent/core/start_gate.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace nearfab::agent {
namespace {

constexpr std::size_t runs_max = 50;
constexpr auto runs_kept = std::chrono::seconds{30};
constexpr Duration command_limit = std::chrono::seconds{10};
const std::string folder = "nearfab/";
const std::string state_query =
    "/printer/objects/query?webhooks&print_stats&virtual_sdcard&display_status&idle_timeout"
    "&pause_resume";

std::string file_of(const std::string& path) {
    return path.starts_with(folder) ? path.substr(folder.size()) : path;
}

std::string sha256_hex(std::span<const std::uint8_t> bytes) {
    std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
    crypto_hash_sha256(hash.data(), bytes.data(), bytes.size());
    constexpr std::string_view digits = "0123456789abcdef";
    std::string hex;
    for (const unsigned char byte : hash) {
        hex += digits[byte >> 4U];
        hex += digits[byte & 0x0FU];
    }
    return hex;
}

// Nothing for jobs that go on, and for those whose end Moonraker did not see itself.
std::optional<LastRun> ended_job(const Json& job) {
    const std::string file = text_at(job, {"filename"});
    const std::string status = text_at(job, {"status"});
    if (file.empty()) return std::nullopt;  // Begun too soon after Klipper became ready.
    if (status == "completed") {
        return LastRun{file_of(file), RunOutcome::completed, "Moonraker's history: completed"};
    }
    if (status == "cancelled" || status == "error" || status.starts_with("klippy_")) {
        return LastRun{file_of(file),
                       status == "cancelled" ? RunOutcome::aborted : RunOutcome::failed,
                       "Moonraker's history: " + status};
    }
    return std::nullopt;
}

// What Klipper itself still shows of the last run.
std::optional<LastRun> ended_print(const Json& status) {
    const std::string file = text_at(status, {"print_stats", "filename"});
    const std::string state = text_at(status, {"print_stats", "state"});
    if (file.empty()) return std::nullopt;
    const std::string message = text_at(status, {"print_stats", "message"});
    const std::string said = "Klipper: " + state + (message.empty() ? "" : ": " + message);
    if (state == "complete") return LastRun{file_of(file), RunOutcome::completed, said};
    if (state == "cancelled") return LastRun{file_of(file), RunOutcome::aborted, said};
    if (state == "error") return LastRun{file_of(file), RunOutcome::failed, said};
    return std::nullopt;
}

std::optional<double> number_in(const Json& list, std::size_t index) {
    if (!list.is_array() || index >= list.size() || !list[index].is_number()) return std::nullopt;
    return list[index].get<double>();
}

}  // namespace

Result<std::unique_ptr<MoonrakerDriver>> MoonrakerDriver::open(MoonrakerOptions options) {
    HttpMachineOptions http;
    http.http.base_url = options.url;
    if (!options.key.empty()) http.http.headers.emplace_back("X-Api-Key", options.key);
    http.http.ca_file = options.ca_file;
    http.key_hint =
        "take the key from Moonraker's GET /access/api_key, or add this computer to "
        "trusted_clients in moonraker.conf";
    http.forbidden_means_key = false;
    http.confirm_poll = options.confirm_poll;
    http.confirm_limit = options.confirm_limit;
    auto machine = HttpMachine::open(std::move(http));
    if (!machine) return fail(machine.error());
    return std::unique_ptr<MoonrakerDriver>{
        new MoonrakerDriver{std::move(*machine), options.ready_rest}};
}

DriverTraits MoonrakerDriver::traits() const {
    return {DriverTraits::Run::own_storage, true, true, true};
}

Result<MachineIdentity> MoonrakerDriver::identify() {
    const auto info = machine_->get("/server/info");
    if (!info) return fail(info.error());
    const std::string version = text_at(*info, {"result", "moonraker_version"});
    if (version.empty()) {
        return fail(ErrorCode::unsupported,
                    machine_->url() + " answers, but is no Moonraker",
                    "give the address of Moonraker itself, usually port 7125");
    }
    MachineIdentity identity;
    identity.kind = "moonraker";
    identity.firmware = "Moonraker " + version;
    const std::string klippy = text_at(*info, {"result", "klippy_state"});
    if (klippy != "ready") {
        identity.remarks.push_back("Klipper is not ready, it is \"" + klippy +
                                   "\": look at the printer's own page");
    }
    const auto printer = machine_->get("/printer/info");
    if (printer) {
        identity.firmware += ", Klipper " + text_at(*printer, {"result", "software_version"});
        identity.model = text_at(*printer, {"result", "hostname"});
    }
    const auto query = machine_->get("/printer/objects/query?configfile=settings&toolhead");
    if (!query) return identity;
    const Json& status = json_at(*query, {"result", "status"});
    const Json& low = json_at(status, {"toolhead", "axis_minimum"});
    const Json& high = json_at(status, {"toolhead", "axis_maximum"});
    std::array<double, 3> size{};
    for (std::size_t i = 0; i < 3; ++i)
        size[i] = number_in(high, i).value_or(0) - number_in(low, i).value_or(0);
    if (size[0] > 0 && size[1] > 0 && size[2] > 0) {
        identity.envelope_mm = size;
        identity.remarks.push_back("the size is the travel of the axes; the bed may be smaller");
    }
    identity.nozzle_mm =
        number_at(status, {"configfile", "settings", "extruder", "nozzle_diameter"});
    return identity;
}

MachineReading MoonrakerDriver::read() {
    if (const Status may = machine_->may_look(); !may) return unreachable(may.error());
    return look();
}

MachineReading MoonrakerDriver::look() {
    const auto answer = machine_->get(state_query);
    machine_->looked(answer ? Status{} : fail(answer.error()));
    if (!answer) {
        ready_since_.reset();
        return unreachable(answer.error());
    }
    const Json& status = json_at(*answer, {"result", "status"});
    MachineReading reading = reading_of(status);
    if (reading.condition == MachineCondition::unreachable) return reading;
    if (is_active(reading)) {
        runs_good_until_ = {};
        add_progress(status, reading);
        return reading;
    }
    if (const Status added = add_runs(status, reading); !added) return unreachable(added.error());
    return reading;
}

// Klipper's own state comes first: after a shutdown print_stats goes on saying "printing" or
// "paused".
MachineReading MoonrakerDriver::reading_of(const Json& status) {
    MachineReading reading;
    const std::string klipper = text_at(status, {"webhooks", "state"});
    const std::string print = text_at(status, {"print_stats", "state"});
    if (klipper != "ready") {
        ready_since_.reset();
        const bool fault = klipper == "error" || klipper == "shutdown";
        reading.condition = fault ? MachineCondition::fault : MachineCondition::unreachable;
        reading.detail = "Klipper is in state \"" + klipper +
                         "\": " + text_at(status, {"webhooks", "state_message"});
        return reading;
    }
    const auto now = std::chrono::steady_clock::now();
    if (!ready_since_) ready_since_ = now;
    const bool active = print == "printing" || print == "paused";
    if (active) {
        reading.condition =
            print == "paused" ? MachineCondition::paused : MachineCondition::running;
        reading.file = file_of(text_at(status, {"print_stats", "filename"}));
        if (reading.file.empty()) reading.file = "a file Klipper does not name";
        reading.detail = text_at(status, {"display_status", "message"});
        return reading;
    }
    reading.condition = MachineCondition::idle;
    if (text_at(status, {"idle_timeout", "state"}) == "Printing") {
        reading.condition = MachineCondition::busy;
        reading.detail = "a macro, homing or a command runs";
    } else if (flag_at(status, {"pause_resume", "is_paused"})) {
        reading.condition = MachineCondition::busy;
        reading.detail = "it is marked as paused without a job; send CLEAR_PAUSE in its console";
    } else if (now - *ready_since_ < ready_rest_) {
        reading.condition = MachineCondition::busy;
        reading.detail = "Klipper has just become ready";
    } else if (print == "error") {
        reading.detail =
            "the last print ended with an error: " + text_at(status, {"print_stats", "message"});
    }
    return reading;
}

// By time when the slicer has left an estimate, else by bytes.
void MoonrakerDriver::add_progress(const Json& status, MachineReading& reading) {
    const std::string path = text_at(status, {"print_stats", "filename"});
    if (path != estimated_file_) {
        estimated_file_ = path;
        const auto metadata =
            machine_->get("/server/files/metadata?filename=" + percent_encoded(path));
        estimated_s_ =
            metadata ? number_at(*metadata, {"result", "estimated_time"}).value_or(0) : 0;
    }
    const double share = number_at(status, {"virtual_sdcard", "progress"}).value_or(0);
    const double printed_s = number_at(status, {"print_stats", "print_duration"}).value_or(0);
    reading.progress = std::clamp(share, 0.0, 1.0);
    double left_s = share > 0.01 ? printed_s / share - printed_s : 0;
    if (estimated_s_ > 0) left_s = std::max(0.0, estimated_s_ - printed_s);
    reading.remaining_s = whole_seconds(left_s);
}

Status MoonrakerDriver::add_runs(const Json& status, MachineReading& reading) {
    const auto now = std::chrono::steady_clock::now();
    const std::string state = value_text(status, {"print_stats", "state"}) +
                              value_text(status, {"print_stats", "filename"});
    if (state != runs_state_ || now >= runs_good_until_) {
        auto runs = history();
        if (!runs) return fail(runs.error());
        runs_ = std::move(*runs);
        runs_state_ = state;
        runs_good_until_ = now + runs_kept;
    }
    reading.remembers = has_history_;
    reading.earlier_runs = runs_;
    const auto shown = ended_print(status);
    if (shown) {
        // Klipper may have gone on to the end after Moonraker had died and given the job up.
        std::erase_if(reading.earlier_runs,
                      [&](const LastRun& run) { return run.file == shown->file; });
        reading.last_run = shown;
    } else if (!runs_.empty()) {
        reading.last_run = runs_.front();
        reading.earlier_runs.erase(reading.earlier_runs.begin());
    }
    return {};
}

Result<std::vector<LastRun>> MoonrakerDriver::history() {
    std::vector<LastRun> runs;
    const auto list = machine_->get("/server/history/list?limit=50&order=desc");
    has_history_ = list.has_value();
    if (!list && list.error().code == ErrorCode::not_found) return runs;  // Not configured.
    if (!list) return fail(list.error());
    for (const Json& job : json_at(*list, {"result", "jobs"})) {
        if (runs.size() >= runs_max) break;
        if (auto run = ended_job(job)) runs.push_back(std::move(*run));
    }
    return runs;
}

Status MoonrakerDriver::upload(const std::string& name, std::span<const std::uint8_t> bytes) {
    const auto held = stored_hash(name);
    if (held) return machine_->check_copy(name, held, bytes);
    if (held.error().code != ErrorCode::not_found) return fail(held.error());
    const std::string checksum = sha256_hex(bytes);
    HttpRequest request;
    request.method = "POST";
    request.target = "/server/files/upload";
    request.stall_limit = std::chrono::seconds{20};
    request.makes_way = true;
    request.form = {{"root", "", bytes_of("gcodes")},
                    {"path", "", bytes_of("nearfab")},
                    {"checksum", "", bytes_of(checksum)},
                    {"file", name, bytes}};
    const auto answer = machine_->ask(request);
    if (!answer) return fail(answer.error());
    if (answer->status == 422) {
        return fail(ErrorCode::unavailable,
                    "the bytes of " + name + " changed on their way to Moonraker",
                    "check the network; the agent will try again");
    }
    if (answer->status != 201) {
        return fail(ErrorCode::invalid_argument,
                    "Moonraker does not take " + name + ": " + words_of(*answer) + " (" +
                        std::to_string(answer->status) + ")",
                    "look at its disk space and its log");
    }
    const auto json = json_of(*answer, "the upload");
    if (json && flag_at(*json, {"print_started"})) {
        return fail(ErrorCode::conflict,
                    "Moonraker says that it prints " + name + ", which nobody asked for",
                    "stop it at the printer");
    }
    return machine_->check_copy(name, stored_hash(name), bytes);
}

Result<ContentHash> MoonrakerDriver::stored_hash(const std::string& name) {
    const std::string path = folder + name;
    const auto metadata = machine_->get("/server/files/metadata?filename=" + percent_encoded(path));
    std::string stamp;
    if (metadata) {
        stamp = value_text(*metadata, {"result", "size"}) + " " +
                value_text(*metadata, {"result", "modified"});
    } else if (metadata.error().code != ErrorCode::not_found) {
        return fail(metadata.error());
    }
    return machine_->hash_of_download(
        name, stamp, "/server/files/gcodes/nearfab/" + percent_encoded(name));
}

// Moonraker answers only when Klipper's queue is empty, which may take minutes: the state says
// more.
Status MoonrakerDriver::tell(const std::string& target) {
    HttpRequest request;
    request.method = "POST";
    request.target = target;
    request.limit = command_limit;
    return machine_->command(request);
}

Status MoonrakerDriver::tell_and_see(const std::string& target,
                                     const std::function<bool()>& seen,
                                     const std::string& what) {
    const Status told = tell(target);
    if (!told && told.error().code == ErrorCode::conflict) return told;
    const Status obeyed = machine_->until(seen, what);
    return obeyed || told ? obeyed : told;
}

Status MoonrakerDriver::start(const StartPermit& permit) {
    const std::string& file = permit.machine_file();
    // It would take a start while anything is paused, and the paused job would be lost.
    if (Status idle = idle_for_start(look(), file); !idle) return idle;
    if (Status good = permit.still_good(); !good) return good;
    return machine_->started(
        tell("/printer/print/start?filename=" + percent_encoded(folder + file)), file, [this] {
            return look();
        });
}

Status MoonrakerDriver::pause() {
    const MachineReading reading = look();
    if (reading.condition == MachineCondition::paused) return {};
    if (reading.condition != MachineCondition::running) {
        return fail(ErrorCode::conflict, "nothing runs that could be paused");
    }
    return tell_and_see(
        "/printer/print/pause",
        [this] { return look().condition == MachineCondition::paused; },
        "it is not paused");
}

Status MoonrakerDriver::resume() {
    if (look().condition != MachineCondition::paused) {
        return fail(ErrorCode::conflict, "nothing is paused that could be resumed");
    }
    return tell_and_see(
        "/printer/print/resume",
        [this] { return look().condition == MachineCondition::running; },
        "it does not run");
}

Status MoonrakerDriver::cancel() {
    if (!is_active(look()))
        return fail(ErrorCode::conflict, "nothing runs that could be cancelled");
    return tell_and_see(
        "/printer/print/cancel",
        [this] {
            const MachineReading reading = look();
            return !is_active(reading) && reading.condition != MachineCondition::unreachable;
        },
        "it still runs");
}

}  // namespace nearfab::agent
