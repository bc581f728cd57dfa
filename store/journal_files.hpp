// SPDX-License-Identifier: GPL-3.0-or-later
// journal_files.hpp - which files a journal's directory holds, and the walk through its log.
//
//   log-N        commits; N is the number of the first fact in it. All but the last are sealed.
//   snapshot-N   the state after fact N, in place of all facts up to it
//   head         kind, settings, and how far the log reached when somebody last looked
//   spare        room for the next file of the log
//   *.part       something unfinished; means nothing

#pragma once

#include "base/result.hpp"
#include "store/frame_reader.hpp"
#include "store/log_storage.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace nearfab {

inline constexpr std::uint32_t journal_format = 2;  // 1 was a SQLite file.

// Between two commits: the number of the last fact, and the chain there.
struct JournalPosition {
    std::uint64_t seq = 0;
    ContentHash chain;

    friend bool operator==(const JournalPosition&, const JournalPosition&) = default;
};

struct JournalFiles {
    std::vector<std::uint64_t> logs;       // First facts, ascending.
    std::vector<std::uint64_t> snapshots;  // Last facts, ascending.
    bool head = false;
    bool spare = false;
    std::vector<std::string> unfinished;
};
[[nodiscard]] Result<JournalFiles> list_journal(LogStorage& storage);
[[nodiscard]] std::string log_name(std::uint64_t first);
[[nodiscard]] std::string snapshot_name(std::uint64_t last);

// The file `head`: how far the log reached at least, so that a log cut off at its end is noticed,
// and small settings. Replaced as a whole.
struct JournalHead {
    std::string kind;
    JournalPosition reached;
    std::map<std::string, std::string, std::less<>> settings;
};
[[nodiscard]] Result<JournalHead> read_journal_head(LogStorage& storage, const std::string& kind);
// 0 or an errno; durable on return.
[[nodiscard]] int write_journal_head(LogStorage& storage, const JournalHead& head);

// The first frame of a file of the log, as bytes.
[[nodiscard]] std::vector<std::uint8_t> segment_frame(const std::string& kind,
                                                      std::uint64_t first,
                                                      ContentHash& chain);

// What is known before a walk, and must be met on the way.
struct LogStart {
    // Where the first file must begin; nothing: its own word is taken for it (a snapshot is
    // behind).
    std::optional<JournalPosition> begins;
    // Must be met before the first fact behind it.
    std::optional<JournalPosition> snapshot;
};
struct LogEnd {
    JournalPosition at;
    std::uint64_t offset = 0;  // In the last file.
    ContentHash file_start;    // The chain where it begins.
    frame::Type last = frame::Type::segment;
    bool torn = false;  // Behind `offset` a commit had begun that was never finished.
    bool met_head = false;
};
using FactReader =
    std::function<Status(std::uint64_t seq, WallTime wall, std::span<const std::uint8_t> fact)>;

// Reads these files of the log in order and gives out every fact behind the snapshot. The last one
// may end anywhere. `head` is looked for on the way; a log that was ever at it meets it.
[[nodiscard]] Result<LogEnd> walk_log(LogStorage& storage,
                                      const std::string& kind,
                                      std::span<const std::uint64_t> logs,
                                      const LogStart& start,
                                      const JournalPosition& head,
                                      const FactReader& reader);

}  // namespace nearfab
