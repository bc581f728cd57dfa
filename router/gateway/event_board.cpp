// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/event_board.hpp"

#include "router/gateway/answer_bodies.hpp"

#include <charconv>
#include <chrono>
#include <utility>

namespace nearfab::gateway {
namespace {

constexpr std::size_t kept_max = 4096;
constexpr std::size_t kept_bytes_max = std::size_t{4} << 20U;

}  // namespace

EventBoard::EventBoard(WallTime started)
    : last_id_{static_cast<std::uint64_t>(
          std::chrono::duration_cast<std::chrono::microseconds>(started.time_since_epoch())
              .count())},
      floor_{last_id_} {}

bool EventBoard::sees(const Follower& follower, const IdentityId& of) {
    return of.empty() || follower.sees_all || of == follower.name;
}

void EventBoard::open(const std::shared_ptr<EventStream>& stream,
                      const Caller& caller,
                      const std::string& last_event_id) {
    const Follower follower{stream, caller.name, caller.access == Access::admin};
    if (last_event_id.empty()) {
        stream->push(id_text(last_id_));
    } else {
        std::uint64_t had = 0;
        const char* const end = last_event_id.data() + last_event_id.size();
        const auto [stop, problem] = std::from_chars(last_event_id.data(), end, had);
        const bool number = problem == std::errc{} && stop == end;
        if (!number || had < floor_ || had > last_id_) {
            stream->push(event_text("resync", "{}", last_id_));
        } else {
            for (const Kept& event : kept_) {
                if (event.id > had && sees(follower, event.of)) stream->push(event.text);
            }
        }
    }
    followers_.push_back(follower);
}

void EventBoard::close(const EventStream* stream) {
    std::erase_if(followers_, [&](const Follower& f) { return f.stream.get() == stream; });
}

void EventBoard::forget() {
    kept_.clear();
    kept_bytes_ = 0;
    floor_ = ++last_id_;
}

void EventBoard::post(IdentityId of, std::string_view name, std::string_view data) {
    Kept event{++last_id_, std::move(of), event_text(name, data, last_id_)};
    for (const Follower& follower : followers_) {
        if (sees(follower, event.of)) follower.stream->push(event.text);
    }
    kept_bytes_ += event.text->size();
    kept_.push_back(std::move(event));
    while (kept_.size() > kept_max || kept_bytes_ > kept_bytes_max) {
        floor_ = kept_.front().id;
        kept_bytes_ -= kept_.front().text->size();
        kept_.pop_front();
    }
}

void EventBoard::post_fabs(const std::set<FabId>& fabs) {
    post({}, "fabs_changed", changed_fabs_body(fabs));
}

void EventBoard::post_job(const JobStatus& job) {
    post(job.submitter, "job_status", job_body(job, true));
}

void EventBoard::post_resync() {
    post({}, "resync", "{}");
    floor_ = last_id_ - 1;
}

}  // namespace nearfab::gateway
