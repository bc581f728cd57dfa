// SPDX-License-Identifier: GPL-3.0-or-later
// frame_reader.hpp - the frames of one file of a journal, each checked before it is given out.
//
// It tells a commit that a crash interrupted (the end of the log, and no loss) from damage to one
// that was finished (an error that says where). A frame is synced before the next one is written,
// so whatever a later frame follows was finished. Behind the last frame the file is zeros; a frame
// that was interrupted lacks whole sectors.
//
// The journal's owner may be writing the file meanwhile: what does not fit is read again before it
// is judged, and at last with the knowledge whether a later frame is there.

#pragma once

#include "base/result.hpp"
#include "store/journal_frame.hpp"
#include "store/log_storage.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nearfab {

class FrameReader {
public:
    // `where` names the file in errors; `chain` is the chain at its start. The file must outlive
    // the reader.
    FrameReader(LogFile& file, std::string where, const ContentHash& chain)
        : file_{file}, where_{std::move(where)}, salt_{chain}, chain_{chain} {}

    struct Frame {
        frame::Header header;
        std::span<const std::uint8_t> payload;  // Until the next call.
    };
    // Nothing at the end of what was written; see torn().
    [[nodiscard]] Result<std::optional<Frame>> next();

    // After the end: a commit had begun there that was never finished.
    [[nodiscard]] bool torn() const { return torn_; }
    // Behind the last frame given out, and the chain there.
    [[nodiscard]] std::uint64_t offset() const { return offset_; }
    [[nodiscard]] const ContentHash& chain() const { return chain_; }

private:
    [[nodiscard]] Result<std::span<const std::uint8_t>> window(std::uint64_t offset,
                                                               std::size_t bytes);
    [[nodiscard]] Result<bool> zeros_from(std::uint64_t offset);
    [[nodiscard]] Result<bool> frame_after(std::uint64_t offset);
    // A frame that fits; nothing when there is none, whatever is there.
    [[nodiscard]] Result<std::optional<Frame>> read_frame();
    // What stands there is no frame, and not nothing.
    [[nodiscard]] Result<std::optional<Frame>> judge();
    [[nodiscard]] tl::unexpected<Error> damaged(std::uint64_t offset,
                                                const std::string& what) const;

    LogFile& file_;
    std::string where_;
    ContentHash salt_;
    ContentHash chain_;
    std::uint64_t offset_ = 0;
    bool torn_ = false;
    std::vector<std::uint8_t> buffer_;
    std::uint64_t buffer_start_ = 0;
};

// What to do about a damaged journal; the next step of every such error.
[[nodiscard]] std::string restore_advice();

}  // namespace nearfab
