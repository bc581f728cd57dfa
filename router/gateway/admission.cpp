// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/admission.hpp"

#include "router/gateway/guard.hpp"
#include "router/gateway/problem.hpp"
#include "router/gateway/target.hpp"

#include <utility>

namespace nearfab::gateway {
namespace {

Method method_of(std::string_view word) {
    if (word == "GET") return Method::get;
    if (word == "HEAD") return Method::head;
    if (word == "POST") return Method::post;
    if (word == "PATCH") return Method::patch;
    return Method::other;
}

// "gzip" among the codings, and not with a weight of nothing.
bool accepts_gzip(std::string_view codings) {
    while (!codings.empty()) {
        const std::size_t end = codings.find(',');
        std::string_view one = codings.substr(0, end);
        codings.remove_prefix(end == std::string_view::npos ? codings.size() : end + 1);
        const std::size_t begin = one.find_first_not_of(" \t");
        one = begin == std::string_view::npos ? std::string_view{} : one.substr(begin);
        if (!one.starts_with("gzip")) continue;
        return one.find("q=0") == std::string_view::npos ||
               one.find_first_of("123456789", one.find("q=0")) != std::string_view::npos;
    }
    return false;
}

Response repeated(std::string_view name) {
    return problem(400,
                   {ErrorCode::malformed,
                    "the header " + std::string{name} + " is there twice",
                    "send it once"});
}

}  // namespace

std::variant<Admitted, Response> admit_anybody(const Head& head, const Settings& settings) {
    if (!head.repeated.empty()) return repeated(head.repeated);
    if (auto refused = refuse_host(head.host, settings)) return std::move(*refused);
    if (auto refused = refuse_origin(head.origin, head.host, settings)) return std::move(*refused);
    auto target = parse_target(head.target);
    if (!target) return problem(target.error());
    Admitted admitted;
    admitted.request.method = method_of(head.method);
    auto found = find_route(admitted.request.method, *target);
    if (auto* refused = std::get_if<Response>(&found)) return std::move(*refused);
    auto& route = std::get<RouteFound>(found);
    admitted.route = route.route;
    admitted.names = std::move(route.names);
    admitted.request.target = std::move(*target);
    admitted.request.content_type = head.content_type;
    admitted.request.idempotency_key = head.idempotency_key;
    admitted.request.upload_offset = head.upload_offset;
    admitted.request.last_event_id = head.last_event_id;
    admitted.request.if_none_match = head.if_none_match;
    admitted.request.accepts_gzip = accepts_gzip(head.accept_encoding);
    admitted.body_bytes_max = body_bytes_max(admitted.route->body);
    return admitted;
}

std::variant<Admitted, Response> admit(const Head& head,
                                       const Settings& settings,
                                       FrontDesk& desk) {
    auto outcome = admit_anybody(head, settings);
    auto* admitted = std::get_if<Admitted>(&outcome);
    if (admitted == nullptr) return outcome;
    if (!admitted->route->open) {
        auto caller = desk.admit(bearer(head.authorization));
        if (auto* refused = std::get_if<Response>(&caller)) return std::move(*refused);
        admitted->caller = std::move(std::get<Caller>(caller));
        if (auto refused = refuse_access(*admitted->route, admitted->caller)) {
            return std::move(*refused);
        }
    }
    if (auto refused = refuse_content(*admitted->route, head.content_type, head.has_body)) {
        return std::move(*refused);
    }
    return outcome;
}

}  // namespace nearfab::gateway
