// SPDX-License-Identifier: GPL-3.0-or-later
// The walk through a log: file by file, frame by frame, each linked to the one before.

#include "host/system_failure.hpp"
#include "store/journal_files.hpp"

#include <algorithm>
#include <utility>

namespace nearfab {
namespace {

constexpr std::size_t chain_at = 8;  // In the payload of a segment frame.

class LogWalk {
public:
    LogWalk(LogStorage& storage,
            const std::string& kind,
            const LogStart& start,
            const JournalPosition& head,
            const FactReader& reader)
        : storage_{storage}, kind_{kind}, start_{start}, head_{head}, reader_{reader} {
        linked_ = !start.snapshot.has_value();
    }

    Status read(std::uint64_t first, bool is_last);
    [[nodiscard]] Result<LogEnd> finish() const;

private:
    [[nodiscard]] Result<ContentHash> claimed_start(LogFile& file) const;
    [[nodiscard]] Status begin(LogFile& file, std::uint64_t first);
    [[nodiscard]] Status take(const FrameReader::Frame& frame);
    [[nodiscard]] Status take_segment(const FrameReader::Frame& frame, std::uint64_t first) const;
    [[nodiscard]] Status take_facts(const FrameReader::Frame& frame);
    void look_around();
    [[nodiscard]] tl::unexpected<Error> broken(const std::string& what) const {
        return fail(ErrorCode::storage, where_ + ": " + what, restore_advice());
    }

    LogStorage& storage_;
    const std::string& kind_;
    const LogStart& start_;
    const JournalPosition& head_;
    const FactReader& reader_;
    std::string where_;
    bool linked_;
    bool begun_ = false;
    LogEnd end_;
};

// What the first frame says the chain was before it; the frame's own hash vouches for it, and the
// snapshot or the file before for the link.
Result<ContentHash> LogWalk::claimed_start(LogFile& file) const {
    ContentHash chain;
    std::vector<std::uint8_t> bytes(frame::header_bytes + chain_at + chain.bytes.size());
    std::size_t got = 0;
    if (const int error = file.read(0, bytes, got); error != 0) {
        return fail_system("cannot read " + where_, error);
    }
    if (got < bytes.size()) return broken("it is too short to be a file of the log");
    std::copy(bytes.end() - static_cast<std::ptrdiff_t>(chain.bytes.size()),
              bytes.end(),
              chain.bytes.begin());
    return chain;
}

Status LogWalk::begin(LogFile& file, std::uint64_t first) {
    if (begun_) {
        if (first == end_.at.seq + 1 && end_.last == frame::Type::sealed) return {};
        return broken("fact " + std::to_string(end_.at.seq + 1) +
                      " should come next; a file of the log is missing or cut off");
    }
    begun_ = true;
    if (start_.begins) {
        end_.at = *start_.begins;
        if (first == end_.at.seq + 1) return {};
        return broken("fact " + std::to_string(end_.at.seq + 1) +
                      " should come next; a file of the log is missing");
    }
    const auto chain = claimed_start(file);
    if (!chain) return fail(chain.error());
    end_.at = {.seq = first - 1, .chain = *chain};
    return {};
}

Status LogWalk::take_segment(const FrameReader::Frame& frame, std::uint64_t first) const {
    const auto& payload = frame.payload;
    const std::size_t kind_at = chain_at + sizeof(ContentHash::bytes);
    if (frame.header.type != frame::Type::segment || frame.header.seq != first ||
        payload.size() < kind_at) {
        return broken("it does not begin like a file of the log");
    }
    if (const auto format = frame::get_u32(payload); format != journal_format) {
        return fail(ErrorCode::unsupported_version,
                    where_ + " has format " + std::to_string(format) +
                        ", this program knows format " + std::to_string(journal_format),
                    "start the version of nearfab that wrote it");
    }
    const std::string kind{payload.begin() + static_cast<std::ptrdiff_t>(kind_at), payload.end()};
    if (kind == kind_) return {};
    return fail(ErrorCode::conflict,
                where_ + " is of the journal of the " + kind + ", not of the " + kind_,
                "give each program a state directory of its own");
}

Status LogWalk::take_facts(const FrameReader::Frame& frame) {
    std::uint64_t seq = end_.at.seq;
    if (frame.header.seq != seq + 1) {
        return broken("fact " + std::to_string(seq + 1) + " is missing, " +
                      std::to_string(frame.header.seq) + " comes next");
    }
    auto rest = frame.payload;
    for (std::uint32_t i = 0; i < frame.header.count; ++i) {
        const auto fact = frame::take_fact(rest);
        if (!fact) return broken("fact " + std::to_string(seq + 1) + " has no end");
        ++seq;
        if (start_.snapshot && seq <= start_.snapshot->seq) continue;
        if (!linked_) {
            return broken("fact " + std::to_string(seq) +
                          " does not follow from the snapshot; one of the two is not ours");
        }
        if (!reader_) continue;
        if (Status taken = reader_(seq, fact->wall, fact->fact); !taken) return taken;
    }
    if (!rest.empty()) return broken("bytes behind fact " + std::to_string(seq));
    end_.at.seq = seq;
    return {};
}

Status LogWalk::take(const FrameReader::Frame& frame) {
    end_.last = frame.header.type;
    switch (frame.header.type) {
        case frame::Type::facts:
            return take_facts(frame);
        case frame::Type::opened:
        case frame::Type::closed:
        case frame::Type::sealed:
            if (frame.header.seq == end_.at.seq + 1) return {};
            return broken("a mark of fact " + std::to_string(frame.header.seq) + " where fact " +
                          std::to_string(end_.at.seq + 1) + " comes next");
        case frame::Type::segment:
        case frame::Type::snapshot:
        case frame::Type::part:
        case frame::Type::end:
            break;
    }
    return broken("something that does not belong into a log");
}

void LogWalk::look_around() {
    end_.met_head = end_.met_head || end_.at == head_;
    linked_ = linked_ || end_.at == *start_.snapshot;
}

Status LogWalk::read(std::uint64_t first, bool is_last) {
    const std::string name = log_name(first);
    where_ = storage_.where(name);
    std::unique_ptr<LogFile> file;
    if (const int error = storage_.open(name, LogStorage::Mode::read, file); error != 0) {
        return fail_system("cannot open " + where_, error);
    }
    if (Status begun = begin(*file, first); !begun) return begun;
    look_around();
    end_.file_start = end_.at.chain;
    FrameReader frames{*file, where_, end_.at.chain};
    for (bool at_start = true;; at_start = false) {
        const auto frame = frames.next();
        if (!frame) return fail(frame.error());
        if (!*frame) {
            if (at_start) return broken("it does not begin like a file of the log");
            break;
        }
        if (!at_start && end_.last == frame::Type::sealed)
            return broken("it goes on behind its seal");
        Status taken = at_start ? take_segment(**frame, first) : take(**frame);
        if (!taken) return taken;
        if (at_start) end_.last = frame::Type::segment;
        end_.at.chain = frames.chain();
        look_around();
    }
    end_.offset = frames.offset();
    end_.torn = frames.torn();
    if (!is_last && (end_.torn || end_.last != frame::Type::sealed)) {
        return broken("it has no seal, and the log goes on in another file");
    }
    return {};
}

Result<LogEnd> LogWalk::finish() const {
    if (linked_) return end_;
    return broken("the log does not reach its snapshot, which stands for " +
                  std::to_string(start_.snapshot->seq) + " facts");
}

}  // namespace

Result<LogEnd> walk_log(LogStorage& storage,
                        const std::string& kind,
                        std::span<const std::uint64_t> logs,
                        const LogStart& start,
                        const JournalPosition& head,
                        const FactReader& reader) {
    LogWalk walk{storage, kind, start, head, reader};
    for (std::size_t i = 0; i < logs.size(); ++i) {
        if (Status read = walk.read(logs[i], i + 1 == logs.size()); !read)
            return fail(read.error());
    }
    return walk.finish();
}

}  // namespace nearfab
