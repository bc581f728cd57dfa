// SPDX-License-Identifier: GPL-3.0-or-later
// json_answer.hpp - values out of a machine's JSON, none of which can be relied on to be there.
//
// Servers leave fields out, set them to null and change their type between versions and states; a
// field of another type is a field that is missing.

#pragma once

#include "base/result.hpp"
#include "host/http_client.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>

namespace nearfab::agent {

using Json = nlohmann::json;
using JsonPath = std::initializer_list<const char*>;

// Error malformed: no JSON object or list, or one of more than 64 levels; the message names the
// server's question.
[[nodiscard]] Result<Json> json_of(const HttpAnswer& answer, const std::string& asked);

// The value at the path below, or null.
[[nodiscard]] const Json& json_at(const Json& json, JsonPath path);
[[nodiscard]] std::string text_at(const Json& json, JsonPath path);  // Empty when missing.
[[nodiscard]] std::optional<double> number_at(const Json& json, JsonPath path);  // Finite.
[[nodiscard]] bool flag_at(const Json& json, JsonPath path);  // False if missing.

// A number, text or truth value as JSON writes it; empty when it is missing or a structure.
[[nodiscard]] std::string value_text(const Json& json, JsonPath path);
// Within 0 and about 30 years, whatever a server says.
[[nodiscard]] std::int64_t whole_seconds(double seconds);

// What a refusal says of itself, for people: the first of error, error.message, title, message, or
// the beginning of the body; one line, at most 200 bytes.
[[nodiscard]] std::string words_of(const HttpAnswer& answer);

[[nodiscard]] std::span<const std::uint8_t> bytes_of(std::string_view text);

}  // namespace nearfab::agent
