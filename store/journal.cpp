// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/journal.hpp"

#include "base/check.hpp"
#include "host/durable_file.hpp"
#include "host/system_failure.hpp"
#include "store/log_directory.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/stat.h>
#include <utility>

namespace nearfab {
namespace {

constexpr const char* spare_name = "spare";
// A seal and a mark always fit behind the last commit of a file.
constexpr std::size_t marks_bytes = 4 * (frame::header_bytes + frame::chain_bytes);

bool is_full(int error) {
    return error == ENOSPC || error == EDQUOT;
}

tl::unexpected<Error> fail_no_journal(const std::string& where) {
    return fail(ErrorCode::not_found, where + " holds no journal", restore_advice());
}

}  // namespace

struct Journal::Parts {
    std::optional<FileLock> lock;  // Let go last.
    std::unique_ptr<LogStorage> storage;
    JournalOptions options;
    JournalHead head;

    std::unique_ptr<LogFile> file;  // The last one of the log.
    std::uint64_t file_first = 1;   // The number of its first fact.
    std::uint64_t file_bytes = 0;   // Reserved.
    std::uint64_t offset = 0;       // Where the next commit goes.
    ContentHash salt;
    JournalPosition at;
    bool spare = false;
    std::uint64_t snapshot = 0;
    std::uint64_t snapshot_bytes = 0;
    std::uint64_t sealed_bytes = 0;  // Of the files of the log but the last.
    std::optional<Error> broken;
    std::vector<std::uint8_t> buffer;
    std::vector<std::uint8_t> payload;

    [[nodiscard]] std::string where() const { return storage->where(log_name(file_first)); }
    [[nodiscard]] Status refuse_if_broken() const;
    [[nodiscard]] tl::unexpected<Error> failed(const std::string& what, int error);
    [[nodiscard]] Status create();
    [[nodiscard]] Status open_log(const JournalFiles& files);
    [[nodiscard]] Status open_last(const LogEnd& end);
    [[nodiscard]] Status start_file(std::uint64_t bytes);
    [[nodiscard]] Status make_room(std::size_t need);
    [[nodiscard]] Status roll(std::size_t need);
    [[nodiscard]] Status put(const frame::Header& header, std::span<const std::uint8_t> bytes);
    [[nodiscard]] Status mark(frame::Type type);
    [[nodiscard]] Status note_head();
    [[nodiscard]] Status remove_replaced();
    [[nodiscard]] Status measure();
    [[nodiscard]] int make_spare(std::uint64_t bytes);
};

Journal::Journal(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;

Journal::~Journal() {
    if (!parts_ || parts_->broken || !parts_->file) return;
    // If it cannot be marked, the next opening finds what a crash leaves, which is as good.
    if (parts_->mark(frame::Type::closed)) {
        const Status noted = parts_->note_head();
        static_cast<void>(noted);
    }
}

Status Journal::Parts::refuse_if_broken() const {
    if (!broken) return {};
    return fail(
        ErrorCode::storage,
        storage->where("") + " takes nothing more since an earlier error: " + broken->message,
        "restart the program; it then reads what the disk really holds");
}

// A full disk has changed nothing; after anything else nobody knows what is on the disk.
tl::unexpected<Error> Journal::Parts::failed(const std::string& what, int error) {
    auto failure = fail_system(what, error);
    if (!is_full(error)) broken = failure.value();
    return failure;
}

int Journal::Parts::make_spare(std::uint64_t bytes) {
    spare = false;
    int error = storage->remove(spare_name);
    if (error != 0 && error != ENOENT) return error;
    std::unique_ptr<LogFile> fresh;
    error = storage->open(spare_name, LogStorage::Mode::create, fresh);
    if (error == 0) error = fresh->reserve(bytes);
    if (error == 0) error = fresh->sync();
    if (error != 0) {
        fresh.reset();
        // The name alone takes no room; whatever cannot be removed is removed the next time.
        static_cast<void>(storage->remove(spare_name));
        return error;
    }
    spare = true;
    return 0;
}

// Makes the spare file the next one of the log. Only its name is new to the disk then, so it is
// there with its first frame or not at all.
Status Journal::Parts::start_file(std::uint64_t bytes) {
    std::unique_ptr<LogFile> fresh;
    if (spare) {
        std::uint64_t size = 0;
        int error = storage->open(spare_name, LogStorage::Mode::write, fresh);
        if (error == 0) error = fresh->size(size);
        if (error != 0) return failed("cannot use " + storage->where(spare_name), error);
        if (size < bytes) spare = false;
    }
    if (!spare) {
        if (const int error = make_spare(bytes); error != 0) {
            return failed("cannot make room for " + storage->where(log_name(at.seq + 1)), error);
        }
        const int error = storage->open(spare_name, LogStorage::Mode::write, fresh);
        if (error != 0) return failed("cannot use " + storage->where(spare_name), error);
    }
    const ContentHash start = at.chain;
    ContentHash chain = start;
    const auto first = segment_frame(options.kind, at.seq + 1, chain);
    const std::string name = log_name(at.seq + 1);
    int error = fresh->write(0, first);
    if (error == 0) error = fresh->sync();
    if (error == 0) error = fresh->size(file_bytes);
    if (error == 0) error = storage->rename(spare_name, name);
    if (error == 0) error = storage->sync_names();
    if (error != 0) return failed("cannot begin " + storage->where(name), error);
    spare = false;
    file = std::move(fresh);
    file_first = at.seq + 1;
    offset = first.size();
    salt = start;
    at.chain = chain;
    return {};
}

// So many bytes and the marks behind them will fit into the present file.
Status Journal::Parts::make_room(std::size_t need) {
    if (offset + need + marks_bytes <= file_bytes) return {};
    if (at.seq + 1 != file_first) return roll(need + 2 * marks_bytes);
    // Nothing in it yet, so the next one would have the same name: this one is made longer.
    const std::uint64_t bytes = offset + need + marks_bytes;
    if (const int error = file->reserve(bytes); error != 0) {
        return failed("cannot make room in " + where(), error);
    }
    file_bytes = bytes;
    return {};
}

Status Journal::Parts::roll(std::size_t need) {
    // Room first: a full disk must be noticed while nothing is changed yet.
    const std::uint64_t bytes = std::max<std::uint64_t>(options.segment_bytes, need);
    if (!spare || need > options.segment_bytes) {
        if (const int error = make_spare(bytes); error != 0) {
            return failed("cannot make room for the next file of " + storage->where(""), error);
        }
    }
    if (Status sealed = mark(frame::Type::sealed); !sealed) return sealed;
    const std::uint64_t used = offset;
    sealed_bytes += used;
    const std::unique_ptr<LogFile> old = std::move(file);
    if (Status started = start_file(bytes); !started) {
        if (!broken) broken = started.error();
        return started;
    }
    // Only saves room; the walk stops at the seal either way.
    static_cast<void>(old->truncate(used));
    static_cast<void>(make_spare(options.segment_bytes));
    return note_head();
}

// One frame behind the others, synced.
Status Journal::Parts::put(const frame::Header& header, std::span<const std::uint8_t> bytes) {
    buffer.clear();
    ContentHash chain = at.chain;
    frame::write(buffer, header, bytes, salt, chain);
    if (const int error = file->write(offset, buffer); error != 0) {
        return failed("cannot write " + where(), error);
    }
    if (const int error = file->sync(); error != 0) {
        broken = fail_system("cannot sync " + where(), error).value();
        return fail(*broken);
    }
    offset += buffer.size();
    at.chain = chain;
    return {};
}

Status Journal::Parts::mark(frame::Type type) {
    return put({.type = type, .seq = at.seq + 1}, {});
}

Status Journal::Parts::note_head() {
    head.reached = at;
    if (const int error = write_journal_head(*storage, head); error != 0 && !is_full(error)) {
        return failed("cannot write " + storage->where("head"), error);
    }
    return {};
}

Status Journal::Parts::create() {
    at = {.seq = 0, .chain = frame::first_chain(options.kind)};
    head.kind = options.kind;
    if (Status started = start_file(options.segment_bytes); !started) return started;
    head.reached = at;
    if (const int error = write_journal_head(*storage, head); error != 0) {
        return failed("cannot write " + storage->where("head"), error);
    }
    return {};
}

Status Journal::Parts::open_log(const JournalFiles& files) {
    if (files.logs.empty()) {
        return fail(ErrorCode::storage,
                    storage->where("") + ": its log is missing although its head is there",
                    restore_advice());
    }
    auto read = read_journal_head(*storage, options.kind);
    if (!read) return fail(read.error());
    head = std::move(*read);
    snapshot = files.snapshots.empty() ? 0 : files.snapshots.back();
    // Only the last file is read now; replay() reads and links all of them.
    const auto last = std::span{files.logs}.last(1);
    LogStart start;
    if (last.front() == 1) start.begins = {.seq = 0, .chain = frame::first_chain(options.kind)};
    auto end = walk_log(*storage, options.kind, last, start, head.reached, {});
    if (!end) return fail(end.error());
    const bool known = head.reached.seq < last.front() || end->met_head;
    if (!known || end->at.seq < std::max(head.reached.seq, snapshot)) {
        return fail(ErrorCode::storage,
                    storage->where("") + ": fact " + std::to_string(head.reached.seq) +
                        " was written once, but the log does not hold it as it was",
                    restore_advice());
    }
    file_first = last.front();
    return open_last(*end);
}

Status Journal::Parts::open_last(const LogEnd& end) {
    int error = storage->open(log_name(file_first), LogStorage::Mode::write, file);
    if (error == 0) error = file->size(file_bytes);
    if (error != 0) return failed("cannot open " + where(), error);
    // The last run may have died between a write and its sync. What was read from the file counts
    // from now on: commits that nobody was told of, and a seal before the log goes on behind it.
    if (error = file->sync(); error != 0) return failed("cannot sync " + where(), error);
    salt = end.file_start;
    at = end.at;
    offset = end.offset;
    if (end.torn) {
        // What was begun there was never told to anybody.
        const std::uint64_t room = file_bytes;
        error = file->truncate(offset);
        if (error == 0) error = file->reserve(room);
        if (error == 0) error = file->sync();
        if (error != 0) return failed("cannot cut off the unfinished end of " + where(), error);
    }
    if (end.last == frame::Type::sealed) {
        if (Status started = start_file(options.segment_bytes); !started) return started;
    }
    return {};
}

Result<Journal> Journal::open(const std::filesystem::path& path, const JournalOptions& options) {
    struct stat facts {};
    const std::filesystem::path old = path.string() + ".db";
    const bool is_old = ::stat(path.c_str(), &facts) == 0 && !S_ISDIR(facts.st_mode);
    if (is_old || std::filesystem::exists(old)) {
        return fail(ErrorCode::unsupported_version,
                    (is_old ? path : old).string() +
                        " is no journal of this version, which keeps it in a directory",
                    "this early version of nearfab takes nothing over from an older one: move the "
                    "file away to begin anew");
    }
    if (!std::filesystem::exists(path.parent_path().empty() ? "." : path.parent_path())) {
        return fail_system("cannot make " + path.string(), ENOENT);
    }
    auto lock = FileLock::take(path.string() + ".lock", path);
    if (!lock) return fail(lock.error());
    if (options.must_exist && !std::filesystem::exists(path)) return fail_no_journal(path.string());
    if (Status made = make_private_directory(path); !made) return fail(made.error());
    auto journal = open(open_log_directory(path), options);
    if (journal) journal->parts_->lock = std::move(*lock);
    return journal;
}

Result<Journal> Journal::open(std::unique_ptr<LogStorage> storage, const JournalOptions& options) {
    NEARFAB_CHECK(!options.kind.empty(), "a journal needs a kind");
    auto parts = std::make_unique<Parts>();
    parts->storage = std::move(storage);
    parts->options = options;
    const auto files = list_journal(*parts->storage);
    if (!files) return fail(files.error());
    const bool is_new = files->logs.empty() && files->snapshots.empty() && !files->head;
    if (is_new && options.must_exist) return fail_no_journal(parts->storage->where(""));
    parts->spare = files->spare;
    for (const std::string& name : files->unfinished) {
        if (const int error = parts->storage->remove(name); error != 0) {
            return fail_system("cannot remove " + parts->storage->where(name), error);
        }
    }
    if (is_new) {
        if (Status made = parts->create(); !made) return fail(made.error());
    } else if (!files->head) {
        // Only the first moment of a journal has no head yet: a log of its first frame.
        const bool fresh = files->logs == std::vector<std::uint64_t>{1};
        const LogStart start{.begins = JournalPosition{0, frame::first_chain(options.kind)},
                             .snapshot = std::nullopt};
        auto end = fresh ? walk_log(*parts->storage, options.kind, files->logs, start, {}, {})
                         : Result<LogEnd>{fail(ErrorCode::storage, "")};
        if (end && end->at.seq == 0 && end->last == frame::Type::segment) {
            parts->head = {.kind = options.kind, .reached = end->at, .settings = {}};
            if (Status opened = parts->open_last(*end); !opened) return fail(opened.error());
        } else if (!end && fresh) {
            return fail(end.error());
        } else {
            return fail(ErrorCode::storage,
                        parts->storage->where("head") + " is missing although the log is there",
                        restore_advice());
        }
    } else if (Status opened = parts->open_log(*files); !opened) {
        return fail(opened.error());
    }
    if (!parts->spare) static_cast<void>(parts->make_spare(options.segment_bytes));
    // From here on damage to what is there already cannot be taken for an interrupted commit.
    if (Status room = parts->make_room(0); !room) return fail(room.error());
    if (Status marked = parts->mark(frame::Type::opened); !marked) return fail(marked.error());
    if (Status noted = parts->note_head(); !noted) return fail(noted.error());
    if (Status measured = parts->measure(); !measured) return fail(measured.error());
    return Journal{std::move(parts)};
}

Status Journal::append(std::span<const Record> records) {
    for (const Record& record : records) {
        if (record.fact.size() <= parts_->options.max_fact_bytes) continue;
        return fail(ErrorCode::too_large,
                    "a fact has " + std::to_string(record.fact.size()) + " bytes, at most " +
                        std::to_string(parts_->options.max_fact_bytes) + " are allowed",
                    "keep large things in the blob store and only their hash in the journal");
    }
    parts_->payload.clear();
    for (const Record& record : records)
        frame::put_fact(parts_->payload, record.wall, record.fact);
    return append_payload(parts_->payload, static_cast<std::uint32_t>(records.size()));
}

Status Journal::append_payload(std::span<const std::uint8_t> payload, std::uint32_t count) {
    if (Status usable = parts_->refuse_if_broken(); !usable) return usable;
    if (count == 0) return {};
    const frame::Header header{.type = frame::Type::facts,
                               .payload = static_cast<std::uint32_t>(payload.size()),
                               .count = count,
                               .seq = parts_->at.seq + 1};
    if (Status room = parts_->make_room(header.bytes()); !room) return room;
    if (Status done = parts_->put(header, payload); !done) return done;
    parts_->at.seq += count;
    return {};
}

Result<JournalPosition> Journal::load_snapshot(const PieceReader& reader) const {
    NEARFAB_CHECK(parts_->snapshot > 0, "there is no snapshot");
    return read_snapshot(*parts_->storage, parts_->options.kind, parts_->snapshot, reader);
}

Status Journal::replay(const Reader& reader) const {
    const auto files = list_journal(*parts_->storage);
    if (!files) return fail(files.error());
    LogStart start;
    if (parts_->snapshot > 0) {
        // Its pieces are checked when they are loaded.
        const auto at =
            read_snapshot_position(*parts_->storage, parts_->options.kind, parts_->snapshot);
        if (!at) return fail(at.error());
        start.snapshot = *at;
    }
    if (!files->logs.empty() && files->logs.front() == 1) {
        start.begins = {.seq = 0, .chain = frame::first_chain(parts_->options.kind)};
    } else if (!start.snapshot) {
        return fail(ErrorCode::storage,
                    parts_->storage->where("") + ": fact 1 is missing, " +
                        std::to_string(files->logs.empty() ? 0 : files->logs.front()) +
                        " comes first",
                    restore_advice());
    }
    const auto end =
        walk_log(*parts_->storage, parts_->options.kind, files->logs, start, parts_->at, reader);
    if (!end) return fail(end.error());
    if (end->at == parts_->at) return {};
    return fail(ErrorCode::storage,
                parts_->storage->where("") + ": fact " + std::to_string(end->at.seq + 1) +
                    " is missing, it was there a moment ago",
                restore_advice());
}

std::uint64_t Journal::seq() const {
    return parts_->at.seq;
}

JournalPosition Journal::position() const {
    return parts_->at;
}

std::uint64_t Journal::snapshot_seq() const {
    return parts_->snapshot;
}

std::uint64_t Journal::log_bytes() const {
    return parts_->sealed_bytes + parts_->offset;
}

std::uint64_t Journal::snapshot_bytes() const {
    return parts_->snapshot_bytes;
}

Status Journal::write_snapshot(const PieceGiver& give) {
    if (Status usable = parts_->refuse_if_broken(); !usable) return usable;
    if (parts_->at.seq == parts_->snapshot) return {};
    // Read back before anything that it replaces goes.
    const Status written =
        write_snapshot_file(*parts_->storage, parts_->options.kind, parts_->at, give);
    if (!written) return written;
    return adopt_snapshot(parts_->at.seq);
}

Status Journal::adopt_snapshot(std::uint64_t last) {
    const auto at = read_snapshot_position(*parts_->storage, parts_->options.kind, last);
    if (!at) return fail(at.error());
    parts_->snapshot = last;
    if (Status removed = parts_->remove_replaced(); !removed) return removed;
    return parts_->measure();
}

Status Journal::Parts::remove_replaced() {
    const auto files = list_journal(*storage);
    if (!files) return fail(files.error());
    const auto remove = [&](const std::string& name) -> Status {
        const int error = storage->remove(name);
        if (error != 0) return fail_system("cannot remove " + storage->where(name), error);
        return {};
    };
    for (const std::uint64_t old : files->snapshots) {
        if (old >= snapshot) continue;
        if (Status removed = remove(snapshot_name(old)); !removed) return removed;
    }
    // The file with the snapshot's own place in it stays: it is the link between the two.
    for (std::size_t i = 0; i + 1 < files->logs.size() && files->logs[i + 1] <= snapshot; ++i) {
        if (Status removed = remove(log_name(files->logs[i])); !removed) return removed;
    }
    if (const int error = storage->sync_names(); error != 0) {
        return failed("cannot sync " + storage->where(""), error);
    }
    return {};
}

// How much there is to read at a restart.
Status Journal::Parts::measure() {
    const auto files = list_journal(*storage);
    if (!files) return fail(files.error());
    const auto size_of = [&](const std::string& name, std::uint64_t& bytes) -> Status {
        std::unique_ptr<LogFile> opened;
        int error = storage->open(name, LogStorage::Mode::read, opened);
        if (error == 0) error = opened->size(bytes);
        if (error != 0) return fail_system("cannot look at " + storage->where(name), error);
        return {};
    };
    sealed_bytes = 0;
    for (const std::uint64_t first : files->logs) {
        if (first == file_first) continue;
        std::uint64_t bytes = 0;
        if (Status done = size_of(log_name(first), bytes); !done) return done;
        sealed_bytes += bytes;
    }
    snapshot_bytes = 0;
    return snapshot == 0 ? Status{} : size_of(snapshot_name(snapshot), snapshot_bytes);
}

bool Journal::has_reserve() {
    if (!parts_->spare && !parts_->broken) {
        static_cast<void>(parts_->make_spare(parts_->options.segment_bytes));
    }
    return parts_->spare;
}

Result<std::optional<std::string>> Journal::meta(std::string_view name) const {
    const auto found = parts_->head.settings.find(name);
    if (found == parts_->head.settings.end()) return std::nullopt;
    return found->second;
}

Status Journal::set_meta(std::string_view name, std::string_view value) {
    if (Status usable = parts_->refuse_if_broken(); !usable) return usable;
    parts_->head.settings[std::string{name}] = std::string{value};
    parts_->head.reached = parts_->at;
    if (const int error = write_journal_head(*parts_->storage, parts_->head); error != 0) {
        return parts_->failed("cannot write " + parts_->storage->where("head"), error);
    }
    return {};
}

}  // namespace nearfab
