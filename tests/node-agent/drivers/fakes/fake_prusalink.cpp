// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/node-agent/drivers/fakes/fake_prusalink.hpp"

namespace nearfab::agent::fakes {
namespace {

constexpr int end_looks = 5;  // How long the end of a print is shown.
const std::string download_path = "/api/files/local/";

FakeAnswer refuse(int status, const std::string& title) {
    return {status, "{\"title\":\"" + title + "\",\"message\":\"\",\"url\":\"\"}"};
}

}  // namespace

FakePrusalink::FakePrusalink(Kind kind)
    : kind_{kind}, server{[this](const FakeRequest& request) { return handle(request); }} {}

FakeAnswer FakePrusalink::handle(const FakeRequest& request) {
    const auto once = once_.find(request.method + " " + request.path);
    if (once != once_.end()) {
        const Once what = once->second;
        once_.erase(once);
        if (what.obey) (void)obey(request);
        return what.answer;
    }
    return obey(request);
}

FakeAnswer FakePrusalink::obey(const FakeRequest& request) {
    if (digest_) {
        if (!request.header("authorization").starts_with("Digest ")) {
            FakeAnswer answer = refuse(401, "Unauthorized");
            answer.headers = {{"WWW-Authenticate",
                               "Digest realm=\"Administrator\", nonce=\"5f3c\", qop=\"auth\", "
                               "algorithm=\"MD5-sess\""}};
            return answer;
        }
        ++digest_answers_;
        return route(request);
    }
    const std::string sent = request.header("x-api-key");
    if (sent.empty()) return refuse(401, "Unauthorized");
    if (sent != key) return refuse(403, "Bad X-Api-Key.");
    return route(request);
}

FakeAnswer FakePrusalink::route(const FakeRequest& request) {
    const std::string& path = request.path;
    if (path == "/api/version" && kind_ == Kind::resin) {
        return {200,
                R"({"api":"0.1","server":"1.1.0","text":"Prusa SLA SL1 1.0.5",)"
                R"("firmware":"1.7.1","capabilities":{"upload-by-put":true}})"};
    }
    if (path == "/api/version") {
        return {200,
                R"({"api":"0.9.0-legacy","server":"0.8.1","text":"PrusaLink 0.8.1",)"
                R"("firmware":"3.14.1","capabilities":{"upload-by-put":true}})"};
    }
    if (path == "/api/v1/info") {
        return {200,
                R"({"nozzle_diameter":0.4,"mmu":false,"serial":"CZPX2817X003XK22744",)"
                R"("hostname":"mk3","name":"MK3S on the bench","location":"lab"})"};
    }
    if (path == "/api/v1/storage") {
        const std::string name = kind_ == Kind::firmware ? "/usb" : "/local";
        return {200,
                R"({"storage_list":[{"path":"/sdcard","available":false,"ro":true},{"path":")" +
                    name + R"(","available":true,"read_only":false,"free_space":1000000}]})"};
    }
    if (path == "/api/v1/status") return status();
    if (path == "/api/v1/job") return job();
    if (path == "/api/job") return old_job();
    if (path.starts_with("/api/v1/job/")) return job_command(request);
    if (path.starts_with("/api/v1/files/")) return file(request);
    if (path.starts_with(download_path) && path.ends_with("/raw")) {
        const std::string name =
            path.substr(download_path.size(), path.size() - download_path.size() - 4);
        if (!files_.contains(name)) return refuse(404, "File Not Found");
        return {200, files_.at(name), "application/octet-stream"};
    }
    return refuse(404, "Not Found");
}

bool FakePrusalink::has_job() const {
    const bool ended = state_ == "FINISHED" || state_ == "STOPPED";
    return state_ == "PRINTING" || state_ == "PAUSED" || state_ == "ATTENTION" ||
           (ended && kind_ == Kind::firmware);
}

FakeAnswer FakePrusalink::status() {
    const bool ended = state_ == "FINISHED" || state_ == "STOPPED";
    if (ended && end_looks_ > 0 && --end_looks_ == 0) state_ = "IDLE";
    std::string state = state_;
    std::string said = R"({"ok":true,"message":"OK"})";
    if (unplugged_) {
        state = "ERROR";
        said = R"({"ok":false,"message":"Serial device does not exist"})";
    } else if (state_ == "ERROR") {
        said = R"({"ok":false,"message":"Firmware detected a hardware issue"})";
    }
    const std::string job_part =
        has_job() ? R"("job":{"id":)" + std::to_string(job_id_) +
                        R"(,"progress":10.0,"time_remaining":60,"time_printing":2},)"
                  : "";
    const std::string storage =
        kind_ == Kind::firmware ? R"({"path":"/usb"})" : R"([{"path":"/local"}])";
    return {200,
            "{" + job_part + R"("storage":)" + storage + R"(,"printer":{"state":")" + state +
                R"(","temp_nozzle":25.0,"status_printer":)" + said + "}}"};
}

FakeAnswer FakePrusalink::job() const {
    if (!has_job()) return {204, ""};
    const std::string names = kind_ != Kind::firmware
                                  ? "\"name\":\"" + name_ + "\",\"display_name\":\"" + name_ + "\""
                                  : R"("name":"NF-3F9~1.GCO","display_name":")" + name_ + "\"";
    return {200,
            "{\"id\":" + std::to_string(job_id_) + ",\"state\":\"" + state_ + "\",\"file\":{" +
                names + "}}"};
}

FakeAnswer FakePrusalink::old_job() const {
    return {200, R"({"job":{"file":{"name":")" + name_ + R"(","display":")" + name_ + R"("}}})"};
}

std::string FakePrusalink::file_json(const std::string& name) const {
    const std::string refs = kind_ != Kind::firmware
                                 ? ",\"refs\":{\"download\":\"" + download_path + name + "/raw\"}"
                                 : "";
    return "{\"name\":\"" + name + "\",\"display_name\":\"" + name +
           "\",\"m_timestamp\":1700000000,\"size\":" + std::to_string(files_.at(name).size()) +
           refs + "}";
}

FakeAnswer FakePrusalink::file(const FakeRequest& request) {
    const std::string name = request.path.substr(request.path.rfind('/') + 1);
    if (request.method == "PUT") {
        const bool bytes = request.header("content-type") == "application/octet-stream";
        if (kind_ == Kind::resin && (!bytes || !name.ends_with(".sl1"))) {
            return refuse(415, "Unsupported Media Type");
        }
        if (kind_ != Kind::resin && bytes) return refuse(500, "Internal Server Error");
        if (request.header("content-length").empty()) return refuse(411, "Length Required");
        if (full_) return refuse(413, "Payload Too Large");
        if (files_.contains(name) && request.header("overwrite") != "?1") {
            return refuse(409, "File already exists");
        }
        files_[name] = request.body;
        if (!request.header("print-after-upload").empty()) {
            state_ = "PRINTING";  // As old versions do, whatever the value is.
            name_ = name;
            ++job_id_;
        }
        return {201, ""};
    }
    if (!files_.contains(name)) return refuse(404, "File Not Found");
    if (request.method != "POST") return {200, file_json(name)};
    if (state_ != "IDLE" || unplugged_) return refuse(409, "Not in state to print");
    state_ = "PRINTING";
    name_ = name;
    ++job_id_;
    return {204, ""};
}

FakeAnswer FakePrusalink::job_command(const FakeRequest& request) {
    const std::string rest = request.path.substr(std::string{"/api/v1/job/"}.size());
    if (!has_job() || std::stoi(rest) != job_id_) return refuse(404, "Not Current Job");
    if (request.method == "DELETE") {
        state_ = "STOPPED";
        end_looks_ = end_looks;
    } else if (rest.ends_with("/pause")) {
        if (state_ != "PRINTING") return refuse(409, "Printer Is Not Printing");
        state_ = "PAUSED";
    } else {
        if (state_ != "PAUSED") return refuse(409, "Not Paused");
        state_ = "PRINTING";
    }
    return {204, ""};
}

void FakePrusalink::finish() {
    const auto lock = server.lock();
    state_ = "FINISHED";
    end_looks_ = end_looks;
}

void FakePrusalink::forget_end() {
    const auto lock = server.lock();
    if (state_ == "FINISHED" || state_ == "STOPPED") state_ = "IDLE";
}

void FakePrusalink::break_down() {
    const auto lock = server.lock();
    state_ = "ERROR";
}

void FakePrusalink::repair() {
    const auto lock = server.lock();
    state_ = "IDLE";
}

void FakePrusalink::unplug_printer(bool unplugged) {
    const auto lock = server.lock();
    unplugged_ = unplugged;
}

void FakePrusalink::call_for_attention() {
    const auto lock = server.lock();
    state_ = "ATTENTION";
}

void FakePrusalink::start_by_hand(const std::string& name) {
    const auto lock = server.lock();
    files_[name] = "G28\n";
    name_ = name;
    state_ = "PRINTING";
    ++job_id_;
}

void FakePrusalink::answer_once(const std::string& question, FakeAnswer answer, bool obey_it) {
    const auto lock = server.lock();
    once_[question] = {std::move(answer), obey_it};
}

std::string FakePrusalink::state() const {
    const auto lock = server.lock();
    return state_;
}

int FakePrusalink::digest_answers() const {
    const auto lock = server.lock();
    return digest_answers_;
}

}  // namespace nearfab::agent::fakes
