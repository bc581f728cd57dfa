// SPDX-License-Identifier: GPL-3.0-or-later
// exchange.hpp - one request and its answer, as plain values.
//
// The server (server.cpp) makes a Request of what came over the socket and writes the Response;
// what lies between knows neither sockets nor Beast.

#pragma once

#include "router/gateway/tokens.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nearfab::gateway {

class EventStream;

enum class Method : std::uint8_t { get, head, post, patch, other };

// Where a request goes: the path in decoded elements, and what stands behind '?'.
struct Target {
    std::vector<std::string> path;  // "/a/b%20c" gives "a" and "b c"; "/" gives none.
    std::vector<std::pair<std::string, std::string>> query;
    friend bool operator==(const Target&, const Target&) = default;
};

struct Request {
    Method method = Method::get;
    Target target;
    std::string content_type;
    std::string idempotency_key;
    std::string upload_offset;
    std::string last_event_id;
    std::string if_none_match;
    bool accepts_gzip = false;
    std::string body;

    [[nodiscard]] std::optional<std::string> query(std::string_view key) const;
};

struct Response {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers{};
    // Bytes that live as long as the program, in place of `body`.
    std::string_view fixed_body{};
    bool may_be_kept = false;               // By caches; otherwise nobody stores it.
    std::shared_ptr<EventStream> stream{};  // Server-sent events follow instead of a body.
};

// Is called exactly once.
using Reply = std::function<void(Response)>;

}  // namespace nearfab::gateway
