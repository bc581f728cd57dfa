// SPDX-License-Identifier: GPL-3.0-or-later
// Pieces of several jobs in one run of a printer: the real programs, PrusaSlicer, a simulated
// printer.

#include "tests/e2e/network.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

namespace nearfab::e2e {
namespace {

bool says(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

struct PlateOfThree {
    // Its printer cannot start yet, so that all three come together.
    explicit PlateOfThree(double speed)
        : network{{FabPlan{
              .name = "lyon", .speed = speed, .bed_clear = false, .pieces_per_plate = 3}}} {
        for (int piece = 0; piece < 3; ++piece)
            jobs.push_back(network.submit("wall_hook", {"--material", "pla", "--new"}));
        const bool together =
            network.until([this] { return rows_saying("plate of 3, waiting") == 3; });
        INFO(network.operate("lyon", {"status"}).out << network.log_of("lyon"));
        REQUIRE(together);
        // All three were sent to the machine alone, and then together.
        REQUIRE(network.until([this] { return files_of_three() == 1; }));
    }

    std::size_t rows_saying(const std::string& words) const {
        const Outcome board = network.operate("lyon", {"status", "--json"});
        if (board.exit_code != 0) return 0;
        const auto rows = nlohmann::json::parse(board.out).at("work");
        return static_cast<std::size_t>(
            std::count_if(rows.begin(), rows.end(), [&](const auto& row) {
                return says(row.value("phase", ""), words);
            }));
    }

    std::size_t files_of_three() const {
        std::size_t found = 0;
        for (const auto& entry :
             std::filesystem::recursive_directory_iterator{network.folder() / "lyon-p1"}) {
            found += says(entry.path().filename().string(), "-p3-") ? 1U : 0U;
        }
        return found;
    }

    bool all_are(const std::string& state) const {
        return std::all_of(jobs.begin(), jobs.end(), [&](const std::string& job) {
            return network.work_state(job) == state;
        });
    }

    void clear_bed() const {
        const Outcome cleared = network.operate("lyon", {"clear-bed", "p1"});
        INFO(cleared.err);
        REQUIRE(cleared.exit_code == 0);
    }

    Network network;
    std::vector<std::string> jobs;
};

TEST_CASE("three jobs share a run, and each is handed over by itself", "[e2e]") {
    if (!can_slice()) return;
    PlateOfThree fab{20000};
    fab.clear_bed();
    REQUIRE(fab.network.until([&] { return fab.all_are("produced"); }));
    for (const std::string& job : fab.jobs)
        REQUIRE(fab.network.operate("lyon", {"inspect", job, "--good"}).exit_code == 0);
    fab.clear_bed();
    for (const std::string& job : fab.jobs) {
        REQUIRE(fab.network.operate("lyon", {"hand-over", job}).exit_code == 0);
        REQUIRE(
            fab.network.until([&] { return fab.network.job(job).value("state", "") == "closed"; }));
        const std::string story = fab.network.history(job);
        INFO(story);
        CHECK_FALSE(says(story, "failed"));
        CHECK_FALSE(says(story, "doubt"));
    }
}

TEST_CASE("who cancels one of a plate does not stop the others", "[e2e]") {
    if (!can_slice()) return;
    PlateOfThree fab{1000};
    fab.clear_bed();
    REQUIRE(fab.network.until([&] { return fab.all_are("producing"); }));
    REQUIRE(fab.network.nearfab({"cancel", fab.jobs[1]}).exit_code == 0);
    REQUIRE(fab.network.until([&] { return fab.rows_saying("it ends with its plate") == 1; }));

    SECTION("which are made") {
        REQUIRE(fab.network.until([&] {
            return fab.network.work_state(fab.jobs[0]) == "produced" &&
                   fab.network.work_state(fab.jobs[2]) == "produced";
        }));
    }
    SECTION("not even when the agent is killed meanwhile") {
        fab.network.fabs.at("lyon").kill();
        fab.network.start_fab("lyon");
        REQUIRE(fab.network.until([&] {
            return fab.network.work_state(fab.jobs[0]) == "produced" &&
                   fab.network.work_state(fab.jobs[2]) == "produced";
        }));
    }
    SECTION("until nobody wants any of them") {
        REQUIRE(fab.network.nearfab({"cancel", fab.jobs[0]}).exit_code == 0);
        REQUIRE(fab.network.nearfab({"cancel", fab.jobs[2]}).exit_code == 0);
        for (const std::string& job : fab.jobs) {
            REQUIRE(fab.network.until(
                [&] { return fab.network.job(job).value("state", "") == "cancelled"; }));
        }
    }
}

}  // namespace
}  // namespace nearfab::e2e
