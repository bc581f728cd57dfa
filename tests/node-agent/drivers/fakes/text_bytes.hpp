// SPDX-License-Identifier: GPL-3.0-or-later
// text_bytes.hpp - a text as the bytes of a file.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace nearfab::agent {

inline std::span<const std::uint8_t> text_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace nearfab::agent
