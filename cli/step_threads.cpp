// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/step_threads.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <vector>

namespace nearfab::cli {
namespace {

using Progress = std::function<void(std::string_view words, double share)>;

class Floor {
public:
    Floor(std::span<const geometry::CheckStep> steps, const Progress& progress)
        : steps_{steps}, progress_{progress}, states_(steps.size(), State::waiting) {}

    // What each thread does.
    void work() {
        std::unique_lock lock{mutex_};
        while (!failure_ && left_to_begin()) {
            const std::optional<std::size_t> next = ready();
            if (!next) {
                changed_.wait(lock);
                continue;
            }
            states_[*next] = State::begun;
            if (progress_ && !steps_[*next].words.empty())
                progress_(steps_[*next].words, steps_[*next].share);
            lock.unlock();
            const std::exception_ptr failure = run(steps_[*next]);
            lock.lock();
            states_[*next] = State::done;
            if (failure && !failure_) failure_ = failure;
            changed_.notify_all();
        }
    }

    // Once all threads are back.
    void throw_failure() const {
        if (failure_) std::rethrow_exception(failure_);
    }

private:
    enum class State : std::uint8_t { waiting, begun, done };

    static std::exception_ptr run(const geometry::CheckStep& step) {
        try {
            step.run();
        } catch (...) {
            return std::current_exception();  // Thrown again where the caller can see it.
        }
        return nullptr;
    }

    bool left_to_begin() const {
        return std::find(states_.begin(), states_.end(), State::waiting) != states_.end();
    }

    std::optional<std::size_t> ready() const {
        for (std::size_t i = 0; i < steps_.size(); ++i) {
            const auto& after = steps_[i].after;
            const bool may_run = std::all_of(after.begin(), after.end(), [this](std::size_t one) {
                return states_[one] == State::done;
            });
            if (states_[i] == State::waiting && may_run) return i;
        }
        return std::nullopt;
    }

    std::span<const geometry::CheckStep> steps_;
    const Progress& progress_;
    std::mutex mutex_;  // Guards what follows, and the calls of progress.
    std::condition_variable changed_;
    std::vector<State> states_;
    std::exception_ptr failure_;
};

}  // namespace

void run_steps(std::span<const geometry::CheckStep> steps,
               unsigned threads,
               const Progress& progress) {
    NEARFAB_CHECK(threads > 0, "somebody has to do the work");
    Floor floor{steps, progress};
    std::vector<std::jthread> others;
    try {
        for (unsigned i = 1; i < threads; ++i)
            others.emplace_back([&floor] { floor.work(); });
    } catch (const std::system_error&) {
        // The machine gives no more threads: those that there are do all of the work.
    }
    floor.work();
    others.clear();
    floor.throw_failure();
}

}  // namespace nearfab::cli
