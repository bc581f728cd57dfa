// SPDX-License-Identifier: GPL-3.0-or-later
// analyser.hpp - runs the analysis worker for one design after another, beside the event loop.
//
// Owns one thread. submit() may be called from the loop's thread only; outcomes are handed to
// `done` on the analyser's own thread, which must only pass them on.

#pragma once

#include "proto/model/part.hpp"
#include "router/core/event.hpp"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace nearfab::router {

struct AnalyserOptions {
    std::filesystem::path worker;          // The program nearfab-analyse.
    std::filesystem::path work_directory;  // Empty, ours; the worker may write there.
    // The largest file that may be sent (64 MiB, 1.3 million triangles) took 7 s and 270 MB when
    // this was written; what takes ten times as long is no part but an attempt.
    std::uint64_t memory_bytes = 2ULL << 30U;
    std::uint32_t seconds = 60;  // Of processor time; twice as long by the clock.
};

class Analyser {
public:
    struct Task {
        DesignReading design;
        std::filesystem::path file;
    };
    using Done = std::function<void(AnalysisDone)>;

    Analyser(AnalyserOptions options, Done done);
    ~Analyser();
    Analyser(const Analyser&) = delete;
    Analyser& operator=(const Analyser&) = delete;

    void submit(Task task);

private:
    void work(const std::stop_token& stop);
    [[nodiscard]] AnalysisDone run(const Task& task, const std::stop_token& stop) const;

    AnalyserOptions options_;
    Done done_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<Task> tasks_;
    std::jthread thread_;  // Last: it uses everything above.
};

}  // namespace nearfab::router
