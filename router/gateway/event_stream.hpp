// SPDX-License-Identifier: GPL-3.0-or-later
// event_stream.hpp - server-sent events on their way to one reader.
//
// Who sends pushes; who writes to the socket takes. A reader that is too slow is not waited for:
// its stream is cut off, and it comes again with the number of the last event that it got. Belongs
// to the gateway's thread.

#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace nearfab::gateway {

// One event as bytes; shared by all streams that get it.
using EventText = std::shared_ptr<const std::string>;

// `data` has no line end inside; an empty name is the default event.
[[nodiscard]] EventText event_text(std::string_view name,
                                   std::string_view data,
                                   std::optional<std::uint64_t> id = std::nullopt);
// Only moves the number on: "id: 7".
[[nodiscard]] EventText id_text(std::uint64_t id);

class EventStream {
public:
    explicit EventStream(std::size_t bytes_max) : bytes_max_{bytes_max} {}

    void push(EventText text);
    // What was pushed is still written, then the connection is closed.
    void end();
    [[nodiscard]] bool over() const { return ended_ || cut_; }

    // For who writes. A stream that is cut gives nothing more.
    [[nodiscard]] std::deque<EventText> take();
    [[nodiscard]] bool ended() const { return ended_; }
    [[nodiscard]] bool cut() const { return cut_; }
    void on_news(std::function<void()> then) { news_ = std::move(then); }
    // The reader is gone; calls what was left for that, once.
    void close();
    // Also several: each is called.
    void on_close(std::function<void()> then);

private:
    void tell();

    std::size_t bytes_max_;
    std::size_t bytes_ = 0;
    std::deque<EventText> waiting_;
    bool ended_ = false;
    bool cut_ = false;
    bool closed_ = false;
    std::function<void()> news_;
    std::deque<std::function<void()>> closers_;
};

}  // namespace nearfab::gateway
