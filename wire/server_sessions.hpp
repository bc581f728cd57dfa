// SPDX-License-Identifier: GPL-3.0-or-later
// server_sessions.hpp - every session of the side that is dialled, without a socket.
//
// What comes in goes through receive() with the identity that the key of its connection has *now*;
// what comes of it is in take_events(); what must go out is in take_outgoing(). The owner calls, in
// each of its turns: receive() for what came in, tick() when next_deadline() is over, then handles
// the events, then take_outgoing() once, and tells blocked() or gone() for what could not be sent.
//
// Rules (the order is that of the checks):
//   1. No identity: nothing is read. One Failure unauthorised, and a session on that connection is
//      closed.
//   2. Hello opens a session on its connection and replaces the one that was there. An agent and a
//      peer have one session per name: the newest hello wins, the older session gets a Failure
//      conflict and is closed. Hellos of one run of a program are ordered by their counter, so a
//      late one changes nothing. Clients and operators have up to sessions_per_identity_max; one
//      more closes the one that was silent longest, as programs that ended say no goodbye.
//   3. Everything else must come over the connection, with the identity and the number of an open
//      session. If not it is void, and answered with Failure session_unknown.
//   4. A numbered message of an open session that cannot be read is answered with a Failure, and
//      acknowledged like the others, so that it does not block those after it.
//   5. All other answers of this kind (malformed, unknown, refused) are limited to one per
//      connection and second.
//
// Pure: time and random numbers come in. Belongs to one thread.

#pragma once

#include "base/clock.hpp"
#include "proto/model/message.hpp"
#include "wire/identity.hpp"
#include "wire/session_rules.hpp"
#include "wire/stream.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace nearfab::wire {

using SessionId = std::uint64_t;  // Random, never 0.
using RoutingId = std::string;    // Bytes; the name of one connection, made by the socket.

enum class CloseReason : std::uint8_t {
    replaced,       // By a newer hello over another connection.
    renewed,        // By a newer hello over the same connection.
    silent,         // Nothing was heard for too long.
    gone,           // The connection does not exist any more.
    slow_consumer,  // More waits to be sent than one peer may make us hold.
    revoked,        // The key is no longer allowed, or belongs to somebody else now.
    crowded_out,    // The same identity opened too many sessions.
};
[[nodiscard]] std::string_view to_string(CloseReason reason);

namespace session_event {

struct Opened {
    SessionId session = 0;
    Identity identity;
    std::string boot_id;
    std::string software;
    // The name is in use by two programs at once, as far as one can see from here: this hello
    // replaced a session of another run that was only just opened, or a run that was replaced by
    // another one came back. A copied disk does this; so does an agent that crashes at each start.
    bool clone_suspected = false;
};

struct Delivered {
    SessionId session = 0;
    Role role = Role::unknown;
    IdentityId name;
    std::uint64_t correlation = 0;
    std::uint64_t sequence = 0;  // To be given to handled(); 0: nobody waits for that.
    Message body;
};

struct Closed {
    SessionId session = 0;
    Role role = Role::unknown;
    IdentityId name;
    CloseReason why = CloseReason::gone;
};

}  // namespace session_event

using SessionEvent =
    std::variant<session_event::Opened, session_event::Delivered, session_event::Closed>;

struct ServerSessionsOptions {
    std::string name;                       // Our own, for Welcome.
    std::function<std::uint64_t()> random;  // Unpredictable; names sessions.
    StreamOptions stream;                   // `version` and `session` are set per session.
    Duration silence = silence_max;
    Duration clone_age = std::chrono::seconds{60};  // See Opened::clone_suspected.
    std::size_t sessions_per_identity_max = 64;
};

// For metrics; they only grow.
struct ServerCounters {
    std::uint64_t malformed = 0;
    std::uint64_t strangers = 0;    // Messages without an identity.
    std::uint64_t void_frames = 0;  // Of no open session, or late hellos.
    std::uint64_t duplicates = 0;
    std::uint64_t gaps = 0;
    std::uint64_t overruns = 0;
    std::uint64_t answers_withheld = 0;  // By rule 5.
    friend bool operator==(const ServerCounters&, const ServerCounters&) = default;
};

class ServerSessions {
public:
    explicit ServerSessions(ServerSessionsOptions options);

    // The owner reads, from now on and before the receive() calls of this turn. Nobody is silent
    // while nobody listens: what lies between two of these calls counts against no session, when it
    // is more than `deaf_after` (the owner waited for its disk, or stood still). An owner that
    // never calls it is taken to listen always; one that does must call it more often than that.
    void listen(TimePoint now);
    static constexpr Duration deaf_after = std::chrono::seconds{10};

    void receive(TimePoint now,
                 const RoutingId& routing_id,
                 const std::optional<Identity>& sender,
                 std::span<const std::uint8_t> bytes);
    // Closes what has been silent for too long and wakes what has something to repeat.
    void tick(TimePoint now);
    [[nodiscard]] std::vector<SessionEvent> take_events() { return std::exchange(events_, {}); }

    // False: there is no such session (any more), or this message was too much for it. The answer
    // to a Delivered is sent with its correlation.
    bool send(TimePoint now,
              SessionId session,
              const Message& body,
              std::uint64_t correlation = 0,
              Delivery delivery = Delivery::reliable);
    // Everything up to this message of the session is durable, or needs not be. A session that was
    // closed meanwhile is not an error.
    void handled(SessionId session, std::uint64_t sequence);

    struct Outgoing {
        RoutingId routing_id;
        std::vector<std::uint8_t> bytes;
        SessionId session = 0;  // 0: an answer to a stranger.
        std::uint64_t sequence = 0;
    };
    [[nodiscard]] std::vector<Outgoing> take_outgoing(TimePoint now);
    void blocked(TimePoint now, const Outgoing& message);
    void gone(TimePoint now, const RoutingId& routing_id);

    // Closes the sessions of these identities, after the list of keys has changed.
    void revoke(TimePoint now, const std::function<bool(const Identity&)>& is_revoked);

    // The latest moment for the next turn: TimePoint{} when something waits to be taken already,
    // TimePoint::max() when nothing will ever happen by itself.
    [[nodiscard]] TimePoint next_deadline() const;

    // Of an agent or a peer; clients and operators may have several.
    [[nodiscard]] std::optional<SessionId> session_of(Role role, const IdentityId& name) const;
    [[nodiscard]] std::size_t size() const { return sessions_.size(); }
    // Of all sessions, encoded, not acknowledged.
    [[nodiscard]] std::size_t waiting_bytes() const;
    [[nodiscard]] const ServerCounters& counters() const { return counters_; }

private:
    struct Session {
        SessionId id = 0;
        RoutingId routing_id;
        Identity identity;
        std::string boot_id;
        std::uint64_t hello_counter = 0;
        std::uint32_t version = 0;
        TimePoint opened;
        TimePoint heard;
        TimePoint wake_at;  // Its place in timers_; never later than its real deadline.
        Stream stream;
    };
    using Owner = std::pair<Role, IdentityId>;

    void refuse_stranger(TimePoint now, const RoutingId& routing_id);
    void greet(TimePoint now,
               const RoutingId& routing_id,
               const Identity& sender,
               const Envelope& envelope);
    [[nodiscard]] bool is_late(const RoutingId& routing_id,
                               const Identity& sender,
                               const message::Hello& hello);
    [[nodiscard]] bool suspect_clone(TimePoint now,
                                     const Identity& sender,
                                     const message::Hello& hello);
    void make_room(TimePoint now, const RoutingId& routing_id, const Identity& sender);
    void open(TimePoint now,
              const RoutingId& routing_id,
              const Identity& sender,
              const Envelope& envelope,
              std::uint32_t version,
              bool clone_suspected);
    void welcome(const Session& session, std::uint64_t correlation);
    void take_unreadable(TimePoint now,
                         const RoutingId& routing_id,
                         const Identity& sender,
                         std::span<const std::uint8_t> bytes,
                         Error why);
    void take_in(TimePoint now, Session& session, Envelope&& envelope);
    void deliver(Session& session, Envelope&& envelope);

    void close(TimePoint now, Session& session, CloseReason why);
    // An unnumbered Failure, if rule 5 allows it.
    void complain(TimePoint now,
                  const RoutingId& routing_id,
                  Error error,
                  SessionId session,
                  std::uint64_t correlation);
    [[nodiscard]] bool may_answer(TimePoint now, const RoutingId& routing_id);
    void schedule(TimePoint now, Session& session);
    [[nodiscard]] bool is_silent(TimePoint now, const Session& session) const;
    [[nodiscard]] Session* on(const RoutingId& routing_id);
    [[nodiscard]] Session* single(const Identity& identity);

    ServerSessionsOptions options_;
    std::map<SessionId, Session> sessions_;
    std::map<RoutingId, SessionId> by_routing_;
    std::map<Owner, std::set<SessionId>> by_owner_;
    std::map<Owner, std::string> replaced_boot_;  // The run that was replaced last, per agent.
    std::set<std::pair<TimePoint, SessionId>> timers_;
    std::set<SessionId> awake_;                // May have something for take_outgoing().
    std::vector<Outgoing> loose_;              // Welcomes and Failures outside of any stream.
    std::map<RoutingId, TimePoint> answered_;  // Rule 5.
    std::vector<SessionEvent> events_;
    ServerCounters counters_;
    std::optional<TimePoint> listened_;
    TimePoint ticked_;
};

}  // namespace nearfab::wire
