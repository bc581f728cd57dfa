// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_file.hpp - a state in pieces, standing for all facts up to one, and checked like a log.
//
// Written under another name, synced, read back, then named: a snapshot is there entirely or not at
// all. Its pieces are opaque. Its own chain starts from the kind, the first frame names the
// position of the log, the last one counts the pieces.

#pragma once

#include "store/journal_files.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace nearfab {

// Takes the pieces that `give` hands out; stops at its first error.
using PieceGiver =
    std::function<Status(const std::function<Status(std::span<const std::uint8_t>)>& take)>;

// Durable, read back and in its place on success. On an error nothing of it is left, and nothing of
// others that were interrupted.
[[nodiscard]] Status write_snapshot_file(LogStorage& storage,
                                         const std::string& kind,
                                         const JournalPosition& at,
                                         const PieceGiver& give);

using PieceReader = std::function<Status(std::span<const std::uint8_t> piece)>;

// Gives every piece in order; an error when any byte of it is not what was written.
[[nodiscard]] Result<JournalPosition> read_snapshot(LogStorage& storage,
                                                    const std::string& kind,
                                                    std::uint64_t last,
                                                    const PieceReader& reader);

// Only where it stands in the log; its pieces are not looked at.
[[nodiscard]] Result<JournalPosition> read_snapshot_position(LogStorage& storage,
                                                             const std::string& kind,
                                                             std::uint64_t last);

}  // namespace nearfab
