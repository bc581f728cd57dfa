// SPDX-License-Identifier: GPL-3.0-or-later
// front_desk.hpp - the real desk: who comes in, how much of it, and what is told to whom.
//
// Belongs to the gateway's thread, which calls readable() when the router has said something and
// tick() every tick_interval.

#pragma once

#include "host/clock.hpp"
#include "router/gateway/analyses.hpp"
#include "router/gateway/conversation.hpp"
#include "router/gateway/desk.hpp"
#include "router/gateway/event_board.hpp"
#include "router/gateway/metrics.hpp"
#include "router/gateway/settings.hpp"
#include "router/gateway/throttle.hpp"
#include "router/gateway/tokens.hpp"
#include "store/blob_store.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::gateway {

class FrontDesk final : public Desk {
public:
    static constexpr Duration tick_interval = std::chrono::milliseconds{50};

    struct Parts {
        router::LocalClients& clients;
        const BlobStore& designs;
        Photos photos;
        router::AnalyserOptions worker;
        std::string network;
        std::uint64_t design_bytes_max = 0;
    };
    FrontDesk(const Settings& settings, Parts parts, TokenList tokens, Post post);

    // 429 with Retry-After, or nothing.
    [[nodiscard]] std::optional<Response> refuse_address(const std::string& address);
    // Who it is, or why not: 401 for no or a wrong token, 429.
    [[nodiscard]] std::variant<Caller, Response> admit(std::optional<std::string_view> token);
    // Streams whose token is not good any more end.
    void replace_tokens(TokenList tokens);
    void readable();
    void tick();
    [[nodiscard]] Metrics& counters() { return metrics_; }

    void ask(const Caller& caller, Message question, Answered answered) override;
    void relay(const Caller& caller, message::RelayCommand command, Answered answered) override;
    void look_up(const JobId& job, Answered answered) override;
    Photos& photos() override { return parts_.photos; }
    [[nodiscard]] bool storage_low() const override { return parts_.clients.gauges().storage_low; }
    Watch watch(const Caller& caller, message::WatchJob question, Answered answered) override;
    void unwatch(Watch watch) override;
    std::optional<std::uint64_t> design_size(const ContentHash& design) override;
    void facts(const Caller& caller,
               const DesignReading& design,
               std::function<void(Result<PartFacts>)> then) override;
    void check(const Caller& caller,
               const CheckWish& wish,
               std::function<void(Result<std::string>)> then) override;
    Result<std::shared_ptr<EventStream>> open_stream(const Caller& caller) override;
    void follow_all(const std::shared_ptr<EventStream>& stream,
                    const Caller& caller,
                    const std::string& last_event_id) override;
    [[nodiscard]] Moment now() const override { return clock_.read(); }
    void remember_size(const ContentHash& design, std::uint64_t size) override;
    [[nodiscard]] std::optional<std::uint64_t> announced_size(
        const ContentHash& design) const override;
    [[nodiscard]] const std::string& network() const override { return parts_.network; }
    [[nodiscard]] std::uint64_t design_bytes_max() const override {
        return parts_.design_bytes_max;
    }
    [[nodiscard]] std::string metrics() const override;

private:
    struct OpenStream {
        Caller caller;
        std::weak_ptr<EventStream> stream;
    };
    void end_stale_streams(WallTime now);
    void look_for_changes(bool wanted);
    void tell_changes();
    void ask_next();
    void forget_stream(const ContentHash& token, const EventStream* stream);

    Settings settings_;
    Parts parts_;
    SystemClock clock_;
    TokenList tokens_;
    Throttle by_token_;
    Throttle by_address_;
    Conversation conversation_;
    EventBoard board_;
    Metrics metrics_;
    std::map<ContentHash, std::size_t> streams_of_;  // By token.
    std::map<const EventStream*, OpenStream> streams_;
    std::map<ContentHash, std::uint64_t> announced_;
    std::deque<ContentHash> announced_order_;
    // Of what is new and not told yet.
    std::set<JobId> changed_jobs_;
    std::set<JobId> asked_jobs_;
    std::set<FabId> changed_fabs_;
    bool looks_for_changes_ = false;
    TimePoint followed_until_;  // Changes are looked for so long after the last follower left.
    TimePoint told_at_;
    TimePoint looked_at_streams_;
    Analyses analyses_;  // Last: its thread uses the above.
};

}  // namespace nearfab::gateway
