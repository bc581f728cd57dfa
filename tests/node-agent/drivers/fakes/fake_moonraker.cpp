// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/node-agent/drivers/fakes/fake_moonraker.hpp"

namespace nearfab::agent::fakes {
namespace {

const std::string download_path = "/server/files/gcodes/";

FakeAnswer refuse(int status, const std::string& message) {
    return {status,
            "{\"error\":{\"code\":" + std::to_string(status) + ",\"message\":\"" + message +
                "\",\"traceback\":\"Traceback (most recent call last)\"}}"};
}

FakeAnswer ok() {
    return {200, R"({"result":"ok"})"};
}

}  // namespace

FakeMoonraker::FakeMoonraker()
    : server{[this](const FakeRequest& request) { return handle(request); }} {}

FakeAnswer FakeMoonraker::handle(const FakeRequest& request) {
    const auto once = once_.find(request.method + " " + request.path);
    if (once != once_.end()) {
        const Once what = once->second;
        once_.erase(once);
        if (what.obey) (void)obey(request);
        return what.answer;
    }
    return obey(request);
}

FakeAnswer FakeMoonraker::obey(const FakeRequest& request) {
    if (request.header("x-api-key") != key) return refuse(401, "Unauthorized");
    const std::string& path = request.path;
    if (path == "/server/info") {
        return {200,
                R"({"result":{"klippy_connected":true,"klippy_state":")" + webhooks_ +
                    R"(","moonraker_version":"v0.10.0-31","api_version":[1,5,0]}})"};
    }
    if (path == "/server/files/upload") return upload(request);
    if (path == "/server/files/metadata") return metadata(request.argument("filename"));
    if (path == "/server/history/list") {
        return history_on_ ? history() : refuse(404, "Not Found");
    }
    if (path.starts_with(download_path)) {
        const auto file = files_.find(path.substr(download_path.size()));
        if (file == files_.end()) return refuse(404, "File not found");
        return {200, file->second, "application/octet-stream"};
    }
    if (!path.starts_with("/printer/")) return refuse(404, "Not Found");
    if (klipper_gone_) return refuse(503, "Klippy Host not connected");
    if (path == "/printer/info") {
        return {200,
                R"({"result":{"state":"ready","hostname":"voron","software_version":"v0.12"}})"};
    }
    if (path == "/printer/objects/query") {
        if (!request.query.contains("toolhead")) return status();
        return {200,
                R"({"result":{"status":{"toolhead":{"axis_minimum":[0,0,-2,0],)"
                R"("axis_maximum":[250,210,220,0]},"configfile":{"settings":{)"
                R"("extruder":{"nozzle_diameter":0.4}}}}}})"};
    }
    return print(request);
}

FakeAnswer FakeMoonraker::status() {
    if (looks_left_ > 0 && --looks_left_ == 0) {
        if (coming_ == "cancelled") {
            end("cancelled", "cancelled");
        } else {
            state_ = coming_;
        }
    }
    const char* idle = macro_ || state_ == "printing" ? "Printing" : "Ready";
    return {
        200,
        R"({"result":{"eventtime":1.0,"status":{"webhooks":{"state":")" + webhooks_ +
            R"(","state_message":")" + message_ + R"("},"print_stats":{"filename":")" + file_ +
            R"(","total_duration":2.5,"print_duration":1.5,"filament_used":0.0,"state":")" +
            state_ +
            R"(","message":"","info":{"total_layer":null}},"virtual_sdcard":{"progress":0.5},)" +
            R"("display_status":{"progress":0.0,"message":null},"idle_timeout":{"state":")" + idle +
            R"("},"pause_resume":{"is_paused":)" + (is_paused_ ? "true" : "false") + "}}}}"};
}

FakeAnswer FakeMoonraker::upload(const FakeRequest& request) {
    const std::string path = request.form.at("path") + "/" + request.form.at("file.filename");
    if (request.form.at("checksum").size() != 64) return refuse(422, "File checksum mismatch");
    if (path == file_ && (state_ == "printing" || state_ == "paused")) {
        return refuse(403, "Forbidden");
    }
    files_[path] = request.form.at("file");
    return {201,
            "{\"item\":{\"path\":\"" + path +
                R"(","root":"gcodes"},"print_started":false,"print_queued":false,)"
                R"("action":"create_file"})"};
}

FakeAnswer FakeMoonraker::metadata(const std::string& file) const {
    const auto at = files_.find(file);
    if (at == files_.end()) return refuse(404, "Metadata not available for <" + file + ">");
    return {200,
            "{\"result\":{\"filename\":\"" + file +
                "\",\"size\":" + std::to_string(at->second.size()) +
                ",\"modified\":1700000000.5,\"estimated_time\":120}}"};
}

FakeAnswer FakeMoonraker::history() const {
    std::string list;
    for (const Job& job : jobs_) {
        list += (list.empty() ? "" : ",") + std::string{"{\"filename\":\""} + job.file +
                "\",\"status\":\"" + job.status + "\",\"end_time\":null}";
    }
    return {200, "{\"result\":{\"count\":9,\"jobs\":[" + list + "]}}"};
}

FakeAnswer FakeMoonraker::start(const std::string& file) {
    if (webhooks_ != "ready") return refuse(400, "Unknown");
    if (state_ == "printing") return refuse(400, "SD busy");
    if (!files_.contains(file)) {
        file_.clear();
        state_ = "standby";
        return refuse(400, "Unable to open file");
    }
    if (state_ == "paused") {
        ++abandoned_;  // is_paused stays as it is.
        end("cancelled", "cancelled");
    }
    file_ = file;
    state_ = "standby";
    coming_ = "printing";
    looks_left_ = 2;
    jobs_.insert(jobs_.begin(), Job{file, "in_progress"});
    return ok();
}

FakeAnswer FakeMoonraker::print(const FakeRequest& request) {
    const std::string& path = request.path;
    if (path == "/printer/print/start") return start(request.argument("filename"));
    const bool active = state_ == "printing" || state_ == "paused";
    if (path == "/printer/print/pause") {
        is_paused_ = true;
        if (state_ != "printing") return ok();  // And yet it says so.
        coming_ = "paused";
        looks_left_ = 2;
        return ok();
    }
    if (path == "/printer/print/resume") {
        if (state_ != "paused") return refuse(400, "SD busy");
        is_paused_ = false;
        coming_ = "printing";
        looks_left_ = 2;
        return ok();
    }
    if (path == "/printer/print/cancel") {
        is_paused_ = false;
        if (!active) return ok();
        coming_ = "cancelled";
        looks_left_ = 3;
        return ok();
    }
    return refuse(404, "Not Found");
}

void FakeMoonraker::end(const std::string& state, const std::string& in_history) {
    state_ = state;
    looks_left_ = 0;
    if (!jobs_.empty() && jobs_.front().status == "in_progress") jobs_.front().status = in_history;
}

void FakeMoonraker::finish() {
    const auto lock = server.lock();
    end("complete", "completed");
}

void FakeMoonraker::crash() {
    const auto lock = server.lock();
    if (!jobs_.empty() && jobs_.front().status == "in_progress") {
        jobs_.front().status = "interrupted";
    }
}

void FakeMoonraker::break_down() {
    const auto lock = server.lock();
    webhooks_ = "shutdown";
    message_ = "MCU 'mcu' shutdown: Timer too close";
    if (!jobs_.empty() && jobs_.front().status == "in_progress") {
        jobs_.front().status = "klippy_shutdown";
    }
}

void FakeMoonraker::repair() {
    const auto lock = server.lock();
    webhooks_ = "ready";
    message_ = "Printer is ready";
    state_ = "standby";
    file_.clear();
    is_paused_ = false;
}

void FakeMoonraker::stop_klipper(bool stopped) {
    const auto lock = server.lock();
    klipper_gone_ = stopped;
}

void FakeMoonraker::run_macro(bool runs) {
    const auto lock = server.lock();
    macro_ = runs;
}

void FakeMoonraker::start_by_hand(const std::string& path) {
    const auto lock = server.lock();
    files_[path] = "G28\n";
    file_ = path;
    state_ = "printing";
    jobs_.insert(jobs_.begin(), Job{path, "in_progress"});
}

void FakeMoonraker::answer_once(const std::string& question, FakeAnswer answer, bool obey_it) {
    const auto lock = server.lock();
    once_[question] = {std::move(answer), obey_it};
}

std::string FakeMoonraker::loaded() const {
    const auto lock = server.lock();
    return file_ + " " + state_;
}

int FakeMoonraker::abandoned() const {
    const auto lock = server.lock();
    return abandoned_;
}

}  // namespace nearfab::agent::fakes
