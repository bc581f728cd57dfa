// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/server_sessions.hpp"

#include "base/check.hpp"
#include "proto/codec/codec.hpp"

#include <algorithm>
#include <tuple>

namespace nearfab::wire {
namespace {

constexpr Duration answer_interval = std::chrono::seconds{1};
constexpr std::size_t answered_max = 4096;
constexpr Duration deaf_look_interval = std::chrono::seconds{1};
// See schedule().
constexpr Duration far_away = std::chrono::seconds{1};
using coalesced = std::chrono::duration<Duration::rep, std::ratio<1, 10>>;

// A fab has one agent and a network one router, but a person has many terminals.
bool has_one_session(Role role) {
    return role == Role::agent || role == Role::peer;
}

// What the peer of a session that is being closed is told; nothing where nobody would hear it.
std::optional<Error> farewell(CloseReason why) {
    switch (why) {
        case CloseReason::replaced:
            return Error{ErrorCode::conflict,
                         "another program said hello with the same key; it has the session now",
                         "stop one of the two, or give it a key of its own"};
        case CloseReason::slow_consumer:
            return Error{ErrorCode::limit_reached,
                         "too many messages wait for you to take them; the session is closed",
                         "say hello again and ask for the present state"};
        case CloseReason::revoked:
            return Error{ErrorCode::unauthorised,
                         "this key is no longer allowed here",
                         "ask the operator of the router"};
        case CloseReason::silent:
        case CloseReason::crowded_out:
            return Error{ErrorCode::session_unknown,
                         "the session was closed: " + std::string{to_string(why)},
                         "say hello again"};
        case CloseReason::renewed:
        case CloseReason::gone:
            return std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

std::string_view to_string(CloseReason reason) {
    switch (reason) {
        case CloseReason::replaced:
            return "replaced";
        case CloseReason::renewed:
            return "renewed";
        case CloseReason::silent:
            return "silent";
        case CloseReason::gone:
            return "gone";
        case CloseReason::slow_consumer:
            return "slow consumer";
        case CloseReason::revoked:
            return "revoked";
        case CloseReason::crowded_out:
            return "crowded out";
    }
    return "unknown";
}

ServerSessions::ServerSessions(ServerSessionsOptions options) : options_{std::move(options)} {
    NEARFAB_CHECK(options_.random != nullptr, "sessions are named by random numbers");
}

void ServerSessions::receive(TimePoint now,
                             const RoutingId& routing_id,
                             const std::optional<Identity>& sender,
                             std::span<const std::uint8_t> bytes) {
    if (!sender) {
        refuse_stranger(now, routing_id);
        return;
    }
    Result<Envelope> envelope = decode(bytes);
    if (!envelope) {
        take_unreadable(now, routing_id, *sender, bytes, std::move(envelope.error()));
        return;
    }
    if (std::holds_alternative<message::Hello>(envelope->body)) {
        greet(now, routing_id, *sender, *envelope);
        return;
    }
    Session* session = on(routing_id);
    if (session && session->identity != *sender) {
        close(now, *session, CloseReason::revoked);
        session = nullptr;
    }
    if (!session || session->id != envelope->session) {
        ++counters_.void_frames;
        Error error{ErrorCode::session_unknown, "this session is not open here", "say hello again"};
        complain(now, routing_id, std::move(error), envelope->session, envelope->correlation);
        return;
    }
    take_in(now, *session, std::move(*envelope));
}

void ServerSessions::refuse_stranger(TimePoint now, const RoutingId& routing_id) {
    ++counters_.strangers;
    if (Session* session = on(routing_id)) {
        close(now, *session, CloseReason::revoked);
        return;
    }
    Error error{ErrorCode::unauthorised,
                "this key is not allowed here",
                "ask the operator of the router to add your public key"};
    complain(now, routing_id, std::move(error), 0, 0);
}

// ---- Hello ------------------------------------------------------------------------------------

void ServerSessions::greet(TimePoint now,
                           const RoutingId& routing_id,
                           const Identity& sender,
                           const Envelope& envelope) {
    const message::Hello& hello = std::get<message::Hello>(envelope.body);
    if (std::optional<Error> fault = numbering_fault(envelope)) {
        ++counters_.malformed;
        complain(now, routing_id, std::move(*fault), 0, envelope.correlation);
        return;
    }
    Result<std::uint32_t> version = agree_on_version(hello);
    if (!version) {
        complain(now, routing_id, std::move(version.error()), 0, envelope.correlation);
        return;
    }
    if (is_late(routing_id, sender, hello)) {
        ++counters_.void_frames;
        return;
    }
    Session* present = on(routing_id);
    // The Welcome was slow or got lost and nothing else was said: it is the same session. So ten
    // thousand agents that come at once, and repeat themselves, open no more than as many sessions.
    if (present && present->identity == sender && present->boot_id == hello.boot_id &&
        present->version == *version && present->stream.untouched()) {
        present->hello_counter = hello.session_counter;
        present->heard = now;
        welcome(*present, envelope.correlation);
        return;
    }
    const bool clone_suspected = suspect_clone(now, sender, hello);
    make_room(now, routing_id, sender);
    open(now, routing_id, sender, envelope, *version, clone_suspected);
}

bool ServerSessions::is_late(const RoutingId& routing_id,
                             const Identity& sender,
                             const message::Hello& hello) {
    const auto newer = [&](const Session* session) {
        return session && session->identity == sender && session->boot_id == hello.boot_id &&
               session->hello_counter >= hello.session_counter;
    };
    return newer(on(routing_id)) || (has_one_session(sender.role) && newer(single(sender)));
}

bool ServerSessions::suspect_clone(TimePoint now,
                                   const Identity& sender,
                                   const message::Hello& hello) {
    if (!has_one_session(sender.role)) return false;
    const Owner owner{sender.role, sender.name};
    const auto replaced = replaced_boot_.find(owner);
    const bool came_back = replaced != replaced_boot_.end() && replaced->second == hello.boot_id;
    const Session* present = single(sender);
    const bool other_run = present && present->boot_id != hello.boot_id;
    const bool only_just_opened = other_run && now - present->opened < options_.clone_age;
    if (other_run) replaced_boot_[owner] = present->boot_id;
    return came_back || only_just_opened;
}

// Closes what the new session takes the place of.
void ServerSessions::make_room(TimePoint now, const RoutingId& routing_id, const Identity& sender) {
    if (Session* present = on(routing_id)) close(now, *present, CloseReason::renewed);
    const auto owned = by_owner_.find({sender.role, sender.name});
    if (owned == by_owner_.end()) return;
    if (has_one_session(sender.role)) {
        close(now, sessions_.at(*owned->second.begin()), CloseReason::replaced);
        return;
    }
    if (owned->second.size() < options_.sessions_per_identity_max) return;
    const SessionId quietest = *std::min_element(
        owned->second.begin(), owned->second.end(), [&](SessionId a, SessionId b) {
            return std::tuple{sessions_.at(a).heard, a} < std::tuple{sessions_.at(b).heard, b};
        });
    close(now, sessions_.at(quietest), CloseReason::crowded_out);
}

void ServerSessions::open(TimePoint now,
                          const RoutingId& routing_id,
                          const Identity& sender,
                          const Envelope& envelope,
                          std::uint32_t version,
                          bool clone_suspected) {
    const message::Hello& hello = std::get<message::Hello>(envelope.body);
    SessionId id = options_.random();
    while (id == 0 || sessions_.contains(id))
        id = options_.random();
    StreamOptions stream = options_.stream;
    stream.version = version;
    stream.session = id;
    Session fresh{.id = id,
                  .routing_id = routing_id,
                  .identity = sender,
                  .boot_id = hello.boot_id,
                  .hello_counter = hello.session_counter,
                  .version = version,
                  .opened = now,
                  .heard = now,
                  .wake_at = TimePoint::max(),
                  .stream = Stream{stream, now}};
    Session& session = sessions_.emplace(id, std::move(fresh)).first->second;
    by_routing_[routing_id] = id;
    by_owner_[{sender.role, sender.name}].insert(id);
    schedule(now, session);
    welcome(session, envelope.correlation);
    events_.emplace_back(session_event::Opened{.session = id,
                                               .identity = sender,
                                               .boot_id = hello.boot_id,
                                               .software = hello.software,
                                               .clone_suspected = clone_suspected});
}

void ServerSessions::welcome(const Session& session, std::uint64_t correlation) {
    using std::chrono::duration_cast;
    using std::chrono::seconds;
    const auto keepalive = duration_cast<seconds>(options_.stream.keepalive);
    message::Welcome body{.version = session.version,
                          .session = session.id,
                          .role = session.identity.role,
                          .name = session.identity.name,
                          .router = options_.name,
                          .keepalive_s = std::max<std::int64_t>(1, keepalive.count())};
    loose_.push_back({session.routing_id,
                      encode(Envelope{.version = session.version,
                                      .session = session.id,
                                      .sequence = 0,
                                      .acknowledged = 0,
                                      .correlation = correlation,
                                      .body = std::move(body)}),
                      0,
                      0});
}

// ---- Within a session ---------------------------------------------------------------------------

void ServerSessions::take_unreadable(TimePoint now,
                                     const RoutingId& routing_id,
                                     const Identity& sender,
                                     std::span<const std::uint8_t> bytes,
                                     Error why) {
    ++counters_.malformed;
    Session* session = on(routing_id);
    const Result<EnvelopeHead> head = decode_head(bytes);
    const bool belongs = session && session->identity == sender && head &&
                         head->session == session->id && head->version == session->version;
    if (!belongs || head->sequence == 0) {
        complain(now,
                 routing_id,
                 std::move(why),
                 belongs ? session->id : 0,
                 head ? head->correlation : 0);
        return;
    }
    session->heard = now;
    awake_.insert(session->id);
    if (session->stream.arrived(head->sequence) != Stream::Arrival::deliver) return;
    session->stream.skip(head->sequence);
    send(now, session->id, message::Failure{std::move(why)}, head->correlation);
}

void ServerSessions::take_in(TimePoint now, Session& session, Envelope&& envelope) {
    session.heard = now;
    std::optional<Error> fault = numbering_fault(envelope);
    if (std::holds_alternative<message::Welcome>(envelope.body)) {
        fault = Error{ErrorCode::malformed, "Welcome is said by the side that was dialled", {}};
    }
    if (envelope.version != session.version) {
        fault = Error{ErrorCode::malformed,
                      "version " + std::to_string(envelope.version) + " after version " +
                          std::to_string(session.version) + " was agreed",
                      {}};
    }
    if (!fault && !session.stream.acknowledge(now, envelope.acknowledged)) {
        fault = Error{ErrorCode::malformed,
                      "message " + std::to_string(envelope.acknowledged) +
                          " is acknowledged but was never sent",
                      {}};
    }
    if (fault) {
        ++counters_.malformed;
        complain(now, session.routing_id, std::move(*fault), session.id, envelope.correlation);
        return;
    }
    awake_.insert(session.id);  // There may be room for more now, or something to acknowledge.
    if (!std::holds_alternative<message::Keepalive>(envelope.body)) {
        deliver(session, std::move(envelope));
    }
}

void ServerSessions::deliver(Session& session, Envelope&& envelope) {
    switch (session.stream.arrived(envelope.sequence)) {
        case Stream::Arrival::duplicate:
            ++counters_.duplicates;
            return;
        case Stream::Arrival::gap:
            ++counters_.gaps;
            return;
        case Stream::Arrival::overrun:
            ++counters_.overruns;
            return;
        case Stream::Arrival::deliver:
            break;
    }
    events_.emplace_back(session_event::Delivered{.session = session.id,
                                                  .role = session.identity.role,
                                                  .name = session.identity.name,
                                                  .correlation = envelope.correlation,
                                                  .sequence = envelope.sequence,
                                                  .body = std::move(envelope.body)});
}

bool ServerSessions::send(TimePoint now,
                          SessionId session,
                          const Message& body,
                          std::uint64_t correlation,
                          Delivery delivery) {
    const auto found = sessions_.find(session);
    if (found == sessions_.end()) return false;
    if (!found->second.stream.send(body, correlation, delivery)) {
        close(now, found->second, CloseReason::slow_consumer);
        return false;
    }
    awake_.insert(session);
    return true;
}

void ServerSessions::handled(SessionId session, std::uint64_t sequence) {
    const auto found = sessions_.find(session);
    if (found == sessions_.end()) return;
    found->second.stream.handled(sequence);
    awake_.insert(session);
}

std::vector<ServerSessions::Outgoing> ServerSessions::take_outgoing(TimePoint now) {
    std::vector<Outgoing> outgoing = std::exchange(loose_, {});
    for (const SessionId id : std::exchange(awake_, {})) {
        Session& session = sessions_.at(id);
        for (Stream::Frame& frame : session.stream.take(now)) {
            outgoing.push_back({session.routing_id, std::move(frame.bytes), id, frame.sequence});
        }
        schedule(now, session);
    }
    return outgoing;
}

// ---- Ends and times
// -------------------------------------------------------------------------------

void ServerSessions::blocked(TimePoint now, const Outgoing& message) {
    const auto found = sessions_.find(message.session);
    // A Welcome that was not sent is asked for again; a Failure is only a help.
    if (found == sessions_.end()) return;
    found->second.stream.blocked(now, message.sequence);
    schedule(now, found->second);
}

void ServerSessions::gone(TimePoint now, const RoutingId& routing_id) {
    answered_.erase(routing_id);
    if (Session* session = on(routing_id)) close(now, *session, CloseReason::gone);
}

void ServerSessions::revoke(TimePoint now, const std::function<bool(const Identity&)>& is_revoked) {
    std::vector<SessionId> revoked;
    for (const auto& [id, session] : sessions_) {
        if (is_revoked(session.identity)) revoked.push_back(id);
    }
    for (const SessionId id : revoked)
        close(now, sessions_.at(id), CloseReason::revoked);
}

void ServerSessions::listen(TimePoint now) {
    const Duration gap = listened_ ? now - *listened_ : Duration::zero();
    listened_ = now;
    if (gap <= deaf_after) return;
    for (auto& [id, session] : sessions_)
        session.heard += gap;
}

bool ServerSessions::is_silent(TimePoint now, const Session& session) const {
    const TimePoint heard_until = listened_ ? std::min(now, *listened_ + deaf_after) : now;
    return heard_until >= session.heard + options_.silence;
}

std::size_t ServerSessions::waiting_bytes() const {
    std::size_t bytes = 0;
    for (const auto& [id, session] : sessions_)
        bytes += session.stream.waiting_bytes();
    return bytes;
}

void ServerSessions::tick(TimePoint now) {
    ticked_ = now;
    while (!timers_.empty() && timers_.begin()->first <= now) {
        Session& session = sessions_.at(timers_.begin()->second);
        if (is_silent(now, session)) {
            close(now, session, CloseReason::silent);
            continue;
        }
        timers_.erase(timers_.begin());
        session.wake_at = TimePoint::max();
        awake_.insert(session.id);  // take_outgoing() gives it its next place in timers_.
    }
    std::erase_if(answered_,
                  [&](const auto& entry) { return now >= entry.second + answer_interval; });
}

TimePoint ServerSessions::next_deadline() const {
    if (!events_.empty() || !loose_.empty() || !awake_.empty()) return TimePoint{};
    return timers_.empty() ? TimePoint::max() : timers_.begin()->first;
}

// A place in timers_ that is too early costs one useless look; only one that is too late is wrong.
// So activity, which moves deadlines away, moves nothing here.
void ServerSessions::schedule(TimePoint now, Session& session) {
    TimePoint silent_at = session.heard + options_.silence;
    // Over, and not silent: nobody listens.
    if (silent_at <= ticked_) silent_at = ticked_ + deaf_look_interval;
    TimePoint deadline = std::min(session.stream.next_deadline(), silent_at);
    // What is far away comes together with what else is due then: ten thousand keepalives, each at
    // its own millisecond, wake the loop as often.
    if (deadline >= now + far_away) deadline = std::chrono::ceil<coalesced>(deadline);
    if (deadline >= session.wake_at) return;
    timers_.erase({session.wake_at, session.id});
    session.wake_at = deadline;
    timers_.emplace(deadline, session.id);
}

void ServerSessions::close(TimePoint now, Session& session, CloseReason why) {
    if (std::optional<Error> words = farewell(why)) {
        loose_.push_back(
            {session.routing_id, encode_failure(std::move(*words), session.id, 0), 0, 0});
        answered_[session.routing_id] = now;
    }
    events_.emplace_back(session_event::Closed{.session = session.id,
                                               .role = session.identity.role,
                                               .name = session.identity.name,
                                               .why = why});
    const SessionId id = session.id;
    const Owner owner{session.identity.role, session.identity.name};
    timers_.erase({session.wake_at, id});
    awake_.erase(id);
    by_routing_.erase(session.routing_id);
    const auto owned = by_owner_.find(owner);
    owned->second.erase(id);
    if (owned->second.empty()) by_owner_.erase(owned);
    sessions_.erase(id);
}

void ServerSessions::complain(TimePoint now,
                              const RoutingId& routing_id,
                              Error error,
                              SessionId session,
                              std::uint64_t correlation) {
    if (!may_answer(now, routing_id)) {
        ++counters_.answers_withheld;
        return;
    }
    loose_.push_back({routing_id, encode_failure(std::move(error), session, correlation), 0, 0});
}

bool ServerSessions::may_answer(TimePoint now, const RoutingId& routing_id) {
    const auto found = answered_.find(routing_id);
    if (found != answered_.end() && now < found->second + answer_interval) return false;
    if (found == answered_.end() && answered_.size() >= answered_max) return false;
    answered_[routing_id] = now;
    return true;
}

ServerSessions::Session* ServerSessions::on(const RoutingId& routing_id) {
    const auto found = by_routing_.find(routing_id);
    return found == by_routing_.end() ? nullptr : &sessions_.at(found->second);
}

ServerSessions::Session* ServerSessions::single(const Identity& identity) {
    const auto found = by_owner_.find({identity.role, identity.name});
    return found == by_owner_.end() ? nullptr : &sessions_.at(*found->second.begin());
}

std::optional<SessionId> ServerSessions::session_of(Role role, const IdentityId& name) const {
    const auto found = by_owner_.find({role, name});
    if (found == by_owner_.end() || found->second.size() != 1) return std::nullopt;
    return *found->second.begin();
}

}  // namespace nearfab::wire
