// SPDX-License-Identifier: GPL-3.0-or-later
// Commands by way of the router: every kind of body comes back, and what is half said is refused.

#include "proto/codec/codec.hpp"
#include "tests/proto/codec/samples.hpp"

#include <catch2/catch.hpp>

#include "nearfab/v1/envelope.pb.h"
#include <functional>

using namespace nearfab;

namespace {

using Change = std::function<void(v1::Envelope&)>;

std::string fault_after(const Message& body, const Change& change) {
    const auto bytes = encode(samples::around(body));
    v1::Envelope wire;
    REQUIRE(wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    change(wire);
    const std::string changed = wire.SerializeAsString();
    const auto received = decode(std::vector<std::uint8_t>{changed.begin(), changed.end()});
    return received ? "" : received.error().message;
}

const IdentityId olga{"olga"};

}  // namespace

TEST_CASE("a relayed conversation comes back from the wire as it was sent") {
    const std::vector<Message> bodies{
        message::RelayCommand{FabId{"lyon"}, "", message::AskAgent{}},
        message::RelayCommand{FabId{"lyon"}, "k1", samples::sample<message::OperatorCommand>()},
        message::RelayedCommand{1, olga, message::AskPass{}},
        message::RelayedCommand{2, olga, message::AskAgent{}},
        message::RelayedCommand{
            3, olga, message::PassedCommand{{9}, 10'000, "k1", message::OperatorCommand{}}},
        message::RelayedAnswer{1, message::Pass{UINT64_MAX}},
        message::RelayedAnswer{2, samples::sample<message::AgentStatus>()},
        message::RelayedAnswer{3, message::OperatorAnswer{"done"}},
        message::RelayedAnswer{4, message::Failure{{ErrorCode::timed_out, "too late", ""}, 0}}};
    for (const Message& body : bodies) {
        INFO(name_of(body));
        const auto received = decode(encode(samples::around(body)));
        if (!received) FAIL(received.error().message);
        CHECK(received->body == body);
    }
}

TEST_CASE("a command that is only half said is refused, with the field") {
    const Message command = samples::sample<message::RelayCommand>();
    CHECK(fault_after(command, [](auto& e) { e.mutable_relay_command()->clear_fab(); }) ==
          "relay_command.fab: an id is missing");
    CHECK(fault_after(command, [](auto& e) { e.mutable_relay_command()->clear_key(); }) ==
          "relay_command.key: an id is missing");
    CHECK(fault_after(command, [](auto& e) { e.mutable_relay_command()->clear_body(); }) ==
          "relay_command.body: is missing: it says nothing");
    CHECK_FALSE(fault_after(command, [](auto& e) {
                    e.mutable_relay_command()->set_key(std::string(65, 'x'));
                }).empty());
    const Message relayed = samples::sample<message::RelayedCommand>();
    const auto passed = [&](const std::function<void(v1::PassedCommand&)>& change) {
        return fault_after(
            relayed, [&](auto& e) { change(*e.mutable_relayed_command()->mutable_passed()); });
    };
    CHECK(passed([](auto& p) { p.clear_pass(); }).starts_with("relayed_command.passed.pass: 0"));
    CHECK(passed([](auto& p) { p.set_valid_ms(10'001); }) ==
          "relayed_command.passed.valid_ms: 10001 is not within 1 to 10000");
    CHECK_FALSE(passed([](auto& p) { p.set_valid_ms(0); }).empty());
    CHECK(passed([](auto& p) { p.clear_command(); }) ==
          "relayed_command.passed.command: is missing");
    CHECK_FALSE(
        fault_after(relayed, [](auto& e) { e.mutable_relayed_command()->set_request(0); }).empty());
    CHECK_FALSE(fault_after(relayed, [](auto& e) {
                    e.mutable_relayed_command()->clear_operator_name();
                }).empty());
    const Message answer = samples::sample<message::RelayedAnswer>();
    CHECK_FALSE(
        fault_after(answer, [](auto& e) { e.mutable_relayed_answer()->clear_body(); }).empty());
    CHECK_FALSE(
        fault_after(answer, [](auto& e) { e.mutable_relayed_answer()->set_pass(0); }).empty());
}

TEST_CASE("an action that is not known is read as unknown, which every agent refuses") {
    const auto bytes = encode(samples::around(samples::sample<message::RelayCommand>()));
    v1::Envelope wire;
    REQUIRE(wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    wire.mutable_relay_command()->mutable_command()->set_action(
        static_cast<v1::OperatorAction>(99));
    const std::string changed = wire.SerializeAsString();
    const auto received = decode(std::vector<std::uint8_t>{changed.begin(), changed.end()});
    REQUIRE(received.has_value());
    const auto& command =
        std::get<message::OperatorCommand>(std::get<message::RelayCommand>(received->body).body);
    CHECK(command.action == message::OperatorAction::unknown);
}
