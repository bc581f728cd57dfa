// SPDX-License-Identifier: GPL-3.0-or-later
// A network report on a screen and as JSON: the same numbers, and words that claim no more.

#include "cli/report_view.hpp"

#include "json/report.hpp"
#include "json/report_words.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <set>
#include <sstream>

namespace nearfab::cli {
namespace {

using Catch::Contains;
using json::as_many_as;
using json::concentration_words;
using json::json_of_report;
using json::words_of;

ReportOfNetwork sample() {
    ReportOfNetwork report;
    report.days = 30;
    report.from = WallTime{std::chrono::hours{24 * 20'000}};
    report.to = report.from + std::chrono::hours{24 * 29 + 9};
    report.pieces = 10;
    report.timed = 8;
    report.machine_s = 36'000;
    report.weighed = 10;
    report.mass_g = 1250;
    report.distance = {9, 1, 3.21, 41.3, 812, {2, 0, 6, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0}};
    report.shares.hhi_pieces = 3800;
    report.shares.hhi_machine_time = 5200;
    report.shares.fabs = 3;
    report.shares.rows = {{FabId{"lyon"}, "FabLab Lyon", "", true, 5, 18'000},
                          {FabId{"paris"}, "", "City of Paris", false, 3, 9000}};
    report.shares.rest_pieces = 2;
    report.shares.rest_machine_s = 9000;
    report.processes = {{ProcessId{"fdm"}, 8, 30'000, 3, 2, 5},
                        {ProcessId{"cnc_mill"}, 2, 6000, 1, 1, 1}};
    report.capabilities.fabs_known = 4;
    report.capabilities.fabs_there = 3;
    report.capabilities.owners_there = 2;
    report.capabilities.machines_there = 6;
    report.capabilities.all = 9;
    report.capabilities.single_fab = 1;
    report.capabilities.single_owner = 2;
    HangingCapability milling;
    milling.process = ProcessId{"cnc_mill"};
    milling.material = MaterialId{"alu_6061"};
    milling.hangs_on = HangsOn::fab;
    milling.fab = FabId{"lyon"};
    milling.envelope = {600, 400, 80};
    milling.pieces = 2;
    HangingCapability owned;
    owned.process = ProcessId{"fdm"};
    owned.material = MaterialId{"asa"};
    owned.hangs_on = HangsOn::owner;
    owned.owner = "City of Paris";
    owned.envelope = {300, 300, 400};
    report.capabilities.rows = {milling, owned};
    WithoutFab without;
    without.fab = FabId{"lyon"};
    without.pieces = 5;
    without.asked_pieces = 4;
    without.asked_parts = 3;
    without.elsewhere_pieces = 3;
    without.nobody_pieces = 1;
    without.nobody_parts = 1;
    without.median_km_now = 2.1;
    without.median_km_elsewhere = 38.4;
    without.rows = {
        {ProcessId{"cnc_mill"}, MaterialId{"alu_6061"}, {120, 80, 20}, 1, WaitsFor::process}};
    without.capabilities_lost = 1;
    report.without_largest = without;
    report.emissions.material = {10, {1000, 2000, 3000}, "mass x factor", {{"read", 10}}};
    report.emissions.energy = {7, {100, 200, 300}, "power x time", {{"read", 5}, {"stated", 2}}};
    report.emissions.transport = {0, {}, "mass x distance", {}};
    report.waiting.matching = 2;
    report.waiting.jobs = 2;
    report.waiting.pieces = 3;
    report.waiting.longest_s = 5400;
    report.waiting.reasons = {{WaitsFor::envelope, 1, 2}, {WaitsFor::a_place, 1, 1}};
    report.by_day = {{6, 20'000, 2.5}, {0, 0, std::nullopt}};
    return report;
}

std::string text_of_report(const ReportOfNetwork& report) {
    std::ostringstream out;
    std::ostringstream err;
    const Screen screen{out, err};
    return report_text(report, screen);
}

TEST_CASE("a report is one screen of tables", "[report]") {
    const std::string text = text_of_report(sample());
    INFO(text);
    CHECK_THAT(text, Contains("the last 30 days"));
    CHECK_THAT(text, Contains("10 pieces by 3 fabs"));
    CHECK_THAT(text, Contains("not known of 2 pieces"));
    CHECK_THAT(text, Contains("3 of 4 fabs that advertised, 2 owners, 6 machines"));
    CHECK_THAT(text, Contains("below 1 km") && Contains("500 to 1000 km"));
    CHECK_THAT(text, !Contains("1000 to 2000 km"));
    CHECK_THAT(text, Contains("50.0 %"));
    CHECK_THAT(text, Contains("... and 1 more"));
    CHECK_THAT(text,
               Contains("3800, high (above 1800): as if 2.6 equal fabs shared it; 3 fabs "
                        "cannot be below 3333"));
    CHECK_THAT(text, Contains("owner City of Paris"));
    CHECK_THAT(text, Contains("600x400x80") && Contains("nobody"));
    CHECK_THAT(text, Contains("4 (an even sample)"));
    CHECK_THAT(text, Contains("within 38.4 km of their use instead of 2.1 km"));
    CHECK_THAT(text, Contains("no machine of the process"));
    CHECK_THAT(text, Contains("read (5); stated (2)"));
    CHECK_THAT(text, Contains("nothing was measured"));
    CHECK_THAT(text, Contains("does not say what making the same elsewhere would have emitted"));
    CHECK_THAT(text, Contains("3 pieces of 2 jobs, the longest for 1 h 30 min"));
    CHECK_THAT(text, Contains("no machine is large enough"));
    for (const char* claim : {"saved", "avoided", "green"})
        CHECK_THAT(text, !Contains(claim));
}

TEST_CASE("an empty report says that there is nothing", "[report]") {
    ReportOfNetwork report;
    report.days = 1;
    const std::string text = text_of_report(report);
    INFO(text);
    CHECK_THAT(text, Contains("Network report of today"));
    CHECK_THAT(text, Contains("0 pieces"));
    CHECK_THAT(text, Contains("none is known"));
    CHECK_THAT(text, Contains("nothing was handed over"));
    CHECK_THAT(text, Contains("no piece waits for a fab"));
    CHECK_THAT(text, !Contains("If the largest"));
}

TEST_CASE("a fab's texts cannot drive a terminal", "[report]") {
    ReportOfNetwork report = sample();
    report.shares.rows[0].title = "\x1b[2Jgone";
    report.capabilities.rows[1].owner = "\x1b[31mred";
    CHECK(text_of_report(report).find('\x1b') == std::string::npos);
}

TEST_CASE("a report as JSON has the documented keys", "[report]") {
    const std::string text = json_of_report(sample());
    INFO(text);
    for (const char* words : {"\"days\": 30",
                              "\"from\": \"2024-10-04T00:00:00Z\"",
                              "\"fabs_there\": 3",
                              "\"machine_time_unknown\": 2",
                              "\"median_km\": 3.21",
                              "\"to_km\": null",
                              "\"hhi\": 3800.0",
                              "\"pieces_share\": 0.5",
                              "\"lacks\": \"process\"",
                              "\"hangs_on\": \"owner\"",
                              "\"elsewhere_mm\": null",
                              "\"not_asked_pieces\": 1",
                              "\"largest_by\": \"pieces\"",
                              "\"typical_g\": 2.0",
                              "\"incomplete\": 10",
                              "\"longest_s\": 5400",
                              "\"what\": \"a_place\"",
                              "\"from\": \"2024-10-05T00:00:00Z\"",
                              "\"median_km\": 2.5"})
        CHECK_THAT(text, Contains(words));
    // A share without any figure has no sum, not a sum of nothing.
    CHECK_THAT(text,
               Contains("\"share\": \"transport\",\n        \"pieces\": 0,\n        "
                        "\"unknown\": 10,\n        \"sum\": null"));
}

TEST_CASE("what is not known is null in JSON", "[report]") {
    const std::string text = json_of_report({});
    INFO(text);
    for (const char* words : {"\"median_km\": null",
                              "\"hhi\": null",
                              "\"without_largest\": null",
                              "\"longest_s\": null",
                              "\"as_many_as\": null"})
        CHECK_THAT(text, Contains(words));
}

TEST_CASE("a router that counts wrongly breaks nothing", "[report]") {
    ReportOfNetwork report = sample();
    report.timed = report.weighed = report.emissions.complete = 1'000'000;
    report.shares.fabs = 0;
    report.without_largest->asked_pieces = 1'000'000;
    CHECK_THAT(json_of_report(report), Contains("\"machine_time_unknown\": 0"));
    CHECK_FALSE(text_of_report(report).empty());
}

TEST_CASE("the words for concentration", "[report]") {
    CHECK(concentration_words(0, 0) == "nothing to measure");
    CHECK(concentration_words(10'000, 1) == "one fab made everything");
    CHECK_THAT(concentration_words(900, 20), Contains("low") && !Contains("cannot"));
    CHECK_THAT(concentration_words(1001, 20), Contains("moderate"));
    CHECK_THAT(concentration_words(1800, 20), Contains("moderate"));
    CHECK_THAT(concentration_words(1801, 20), Contains("high"));
    CHECK_THAT(concentration_words(2000, 5), Contains("5 fabs cannot be below 2000"));
    CHECK(as_many_as(2500) == 4);
}

TEST_CASE("every reason to wait has words of its own", "[report]") {
    std::set<std::string> words;
    for (std::size_t i = 0; i < waits_for_count; ++i)
        words.insert(words_of(static_cast<WaitsFor>(i)));
    CHECK(words.size() == waits_for_count);
}

}  // namespace
}  // namespace nearfab::cli
