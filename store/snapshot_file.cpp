// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/snapshot_file.hpp"

#include "host/system_failure.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>

namespace nearfab {
namespace {

constexpr std::size_t write_step = std::size_t{1} << 20U;
constexpr std::size_t position_at = 8;

ContentHash start_of(const std::string& kind) {
    return frame::first_chain(kind + ", a snapshot");
}

}  // namespace

Result<SnapshotWriter> SnapshotWriter::begin(LogStorage& storage,
                                             const std::string& kind,
                                             const JournalPosition& at) {
    SnapshotWriter writer{storage, snapshot_name(at.seq), start_of(kind)};
    const std::string part = writer.name_ + ".part";
    if (const int error = storage.remove(part); error != 0 && error != ENOENT) {
        return fail_system("cannot remove " + storage.where(part), error);
    }
    if (const int error = storage.open(part, LogStorage::Mode::create, writer.file_); error != 0) {
        return fail_system("cannot make " + storage.where(part), error);
    }
    writer.seq_ = at.seq;
    std::vector<std::uint8_t> payload;
    frame::put_u32(payload, journal_format);
    frame::put_u32(payload, 0);
    payload.insert(payload.end(), at.chain.bytes.begin(), at.chain.bytes.end());
    payload.insert(payload.end(), kind.begin(), kind.end());
    if (Status put = writer.put(frame::Type::snapshot, payload); !put) return fail(put.error());
    return writer;
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
        return fail_system("cannot write " + storage_->where(name_), error);
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
    int error = file_->sync();
    if (error == 0) error = storage_->rename(name_ + ".part", name_);
    if (error == 0) error = storage_->sync_names();
    if (error != 0) return fail_system("cannot write " + storage_->where(name_), error);
    return {};
}

namespace {

// A snapshot file and its first frame.
struct OpenSnapshot {
    std::string where;
    std::unique_ptr<LogFile> file;
    std::optional<FrameReader> frames;
    JournalPosition at;

    [[nodiscard]] tl::unexpected<Error> broken(const std::string& what) const {
        return fail(ErrorCode::storage, where + ": " + what, restore_advice());
    }
    [[nodiscard]] Status begin(LogStorage& storage, const std::string& kind, std::uint64_t last);
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

Status OpenSnapshot::begin(LogStorage& storage, const std::string& kind, std::uint64_t last) {
    where = storage.where(snapshot_name(last));
    if (const int error = storage.open(snapshot_name(last), LogStorage::Mode::read, file);
        error != 0) {
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

}  // namespace

Result<JournalPosition> read_snapshot_position(LogStorage& storage,
                                               const std::string& kind,
                                               std::uint64_t last) {
    OpenSnapshot snapshot;
    if (Status begun = snapshot.begin(storage, kind, last); !begun) return fail(begun.error());
    return snapshot.at;
}

Result<JournalPosition> read_snapshot(LogStorage& storage,
                                      const std::string& kind,
                                      std::uint64_t last,
                                      const PieceReader& reader) {
    OpenSnapshot snapshot;
    if (Status begun = snapshot.begin(storage, kind, last); !begun) return fail(begun.error());
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

}  // namespace nearfab
