// SPDX-License-Identifier: GPL-3.0-or-later
// Two programs with one key show themselves; a program that crashes does not look like two.

#include "router/core/clone_watch.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace nearfab::router {
namespace {

const FabId lyon{"lyon"};
const FabId paris{"paris"};

TEST_CASE("a run that lost its place to another and comes back is one of two", "[clone]") {
    CloneWatch watch;
    CHECK_FALSE(watch.saw(lyon, "a"));
    CHECK_FALSE(watch.saw(lyon, "a"));  // A new session of the same run.
    CHECK_FALSE(watch.saw(lyon, "b"));
    CHECK(watch.saw(lyon, "a"));
    CHECK(watch.saw(lyon, "b"));
}

TEST_CASE("restarts, however many, are no second program", "[clone]") {
    CloneWatch watch;
    for (int i = 0; i < 1000; ++i) {
        CHECK_FALSE(watch.saw(lyon, "run" + std::to_string(i)));
        CHECK_FALSE(watch.saw(lyon, "run" + std::to_string(i)));
    }
}

TEST_CASE("three programs with one key are found as well, and other fabs are not blamed",
          "[clone]") {
    CloneWatch watch;
    CHECK_FALSE(watch.saw(lyon, "a"));
    CHECK_FALSE(watch.saw(lyon, "b"));
    CHECK_FALSE(watch.saw(paris, "a"));
    CHECK_FALSE(watch.saw(lyon, "c"));
    CHECK(watch.saw(lyon, "a"));
    CHECK_FALSE(watch.saw(paris, "a"));
}

TEST_CASE("after somebody has looked it begins anew", "[clone]") {
    CloneWatch watch;
    watch.saw(lyon, "a");
    watch.saw(lyon, "b");
    watch.forget(lyon);
    CHECK_FALSE(watch.saw(lyon, "a"));
    CHECK_FALSE(watch.saw(lyon, "b"));
    CHECK(watch.saw(lyon, "a"));
}

}  // namespace
}  // namespace nearfab::router
