// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/cli/fake_router.hpp"

#include "host/clock.hpp"
#include "host/random.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <utility>

namespace nearfab::cli::test {
namespace {

wire::ServerSessionsOptions session_options() {
    wire::ServerSessionsOptions options;
    options.name = "fake";
    options.random = [] { return random_u64(); };
    return options;
}

}  // namespace

FakeRouter::FakeRouter(const std::string& client_key, Answers answers)
    : keys_{wire::generate_key_pair()}, sessions_{session_options()}, answers_{std::move(answers)} {
    auto list = wire::AllowList::parse("client anna " + client_key + "\n", "keys");
    REQUIRE(list);
    auto authenticator = wire::Authenticator::start(context_, std::move(*list), {});
    REQUIRE(authenticator);
    authenticator_ = std::move(*authenticator);
    auto socket =
        wire::ServerSocket::bind_tcp(context_, "tcp://127.0.0.1:*", keys_, *authenticator_);
    REQUIRE(socket);
    socket_.emplace(std::move(*socket));
    thread_ = std::thread{[this] { serve(); }};
}

FakeRouter::~FakeRouter() {
    stop_ = true;
    thread_.join();
    socket_.reset();
    authenticator_.reset();
}

void FakeRouter::serve() {
    const SystemClock clock;
    while (!stop_) {
        std::array<zmq::pollitem_t, 1> items{{{socket_->handle(), 0, ZMQ_POLLIN, 0}}};
        zmq::poll(items.data(), items.size(), std::chrono::milliseconds{20});
        const TimePoint now = clock.read().boot;
        while (const auto received = socket_->receive()) {
            std::optional<wire::Identity> sender;
            if (received->key) sender = authenticator_->find(*received->key);
            sessions_.receive(now, received->routing_id, sender, received->bytes);
        }
        sessions_.tick(now);
        for (const wire::SessionEvent& event : sessions_.take_events()) {
            if (const auto* got = std::get_if<wire::session_event::Delivered>(&event)) take(*got);
        }
        for (const auto& message : sessions_.take_outgoing(now)) {
            if (socket_->send(message.routing_id, message.bytes) == wire::SendOutcome::gone) {
                sessions_.gone(now, message.routing_id);
            }
        }
    }
}

void FakeRouter::take(const wire::session_event::Delivered& delivered) {
    const TimePoint now = SystemClock{}.read().boot;
    sessions_.handled(delivered.session, delivered.sequence);
    std::vector<Message> answers;
    if (auto about_design = take_design(delivered.body)) {
        answers.push_back(std::move(*about_design));
    } else {
        const std::lock_guard lock{mutex_};
        asked_.push_back(delivered.body);
        answers = answers_(delivered.body);
    }
    for (const Message& answer : answers) {
        sessions_.send(now, delivered.session, answer, delivered.correlation);
    }
}

std::optional<Message> FakeRouter::take_design(const Message& question) {
    const std::lock_guard lock{mutex_};
    ContentHash hash;
    if (const auto* open = std::get_if<message::OpenUpload>(&question)) {
        hash = open->design;
        sizes_[hash] = open->size;
    } else if (const auto* chunk = std::get_if<message::UploadChunk>(&question)) {
        hash = chunk->design;
        ++chunks_;
        std::vector<std::uint8_t>& bytes = designs_[hash];
        if (chunk->offset == bytes.size()) {
            bytes.insert(bytes.end(), chunk->bytes.begin(), chunk->bytes.end());
        }
    } else {
        return std::nullopt;
    }
    const std::uint64_t received = designs_[hash].size();
    return message::UploadStatus{hash, received, received == sizes_[hash]};
}

std::vector<Message> FakeRouter::asked() const {
    const std::lock_guard lock{mutex_};
    return asked_;
}

std::vector<std::uint8_t> FakeRouter::design(const ContentHash& hash) const {
    const std::lock_guard lock{mutex_};
    const auto found = designs_.find(hash);
    return found == designs_.end() ? std::vector<std::uint8_t>{} : found->second;
}

void FakeRouter::has_already(const ContentHash& design, std::vector<std::uint8_t> bytes) {
    const std::lock_guard lock{mutex_};
    designs_[design] = std::move(bytes);
}

}  // namespace nearfab::cli::test
