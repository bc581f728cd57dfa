// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/network.hpp"

#include <algorithm>

namespace nearfab::simulation {
namespace {

constexpr std::size_t heard_max = 32;
constexpr Duration late_max = std::chrono::seconds{60};

}  // namespace

LineNumber Network::add(wire::Identity identity, Ends ends) {
    Line line;
    line.identity = std::move(identity);
    line.ends = std::move(ends);
    lines_.push_back(std::move(line));
    connect(lines_.size() - 1);
    return lines_.size() - 1;
}

void Network::connect(LineNumber number) {
    Line& line = lines_[number];
    line.connects_at.reset();
    line.routing_id = std::to_string(number) + "/" + std::to_string(++line.connections);
    by_routing_[line.routing_id] = number;
}

const std::string& Network::routing_id(LineNumber line) const {
    return lines_[line].routing_id;
}

void Network::post(Line& line, Packet packet, TimePoint& last) {
    if (scene_.now < line.cut_until || scene_.strikes(Fault::packet_lost)) return;
    remember(packet);
    const Duration delay = scene_.dice.between(scene_.setting.latency / 2, scene_.setting.latency);
    TimePoint arrival = std::max(last, scene_.now + delay);
    if (scene_.strikes(Fault::packet_late)) {
        arrival = scene_.now + scene_.dice.between(delay, late_max);
    } else {
        last = arrival;
    }
    if (scene_.strikes(Fault::packet_repeated)) {
        packets_.emplace(Key{arrival + scene_.dice.between({}, late_max), ++order_}, packet);
    }
    packets_.emplace(Key{arrival, ++order_}, std::move(packet));
}

void Network::remember(const Packet& packet) {
    if (!packet.up && !scene_.dice.chance(0.2)) return;
    if (heard_.size() < heard_max) {
        heard_.push_back(packet);
    } else {
        scene_.dice.of(heard_) = packet;
    }
}

Network::Sent Network::up(LineNumber number, const Bytes& bytes) {
    Line& line = lines_[number];
    // Nothing is queued while there is no connection.
    if (!router_is_up_ || line.connects_at) return Sent::blocked;
    if (scene_.strikes(Fault::slow_consumer)) return Sent::blocked;
    post(line, {true, number, line.routing_id, bytes}, line.last_up);
    return Sent::sent;
}

Network::Sent Network::down(const std::string& routing_id, const Bytes& bytes) {
    const auto found = by_routing_.find(routing_id);
    if (found == by_routing_.end()) return Sent::gone;
    Line& line = lines_[found->second];
    if (scene_.now < line.slow_until) return Sent::blocked;
    if (scene_.strikes(Fault::slow_consumer)) return Sent::blocked;
    post(line, {false, found->second, routing_id, bytes}, line.last_down);
    return Sent::sent;
}

void Network::reconnect(LineNumber number, Duration after) {
    Line& line = lines_[number];
    by_routing_.erase(line.routing_id);
    connect(number);
    if (after > Duration::zero()) line.connects_at = scene_.now + after;
    std::vector<Packet> kept;
    for (auto& [key, packet] : packets_) {
        const bool survives = packet.line == number && packet.up && scene_.dice.chance(0.3);
        if (survives) kept.push_back(packet);
    }
    std::erase_if(packets_, [&](const auto& entry) { return entry.second.line == number; });
    // Those were still in the socket, and leave over the new connection.
    for (Packet& packet : kept) {
        packet.routing_id = line.routing_id;
        const TimePoint arrival = scene_.now + after + scene_.dice.between({}, late_max / 6);
        packets_.emplace(Key{arrival, ++order_}, std::move(packet));
    }
}

void Network::reconnect_all(Duration within) {
    for (LineNumber line = 0; line < lines_.size(); ++line)
        reconnect(line, scene_.dice.between({}, within));
}

void Network::partition(LineNumber number, Duration span) {
    lines_[number].cut_until = scene_.now + span;
}

void Network::slow_down(LineNumber number, Duration span) {
    lines_[number].slow_until = scene_.now + span;
}

bool Network::replay_old_frame() {
    if (heard_.empty()) return false;
    Packet packet = scene_.dice.of(heard_);
    packet.routing_id = lines_[packet.line].routing_id;
    packets_.emplace(Key{scene_.now, ++order_}, std::move(packet));
    return true;
}

void Network::inject(LineNumber line, Bytes bytes) {
    packets_.emplace(Key{scene_.now + scene_.setting.latency, ++order_},
                     Packet{true, line, lines_[line].routing_id, std::move(bytes)});
}

void Network::set_router(bool is_up) {
    router_is_up_ = is_up;
    std::erase_if(packets_, [](const auto& entry) { return entry.second.up; });
}

void Network::drop_to_dialler(LineNumber line) {
    std::erase_if(packets_,
                  [&](const auto& entry) { return !entry.second.up && entry.second.line == line; });
}

void Network::set_identity(LineNumber line, std::optional<wire::Identity> identity) {
    lines_[line].identity = std::move(identity);
}

bool Network::knows(const wire::Identity& identity) const {
    return std::any_of(
        lines_.begin(), lines_.end(), [&](const Line& line) { return line.identity == identity; });
}

void Network::heal() {
    for (Line& line : lines_) {
        line.cut_until = scene_.now;
        line.slow_until = scene_.now;
    }
    heard_.clear();
}

TimePoint Network::next() const {
    return packets_.empty() ? TimePoint::max() : packets_.begin()->first.first;
}

void Network::run() {
    for (LineNumber number = 0; number < lines_.size(); ++number) {
        Line& line = lines_[number];
        if (line.connects_at && *line.connects_at <= scene_.now) line.connects_at.reset();
    }
    while (!packets_.empty() && packets_.begin()->first.first <= scene_.now) {
        const Packet packet = std::move(packets_.begin()->second);
        packets_.erase(packets_.begin());
        const Line& line = lines_[packet.line];
        if (packet.up) {
            line.ends.to_router(packet.routing_id, line.identity, packet.bytes);
        } else if (packet.routing_id == line.routing_id) {
            line.ends.to_dialler(packet.bytes);
        }
    }
}

}  // namespace nearfab::simulation
