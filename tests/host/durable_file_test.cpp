// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/durable_file.hpp"

#include "host/disk_space.hpp"
#include "tests/host/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace nearfab {
namespace {

std::vector<std::uint8_t> bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

mode_t mode_of(const std::filesystem::path& path) {
    struct stat facts {};
    REQUIRE(::stat(path.c_str(), &facts) == 0);
    return facts.st_mode & 0777U;
}

TEST_CASE("a durably written file reads back and is private", "[host]") {
    const test::ScratchDirectory scratch;
    REQUIRE(write_durably(scratch / "key", bytes_of("secret")));
    CHECK(*read_file(scratch / "key", 100) == bytes_of("secret"));
    CHECK(mode_of(scratch / "key") == 0600);
}

TEST_CASE("writing again replaces the whole file and leaves no other file behind", "[host]") {
    const test::ScratchDirectory scratch;
    REQUIRE(write_durably(scratch / "a", bytes_of("a long first version")));
    REQUIRE(write_durably(scratch / "a", bytes_of("short"), 0644));
    CHECK(*read_file(scratch / "a", 100) == bytes_of("short"));
    CHECK(mode_of(scratch / "a") == 0644);
    CHECK(std::distance(std::filesystem::directory_iterator{scratch.path()}, {}) == 1);
}

TEST_CASE("a failed write leaves the old file and no temporary one", "[host]") {
    const test::ScratchDirectory scratch;
    std::filesystem::create_directories(scratch / "taken/inside");
    const Status written = write_durably(scratch / "taken", bytes_of("x"));
    REQUIRE_FALSE(written);
    CHECK(written.error().code == ErrorCode::storage);
    CHECK(std::distance(std::filesystem::directory_iterator{scratch.path()}, {}) == 1);
    CHECK_FALSE(write_durably(scratch / "missing/file", bytes_of("x")));
}

TEST_CASE("reading says what is wrong: missing, too large, not a file", "[host]") {
    const test::ScratchDirectory scratch;
    CHECK(read_file(scratch / "nothing", 10).error().code == ErrorCode::not_found);
    CHECK(read_file(scratch.path(), 10).error().code == ErrorCode::storage);
    REQUIRE(write_durably(scratch / "big", bytes_of("12345678901")));
    const auto big = read_file(scratch / "big", 10);
    REQUIRE_FALSE(big);
    CHECK(big.error().code == ErrorCode::too_large);
    CHECK(big.error().message.find("11 bytes") != std::string::npos);
    CHECK(big.error().message.find("10 are allowed") != std::string::npos);
    CHECK(read_file(scratch / "big", 11)->size() == 11);
}

TEST_CASE("a named pipe is refused and not waited for", "[host]") {
    const test::ScratchDirectory scratch;
    REQUIRE(::mkfifo((scratch / "pipe").c_str(), 0600) == 0);
    CHECK_FALSE(read_file(scratch / "pipe", 10));
}

TEST_CASE("a file larger than one read step comes back whole", "[host]") {
    const test::ScratchDirectory scratch;
    std::vector<std::uint8_t> bytes(1'000'003);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes[i] = static_cast<std::uint8_t>(i * 7);
    REQUIRE(write_durably(scratch / "f", bytes));
    CHECK(*read_file(scratch / "f", bytes.size()) == bytes);
}

TEST_CASE("a private directory is made with its parents and closed to others", "[host]") {
    const test::ScratchDirectory scratch;
    REQUIRE(make_private_directory(scratch / "a/b/c/"));
    CHECK(mode_of(scratch / "a") == 0700);
    CHECK(mode_of(scratch / "a/b/c") == 0700);
    ::chmod((scratch / "a/b/c").c_str(), 0755);
    REQUIRE(make_private_directory(scratch / "a/b/c"));
    CHECK(mode_of(scratch / "a/b/c") == 0700);
}

TEST_CASE("a file in the place of a directory is refused", "[host]") {
    const test::ScratchDirectory scratch;
    REQUIRE(write_durably(scratch / "file", bytes_of("x")));
    CHECK_FALSE(make_private_directory(scratch / "file"));
    CHECK_FALSE(make_private_directory(scratch / "file/below"));
}

TEST_CASE("a directory takes the place of another, which is kept", "[host]") {
    const test::ScratchDirectory scratch;
    for (const std::string name : {"fresh", "place"}) {
        std::filesystem::create_directory(scratch / name);
        REQUIRE(write_durably(scratch / name / "file", bytes_of(name)));
    }
    REQUIRE(replace_directory(scratch / "fresh", scratch / "place", scratch / "kept"));
    CHECK(*read_file(scratch / "place/file", 10) == bytes_of("fresh"));
    CHECK(*read_file(scratch / "kept/file", 10) == bytes_of("place"));
    CHECK_FALSE(std::filesystem::exists(scratch / "fresh"));
    // Nothing to put there: nothing changes.
    CHECK_FALSE(replace_directory(scratch / "fresh", scratch / "place", scratch / "other"));
    CHECK(*read_file(scratch / "place/file", 10) == bytes_of("fresh"));
}

TEST_CASE("the free space of a directory is known, that of a missing one is an error", "[host]") {
    const test::ScratchDirectory scratch;
    CHECK(*free_bytes(scratch.path()) > 0);
    CHECK(free_bytes(scratch / "missing").error().code == ErrorCode::not_found);
}

}  // namespace
}  // namespace nearfab
