// SPDX-License-Identifier: GPL-3.0-or-later
// The bytes of designs: on their way up from designers, down to the fabs that make them.

#include "proto/model/limits.hpp"
#include "router/shell/event_loop.hpp"

#include <cstdint>

namespace nearfab::router {
namespace {

constexpr std::uint64_t disk_look_bytes = 16ULL << 20U;

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
        answer(open->design, open_upload(*open));
        return true;
    }
    if (chunk != nullptr) {
        answer(chunk->design, take_chunk(*chunk));
        return true;
    }
    return false;
}

Result<std::uint64_t> EventLoop::open_upload(const message::OpenUpload& body) {
    if (storage_low_ && !designs_->has(body.design)) {
        return fail(ErrorCode::unavailable,
                    "the router's disk is nearly full, it takes no new designs now",
                    "try again later; jobs already accepted go on");
    }
    auto received = designs_->begin(body.design, body.size);
    if (!received || designs_->has(body.design)) return received;
    // The first announcement counts: another one's size cannot keep the upload from its end.
    uploads_.try_emplace(body.design, body.size);
    // All bytes may have come before a restart, and only the check was missing.
    if (auto status = finish_upload(body.design, *received); !status) return fail(status.error());
    return received;
}

Result<std::uint64_t> EventLoop::take_chunk(const message::UploadChunk& body) {
    if (designs_->has(body.design)) return body.offset + body.bytes.size();  // Said twice.
    bytes_since_disk_look_ += body.bytes.size();
    if (bytes_since_disk_look_ >= disk_look_bytes) watch_disk(clock_.read(), true);
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
    if (upload == uploads_.end() || received < upload->second) return {};
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
