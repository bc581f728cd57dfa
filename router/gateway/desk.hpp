// SPDX-License-Identifier: GPL-3.0-or-later
// desk.hpp - what the resources of the API may ask of the rest of the program.
//
// A resource is a function of an Exchange: it reads the request, asks the desk, and replies once,
// at once or later. All of it happens on the gateway's one thread. The real desk is
// conversation.hpp and analyses.hpp; tests have one of their own.

#pragma once

#include "base/clock.hpp"
#include "base/content_hash.hpp"
#include "base/result.hpp"
#include "proto/model/message.hpp"
#include "router/gateway/event_stream.hpp"
#include "router/gateway/exchange.hpp"
#include "router/gateway/photos.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace nearfab::gateway {

// What the whole check is asked for; a file may be looked at in several ways.
struct CheckWish {
    DesignReading design;
    std::string file_name;
    std::vector<std::string> processes;  // Empty: all that have limits.
    std::optional<double> thickness_mm;
    friend auto operator<=>(const CheckWish&, const CheckWish&) = default;
    friend bool operator==(const CheckWish&, const CheckWish&) = default;
};

class Desk {
public:
    Desk() = default;
    virtual ~Desk() = default;
    Desk(const Desk&) = delete;
    Desk& operator=(const Desk&) = delete;

    // As a client of that name would. The answer, or a Failure: of the router, or because none came
    // in time.
    using Answered = std::function<void(Message)>;
    virtual void ask(const Caller& caller, Message question, Answered answered) = 0;
    // As an operator of the network, to the fab that it names. REQUIRES: the caller acts for it.
    virtual void relay(const Caller& caller, message::RelayCommand command, Answered answered) = 0;
    // The job as the router knows it, whoever asks: Jobs with it or without any, or a Failure. For
    // what an operator may do with a piece at a fab; never told to the caller as it is.
    virtual void look_up(const JobId& job, Answered answered) = 0;
    // Every answer until unwatch(); after a Failure nothing more comes.
    using Watch = std::uint64_t;
    virtual Watch watch(const Caller& caller, message::WatchJob question, Answered answered) = 0;
    virtual void unwatch(Watch watch) = 0;

    [[nodiscard]] virtual Photos& photos() = 0;
    // The router takes no new jobs, because its disk is nearly full.
    [[nodiscard]] virtual bool storage_low() const = 0;
    // The size of a design that is here in full.
    [[nodiscard]] virtual std::optional<std::uint64_t> design_size(const ContentHash& design) = 0;
    // What the geometry says: from the same sandboxed look that the router takes. Errors as there,
    // and limit_reached.
    virtual void facts(const Caller& caller,
                       const DesignReading& design,
                       std::function<void(Result<PartFacts>)> then) = 0;
    // One object of `nearfab check --json`, or why the file cannot be looked at.
    virtual void check(const Caller& caller,
                       const CheckWish& wish,
                       std::function<void(Result<std::string>)> then) = 0;

    // A stream of this caller, and what is to be done when its reader has gone. Error
    // limit_reached.
    [[nodiscard]] virtual Result<std::shared_ptr<EventStream>> open_stream(
        const Caller& caller) = 0;
    // From now on everything that is new goes to this stream, too.
    virtual void follow_all(const std::shared_ptr<EventStream>& stream,
                            const Caller& caller,
                            const std::string& last_event_id) = 0;

    [[nodiscard]] virtual Moment now() const = 0;
    // Sizes that were announced for designs that are not here in full yet.
    virtual void remember_size(const ContentHash& design, std::uint64_t size) = 0;
    [[nodiscard]] virtual std::optional<std::uint64_t> announced_size(
        const ContentHash& design) const = 0;
    [[nodiscard]] virtual const std::string& network() const = 0;
    [[nodiscard]] virtual std::uint64_t design_bytes_max() const = 0;
    // Prometheus text.
    [[nodiscard]] virtual std::string metrics() const = 0;
};

struct Exchange {
    Request request;
    Caller caller;
    std::vector<std::string> names;  // What stood in place of the {words} of the route.
    Desk& desk;
    Reply reply;
};
using ExchangePtr = std::shared_ptr<Exchange>;

}  // namespace nearfab::gateway
