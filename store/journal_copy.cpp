// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/journal_copy.hpp"

#include "host/durable_file.hpp"
#include "host/system_failure.hpp"
#include "store/log_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

namespace nearfab {
namespace {

constexpr std::size_t copy_step = std::size_t{1} << 20U;
constexpr int copy_tries = 5;

// So many bytes from its start; nothing: all but the zeros at the end, because a log's room in
// reserve is not worth copying.
Status copy_file(LogStorage& from,
                 LogStorage& to,
                 const std::string& name,
                 std::optional<std::uint64_t> until = std::nullopt) {
    const auto failed = [&](int error) {
        return fail_system("cannot copy " + from.where(name) + " to " + to.where(name), error);
    };
    std::unique_ptr<LogFile> source;
    std::unique_ptr<LogFile> target;
    int error = from.open(name, LogStorage::Mode::read, source);
    if (error == 0) error = to.open(name, LogStorage::Mode::create, target);
    std::vector<std::uint8_t> piece(copy_step);
    std::uint64_t used = 0;  // Up to the last byte that is not zero.
    std::uint64_t bytes = 0;
    if (error == 0) error = source->size(bytes);
    if (until) bytes = std::min(bytes, *until);
    for (std::uint64_t offset = 0; error == 0 && offset < bytes; offset += copy_step) {
        const auto step =
            static_cast<std::size_t>(std::min<std::uint64_t>(copy_step, bytes - offset));
        std::size_t got = 0;
        error = source->read(offset, std::span{piece}.first(step), got);
        while (got > 0 && piece[got - 1] == 0)
            --got;
        if (error != 0 || got == 0) continue;
        used = offset + got;
        error = target->write(offset, std::span{piece}.first(got));
    }
    // Frames end at multiples of their alignment, also when they end in a zero. The head is text
    // and ends where it ends.
    const std::uint64_t whole = (used + frame::alignment - 1) / frame::alignment * frame::alignment;
    if (error == 0) error = target->truncate(until ? bytes : std::min(whole, bytes));
    if (error == 0) error = target->sync();
    if (error != 0) return failed(error);
    return {};
}

// Where the last file of the log ends now. Its owner may be writing behind that; what is before it
// never changes again.
Result<std::uint64_t> end_of(LogStorage& from, const std::string& kind, std::uint64_t first) {
    LogStart start;
    if (first == 1) start.begins = {.seq = 0, .chain = frame::first_chain(kind)};
    const auto end = walk_log(from, kind, std::span{&first, 1}, start, {}, {});
    if (!end) return fail(end.error());
    return end->offset;
}

// The head first: what it says the log has reached is then surely in what is copied after it.
Status copy_all(LogStorage& from, LogStorage& to, const std::string& kind) {
    if (Status done = copy_file(from, to, "head"); !done) return done;
    const auto files = list_journal(from);
    if (!files) return fail(files.error());
    if (!files->snapshots.empty()) {
        if (Status done = copy_file(from, to, snapshot_name(files->snapshots.back())); !done) {
            return done;
        }
    }
    for (const std::uint64_t first : files->logs) {
        std::optional<std::uint64_t> until;
        if (first == files->logs.back()) {
            const auto end = end_of(from, kind, first);
            if (!end) return fail(end.error());
            until = *end;
        }
        if (Status done = copy_file(from, to, log_name(first), until); !done) return done;
    }
    if (const int error = to.sync_names(); error != 0) {
        return fail_system("cannot sync " + to.where(""), error);
    }
    return {};
}

}  // namespace

Result<JournalReport> verify_journal(const std::filesystem::path& directory,
                                     const std::string& kind,
                                     const PieceReader& pieces,
                                     const FactReader& facts) {
    return verify_journal(*open_log_directory(directory), kind, pieces, facts);
}

Result<JournalReport> verify_journal(LogStorage& storage,
                                     const std::string& kind,
                                     const PieceReader& pieces,
                                     const FactReader& facts) {
    const auto head = read_journal_head(storage, kind);
    if (!head) return fail(head.error());
    const auto files = list_journal(storage);
    if (!files) return fail(files.error());
    JournalReport report;
    report.settings = head->settings;
    LogStart start;
    if (!files->snapshots.empty()) {
        report.snapshot = files->snapshots.back();
        const auto at = read_snapshot(storage, kind, report.snapshot, [&](auto piece) -> Status {
            ++report.pieces;
            return pieces ? pieces(piece) : Status{};
        });
        if (!at) return fail(at.error());
        start.snapshot = *at;
    }
    const bool from_first = !files->logs.empty() && files->logs.front() == 1;
    if (from_first) start.begins = {.seq = 0, .chain = frame::first_chain(kind)};
    if (files->logs.empty() || (!from_first && !start.snapshot)) {
        return fail(ErrorCode::storage,
                    storage.where("") + ": the first file of the log is missing",
                    restore_advice());
    }
    const auto end = walk_log(storage,
                              kind,
                              files->logs,
                              start,
                              head->reached,
                              [&](std::uint64_t seq, WallTime wall, auto fact) -> Status {
                                  ++report.facts;
                                  return facts ? facts(seq, wall, fact) : Status{};
                              });
    if (!end) return fail(end.error());
    const bool old_head = head->reached.seq < files->logs.front();
    if (!end->met_head && !old_head) {
        return fail(ErrorCode::storage,
                    storage.where("") + ": fact " + std::to_string(head->reached.seq) +
                        " was written once, but the log does not hold it as it was",
                    restore_advice());
    }
    report.end = end->at;
    report.unfinished = end->torn;
    return report;
}

Result<JournalReport> copy_journal(LogStorage& from, LogStorage& to, const std::string& kind) {
    if (Status copied = copy_all(from, to, kind); !copied) return fail(copied.error());
    return verify_journal(to, kind, {}, {});
}

Result<JournalReport> copy_journal(const std::filesystem::path& from,
                                   const std::filesystem::path& to,
                                   const std::string& kind) {
    const auto source = open_log_directory(from);
    for (int tried = 1;; ++tried) {
        if (Status made = make_private_directory(to); !made) return fail(made.error());
        const auto target = open_log_directory(to);
        const Status copied = copy_all(*source, *target, kind);
        if (copied) return verify_journal(to, kind, {}, {});
        std::error_code left;
        std::filesystem::remove_all(to, left);
        if (copied.error().code != ErrorCode::not_found || tried == copy_tries) {
            return fail(copied.error());
        }
    }
}

}  // namespace nearfab
