// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/dial_reports.hpp"

#include "base/check.hpp"
#include "wire/socket_settings.hpp"

#include <zmq.h>

#include <cerrno>

namespace nearfab::wire {
namespace {

// One may be a router that stops, two a bad moment.
constexpr int closed_handshakes_enough = 3;
constexpr std::uint32_t not_on_the_list = 400;  // As the Authenticator answers.

}  // namespace

void DialReports::take(std::uint16_t event, std::uint32_t value) {
    switch (event) {
        case ZMQ_EVENT_CONNECT_DELAYED:
            dialling_ = true;
            break;
        case ZMQ_EVENT_CONNECTED:
            dialling_ = true;
            if (closed_in_handshake_ < closed_handshakes_enough) trouble_ = DialTrouble::silent;
            break;
        case ZMQ_EVENT_CLOSED:
            closed_in_handshake_ = 0;
            trouble_ = DialTrouble::nobody_listens;
            break;
        case ZMQ_EVENT_CONNECT_RETRIED:
            if (!dialling_) trouble_ = DialTrouble::no_way;
            dialling_ = false;
            break;
        case ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL:
            handshake_broken(value);
            break;
        case ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL:
            trouble_ = value == ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC
                           ? DialTrouble::wrong_router_key
                           : DialTrouble::not_a_router;
            break;
        case ZMQ_EVENT_HANDSHAKE_FAILED_AUTH:
            trouble_ =
                value == not_on_the_list ? DialTrouble::key_refused : DialTrouble::not_a_router;
            break;
        case ZMQ_EVENT_HANDSHAKE_SUCCEEDED:
            *this = DialReports{};
            break;
        default:
            break;
    }
}

void DialReports::handshake_broken(std::uint32_t error_number) {
    const bool closed = error_number == EPIPE || error_number == ECONNRESET;
    closed_in_handshake_ = closed ? closed_in_handshake_ + 1 : 0;
    trouble_ = closed_in_handshake_ < closed_handshakes_enough ? DialTrouble::silent
                                                               : DialTrouble::wrong_router_key;
}

bool is_final(DialTrouble trouble) {
    return trouble == DialTrouble::key_refused || trouble == DialTrouble::not_a_router;
}

Error dial_error(DialTrouble trouble, const DialledTo& to) {
    const bool local = is_ipc(to.endpoint);
    switch (trouble) {
        case DialTrouble::none:
            break;
        case DialTrouble::no_way:
            return {ErrorCode::unavailable,
                    "no way leads to " + to.endpoint +
                        ": the name of the host is not known, or there is no network",
                    "check the address and the network"};
        case DialTrouble::nobody_listens:
            return {ErrorCode::unavailable,
                    "nobody listens at " + to.endpoint,
                    local ? "start the program behind it (an agent makes its socket when it starts)"
                          : "check the address, and that the router runs"};
        case DialTrouble::silent:
            return {ErrorCode::unavailable,
                    "something takes connections at " + to.endpoint + " but does not answer",
                    local ? "check the program behind it: it may hang"
                          : "check the address, and that the router behind it is not overloaded"};
        case DialTrouble::not_a_router:
            return {ErrorCode::unavailable,
                    "what answers at " + to.endpoint + " does not speak as a nearfab router does",
                    "check the address and the port"};
        case DialTrouble::key_refused:
            return {ErrorCode::unauthorised,
                    "the router at " + to.endpoint + " does not know this key",
                    "give this public key to the operator of the router: " + to.own_public_key};
        case DialTrouble::wrong_router_key:
            return {ErrorCode::unauthorised,
                    "the router at " + to.endpoint + " does not have the key in your settings, " +
                        to.server_key,
                    "compare it with the public key that the router's operator gives out; if they "
                    "are the same, another program answers at this address"};
    }
    NEARFAB_CHECK(false, "there is no trouble to explain");
}

}  // namespace nearfab::wire
