// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/core/deadlines.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace nearfab::router {
namespace {

TimePoint at(std::int64_t ms) {
    return TimePoint{Duration{ms}};
}

TEST_CASE("the first deadline is the earliest, whatever was set, moved and cleared", "[router]") {
    std::mt19937 random{20261129};
    Deadlines deadlines;
    std::map<WorkOrderId, TimePoint> plain;
    for (int i = 0; i < 5000; ++i) {
        const WorkOrderId id{"job-" + std::to_string(random() % 50)};
        if (random() % 3 == 0) {
            deadlines.clear(id);
            plain.erase(id);
        } else {
            const TimePoint when = at(static_cast<std::int64_t>(random() % 100));
            deadlines.set(id, when);
            plain[id] = when;
        }
        std::optional<TimePoint> first;
        for (const auto& [order, when] : plain)
            first = first ? std::min(*first, when) : when;
        REQUIRE(deadlines.first() == first);
        REQUIRE(deadlines.of(id).has_value() == plain.contains(id));
    }
}

TEST_CASE("what is due comes by name, once", "[router]") {
    Deadlines deadlines;
    deadlines.set(WorkOrderId{"b"}, at(1));
    deadlines.set(WorkOrderId{"a"}, at(2));
    deadlines.set(WorkOrderId{"c"}, at(3));
    CHECK(deadlines.take_due(at(0)).empty());
    CHECK(deadlines.take_due(at(2)) ==
          std::vector<WorkOrderId>{WorkOrderId{"a"}, WorkOrderId{"b"}});
    CHECK(deadlines.take_due(at(2)).empty());
    CHECK(deadlines.first() == at(3));
}

}  // namespace
}  // namespace nearfab::router
