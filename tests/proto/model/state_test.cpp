// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/message.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace nearfab;

namespace {

// Every enumerator from 0 to `last` has a lower-case word of its own, and 0 is "unknown".
template <typename Enum>
void check_words(Enum last) {
    std::set<std::string> seen;
    for (int i = 0; i <= static_cast<int>(last); ++i) {
        const std::string word = to_string(static_cast<Enum>(i));
        CHECK(seen.insert(word).second);
        CHECK(word.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string::npos);
        CHECK((word == "unknown") == (i == 0));
    }
    CHECK(to_string(static_cast<Enum>(200)) == "unknown");
}

}  // namespace

TEST_CASE("every state has a word of its own") {
    check_words(Role::peer);
    check_words(MachineState::drained);
    check_words(JobState::failed);
    check_words(WorkOrderState::failed_final);
    check_words(Objective::soonest);
    check_words(Requirement::trusted);
    check_words(message::AttemptState::released);
    check_words(message::OperatorAction::load);
    CHECK(to_string(Role::operator_) == "operator");
    CHECK(to_string(WorkOrderState::in_doubt) == "in_doubt");
}

TEST_CASE("work is offered only to machines that will come up") {
    using enum MachineState;
    for (const auto state : {idle, working, busy_locally, awaiting_clear})
        CHECK(takes_offers(state));
    for (const auto state : {MachineState::unknown, offline, fault, drained}) {
        CHECK_FALSE(takes_offers(state));
    }
}

TEST_CASE("a job or work order that is over stays over") {
    for (const auto state :
         {JobState::closed, JobState::rejected, JobState::cancelled, JobState::failed}) {
        CHECK(is_final(state));
    }
    for (const auto state : {JobState::unknown,
                             JobState::analysing,
                             JobState::matching,
                             JobState::in_production,
                             JobState::ready}) {
        CHECK_FALSE(is_final(state));
    }
    CHECK(is_final(WorkOrderState::delivered));
    CHECK(is_final(WorkOrderState::cancelled));
    CHECK(is_final(WorkOrderState::failed_final));
    CHECK_FALSE(is_final(WorkOrderState::in_doubt));
    CHECK_FALSE(is_final(WorkOrderState::inspected));
}

TEST_CASE("once a start right is given the part may exist") {
    using enum WorkOrderState;
    for (const auto state : {authorised, producing, produced, in_doubt, inspected, delivered}) {
        CHECK(may_exist(state));
    }
    for (const auto state : {queued, offered, reserved, WorkOrderState::cancelled, failed_final}) {
        CHECK_FALSE(may_exist(state));
    }
    CHECK(may_exist(WorkOrderState::unknown));
}
