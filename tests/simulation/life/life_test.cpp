// SPDX-License-Identifier: GPL-3.0-or-later
// docs/LIFE.md says what the tables and the real cores say.

#include "router/core/job_life.hpp"
#include "tests/folders.hpp"
#include "tests/simulation/life/matrix.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace nearfab::simulation::life {
namespace {

TEST_CASE("the page about the life of work is up to date", "[life]") {
    const std::string path = tests::source_folder() + "/docs/LIFE.md";
    const std::string page = life_page();
    if (std::getenv("NEARFAB_REWRITE") != nullptr) {
        std::ofstream{path} << page;
        SUCCEED("written anew");
        return;
    }
    std::ostringstream text;
    text << std::ifstream{path}.rdbuf();
    INFO("run this test with NEARFAB_REWRITE=1, then read the difference");
    CHECK((text.str() == page));
}

TEST_CASE("what is over stays over, whatever happens", "[life]") {
    const Matrix matrix = work_order_matrix();
    for (std::size_t column = 0; column < matrix.states.size(); ++column) {
        const std::string& state = matrix.states[column];
        if (state != "delivered" && state != "cancelled" && state != "failed_final") continue;
        for (const Matrix::Row& row : matrix.rows) {
            INFO(state << ", " << row.happening << ": " << row.cells[column]);
            const bool stays = row.cells[column] == "." || row.cells[column].starts_with(" +");
            CHECK(stays);
        }
    }
}

TEST_CASE("only a reservation, a right that is out, or a doubt gets a right", "[life]") {
    const Matrix matrix = work_order_matrix();
    for (const Matrix::Row& row : matrix.rows) {
        for (std::size_t column = 0; column < row.cells.size(); ++column) {
            if (row.cells[column].find("+StartRight") == std::string::npos) continue;
            const std::string& state = matrix.states[column];
            INFO(state << ", " << row.happening);
            CHECK(row.happening == "StartRequest");
            CHECK((state == "reserved" || state == "authorised" || state == "in_doubt"));
        }
    }
}

TEST_CASE("the gate opens for the answer to the last question only", "[life]") {
    const Matrix matrix = attempt_matrix();
    for (const Matrix::Row& row : matrix.rows) {
        for (std::size_t column = 0; column < row.cells.size(); ++column) {
            if (row.cells[column].find("+gate") == std::string::npos) continue;
            CHECK(row.happening == "StartRight for the last question");
            CHECK(matrix.states[column] == "asked");
        }
    }
}

TEST_CASE("every state of a job that is not final has a way out, and no final one has", "[life]") {
    for (int i = 1; i <= static_cast<int>(JobState::failed); ++i) {
        const auto state = static_cast<JobState>(i);
        bool way_out = false;
        for (int s = 1; s <= router::job_step_count; ++s)
            way_out |= router::next_state(state, static_cast<router::JobStep>(s)).has_value();
        CHECK(way_out == !is_final(state));
    }
}

}  // namespace
}  // namespace nearfab::simulation::life
