// SPDX-License-Identifier: GPL-3.0-or-later
// The table of a work order's life, state by state and event by event.

#include "router/core/work_order.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <vector>

namespace nearfab::router {
namespace {

const std::vector<WorkOrderState> states{WorkOrderState::queued,
                                         WorkOrderState::offered,
                                         WorkOrderState::reserved,
                                         WorkOrderState::authorised,
                                         WorkOrderState::producing,
                                         WorkOrderState::produced,
                                         WorkOrderState::inspected,
                                         WorkOrderState::delivered,
                                         WorkOrderState::in_doubt,
                                         WorkOrderState::cancelled,
                                         WorkOrderState::failed_final};

std::vector<WorkEvent> events() {
    std::vector<WorkEvent> all;
    for (int i = 1; i <= work_event_count; ++i)
        all.push_back(static_cast<WorkEvent>(i));
    return all;
}

TEST_CASE("after a start right silence alone never puts work back into the queue", "[life]") {
    for (const WorkOrderState state : {WorkOrderState::authorised, WorkOrderState::producing}) {
        CHECK_FALSE(next_state(state, WorkEvent::offered));
        CHECK_FALSE(next_state(state, WorkEvent::released));
        CHECK_FALSE(next_state(state, WorkEvent::declared_lost));
        CHECK(next_state(state, WorkEvent::doubted) == WorkOrderState::in_doubt);
    }
    CHECK_FALSE(next_state(WorkOrderState::in_doubt, WorkEvent::offered));
    CHECK(next_state(WorkOrderState::in_doubt, WorkEvent::declared_lost) == WorkOrderState::queued);
}

TEST_CASE("a right to start is given only to a reservation, or to who proves not to have started",
          "[life]") {
    for (const WorkOrderState state : states) {
        CHECK(next_state(state, WorkEvent::authorised).has_value() ==
              (state == WorkOrderState::reserved || state == WorkOrderState::authorised ||
               state == WorkOrderState::in_doubt));
    }
}

TEST_CASE("work is offered only from the queue", "[life]") {
    for (const WorkOrderState state : states) {
        CHECK(next_state(state, WorkEvent::offered).has_value() ==
              (state == WorkOrderState::queued));
    }
}

TEST_CASE("a router that forgot a right believes what the fab reports of a reservation", "[life]") {
    using S = WorkOrderState;
    CHECK(next_state(S::reserved, WorkEvent::started) == S::producing);
    CHECK(next_state(S::reserved, WorkEvent::produced) == S::produced);
    CHECK(next_state(S::reserved, WorkEvent::doubted) == S::in_doubt);
    CHECK(next_state(S::reserved, WorkEvent::inspected) == S::inspected);
    CHECK(next_state(S::reserved, WorkEvent::rejected) == S::queued);
    CHECK(next_state(S::reserved, WorkEvent::delivered) == S::delivered);
    for (const S state : states) {
        CHECK(next_state(state, WorkEvent::adopted).has_value() == (state == S::queued));
    }
}

TEST_CASE("final states are final, and every other state has a way out", "[life]") {
    for (const WorkOrderState state : states) {
        bool way_out = false;
        for (const WorkEvent event : events())
            way_out |= next_state(state, event).has_value();
        CHECK(way_out == !is_final(state));
    }
}

TEST_CASE("every state can be reached from the queue and every event happens", "[life]") {
    std::set<WorkOrderState> reached{WorkOrderState::queued};
    std::set<WorkEvent> used;
    for (std::size_t round = 0; round < states.size(); ++round) {
        for (const WorkOrderState state : std::set<WorkOrderState>{reached}) {
            for (const WorkEvent event : events()) {
                if (const auto next = next_state(state, event)) {
                    reached.insert(*next);
                    used.insert(event);
                }
            }
        }
    }
    CHECK(reached.size() == states.size());
    CHECK(used.size() == events().size());
}

TEST_CASE("every event has a name of its own", "[life]") {
    std::set<std::string_view> names;
    for (const WorkEvent event : events())
        names.insert(to_string(event));
    CHECK(names.size() == events().size());
    CHECK_FALSE(names.contains("unknown"));
}

}  // namespace
}  // namespace nearfab::router
