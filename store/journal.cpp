// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/journal.hpp"

#include "base/check.hpp"
#include "host/file_lock.hpp"
#include "store/journal_file.hpp"

#include <algorithm>
#include <array>

namespace nearfab {
namespace {

constexpr const char* restore =
    "restore the backup of this file, and check the disk: it changed data by itself";

std::array<std::uint8_t, 8> eight_bytes(std::uint64_t number) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::uint8_t& byte : bytes) {
        byte = static_cast<std::uint8_t>(number & 0xFFU);
        number >>= 8U;
    }
    return bytes;
}

ContentHash next_chain(const ContentHash& chain,
                       std::uint64_t seq,
                       std::int64_t wall_ms,
                       std::span<const std::uint8_t> fact) {
    ContentHasher hasher;
    hasher.add(chain.bytes);
    hasher.add(eight_bytes(seq));
    hasher.add(eight_bytes(static_cast<std::uint64_t>(wall_ms)));
    hasher.add(fact);
    return hasher.finish();
}

bool same(std::span<const std::uint8_t> stored, const ContentHash& hash) {
    return std::equal(stored.begin(), stored.end(), hash.bytes.begin(), hash.bytes.end());
}

tl::unexpected<Error> fail_chain(const std::string& file,
                                 std::uint64_t seq,
                                 const std::string& what) {
    return fail(ErrorCode::storage, file + ": fact " + std::to_string(seq) + " " + what, restore);
}

struct Head {
    std::uint64_t seq = 0;
    ContentHash chain;
};

// The head is written with every commit; the last row must be the one it names.
Result<Head> read_head(SqliteConnection& file, const std::string& name, const ContentHash& start) {
    auto head_row = file.prepare("SELECT seq, chain FROM head WHERE id=1");
    if (!head_row) return fail(head_row.error());
    auto last_row = file.prepare("SELECT seq, chain FROM journal ORDER BY seq DESC LIMIT 1");
    if (!last_row) return fail(last_row.error());
    const auto has_head = head_row->step();
    if (!has_head) return fail(has_head.error());
    const auto has_last = last_row->step();
    if (!has_last) return fail(has_last.error());
    if (!*has_head || head_row->blob(1).size() != start.bytes.size()) {
        return fail(ErrorCode::storage, name + ": the record of its last fact is gone", restore);
    }
    Head head{.seq = static_cast<std::uint64_t>(head_row->integer(0)), .chain = {}};
    std::ranges::copy(head_row->blob(1), head.chain.bytes.begin());
    const auto last = *has_last ? static_cast<std::uint64_t>(last_row->integer(0)) : 0;
    if (last != head.seq) {
        return fail_chain(
            name, head.seq, "should be the last one, but " + std::to_string(last) + " is");
    }
    if (!(*has_last ? same(last_row->blob(1), head.chain) : head.chain == start)) {
        return fail_chain(name, head.seq, "does not match the record of the last fact");
    }
    return head;
}

}  // namespace

struct Journal::Parts {
    FileLock lock;  // Let go last.
    std::string name;
    JournalOptions options;
    SqliteConnection file;
    SqliteStatement insert;
    SqliteStatement set_head;
    Head head;
    std::optional<Error> broken;

    Status write(std::span<const Record> records, Head& next);
    Status write_head(const Head& next);
    Status in_transaction(const std::function<Status()>& work);
};

Journal::Journal(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
Journal::~Journal() = default;
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;

Result<Journal> Journal::open(const std::filesystem::path& path, const JournalOptions& options) {
    NEARFAB_CHECK(!options.kind.empty(), "a journal needs a kind");
    auto lock = FileLock::take(path.string() + ".lock", path);
    if (!lock) return fail(lock.error());
    std::error_code unreadable;  // Opening it then says why.
    if (!std::filesystem::exists(path, unreadable) && !unreadable) {
        if (Status made = create_journal_file(path, options.kind); !made) return fail(made.error());
    }
    auto file = open_journal_file(path, options.kind);
    if (!file) return fail(file.error());
    auto head = read_head(*file, path.string(), first_chain(options.kind));
    if (!head) return fail(head.error());
    auto insert = file->prepare("INSERT INTO journal VALUES(?1, ?2, ?3, ?4)");
    if (!insert) return fail(insert.error());
    auto set_head = file->prepare("UPDATE head SET seq=?1, chain=?2 WHERE id=1");
    if (!set_head) return fail(set_head.error());
    return Journal{std::make_unique<Parts>(Parts{.lock = std::move(*lock),
                                                 .name = path.string(),
                                                 .options = options,
                                                 .file = std::move(*file),
                                                 .insert = std::move(*insert),
                                                 .set_head = std::move(*set_head),
                                                 .head = *head,
                                                 .broken = std::nullopt})};
}

Status Journal::Parts::in_transaction(const std::function<Status()>& work) {
    if (broken) {
        return fail(ErrorCode::storage,
                    name + " takes nothing more since an earlier error: " + broken->message,
                    "restart the program; it then reads what the disk really holds");
    }
    Status done = file.run("BEGIN IMMEDIATE");
    if (done) done = work();
    if (done) done = file.run("COMMIT");
    if (done) return done;
    const bool disk_was_full = file.disk_was_full();
    bool undone = file.autocommit();
    if (!undone) undone = file.run("ROLLBACK").has_value();
    if (!disk_was_full || !undone) broken = done.error();
    return done;
}

Status Journal::Parts::write(std::span<const Record> records, Head& next) {
    for (const Record& record : records) {
        const std::int64_t wall_ms = record.wall.time_since_epoch().count();
        ++next.seq;
        next.chain = next_chain(next.chain, next.seq, wall_ms, record.fact);
        insert.bind(1, static_cast<std::int64_t>(next.seq));
        insert.bind(2, wall_ms);
        insert.bind(3, next.chain.bytes);
        insert.bind(4, record.fact);
        const auto done = insert.step();
        if (!done) return fail(done.error());
        insert.reset();
    }
    return write_head(next);
}

Status Journal::Parts::write_head(const Head& next) {
    set_head.bind(1, static_cast<std::int64_t>(next.seq));
    set_head.bind(2, next.chain.bytes);
    const auto done = set_head.step();
    if (!done) return fail(done.error());
    set_head.reset();
    return {};
}

Status Journal::append(std::span<const Record> records) {
    for (const Record& record : records) {
        if (record.fact.size() <= parts_->options.max_fact_bytes) continue;
        return fail(ErrorCode::too_large,
                    "a fact has " + std::to_string(record.fact.size()) + " bytes, at most " +
                        std::to_string(parts_->options.max_fact_bytes) + " are allowed",
                    "keep large things in the blob store and only their hash in the journal");
    }
    if (records.empty()) return {};
    Head next = parts_->head;
    Status done = parts_->in_transaction([&] { return parts_->write(records, next); });
    if (done) parts_->head = next;
    return done;
}

Status Journal::replay(const Reader& reader) const {
    auto rows = parts_->file.prepare("SELECT seq, wall_ms, chain, fact FROM journal ORDER BY seq");
    if (!rows) return fail(rows.error());
    Head at{.seq = 0, .chain = first_chain(parts_->options.kind)};
    for (;;) {
        const auto row = rows->step();
        if (!row) return fail(row.error());
        if (!*row) break;
        const auto seq = static_cast<std::uint64_t>(rows->integer(0));
        if (seq != at.seq + 1) {
            return fail_chain(
                parts_->name, at.seq + 1, "is missing, " + std::to_string(seq) + " comes next");
        }
        const std::int64_t wall_ms = rows->integer(1);
        at = {.seq = seq, .chain = next_chain(at.chain, seq, wall_ms, rows->blob(3))};
        if (!same(rows->blob(2), at.chain)) {
            return fail_chain(parts_->name, seq, "is not what was written, or in another place");
        }
        if (Status taken = reader(seq, WallTime{Duration{wall_ms}}, rows->blob(3)); !taken) {
            return taken;
        }
    }
    if (at.seq == parts_->head.seq && at.chain == parts_->head.chain) return {};
    return fail_chain(parts_->name, at.seq + 1, "is missing, it was the last one");
}

std::uint64_t Journal::seq() const {
    return parts_->head.seq;
}

Result<std::optional<std::string>> Journal::meta(std::string_view name) const {
    auto statement = parts_->file.prepare("SELECT value FROM meta WHERE name=?1");
    if (!statement) return fail(statement.error());
    statement->bind(1, name);
    const auto row = statement->step();
    if (!row) return fail(row.error());
    if (!*row) return std::nullopt;
    return statement->text(0);
}

Status Journal::set_meta(std::string_view name, std::string_view value) {
    NEARFAB_CHECK(!name.starts_with("journal."), "these names are the journal's own");
    return parts_->in_transaction([&]() -> Status {
        auto statement = parts_->file.prepare("INSERT OR REPLACE INTO meta VALUES(?1, ?2)");
        if (!statement) return fail(statement.error());
        statement->bind(1, name);
        statement->bind(2, value);
        const auto done = statement->step();
        if (!done) return fail(done.error());
        return {};
    });
}

}  // namespace nearfab
