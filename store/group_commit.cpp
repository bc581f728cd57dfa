// SPDX-License-Identifier: GPL-3.0-or-later

#include "store/group_commit.hpp"

#include "host/system_failure.hpp"

#include <cerrno>
#include <sys/eventfd.h>
#include <utility>

namespace nearfab {

Result<std::unique_ptr<GroupCommit>> GroupCommit::start(Journal& journal) {
    std::unique_ptr<GroupCommit> group{new GroupCommit{journal}};
    group->news_ = FileDescriptor{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!group->news_.open()) return fail_system("cannot make an eventfd", errno);
    group->reserve_ = journal.has_reserve();
    group->writer_ = std::thread{[raw = group.get()] { raw->write_all(); }};
    return group;
}

GroupCommit::~GroupCommit() {
    {
        const std::lock_guard lock{mutex_};
        stop_ = true;
    }
    work_.notify_one();
    if (writer_.joinable()) writer_.join();
}

GroupCommit::Ticket GroupCommit::submit(std::span<const std::uint8_t> payload,
                                        std::uint32_t count) {
    std::unique_lock lock{mutex_};
    done_.wait(lock, [&] { return failure_ || line_.bytes() < bytes_waiting_max; });
    const bool idle = line_.empty();
    const Ticket ticket = line_.add(payload, count);
    lock.unlock();
    if (idle) work_.notify_one();
    return ticket;
}

GroupCommit::Ticket GroupCommit::durable() const {
    const std::lock_guard lock{mutex_};
    return line_.durable();
}

std::optional<Error> GroupCommit::failure() const {
    const std::lock_guard lock{mutex_};
    return failure_;
}

std::uint64_t GroupCommit::commits() const {
    const std::lock_guard lock{mutex_};
    return line_.commits();
}

bool GroupCommit::has_reserve() const {
    const std::lock_guard lock{mutex_};
    return reserve_;
}

void GroupCommit::look_for_reserve() {
    {
        const std::lock_guard lock{mutex_};
        ask_reserve_ = true;
    }
    work_.notify_one();
}

void GroupCommit::adopt_snapshot(std::uint64_t last) {
    {
        const std::lock_guard lock{mutex_};
        adopt_ = last;
    }
    work_.notify_one();
}

Status GroupCommit::drain() {
    std::unique_lock lock{mutex_};
    done_.wait(lock, [&] { return failure_ || line_.durable() == line_.handed_in(); });
    if (failure_) return fail(*failure_);
    return {};
}

void GroupCommit::acknowledge() {
    std::uint64_t count = 0;
    // Nothing to read means that nobody has called, which is fine.
    [[maybe_unused]] const auto got = ::read(news_.number(), &count, sizeof count);
}

void GroupCommit::tell_owner() const {
    const std::uint64_t one = 1;
    // A full counter wakes the owner just as well.
    [[maybe_unused]] const auto written = ::write(news_.number(), &one, sizeof one);
}

void GroupCommit::write_all() {
    CommitLine::Batch batch;
    std::unique_lock lock{mutex_};
    for (;;) {
        work_.wait(lock, [&] { return stop_ || !line_.empty() || ask_reserve_ || adopt_ > 0; });
        if (line_.empty() && !ask_reserve_ && adopt_ == 0) return;  // stop_.
        line_.take(batch);
        ask_reserve_ = false;
        const std::uint64_t adopt = std::exchange(adopt_, 0);
        lock.unlock();
        done_.notify_all();  // There is room again.
        Status written = journal_.append_payload(batch.payload, batch.count);
        if (written && adopt > 0) written = journal_.adopt_snapshot(adopt);
        const bool reserve = journal_.has_reserve();
        lock.lock();
        reserve_ = reserve;
        if (!written) {
            failure_ = written.error();
        } else {
            line_.finish(batch);
        }
        done_.notify_all();
        tell_owner();
        if (failure_) return;
    }
}

}  // namespace nearfab
