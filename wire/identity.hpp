// SPDX-License-Identifier: GPL-3.0-or-later
// identity.hpp - who a peer is: what the list of keys says about the key it proved to hold.
//
// It is never taken from what a peer says about itself.

#pragma once

#include "base/id.hpp"
#include "proto/model/message.hpp"

#include <string>

namespace nearfab::wire {

struct Identity {
    Role role = Role::unknown;
    IdentityId name;
    std::string key;  // Z85; empty for a local peer on an ipc socket, whom the file mode let in.
    friend bool operator==(const Identity&, const Identity&) = default;
};

}  // namespace nearfab::wire
