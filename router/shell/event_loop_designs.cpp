// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of designs: on their way up from designers, down to the fabs that make them.

#include "proto/model/limits.hpp"
#include "router/shell/event_loop.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>

namespace nearfab::router {
namespace {

constexpr std::uint64_t disk_look_bytes = 16ULL << 20U;
constexpr std::ptrdiff_t open_uploads_max = 16;       // For one identity.
constexpr std::size_t opening_counts_bytes = 65'536;  // Two syncs of the disk are no small thing.

}  // namespace

bool EventLoop::serve_upload(Moment now, const wire::session_event::Delivered& event) {
    const auto* open = std::get_if<message::OpenUpload>(&event.body);
    const auto* chunk = std::get_if<message::UploadChunk>(&event.body);
    if (chunk != nullptr && !designs_->has(chunk->design)) {
        if (auto refusal = router_->refuse_upload(now.boot, event.name, chunk->bytes.size())) {
            reply(now, event, std::move(*refusal));
            return true;
        }
    }
    const auto answer = [&](const ContentHash& design, const Result<std::uint64_t>& received) {
        if (!received) {
            reply(now, event, message::Failure{received.error()});
        } else {
            reply(now, event, message::UploadStatus{design, *received, designs_->has(design)});
        }
    };
    if (open != nullptr) {
        if (auto refusal = refuse_open(now, event.name, *open)) {
            reply(now, event, std::move(*refusal));
            return true;
        }
        answer(open->design, open_upload(now, event.name, *open));
        return true;
    }
    if (chunk != nullptr) {
        answer(chunk->design, take_chunk(now, *chunk));
        return true;
    }
    return false;
}

// An upload that is announced takes a place among a few hundred, whether it comes or not.
std::optional<message::Failure> EventLoop::refuse_open(Moment now,
                                                       const IdentityId& who,
                                                       const message::OpenUpload& body) {
    if (designs_->has(body.design)) return std::nullopt;
    if (auto refusal = router_->refuse_upload(now.boot, who, opening_counts_bytes)) return refusal;
    std::erase_if(uploads_, [&](const auto& upload) {
        return now.boot >= upload.second.opened_at + stale_upload_age;
    });
    const auto open = std::count_if(uploads_.begin(), uploads_.end(), [&](const auto& upload) {
        return upload.second.who == who && upload.first != body.design;
    });
    if (open < open_uploads_max) return std::nullopt;
    return message::Failure{{ErrorCode::limit_reached,
                             fmt::format("{} designs are on their way up for you already", open),
                             "finish one of them, or wait two hours"}};
}

Result<std::uint64_t> EventLoop::open_upload(Moment now,
                                             const IdentityId& who,
                                             const message::OpenUpload& body) {
    if (storage_low_ && !designs_->has(body.design)) {
        return fail(ErrorCode::unavailable,
                    "the router's disk is nearly full, it takes no new designs now",
                    "try again later; jobs already accepted go on");
    }
    auto received = designs_->begin(body.design, body.size);
    if (!received || designs_->has(body.design)) return received;
    // The last announcement counts: who sends says the size anew before, and a wrong one that
    // somebody said earlier cannot keep the upload from its end.
    uploads_.insert_or_assign(body.design, Upload{body.size, who, now.boot});
    // All bytes may have come before a restart, and only the check was missing.
    if (auto status = finish_upload(body.design, *received); !status) return fail(status.error());
    return received;
}

Result<std::uint64_t> EventLoop::take_chunk(Moment now, const message::UploadChunk& body) {
    if (designs_->has(body.design)) return body.offset + body.bytes.size();  // Said twice.
    bytes_since_disk_look_ += body.bytes.size();
    if (bytes_since_disk_look_ >= disk_look_bytes) watch_disk(now, true);
    if (storage_low_) {
        return fail(ErrorCode::unavailable,
                    "the router's disk is nearly full, it takes no new designs now",
                    "try again later; the upload goes on where it stopped");
    }
    if (auto status = designs_->write(body.design, body.offset, body.bytes); !status) {
        return fail(status.error());
    }
    const std::uint64_t received = body.offset + body.bytes.size();
    if (auto status = finish_upload(body.design, received); !status) return fail(status.error());
    return received;
}

Status EventLoop::finish_upload(const ContentHash& design, std::uint64_t received) {
    const auto upload = uploads_.find(design);
    if (upload == uploads_.end() || received < upload->second.size) return {};
    uploads_.erase(upload);
    return designs_->finish(design);
}

void EventLoop::serve_download(Moment now, const wire::session_event::Delivered& event) {
    const auto& wanted = std::get<message::ReadChunk>(event.body);
    const auto refuse = [&](Error error) { reply(now, event, message::Failure{std::move(error)}); };
    if (!router_->may_read(FabId{event.name.text()}, wanted.design)) {
        refuse({ErrorCode::unauthorised,
                "this fab holds no work that needs design " + wanted.design.short_hex(),
                "drop the work order"});
        return;
    }
    const auto size = designs_->size(wanted.design);
    if (!size) {
        refuse(size.error());
        return;
    }
    auto bytes = designs_->read(wanted.design, wanted.offset, limits::chunk_bytes_max);
    if (!bytes) {
        refuse(bytes.error());
        return;
    }
    reply(now, event, message::DesignChunk{wanted.design, wanted.offset, *size, std::move(*bytes)});
}

}  // namespace nearfab::router
