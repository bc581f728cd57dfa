// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/conversation.hpp"

#include "proto/codec/codec.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace nearfab::gateway {
namespace {

// All questions with one answer are of this session; each watch has one of its own behind it.
constexpr router::SessionNumber questions = router::first_local_session;

Role role_of(const Caller& caller) {
    return caller.access == Access::admin ? Role::operator_ : Role::client;
}

// The message as the router would read it, or why it would not.
Result<Message> through_codec(Message question) {
    // It is bytes and little else, whose number the resource has checked.
    if (std::holds_alternative<message::UploadChunk>(question)) return question;
    Envelope envelope;
    envelope.body = std::move(question);
    auto bytes = try_encode(envelope);
    if (!bytes) return fail(std::move(bytes.error()));
    auto read = decode(*bytes);
    if (!read) {
        Error error = std::move(read.error());
        if (error.code == ErrorCode::malformed) error.code = ErrorCode::invalid_argument;
        return fail(std::move(error));
    }
    return std::move(read->body);
}

message::Failure busy() {
    return {{ErrorCode::unavailable,
             "the router has too many questions to answer",
             "try again in a second"},
            1};
}

}  // namespace

void Conversation::ask(TimePoint now, const Caller& caller, Message question, Answered answered) {
    send(now, caller.name, role_of(caller), std::move(question), std::move(answered));
}

void Conversation::ask_as_operator(TimePoint now,
                                   const Caller& caller,
                                   message::RelayCommand command,
                                   Answered answered) {
    send(now, caller.name, Role::operator_, std::move(command), std::move(answered));
}

void Conversation::ask_as_router(TimePoint now, Message question, Answered answered) {
    send(
        now, IdentityId{"http-gateway"}, Role::operator_, std::move(question), std::move(answered));
}

void Conversation::send(
    TimePoint now, IdentityId who, Role role, Message question, Answered answered) {
    auto fine = through_codec(std::move(question));
    if (!fine) {
        answered(message::Failure{std::move(fine.error())});
        return;
    }
    const std::uint64_t correlation = ++last_;
    if (!clients_.ask({questions, std::move(who), role, correlation, std::move(*fine)})) {
        answered(busy());
        return;
    }
    waiting_.emplace(correlation, Waiting{std::move(answered), now + answer_limit_});
}

Desk::Watch Conversation::watch(const Caller& caller,
                                message::WatchJob question,
                                Answered answered) {
    const router::SessionNumber session = questions + ++last_;
    auto fine = through_codec(std::move(question));
    if (!fine) {
        answered(message::Failure{std::move(fine.error())});
        return session;
    }
    if (!clients_.ask({session, caller.name, role_of(caller), session, std::move(*fine)})) {
        answered(busy());
        return session;
    }
    watches_.emplace(session, std::move(answered));
    return session;
}

void Conversation::unwatch(Desk::Watch watch) {
    if (watches_.erase(watch) > 0) clients_.leave(watch);
}

void Conversation::take_answers() {
    for (router::LocalAnswer& answer : clients_.take_answers()) {
        if (answer.session == questions) {
            const auto waiting = waiting_.extract(answer.correlation);
            // It came too late.
            if (!waiting.empty()) waiting.mapped().answered(std::move(answer.body));
            continue;
        }
        const auto watch = watches_.find(answer.session);
        if (watch == watches_.end()) continue;
        const bool over = std::holds_alternative<message::Failure>(answer.body);
        const Answered answered = watch->second;  // It may end the watch.
        if (over) unwatch(answer.session);
        answered(std::move(answer.body));
    }
}

void Conversation::tick(TimePoint now) {
    std::vector<Answered> late;
    for (auto waiting = waiting_.begin(); waiting != waiting_.end();) {
        if (waiting->second.until > now) {
            ++waiting;
            continue;
        }
        late.push_back(std::move(waiting->second.answered));
        waiting = waiting_.erase(waiting);
    }
    for (const Answered& answered : late) {
        answered(message::Failure{{ErrorCode::timed_out,
                                   "the router did not answer in time",
                                   "try again; what was submitted with a key is not made twice"}});
    }
}

}  // namespace nearfab::gateway
