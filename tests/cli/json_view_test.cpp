// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/json_view.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {
namespace {

message::AskQuote question_about(const PartFacts& facts) {
    message::AskQuote question;
    question.spec.parts.emplace_back();
    question.spec.parts[0].process = ProcessId{"fdm"};
    question.facts = facts;
    return question;
}

}  // namespace

TEST_CASE("a submission is one line of JSON") {
    CHECK(json_of_submission({JobId{"3f9c"}, true}, "k1", question_about({})) ==
          "{\"job\":\"3f9c\",\"existed\":true,\"key\":\"k1\",\"verdict\":null}\n");
}

TEST_CASE("a job in JSON keeps its keys") {
    JobStatus job;
    job.id = JobId{"3f9c"};
    job.submitter = IdentityId{"anna"};
    job.title = "Hook";
    job.state = JobState::matching;
    job.work_orders.emplace_back();
    job.work_orders[0].id = WorkOrderId{"3f9c-1"};
    job.work_orders[0].state = WorkOrderState::queued;
    CHECK(json_of_job(job) == R"({
  "job": "3f9c",
  "title": "Hook",
  "submitter": "anna",
  "state": "matching",
  "final": false,
  "reason": null,
  "cancel_wanted": false,
  "submitted_at": "1970-01-01T00:00:00Z",
  "changed_at": "1970-01-01T00:00:00Z",
  "work_orders": [
    {
      "work_order": "3f9c-1",
      "part": 0,
      "state": "queued",
      "epoch": 0,
      "attempts": 0,
      "fab": null,
      "machine": null,
      "distance_km": null,
      "disconnected": false,
      "phase": null,
      "progress": 0.0,
      "remaining_s": 0,
      "next": null,
      "planned_fab": null,
      "planned_machine": null
    }
  ],
  "parts": [],
  "remarks": []
}
)");
}

TEST_CASE("a quote in JSON keeps its keys") {
    MatchReport report;
    report.machines_seen = 2;
    report.candidates.emplace_back();
    report.candidates[0].fab = FabId{"lyon"};
    report.candidates[0].placement = {1, 90};
    report.rejections.emplace_back();
    report.rejections[0].requirement = Requirement::material;
    PartFacts facts;
    facts.processes.push_back({ProcessId{"fdm"}, Feasibility::with_remarks, {}, {}, 90.5, 0.15});
    facts.processes[0].reasons.push_back({"wall_thin", false, false, {}, 1, 1.2, "mm", "thin"});
    facts.processes[0].finest = NeededFeature{"the thinnest wall", {1, PartPoint{1, 2, 3}}};
    CHECK(json_of_quote(question_about(facts), {report}) == R"({
  "machines_seen": 2,
  "candidates": [
    {
      "rank": 1,
      "fab": "lyon",
      "machine": "",
      "distance_km": 0.0,
      "finish_s": 0,
      "making_s": 0,
      "recent_work_s": 0,
      "neighbour": false,
      "up_axis": "x",
      "turn_deg": 90.0,
      "mass_g": 0.0,
      "price": null,
      "footprint": null,
      "why": ""
    }
  ],
  "rejections": [
    {
      "fab": "",
      "machine": "",
      "distance_km": 0.0,
      "requirement": "material",
      "needed": "",
      "offered": "",
      "text": ""
    }
  ],
  "alternatives": [],
  "footprint_basis": [],
  "verdict": {
    "process": "fdm",
    "verdict": "with_remarks",
    "reasons": [
      {
        "rule": "wall_thin",
        "blocking": false,
        "beyond_machines": false,
        "at_mm": null,
        "measured": 1.0,
        "limit": 1.2,
        "unit": "mm",
        "text": "thin"
      }
    ],
    "finest": {
      "what": "the thinnest wall",
      "mm": 1.0,
      "at_mm": [
        1.0,
        2.0,
        3.0
      ]
    },
    "typical_time_s": 90.5
  }
}
)");
}

TEST_CASE("events are one object per line, so that a program can read them as they come") {
    CHECK(json_of_event(JobId{"3f9c"}, {4, WallTime{}, WorkOrderId{}, "two\nlines"}) ==
          "{\"type\":\"event\",\"job\":\"3f9c\",\"number\":4,\"at\":\"1970-01-01T00:00:00Z\","
          "\"work_order\":null,\"text\":\"two\\nlines\"}\n");
    const std::string result = json_of_result(JobStatus{});
    CHECK(result.starts_with("{\"type\":\"result\",\"job\":{"));
    CHECK(result.find('\n') == result.size() - 1);
}

TEST_CASE("a distance is null when nobody asked from where") {
    message::Fabs fabs;
    fabs.fabs.emplace_back();
    CHECK(json_of_fabs(fabs, false).find("\"distance_km\": null") != std::string::npos);
    CHECK(json_of_fabs(fabs, true).find("\"distance_km\": 0.0") != std::string::npos);
}

TEST_CASE("text that is no UTF-8 does not break the JSON") {
    JobStatus job;
    job.title = "\xFF";
    CHECK(json_of_job(job).find("\xEF\xBF\xBD") != std::string::npos);
}

}  // namespace nearfab::cli
