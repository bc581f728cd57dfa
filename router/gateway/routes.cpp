// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/routes.hpp"

#include "router/gateway/photos.hpp"
#include "router/gateway/problem.hpp"
#include "router/gateway/resources/resources.hpp"

#include <array>
#include <optional>

namespace nearfab::gateway {
namespace {

namespace r = resources;

constexpr std::array all_routes{
    Route{Method::get, "/healthz", true, {}, {}, r::get_health},
    Route{Method::get, "/readyz", true, {}, {}, r::get_ready},
    Route{Method::get, "/version", true, {}, {}, r::get_version},
    Route{Method::get, "/metrics", true, {}, {}, r::get_metrics},
    Route{Method::get, "/api/v1/openapi.json", true, {}, {}, r::get_openapi},
    Route{Method::get, "/api/v1/me", false, Access::read_only, {}, r::get_me},
    Route{Method::post, "/api/v1/designs", false, Access::designer, BodyKind::json, r::post_design},
    Route{Method::get, "/api/v1/designs/{design}", false, Access::designer, {}, r::get_design},
    Route{Method::patch,
          "/api/v1/designs/{design}",
          false,
          Access::designer,
          BodyKind::chunk,
          r::patch_design},
    Route{Method::post,
          "/api/v1/designs/{design}/check",
          false,
          Access::designer,
          BodyKind::json,
          r::post_check},
    Route{Method::post, "/api/v1/quotes", false, Access::designer, BodyKind::json, r::post_quote},
    Route{Method::post, "/api/v1/jobs", false, Access::designer, BodyKind::json, r::post_job},
    Route{Method::get, "/api/v1/jobs", false, Access::read_only, {}, r::get_jobs},
    Route{Method::get, "/api/v1/jobs/{job}", false, Access::read_only, {}, r::get_job},
    Route{Method::get, "/api/v1/jobs/{job}/why", false, Access::read_only, {}, r::get_why},
    Route{Method::post,
          "/api/v1/jobs/{job}/cancel",
          false,
          Access::designer,
          BodyKind::json,
          r::post_cancel},
    Route{
        Method::get, "/api/v1/jobs/{job}/events", false, Access::read_only, {}, r::get_job_events},
    Route{Method::get, "/api/v1/events", false, Access::read_only, {}, r::get_events},
    Route{Method::get, "/api/v1/fabs", false, Access::read_only, {}, r::get_fabs},
    Route{Method::get, "/api/v1/fabs/{fab}/board", false, Access::operator_, {}, r::get_board},
    Route{Method::post,
          "/api/v1/fabs/{fab}/actions",
          false,
          Access::operator_,
          BodyKind::json,
          r::post_action},
    Route{Method::get, "/api/v1/jobs/{job}/photos", false, Access::read_only, {}, r::get_photos},
    Route{Method::get,
          "/api/v1/work_orders/{work_order}/photo",
          false,
          Access::read_only,
          {},
          r::get_photo},
    Route{Method::post,
          "/api/v1/work_orders/{work_order}/photo",
          false,
          Access::operator_,
          BodyKind::photo,
          r::post_photo},
    Route{Method::get, "/api/v1/report", false, Access::read_only, {}, r::get_report},
};

// The names in place of {words}; nothing when the path is another.
std::optional<std::vector<std::string>> names_in(std::string_view pattern, const Target& target) {
    std::vector<std::string> names;
    std::size_t element = 0;
    pattern.remove_prefix(1);
    while (!pattern.empty()) {
        const std::size_t end = pattern.find('/');
        const std::string_view word = pattern.substr(0, end);
        pattern.remove_prefix(end == std::string_view::npos ? pattern.size() : end + 1);
        if (element >= target.path.size()) return std::nullopt;
        const std::string& given = target.path[element++];
        if (word.starts_with('{')) {
            names.push_back(given);
        } else if (word != given) {
            return std::nullopt;
        }
    }
    if (element != target.path.size()) return std::nullopt;
    return names;
}

std::string_view content_type_of(BodyKind body) {
    switch (body) {
        case BodyKind::none:
            break;
        case BodyKind::json:
            return "application/json";
        case BodyKind::chunk:
            return chunk_content_type;
        case BodyKind::photo:
            return photo_content_type;
    }
    return {};
}

std::string_view name_of(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::patch:
            return "PATCH";
        case Method::other:
            break;
    }
    return "";
}

}  // namespace

std::size_t body_bytes_max(BodyKind body) {
    switch (body) {
        case BodyKind::none:
            break;
        case BodyKind::json:
            return json_bytes_max;
        case BodyKind::chunk:
            return chunk_body_bytes_max;
        case BodyKind::photo:
            return photo_bytes_max;
    }
    return 0;
}

std::span<const Route> routes() {
    return all_routes;
}

std::variant<RouteFound, Response> find_route(Method method, const Target& target) {
    std::string allowed;
    const Method wanted = method == Method::head ? Method::get : method;
    for (const Route& route : all_routes) {
        auto names = names_in(route.path, target);
        if (!names) continue;
        if (route.method == wanted) return RouteFound{&route, std::move(*names)};
        allowed += (allowed.empty() ? "" : ", ") + std::string{name_of(route.method)};
        if (route.method == Method::get) allowed += ", HEAD";
    }
    const bool api = !target.path.empty() && target.path.front() == "api";
    if (!allowed.empty()) {
        Response refused = problem(
            405, {ErrorCode::unsupported, "this path does not know that method", "use " + allowed});
        refused.headers.emplace_back("Allow", allowed);
        return refused;
    }
    if (!api && wanted == Method::get) {
        static constexpr Route page{Method::get, "/", true, {}, {}, r::get_page};
        return RouteFound{&page, {}};
    }
    return problem(Error{ErrorCode::not_found,
                         "there is nothing at this path",
                         "GET /api/v1/openapi.json lists what there is"});
}

std::optional<Response> refuse_content(const Route& route,
                                       std::string_view content_type,
                                       bool has_body) {
    const std::string_view wanted = content_type_of(route.body);
    if (wanted.empty()) {
        if (!has_body) return std::nullopt;
        return problem(
            400,
            {ErrorCode::malformed, "a request of this kind has no body", "send it without one"});
    }
    if (content_type == wanted) return std::nullopt;
    return problem(415,
                   {ErrorCode::unsupported,
                    "the body must be " + std::string{wanted},
                    "send exactly this header: Content-Type: " + std::string{wanted}});
}

std::optional<Response> refuse_access(const Route& route, const Caller& caller) {
    if (caller.access >= route.least) return std::nullopt;
    return problem(
        403,
        {ErrorCode::unauthorised,
         "a token with the role " + std::string{to_string(caller.access)} + " may not do that",
         "ask the operator of the router for a token with the role " +
             std::string{to_string(route.least)}});
}

}  // namespace nearfab::gateway
