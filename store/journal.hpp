// SPDX-License-Identifier: GPL-3.0-or-later
// journal.hpp - facts in the order in which they became true, on disk, for ever.
//
// The router and the agent each keep one: what append() has accepted survives kill -9 and power
// cuts, and a restart replays it. Facts are opaque bytes, numbered from 1 without gaps.
//
// It is a log of commits in a directory of its own (journal_files.hpp), each linked to the one
// before by BLAKE2b-256 (journal_frame.hpp). The chain notices a changed, missing or exchanged
// byte anywhere; a commit that a crash interrupted is cut off on opening, and damage to one that
// was finished is refused with its place. A snapshot may stand for all facts up to one. The chain
// shows damage, not forgery: who can write the files can also write a new chain.
//
// One process at a time (a lock file beside the directory), one thread at a time.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "host/file_lock.hpp"
#include "store/journal_files.hpp"
#include "store/log_storage.hpp"
#include "store/snapshot_file.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab {

struct JournalOptions {
    // "router" or "agent": the other one's is refused. REQUIRES: not empty, no blanks.
    std::string kind{};
    std::size_t max_fact_bytes = std::size_t{16} << 20U;
    // The log goes on in a new file after so many bytes. Room for one file more is always taken in
    // advance: that much can still be written when the disk is full.
    std::size_t segment_bytes = std::size_t{64} << 20U;
    // There was a journal here: where none is, none is begun (not_found).
    bool must_exist = false;
};

class Journal {
public:
    struct Record {
        WallTime wall;
        std::vector<std::uint8_t> fact;

        friend bool operator==(const Record&, const Record&) = default;
    };
    using Reader = FactReader;

    // Opens the directory, or makes it if there is none (its parent must exist). What is damaged,
    // of another kind or of another format is refused, never replaced.
    [[nodiscard]] static Result<Journal> open(const std::filesystem::path& path,
                                              const JournalOptions& options);
    // The same on any storage, which nobody else may use meanwhile. An empty one becomes a journal.
    [[nodiscard]] static Result<Journal> open(std::unique_ptr<LogStorage> storage,
                                              const JournalOptions& options);
    ~Journal();  // Marks the log as closed in order.
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // All of them or none: one commit, one sync. On success they are on the disk. After "disk
    // full" nothing was written and trying again is fine. After any other error nobody can know
    // what the disk holds, so the journal refuses everything until it is opened anew.
    [[nodiscard]] Status append(std::span<const Record> records);
    // The same for a payload made with frame::put_fact.
    [[nodiscard]] Status append_payload(std::span<const std::uint8_t> payload, std::uint32_t count);

    // The pieces of the last snapshot, if there is one; its position is where replay() begins.
    [[nodiscard]] Result<JournalPosition> load_snapshot(const PieceReader& reader) const;

    // Gives every fact behind the last snapshot, checking the chain on the way. Stops at the first
    // error, be it the reader's or damage. REQUIRES: the reader does not use the journal.
    [[nodiscard]] Status replay(const Reader& reader) const;

    // The number of the last fact; 0 when there is none.
    [[nodiscard]] std::uint64_t seq() const;
    [[nodiscard]] JournalPosition position() const;
    // Of the last snapshot; 0 when there is none.
    [[nodiscard]] std::uint64_t snapshot_seq() const;
    // What a restart reads: bytes of the log (a little of it from before the snapshot) and of the
    // snapshot.
    [[nodiscard]] std::uint64_t log_bytes() const;
    [[nodiscard]] std::uint64_t snapshot_bytes() const;

    // Takes the pieces that `give` hands out as the state after the present last fact; durable on
    // return, and read back once. Then what it replaces is removed.
    [[nodiscard]] Status write_snapshot(const PieceGiver& give);
    // Takes over a snapshot that somebody else has written into the directory, and has read back.
    [[nodiscard]] Status adopt_snapshot(std::uint64_t last);

    // False: there is no room for the next file of the log. Asks the disk again each time.
    [[nodiscard]] bool has_reserve();

    // Small settings kept beside the facts, for example the router's generation. Durable on return;
    // not part of the chain.
    [[nodiscard]] Result<std::optional<std::string>> meta(std::string_view name) const;
    [[nodiscard]] Status set_meta(std::string_view name, std::string_view value);

private:
    struct Parts;
    explicit Journal(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace nearfab
