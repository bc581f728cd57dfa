// SPDX-License-Identifier: GPL-3.0-or-later
// event_loop.hpp - the router's one thread: sockets and timers in, core, journal, sockets out.
//
// Each turn: read what came in, let the core take every event, hand all its records to the journal
// as one batch, and keep back everything that follows from them. The journal's own thread writes
// and syncs what has gathered; when a batch is durable, what was kept back behind it is sent and
// acknowledged, in order. A crash between any two of these steps loses words, never decisions.

#pragma once

#include "base/result.hpp"
#include "host/clock.hpp"
#include "host/file_descriptor.hpp"
#include "host/signals.hpp"
#include "router/core/router.hpp"
#include "router/shell/analyser.hpp"
#include "router/shell/compaction.hpp"
#include "router/shell/config.hpp"
#include "router/shell/local_clients.hpp"
#include "router/shell/turn_line.hpp"
#include "store/blob_store.hpp"
#include "store/group_commit.hpp"
#include "store/journal.hpp"
#include "wire/authenticator.hpp"
#include "wire/server_sessions.hpp"
#include "wire/server_socket.hpp"

#include <zmq.hpp>

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace nearfab::router {

class EventLoop {
public:
    // Opens everything and replays the journal. Errors say which file or address and what to do.
    [[nodiscard]] static Result<std::unique_ptr<EventLoop>> open(Config config);
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    // Runs until SIGTERM or SIGINT. SIGHUP reads the list of allowed keys again, and takes up what
    // `nearfab-router forgive` left.
    // An error means that going on would be unsafe (the journal could not be written).
    [[nodiscard]] Status run();

    [[nodiscard]] const std::string& endpoint() const { return socket_->endpoint(); }

    // For threads of this program that ask as clients do; lives as long as this.
    [[nodiscard]] LocalClients& local_clients() { return *local_; }
    // Only what any thread may call of it: has, size, path, read and verify.
    [[nodiscard]] const BlobStore& designs() const { return *designs_; }
    // Is called on the loop's thread with each SIGHUP, after the list of keys was read again.
    void on_reload(std::function<void()> then) { on_reload_ = std::move(then); }

private:
    explicit EventLoop(Config config);
    [[nodiscard]] Status open_parts();
    [[nodiscard]] Status replay();
    [[nodiscard]] Status turn();
    [[nodiscard]] Status handle_signal(int signal, bool& stop);
    void receive(Moment now);
    void reload_keys();
    [[nodiscard]] Status take_forgiveness();
    void watch_disk(Moment now, bool at_once = false);
    void watch_compaction();

    void take(Moment now, const wire::session_event::Opened& event);
    // The body is moved out of it.
    void take(Moment now, wire::session_event::Delivered& event);
    void take(Moment now, const wire::session_event::Closed& event);
    void take_from_agent(Moment now, wire::session_event::Delivered& event);
    void take_from_client(Moment now, wire::session_event::Delivered& event);
    void take_analyses(Moment now);
    // True when the message was about bytes of a design and is answered.
    bool serve_upload(Moment now, const wire::session_event::Delivered& event);
    [[nodiscard]] std::optional<message::Failure> refuse_open(Moment now,
                                                              const IdentityId& who,
                                                              const message::OpenUpload& body);
    [[nodiscard]] Result<std::uint64_t> open_upload(Moment now,
                                                    const IdentityId& who,
                                                    const message::OpenUpload& body);
    [[nodiscard]] Result<std::uint64_t> take_chunk(Moment now, const message::UploadChunk& body);
    [[nodiscard]] Status finish_upload(const ContentHash& design, std::uint64_t received);
    void serve_download(Moment now, const wire::session_event::Delivered& event);
    void reply(Moment now, const wire::session_event::Delivered& to, Message body);
    void send_to_client(Moment now, SessionNumber session, Message body, std::uint64_t correlation);
    void take_local(Moment now);
    void tell_local();
    void publish_gauges();

    // Looked up once a turn: many submit the same design.
    [[nodiscard]] Result<std::uint64_t> size_of_design(const ContentHash& design);
    void feed(Moment now, const Event& event);
    [[nodiscard]] Status commit(Moment now);
    // Carries out what waited for records that are durable now.
    [[nodiscard]] Status release(Moment now);
    // Waits until all of it is.
    [[nodiscard]] Status release_all(Moment now);
    void carry_out(Moment now, const Effect& effect);

    Config config_;
    SystemClock clock_;
    zmq::context_t context_;
    std::unique_ptr<SignalWatch> signals_;
    std::unique_ptr<Journal> journal_;
    std::unique_ptr<GroupCommit> commits_;
    std::unique_ptr<Compaction> compaction_;
    std::uint64_t journal_bytes_ = 0;  // Of the log, as far as this thread knows.
    std::uint64_t snapshot_bytes_ = 0;
    std::unique_ptr<BlobStore> designs_;
    std::unique_ptr<wire::Authenticator> authenticator_;
    std::unique_ptr<wire::ServerSocket> socket_;
    std::unique_ptr<wire::ServerSessions> sessions_;
    std::unique_ptr<Router> router_;
    std::unique_ptr<LocalClients> local_;
    std::function<void()> on_reload_;

    // Uploads that were announced; one is forgotten when its last byte has come, or after
    // stale_upload_age.
    struct Upload {
        std::uint64_t size = 0;
        IdentityId who;
        TimePoint opened_at;
    };
    static constexpr Duration stale_upload_age = std::chrono::hours{2};
    std::map<ContentHash, Upload> uploads_;

    // Of the turn under way.
    Effects effects_;
    std::map<ContentHash, std::uint64_t> sizes_;  // Of complete designs, in this turn.
    TurnLine::Handled handled_;

    TurnLine turns_;  // Before, until their records are durable.

    TimePoint next_disk_look_;
    TimePoint next_sweep_;
    std::uint64_t bytes_since_disk_look_ = 0;
    bool storage_low_ = false;
    MatchTimes match_times_{match_time_bounds};

    // Outcomes of the analyser's thread on their way to this one.
    std::mutex outcomes_mutex_;
    std::vector<AnalysisDone> outcomes_;
    FileDescriptor wake_;                 // An eventfd.
    std::unique_ptr<Analyser> analyser_;  // Last: its thread uses the above.
};

}  // namespace nearfab::router
