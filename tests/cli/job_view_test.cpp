// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/job_view.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace nearfab::cli {
namespace {

const WallTime now{std::chrono::seconds{1'700'000'000}};

JobStatus job_of_two() {
    JobStatus job;
    job.id = JobId{"3f9c01d2a4b86e57"};
    job.submitter = IdentityId{"anna"};
    job.title = "Hooks";
    job.state = JobState::in_production;
    job.submitted_at = now - std::chrono::minutes{12};
    job.changed_at = now;
    WorkOrderStatus made;
    made.id = WorkOrderId{"3f9c01d2a4b86e57-1"};
    made.state = WorkOrderState::inspected;
    made.fab = FabId{"lyon"};
    made.machine = MachineId{"mk3"};
    made.distance_km = 3.2;
    WorkOrderStatus making = made;
    making.id = WorkOrderId{"3f9c01d2a4b86e57-2"};
    making.state = WorkOrderState::producing;
    making.phase = "printing";
    making.progress = 0.5;
    making.remaining_s = 1200;
    making.disconnected = true;
    job.work_orders = {made, making};
    return job;
}

}  // namespace

TEST_CASE("the progress of a job counts what is made and what is being made") {
    JobStatus job = job_of_two();
    CHECK(progress_of(job) == Approx(0.75));
    job.work_orders[1].state = WorkOrderState::cancelled;
    CHECK(progress_of(job) == Approx(1.0));
    CHECK(progress_of(JobStatus{}) == 0);
}

TEST_CASE("one job is its facts and its work orders") {
    std::ostringstream out;
    JobStatus job = job_of_two();
    job.reason = "one part is still printing";
    CHECK(job_text(job, now, Screen{.out = out, .err = out}) ==
          "in_production\n"
          "  job         = 3f9c01d2a4b86e57\n"
          "  title       = Hooks\n"
          "  submitted   = 2023-11-14T22:01:20Z by anna, 12 min ago\n"
          "  last change = just now\n"
          "  reason      = one part is still printing\n"
          "\n"
          "WORK ORDER          STATE                      FAB   MACHINE  DISTANCE  PHASE     "
          "PROGRESS\n"
          "3f9c01d2a4b86e57-1  inspected                  lyon  mk3        3.2 km  -         "
          "100 %\n"
          "3f9c01d2a4b86e57-2  producing (fab is silent)  lyon  mk3        3.2 km  printing  "
          "50 %, 20 min left\n");
}

TEST_CASE("the list of jobs has one line each") {
    CHECK(jobs_text({job_of_two()}, now) ==
          "JOB               TITLE  STATE          FAB   PROGRESS  SUBMITTED   REASON\n"
          "3f9c01d2a4b86e57  Hooks  in_production  lyon      75 %  12 min ago\n");
}

TEST_CASE("an event names its work order by number") {
    CHECK(event_line({1, now, WorkOrderId{"3f9c01d2a4b86e57-2"}, "printing"}, {}) ==
          "2023-11-14T22:13:20Z  #2  printing");
    CHECK(event_line({2, now, WorkOrderId{}, "closed\n"}, {}) ==
          "2023-11-14T22:13:20Z  job  closed?");
}

TEST_CASE("the pieces of several parts are told by the name of their part") {
    JobStatus job;
    job.parts = {{"rack.stl", ProcessId{"fdm"}, MaterialId{"petg"}, 1},
                 {"panel.dxf", ProcessId{"laser_cut"}, MaterialId{"acrylic"}, 1}};
    job.work_orders.resize(2);
    job.work_orders[0].id = WorkOrderId{"3f9c-1"};
    job.work_orders[1].id = WorkOrderId{"3f9c-2"};
    job.work_orders[1].part = 1;
    std::ostringstream out;
    const std::string text = job_text(job, WallTime{}, Screen{.out = out, .err = out});
    CHECK(text.find("WORK ORDER  PART       STATE") != std::string::npos);
    CHECK(text.find("3f9c-2      panel.dxf  unknown") != std::string::npos);
    CHECK(event_line({1, WallTime{}, WorkOrderId{"3f9c-2"}, "cutting"}, job) ==
          "1970-01-01T00:00:00Z  #2 panel.dxf  cutting");
    job.parts.pop_back();
    CHECK(part_of(job, 0).empty());
}

}  // namespace nearfab::cli
