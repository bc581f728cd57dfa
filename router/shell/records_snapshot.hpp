// SPDX-License-Identifier: GPL-3.0-or-later
// records_snapshot.hpp - what a log of facts comes to, and a snapshot of it in the same directory.
//
// Reads beside the log's owner, who goes on writing; so a snapshot can hold nothing that is not in
// the log. The owner takes it up with Journal::adopt_snapshot.

#pragma once

#include "base/result.hpp"
#include "router/core/router.hpp"
#include "store/journal_copy.hpp"

#include <cstdint>
#include <functional>
#include <memory>

namespace nearfab::router {

class RecordsSnapshot {
public:
    // As a restart would read it.
    [[nodiscard]] static Result<RecordsSnapshot> read(LogStorage& storage);

    [[nodiscard]] std::uint64_t last() const { return report_.end.seq; }
    // There is one of this state already.
    [[nodiscard]] bool is_there() const { return last() == report_.snapshot; }
    // Durable, and read back, on success; nothing is left of it on an error. `ask_room` is asked
    // before each mebibyte, and its error ends it. REQUIRES: it is not there.
    using RoomAsker = std::function<Status()>;
    [[nodiscard]] Status write(LogStorage& storage, const RoomAsker& ask_room = {}) const;

private:
    std::unique_ptr<Router> router_;
    JournalReport report_;
};

}  // namespace nearfab::router
