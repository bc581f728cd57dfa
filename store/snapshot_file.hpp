// SPDX-License-Identifier: GPL-3.0-or-later
// snapshot_file.hpp - a state in pieces, standing for all facts up to one, and checked like a log.
//
// Written under another name, synced, then named: a snapshot is there entirely or not at all. Its
// pieces are opaque. Its own chain starts from the kind, the first frame names the position of the
// log, the last one counts the pieces.

#pragma once

#include "store/journal_files.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace nearfab {

class SnapshotWriter {
public:
    // Replaces an unfinished one of the same name. `storage` must outlive it.
    [[nodiscard]] static Result<SnapshotWriter> begin(LogStorage& storage,
                                                      const std::string& kind,
                                                      const JournalPosition& at);
    [[nodiscard]] Status add(std::span<const std::uint8_t> piece);
    // Durable and in its place on return.
    [[nodiscard]] Status finish();

private:
    SnapshotWriter(LogStorage& storage, std::string name, const ContentHash& start)
        : storage_{&storage}, name_{std::move(name)}, salt_{start}, chain_{start} {}
    [[nodiscard]] Status put(frame::Type type, std::span<const std::uint8_t> payload);
    [[nodiscard]] Status write_out();

    LogStorage* storage_;
    std::string name_;
    ContentHash salt_;
    ContentHash chain_;
    std::unique_ptr<LogFile> file_;
    std::uint64_t seq_ = 0;
    std::uint64_t offset_ = 0;
    std::uint32_t pieces_ = 0;
    std::vector<std::uint8_t> waiting_;
};

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
