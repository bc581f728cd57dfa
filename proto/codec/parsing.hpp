// SPDX-License-Identifier: GPL-3.0-or-later
// parsing.hpp - Protobuf's own parser and writer, tamed.
//
// Hostile bytes must neither fill the log (the library prints to stderr) nor go unexplained (it
// only answers "no"), and must not nest without end. Internal to proto/codec.

#pragma once

#include "base/result.hpp"

#include <google/protobuf/message_lite.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace nearfab::codec {

// Deeper than any message of the schema nests.
inline constexpr int recursion_max = 16;

// Fills `to`. Errors: too_large (more than `bytes_max`), malformed (names the field when a text is
// not valid UTF-8). `what` names the whole in error texts: "the message".
[[nodiscard]] Status parse(std::span<const std::uint8_t> bytes,
                           std::size_t bytes_max,
                           std::string_view what,
                           google::protobuf::MessageLite& to);

}  // namespace nearfab::codec
