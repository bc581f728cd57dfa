// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/octoprint_driver.hpp"

#include "node-agent/core/start_gate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace nearfab::agent {
namespace {

constexpr std::size_t runs_max = 50;
constexpr auto runs_kept = std::chrono::seconds{30};
constexpr std::string_view folder = "nearfab";
const std::string folder_path = "/api/files/local/nearfab";

std::string path_of(const std::string& name) {
    return folder_path + "/" + percent_encoded(name);
}

// Ours without its folder; others as OctoPrint calls them.
std::string file_of(const Json& job) {
    std::string path = text_at(job, {"job", "file", "path"});
    if (path.empty()) path = text_at(job, {"job", "file", "name"});
    const std::string ours = std::string{folder} + "/";
    return path.starts_with(ours) ? path.substr(ours.size()) : path;
}

bool begins_with_one_of(const std::string& text, std::initializer_list<const char*> words) {
    return std::any_of(
        words.begin(), words.end(), [&](const char* word) { return text.starts_with(word); });
}

// States are known by their beginnings: versions add words behind them ("Printing from SD",
// "Offline (Error: ...)").
MachineCondition condition_of(const std::string& state, const std::string& error) {
    const bool offline = begins_with_one_of(state, {"Offline", "Closed"});
    if (state.starts_with("Error") ||
        (offline && (!error.empty() || state.find("rror") != std::string::npos))) {
        return MachineCondition::fault;
    }
    if (offline || begins_with_one_of(state, {"Opening", "Detecting", "Connecting"})) {
        return MachineCondition::unreachable;
    }
    if (state == "Operational") return MachineCondition::idle;
    if (state == "Paused") return MachineCondition::paused;
    if (begins_with_one_of(state,
                           {"Printing",
                            "Starting",
                            "Sending",
                            "Transferring",
                            "Resuming",
                            "Cancelling",
                            "Finishing",
                            "Pausing"})) {
        return MachineCondition::running;
    }
    return MachineCondition::busy;
}

struct EndedRun {
    LastRun run;
    double ended_s = 0;
};

// An entry of the list of files: how its last print ended, if it was ever printed.
std::optional<EndedRun> ended_run(const Json& file, const std::string& name) {
    const auto date = number_at(file, {"prints", "last", "date"});
    if (!date) return std::nullopt;
    const bool good = flag_at(file, {"prints", "last", "success"});
    return EndedRun{{name,
                     good ? RunOutcome::completed : RunOutcome::failed,
                     good ? "OctoPrint counts it as printed"
                          : "OctoPrint counts it as cancelled, failed or cut off"},
                    *date};
}

std::string json_text(std::string_view text) {
    return Json(std::string{text}).dump();
}

}  // namespace

Result<std::unique_ptr<OctoprintDriver>> OctoprintDriver::open(OctoprintOptions options) {
    HttpMachineOptions http;
    http.http.base_url = options.url;
    // No version header: without it 2.0 keeps the answers of 1.x.
    http.http.headers = {{"X-Api-Key", options.key}, {"Accept", "application/json"}};
    http.http.ca_file = options.ca_file;
    http.key_hint =
        "make a key in OctoPrint under Settings > Application Keys, as a user who may "
        "see the status, upload, download, select and print files";
    http.confirm_poll = options.confirm_poll;
    http.confirm_limit = options.confirm_limit;
    auto machine = HttpMachine::open(std::move(http));
    if (!machine) return fail(machine.error());
    return std::unique_ptr<OctoprintDriver>{new OctoprintDriver{std::move(*machine)}};
}

DriverTraits OctoprintDriver::traits() const {
    return {DriverTraits::Run::own_storage, true, true, true};
}

Result<MachineIdentity> OctoprintDriver::identify() {
    const auto version = machine_->get("/api/version");
    if (!version) return fail(version.error());
    const std::string text = text_at(*version, {"text"});
    if (!text.starts_with("OctoPrint ") || text.find("Moonraker") != std::string::npos) {
        const bool moonraker = text.find("Moonraker") != std::string::npos;
        return fail(ErrorCode::unsupported,
                    machine_->url() + " is no OctoPrint, it says \"" + text + "\"",
                    std::string{"write kind = \""} + (moonraker ? "moonraker" : "prusalink") +
                        "\" if that is what it is");
    }
    MachineIdentity identity;
    identity.kind = "octoprint";
    identity.firmware = text;
    const auto connection = machine_->get("/api/connection");
    if (!connection) return fail(connection.error());
    if (condition_of(text_at(*connection, {"current", "state"}), "") ==
        MachineCondition::unreachable) {
        identity.remarks.push_back(
            "OctoPrint has no connection to the printer: connect it on OctoPrint's page");
    }
    const auto profiles = machine_->get("/api/printerprofiles");
    if (!profiles) return identity;
    for (const Json& profile : json_at(*profiles, {"profiles"})) {
        if (!flag_at(profile, {"current"})) continue;
        identity.model = text_at(profile, {"model"});
        const auto x = number_at(profile, {"volume", "width"});
        const auto y = number_at(profile, {"volume", "depth"});
        const auto z = number_at(profile, {"volume", "height"});
        if (x && y && z) identity.envelope_mm = {*x, *y, *z};
        identity.nozzle_mm = number_at(profile, {"extruder", "nozzleDiameter"});
        identity.remarks.push_back("size and nozzle are what OctoPrint's printer profile \"" +
                                   text_at(profile, {"name"}) + "\" says; nobody has measured");
    }
    return identity;
}

MachineReading OctoprintDriver::read() {
    if (const Status may = machine_->may_look(); !may) return unreachable(may.error());
    return look();
}

MachineReading OctoprintDriver::look() {
    // /api/printer says 409 whenever the printer is not connected; /api/job always answers.
    const auto job = machine_->get("/api/job");
    machine_->looked(job ? Status{} : fail(job.error()));
    if (!job) return unreachable(job.error());
    auto reading = reading_of_job(*job);
    if (!reading) return unreachable(reading.error());
    return std::move(*reading);
}

Result<MachineReading> OctoprintDriver::reading_of_job(const Json& job) {
    MachineReading reading;
    reading.remembers = true;
    const std::string state = text_at(job, {"state"});
    const std::string error = text_at(job, {"error"});
    reading.condition = condition_of(state, error);
    reading.detail = error.empty() ? state : state + ": " + error;
    if (reading.condition == MachineCondition::unreachable) {
        reading.detail = "OctoPrint has no connection to the printer (" + state + ")";
        return reading;
    }
    if (is_active(reading)) {
        runs_good_until_ = {};
        reading.file = file_of(job);
        if (reading.file.empty()) reading.file = "a file OctoPrint does not name";
        reading.progress = number_at(job, {"progress", "completion"}).value_or(0) / 100;
        reading.remaining_s =
            whole_seconds(number_at(job, {"progress", "printTimeLeft"}).value_or(0));
        return reading;
    }
    if (const Status added = add_runs(job, reading); !added) return fail(added.error());
    return reading;
}

Status OctoprintDriver::add_runs(const Json& job, MachineReading& reading) {
    const std::string selected = file_of(job);
    const auto now = std::chrono::steady_clock::now();
    if (selected != runs_selected_ || now >= runs_good_until_) {
        auto runs = ended_runs(job);
        if (!runs) return fail(runs.error());
        runs_ = std::move(*runs);
        runs_selected_ = selected;
        // The entry of a print is written a moment after the state has changed.
        const bool known = std::any_of(
            runs_.begin(), runs_.end(), [&](const LastRun& run) { return run.file == selected; });
        runs_good_until_ =
            selected.empty() || known ? now + runs_kept : std::chrono::steady_clock::time_point{};
    }
    if (runs_.empty()) return {};
    reading.last_run = runs_.front();
    reading.earlier_runs.assign(runs_.begin() + 1, runs_.end());
    return {};
}

Result<std::vector<LastRun>> OctoprintDriver::ended_runs(const Json& job) {
    std::vector<EndedRun> ended;
    const auto list = machine_->get(folder_path + "?recursive=true");
    if (!list && list.error().code != ErrorCode::not_found) return fail(list.error());
    if (list) {
        for (const Json& file : json_at(*list, {"children"})) {
            if (auto run = ended_run(file, text_at(file, {"name"}))) ended.push_back(*run);
        }
    }
    const std::string selected = file_of(job);
    const bool foreign = selected == text_at(job, {"job", "file", "path"});
    if (foreign && !selected.empty() && text_at(job, {"job", "file", "origin"}) == "local") {
        const auto file = machine_->get("/api/files/local/" + percent_encoded_path(selected));
        if (file) {
            if (auto run = ended_run(*file, selected)) ended.push_back(*run);
        }
    }
    std::stable_sort(ended.begin(), ended.end(), [](const EndedRun& a, const EndedRun& b) {
        return a.ended_s > b.ended_s;
    });
    if (ended.size() > runs_max) ended.resize(runs_max);
    std::vector<LastRun> runs;
    const bool listed = std::any_of(
        ended.begin(), ended.end(), [&](const EndedRun& run) { return run.run.file == selected; });
    const double sent = number_at(job, {"progress", "completion"}).value_or(0);
    if (!selected.empty() && !listed && sent >= 100) {
        runs.push_back({selected, RunOutcome::completed, "OctoPrint has sent the whole file"});
    }
    for (EndedRun& run : ended)
        runs.push_back(std::move(run.run));
    return runs;
}

Status OctoprintDriver::make_folder() {
    if (const auto there = machine_->get(folder_path); there) return {};
    HttpRequest request;
    request.method = "POST";
    request.target = "/api/files/local";
    request.form = {{"foldername", "", bytes_of(folder)}};
    const auto answer = machine_->ask(request);
    if (!answer) return fail(answer.error());
    if (answer->status == 201 || answer->status == 409) return {};  // 409: it is there by now.
    return fail(ErrorCode::unavailable,
                "OctoPrint makes no folder \"nearfab\" for our files: " + words_of(*answer));
}

Status OctoprintDriver::upload(const std::string& name, std::span<const std::uint8_t> bytes) {
    if (const Status made = make_folder(); !made) return made;
    const std::string note = "{\"nearfab\":" + json_text(name) + "}";
    HttpRequest request;
    request.method = "POST";
    request.target = "/api/files/local";
    request.stall_limit = std::chrono::seconds{20};
    request.makes_way = true;
    request.form = {{"path", "", bytes_of(folder)},
                    {"noOverwrite", "", bytes_of("true")},
                    {"userdata", "", bytes_of(note)},
                    {"file", name, bytes}};
    const auto answer = machine_->ask(request);
    if (!answer) return fail(answer.error());
    if (answer->status == 409) return machine_->check_copy(name, stored_hash(name), bytes);
    if (answer->status != 201) {
        const bool full = words_of(*answer).find("space") != std::string::npos;
        return fail(
            answer->status == 413 || full ? ErrorCode::unavailable : ErrorCode::invalid_argument,
            "OctoPrint does not take " + name + ": " + words_of(*answer) + " (" +
                std::to_string(answer->status) + ")",
            "look at its disk space and at the permissions of the key");
    }
    const auto json = json_of(*answer, "the upload");
    if (!json) return fail(json.error());
    if (flag_at(*json, {"effectivePrint"})) {
        return fail(ErrorCode::conflict,
                    "OctoPrint says that it prints " + name + ", which nobody asked for",
                    "stop it at the printer, and look for a plugin that prints after an upload");
    }
    const std::string path = text_at(*json, {"files", "local", "path"});
    if (path != std::string{folder} + "/" + name) {
        return fail(ErrorCode::unsupported,
                    "OctoPrint keeps " + name + " under another name, " + path,
                    "look for a plugin that renames uploads");
    }
    return machine_->check_copy(name, stored_hash(name), bytes);
}

Result<ContentHash> OctoprintDriver::stored_hash(const std::string& name) {
    const auto file = machine_->get(path_of(name));
    if (!file) return fail(file.error());
    const std::string stamp = value_text(*file, {"size"}) + " " + value_text(*file, {"date"});
    return machine_->hash_of_download(
        name, stamp, "/downloads/files/local/nearfab/" + percent_encoded(name));
}

Status OctoprintDriver::start(const StartPermit& permit) {
    const std::string& file = permit.machine_file();
    if (Status idle = idle_for_start(look(), file); !idle) return idle;
    const std::string body = R"({"command":"select","print":true})";
    HttpRequest request;
    request.method = "POST";
    request.target = path_of(file);
    request.headers = {{"Content-Type", "application/json"}};
    request.body = bytes_of(body);
    if (Status good = permit.still_good(); !good) return good;
    return machine_->started(machine_->command(request), file, [this] { return look(); });
}

Status OctoprintDriver::job_command(const std::string& json) {
    HttpRequest request;
    request.method = "POST";
    request.target = "/api/job";
    request.headers = {{"Content-Type", "application/json"}};
    request.body = bytes_of(json);
    return machine_->command(request);
}

// Without "action" the same command would pause and resume in turn.
Status OctoprintDriver::pause() {
    if (look().condition == MachineCondition::paused) return {};
    if (Status told = job_command(R"({"command":"pause","action":"pause"})"); !told) return told;
    return machine_->until([this] { return look().condition == MachineCondition::paused; },
                           "it is not paused");
}

Status OctoprintDriver::resume() {
    if (Status told = job_command(R"({"command":"pause","action":"resume"})"); !told) return told;
    return machine_->until([this] { return look().condition != MachineCondition::paused; },
                           "it is still paused");
}

Status OctoprintDriver::cancel() {
    if (Status told = job_command(R"({"command":"cancel"})"); !told) return told;
    return machine_->until(
        [this] {
            const MachineReading reading = look();
            return reading.condition == MachineCondition::idle ||
                   reading.condition == MachineCondition::fault;
        },
        "it still runs");
}

}  // namespace nearfab::agent
