// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/upload.hpp"

#include "cli/progress_bar.hpp"
#include "cli/router_link.hpp"
#include "proto/model/limits.hpp"
#include "terminal/quantity_text.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace nearfab::cli {
namespace {

// A router that loses chunks again and again is broken; stop instead of sending for ever.
constexpr int rounds_max = 5;

// One pass over the bytes the router does not have yet, a window of chunks at a time.
class Pass {
public:
    Pass(wire::Connection& connection,
         const ContentHash& design,
         std::span<const std::uint8_t> bytes,
         ProgressBar& bar)
        : connection_{connection}, design_{design}, bytes_{bytes}, bar_{bar} {}

    // Where the router stands after everything from `start` was sent and answered.
    [[nodiscard]] Result<message::UploadStatus> run(message::UploadStatus start) {
        state_ = std::move(start);
        std::uint64_t next = state_.received;
        while (!state_.complete && (next < bytes_.size() || !open_.empty())) {
            while (next < bytes_.size() && open_.size() < limits::chunks_outstanding_max) {
                next = send_chunk(next);
            }
            if (auto heard = take_answer(); !heard) return fail(std::move(heard.error()));
            show();
        }
        for (const std::uint64_t correlation : open_)
            connection_.forget(correlation);
        return state_;
    }

private:
    std::uint64_t send_chunk(std::uint64_t offset) {
        const std::uint64_t size =
            std::min<std::uint64_t>(limits::chunk_bytes_max, bytes_.size() - offset);
        const auto piece = bytes_.subspan(offset, size);
        message::UploadChunk chunk;
        chunk.design = design_;
        chunk.offset = offset;
        chunk.bytes.assign(piece.begin(), piece.end());
        open_.insert(connection_.send(chunk));
        return offset + size;
    }

    [[nodiscard]] Status take_answer() {
        auto received = connection_.next(answer_timeout);
        if (!received) return fail(std::move(received.error()));
        if (!*received) {
            return fail(ErrorCode::timed_out,
                        "the router stopped answering after " + bytes_text(state_.received) +
                            " of " + bytes_text(bytes_.size()),
                        "give the same command again; it goes on where it stopped");
        }
        wire::Connection::Received& message = **received;
        if (open_.erase(message.correlation) == 0) return {};  // Of an earlier question.
        if (auto* failure = std::get_if<message::Failure>(&message.body)) {
            return fail(std::move(failure->error));
        }
        const auto* status = std::get_if<message::UploadStatus>(&message.body);
        if (status == nullptr) {
            return fail(unexpected_answer(message.body, message::UploadChunk{}));
        }
        // Answers may overtake each other; what is safe stays safe.
        state_.received = std::max(state_.received, status->received);
        state_.complete = state_.complete || status->complete;
        return {};
    }

    void show() {
        const auto size = static_cast<double>(bytes_.size());
        bar_.show(static_cast<double>(state_.received) / size,
                  bytes_text(state_.received) + " of " + bytes_text(bytes_.size()));
    }

    wire::Connection& connection_;
    const ContentHash& design_;
    std::span<const std::uint8_t> bytes_;
    ProgressBar& bar_;
    message::UploadStatus state_;
    std::set<std::uint64_t> open_;
};

}  // namespace

Status upload_design(wire::Connection& connection,
                     const ContentHash& design,
                     std::span<const std::uint8_t> bytes,
                     const Screen& screen) {
    const message::OpenUpload question{.design = design, .size = bytes.size()};
    auto state = ask_for<message::UploadStatus>(connection, question);
    if (!state) return fail(std::move(state.error()));
    ProgressBar bar{screen, "uploading"};
    for (int round = 0; round < rounds_max && !state->complete; ++round) {
        if (state->received > bytes.size()) break;
        state = Pass{connection, design, bytes, bar}.run(std::move(*state));
        if (!state) return fail(std::move(state.error()));
        if (state->complete) break;
        state = ask_for<message::UploadStatus>(connection, question);
        if (!state) return fail(std::move(state.error()));
    }
    if (state->complete) return {};
    return fail(ErrorCode::unavailable,
                "the router did not confirm the design: it has " + std::to_string(state->received) +
                    " of " + std::to_string(bytes.size()) + " bytes",
                "give the same command again; if it stays so, tell the router's operator");
}

}  // namespace nearfab::cli
