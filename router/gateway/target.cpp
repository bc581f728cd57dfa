// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/target.hpp"

#include "proto/model/text.hpp"

#include <utility>

namespace nearfab::gateway {
namespace {

constexpr std::size_t elements_max = 16;
constexpr std::size_t pairs_max = 16;

tl::unexpected<Error> refuse(std::string message) {
    return fail(
        ErrorCode::malformed, std::move(message), "send a path as /api/v1/openapi.json lists them");
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Result<std::string> decoded(std::string_view text, bool plus_is_blank) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '%') {
            const bool whole = i + 2 < text.size();
            const int high = whole ? hex_value(text[i + 1]) : -1;
            const int low = whole ? hex_value(text[i + 2]) : -1;
            if (high < 0 || low < 0) return refuse("an escape of the path is broken");
            out += static_cast<char>(high * 16 + low);
            i += 2;
        } else {
            out += plus_is_blank && c == '+' ? ' ' : c;
        }
    }
    if (const std::string fault = text_fault(out, TextKind::line); !fault.empty()) {
        return refuse("the path " + fault);
    }
    return out;
}

Result<std::vector<std::string>> path_of(std::string_view text) {
    std::vector<std::string> path;
    text.remove_prefix(1);
    if (text.empty()) return path;
    while (true) {
        const std::size_t end = text.find('/');
        auto element = decoded(text.substr(0, end), false);
        if (!element) return fail(std::move(element.error()));
        if (element->empty() || *element == "." || *element == "..") {
            return refuse("the path has an element that is empty, \".\" or \"..\"");
        }
        if (element->find('/') != std::string::npos || element->find('\\') != std::string::npos) {
            return refuse("an element of the path holds a slash");
        }
        path.push_back(std::move(*element));
        if (path.size() > elements_max) return refuse("the path has too many elements");
        if (end == std::string_view::npos) return path;
        text.remove_prefix(end + 1);
    }
}

Status read_query(std::string_view text, Target& target) {
    while (!text.empty()) {
        const std::size_t end = text.find('&');
        const std::string_view pair = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        auto key = decoded(pair.substr(0, equals), true);
        auto value = decoded(
            equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1), true);
        if (!key) return fail(std::move(key.error()));
        if (!value) return fail(std::move(value.error()));
        for (const auto& [known, ignored] : target.query) {
            if (known == *key) return refuse("the query says \"" + known + "\" twice");
        }
        target.query.emplace_back(std::move(*key), std::move(*value));
        if (target.query.size() > pairs_max) return refuse("the query has too many words");
    }
    return {};
}

}  // namespace

std::optional<std::string> Request::query(std::string_view key) const {
    for (const auto& [known, value] : target.query) {
        if (known == key) return value;
    }
    return std::nullopt;
}

Result<Target> parse_target(std::string_view text) {
    if (text.size() > target_bytes_max) return refuse("the path is too long");
    if (text.empty() || text.front() != '/') return refuse("the target of the request is no path");
    if (text.find('#') != std::string_view::npos) return refuse("the path holds a fragment");
    const std::size_t mark = text.find('?');
    Target target;
    auto path = path_of(text.substr(0, mark));
    if (!path) return fail(std::move(path.error()));
    target.path = std::move(*path);
    if (mark != std::string_view::npos) {
        if (auto read = read_query(text.substr(mark + 1), target); !read) {
            return fail(std::move(read.error()));
        }
    }
    return target;
}

}  // namespace nearfab::gateway
