// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/follow_job.hpp"

#include "cli/job_view.hpp"
#include "cli/json_view.hpp"
#include "cli/progress_bar.hpp"
#include "cli/router_link.hpp"
#include "host/clock.hpp"
#include "host/signals.hpp"
#include "terminal/quantity_text.hpp"
#include "terminal/time_text.hpp"

#include <algorithm>
#include <ostream>
#include <utility>

namespace nearfab::cli {
namespace {

// How soon Ctrl-C and the time-out are noticed.
constexpr Duration turn = std::chrono::milliseconds{200};

class Follower {
public:
    Follower(wire::Connection& connection,
             JobId job,
             const FollowOptions& options,
             std::optional<Duration> timeout,
             const Screen& screen)
        : connection_{connection},
          job_{std::move(job)},
          options_{options},
          timeout_{timeout},
          screen_{screen},
          bar_{screen, job_.text().substr(0, 8)} {}

    [[nodiscard]] Result<ExitCode> run(SignalWatch& signals) {
        const TimePoint start = clock_.read().boot;
        watching_ = connection_.send(message::WatchJob{.job = job_});
        while (true) {
            auto signal = signals.read();
            if (!signal) return fail(std::move(signal.error()));
            if (*signal) return leave(ExitCode::interrupted, "Stopped watching");
            const TimePoint now = clock_.read().boot;
            if (timeout_ && now - start >= *timeout_) {
                return leave(ExitCode::still_pending,
                             "Not done after " + duration_text(timeout_->count() / 1000));
            }
            const Duration left = timeout_ ? *timeout_ - (now - start) : turn;
            auto received = connection_.next(std::min(turn, left));
            if (!received) return fail(std::move(received.error()));
            if (!*received) continue;
            auto end = take(**received);
            if (!end || *end) return end ? Result<ExitCode>{**end} : fail(std::move(end.error()));
        }
    }

private:
    [[nodiscard]] Result<std::optional<ExitCode>> take(wire::Connection::Received& received) {
        const bool ours =
            received.correlation == watching_ || (asking_ && received.correlation == *asking_);
        if (!ours) return std::nullopt;
        if (auto* failure = std::get_if<message::Failure>(&received.body)) {
            bar_.clear();
            return fail(std::move(failure->error));
        }
        if (const auto* update = std::get_if<message::JobUpdate>(&received.body)) {
            return take_update(*update);
        }
        if (const auto* why = std::get_if<message::Why>(&received.body)) {
            connection_.forget(*asking_);
            asking_.reset();
            if (waits_for_fabs(status_, *why)) {
                return leave(ExitCode::nobody_can, "No fab can make it now");
            }
        }
        return std::nullopt;
    }

    [[nodiscard]] std::optional<ExitCode> take_update(const message::JobUpdate& update) {
        if (!update.more) status_ = update.status;
        for (const JobEvent& event : update.events) {
            if (event.number <= last_event_) continue;  // Told again after a reconnect.
            last_event_ = event.number;
            bar_.clear();
            screen_.out << (screen_.json ? json_of_event(job_, event)
                                         : event_line(event, status_) + "\n")
                        << std::flush;
        }
        if (update.more) return std::nullopt;  // Its status is not complete yet.
        if (const auto end = end_of(status_.state)) return finish(*end);
        const bool may_wait = status_.state == JobState::matching;
        if (options_.no_wait_for_fabs && may_wait && !asking_) {
            asking_ = connection_.send(message::AskWhy{.job = job_});
        }
        draw();
        return std::nullopt;
    }

    void draw() {
        std::string note = to_string(status_.state);
        for (const WorkOrderStatus& order : status_.work_orders) {
            if (order.state != WorkOrderState::producing) continue;
            note = order.fab.text() + ": " + order.phase;
            if (order.remaining_s > 0) note += ", " + duration_text(order.remaining_s) + " left";
            break;
        }
        bar_.show(progress_of(status_), note);
    }

    [[nodiscard]] ExitCode finish(ExitCode end) {
        connection_.forget(watching_);
        bar_.clear();
        if (screen_.json) {
            screen_.out << json_of_result(status_) << std::flush;
        } else {
            screen_.out << job_text(status_, clock_.read().wall, screen_) << std::flush;
        }
        if (end == ExitCode::job_failed) {
            screen_.error({ErrorCode::internal,
                           "job " + job_.text() + " is " + to_string(status_.state) +
                               (status_.reason.empty() ? "" : ": " + status_.reason),
                           "run `nearfab why " + job_.text() + "` for who was asked"});
        }
        return end;
    }

    // The job goes on without us.
    [[nodiscard]] ExitCode leave(ExitCode end, const std::string& because) {
        connection_.forget(watching_);
        bar_.clear();
        if (screen_.json) screen_.out << json_of_result(status_) << std::flush;
        screen_.error({ErrorCode::internal,
                       because + "; job " + job_.text() + " goes on (" + to_string(status_.state) +
                           (status_.reason.empty() ? "" : ": " + status_.reason) + ")",
                       "run `nearfab watch " + job_.text() + "` to follow it, `nearfab cancel " +
                           job_.text() + "` to stop it"});
        return end;
    }

    wire::Connection& connection_;
    JobId job_;
    const FollowOptions& options_;
    std::optional<Duration> timeout_;
    const Screen& screen_;
    ProgressBar bar_;
    SystemClock clock_;
    JobStatus status_;
    std::uint64_t watching_ = 0;
    std::optional<std::uint64_t> asking_;
    std::uint64_t last_event_ = 0;
};

}  // namespace

std::optional<ExitCode> end_of(JobState state) {
    switch (state) {
        case JobState::closed:
            return ExitCode::ok;
        case JobState::rejected:
        case JobState::cancelled:
        case JobState::failed:
            return ExitCode::job_failed;
        case JobState::unknown:
        case JobState::analysing:
        case JobState::matching:
        case JobState::in_production:
        case JobState::ready:
            return std::nullopt;
    }
    return std::nullopt;
}

bool waits_for_fabs(const JobStatus& job, const message::Why& why) {
    if (job.state != JobState::matching) return false;
    for (const message::WorkOrderReason& reason : why.work_orders) {
        const auto order = std::find_if(
            job.work_orders.begin(), job.work_orders.end(), [&](const WorkOrderStatus& o) {
                return o.id == reason.work_order;
            });
        const bool queued =
            order != job.work_orders.end() && order->state == WorkOrderState::queued;
        // What waits for a place at the fab of its plan can be made.
        if (queued && reason.chosen.empty() && reason.planned.empty() &&
            reason.report.candidates.empty()) {
            return true;
        }
    }
    return false;
}

Result<std::optional<Duration>> follow_timeout(const FollowOptions& options) {
    if (!options.timeout) return std::nullopt;
    auto span = parse_duration(*options.timeout);
    if (!span) {
        return fail(
            ErrorCode::invalid_argument, "--timeout: " + span.error().message, span.error().next);
    }
    return *span;
}

Result<ExitCode> follow_job(wire::Connection& connection,
                            const JobId& job,
                            const FollowOptions& options,
                            const Screen& screen) {
    auto timeout = follow_timeout(options);
    if (!timeout) return fail(std::move(timeout.error()));
    auto signals = SignalWatch::open();
    if (!signals) return fail(std::move(signals.error()));
    return Follower{connection, job, options, *timeout, screen}.run(*signals);
}

}  // namespace nearfab::cli
