// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/client_session.hpp"

#include "proto/codec/codec.hpp"

#include <algorithm>

namespace nearfab::wire {

ClientSession::ClientSession(ClientSessionOptions options, TimePoint now)
    : options_{std::move(options)}, hello_at_{now}, seeking_since_{now}, heard_{now} {}

void ClientSession::receive(TimePoint now, std::span<const std::uint8_t> bytes) {
    Result<Envelope> envelope = decode(bytes);
    if (!envelope) {
        skip_unreadable(bytes);
        return;
    }
    if (std::holds_alternative<message::Welcome>(envelope->body)) {
        greeted(now, *envelope);
        return;
    }
    const bool about_session =
        std::holds_alternative<message::Failure>(envelope->body) && envelope->sequence == 0;
    if (about_session) {
        hear_failure(now, *envelope);
    } else if (stream_ && envelope->session == welcome_.session) {
        take_in(now, std::move(*envelope));
    } else {
        ++void_frames_;
    }
}

// Acknowledged like the others, so that it does not block those after it. It is not answered: two
// programs that cannot read each other's complaints would never stop.
void ClientSession::skip_unreadable(std::span<const std::uint8_t> bytes) {
    ++void_frames_;
    const Result<EnvelopeHead> head = decode_head(bytes);
    if (!stream_ || !head || head->session != welcome_.session || head->sequence == 0) return;
    if (stream_->arrived(head->sequence) == Stream::Arrival::deliver) stream_->skip(head->sequence);
}

void ClientSession::greeted(TimePoint now, const Envelope& envelope) {
    const message::Welcome& welcome = std::get<message::Welcome>(envelope.body);
    const bool is_answer = !stream_ && envelope.correlation == hello_counter_;
    const bool is_speakable =
        welcome.version >= options_.version_min && welcome.version <= options_.version_max;
    if (!is_answer || !is_speakable || welcome.session == 0) {
        ++void_frames_;
        return;
    }
    StreamOptions stream = options_.stream;
    stream.version = welcome.version;
    stream.session = welcome.session;
    const Duration wanted =
        std::chrono::seconds{std::clamp<std::int64_t>(welcome.keepalive_s, 1, 60)};
    stream.keepalive = std::min(stream.keepalive, wanted);
    welcome_ = welcome;
    stream_.emplace(stream, now);
    heard_ = now;
    hello_due_ = false;
    blocked_since_.reset();
    shut_out_by_.reset();
    events_.emplace_back(client_event::Opened{welcome});
}

// Unnumbered Failures are about the session, or answer what was no proper message of it.
void ClientSession::hear_failure(TimePoint now, const Envelope& envelope) {
    const Error& error = std::get<message::Failure>(envelope.body).error;
    if (!stream_) {
        // Sessions that are over are complained about while the hello is on its way.
        const bool is_answer =
            envelope.session == 0 && error.code != ErrorCode::session_unknown &&
            (envelope.correlation == hello_counter_ || envelope.correlation == 0);
        if (is_answer && hello_counter_ > 0) refused(now, error);
        return;
    }
    if (envelope.session != 0 && envelope.session != welcome_.session) {
        ++void_frames_;
        return;
    }
    heard_ = now;
    const bool is_end = envelope.correlation == 0;
    // Somebody else has the session, or nobody may: coming back at once would be a quarrel.
    const bool better_later =
        is_end && (error.code == ErrorCode::conflict || error.code == ErrorCode::unauthorised);
    const bool better_at_once = error.code == ErrorCode::session_unknown ||
                                (is_end && error.code == ErrorCode::limit_reached);
    if (better_later || better_at_once) {
        lose(now, error, better_later ? options_.refused_pause : Duration::zero());
    } else {
        events_.emplace_back(client_event::Delivered{.session = welcome_.session,
                                                     .correlation = envelope.correlation,
                                                     .sequence = 0,
                                                     .body = envelope.body});
    }
}

void ClientSession::refused(TimePoint now, const Error& error) {
    hello_due_ = false;
    hello_at_ = now + options_.refused_pause;
    events_.emplace_back(client_event::Refused{error});
}

void ClientSession::shut_out(TimePoint now, const Error& why) {
    if (stream_) return;
    seeking_since_ = now;
    const bool is_news = shut_out_by_ != why;
    if (!is_news && now < shut_out_report_at_) return;
    shut_out_pause_ = is_news ? options_.shut_out_again
                              : std::min(shut_out_pause_ * 2, options_.shut_out_again_max);
    shut_out_report_at_ = now + shut_out_pause_;
    shut_out_by_ = why;
    events_.emplace_back(client_event::Refused{why});
}

void ClientSession::take_in(TimePoint now, Envelope&& envelope) {
    std::optional<std::vector<std::uint64_t>> tokens;
    if (!numbering_fault(envelope)) tokens = stream_->acknowledge(now, envelope.acknowledged);
    if (!tokens) {
        ++void_frames_;
        return;
    }
    heard_ = now;
    for (const std::uint64_t token : *tokens) {
        events_.emplace_back(client_event::Acknowledged{token});
    }
    if (std::holds_alternative<message::Keepalive>(envelope.body)) return;
    if (stream_->arrived(envelope.sequence) != Stream::Arrival::deliver) return;
    events_.emplace_back(client_event::Delivered{.session = welcome_.session,
                                                 .correlation = envelope.correlation,
                                                 .sequence = envelope.sequence,
                                                 .body = std::move(envelope.body)});
}

void ClientSession::tick(TimePoint now) {
    if (stream_ && now >= heard_ + options_.silence) {
        lose(now,
             Error{ErrorCode::timed_out,
                   "nothing was heard from the other side for " +
                       std::to_string((now - heard_) / std::chrono::seconds{1}) + " s",
                   "check the network and that the other side runs"},
             Duration::zero());
    }
    if (stream_ && blocked_since_ &&
        now >= std::max(*blocked_since_, heard_) + options_.blocked_max) {
        lose(now,
             Error{ErrorCode::unavailable,
                   "the connection is broken, nothing can be sent",
                   "check the network and that the other side runs"},
             Duration::zero());
    }
    if (!stream_ && now >= hello_at_) hello_due_ = true;
}

bool ClientSession::send(TimePoint now,
                         const Message& body,
                         std::uint64_t correlation,
                         Delivery delivery,
                         std::uint64_t token) {
    if (!stream_) return false;
    if (stream_->send(body, correlation, delivery, token)) return true;
    lose(now,
         Error{ErrorCode::limit_reached,
               "over " + std::to_string(options_.stream.queue_bytes_max) +
                   " bytes wait for the other side to take them",
               "wait for answers before asking more"},
         Duration::zero());
    return false;
}

void ClientSession::handled(std::uint64_t session, std::uint64_t sequence) {
    if (stream_ && session == welcome_.session) stream_->handled(sequence);
}

std::vector<Stream::Frame> ClientSession::take_outgoing(TimePoint now) {
    std::vector<Stream::Frame> frames;
    if (stream_) {
        frames = stream_->take(now);
    } else if (hello_due_) {
        hello_due_ = false;
        hello_at_ = now + options_.hello_again;
        ++hello_counter_;
        // In the oldest version, so that the oldest other side can read which ones we speak.
        frames.push_back({0,
                          encode(Envelope{.version = protocol_version_oldest,
                                          .session = 0,
                                          .sequence = 0,
                                          .acknowledged = 0,
                                          .correlation = hello_counter_,
                                          .body = message::Hello{options_.version_min,
                                                                 options_.version_max,
                                                                 options_.software,
                                                                 options_.boot_id,
                                                                 hello_counter_,
                                                                 options_.role}})});
    }
    // No word of blocked() after this means that the frames were sent.
    if (!frames.empty()) blocked_before_ = std::exchange(blocked_since_, std::nullopt);
    return frames;
}

void ClientSession::blocked(TimePoint now, const Stream::Frame& frame) {
    if (!blocked_since_) blocked_since_ = blocked_before_.value_or(now);
    if (stream_) {
        stream_->blocked(now, frame.sequence);
    } else {
        hello_at_ = now + options_.stream.blocked_retry;
    }
}

void ClientSession::writable(TimePoint now) {
    if (!blocked_since_) return;
    if (stream_) {
        stream_->unblock();
    } else {
        hello_due_ = true;
        hello_at_ = now + options_.hello_again;
    }
}

void ClientSession::lose(TimePoint now, Error why, Duration pause) {
    for (const std::uint64_t token : stream_->open_tokens()) {
        events_.emplace_back(client_event::Dropped{token});
    }
    events_.emplace_back(client_event::Lost{std::move(why)});
    stream_.reset();
    blocked_since_.reset();
    blocked_before_.reset();
    seeking_since_ = now;
    // The last hello left at hello_at_ - hello_again, so this keeps two of them apart.
    const TimePoint earliest = hello_at_ - options_.hello_again + options_.hello_apart;
    hello_at_ = std::max(now + pause, earliest);
}

Duration ClientSession::seeking(TimePoint now) const {
    return stream_ ? Duration::zero() : now - seeking_since_;
}

TimePoint ClientSession::next_deadline() const {
    if (!events_.empty() || hello_due_) return TimePoint{};
    if (!stream_) return hello_at_;
    TimePoint deadline = std::min(heard_ + options_.silence, stream_->next_deadline());
    if (blocked_since_) {
        deadline = std::min(deadline, std::max(*blocked_since_, heard_) + options_.blocked_max);
    }
    return deadline;
}

}  // namespace nearfab::wire
