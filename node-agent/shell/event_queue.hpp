// SPDX-License-Identifier: GPL-3.0-or-later
// event_queue.hpp - what the workers tell the event loop.
//
// push() may be called from any thread; the rest belongs to the loop's thread.

#pragma once

#include "base/result.hpp"
#include "host/file_descriptor.hpp"
#include "node-agent/core/event.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace nearfab::agent {

class EventQueue {
public:
    [[nodiscard]] static Result<std::unique_ptr<EventQueue>> open();

    void push(Event event);
    [[nodiscard]] std::vector<Event> take_all();
    // Readable (POLLIN) when something waits.
    [[nodiscard]] int descriptor() const { return wake_.number(); }

private:
    explicit EventQueue(FileDescriptor wake) : wake_{std::move(wake)} {}

    FileDescriptor wake_;
    std::mutex mutex_;
    std::vector<Event> waiting_;
};

}  // namespace nearfab::agent
