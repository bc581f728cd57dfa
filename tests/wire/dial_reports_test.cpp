// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/dial_reports.hpp"

#include <catch2/catch.hpp>
#include <zmq.h>

#include <cerrno>
#include <initializer_list>
#include <utility>

namespace nearfab::wire::test {
namespace {

using Step = std::pair<int, std::uint32_t>;

DialTrouble after(std::initializer_list<Step> steps, DialReports reports = {}) {
    for (const auto& [event, value] : steps)
        reports.take(static_cast<std::uint16_t>(event), value);
    return reports.trouble();
}

const Step delayed{ZMQ_EVENT_CONNECT_DELAYED, EINPROGRESS};
const Step connected{ZMQ_EVENT_CONNECTED, 15};
const Step closed{ZMQ_EVENT_CLOSED, 15};
const Step retried{ZMQ_EVENT_CONNECT_RETRIED, 200};
const Step hung_up{ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, EPIPE};
const Step timed_out{ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, EAGAIN};
const Step welcome{ZMQ_EVENT_HANDSHAKE_SUCCEEDED, 0};

TEST_CASE("Each way in which a connection does not come about has its own name") {
    CHECK(after({}) == DialTrouble::none);
    CHECK(after({delayed}) == DialTrouble::none);
    CHECK(after({retried, retried}) == DialTrouble::no_way);
    CHECK(after({delayed, closed, retried, delayed, closed}) == DialTrouble::nobody_listens);
    CHECK(after({delayed, connected}) == DialTrouble::silent);
    CHECK(after({delayed, connected, timed_out}) == DialTrouble::silent);
    CHECK(after({delayed, connected, {ZMQ_EVENT_HANDSHAKE_FAILED_AUTH, 400}}) ==
          DialTrouble::key_refused);
    CHECK(after({delayed,
                 connected,
                 {ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
                  ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH}}) == DialTrouble::not_a_router);
    CHECK(after({delayed,
                 connected,
                 {ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL, ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC}}) ==
          DialTrouble::wrong_router_key);
    CHECK(after({delayed, connected, welcome}) == DialTrouble::none);
}

TEST_CASE("Three broken handshakes in a row mean another key, two may be a router that restarts") {
    const std::initializer_list<Step> two{
        delayed, connected, hung_up, retried, delayed, connected, hung_up, retried};
    DialReports reports;
    CHECK(after(two, reports) == DialTrouble::silent);
    for (const auto& [event, value] : two)
        reports.take(static_cast<std::uint16_t>(event), value);
    SECTION("the third one decides, and goes on to be known while it is tried again") {
        CHECK(after({delayed, connected, hung_up}, reports) == DialTrouble::wrong_router_key);
        CHECK(after({delayed, connected, hung_up, retried, delayed, connected}, reports) ==
              DialTrouble::wrong_router_key);
    }
    SECTION("nobody listens in between: a restart") {
        CHECK(after({delayed, closed, retried, delayed, connected, hung_up}, reports) ==
              DialTrouble::silent);
    }
    SECTION("a handshake that only took too long says nothing about the key") {
        CHECK(after({delayed, connected, timed_out, retried, delayed, connected, hung_up},
                    reports) == DialTrouble::silent);
    }
    SECTION("a handshake that worked ends all doubt") {
        CHECK(after({delayed, connected, welcome, hung_up, hung_up}, reports) ==
              DialTrouble::silent);
    }
}

TEST_CASE("What is told names the address, the key that matters and the next step") {
    const DialledTo to{"tcp://r:7440", "SERVERKEY", "OWNKEY"};
    const Error refused = dial_error(DialTrouble::key_refused, to);
    CHECK(refused.code == ErrorCode::unauthorised);
    CHECK(refused.message == "the router at tcp://r:7440 does not know this key");
    CHECK(refused.next == "give this public key to the operator of the router: OWNKEY");
    const Error wrong = dial_error(DialTrouble::wrong_router_key, to);
    CHECK(wrong.code == ErrorCode::unauthorised);
    CHECK(wrong.message ==
          "the router at tcp://r:7440 does not have the key in your settings, SERVERKEY");
    for (const DialTrouble trouble : {DialTrouble::no_way,
                                      DialTrouble::nobody_listens,
                                      DialTrouble::silent,
                                      DialTrouble::not_a_router}) {
        const Error error = dial_error(trouble, to);
        CHECK(error.code == ErrorCode::unavailable);
        CHECK(error.message.find("tcp://r:7440") != std::string::npos);
        CHECK_FALSE(error.next.empty());
    }
}

TEST_CASE("libzmq gives up after a refused key and after what is no router, and only then") {
    CHECK(is_final(DialTrouble::key_refused));
    CHECK(is_final(DialTrouble::not_a_router));
    for (const DialTrouble trouble : {DialTrouble::none,
                                      DialTrouble::no_way,
                                      DialTrouble::nobody_listens,
                                      DialTrouble::silent,
                                      DialTrouble::wrong_router_key}) {
        CHECK_FALSE(is_final(trouble));
    }
}

}  // namespace
}  // namespace nearfab::wire::test
