// SPDX-License-Identifier: GPL-3.0-or-later
// http_machine.hpp - what the drivers of machines with a web interface have in common.
//
// A dead host is asked less and less often, up to once in half a minute, so that it costs its own
// thread little; commands are sent all the same. A command is followed until the machine's state
// shows it. Files are uploaded without a start, read back, and known again later by a stamp.

#pragma once

#include "base/content_hash.hpp"
#include "host/http_client.hpp"
#include "node-agent/core/machine_reading.hpp"
#include "node-agent/drivers/json_answer.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace nearfab::agent {

struct HttpMachineOptions {
    HttpClientOptions http;
    std::string key_hint;  // Where a person gets the right key: "Settings > Application keys".
    bool forbidden_means_key = true;  // 403; on some servers it says that a file is in use.
    Duration confirm_poll = std::chrono::milliseconds{500};
    Duration confirm_limit = std::chrono::seconds{30};
};

class HttpMachine {
public:
    // Error invalid_argument: no address.
    [[nodiscard]] static Result<std::unique_ptr<HttpMachine>> open(HttpMachineOptions options);

    // Any status below 400, or 404, 409 and 4xx in general, is an answer; 401 and 403 are the error
    // unauthorised, 5xx the error unavailable.
    [[nodiscard]] Result<HttpAnswer> ask(const HttpRequest& request);
    // The JSON of a GET that must be answered with 200; error not_found for a 404.
    [[nodiscard]] Result<Json> get(const std::string& target);
    // A command without a body or with JSON. Error conflict: it was refused, or never sent, and has
    // no effect. Error timed_out: it may have one.
    [[nodiscard]] Status command(const HttpRequest& request);

    // For looks that come by themselves: error unavailable at once while a dead host is left alone.
    [[nodiscard]] Status may_look();
    void looked(const Status& result);

    // Asks until it is true. Error timed_out: it was not within the limit, or the agent stops.
    [[nodiscard]] Status until(const std::function<bool()>& seen, const std::string& what);

    // What became of a start: the answer to it, and then the machine's own state, also after a
    // refusal, which may be the second answer to a question that was sent twice.
    [[nodiscard]] Status started(const Status& told,
                                 const std::string& file,
                                 const std::function<MachineReading()>& look);

    // The hash of a file at the machine, read back in full unless the stamp (size and date, as the
    // machine tells them) is that of the last time.
    [[nodiscard]] Result<ContentHash> hash_of_download(const std::string& name,
                                                       const std::string& stamp,
                                                       const std::string& target);
    // A file at the machine against the bytes it should have; error conflict: other bytes.
    [[nodiscard]] Status check_copy(const std::string& name,
                                    const Result<ContentHash>& found,
                                    std::span<const std::uint8_t> bytes) const;

    void make_way(bool wanted) { client_->make_way(wanted); }
    void interrupt();
    [[nodiscard]] bool means_key(int status) const;
    [[nodiscard]] const std::string& url() const { return client_->base_url(); }

private:
    HttpMachine(HttpMachineOptions options, std::unique_ptr<HttpClient> client)
        : options_{std::move(options)}, client_{std::move(client)} {}

    struct Proof {
        std::string stamp;
        ContentHash hash;
    };
    HttpMachineOptions options_;
    std::unique_ptr<HttpClient> client_;
    std::map<std::string, Proof> proofs_;
    bool answered_ = false;  // The last command reached the machine's own program.
    int silent_looks_ = 0;
    std::chrono::steady_clock::time_point look_again_;
    std::string silence_;  // Why the last look failed.
    std::mutex mutex_;
    std::condition_variable wake_;
    bool interrupted_ = false;
};

// The largest machine code that is read back.
inline constexpr std::size_t machine_file_bytes_max = 256U << 20U;

// Nothing is known of a machine that does not answer.
[[nodiscard]] MachineReading unreachable(const Error& error);

// A reading in which the machine runs, or is paused in, this file; or does nothing of the kind.
[[nodiscard]] bool is_active(const MachineReading& reading);
[[nodiscard]] bool shows_started(const MachineReading& reading, const std::string& file);

// Why a machine in this state takes no start of this file: error conflict. No other machine may be
// asked to start: some take a start while a job is paused and throw that job away. A file that has
// run is not run again: its name is one attempt, and its part may lie there.
[[nodiscard]] Status idle_for_start(const MachineReading& reading, const std::string& file);

}  // namespace nearfab::agent
