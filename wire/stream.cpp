// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/stream.hpp"

#include "base/check.hpp"
#include "proto/codec/codec.hpp"
#include "wire/session_rules.hpp"

#include <algorithm>
#include <utility>

namespace nearfab::wire {
namespace {

// Lossy messages of one turn; the next turn brings newer ones.
constexpr std::size_t lossy_max = 64;

}  // namespace

Stream::Stream(const StreamOptions& options, TimePoint now)
    : options_{options}, resend_after_{options.resend_first}, last_sent_{now} {
    NEARFAB_CHECK(options.session != 0, "a stream belongs to an open session");
    NEARFAB_CHECK(options.window > 0, "something must be allowed to be on its way");
}

std::vector<std::uint8_t> Stream::encoded(const Message& body,
                                          std::uint64_t sequence,
                                          std::uint64_t correlation) const {
    Envelope envelope{.version = options_.version,
                      .session = options_.session,
                      .sequence = sequence,
                      .acknowledged = handled_,
                      .correlation = correlation,
                      .body = body};
    auto bytes = try_encode(envelope);
    if (bytes) return std::move(*bytes);
    // Its size follows from what others said (a list of all fabs): that must not end the process.
    envelope.body = message::Failure{bytes.error()};
    return encode(envelope);
}

bool Stream::send(const Message& body,
                  std::uint64_t correlation,
                  Delivery delivery,
                  std::uint64_t token) {
    if (delivery == Delivery::lossy) {
        NEARFAB_CHECK(numbering_of(body) != Numbering::always, "this message must not be lost");
        if (lossy_.size() < lossy_max) lossy_.push_back({0, encoded(body, 0, correlation)});
        return true;
    }
    NEARFAB_CHECK(numbering_of(body) != Numbering::never, "this message has no number");
    // Encoded once: what a repetition acknowledges may be old, which does no harm.
    Item item{next_sequence_, token, handled_, encoded(body, next_sequence_, correlation)};
    if (queue_bytes_ + item.bytes.size() > options_.queue_bytes_max) return false;
    ++next_sequence_;
    queue_bytes_ += item.bytes.size();
    queue_.push_back(std::move(item));
    return true;
}

std::vector<Stream::Frame> Stream::take(TimePoint now) {
    std::vector<Frame> frames;
    const std::vector<Frame> lossy = std::exchange(lossy_, {});
    if (blocked_until_ && now < *blocked_until_) return frames;
    blocked_until_.reset();
    take_numbered(now, frames);
    const bool way_is_free = sent_ == queue_.size();
    if (way_is_free) frames.insert(frames.end(), lossy.begin(), lossy.end());
    const bool owes_acknowledgement = acknowledge_again_ || acknowledged_ < handled_;
    const bool silent = frames.empty() && now >= last_sent_ + options_.keepalive;
    if (owes_acknowledgement || silent) {
        frames.push_back({0, encoded(message::Keepalive{}, 0, 0)});
        acknowledged_ = handled_;
        acknowledge_again_ = false;
    }
    if (!frames.empty()) last_sent_ = now;
    return frames;
}

void Stream::take_numbered(TimePoint now, std::vector<Frame>& frames) {
    if (resend_at_ && now >= *resend_at_) {
        sent_ = 0;
        resend_after_ = std::min(resend_after_ * 2, options_.resend_last);
        resend_at_.reset();
    }
    const std::size_t end = std::min(queue_.size(), options_.window);
    for (; sent_ < end; ++sent_) {
        const Item& item = queue_[sent_];
        frames.push_back({item.sequence, item.bytes});
        sent_max_ = std::max(sent_max_, item.sequence);
        acknowledged_ = std::max(acknowledged_, item.acknowledged);
        if (item.acknowledged == handled_) acknowledge_again_ = false;
    }
    if (sent_ > 0 && !resend_at_) resend_at_ = now + resend_after_;
}

void Stream::blocked(TimePoint now, std::uint64_t sequence) {
    blocked_until_ = now + options_.blocked_retry;
    acknowledge_again_ = true;  // Whatever the lost frame acknowledged was not said.
    if (sequence == 0 || queue_.empty() || sequence < queue_.front().sequence) return;
    sent_ = std::min<std::size_t>(sent_, sequence - queue_.front().sequence);
    if (sent_ == 0) resend_at_.reset();
}

std::optional<std::vector<std::uint64_t>> Stream::acknowledge(TimePoint now,
                                                              std::uint64_t sequence) {
    if (sequence > sent_max_) return std::nullopt;
    std::vector<std::uint64_t> tokens;
    bool progress = false;
    while (!queue_.empty() && queue_.front().sequence <= sequence) {
        progress = true;
        if (queue_.front().token != 0) tokens.push_back(queue_.front().token);
        queue_bytes_ -= queue_.front().bytes.size();
        queue_.pop_front();
        if (sent_ > 0) --sent_;
    }
    if (progress) {
        resend_after_ = options_.resend_first;
        resend_at_.reset();
        if (sent_ > 0) resend_at_ = now + resend_after_;
    }
    return tokens;
}

std::vector<std::uint64_t> Stream::open_tokens() const {
    std::vector<std::uint64_t> tokens;
    for (const Item& item : queue_) {
        if (item.token != 0) tokens.push_back(item.token);
    }
    return tokens;
}

Stream::Arrival Stream::arrived(std::uint64_t sequence) {
    if (sequence == 0) return Arrival::deliver;
    if (sequence <= delivered_) {
        // The acknowledgement may have been lost. What is not handled yet is not acknowledged.
        if (sequence <= handled_) acknowledge_again_ = true;
        return Arrival::duplicate;
    }
    if (sequence != delivered_ + 1) return Arrival::gap;
    if (delivered_ - handled_ >= options_.unhandled_max) return Arrival::overrun;
    delivered_ = sequence;
    return Arrival::deliver;
}

void Stream::handled(std::uint64_t sequence) {
    NEARFAB_CHECK(sequence <= delivered_, "only what was delivered can have been handled");
    handled_ = std::max(handled_, sequence);
    pass_skipped();
}

void Stream::skip(std::uint64_t sequence) {
    NEARFAB_CHECK(sequence <= delivered_, "only what was delivered can be skipped");
    if (sequence > handled_) skipped_.insert(sequence);
    pass_skipped();
}

void Stream::pass_skipped() {
    skipped_.erase(skipped_.begin(), skipped_.upper_bound(handled_));
    while (skipped_.erase(handled_ + 1) > 0)
        ++handled_;
}

TimePoint Stream::next_deadline() const {
    if (blocked_until_) return *blocked_until_;
    const TimePoint keepalive_at = last_sent_ + options_.keepalive;
    return resend_at_ ? std::min(*resend_at_, keepalive_at) : keepalive_at;
}

}  // namespace nearfab::wire
