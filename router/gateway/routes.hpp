// SPDX-License-Identifier: GPL-3.0-or-later
// routes.hpp - what can be asked of the API: every path with its methods, and who may.

#pragma once

#include "router/gateway/desk.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace nearfab::gateway {

enum class BodyKind : std::uint8_t { none, json, chunk, photo };

struct Route {
    Method method = Method::get;
    std::string_view path;  // "/api/v1/jobs/{job}"
    bool open = false;      // No token is needed.
    Access least = Access::read_only;
    BodyKind body = BodyKind::none;
    void (*serve)(const ExchangePtr& exchange) = nullptr;
};

[[nodiscard]] std::span<const Route> routes();

inline constexpr std::size_t json_bytes_max = std::size_t{1} << 20U;
inline constexpr std::size_t chunk_body_bytes_max = std::size_t{1} << 20U;
[[nodiscard]] std::size_t body_bytes_max(BodyKind body);
inline constexpr std::string_view chunk_content_type = "application/offset+octet-stream";
inline constexpr std::string_view photo_content_type = "image/jpeg";

struct RouteFound {
    const Route* route = nullptr;
    std::vector<std::string> names;
};
// The route, or a problem: 404 for a path that is none, 405 with Allow.
[[nodiscard]] std::variant<RouteFound, Response> find_route(Method method, const Target& target);

// Of what the route wants; a refusal otherwise (415).
[[nodiscard]] std::optional<Response> refuse_content(const Route& route,
                                                     std::string_view content_type,
                                                     bool has_body);
// 403 when the caller's role is below the route's.
[[nodiscard]] std::optional<Response> refuse_access(const Route& route, const Caller& caller);

}  // namespace nearfab::gateway
