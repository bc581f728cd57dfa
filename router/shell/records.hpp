// SPDX-License-Identifier: GPL-3.0-or-later
// records.hpp - the router's records as a whole: verified, backed up, restored, their generation.
//
// A router that goes on from older records must not give out an epoch again. So a number outside
// the journal, the generation, grows with each restore, and every epoch of a generation is larger
// than those before (router/core/ledger.hpp).

#pragma once

#include "router/core/ledger.hpp"
#include "router/shell/config.hpp"
#include "store/journal.hpp"
#include "store/journal_copy.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace nearfab::router {

struct RecordsReport {
    JournalReport journal;
    std::size_t jobs = 0;
    std::size_t open_work = 0;
    std::uint64_t generation = 0;
};

// Reads all records as a restart would, beside a running router too.
[[nodiscard]] Result<RecordsReport> verify_records(const std::filesystem::path& state_directory);

// Copies journal, designs and generation into `to`, beside a running router too. An older backup
// there is replaced once the new one is verified; designs that it has already are kept.
[[nodiscard]] Result<RecordsReport> back_up(const Config& config, const std::filesystem::path& to);

// Puts a backup in the place of the present records, which are kept under another name. The router
// must be stopped. `generation` must be given when nothing here knows the last one. Killed at any
// moment it leaves the old records or the new ones (where the file system cannot exchange names:
// none for a moment, and then open_records refuses).
[[nodiscard]] Result<RecordsReport> restore(const Config& config,
                                            const std::filesystem::path& from,
                                            std::optional<std::uint64_t> generation);

// The journal of this state directory; a new one only where no generation says that there was one.
// An empty router would tell every fab that its work is not wanted.
[[nodiscard]] Result<Journal> open_records(const Config& config);

// The generation of this state directory. With a journal that has facts it must be there.
[[nodiscard]] Result<std::uint64_t> generation_of(const std::filesystem::path& state_directory,
                                                  bool has_facts);

}  // namespace nearfab::router
