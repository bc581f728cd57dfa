// SPDX-License-Identifier: GPL-3.0-or-later
// Run with: proto_test "[.bench]" --durations no
#include "proto/codec/codec.hpp"
#include "tests/proto/codec/samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>

using namespace nearfab;

namespace {

template <typename Action>
double microseconds_each(int rounds, const Action& action) {
    double best = 1e9;
    for (int repeat = 0; repeat < 5; ++repeat) {
        const auto start = std::chrono::steady_clock::now();
        for (int i = 0; i < rounds; ++i)
            action();
        const std::chrono::duration<double, std::micro> spent =
            std::chrono::steady_clock::now() - start;
        best = std::min(best, spent.count() / rounds);
    }
    return best;
}

}  // namespace

TEST_CASE("how long encoding and decoding take", "[.bench]") {
    std::size_t seen = 0;
    const auto measure = [&](std::string_view name, const Envelope& envelope, int rounds) {
        const auto bytes = encode(envelope);
        const double out = microseconds_each(rounds, [&] { seen += encode(envelope).size(); });
        const double in = microseconds_each(rounds, [&] { seen += decode(bytes).has_value(); });
        WARN(name << ": " << bytes.size() << " bytes, encode " << out << " us, decode " << in
                  << " us");
    };
    measure("Keepalive", samples::around(message::Keepalive{}), 100'000);
    measure("SubmitJob", samples::around(samples::sample<message::SubmitJob>()), 50'000);
    measure("Offer", samples::around(samples::sample<message::Offer>()), 50'000);
    message::DesignChunk chunk = samples::sample<message::DesignChunk>();
    chunk.bytes.assign(limits::chunk_bytes_max, 0x5A);
    chunk.size = limits::design_bytes_max;
    measure("DesignChunk", samples::around(chunk), 2'000);
    message::Advertise advert = samples::sample<message::Advertise>();
    advert.advertisement.machines.resize(10, advert.advertisement.machines[0]);
    for (std::size_t i = 0; i < 10; ++i)
        advert.advertisement.machines[i].machine = MachineId{"m" + std::to_string(i)};
    measure("Advertise, 10 machines", samples::around(advert), 20'000);
    CHECK(seen > 0);
}
