// SPDX-License-Identifier: GPL-3.0-or-later
// ledger_codec.hpp - a ledger as the pieces of a snapshot, and back.
//
// A ledger loaded from a snapshot is equal to the one that all its facts would have made. A piece
// holds some hundred kilobytes of whole jobs, designs or fabs.

#pragma once

#include "base/result.hpp"
#include "router/core/router.hpp"

#include <cstdint>
#include <functional>
#include <span>

namespace nearfab::router {

using GivePiece = std::function<Status(std::span<const std::uint8_t> piece)>;

[[nodiscard]] Status encode_ledger(const Ledger& ledger, const GivePiece& give);

// Takes one piece in, before the facts behind the snapshot.
[[nodiscard]] Status decode_piece(std::span<const std::uint8_t> piece, Router& router);

}  // namespace nearfab::router
