// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/follow_job.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {

TEST_CASE("watching ends with the end of the job") {
    CHECK(end_of(JobState::closed) == ExitCode::ok);
    CHECK(end_of(JobState::failed) == ExitCode::job_failed);
    CHECK(end_of(JobState::rejected) == ExitCode::job_failed);
    CHECK(end_of(JobState::cancelled) == ExitCode::job_failed);
    CHECK_FALSE(end_of(JobState::ready).has_value());
    CHECK_FALSE(end_of(JobState::matching).has_value());
    CHECK_FALSE(end_of(JobState::unknown).has_value());
}

TEST_CASE("a job waits for fabs when a queued work order has no candidate") {
    JobStatus job;
    job.state = JobState::matching;
    WorkOrderStatus order;
    order.id = WorkOrderId{"a-1"};
    order.state = WorkOrderState::queued;
    job.work_orders.push_back(order);
    message::WorkOrderReason reason;
    reason.work_order = order.id;
    message::Why why;
    CHECK_FALSE(waits_for_fabs(job, why));  // Nothing is decided yet.
    why.work_orders.push_back(reason);
    CHECK(waits_for_fabs(job, why));
    why.work_orders[0].report.candidates.emplace_back();
    CHECK_FALSE(waits_for_fabs(job, why));
    why.work_orders[0].report.candidates.clear();
    job.work_orders[0].state = WorkOrderState::offered;
    CHECK_FALSE(waits_for_fabs(job, why));
}

TEST_CASE("the time-out of watching is checked") {
    CHECK_FALSE(follow_timeout({}).value().has_value());
    CHECK(follow_timeout({"90s", false}).value() == std::chrono::seconds{90});
    CHECK(follow_timeout({"soon", false}).error().code == ErrorCode::invalid_argument);
}

}  // namespace nearfab::cli
