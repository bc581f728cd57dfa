// SPDX-License-Identifier: GPL-3.0-or-later
// admission.hpp - from the head of a request to the route that serves it, or to a refusal.
//
// Everything here is decided before a byte of the body is read. The order: the host, the page it
// comes from, the path, who asks, what that one may do, what kind of body.

#pragma once

#include "router/gateway/front_desk.hpp"
#include "router/gateway/routes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nearfab::gateway {

// The head as it came. A header that is there twice is in `repeated` when that is not allowed.
struct Head {
    std::string_view method;
    std::string_view target;
    std::string_view host;
    std::optional<std::string_view> origin;
    std::string_view authorization;
    std::string_view content_type;
    std::string_view idempotency_key;
    std::string_view upload_offset;
    std::string_view last_event_id;
    std::string_view if_none_match;
    std::string_view accept_encoding;
    std::string_view repeated;  // The name of one; empty: none.
    bool has_body = false;
};

struct Admitted {
    const Route* route = nullptr;
    Request request;  // Without its body.
    Caller caller;
    std::vector<std::string> names;
    std::size_t body_bytes_max = 0;
};

// Counts against the limits of the caller's token.
[[nodiscard]] std::variant<Admitted, Response> admit(const Head& head,
                                                     const Settings& settings,
                                                     FrontDesk& desk);

// What of it needs no list of tokens; for the same in tests. `caller` is nobody's.
[[nodiscard]] std::variant<Admitted, Response> admit_anybody(const Head& head,
                                                             const Settings& settings);

}  // namespace nearfab::gateway
