// SPDX-License-Identifier: GPL-3.0-or-later
// shapes.hpp - the shapes that several results share; only sources that know the JSON library
// include this.

#pragma once

#include "base/result.hpp"
#include "geometry/fit/envelope_fit.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace nearfab::json {

using Json = nlohmann::ordered_json;  // Keys in the order in which they are written.

// Ends in '\n'; a negative indent gives one line.
[[nodiscard]] std::string text_of(const Json& json, int indent = 2);

// Braces would make a list of one value: a JSON value is made with parentheses.
[[nodiscard]] Json list();
// Empty texts mean "not known" in our messages.
[[nodiscard]] Json or_null(const std::string& text);

[[nodiscard]] std::string_view axis_name(int axis);  // Of a part: 0 z, 1 x, 2 y.
[[nodiscard]] Json size_json(const geometry::Vec3& size);
[[nodiscard]] Json error_json(const Error& error);
[[nodiscard]] Json fit_json(const geometry::EnvelopeFit& fit);

}  // namespace nearfab::json
