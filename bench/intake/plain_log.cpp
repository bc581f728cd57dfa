// SPDX-License-Identifier: GPL-3.0-or-later
// The floor: bytes appended to a file, one sync for whatever came during the one before.
//
// No hash, no check, no memory of what it holds: what is left of a journal when everything that
// makes it one is taken away.

#include "host/durable_file.hpp"
#include "host/file_descriptor.hpp"

#include "bench/intake/intake_engine.hpp"
#include <condition_variable>
#include <fcntl.h>
#include <mutex>
#include <thread>

namespace nearfab::bench {
namespace {

constexpr std::size_t bytes_ahead = std::size_t{16} << 20U;
constexpr std::size_t batch = 512;
constexpr std::uint64_t file_bytes = std::uint64_t{4} << 30U;

class PlainLog final : public IntakeEngine {
public:
    explicit PlainLog(std::string folder) : path_{std::move(folder) + "/plain.log"} {}
    std::string name() const override { return "plain log, group commit (floor)"; }

    IntakeFigures run(const JobBytes& job, std::chrono::milliseconds time) override {
        const FileDescriptor file{::open(path_.c_str(), O_RDWR | O_CREAT | O_TRUNC, 0600)};
        if (!file.open() || ::posix_fallocate(file.number(), 0, file_bytes) != 0) {
            give_up("cannot make " + path_);
        }
        std::vector<std::uint8_t> jobs;  // The same ones again and again: making them costs more.
        for (std::uint64_t n = 0; n < batch; ++n) {
            const auto one = job(n);
            jobs.insert(jobs.end(), one.begin(), one.end());
        }
        std::thread writer{[&] { write_all(file.number()); }};
        std::uint64_t handed_in = 0;
        const auto start = Clock::now();
        while (Clock::now() < start + time) {
            std::unique_lock lock{mutex_};
            done_.wait(lock, [&] { return waiting_.size() < bytes_ahead; });
            waiting_.insert(waiting_.end(), jobs.begin(), jobs.end());
            handed_in += batch;
            lock.unlock();
            work_.notify_one();
        }
        {
            const std::lock_guard lock{mutex_};
            stop_ = true;
        }
        work_.notify_one();
        writer.join();
        return {.jobs = handed_in,
                .seconds = std::chrono::duration<double>(Clock::now() - start).count(),
                .commits = commits_};
    }

private:
    void write_all(int file) {
        std::vector<std::uint8_t> bytes;
        std::uint64_t offset = 0;
        std::unique_lock lock{mutex_};
        for (;;) {
            work_.wait(lock, [&] { return stop_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            bytes.clear();
            std::swap(bytes, waiting_);
            lock.unlock();
            done_.notify_one();
            if (offset + bytes.size() > file_bytes) offset = 0;
            if (write_fully(file, bytes, offset) != 0 || ::fdatasync(file) != 0) {
                give_up("cannot write " + path_);
            }
            offset += bytes.size();
            ++commits_;
            lock.lock();
        }
    }

    std::string path_;
    std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable done_;
    std::vector<std::uint8_t> waiting_;
    std::uint64_t commits_ = 0;
    bool stop_ = false;
};

}  // namespace

std::unique_ptr<IntakeEngine> plain_log(const IntakeSettings& settings) {
    return std::make_unique<PlainLog>(settings.folder);
}

}  // namespace nearfab::bench
