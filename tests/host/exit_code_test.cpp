// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/exit_code.hpp"

#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace nearfab {
namespace {

TEST_CASE("the exit codes are the documented ones") {
    std::set<int> codes;
    for (const ExitCodeMeaning& entry : exit_code_meanings()) {
        codes.insert(static_cast<int>(entry.code));
    }
    CHECK(codes == std::set<int>{0, 1, 2, 3, 4, 5, 6, 7, 8, 130});
}

TEST_CASE("the README says what each exit code means, in the same words") {
    std::ifstream file{tests::source_folder() + "/cli/README.md"};
    const std::string readme{std::istreambuf_iterator<char>{file}, {}};
    for (const ExitCodeMeaning& entry : exit_code_meanings()) {
        const std::string row = "| " + std::to_string(static_cast<int>(entry.code)) + " | " +
                                std::string{entry.meaning} + " |";
        INFO(row);
        CHECK(readme.find(row) != std::string::npos);
    }
}

TEST_CASE("errors end the program by their kind") {
    CHECK(exit_code_of(ErrorCode::invalid_argument) == ExitCode::usage);
    CHECK(exit_code_of(ErrorCode::config) == ExitCode::usage);
    CHECK(exit_code_of(ErrorCode::unauthorised) == ExitCode::authentication);
    CHECK(exit_code_of(ErrorCode::unavailable) == ExitCode::unreachable);
    CHECK(exit_code_of(ErrorCode::timed_out) == ExitCode::unreachable);
    CHECK(exit_code_of(ErrorCode::invalid_file) == ExitCode::file_rejected);
    CHECK(exit_code_of(ErrorCode::internal) == ExitCode::failure);
}

}  // namespace
}  // namespace nearfab
