// SPDX-License-Identifier: GPL-3.0-or-later
// socket_settings.hpp - what every socket of nearfab is set to, and why.
//
// The defaults of libzmq 4.3.4 are made for trusted networks: no limit on message size, no look
// after a peer that is gone, a close that can wait for ever.

#pragma once

#include "base/result.hpp"
#include "wire/keys.hpp"

#include <zmq.hpp>

#include <filesystem>
#include <string>

namespace nearfab::wire {

enum class SendOutcome {
    sent,         // It is libzmq's now. That is no promise that it arrives.
    would_block,  // The peer does not take more at the moment, or is not connected.
    gone,         // There is no such peer any more. Never from a ClientSocket.
};

// Throws zmq::error_t, as everything of cppzmq; callers catch it at their edge.
void apply_common_settings(zmq::socket_t& socket);
void apply_keys(zmq::socket_t& socket, const KeyPair& keys);

[[nodiscard]] bool is_tcp(const std::string& endpoint);
[[nodiscard]] bool is_ipc(const std::string& endpoint);
// "/run/agent.sock" of "ipc:///run/agent.sock". REQUIRES: is_ipc.
[[nodiscard]] std::filesystem::path path_of_ipc(const std::string& endpoint);

// "10.0.0.7" for "::ffff:10.0.0.7", which is how a socket for both kinds of IP sees it.
[[nodiscard]] std::string readable_address(const std::string& address);

// "cannot ACTION ENDPOINT: reason"; `next` by the reason.
[[nodiscard]] tl::unexpected<Error> fail_socket(const std::string& action,
                                                const std::string& endpoint,
                                                const zmq::error_t& error);

}  // namespace nearfab::wire
