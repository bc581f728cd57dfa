// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/prusalink_driver.hpp"

#include "node-agent/core/start_gate.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace nearfab::agent {
namespace {

// On the firmware `name` is the short name of 8.3.
std::string name_in(const Json& file) {
    std::string name = text_at(file, {"display_name"});
    if (name.empty()) name = text_at(file, {"display"});
    if (name.empty()) name = text_at(file, {"name"});
    return name;
}

MachineCondition condition_of(const std::string& state) {
    if (state == "IDLE" || state == "READY") return MachineCondition::idle;
    if (state == "PRINTING") return MachineCondition::running;
    // ATTENTION: the printer waits for somebody at its screen.
    if (state == "PAUSED" || state == "ATTENTION") return MachineCondition::paused;
    if (state == "ERROR") return MachineCondition::fault;
    return MachineCondition::busy;  // BUSY, FINISHED, STOPPED, and what later versions may say.
}

// A list on the Raspberry Pi, an object on the firmware.
bool may_hold_files(const Json& storage) {
    const bool writable = !flag_at(storage, {"read_only"}) && !flag_at(storage, {"ro"});
    return flag_at(storage, {"available"}) && writable;
}

}  // namespace

Result<std::unique_ptr<PrusalinkDriver>> PrusalinkDriver::open(PrusalinkOptions options) {
    HttpMachineOptions http;
    http.http.base_url = options.url;
    // The name stays the same for the life of the driver: the Pi binds its nonce to it.
    http.http.headers = {{"Accept", "application/json"}};
    if (!options.key.empty()) {
        http.http.headers.emplace_back("X-Api-Key", options.key);
    } else {
        http.http.digest = {options.user, options.password};
    }
    http.http.ca_file = options.ca_file;
    http.key_hint =
        "the key is on the printer's screen under Settings > Network > PrusaLink, or on "
        "PrusaLink's page under Settings";
    http.confirm_poll = options.confirm_poll;
    http.confirm_limit = options.confirm_limit;
    auto machine = HttpMachine::open(std::move(http));
    if (!machine) return fail(machine.error());
    return std::unique_ptr<PrusalinkDriver>{new PrusalinkDriver{std::move(*machine)}};
}

DriverTraits PrusalinkDriver::traits() const {
    DriverTraits traits{DriverTraits::Run::own_storage, false, true, true};
    traits.look_at_least_every = std::chrono::seconds{5};
    return traits;
}

Result<MachineIdentity> PrusalinkDriver::identify() {
    const auto version = machine_->get("/api/version");
    if (!version) return fail(version.error());
    const std::string text = text_at(*version, {"text"});
    if (!text.starts_with("PrusaLink") && !text.starts_with("Prusa SLA")) {
        return fail(ErrorCode::unsupported,
                    machine_->url() + " is no PrusaLink, it says \"" + text + "\"",
                    "write kind = \"octoprint\" or \"moonraker\" if that is what it is");
    }
    MachineIdentity identity;
    identity.kind = "prusalink";
    identity.firmware =
        text + " " + text_at(*version, {"server"}) + " " + text_at(*version, {"firmware"});
    if (!flag_at(*version, {"capabilities", "upload-by-put"})) {
        identity.remarks.push_back("this PrusaLink takes no files by PUT: update it");
    }
    const auto info = machine_->get("/api/v1/info");
    if (!info) return fail(info.error());
    identity.model = text_at(*info, {"name"});
    identity.serial = text_at(*info, {"serial"});
    identity.nozzle_mm = number_at(*info, {"nozzle_diameter"});
    identity.remarks.push_back("PrusaLink does not tell the size of the bed");
    if (const auto path = path_of("x"); !path) identity.remarks.push_back(path.error().message);
    return identity;
}

MachineReading PrusalinkDriver::read() {
    if (const Status may = machine_->may_look(); !may) return unreachable(may.error());
    return look();
}

MachineReading PrusalinkDriver::look() {
    const auto status = machine_->get("/api/v1/status");
    machine_->looked(status ? Status{} : fail(status.error()));
    if (!status) return unreachable(status.error());
    auto reading = reading_of(*status);
    if (!reading) return unreachable(reading.error());
    return std::move(*reading);
}

Result<MachineReading> PrusalinkDriver::reading_of(const Json& status) {
    MachineReading reading;
    const std::string state = text_at(status, {"printer", "state"});
    reading.condition = condition_of(state);
    reading.detail = text_at(status, {"printer", "status_printer", "message"});
    if (reading.detail.empty() || reading.detail == "OK") reading.detail = state;
    if (reading.condition == MachineCondition::fault &&
        reading.detail.find("Serial device does not exist") != std::string::npos) {
        reading.condition = MachineCondition::unreachable;  // The cable is out.
        return reading;
    }
    const bool has_job = number_at(status, {"job", "id"}).has_value();
    if (reading.condition == MachineCondition::busy && has_job && state == "BUSY") {
        reading.condition = MachineCondition::running;
    }
    if (is_active(reading)) {
        const auto file = job_file();
        if (!file) return fail(file.error());
        reading.file = file->empty() ? "a file PrusaLink does not name" : *file;
        reading.progress = number_at(status, {"job", "progress"}).value_or(0) / 100;
        reading.remaining_s = static_cast<std::int64_t>(
            std::clamp(number_at(status, {"job", "time_remaining"}).value_or(0), 0.0, 1e9));
        running_file_ = reading.file;
        return reading;
    }
    if (state == "FINISHED" || state == "STOPPED") {
        note_end(state, last_file());
        reading.detail = "the screen still shows the end of the last print (" + state +
                         "); dismiss it there if it stays";
    }
    running_file_.clear();
    reading.last_run = last_run_;
    return reading;
}

Result<std::string> PrusalinkDriver::job_file() {
    HttpRequest request;
    request.target = "/api/v1/job";
    const auto answer = machine_->ask(request);
    if (!answer) return fail(answer.error());
    if (answer->status != 200) return std::string{};  // 204: the job has just ended.
    const auto job = json_of(*answer, request.target);
    if (!job) return fail(job.error());
    return name_in(json_at(*job, {"file"}));
}

// The name of the print whose end is on the screen. The Pi has forgotten the job by then, but its
// older interface still names the file; what was seen running at the last look is the same file.
std::string PrusalinkDriver::last_file() {
    if (const auto now = job_file(); now && !now->empty()) return *now;
    if (const auto old = machine_->get("/api/job")) {
        if (std::string name = name_in(json_at(*old, {"job", "file"})); !name.empty()) return name;
    }
    return running_file_;
}

void PrusalinkDriver::note_end(const std::string& state, const std::string& file) {
    if (file.empty()) return;
    const bool done = state == "FINISHED";
    last_run_ = LastRun{file,
                        done ? RunOutcome::completed : RunOutcome::aborted,
                        done ? "PrusaLink: finished" : "PrusaLink: stopped"};
}

Result<std::string> PrusalinkDriver::path_of(const std::string& name) {
    if (storage_.empty()) {
        const auto list = machine_->get("/api/v1/storage");
        if (!list) return fail(list.error());
        const Json& entries = json_at(*list, {"storage_list"});
        for (const Json& entry : entries) {
            if (storage_.empty() && may_hold_files(entry)) storage_ = text_at(entry, {"path"});
        }
    }
    if (storage_.empty()) {
        return fail(ErrorCode::unavailable,
                    "the printer has no storage that takes files",
                    "put a USB drive or a card into it");
    }
    return "/api/v1/files" + storage_ + "/" + percent_encoded(name);
}

Status PrusalinkDriver::upload(const std::string& name, std::span<const std::uint8_t> bytes) {
    const auto path = path_of(name);
    if (!path) return fail(path.error());
    const auto there = machine_->get(*path);
    if (there) {
        const auto held = stored_hash(name);
        // What it does not give back was uploaded before a restart: the name is ours alone.
        const bool from_before =
            !held && held.error().code == ErrorCode::unsupported && !uploaded_.contains(name);
        if (!from_before) return machine_->check_copy(name, held, bytes);
    } else if (there.error().code != ErrorCode::not_found) {
        return fail(there.error());
    }
    if (Status stored = put(name, *path, bytes); !stored) return stored;
    uploaded_[name] = {nearfab::hash_of(bytes), bytes.size()};
    return machine_->check_copy(name, stored_hash(name), bytes);
}

Status PrusalinkDriver::put(const std::string& name,
                            const std::string& path,
                            std::span<const std::uint8_t> bytes) {
    HttpRequest request;
    request.method = "PUT";
    request.target = path;
    // Never Print-After-Upload: old versions take any value for yes. The documented default type,
    // application/octet-stream, is answered with 500 by version 0.8.1 on printers for filament; for
    // the layers of a resin printer there is no other.
    const char* type = name.ends_with(".sl1") ? "application/octet-stream" : "text/x.gcode";
    request.headers = {{"Content-Type", type}, {"Overwrite", "?1"}};
    request.body = bytes;
    request.stall_limit = std::chrono::seconds{30};
    request.makes_way = true;
    const auto answer = machine_->ask(request);
    if (!answer) return fail(answer.error());
    if (answer->status == 201 || answer->status == 200) return {};
    storage_.clear();  // It may have been pulled out, or be full.
    return fail(answer->status == 409 ? ErrorCode::conflict : ErrorCode::unavailable,
                "PrusaLink does not take " + name + ": " + words_of(*answer) + " (" +
                    std::to_string(answer->status) + ")",
                "look at the free space of its storage");
}

Result<ContentHash> PrusalinkDriver::stored_hash(const std::string& name) {
    const auto path = path_of(name);
    if (!path) return fail(path.error());
    const auto file = machine_->get(*path);
    if (!file) return fail(file.error());
    const std::string download = text_at(*file, {"refs", "download"});
    const auto size = number_at(*file, {"size"});
    const auto ours = uploaded_.find(name);
    if (download.starts_with("/")) {
        const std::string stamp =
            value_text(*file, {"size"}) + " " + value_text(*file, {"m_timestamp"});
        return machine_->hash_of_download(name, stamp, download);
    }
    if (ours != uploaded_.end() && size == static_cast<double>(ours->second.size)) {
        return ours->second.hash;
    }
    return fail(ErrorCode::unsupported,
                "the printer does not give " + name + " back, so its bytes cannot be checked",
                "delete that file on the printer; the agent will upload it again");
}

Status PrusalinkDriver::start(const StartPermit& permit) {
    const std::string& file = permit.machine_file();
    if (Status idle = idle_for_start(look(), file); !idle) return idle;
    const auto path = path_of(file);
    if (!path) return fail(ErrorCode::conflict, path.error().message, path.error().next);
    HttpRequest request;
    request.method = "POST";
    request.target = *path;
    if (Status good = permit.still_good(); !good) return good;
    return machine_->started(machine_->command(request), file, [this] { return look(); });
}

Result<std::string> PrusalinkDriver::job_path() {
    const auto status = machine_->get("/api/v1/status");
    if (!status) return fail(status.error());
    const auto id = number_at(*status, {"job", "id"});
    if (!id || !(*id >= 0 && *id < 1e15)) {
        return fail(ErrorCode::conflict, "the printer has no job");
    }
    return "/api/v1/job/" + std::to_string(static_cast<std::int64_t>(*id));
}

Status PrusalinkDriver::job_command(const std::string& method, const std::string& action) {
    const auto path = job_path();
    if (!path) return fail(path.error());
    HttpRequest request;
    request.method = method;
    request.target = *path + action;
    return machine_->command(request);
}

Status PrusalinkDriver::pause() {
    if (look().condition == MachineCondition::paused) return {};
    if (Status told = job_command("PUT", "/pause"); !told) return told;
    return machine_->until([this] { return look().condition == MachineCondition::paused; },
                           "it is not paused");
}

Status PrusalinkDriver::resume() {
    if (Status told = job_command("PUT", "/resume"); !told) return told;
    return machine_->until([this] { return look().condition == MachineCondition::running; },
                           "it does not run");
}

Status PrusalinkDriver::cancel() {
    if (Status told = job_command("DELETE", ""); !told) return told;
    return machine_->until(
        [this] {
            const MachineReading reading = look();
            return !is_active(reading) && reading.condition != MachineCondition::unreachable;
        },
        "it still runs");
}

}  // namespace nearfab::agent
