// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/answer_head.hpp"

#include "base/check.hpp"
#include "router/gateway/guard.hpp"
#include "router/gateway/problem.hpp"

namespace nearfab::gateway {
namespace {

// All values are our own words, numbers and names that were checked.
void add(std::string& head, std::string_view name, std::string_view value) {
    NEARFAB_CHECK(value.find_first_of("\r\n") == std::string_view::npos,
                  "a header of an answer has a line end");
    head.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

std::string answer_head(const Response& response, bool keeps_alive, bool encrypted) {
    std::string head = "HTTP/1.1 " + std::to_string(response.status) + " ";
    head.append(title_of(response.status)).append("\r\n");
    const bool has_body = response.status != 304;
    if (has_body) add(head, "Content-Type", response.content_type);
    if (has_body && !response.stream) {
        const std::size_t size =
            response.fixed_body.empty() ? response.body.size() : response.fixed_body.size();
        add(head, "Content-Length", std::to_string(size));
    }
    for (const auto& [name, value] : response.headers)
        add(head, name, value);
    for (const auto& [name, value] : safe_headers())
        add(head, name, value);
    if (encrypted) add(head, "Strict-Transport-Security", "max-age=31536000");
    if (!response.may_be_kept) add(head, "Cache-Control", "no-store");
    add(head, "Connection", keeps_alive ? "keep-alive" : "close");
    head.append("\r\n");
    return head;
}

}  // namespace nearfab::gateway
