// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/first_verdict.hpp"

#include "cli/follow_job.hpp"
#include "cli/job_view.hpp"
#include "host/clock.hpp"
#include "terminal/quantity_text.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <variant>

namespace nearfab::cli {
namespace {

class FirstVerdict {
public:
    FirstVerdict(wire::Connection& connection, JobId job, const Screen& screen)
        : connection_{connection}, job_{std::move(job)}, screen_{screen} {}

    [[nodiscard]] ExitCode wait(Duration at_most) {
        const TimePoint deadline = clock_.read().boot + at_most;
        watching_ = connection_.send(message::WatchJob{.job = job_});
        for (;;) {
            const TimePoint now = clock_.read().boot;
            if (now >= deadline) return later("it is still " + to_string(status_.state));
            const auto received = connection_.next(deadline - now);
            if (!received) return later("the router fell silent: " + received.error().message);
            if (!*received) continue;
            if (const auto end = take(**received)) return *end;
        }
    }

private:
    [[nodiscard]] std::optional<ExitCode> take(const wire::Connection::Received& received) {
        const bool ours =
            received.correlation == watching_ || (asking_ && received.correlation == *asking_);
        if (!ours) return std::nullopt;
        if (const auto* failure = std::get_if<message::Failure>(&received.body)) {
            return later("the router does not tell more: " + failure->error.message);
        }
        if (const auto* update = std::get_if<message::JobUpdate>(&received.body)) {
            if (update->more) return std::nullopt;  // Its status is not complete yet.
            status_ = update->status;
            return judge();
        }
        if (const auto* why = std::get_if<message::Why>(&received.body)) {
            connection_.forget(*asking_);
            asking_.reset();
            if (waits_for_fabs(status_, *why)) return nobody(*why);
        }
        return std::nullopt;
    }

    [[nodiscard]] std::optional<ExitCode> judge() {
        if (const auto end = end_of(status_.state)) {
            connection_.forget(watching_);
            if (*end == ExitCode::job_failed) {
                screen_.error({ErrorCode::internal,
                               "job " + job_.text() + " is " + to_string(status_.state) +
                                   (status_.reason.empty() ? "" : ": " + status_.reason),
                               "run `nearfab status " + job_.text() + "` for all of it"});
            }
            return end;
        }
        for (const WorkOrderStatus& order : status_.work_orders) {
            if (order.state == WorkOrderState::queued) continue;
            return later("it is with " + order.fab.text() + " / " + order.machine.text() +
                         what_waits());
        }
        if (status_.state == JobState::matching && !asking_) {
            asking_ = connection_.send(message::AskWhy{.job = job_});
        }
        return std::nullopt;
    }

    // Pieces that nobody can make now, of a job that is under way otherwise.
    [[nodiscard]] std::string what_waits() const {
        const auto waiting = std::count_if(
            status_.work_orders.begin(), status_.work_orders.end(), [](const WorkOrderStatus& o) {
                return o.state == WorkOrderState::queued && o.planned_fab.empty();
            });
        if (waiting == 0 || status_.reason.empty()) return {};
        return "; " + counted(static_cast<std::uint64_t>(waiting), "piece waits", "pieces wait") +
               ": " + printable(status_.reason);
    }

    [[nodiscard]] ExitCode nobody(const message::Why& why) {
        connection_.forget(watching_);
        for (const message::WorkOrderReason& reason : why.work_orders) {
            const std::string part = part_of(status_, reason.part);
            const auto& alternatives = reason.report.alternatives;
            // The job's reason names the nearest one.
            for (std::size_t i = 1; i < alternatives.size(); ++i) {
                screen_.remark((part.empty() ? "It" : printable(part)) + " could be made " +
                               printable(alternatives[i].text) + ".");
            }
            if (!alternatives.empty()) break;  // The other pieces are alike.
        }
        screen_.error(
            {ErrorCode::unavailable,
             "job " + job_.text() +
                 " waits: " + (status_.reason.empty() ? "no fab can make it now" : status_.reason),
             "run `nearfab why " + job_.text() + "` for what is missing where; `nearfab " +
                 "cancel " + job_.text() + "` takes it back"});
        return ExitCode::nobody_can;
    }

    // The job goes on, and nothing speaks against it so far.
    [[nodiscard]] ExitCode later(const std::string& how_it_is) {
        connection_.forget(watching_);
        if (asking_) connection_.forget(*asking_);
        screen_.remark("Submitted; " + how_it_is + ". Follow it with: nearfab watch " +
                       job_.text().substr(0, 8));
        return ExitCode::ok;
    }

    wire::Connection& connection_;
    JobId job_;
    const Screen& screen_;
    SystemClock clock_;
    JobStatus status_;
    std::uint64_t watching_ = 0;
    std::optional<std::uint64_t> asking_;
};

}  // namespace

ExitCode first_verdict(wire::Connection& connection,
                       const JobId& job,
                       Duration at_most,
                       const Screen& screen) {
    return FirstVerdict{connection, job, screen}.wait(at_most);
}

}  // namespace nearfab::cli
