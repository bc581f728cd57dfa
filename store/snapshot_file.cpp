// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/snapshot_file.hpp"

#include "host/system_failure.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace nearfab {
namespace {

constexpr std::size_t write_step = std::size_t{1} << 20U;
constexpr std::size_t position_at = 8;
constexpr std::string_view snapshot_prefix = "snapshot-";

ContentHash start_of(const std::string& kind) {
    return frame::first_chain(kind + ", a snapshot");
}

std::string part_name(std::uint64_t last) {
    return snapshot_name(last) + ".part";
}

class SnapshotWriter {
public:
    SnapshotWriter(LogStorage& storage, std::string name, const ContentHash& start)
        : storage_{storage}, name_{std::move(name)}, salt_{start}, chain_{start} {}

    [[nodiscard]] Status begin(const std::string& kind, const JournalPosition& at);
    [[nodiscard]] Status add(std::span<const std::uint8_t> piece);
    // Durable on return.
    [[nodiscard]] Status finish();

private:
    [[nodiscard]] Status put(frame::Type type, std::span<const std::uint8_t> payload);
    [[nodiscard]] Status write_out();

    LogStorage& storage_;
    std::string name_;
    ContentHash salt_;
    ContentHash chain_;
    std::unique_ptr<LogFile> file_;
    std::uint64_t seq_ = 0;
    std::uint64_t offset_ = 0;
    std::uint32_t pieces_ = 0;
    std::vector<std::uint8_t> waiting_;
};

Status SnapshotWriter::begin(const std::string& kind, const JournalPosition& at) {
    if (const int error = storage_.open(name_, LogStorage::Mode::create, file_); error != 0) {
        return fail_system("cannot make " + storage_.where(name_), error);
    }
    seq_ = at.seq;
    std::vector<std::uint8_t> payload;
    frame::put_u32(payload, journal_format);
    frame::put_u32(payload, 0);
    payload.insert(payload.end(), at.chain.bytes.begin(), at.chain.bytes.end());
    payload.insert(payload.end(), kind.begin(), kind.end());
    return put(frame::Type::snapshot, payload);
}

Status SnapshotWriter::put(frame::Type type, std::span<const std::uint8_t> payload) {
    const frame::Header header{.type = type,
                               .payload = static_cast<std::uint32_t>(payload.size()),
                               .count = type == frame::Type::end ? pieces_ : 1,
                               .seq = seq_};
    frame::write(waiting_, header, payload, salt_, chain_);
    return waiting_.size() >= write_step ? write_out() : Status{};
}

Status SnapshotWriter::write_out() {
    if (const int error = file_->write(offset_, waiting_); error != 0) {
        return fail_system("cannot write " + storage_.where(name_), error);
    }
    offset_ += waiting_.size();
    waiting_.clear();
    return {};
}

Status SnapshotWriter::add(std::span<const std::uint8_t> piece) {
    ++pieces_;
    return put(frame::Type::part, piece);
}

Status SnapshotWriter::finish() {
    if (Status done = put(frame::Type::end, {}); !done) return done;
    if (Status done = write_out(); !done) return done;
    if (const int error = file_->sync(); error != 0) {
        return fail_system("cannot sync " + storage_.where(name_), error);
    }
    return {};
}

// A snapshot file and its first frame.
struct OpenSnapshot {
    std::string where;
    std::unique_ptr<LogFile> file;
    std::optional<FrameReader> frames;
    JournalPosition at;

    [[nodiscard]] tl::unexpected<Error> broken(const std::string& what) const {
        return fail(ErrorCode::storage, where + ": " + what, restore_advice());
    }
    [[nodiscard]] Status begin(LogStorage& storage,
                               const std::string& name,
                               const std::string& kind,
                               std::uint64_t last);
    // The next frame, which must be there.
    [[nodiscard]] Result<FrameReader::Frame> next();
};

Result<FrameReader::Frame> OpenSnapshot::next() {
    const auto frame = frames->next();
    if (!frame) return fail(frame.error());
    if (!*frame) return broken("it ends in the middle");
    if ((*frame)->header.seq != at.seq) return broken("it is of other facts than its name says");
    return **frame;
}

Status OpenSnapshot::begin(LogStorage& storage,
                           const std::string& name,
                           const std::string& kind,
                           std::uint64_t last) {
    where = storage.where(name);
    if (const int error = storage.open(name, LogStorage::Mode::read, file); error != 0) {
        return fail_system("cannot open " + where, error);
    }
    frames.emplace(*file, where, start_of(kind));
    at.seq = last;
    const auto first = next();
    if (!first) return fail(first.error());
    const auto& [header, payload] = *first;
    if (header.type != frame::Type::snapshot ||
        payload.size() < position_at + at.chain.bytes.size() ||
        frame::get_u32(payload) != journal_format) {
        return broken("it does not begin like a snapshot");
    }
    std::copy_n(payload.begin() + position_at, at.chain.bytes.size(), at.chain.bytes.begin());
    return {};
}

Result<JournalPosition> read_named(LogStorage& storage,
                                   const std::string& name,
                                   const std::string& kind,
                                   std::uint64_t last,
                                   const PieceReader& reader) {
    OpenSnapshot snapshot;
    if (Status begun = snapshot.begin(storage, name, kind, last); !begun)
        return fail(begun.error());
    for (std::uint32_t pieces = 0;;) {
        const auto frame = snapshot.next();
        if (!frame) return fail(frame.error());
        if (frame->header.type == frame::Type::end && frame->header.count == pieces) {
            return snapshot.at;
        }
        if (frame->header.type != frame::Type::part) return snapshot.broken("it is not complete");
        ++pieces;
        if (Status taken = reader(frame->payload); !taken) return fail(taken.error());
    }
}

// Under its other name, durable and read back.
Status write_part(LogStorage& storage,
                  const std::string& kind,
                  const JournalPosition& at,
                  const PieceGiver& give) {
    {
        SnapshotWriter writer{storage, part_name(at.seq), start_of(kind)};
        if (Status begun = writer.begin(kind, at); !begun) return begun;
        const auto take = [&](std::span<const std::uint8_t> piece) { return writer.add(piece); };
        if (Status given = give(take); !given) return given;
        if (Status done = writer.finish(); !done) return done;
    }
    const auto read =
        read_named(storage, part_name(at.seq), kind, at.seq, [](auto) { return Status{}; });
    return read ? Status{} : fail(read.error());
}

}  // namespace

Result<JournalPosition> read_snapshot_position(LogStorage& storage,
                                               const std::string& kind,
                                               std::uint64_t last) {
    OpenSnapshot snapshot;
    if (Status begun = snapshot.begin(storage, snapshot_name(last), kind, last); !begun)
        return fail(begun.error());
    return snapshot.at;
}

Result<JournalPosition> read_snapshot(LogStorage& storage,
                                      const std::string& kind,
                                      std::uint64_t last,
                                      const PieceReader& reader) {
    return read_named(storage, snapshot_name(last), kind, last, reader);
}

Status write_snapshot_file(LogStorage& storage,
                           const std::string& kind,
                           const JournalPosition& at,
                           const PieceGiver& give) {
    // What others left that were killed only takes room.
    const auto files = list_journal(storage);
    if (!files) return fail(files.error());
    for (const std::string& name : files->unfinished) {
        if (name.starts_with(snapshot_prefix)) static_cast<void>(storage.remove(name));
    }
    const std::string part = part_name(at.seq);
    Status written = write_part(storage, kind, at, give);
    if (!written) {
        static_cast<void>(storage.remove(part));  // Else the next one removes it.
        return written;
    }
    int error = storage.rename(part, snapshot_name(at.seq));
    if (error == 0) error = storage.sync_names();
    if (error != 0) return fail_system("cannot write " + storage.where(part), error);
    return {};
}

}  // namespace nearfab
