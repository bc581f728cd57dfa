// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/frame_reader.hpp"

#include "host/system_failure.hpp"

#include <algorithm>

namespace nearfab {
namespace {

// A multiple of every alignment in use, so that no header lies across two reads.
constexpr std::size_t read_step = std::size_t{1} << 20U;
constexpr int looks = 3;  // At what does not fit.

bool all_zero(std::span<const std::uint8_t> bytes) {
    return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b == 0; });
}

// Some sector of the file between the first and the last of these bytes is all zeros.
bool lacks_a_sector(std::span<const std::uint8_t> bytes, std::uint64_t offset) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        const std::size_t into = (offset + at) % frame::sector_bytes;
        const std::size_t piece = std::min(frame::sector_bytes - into, bytes.size() - at);
        if (all_zero(bytes.subspan(at, piece))) return true;
        at += piece;
    }
    return false;
}

}  // namespace

std::string restore_advice() {
    return "check the disk: it changed or lost data by itself. Then restore the last backup";
}

tl::unexpected<Error> FrameReader::damaged(std::uint64_t offset, const std::string& what) const {
    return fail(ErrorCode::storage,
                where_ + " is damaged at byte " + std::to_string(offset) + ": " + what,
                restore_advice(),
                "byte " + std::to_string(offset));
}

// The bytes from there on, fewer only at the end of the file.
Result<std::span<const std::uint8_t>> FrameReader::window(std::uint64_t offset, std::size_t bytes) {
    const bool there = offset >= buffer_start_ && offset + bytes <= buffer_start_ + buffer_.size();
    if (!there) {
        buffer_.resize(std::max(bytes, read_step));
        std::size_t got = 0;
        if (const int error = file_.read(offset, buffer_, got); error != 0) {
            return fail_system("cannot read " + where_, error);
        }
        buffer_.resize(got);
        buffer_start_ = offset;
    }
    const auto from = static_cast<std::size_t>(offset - buffer_start_);
    return std::span<const std::uint8_t>{buffer_}.subspan(from,
                                                          std::min(bytes, buffer_.size() - from));
}

Result<bool> FrameReader::zeros_from(std::uint64_t offset) {
    for (;; offset += read_step) {
        const auto piece = window(offset, read_step);
        if (!piece) return fail(piece.error());
        if (!all_zero(*piece)) return false;
        if (piece->size() < read_step) return true;
    }
}

Result<bool> FrameReader::frame_after(std::uint64_t offset) {
    for (;; offset += read_step) {
        const auto piece = window(offset, read_step);
        if (!piece) return fail(piece.error());
        for (std::size_t at = 0; at + frame::header_bytes <= piece->size();
             at += frame::alignment) {
            if (frame::read_header(piece->subspan(at), salt_)) return true;
        }
        if (piece->size() < read_step) return false;
    }
}

Result<std::optional<FrameReader::Frame>> FrameReader::read_frame() {
    const auto start = window(offset_, frame::header_bytes);
    if (!start) return fail(start.error());
    const auto header = frame::read_header(*start, salt_);
    if (!header) return std::nullopt;
    const std::size_t bytes = header->bytes();
    const auto whole = window(offset_, bytes);
    if (!whole) return fail(whole.error());
    if (whole->size() < bytes) return std::nullopt;
    const auto hashed = whole->first(bytes - frame::chain_bytes);
    const ContentHash chain = frame::next_chain(chain_, hashed);
    if (!std::ranges::equal(whole->last(frame::chain_bytes), chain.bytes)) return std::nullopt;
    chain_ = chain;
    offset_ += bytes;
    return Frame{*header, hashed.subspan(frame::header_bytes, header->payload)};
}

Result<std::optional<FrameReader::Frame>> FrameReader::judge() {
    const auto begun = window(offset_, frame::header_bytes);
    if (!begun) return fail(begun.error());
    const auto claimed = frame::read_header(*begun, salt_);
    const auto goes_on =
        frame_after(offset_ + (claimed ? std::size_t{claimed->bytes()} : frame::alignment));
    if (!goes_on) return fail(goes_on.error());
    // If it does, this one was finished before it was read now.
    buffer_.clear();
    auto fits = read_frame();
    if (!fits || *fits) return fits;
    const auto start = window(offset_, frame::header_bytes);
    if (!start) return fail(start.error());
    if (all_zero(*start)) {
        // A commit of which later sectors got to the disk and the first did not.
        if (*goes_on) return damaged(offset_, "the commit that stood there is gone");
        torn_ = true;
        return std::nullopt;
    }
    const auto header = frame::read_header(*start, salt_);
    if (!header) return damaged(offset_, "a commit's header is not what was written");
    const auto whole = window(offset_, header->bytes());
    if (!whole) return fail(whole.error());
    if (whole->size() < header->bytes()) {
        return damaged(offset_, "the file ends in the middle of a commit");
    }
    if (*goes_on || !lacks_a_sector(*whole, offset_)) {
        return damaged(offset_, "a commit is not what was written, or in another place");
    }
    torn_ = true;
    return std::nullopt;
}

Result<std::optional<FrameReader::Frame>> FrameReader::next() {
    for (int look = 0; look < looks; ++look) {
        if (look > 0) buffer_.clear();
        auto frame = read_frame();
        if (!frame || *frame) return frame;
        const auto clean = zeros_from(offset_);
        if (!clean) return fail(clean.error());
        if (*clean) return std::nullopt;
    }
    return judge();
}

}  // namespace nearfab
