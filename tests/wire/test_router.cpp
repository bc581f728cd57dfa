// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/wire/test_router.hpp"

#include "host/clock.hpp"
#include "host/random.hpp"
#include "wire/exchange.hpp"

#include <catch2/catch.hpp>

#include <array>

namespace nearfab::wire::test {

bool eventually(const std::function<bool()>& is_so) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!is_so()) {
        if (std::chrono::steady_clock::now() >= deadline) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
    }
    return true;
}

AllowList allow(const std::string& lines) {
    Result<AllowList> list = AllowList::parse(lines, "test.keys");
    REQUIRE(list.has_value());
    return std::move(*list);
}

TestRouter::TestRouter(TestRouterOptions options) : options_{std::move(options)} {
    auto started = Authenticator::start(context_, options_.list, nullptr);
    REQUIRE(started.has_value());
    authenticator_ = std::move(*started);
    auto bound =
        ServerSocket::bind_tcp(context_, options_.endpoint, options_.keys, *authenticator_);
    REQUIRE(bound.has_value());
    socket_.emplace(std::move(*bound));
    endpoint_ = socket_->endpoint();
    thread_ = std::thread{[this] { run(); }};
}

TestRouter::~TestRouter() {
    stop_ = true;
    thread_.join();
}

void TestRouter::replace(AllowList list) {
    authenticator_->replace(std::move(list));
    revoke_ = true;
}

std::vector<std::string> TestRouter::heard() const {
    const std::lock_guard lock{mutex_};
    return heard_;
}
std::size_t TestRouter::opened() const {
    const std::lock_guard lock{mutex_};
    return opened_;
}
std::size_t TestRouter::closed() const {
    const std::lock_guard lock{mutex_};
    return closed_;
}

void TestRouter::run() {
    const SystemClock clock;
    ServerSessionsOptions session_options;
    session_options.name = "test-router";
    session_options.random = random_u64;
    session_options.silence = options_.silence;
    session_options.stream.keepalive = options_.keepalive;
    ServerSessions sessions{std::move(session_options)};
    const Identify identify = [this](const ServerSocket::Received& received) {
        return received.key ? authenticator_->find(*received.key) : std::nullopt;
    };
    while (!stop_) {
        const TimePoint now = clock.read().boot;
        messages_ += receive_all(*socket_, sessions, identify, now);
        if (revoke_.exchange(false)) {
            sessions.revoke(now, [this](const Identity& identity) {
                return authenticator_->find(identity.key) != identity;
            });
        }
        sessions.tick(now);
        for (const SessionEvent& event : sessions.take_events())
            handle(sessions, now, event);
        send_all(sessions, *socket_, now);
        std::array<zmq::pollitem_t, 1> items{{{socket_->handle(), 0, ZMQ_POLLIN, 0}}};
        zmq::poll(items, wait_until(sessions.next_deadline(), now, std::chrono::milliseconds{10}));
    }
    socket_.reset();
}

void TestRouter::handle(ServerSessions& sessions, TimePoint now, const SessionEvent& event) {
    const std::lock_guard lock{mutex_};
    if (std::holds_alternative<session_event::Opened>(event)) ++opened_;
    if (std::holds_alternative<session_event::Closed>(event)) ++closed_;
    if (const auto* question = std::get_if<session_event::Delivered>(&event)) {
        heard_.push_back(question->name.text() + " " + std::string{name_of(question->body)});
        answer(sessions, now, *question);
        sessions.handled(question->session, question->sequence);
    }
}

void TestRouter::answer(ServerSessions& sessions,
                        TimePoint now,
                        const session_event::Delivered& question) {
    const auto reply = [&](const Message& body) {
        sessions.send(now, question.session, body, question.correlation);
    };
    if (std::holds_alternative<message::AskJobs>(question.body)) {
        reply(message::Jobs{});
    } else if (std::holds_alternative<message::AskFabs>(question.body) && options_.answers_fabs) {
        reply(message::Fabs{});
    } else if (std::holds_alternative<message::AskWhy>(question.body)) {
        reply(message::Failure{Error{ErrorCode::not_found, "there is no such job", "look again"}});
    } else if (const auto* watch = std::get_if<message::WatchJob>(&question.body)) {
        constexpr std::uint64_t last = 4;
        for (std::uint64_t sent = 0; sent < options_.watch_events; ++sent) {
            const std::uint64_t number = watch->after_event + 1 + sent;
            if (number > last) break;
            JobStatus status;
            status.id = watch->job;
            status.submitter = question.name;
            status.state = number == last ? JobState::closed : JobState::in_production;
            status.last_event = number;
            reply(message::JobUpdate{status, {JobEvent{number, {}, {}, "step"}}});
        }
    }
}

}  // namespace nearfab::wire::test
