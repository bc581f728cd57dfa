// SPDX-License-Identifier: GPL-3.0-or-later
// network.hpp - lines from everybody to the router, as bad as TCP with ZeroMQ was measured to be.
//
// Within a connection frames come in order. When a connection breaks, what was on its way is lost,
// or comes over the next connection, after frames that were sent later. A partition swallows
// everything; some frames come twice, some are overtaken, and some are kept by somebody and said
// again hours later.

#pragma once

#include "tests/simulation/scene.hpp"
#include "wire/identity.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::simulation {

using LineNumber = std::size_t;

class Network {
public:
    explicit Network(Scene& scene) : scene_{scene} {}

    struct Ends {
        std::function<void(const Bytes&)> to_dialler;
        std::function<void(const std::string& routing_id,
                           const std::optional<wire::Identity>& sender,
                           const Bytes&)>
            to_router;
    };
    LineNumber add(wire::Identity identity, Ends ends);

    enum class Sent : std::uint8_t { sent, blocked, gone };
    Sent up(LineNumber line, const Bytes& bytes);
    Sent down(const std::string& routing_id, const Bytes& bytes);

    // A new connection, at once or after a while; what is on its way has the fate described above.
    void reconnect(LineNumber line, Duration after = {});
    void reconnect_all(Duration within);
    void partition(LineNumber line, Duration span);
    // Nothing can be sent to the dialler for a while; it is heard.
    void slow_down(LineNumber line, Duration span);
    // Somebody says again what he heard long ago. False: nothing was heard.
    bool replay_old_frame();
    // The router's process ended, or began: what was on its way to it is lost either way.
    void set_router(bool is_up);
    // The dialler's process ended.
    void drop_to_dialler(LineNumber line);
    // The list of keys: what this line's key means now; nothing: it is refused.
    void set_identity(LineNumber line, std::optional<wire::Identity> identity);
    // Is this what the list of keys says of some line?
    [[nodiscard]] bool knows(const wire::Identity& identity) const;
    void heal();

    [[nodiscard]] std::size_t size() const { return lines_.size(); }
    [[nodiscard]] const std::string& routing_id(LineNumber line) const;
    [[nodiscard]] TimePoint next() const;
    // Delivers everything that is due.
    void run();
    // Bytes in the name of a line, whatever the line itself does.
    void inject(LineNumber line, Bytes bytes);

private:
    struct Line {
        std::optional<wire::Identity> identity;
        Ends ends;
        std::string routing_id;
        std::uint64_t connections = 0;
        std::optional<TimePoint> connects_at;  // No connection before that.
        TimePoint cut_until;
        TimePoint slow_until;
        TimePoint last_up;  // The latest arrival so far: the next one comes after it.
        TimePoint last_down;
    };
    struct Packet {
        bool up = false;
        LineNumber line = 0;
        std::string routing_id;
        Bytes bytes;
    };
    using Key = std::pair<TimePoint, std::uint64_t>;

    void post(Line& line, Packet packet, TimePoint& last);
    void remember(const Packet& packet);
    void connect(LineNumber number);

    Scene& scene_;
    std::vector<Line> lines_;
    std::map<std::string, LineNumber> by_routing_;
    std::map<Key, Packet> packets_;
    std::uint64_t order_ = 0;
    std::vector<Packet> heard_;
    bool router_is_up_ = true;
};

}  // namespace nearfab::simulation
