// SPDX-License-Identifier: GPL-3.0-or-later
// client_session.hpp - the session of the side that dials, without a socket.
//
//     disconnected --pause over--> greeting --Welcome--> open
//          ^                        |    ^                |
//          +-----refused------------+    +--lost----------+   (lost to a conflict: disconnected)
//
// While greeting it says hello every 2 s. A session is lost when the other side does not know it
// (any more), when nothing was heard for 35 s, or when nothing can be sent and nothing was heard
// for 5 s. What was not acknowledged in a lost session is dropped and reported, never sent in the
// next one: a message that waited may be about a world that is gone. Owners look at what is true
// now (an agent sends its inventory) or ask again (a Connection).
//
// The owner's turn: receive() for what came in, tick(), handle take_events(), then take_outgoing()
// once, and blocked() for what could not be sent.
//
// Pure: time comes in. Belongs to one thread.

#pragma once

#include "base/clock.hpp"
#include "proto/model/message.hpp"
#include "wire/session_rules.hpp"
#include "wire/stream.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace nearfab::wire {

namespace client_event {

struct Opened {
    message::Welcome welcome;
};
struct Lost {  // The open session is over; a new one is sought.
    Error why;
};
struct Refused {  // Hello was answered with a no, or cannot even be said (shut_out).
    Error why;
};
struct Delivered {
    std::uint64_t session = 0;
    std::uint64_t correlation = 0;
    std::uint64_t sequence = 0;  // To be given to handled(); 0: nobody waits for that.
    Message body;
};
struct Acknowledged {  // The other side has it durably.
    std::uint64_t token = 0;
};
struct Dropped {  // Was not acknowledged when the session was lost. It may have arrived.
    std::uint64_t token = 0;
};

}  // namespace client_event

using ClientEvent = std::variant<client_event::Opened,
                                 client_event::Lost,
                                 client_event::Refused,
                                 client_event::Delivered,
                                 client_event::Acknowledged,
                                 client_event::Dropped>;

struct ClientSessionOptions {
    std::string software;
    std::string boot_id;        // Of this run of the program; random.
    Role role = Role::unknown;  // What the program is; a key of another kind is refused at once.
    StreamOptions stream;       // `version` and `session` are set per session.
    std::uint32_t version_min = protocol_version_oldest;
    std::uint32_t version_max = protocol_version;
    Duration silence = silence_max;
    Duration hello_again = std::chrono::seconds{2};
    // Between two hellos of which the first was answered: stops a quarrel from becoming a storm.
    Duration hello_apart = std::chrono::milliseconds{200};
    Duration refused_pause = std::chrono::seconds{30};
    Duration blocked_max = std::chrono::seconds{5};
    // Being shut out for the same reason is reported again after this long, then twice as long.
    Duration shut_out_again = std::chrono::minutes{1};
    Duration shut_out_again_max = std::chrono::hours{1};
};

class ClientSession {
public:
    // The first hello is due at `now`.
    ClientSession(ClientSessionOptions options, TimePoint now);

    void receive(TimePoint now, std::span<const std::uint8_t> bytes);
    void tick(TimePoint now);
    // Hello cannot be said, and why; told by the socket in every turn in which it is so. Reported
    // as Refused: at once, and again with growing pauses while it stays the same. Without meaning
    // while a session is open.
    void shut_out(TimePoint now, const Error& why);
    [[nodiscard]] std::vector<ClientEvent> take_events() { return std::exchange(events_, {}); }

    // False: no session is open, or this message was too much for it; nothing was queued.
    // `token` comes back as Acknowledged or Dropped; 0: neither.
    bool send(TimePoint now,
              const Message& body,
              std::uint64_t correlation = 0,
              Delivery delivery = Delivery::reliable,
              std::uint64_t token = 0);
    // Everything up to this message of this session is durable, or needs not be. Ignored when the
    // session is not the open one.
    void handled(std::uint64_t session, std::uint64_t sequence);

    [[nodiscard]] std::vector<Stream::Frame> take_outgoing(TimePoint now);
    void blocked(TimePoint now, const Stream::Frame& frame);
    // Worth waiting for the socket to become writable? Then tell writable().
    [[nodiscard]] bool wants_writable() const { return blocked_since_.has_value(); }
    void writable(TimePoint now);

    [[nodiscard]] bool is_open() const { return stream_.has_value(); }
    // How long hello has been said in vain; zero while open, and while shut out. After some 30 s
    // the owner should dial anew.
    [[nodiscard]] Duration seeking(TimePoint now) const;
    // As ServerSessions::next_deadline.
    [[nodiscard]] TimePoint next_deadline() const;
    // Bytes that were no message, and frames of sessions that are over.
    [[nodiscard]] std::uint64_t void_frames() const { return void_frames_; }

private:
    void greeted(TimePoint now, const Envelope& envelope);
    void hear_failure(TimePoint now, const Envelope& envelope);
    void refused(TimePoint now, const Error& error);
    void skip_unreadable(std::span<const std::uint8_t> bytes);
    void take_in(TimePoint now, Envelope&& envelope);
    void lose(TimePoint now, Error why, Duration pause);

    ClientSessionOptions options_;
    std::optional<Stream> stream_;  // While open.
    message::Welcome welcome_;
    std::uint64_t hello_counter_ = 0;
    TimePoint hello_at_;  // While not open.
    bool hello_due_ = false;
    TimePoint seeking_since_;
    TimePoint heard_;
    std::optional<TimePoint> blocked_since_;
    std::optional<TimePoint> blocked_before_;  // blocked_since_ as it was before the last attempt.
    std::optional<Error> shut_out_by_;         // Reported since the last session.
    TimePoint shut_out_report_at_;             // Not reported again before.
    Duration shut_out_pause_{};
    std::vector<ClientEvent> events_;
    std::uint64_t void_frames_ = 0;
};

}  // namespace nearfab::wire
