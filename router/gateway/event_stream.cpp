// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/event_stream.hpp"

namespace nearfab::gateway {

EventText event_text(std::string_view name,
                     std::string_view data,
                     std::optional<std::uint64_t> id) {
    std::string text;
    text.reserve(name.size() + data.size() + 48);
    if (id) text += "id: " + std::to_string(*id) + "\n";
    if (!name.empty()) text.append("event: ").append(name).append("\n");
    while (!data.empty() && data.back() == '\n')
        data.remove_suffix(1);
    text.append("data: ").append(data).append("\n\n");
    return std::make_shared<const std::string>(std::move(text));
}

EventText id_text(std::uint64_t id) {
    return std::make_shared<const std::string>("id: " + std::to_string(id) + "\n\n");
}

void EventStream::push(EventText text) {
    if (over()) return;
    bytes_ += text->size();
    if (bytes_ > bytes_max_) {
        cut_ = true;
        waiting_.clear();
        bytes_ = 0;
    } else {
        waiting_.push_back(std::move(text));
    }
    tell();
}

void EventStream::end() {
    if (over()) return;
    ended_ = true;
    tell();
}

std::deque<EventText> EventStream::take() {
    bytes_ = 0;
    return std::exchange(waiting_, {});
}

void EventStream::close() {
    if (std::exchange(closed_, true)) return;
    news_ = {};
    for (const auto& closer : std::exchange(closers_, {}))
        closer();
}

void EventStream::on_close(std::function<void()> then) {
    if (closed_) {
        then();
        return;
    }
    closers_.push_back(std::move(then));
}

void EventStream::tell() {
    if (news_) news_();
}

}  // namespace nearfab::gateway
