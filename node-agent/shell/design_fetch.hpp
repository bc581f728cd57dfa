// SPDX-License-Identifier: GPL-3.0-or-later
// design_fetch.hpp - brings designs from the router, piece by piece.
//
// A few pieces are asked for ahead of each other. What has arrived survives a lost session and a
// restart (store/blob_store.hpp), so a broken fetch goes on where it stopped. The router may change
// while that happens; the hash decides in the end whether the bytes are the design.
//
// Not for sharing between threads. Time comes in.

#pragma once

#include "base/clock.hpp"
#include "base/content_hash.hpp"
#include "node-agent/core/event.hpp"
#include "proto/model/message.hpp"
#include "store/blob_store.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

namespace nearfab::agent {

class DesignFetch {
public:
    // False: there is no session; the question is asked again in the next one.
    using Ask = std::function<bool(const message::ReadChunk&, std::uint64_t correlation)>;

    DesignFetch(BlobStore& designs, Ask ask) : designs_{designs}, ask_{std::move(ask)} {}

    // The outcome if it is known at once: the design is here already, or there is no room for it.
    [[nodiscard]] std::optional<Event> fetch(TimePoint now,
                                             const ContentHash& design,
                                             std::uint64_t size);
    // A piece; the outcome if it was the last one or cannot be kept.
    [[nodiscard]] std::optional<Event> take(TimePoint now, const message::DesignChunk& chunk);
    // The router said no to a question of this correlation. Nothing if it was not one of ours.
    [[nodiscard]] std::optional<Event> refused(std::uint64_t correlation, const Error& error);
    // A session is open: everything is asked for again from where it stopped.
    void resume(TimePoint now);
    // Asks again for what has been silent for too long.
    void tick(TimePoint now);
    [[nodiscard]] std::optional<TimePoint> next_deadline() const;
    // Asked and neither answered nor given up: a handful for each design that is on its way.
    [[nodiscard]] std::size_t open_questions() const { return questions_.size(); }

private:
    struct Question {
        ContentHash design;
        std::uint64_t offset = 0;
    };
    struct Fetch {
        std::uint64_t size = 0;
        std::uint64_t received = 0;
        std::uint64_t asked = 0;  // Everything before this was asked for.
        TimePoint again_at;
    };
    void ask_ahead(TimePoint now, const ContentHash& design, Fetch& fetch);
    void ask_again(TimePoint now, const ContentHash& design, Fetch& fetch);
    void forget_questions(const ContentHash& design, std::uint64_t before);
    [[nodiscard]] Event finish(const ContentHash& design);
    [[nodiscard]] Event give_up(const ContentHash& design, const Error& why);

    BlobStore& designs_;
    Ask ask_;
    std::map<ContentHash, Fetch> fetches_;
    std::map<std::uint64_t, Question> questions_;  // By correlation, of this session.
    std::uint64_t correlations_ = 0;
};

}  // namespace nearfab::agent
