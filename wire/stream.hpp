// SPDX-License-Identifier: GPL-3.0-or-later
// stream.hpp - the two numbered sequences of messages of one session, here's end of them.
//
// TCP with ZeroMQ loses and reorders messages over a reconnect, so what must arrive is numbered,
// kept until the other side has acknowledged it, and sent again (go-back-N) after 1, 2, 4 ... 10 s.
// What comes in is delivered exactly once and in order; duplicates are acknowledged again, frames
// after a gap are dropped, because the other side sends them again.
//
// An acknowledgement promises that the message is durable here, so only the owner can allow it:
// handled(). The owner calls take() once at the end of each of its turns; an acknowledgement rides
// on a message if one leaves, and on a Keepalive otherwise.
//
// Pure: time comes in. Belongs to one thread.

#pragma once

#include "base/clock.hpp"
#include "proto/model/message.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <set>
#include <vector>

namespace nearfab::wire {

enum class Delivery : std::uint8_t {
    reliable,  // Numbered; arrives exactly once as long as the session lives.
    lossy,     // Unnumbered; dropped whenever the way is not free.
};

struct StreamOptions {
    std::uint32_t version = protocol_version;
    std::uint64_t session = 0;
    // Encoded bytes that may wait for being sent or acknowledged.
    std::size_t queue_bytes_max = std::size_t{4} * 1024 * 1024;
    // Messages sent ahead of their acknowledgement. Not above the sockets' SNDHWM, so that the
    // sockets hardly ever refuse.
    std::size_t window = 64;
    // Messages delivered ahead of handled(): what a peer that ignores the window can make us hold.
    std::uint64_t unhandled_max = 256;
    Duration keepalive = std::chrono::seconds{10};
    Duration resend_first = std::chrono::seconds{1};
    Duration resend_last = std::chrono::seconds{10};
    Duration blocked_retry = std::chrono::milliseconds{50};
};

class Stream {
public:
    Stream(const StreamOptions& options, TimePoint now);

    // ---- Outgoing ----

    // False: the queue is over its limit and the message is not in it. The peer does not keep up;
    // close the session. `token` comes back when the message is acknowledged; 0: nobody waits.
    [[nodiscard]] bool send(const Message& body,
                            std::uint64_t correlation,
                            Delivery delivery,
                            std::uint64_t token = 0);

    struct Frame {
        std::uint64_t sequence = 0;  // 0: not numbered.
        std::vector<std::uint8_t> bytes;
    };
    // What must go out now: new messages, messages to be sent again, a Keepalive when one is due.
    [[nodiscard]] std::vector<Frame> take(TimePoint now);

    // The frame with this number could not be sent; take() gives it again a little later.
    void blocked(TimePoint now, std::uint64_t sequence);
    // The way is free again: no need to wait for the little later.
    void unblock() { blocked_until_.reset(); }

    // The peer has everything up to `sequence`. The tokens of what it newly has; nothing when it
    // acknowledges what was never sent, which is a fault of the peer.
    [[nodiscard]] std::optional<std::vector<std::uint64_t>> acknowledge(TimePoint now,
                                                                        std::uint64_t sequence);
    // The tokens, not 0, of what was not acknowledged.
    [[nodiscard]] std::vector<std::uint64_t> open_tokens() const;

    // Nothing numbered was ever sent or received.
    [[nodiscard]] bool untouched() const { return next_sequence_ == 1 && delivered_ == 0; }

    // ---- Incoming ----

    enum class Arrival : std::uint8_t { deliver, duplicate, gap, overrun };
    // What to do with a message of this number. 0 (not numbered) is always delivered.
    [[nodiscard]] Arrival arrived(std::uint64_t sequence);
    // Everything up to `sequence` is durable here, or needs not be.
    // REQUIRES: it was delivered.
    void handled(std::uint64_t sequence);
    // Nobody will handle this message, because nobody could read it. It counts as handled as soon
    // as everything before it is, so that what comes after it is not held up for ever.
    // REQUIRES: it was delivered.
    void skip(std::uint64_t sequence);

    // Encoded bytes that wait for being sent or acknowledged; never more than queue_bytes_max.
    [[nodiscard]] std::size_t waiting_bytes() const { return queue_bytes_; }

    // When take() has something to do although nobody called anything.
    [[nodiscard]] TimePoint next_deadline() const;

private:
    struct Item {
        std::uint64_t sequence = 0;
        std::uint64_t token = 0;
        std::uint64_t acknowledged = 0;  // What its bytes acknowledge.
        std::vector<std::uint8_t> bytes;
    };
    [[nodiscard]] std::vector<std::uint8_t> encoded(const Message& body,
                                                    std::uint64_t sequence,
                                                    std::uint64_t correlation) const;
    void pass_skipped();
    void take_numbered(TimePoint now, std::vector<Frame>& frames);

    StreamOptions options_;

    std::deque<Item> queue_;  // Not acknowledged; the first `sent_` are on their way.
    std::size_t sent_ = 0;
    std::size_t queue_bytes_ = 0;
    std::uint64_t next_sequence_ = 1;
    std::uint64_t sent_max_ = 0;  // The highest number that ever left.
    std::vector<Frame> lossy_;
    Duration resend_after_;
    std::optional<TimePoint> resend_at_;  // Set while something is on its way.
    std::optional<TimePoint> blocked_until_;
    TimePoint last_sent_;

    std::uint64_t delivered_ = 0;
    std::uint64_t handled_ = 0;
    std::set<std::uint64_t> skipped_;  // Above handled_.
    std::uint64_t acknowledged_ = 0;   // The highest acknowledgement that was given to take().
    bool acknowledge_again_ = false;
};

}  // namespace nearfab::wire
