// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/connection.hpp"

#include "base/check.hpp"
#include "host/clock.hpp"
#include "host/random.hpp"
#include "wire/client_session.hpp"
#include "wire/client_socket.hpp"
#include "wire/exchange.hpp"
#include "wire/local_socket.hpp"

#include <zmq.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <deque>
#include <map>
#include <utility>

namespace nearfab::wire {
namespace {

constexpr std::size_t boot_id_bytes = 16;
// A person waits, so a router that was restarted is noticed sooner than an agent would.
constexpr Duration keepalive = std::chrono::seconds{3};
constexpr Duration reconnect_first = std::chrono::milliseconds{200};
constexpr Duration reconnect_last = std::chrono::seconds{5};
constexpr Duration redial_after = std::chrono::seconds{10};
constexpr std::size_t queue_bytes_max = std::size_t{16} * 1024 * 1024;

ClientSessionOptions session_options(const ConnectionOptions& options) {
    ClientSessionOptions session;
    session.software = options.software;
    session.boot_id = random_hex(boot_id_bytes);
    session.role = Role::client;
    session.stream.keepalive = keepalive;
    session.stream.queue_bytes_max = queue_bytes_max;
    return session;
}

ClientSocketOptions socket_options(const ConnectionOptions& options) {
    return {.endpoint = options.endpoint,
            .server_key = options.server_key,
            .keys = options.keys,
            .reconnect_first = reconnect_first,
            .reconnect_last = reconnect_last};
}

std::string seconds_text(Duration span) {
    constexpr Duration one = std::chrono::seconds{1};
    return span < one ? std::to_string(span.count()) + " ms" : std::to_string(span / one) + " s";
}

// More answers will come to this question.
bool goes_on(const message::WatchJob& question, const message::JobUpdate& update) {
    return !is_final(update.status.state) || question.after_event < update.status.last_event;
}

}  // namespace

struct Connection::State {
    State(ConnectionOptions given,
          std::unique_ptr<zmq::context_t> made,
          ClientSocket dialled,
          TimePoint now)
        : options{std::move(given)},
          context{std::move(made)},
          socket{std::move(dialled)},
          session{session_options(options), now},
          dialled_at{now} {}

    ConnectionOptions options;
    SystemClock clock;
    std::unique_ptr<zmq::context_t> context;  // Before the socket, which it must outlive.
    ClientSocket socket;
    ClientSession session;
    TimePoint dialled_at;
    std::optional<message::Welcome> welcome;
    std::map<std::uint64_t, Message> open_questions;
    std::deque<Received> inbox;
    std::optional<Error> refusal;  // What makes waiting useless; told to the caller once.
    std::uint64_t next_correlation = 1;

    [[nodiscard]] TimePoint now() const { return clock.read().boot; }
    void turn();
    void wait(TimePoint until);
    void take(client_event::Opened event);
    void take(client_event::Lost event);
    void take(client_event::Refused event);
    void take(client_event::Delivered event);
    // Questions are kept by their correlation, so nobody waits for tokens.
    void take(client_event::Acknowledged) {}
    void take(client_event::Dropped) {}
    void file_answer(Received answer);
    [[nodiscard]] std::optional<Message> answer_to(std::uint64_t correlation);
    [[nodiscard]] Error nobody_answers();
};

// ---- The turn of the loop
// -------------------------------------------------------------------------

void Connection::State::turn() {
    const TimePoint at = now();
    receive_all(socket, session, at);
    session.tick(at);
    for (ClientEvent& event : session.take_events()) {
        std::visit([this](auto& one) { take(std::move(one)); }, event);
    }
    send_all(session, socket, at);
}

void Connection::State::wait(TimePoint until) {
    const TimePoint at = now();
    if (session.seeking(at) >= redial_after && at >= dialled_at + redial_after) {
        dialled_at = at;
        if (Status again = socket.redial(); !again) refusal = std::move(again.error());
    }
    const TimePoint deadline = std::min(until, session.next_deadline());
    const short writable = session.wants_writable() ? ZMQ_POLLOUT : short{0};
    const auto events = static_cast<short>(ZMQ_POLLIN | writable);
    std::array<zmq::pollitem_t, 2> items{
        {{socket.handle(), 0, events, 0}, {socket.reports_handle(), 0, ZMQ_POLLIN, 0}}};
    try {
        zmq::poll(items, wait_until(deadline, at, redial_after));
    } catch (const zmq::error_t& error) {
        // A signal ends the waiting early, which is what whoever sent it wants.
        NEARFAB_CHECK(error.num() == EINTR, "waiting cannot fail otherwise");
    }
    if ((items[0].revents & ZMQ_POLLOUT) != 0) session.writable(now());
    turn();
}

void Connection::State::take(client_event::Opened event) {
    const bool is_back = welcome.has_value();
    welcome = std::move(event.welcome);
    for (const auto& [correlation, question] : open_questions) {
        session.send(now(), question, correlation);
    }
    if (is_back && options.on_reachable) options.on_reachable(true);
}

void Connection::State::take(client_event::Lost event) {
    if (event.why.code == ErrorCode::unauthorised || event.why.code == ErrorCode::conflict) {
        refusal = std::move(event.why);
    }
    if (options.on_reachable) options.on_reachable(false);
}

void Connection::State::take(client_event::Refused event) {
    refusal = std::move(event.why);
    // In the words of the other side, for whom "you" are we.
    if (refusal->code == ErrorCode::unsupported_version) {
        refusal->message = options.endpoint + " says: " + refusal->message;
    }
}

void Connection::State::take(client_event::Delivered event) {
    session.handled(event.session, event.sequence);
    auto* failure = std::get_if<message::Failure>(&event.body);
    if (failure && event.correlation == 0) {
        // It did not understand us, and could not tell which of our questions that was.
        refusal = std::move(failure->error);
        return;
    }
    file_answer({event.correlation, std::move(event.body)});
}

void Connection::State::file_answer(Received answer) {
    const auto question = open_questions.find(answer.correlation);
    if (question == open_questions.end()) return;  // Forgotten, or answered already.
    auto* watch = std::get_if<message::WatchJob>(&question->second);
    const auto* update = std::get_if<message::JobUpdate>(&answer.body);
    bool is_last = true;
    if (watch && update) {
        if (!update->events.empty()) {
            watch->after_event = std::max(watch->after_event, update->events.back().number);
        }
        is_last = !goes_on(*watch, *update);
    }
    if (is_last) open_questions.erase(question);
    inbox.push_back(std::move(answer));
}

std::optional<Message> Connection::State::answer_to(std::uint64_t correlation) {
    const auto found = std::find_if(inbox.begin(), inbox.end(), [&](const Received& received) {
        return received.correlation == correlation;
    });
    if (found == inbox.end()) return std::nullopt;
    Message body = std::move(found->body);
    inbox.erase(found);
    return body;
}

Error Connection::State::nobody_answers() {
    const std::string waited = " (waited " + seconds_text(options.connect_timeout) + ")";
    const DialTrouble trouble = socket.trouble();
    if (trouble != DialTrouble::none) {
        Error error = socket.explain(trouble);
        error.message += waited;
        return error;
    }
    return {ErrorCode::unavailable,
            "nobody answers at " + options.endpoint + waited,
            is_ipc(options.endpoint) ? "check the program behind it: it may hang"
                                     : "check the address, and that the router runs"};
}

// ---- What callers see
// -----------------------------------------------------------------------------

Result<Connection> Connection::open(ConnectionOptions options) {
    if (is_ipc(options.endpoint)) {
        const Status there = can_dial(path_of_ipc(options.endpoint));
        if (!there) return fail(there.error());
    }
    auto context = std::make_unique<zmq::context_t>(1);
    Result<ClientSocket> socket = ClientSocket::dial(*context, socket_options(options));
    if (!socket) return fail(std::move(socket.error()));
    const TimePoint now = SystemClock{}.read().boot;
    const TimePoint deadline = now + options.connect_timeout;
    auto state =
        std::make_unique<State>(std::move(options), std::move(context), std::move(*socket), now);
    while (!state->welcome) {
        if (state->refusal) return fail(std::move(*state->refusal));
        if (state->now() >= deadline) return fail(state->nobody_answers());
        state->wait(deadline);
    }
    return Connection{std::move(state)};
}

Connection::Connection(std::unique_ptr<State> state) : state_{std::move(state)} {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

const message::Welcome& Connection::welcome() const {
    return *state_->welcome;
}

Result<Message> Connection::ask(const Message& question, Duration timeout) {
    const TimePoint deadline = state_->now() + timeout;
    const std::uint64_t correlation = send(question);
    for (;;) {
        if (std::optional<Message> answer = state_->answer_to(correlation)) {
            forget(correlation);
            if (auto* failure = std::get_if<message::Failure>(&*answer)) {
                return fail(std::move(failure->error));
            }
            return std::move(*answer);
        }
        if (state_->refusal || state_->now() >= deadline) break;
        state_->wait(deadline);
    }
    forget(correlation);
    if (state_->refusal) return fail(*std::exchange(state_->refusal, std::nullopt));
    return fail(ErrorCode::timed_out,
                state_->options.endpoint + " did not answer " + std::string{name_of(question)} +
                    " within " + seconds_text(timeout),
                "try again: asking twice does no harm");
}

std::uint64_t Connection::send(const Message& question) {
    const std::uint64_t correlation = state_->next_correlation++;
    state_->open_questions.emplace(correlation, question);
    // While no session is open it waits in open_questions for the next one.
    state_->session.send(state_->now(), question, correlation);
    state_->turn();
    return correlation;
}

Result<std::optional<Connection::Received>> Connection::next(Duration timeout) {
    const TimePoint deadline = state_->now() + timeout;
    for (;;) {
        if (!state_->inbox.empty()) {
            std::optional<Received> received = std::move(state_->inbox.front());
            state_->inbox.pop_front();
            return received;
        }
        if (state_->refusal) return fail(*std::exchange(state_->refusal, std::nullopt));
        if (state_->now() >= deadline) return std::optional<Received>{};
        state_->wait(deadline);
    }
}

void Connection::forget(std::uint64_t correlation) {
    state_->open_questions.erase(correlation);
    std::erase_if(state_->inbox,
                  [&](const Received& one) { return one.correlation == correlation; });
}

}  // namespace nearfab::wire
