// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/node-agent/drivers/fakes/fake_octoprint.hpp"

namespace nearfab::agent::fakes {
namespace {

const std::string files_path = "/api/files/local/";
const std::string download_path = "/downloads/files/local/";

FakeAnswer refuse(int status, const std::string& words) {
    return {status, "{\"error\":\"" + words + "\"}"};
}

std::string quoted(const std::string& text) {
    return "\"" + text + "\"";
}

}  // namespace

FakeOctoprint::FakeOctoprint()
    : server{[this](const FakeRequest& request) { return handle(request); }} {}

FakeAnswer FakeOctoprint::handle(const FakeRequest& request) {
    const auto once = once_.find(request.method + " " + request.path);
    if (once != once_.end()) {
        const Once what = once->second;
        once_.erase(once);
        if (what.obey) (void)obey(request);
        return what.answer;
    }
    return obey(request);
}

FakeAnswer FakeOctoprint::obey(const FakeRequest& request) {
    if (request.header("x-api-key") != key) {
        return refuse(403, "You don't have the permission to access the requested resource");
    }
    const std::string& path = request.path;
    if (path == "/api/version") {
        return {200, R"({"api":"0.1","server":"1.11.8","text":"OctoPrint 1.11.8"})"};
    }
    if (path == "/api/connection") {
        return {200, R"({"current":{"state":")" + state_ + R"(","port":"VIRTUAL","baudrate":0}})"};
    }
    if (path == "/api/printerprofiles") {
        return {200,
                R"({"profiles":{"_default":{"current":true,"name":"Default","model":"Generic",)"
                R"("volume":{"width":200.0,"depth":210.0,"height":180.0,"custom_box":false},)"
                R"("extruder":{"count":1,"nozzleDiameter":0.4}}}})"};
    }
    if (path == "/api/job") return request.method == "POST" ? job_command(request) : job();
    if (path == "/api/files/local" && request.method == "POST") return upload(request);
    if (path == "/api/files/local/nearfab") {
        return has_folder_ ? list() : refuse(404, "The requested file was not found");
    }
    if (path.starts_with(download_path)) {
        const auto file = files_.find(path.substr(download_path.size()));
        if (file == files_.end()) return refuse(404, "not found");
        return {200, file->second.bytes, "application/octet-stream"};
    }
    if (!path.starts_with(files_path)) return refuse(404, "no such resource");
    const std::string name = path.substr(files_path.size());
    if (request.method == "POST") return select(name, request);
    const auto file = files_.find(name);
    if (file == files_.end()) return refuse(404, "The requested file was not found");
    return {200, json_of(name, file->second)};
}

bool FakeOctoprint::prints() const {
    return state_ != "Operational" && state_ != "Offline" && state_ != "Offline after error";
}

FakeAnswer FakeOctoprint::job() {
    if (!coming_.empty()) {
        state_ = coming_.front();
        coming_.pop_front();
        if (state_ == "cancelled") {
            end(false);
            completion_ = "null";
        }
    }
    const bool known = !selected_.empty() && files_.contains(selected_);
    const std::string file =
        known ? "{\"name\":" + quoted(selected_.substr(selected_.rfind('/') + 1)) +
                    ",\"path\":" + quoted(selected_) + ",\"origin\":\"local\",\"size\":" +
                    std::to_string(files_[selected_].bytes.size()) + "}"
              : R"({"name":null,"path":null,"origin":null,"size":null,"date":null})";
    const std::string error = error_.empty() ? "" : "\"error\":" + quoted(error_) + ",";
    return {200,
            "{" + error + R"("job":{"estimatedPrintTime":null,"filament":)" +
                R"({"length":null,"volume":null},"file":)" + file +
                R"(,"lastPrintTime":null},"progress":{"completion":)" + completion_ +
                R"(,"filepos":null,"printTime":null,"printTimeLeft":null},"state":)" +
                quoted(state_) + "}"};
}

FakeAnswer FakeOctoprint::upload(const FakeRequest& request) {
    if (request.form.contains("foldername")) {
        has_folder_ = true;
        return {201, R"({"done":true})"};
    }
    if (request.form.contains("userdata") && request.form.at("userdata").front() != '{') {
        return refuse(400, "userdata contains invalid JSON");
    }
    std::string name = request.form.at("file.filename");
    if (!name.ends_with(".gcode")) return refuse(415, "Could not upload file, invalid type");
    if (!rename_to_.empty()) name = rename_to_;
    const std::string path = request.form.at("path") + "/" + name;
    const bool keep = request.form.contains("noOverwrite");
    if (files_.contains(path) && keep) {
        return refuse(409, "File already exists and noOverwrite was set");
    }
    files_[path] = Stored{request.form.at("file"), ++clock_};
    const bool print = request.form.contains("print") && state_ == "Operational";
    return {201,
            R"({"done":true,"effectiveSelect":false,"effectivePrint":)" +
                std::string{print ? "true" : "false"} + R"(,"files":{"local":{"name":)" +
                quoted(name) + ",\"path\":" + quoted(path) + "}}}"};
}

FakeAnswer FakeOctoprint::select(const std::string& path, const FakeRequest& request) {
    if (!files_.contains(path)) return refuse(404, "The requested file was not found");
    if (state_ != "Operational") {
        return refuse(409, "Printer is already printing, cannot select a new file");
    }
    if (request.body.find("\"print\":true") != std::string::npos) begin(path);
    return {204, ""};
}

void FakeOctoprint::begin(const std::string& path) {
    selected_ = path;
    completion_ = "0.1";
    state_ = "Starting";
    coming_ = {"Starting", "Printing"};
}

FakeAnswer FakeOctoprint::job_command(const FakeRequest& request) {
    const auto says = [&](const char* what) {
        return request.body.find(what) != std::string::npos;
    };
    if (says("\"disconnect\"")) return {204, ""};
    if (!prints()) {
        return refuse(409,
                      "Printer is neither printing nor paused, the command cannot be performed");
    }
    if (says("\"cancel\"")) {
        state_ = "Cancelling";
        coming_ = {"Cancelling", "Cancelling", "cancelled"};
    } else if (says("\"action\":\"pause\"") && state_ != "Paused") {
        state_ = "Pausing";
        coming_ = {"Pausing", "Pausing", "Paused"};
    } else if (says("\"action\":\"resume\"") && state_ == "Paused") {
        state_ = "Resuming";
        coming_ = {"Resuming", "Printing"};
    }
    return {204, ""};
}

std::string FakeOctoprint::json_of(const std::string& path, const Stored& file) {
    std::string prints;
    if (file.last_date != 0) {
        prints = ",\"prints\":{\"success\":" + std::to_string(file.success) +
                 ",\"failure\":" + std::to_string(file.failure) +
                 ",\"last\":{\"date\":" + std::to_string(file.last_date) +
                 ".5,\"success\":" + (file.last_success ? "true" : "false") + "}}";
    }
    return "{\"name\":" + quoted(path.substr(path.rfind('/') + 1)) + ",\"path\":" + quoted(path) +
           ",\"type\":\"machinecode\",\"origin\":\"local\",\"size\":" +
           std::to_string(file.bytes.size()) + ",\"date\":" + std::to_string(file.date) + prints +
           "}";
}

FakeAnswer FakeOctoprint::list() const {
    std::string children;
    for (const auto& [path, file] : files_) {
        if (!path.starts_with("nearfab/")) continue;
        children += (children.empty() ? "" : ",") + json_of(path, file);
    }
    return {200, R"({"name":"nearfab","type":"folder","children":[)" + children + "]}"};
}

void FakeOctoprint::end(bool success) {
    coming_.clear();
    state_ = "Operational";
    const auto file = files_.find(selected_);
    if (file == files_.end()) return;
    (success ? file->second.success : file->second.failure) += 1;
    file->second.last_date = ++clock_;
    file->second.last_success = success;
}

void FakeOctoprint::finish() {
    const auto lock = server.lock();
    completion_ = "100.0";
    end(true);
}

void FakeOctoprint::crash() {
    const auto lock = server.lock();
    coming_.clear();
    state_ = "Operational";
    selected_.clear();
    completion_ = "null";
}

void FakeOctoprint::break_down() {
    const auto lock = server.lock();
    if (prints()) end(false);
    coming_.clear();
    state_ = "Offline after error";
    error_ = "Thermal Runaway, system stopped! Heater_ID: bed - Printer halted. kill() called!";
    selected_.clear();
    completion_ = "null";
}

void FakeOctoprint::repair() {
    const auto lock = server.lock();
    state_ = "Operational";
    error_.clear();
}

void FakeOctoprint::unplug_printer() {
    const auto lock = server.lock();
    if (prints()) end(false);
    state_ = "Offline";
}

void FakeOctoprint::plug_in_printer() {
    const auto lock = server.lock();
    state_ = "Operational";
}

void FakeOctoprint::start_by_hand(const std::string& path) {
    const auto lock = server.lock();
    files_[path] = Stored{"G28\n", ++clock_};
    begin(path);
    coming_.clear();
    state_ = "Printing";
}

void FakeOctoprint::answer_once(const std::string& question, FakeAnswer answer, bool obey_it) {
    const auto lock = server.lock();
    once_[question] = {std::move(answer), obey_it};
}

void FakeOctoprint::corrupt(const std::string& path) {
    const auto lock = server.lock();
    files_.at(path).bytes.back() ^= 1;
    ++files_.at(path).date;
}

void FakeOctoprint::rename_uploads(const std::string& to) {
    const auto lock = server.lock();
    rename_to_ = to;
}

std::string FakeOctoprint::state() const {
    const auto lock = server.lock();
    return state_;
}

std::string FakeOctoprint::text_of(const std::string& path) const {
    const auto lock = server.lock();
    const auto file = files_.find(path);
    return file == files_.end() ? std::string{} : file->second.bytes;
}

}  // namespace nearfab::agent::fakes
