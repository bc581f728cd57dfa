// SPDX-License-Identifier: GPL-3.0-or-later
// dial_reports.hpp - why a connection does not come about, from what libzmq reports about it.
//
// libzmq tries to connect in a thread of its own and says nothing to who reads and writes. Its
// monitor tells each step, and how the steps end was found by trying (libzmq 4.3.4):
//
//     nobody listens              dialling, closed, retried
//     name or network unknown     retried, without dialling
//     our key is not on the list  connected, failed: authentication, 400. It never tries again.
//     the server has another key  connected, failed: no detail, connection closed; tried again.
//     no CURVE, or no ZeroMQ      connected, failed: protocol. It never tries again.
//     something that keeps quiet  connected, failed: no detail, timed out; tried again.
//
// A router that is stopped in the middle of a handshake also closes the connection, so only several
// of these in a row count as another key.
//
// Pure. Belongs to one thread.

#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>

namespace nearfab::wire {

enum class DialTrouble : std::uint8_t {
    none,             // Connected, or nothing is known yet.
    no_way,           // The host's name is not known, or no network leads there.
    nobody_listens,   // The host refuses connections to this port.
    silent,           // Something takes connections, and says nothing.
    not_a_router,     // Something answers that is not what we came for.
    key_refused,      // The router does not know our key.
    wrong_router_key  // The router does not have the key that we expect.
};

class DialReports {
public:
    // One report of the monitor: a ZMQ_EVENT_ number and its value.
    void take(std::uint16_t event, std::uint32_t value);
    [[nodiscard]] DialTrouble trouble() const { return trouble_; }

private:
    void handshake_broken(std::uint32_t error_number);

    DialTrouble trouble_ = DialTrouble::none;
    bool dialling_ = false;
    int closed_in_handshake_ = 0;  // In a row.
};

// libzmq has given up; only a new socket tries again.
[[nodiscard]] bool is_final(DialTrouble trouble);

struct DialledTo {
    std::string endpoint;
    std::string server_key;      // Empty for ipc.
    std::string own_public_key;  // Empty for ipc.
};

// What to tell people. REQUIRES: there is trouble.
[[nodiscard]] Error dial_error(DialTrouble trouble, const DialledTo& to);

}  // namespace nearfab::wire
