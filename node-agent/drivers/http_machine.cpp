// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/http_machine.hpp"

#include "node-agent/core/evidence.hpp"

#include <algorithm>

namespace nearfab::agent {
namespace {

constexpr int doublings_max = 5;  // 1, 2, 4, ... 32 s between looks at a dead host.

Error refused_key(const HttpMachineOptions& options, const HttpAnswer& answer) {
    return {ErrorCode::unauthorised,
            options.http.base_url + " refuses the key (" + std::to_string(answer.status) + ": " +
                words_of(answer) + ")",
            options.key_hint};
}

}  // namespace

Result<std::unique_ptr<HttpMachine>> HttpMachine::open(HttpMachineOptions options) {
    auto client = HttpClient::open(options.http);
    if (!client) return fail(client.error());
    return std::unique_ptr<HttpMachine>{new HttpMachine{std::move(options), std::move(*client)}};
}

bool HttpMachine::means_key(int status) const {
    return status == 401 || (status == 403 && options_.forbidden_means_key);
}

Result<HttpAnswer> HttpMachine::ask(const HttpRequest& request) {
    auto answer = client_->ask(request);
    if (!answer) return answer;
    if (means_key(answer->status)) {
        return fail(refused_key(options_, *answer));
    }
    if (answer->status >= 500) {
        return fail(ErrorCode::unavailable,
                    url() + " has a problem (" + std::to_string(answer->status) + ": " +
                        words_of(*answer) + ")",
                    "wait, or look at its log");
    }
    return answer;
}

Result<Json> HttpMachine::get(const std::string& target) {
    HttpRequest request;
    request.target = target;
    const auto answer = ask(request);
    if (!answer) return fail(answer.error());
    if (answer->status == 404) {
        return fail(ErrorCode::not_found, url() + " does not know " + target);
    }
    if (answer->status != 200) {
        return fail(ErrorCode::unavailable,
                    url() + " answers " + target + " with " + std::to_string(answer->status) +
                        ": " + words_of(*answer));
    }
    return json_of(*answer, target);
}

Status HttpMachine::command(const HttpRequest& request) {
    auto answer = client_->ask(request);
    answered_ = answer && !means_key(answer->status);
    if (!answer) {
        // Never sent: provably without effect.
        const bool sent = answer.error().code != ErrorCode::unavailable;
        answer.error().code = sent ? ErrorCode::timed_out : ErrorCode::conflict;
        return fail(answer.error());
    }
    if (answer->status >= 200 && answer->status < 300) return {};
    if (means_key(answer->status)) {
        Error error = refused_key(options_, *answer);
        error.code = ErrorCode::conflict;
        return fail(std::move(error));
    }
    // A fault inside the server may come after it has passed the command on.
    const bool refused = answer->status < 500;
    return fail(refused ? ErrorCode::conflict : ErrorCode::timed_out,
                words_of(*answer) + " (" + std::to_string(answer->status) + ")");
}

Status HttpMachine::may_look() {
    if (silent_looks_ == 0 || std::chrono::steady_clock::now() >= look_again_) return {};
    return fail(ErrorCode::unavailable, silence_);
}

void HttpMachine::looked(const Status& result) {
    if (result) {
        silent_looks_ = 0;
        return;
    }
    const int doublings = std::min(silent_looks_, doublings_max);
    ++silent_looks_;
    silence_ = result.error().message;
    look_again_ = std::chrono::steady_clock::now() + (options_.confirm_poll * 2) * (1 << doublings);
}

Status HttpMachine::until(const std::function<bool()>& seen, const std::string& what) {
    const auto give_up = std::chrono::steady_clock::now() + options_.confirm_limit;
    for (;;) {
        if (seen()) return {};
        std::unique_lock lock{mutex_};
        if (wake_.wait_for(lock, options_.confirm_poll, [this] { return interrupted_; })) {
            return fail(ErrorCode::timed_out, what + " was not waited for: the agent stops");
        }
        if (std::chrono::steady_clock::now() >= give_up) break;
    }
    return fail(ErrorCode::timed_out,
                "the machine took the command, but after " +
                    std::to_string(options_.confirm_limit.count() / 1000) + " s " + what,
                "look at the machine");
}

Status HttpMachine::started(const Status& told,
                            const std::string& file,
                            const std::function<MachineReading()>& look) {
    if (!told && told.error().code == ErrorCode::conflict) {
        const MachineReading seen = look();
        if (shows_started(seen, file)) return {};
        // Some refuse when a start has failed half way, and then fall silent.
        if (!answered_ || seen.condition != MachineCondition::unreachable) return told;
        return fail(
            ErrorCode::timed_out,
            told.error().message + ", and it cannot be seen whether it runs: " + seen.detail,
            "look at the machine");
    }
    const Status seen =
        until([&] { return shows_started(look(), file); }, file + " is not seen running");
    return seen || told ? seen : told;
}

Result<ContentHash> HttpMachine::hash_of_download(const std::string& name,
                                                  const std::string& stamp,
                                                  const std::string& target) {
    const auto known = proofs_.find(name);
    if (known != proofs_.end() && !stamp.empty() && known->second.stamp == stamp) {
        return known->second.hash;
    }
    HttpRequest request;
    request.target = target;
    request.answer_bytes_max = machine_file_bytes_max;
    request.stall_limit = std::chrono::seconds{20};
    const auto answer = ask(request);
    if (!answer) return fail(answer.error());
    if (answer->status != 200) {
        return fail(answer->status == 404 ? ErrorCode::not_found : ErrorCode::unavailable,
                    "the machine does not give " + name + " back (" +
                        std::to_string(answer->status) + ": " + words_of(*answer) + ")");
    }
    const ContentHash hash = nearfab::hash_of(answer->body);
    proofs_[name] = {stamp, hash};
    return hash;
}

Status HttpMachine::check_copy(const std::string& name,
                               const Result<ContentHash>& found,
                               std::span<const std::uint8_t> bytes) const {
    if (!found) return fail(found.error());
    if (*found == nearfab::hash_of(bytes)) return {};
    return fail(ErrorCode::conflict,
                "the machine holds other bytes under the name " + name,
                "delete that file on the machine");
}

void HttpMachine::interrupt() {
    {
        const std::lock_guard lock{mutex_};
        interrupted_ = true;
    }
    wake_.notify_all();
    client_->interrupt();
}

MachineReading unreachable(const Error& error) {
    MachineReading reading;
    reading.condition = MachineCondition::unreachable;
    reading.detail = error.message + (error.next.empty() ? "" : "; " + error.next);
    return reading;
}

bool is_active(const MachineReading& reading) {
    return reading.condition == MachineCondition::running ||
           reading.condition == MachineCondition::paused;
}

// A short file may be done before the first look at it.
bool shows_started(const MachineReading& reading, const std::string& file) {
    return (is_active(reading) && reading.file == file) || run_of(reading, file) != nullptr;
}

Status idle_for_start(const MachineReading& reading, const std::string& file) {
    if (reading.condition == MachineCondition::idle) {
        if (run_of(reading, file) == nullptr) return {};
        return fail(ErrorCode::conflict, file + " was run before");
    }
    const std::string active = reading.file.empty() ? "" : " " + reading.file;
    const std::string about = reading.detail.empty() ? "" : " (" + reading.detail + ")";
    const char* what = "is not idle";
    switch (reading.condition) {
        case MachineCondition::unreachable:
            what = "cannot be reached";
            break;
        case MachineCondition::running:
            what = "runs";
            break;
        case MachineCondition::paused:
            what = "has paused";
            break;
        case MachineCondition::fault:
            what = "reports a fault";
            break;
        case MachineCondition::busy:
            what = "is busy";
            break;
        case MachineCondition::idle:
            break;
    }
    return fail(ErrorCode::conflict, std::string{"the machine "} + what + active + about);
}

}  // namespace nearfab::agent
