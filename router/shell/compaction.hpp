// SPDX-License-Identifier: GPL-3.0-or-later
// compaction.hpp - snapshots of the records, made beside the running router.
//
// A second process (`nearfab-router compact`) reads the journal as a restart would, writes what
// comes out as a snapshot, reads it back and ends; then the router removes the files that it
// replaces. So no turn of the loop waits for it, and a snapshot can hold nothing that is not in the
// journal. The price is the memory of a second ledger while it runs.

#pragma once

#include "host/child_process.hpp"
#include "router/shell/config.hpp"
#include "store/journal.hpp"

#include <optional>

namespace nearfab::router {

class Compaction {
public:
    explicit Compaction(const Config& config);
    ~Compaction();  // Ends one that is under way; what it has written so far means nothing.
    Compaction(const Compaction&) = delete;
    Compaction& operator=(const Compaction&) = delete;

    // Starts one when the log has grown long beside the snapshot, but never on a disk that is
    // nearly full: what is left there is for what the fabs report. To be called now and then.
    [[nodiscard]] Status start_if_due(std::uint64_t log_bytes,
                                      std::uint64_t snapshot_bytes,
                                      bool storage_low);
    [[nodiscard]] bool is_running() const { return child_.has_value(); }
    // The number of a snapshot that has just been finished.
    [[nodiscard]] Result<std::optional<std::uint64_t>> finished();

private:
    const Config& config_;
    std::optional<Child> child_;
};

// What that process does. The number of the snapshot. It ends, and leaves nothing, before less than
// `reserve_bytes` of the disk are free.
[[nodiscard]] Result<std::uint64_t> compact_records(const std::filesystem::path& state_directory,
                                                    std::uint64_t reserve_bytes = 0);

}  // namespace nearfab::router
