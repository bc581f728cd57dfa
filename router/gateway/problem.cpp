// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/problem.hpp"

#include "json/shapes.hpp"

#include <algorithm>

namespace nearfab::gateway {

using json::Json;
using json::text_of;

int status_of(ErrorCode code) {
    switch (code) {
        case ErrorCode::malformed:
            return 400;
        case ErrorCode::invalid_argument:
        case ErrorCode::invalid_file:
        case ErrorCode::unsupported:
            return 422;
        case ErrorCode::not_found:
            return 404;
        case ErrorCode::conflict:
            return 409;
        case ErrorCode::unauthorised:
            return 403;
        case ErrorCode::unavailable:
        case ErrorCode::session_unknown:
        case ErrorCode::storage:
            return 503;
        case ErrorCode::too_large:
            return 413;
        case ErrorCode::timed_out:
            return 504;
        case ErrorCode::limit_reached:
            return 429;
        case ErrorCode::internal:
        case ErrorCode::unsupported_version:
        case ErrorCode::config:
            return 500;
    }
    return 500;
}

std::string_view title_of(int status) {
    switch (status) {
        case 200:
            return "OK";
        case 201:
            return "Created";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        case 415:
            return "Unsupported Media Type";
        case 421:
            return "Misdirected Request";
        case 422:
            return "Unprocessable Content";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 503:
            return "Service Unavailable";
        case 504:
            return "Gateway Timeout";
        default:
            return "Error";
    }
}

Response problem(int status,
                 const Error& error,
                 const std::vector<std::pair<std::string, std::string>>& more_json) {
    Json body{{"type", "/errors/" + std::string{to_string(error.code)}},
              {"title", title_of(status)},
              {"status", status},
              {"detail", error.message},
              {"next", json::or_null(error.next)},
              {"code", to_string(error.code)}};
    for (const auto& [name, value] : more_json)
        body[name] = Json::parse(value);
    Response response;
    response.status = status;
    response.content_type = "application/problem+json";
    response.body = text_of(body);
    return response;
}

Response problem(int status, const Error& error) {
    return problem(status, error, {});
}

Response problem(const Error& error) {
    return problem(status_of(error.code), error);
}

Response problem(const message::Failure& failure) {
    Response response = problem(failure.error);
    const bool may_wait = response.status == 429 || response.status == 503;
    if (may_wait && failure.retry_after_s > 0) {
        response.headers.emplace_back("Retry-After", std::to_string(failure.retry_after_s));
    }
    return response;
}

Response unexpected(const Message& answer) {
    if (const auto* failure = std::get_if<message::Failure>(&answer)) return problem(*failure);
    return problem(Error{ErrorCode::internal,
                         "the router answered with " + std::string{name_of(answer)},
                         "tell the router's operator"});
}

}  // namespace nearfab::gateway
