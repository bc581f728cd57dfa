// SPDX-License-Identifier: GPL-3.0-or-later
// A seeded network that loses, repeats, delays, reorders and reconnects, with the oracle outside:
// every message carries the session it was meant for and its place in it.

#include "tests/wire/conversation.hpp"
#include "wire/client_session.hpp"
#include "wire/server_sessions.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace nearfab::wire::test {
namespace {

constexpr Duration step = 50ms;

struct Weather {
    unsigned lost_percent = 10;
    unsigned repeated_percent = 10;
    unsigned late_percent = 2;  // Up to 60 s late.
    unsigned blocked_percent = 5;
    unsigned reconnect_permille = 5;
    unsigned restart_permille = 1;  // Of the router.
    unsigned delay_ms_max = 400;    // Each packet has its own, so they overtake each other.
};

constexpr Weather fair{0, 0, 0, 0, 0, 0, 1};

// What one direction of one session saw.
struct Ledger {
    std::uint64_t sent = 0;
    std::uint64_t delivered = 0;
};

class World {
public:
    explicit World(std::uint64_t seed) : random_{seed}, server_{fresh_server()} {
        members_.push_back(Member{agent("lyon"), "boot-0"});
        members_.push_back(Member{agent("paris"), "boot-1"});
        members_.push_back(Member{client("anna"), "boot-2"});
        for (std::size_t i = 0; i < members_.size(); ++i)
            reconnect(i);
    }

    void run(int steps, const Weather& weather, bool talk) {
        weather_ = weather;
        for (int i = 0; i < steps; ++i) {
            now_ += step;
            if (chance(1000, weather_.restart_permille)) restart_server();
            for (std::size_t who = 0; who < members_.size(); ++who) {
                if (chance(1000, weather_.reconnect_permille)) reconnect(who);
                if (talk) talk_to_server(who);
            }
            if (talk) talk_to_members();
            deliver_packets();
            server_turn();
            for (std::size_t who = 0; who < members_.size(); ++who)
                member_turn(who);
        }
    }

    // After the weather cleared up and nobody said anything new.
    void check_quiet() {
        CHECK(std::count_if(members_.begin(), members_.end(), [](const Member& m) {
                  return m.session.is_open();
              }) == 3);
        for (const Member& member : members_) {
            const Ledger& up = to_server_[member.number];
            const Ledger& down = to_member_[member.number];
            CHECK(up.sent == up.delivered);
            CHECK(down.sent == down.delivered);
            CHECK(member.open_tokens.empty());
        }
    }

    [[nodiscard]] std::uint64_t delivered() const { return delivered_; }
    [[nodiscard]] std::size_t sessions_seen() const { return to_server_.size(); }
    [[nodiscard]] const ServerCounters& counters() const { return server_.counters(); }

private:
    struct Member {
        Member(Identity who, const std::string& boot_id)
            : identity{std::move(who)}, session{client_options(boot_id), start} {}
        Identity identity;
        ClientSession session;
        RoutingId routing_id;
        std::uint64_t number = 0;  // Of the open session.
        std::set<std::uint64_t> open_tokens;
    };
    struct Packet {
        bool to_server = false;
        std::size_t member = 0;
        RoutingId routing_id;
        Bytes bytes;
    };

    ServerSessions fresh_server() {
        ServerSessionsOptions options = server_options();
        options.random = [this] { return random_(); };
        return ServerSessions{std::move(options)};
    }
    bool chance(unsigned of, unsigned count) { return random_() % of < count; }

    void post(Packet packet) {
        if (chance(100, weather_.lost_percent)) return;
        const bool twice = chance(100, weather_.repeated_percent);
        for (int copy = 0; copy < (twice ? 2 : 1); ++copy) {
            const bool late = chance(100, weather_.late_percent);
            const Duration delay{
                static_cast<std::int64_t>(random_() % (late ? 60'000 : weather_.delay_ms_max))};
            packets_.emplace(now_ + delay, packet);
        }
    }
    void deliver_packets() {
        while (!packets_.empty() && packets_.begin()->first <= now_) {
            const Packet packet = std::move(packets_.begin()->second);
            packets_.erase(packets_.begin());
            Member& member = members_[packet.member];
            if (packet.to_server) {
                // Also what was on its way when the connection broke comes, by its old name.
                server_.receive(now_, packet.routing_id, member.identity, packet.bytes);
            } else if (packet.routing_id == member.routing_id) {
                member.session.receive(now_, packet.bytes);
            }
        }
    }
    void reconnect(std::size_t who) {
        members_[who].routing_id = std::to_string(who) + "/" + std::to_string(++connections_);
    }
    void restart_server() {
        server_ = fresh_server();
        owed_by_server_.clear();
    }

    void talk_to_server(std::size_t who) {
        Member& member = members_[who];
        if (!member.session.is_open() || !chance(100, 20)) return;
        const std::uint64_t place = ++to_server_[member.number].sent;
        const std::uint64_t token = ++tokens_;
        const std::string word = std::to_string(member.number) + "-" + std::to_string(place);
        REQUIRE(member.session.send(now_, question(word), 0, Delivery::reliable, token));
        member.open_tokens.insert(token);
        token_place_[token] = {member.number, place};
        if (chance(100, 30)) {
            const message::Progress progress{WorkOrderId{word}, member.number, "p", 0.5, 1};
            REQUIRE(member.session.send(now_, progress, 0, Delivery::lossy));
        }
    }
    void talk_to_members() {
        for (const SessionId session : open_at_server_) {
            if (!chance(100, 20)) continue;
            const std::uint64_t place = to_member_[session].sent + 1;
            const std::string word = std::to_string(session) + "-" + std::to_string(place);
            if (server_.send(now_, session, question(word))) ++to_member_[session].sent;
        }
    }

    // The next in line of this very session, or the test fails.
    void check(std::map<std::uint64_t, Ledger>& ledgers,
               std::uint64_t session,
               const Message& body) {
        if (const auto* progress = std::get_if<message::Progress>(&body)) {
            CHECK(progress->epoch == session);
            return;
        }
        Ledger& ledger = ledgers[session];
        ++ledger.delivered;
        ++delivered_;
        REQUIRE(word_of(body) == std::to_string(session) + "-" + std::to_string(ledger.delivered));
    }

    void server_turn() {
        server_.tick(now_);
        for (const SessionEvent& event : server_.take_events()) {
            if (const auto* opened = std::get_if<session_event::Opened>(&event)) {
                open_at_server_.insert(opened->session);
            } else if (const auto* closed = std::get_if<session_event::Closed>(&event)) {
                open_at_server_.erase(closed->session);
            } else if (const auto* one = std::get_if<session_event::Delivered>(&event)) {
                check(to_server_, one->session, one->body);
                if (one->sequence > 0) owed_by_server_.emplace_back(one->session, one->sequence);
            }
        }
        // The disk is slow at times.
        while (!owed_by_server_.empty() && !chance(100, 30)) {
            const auto [session, sequence] = owed_by_server_.front();
            owed_by_server_.erase(owed_by_server_.begin());
            durable_[session] = sequence;
            server_.handled(session, sequence);
        }
        for (const ServerSessions::Outgoing& message : server_.take_outgoing(now_)) {
            if (chance(100, weather_.blocked_percent)) {
                server_.blocked(now_, message);
                continue;
            }
            const auto whom = static_cast<std::size_t>(message.routing_id.front() - '0');
            post({false, whom, message.routing_id, message.bytes});
        }
    }

    void member_turn(std::size_t who) {
        Member& member = members_[who];
        member.session.tick(now_);
        for (const ClientEvent& event : member.session.take_events())
            take(member, event);
        for (const Stream::Frame& frame : member.session.take_outgoing(now_)) {
            if (chance(100, weather_.blocked_percent)) {
                member.session.blocked(now_, frame);
            } else {
                post({true, who, member.routing_id, frame.bytes});
            }
        }
    }
    void take(Member& member, const ClientEvent& event) {
        if (const auto* opened = std::get_if<client_event::Opened>(&event)) {
            member.number = opened->welcome.session;
        } else if (const auto* one = std::get_if<client_event::Delivered>(&event)) {
            REQUIRE(one->session == member.number);
            if (std::holds_alternative<message::Failure>(one->body)) return;
            check(to_member_, one->session, one->body);
            member.session.handled(one->session, one->sequence);
        } else if (const auto* done = std::get_if<client_event::Acknowledged>(&event)) {
            REQUIRE(member.open_tokens.erase(done->token) == 1);
            const auto [session, place] = token_place_.at(done->token);
            REQUIRE(durable_[session] >= place);  // Nothing is acknowledged before it is durable.
        } else if (const auto* dropped = std::get_if<client_event::Dropped>(&event)) {
            REQUIRE(member.open_tokens.erase(dropped->token) == 1);
        }
    }

    std::mt19937_64 random_;
    Weather weather_;
    TimePoint now_ = start;
    ServerSessions server_;
    std::vector<Member> members_;
    std::multimap<TimePoint, Packet> packets_;
    std::uint64_t connections_ = 0;
    std::uint64_t tokens_ = 0;
    std::set<SessionId> open_at_server_;
    std::vector<std::pair<SessionId, std::uint64_t>> owed_by_server_;
    std::map<SessionId, std::uint64_t> durable_;
    std::map<std::uint64_t, std::pair<SessionId, std::uint64_t>> token_place_;
    std::map<std::uint64_t, Ledger> to_server_;
    std::map<std::uint64_t, Ledger> to_member_;
    std::uint64_t delivered_ = 0;
};

TEST_CASE("In any weather, messages arrive once, in order and only in their own session") {
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
        CAPTURE(seed);
        World world{seed};
        world.run(10'000, Weather{}, true);
        CHECK(world.delivered() > 1000);
        CHECK(world.sessions_seen() > 20);
        // Long enough for the last late packet, then for the longest pause between two tries.
        world.run(3000, fair, false);
        world.check_quiet();
    }
}

TEST_CASE("In fair weather everything arrives in the first session") {
    World world{99};
    world.run(2000, fair, true);
    world.run(200, fair, false);
    world.check_quiet();
    CHECK(world.sessions_seen() == 3);
    CHECK(world.counters().void_frames == 0);
}

}  // namespace
}  // namespace nearfab::wire::test
