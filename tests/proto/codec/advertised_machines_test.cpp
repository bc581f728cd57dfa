// SPDX-License-Identifier: GPL-3.0-or-later
// What a fab's list of machines must be.

#include "proto/codec/codec.hpp"
#include "proto/model/limits.hpp"
#include "tests/proto/codec/samples.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace nearfab {
namespace {

// The fault of an advertisement of so many machines, called m0, m1, ..., after the change.
std::string fault_of(std::size_t count, void (*change)(std::vector<Capability>&) = nullptr) {
    message::Advertise sent = samples::sample<message::Advertise>();
    auto& machines = sent.advertisement.machines;
    machines.resize(count, machines.front());
    for (std::size_t i = 0; i < count; ++i)
        machines[i].machine = MachineId{"m" + std::to_string(i)};
    if (change != nullptr) change(machines);
    const auto received = decode(encode(samples::around(sent)));
    return received ? "" : received.error().message;
}

TEST_CASE("a fab has at most as many machines as are allowed") {
    CHECK(fault_of(limits::machines_max) == "");
    CHECK(fault_of(limits::machines_max + 1) != "");
}

TEST_CASE("each machine of a fab has a name of its own") {
    CHECK(fault_of(3, [](auto& machines) { machines[2].machine = MachineId{"m0"}; }) ==
          "advertise.advertisement.machines: two are called \"m0\"");
}

}  // namespace
}  // namespace nearfab
