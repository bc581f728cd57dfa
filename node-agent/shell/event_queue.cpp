// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/event_queue.hpp"

#include "host/system_failure.hpp"

#include <cerrno>
#include <sys/eventfd.h>
#include <unistd.h>
#include <utility>

namespace nearfab::agent {

Result<std::unique_ptr<EventQueue>> EventQueue::open() {
    FileDescriptor wake{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!wake.open()) return fail_system("cannot make an event descriptor", errno);
    return std::unique_ptr<EventQueue>{new EventQueue{std::move(wake)}};
}

void EventQueue::push(Event event) {
    {
        const std::lock_guard lock{mutex_};
        waiting_.push_back(std::move(event));
    }
    const std::uint64_t one = 1;
    // A full counter wakes the loop just as well, so the result does not matter.
    [[maybe_unused]] const auto written = ::write(wake_.number(), &one, sizeof one);
}

std::vector<Event> EventQueue::take_all() {
    std::uint64_t count = 0;
    // Nothing to read means nothing was pushed since; the list says the rest.
    [[maybe_unused]] const auto got = ::read(wake_.number(), &count, sizeof count);
    const std::lock_guard lock{mutex_};
    return std::exchange(waiting_, {});
}

}  // namespace nearfab::agent
