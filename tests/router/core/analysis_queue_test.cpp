// SPDX-License-Identifier: GPL-3.0-or-later
// Designs wait for their analysis in one line for each submitter, and the lines take turns.

#include "router/core/analysis_queue.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace nearfab::router {
namespace {

const IdentityId ada{"ada"};
const IdentityId bob{"bob"};
const IdentityId cleo{"cleo"};

DesignReading design(const std::string& name) {
    return {hash_of(name)};
}

TEST_CASE("who submits one design does not wait for all of another's", "[analysis]") {
    AnalysisQueue queue;
    for (int i = 0; i < 50; ++i)
        queue.add(ada, design("a" + std::to_string(i)));
    queue.add(bob, design("b"));
    queue.add(cleo, design("c"));
    std::vector<DesignReading> order;
    while (const auto next = queue.next()) {
        order.push_back(*next);
        if (order.size() > 4) break;
        queue.done(*next);
    }
    REQUIRE(order.size() == 5);
    CHECK(order[0] == design("a0"));
    CHECK(order[1] == design("b"));
    CHECK(order[2] == design("c"));
    CHECK(order[3] == design("a1"));
    CHECK(queue.waiting_of(ada) == 47);
    CHECK(queue.waiting_of(bob) == 0);
}

TEST_CASE("only a few are given out at a time, each once", "[analysis]") {
    AnalysisQueue queue;
    for (const char* name : {"x", "y", "z", "x"})
        queue.add(ada, design(name));
    CHECK(queue.size() == 3);
    CHECK(queue.next() == design("x"));
    CHECK(queue.next() == design("y"));
    CHECK_FALSE(queue.next());
    queue.add(bob, design("x"));  // It is being analysed; its outcome counts for everybody.
    queue.done(design("x"));
    CHECK(queue.next() == design("z"));
    CHECK_FALSE(queue.next());
    CHECK(queue.knows(design("z")));
    CHECK_FALSE(queue.knows(design("x")));
}

TEST_CASE("a design is analysed once for each unit that somebody says", "[analysis]") {
    AnalysisQueue queue;
    const DesignReading in_inches{hash_of("x"), LengthUnit::inch};
    queue.add(ada, design("x"));
    queue.add(bob, in_inches);
    queue.add(cleo, in_inches);
    CHECK(queue.size() == 2);
    CHECK(queue.next() == design("x"));
    CHECK(queue.next() == in_inches);
    queue.done(design("x"));
    CHECK(queue.knows(in_inches));
}

TEST_CASE("a design that was never given out cannot be done", "[analysis]") {
    AnalysisQueue queue;
    queue.add(ada, design("x"));
    queue.done(design("x"));
    queue.done(design("unknown"));
    CHECK(queue.next() == design("x"));
}

}  // namespace
}  // namespace nearfab::router
