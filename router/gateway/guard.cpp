// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/guard.hpp"

#include "router/gateway/problem.hpp"

#include <algorithm>

namespace nearfab::gateway {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(x) == lower(y);
    });
}

// Without the port.
std::string_view name_of_host(std::string_view host) {
    if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
    return host.substr(0, host.rfind(':'));
}

// An address that only this machine has, or its usual name.
bool names_this_machine(std::string_view host) {
    const std::string_view name = name_of_host(host);
    if (same(name, "localhost") || name == "[::1]") return true;
    return name.starts_with("127.") &&
           name.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_named(std::string_view host, const Settings& settings) {
    return std::any_of(settings.hosts.begin(), settings.hosts.end(), [&](const auto& known) {
        return same(host, known) || same(name_of_host(host), known);
    });
}

}  // namespace

std::optional<Response> refuse_host(std::string_view host, const Settings& settings) {
    if (host.empty()) {
        return problem(400,
                       {ErrorCode::malformed,
                        "the request names no host",
                        "send a Host header, as HTTP/1.1 has it"});
    }
    // Beyond loopback names are many, and a name of a stranger reaches nothing that others do not.
    if (!settings.loopback || names_this_machine(host) || is_named(host, settings)) return {};
    return problem(421,
                   {ErrorCode::unauthorised,
                    "this server is not called by that name",
                    "use http://localhost, or let the router's operator add the name to hosts in "
                    "[http]"});
}

std::optional<Response> refuse_origin(std::optional<std::string_view> origin,
                                      std::string_view host,
                                      const Settings& settings) {
    if (!origin) return {};
    const std::size_t mark = origin->find("://");
    const std::string_view scheme = origin->substr(0, mark);
    if (mark != std::string_view::npos && (scheme == "http" || scheme == "https")) {
        const std::string_view authority = origin->substr(mark + 3);
        // A proxy may speak https for us, so the scheme may differ.
        if (same(authority, host) || is_named(authority, settings)) return {};
    }
    return problem(403,
                   {ErrorCode::unauthorised,
                    "the request comes from a page of another site",
                    "call the API from a program, or from a page that this server serves"});
}

std::optional<std::string_view> bearer(std::string_view authorization) {
    constexpr std::string_view scheme = "Bearer ";
    if (authorization.size() <= scheme.size()) return std::nullopt;
    if (!same(authorization.substr(0, scheme.size()), scheme)) return std::nullopt;
    return authorization.substr(scheme.size());
}

const std::vector<std::pair<std::string_view, std::string_view>>& safe_headers() {
    static const std::vector<std::pair<std::string_view, std::string_view>> headers{
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
         "connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'none'; "
         "frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Cross-Origin-Opener-Policy", "same-origin"}};
    return headers;
}

}  // namespace nearfab::gateway
