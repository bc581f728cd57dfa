// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/file_lock.hpp"

#include "tests/host/scratch_directory.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <unistd.h>

namespace nearfab {
namespace {

TEST_CASE("a second holder is refused and told who has it", "[host]") {
    const test::ScratchDirectory scratch;
    const auto first = FileLock::take(scratch / "lock", "/data/journal");
    REQUIRE(first);
    const auto second = FileLock::take(scratch / "lock", "/data/journal");
    REQUIRE_FALSE(second);
    CHECK(second.error().code == ErrorCode::conflict);
    CHECK(second.error().message ==
          "another process uses /data/journal (process " + std::to_string(::getpid()) + ")");
}

TEST_CASE("a lock is free again when its holder is gone", "[host]") {
    const test::ScratchDirectory scratch;
    { REQUIRE(FileLock::take(scratch / "lock", "x")); }
    CHECK(FileLock::take(scratch / "lock", "x"));
}

}  // namespace
}  // namespace nearfab
