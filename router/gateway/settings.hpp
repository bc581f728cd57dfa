// SPDX-License-Identifier: GPL-3.0-or-later
// settings.hpp - the table [http] of router.toml: where the gateway listens, for whom, how much.

#pragma once

#include "base/result.hpp"
#include "host/config_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace nearfab::gateway {

struct Settings {
    std::string address;  // IPv4 or IPv6, no name.
    std::uint16_t port = 0;
    bool loopback = true;                // The address is.
    std::filesystem::path tokens;        // See tokens.hpp.
    std::filesystem::path certificate;   // PEM, the whole chain. Empty: plain HTTP.
    std::filesystem::path private_key;   // PEM.
    std::vector<std::string> hosts;      // Names under which it is reached, beside the usual ones.
    bool metrics = true;                 // GET /metrics answers.
    double requests_per_second = 50;     // Of one token, and of one address.
    double requests_burst = 200;         // Likewise.
    std::size_t connections_max = 1024;  // In all.
    std::size_t connections_per_address_max = 128;
    std::size_t streams_per_token_max = 16;                      // Of server-sent events.
    std::size_t stream_bytes_max = std::size_t{256} << 10U;      // That one may lag behind.
    std::uint32_t read_seconds = 20;                             // For a head, and for a body.
    std::uint32_t write_seconds = 20;                            // For an answer.
    std::uint32_t idle_seconds = 60;                             // Between two requests.
    std::uint32_t answer_seconds = 30;                           // For the router to answer.
    std::size_t bodies_bytes_max = std::size_t{64} << 20U;       // Being received, in all.
    std::uint64_t photos_bytes_max = std::uint64_t{512} << 20U;  // Of inspected pieces, in all.
    std::size_t analyses_per_token_max = 8;                      // Waiting.
    std::size_t analyses_max = 64;                               // Likewise, of everybody.
    [[nodiscard]] bool encrypted() const { return !certificate.empty(); }
};

// Faults are complained of at their lines. `file` resolves paths.
[[nodiscard]] Settings read_settings(ConfigTable http, const ConfigFile& file);

// "127.0.0.1:7480" or "[::1]:7480". Error config says what to write.
struct ListenAddress {
    std::string address;
    std::uint16_t port = 0;
    bool loopback = false;
};
[[nodiscard]] Result<ListenAddress> parse_listen(const std::string& text);

}  // namespace nearfab::gateway
