// SPDX-License-Identifier: GPL-3.0-or-later
// journal.hpp - facts in the order in which they became true, on disk, for ever.
//
// The router and the agent each keep one: what append() has accepted survives kill -9 and power
// cuts, and a restart replays it. Facts are opaque bytes, numbered from 1 without gaps.
//
// Each row carries chain(n) = BLAKE2b-256(chain(n-1) | n | wall_ms | fact), numbers as 8 bytes,
// little end first, where chain(0) is the hash of the journal's kind. SQLite notices only some of
// the damage a disk can do to a file; the chain notices a changed, missing or exchanged fact. It is
// checked during replay; that the last row is the last one written is checked on opening. The chain
// shows damage, not forgery: who can write the file can also write a new chain.
//
// One process at a time (a lock file beside the journal), one thread at a time.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "host/disk_space.hpp"

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
    // "router" or "agent": the other one's file is refused. REQUIRES: not empty.
    std::string kind{};
    std::size_t max_fact_bytes = std::size_t{16} << 20U;
};

class Journal {
public:
    struct Record {
        WallTime wall;
        std::vector<std::uint8_t> fact;

        friend bool operator==(const Record&, const Record&) = default;
    };
    using Reader =
        std::function<Status(std::uint64_t seq, WallTime wall, std::span<const std::uint8_t> fact)>;

    // Opens the file, or makes it if there is none (its directory must exist). An existing file
    // that is empty, damaged, of another kind or from a newer nearfab is refused, never replaced.
    [[nodiscard]] static Result<Journal> open(const std::filesystem::path& path,
                                              const JournalOptions& options);
    ~Journal();
    Journal(Journal&&) noexcept;
    Journal& operator=(Journal&&) noexcept;
    Journal(const Journal&) = delete;
    Journal& operator=(const Journal&) = delete;

    // All of them or none: one transaction, one sync. On success they are on the disk. After "disk
    // full" nothing was written and trying again is fine. After any other error nobody can know
    // what the disk holds, so the journal refuses everything until it is opened anew.
    [[nodiscard]] Status append(std::span<const Record> records);

    // Gives every fact from the first to the last, checking the chain on the way. Stops at the
    // first error, be it the reader's or a broken chain, which names the seq. REQUIRES: the reader
    // does not use the journal.
    [[nodiscard]] Status replay(const Reader& reader) const;

    // The number of the last fact; 0 when there is none.
    [[nodiscard]] std::uint64_t seq() const;

    // Small settings kept beside the facts, for example the router's generation. Durable on return;
    // not part of the chain. Names that start with "journal." are the journal's own.
    [[nodiscard]] Result<std::optional<std::string>> meta(std::string_view name) const;
    [[nodiscard]] Status set_meta(std::string_view name, std::string_view value);

private:
    struct Parts;
    explicit Journal(std::unique_ptr<Parts> parts);

    std::unique_ptr<Parts> parts_;
};

}  // namespace nearfab
