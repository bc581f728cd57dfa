// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/submission_record.hpp"

#include "tests/cli/temporary_folder.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {
namespace {

const WallTime now{std::chrono::seconds{1'700'000'000}};

}  // namespace

TEST_CASE("a record that was kept is found again for ten minutes") {
    const test::TemporaryFolder folder;
    const auto file = submission_file(folder.path() / "submissions", {"router", "job", "+48h"});
    const SubmissionRecord record{"0123abcd", now, now + std::chrono::hours{48}};
    CHECK_FALSE(recent_submission(file, now).value().has_value());
    REQUIRE(keep_submission(file, record));
    CHECK(recent_submission(file, now).value() == record);
    CHECK(recent_submission(file, now + std::chrono::minutes{10}).value() == record);
    CHECK_FALSE(recent_submission(file, now + std::chrono::minutes{11}).value().has_value());
    CHECK_FALSE(recent_submission(file, now - std::chrono::minutes{1}).value().has_value());
}

TEST_CASE("another job, router or deadline is another submission") {
    const auto name = [](const SubmissionSubject& subject) {
        return submission_file("/s", subject).string();
    };
    const std::string first = name({"router", "job", ""});
    CHECK(first == name({"router", "job", ""}));
    CHECK(first != name({"router", "job2", ""}));
    CHECK(first != name({"router2", "job", ""}));
    CHECK(first != name({"router", "job", "+1h"}));
    CHECK(name({"ab", "c", ""}) != name({"a", "bc", ""}));
}

TEST_CASE("a damaged record is an error, not a new key") {
    const test::TemporaryFolder folder;
    for (const char* text : {"",
                             "key a\n",
                             "made_at_ms 5\n",
                             "key ../x\nmade_at_ms 5\n",
                             "key a\nmade_at_ms five\n",
                             "key a\nmade_at_ms 5\ncolour red\n"}) {
        const auto file = folder.write("a.txt", text);
        INFO(text);
        CHECK_FALSE(recent_submission(file, now).has_value());
    }
}

TEST_CASE("old records are cleaned up, young and foreign files stay") {
    const test::TemporaryFolder folder;
    REQUIRE(forget_old_submissions(folder.path() / "missing", now));
    REQUIRE(keep_submission(folder.path() / "old.txt", {"a", now - std::chrono::hours{1}, {}}));
    REQUIRE(keep_submission(folder.path() / "young.txt", {"b", now, {}}));
    folder.write("damaged.txt", "?");
    folder.write("notes.md", "?");
    REQUIRE(forget_old_submissions(folder.path(), now));
    CHECK_FALSE(std::filesystem::exists(folder.path() / "old.txt"));
    CHECK(std::filesystem::exists(folder.path() / "young.txt"));
    CHECK(std::filesystem::exists(folder.path() / "damaged.txt"));
    CHECK(std::filesystem::exists(folder.path() / "notes.md"));
}

}  // namespace nearfab::cli
