// SPDX-License-Identifier: GPL-3.0-or-later
// local_socket.hpp - what is at a path before a local socket is dialled or made there.
//
// libzmq would dial a path where nothing is for ever, and before it makes a socket it deletes
// whatever file has that name. Both are looked at here first. Somebody may still come in between.

#pragma once

#include "base/result.hpp"

#include <filesystem>

namespace nearfab::wire {

// Errors: unavailable when there is no such socket or nobody listens; invalid_argument when it is
// something else than a socket; unauthorised when its owner does not let us.
[[nodiscard]] Status can_dial(const std::filesystem::path& path);

// Nothing there, or a socket that a program left behind, may be replaced. Errors: conflict when a
// program listens there; config when it is something else than a socket.
[[nodiscard]] Status can_bind(const std::filesystem::path& path);

}  // namespace nearfab::wire
