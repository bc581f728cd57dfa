// SPDX-License-Identifier: GPL-3.0-or-later
// journal_copy.hpp - a journal read by somebody who is not its owner: verified, copied.
//
// Nothing here takes the journal's lock or writes into its directory, so its owner may go on
// writing meanwhile; what it is just writing counts as not there yet, and is not in a copy.

#pragma once

#include "store/journal_files.hpp"
#include "store/snapshot_file.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace nearfab {

struct JournalReport {
    JournalPosition end;
    std::uint64_t snapshot = 0;  // The last fact it stands for; 0: there is none.
    std::uint64_t pieces = 0;    // Of the snapshot.
    std::uint64_t facts = 0;     // Behind it.
    bool unfinished = false;     // A commit was begun behind the end.
    std::map<std::string, std::string, std::less<>> settings;
};

// Reads every byte, checks every hash and link, and gives pieces and facts to the readers, which
// may be empty.
[[nodiscard]] Result<JournalReport> verify_journal(const std::filesystem::path& directory,
                                                   const std::string& kind,
                                                   const PieceReader& pieces,
                                                   const FactReader& facts);
[[nodiscard]] Result<JournalReport> verify_journal(LogStorage& storage,
                                                   const std::string& kind,
                                                   const PieceReader& pieces,
                                                   const FactReader& facts);

// Copies it into a new directory, durably, and verifies the copy. Tries again when files went away
// meanwhile because a snapshot has replaced them.
[[nodiscard]] Result<JournalReport> copy_journal(const std::filesystem::path& from,
                                                 const std::filesystem::path& to,
                                                 const std::string& kind);
// One try, into a storage that holds nothing yet.
[[nodiscard]] Result<JournalReport> copy_journal(LogStorage& from,
                                                 LogStorage& to,
                                                 const std::string& kind);

}  // namespace nearfab
