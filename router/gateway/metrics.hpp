// SPDX-License-Identifier: GPL-3.0-or-later
// metrics.hpp - what the gateway counts, as Prometheus text.
//
// No names of people, jobs or tokens are labels: a metric has few series, whoever comes.

#pragma once

#include "base/clock.hpp"
#include "base/histogram.hpp"
#include "router/shell/local_clients.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace nearfab::gateway {

class Metrics {
public:
    // `route` as routes.hpp writes it; empty: none was found.
    void answered(std::string_view route, int status, Duration took);
    void connected() { ++connections_; }
    void disconnected() { --connections_; }
    void refused_connection() { ++refused_connections_; }
    void cut_stream() { ++cut_streams_; }
    [[nodiscard]] std::size_t connections() const { return connections_; }

    // What is so at the moment of asking.
    struct Gauges {
        std::size_t streams = 0;
        std::size_t questions = 0;  // To the router, without an answer so far.
        std::size_t analyses_waiting = 0;
        std::uint64_t analyses = 0;
        std::size_t tokens = 0;
        router::LocalGauges router{};
    };
    [[nodiscard]] std::string text(const Gauges& gauges) const;

private:
    static constexpr std::array<double, 9> bounds_s{
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10};

    std::map<std::pair<std::string, int>, std::uint64_t, std::less<>> requests_;
    Histogram<bounds_s.size()> durations_{bounds_s};
    std::size_t connections_ = 0;
    std::uint64_t refused_connections_ = 0;
    std::uint64_t cut_streams_ = 0;
};

}  // namespace nearfab::gateway
