// SPDX-License-Identifier: GPL-3.0-or-later
// conversation.hpp - questions to the router's loop, each with one answer and an end.
//
// Every question goes through the codec first, as if it had come by wire: what a single message can
// be refused for is refused here, in the same words. Belongs to the gateway's thread.

#pragma once

#include "base/clock.hpp"
#include "router/gateway/desk.hpp"
#include "router/shell/local_clients.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>

namespace nearfab::gateway {

class Conversation {
public:
    using Answered = Desk::Answered;

    Conversation(router::LocalClients& clients, Duration answer_limit)
        : clients_{clients}, answer_limit_{answer_limit} {}

    void ask(TimePoint now, const Caller& caller, Message question, Answered answered);
    // With the caller's name, in the role that may tell fabs something.
    void ask_as_operator(TimePoint now,
                         const Caller& caller,
                         message::RelayCommand command,
                         Answered answered);
    // As one who sees everything, for what is told to many.
    void ask_as_router(TimePoint now, Message question, Answered answered);
    Desk::Watch watch(const Caller& caller, message::WatchJob question, Answered answered);
    void unwatch(Desk::Watch watch);

    // Something is readable: gives each answer to who waits for it.
    void take_answers();
    // Whoever has waited too long gets a Failure.
    void tick(TimePoint now);

    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
    [[nodiscard]] std::size_t watches() const { return watches_.size(); }

private:
    struct Waiting {
        Answered answered;
        TimePoint until;
    };
    void send(TimePoint now, IdentityId who, Role role, Message question, Answered answered);

    router::LocalClients& clients_;
    Duration answer_limit_;
    std::uint64_t last_ = 0;
    std::unordered_map<std::uint64_t, Waiting> waiting_;  // By correlation.
    std::map<router::SessionNumber, Answered> watches_;
};

}  // namespace nearfab::gateway
