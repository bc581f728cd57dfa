// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/json_answer.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::agent {
namespace {

constexpr std::size_t words_bytes_max = 200;

const Json nothing;

std::string one_line(std::string text) {
    if (text.size() > words_bytes_max) text.resize(words_bytes_max);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    while (!text.empty() && (text.back() == ' ' || text.back() == '.'))
        text.pop_back();
    return text;
}

// Walking through JSON and writing it out go down by recursion, so a server decides how much of the
// stack they take.
bool is_deep(std::string_view text) {
    constexpr int levels_max = 64;
    int levels = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (quoted) {
            if (c == '\\') ++i;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            if (++levels > levels_max) return true;
        } else if (c == ']' || c == '}') {
            --levels;
        }
    }
    return false;
}

}  // namespace

Result<Json> json_of(const HttpAnswer& answer, const std::string& asked) {
    Json json = is_deep(answer.body) ? Json{} : Json::parse(answer.body, nullptr, false);
    if (json.is_object() || json.is_array()) return json;
    return fail(ErrorCode::malformed,
                asked + " was answered with something that is no JSON: " + words_of(answer),
                "check that the address is the machine's own");
}

const Json& json_at(const Json& json, JsonPath path) {
    const Json* at = &json;
    for (const char* key : path) {
        if (!at->is_object()) return nothing;
        const auto next = at->find(key);
        if (next == at->end()) return nothing;
        at = &*next;
    }
    return *at;
}

std::string value_text(const Json& json, JsonPath path) {
    const Json& value = json_at(json, path);
    if (value.is_null() || value.is_structured()) return {};
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::int64_t whole_seconds(double seconds) {
    return static_cast<std::int64_t>(std::clamp(seconds, 0.0, 1e9));
}

std::string text_at(const Json& json, JsonPath path) {
    const Json& value = json_at(json, path);
    return value.is_string() ? value.get<std::string>() : std::string{};
}

std::optional<double> number_at(const Json& json, JsonPath path) {
    const Json& value = json_at(json, path);
    if (!value.is_number()) return std::nullopt;
    const double number = value.get<double>();
    return std::isfinite(number) ? std::optional{number} : std::nullopt;
}

bool flag_at(const Json& json, JsonPath path) {
    const Json& value = json_at(json, path);
    return value.is_boolean() && value.get<bool>();
}

std::string words_of(const HttpAnswer& answer) {
    const Json json = Json::parse(answer.body, nullptr, false);
    for (const std::string& words : {text_at(json, {"error"}),
                                     text_at(json, {"error", "message"}),
                                     text_at(json, {"message"}),
                                     text_at(json, {"title"})}) {
        if (!words.empty()) return one_line(words);
    }
    return one_line(answer.body.empty() ? "no words" : answer.body);
}

std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace nearfab::agent
