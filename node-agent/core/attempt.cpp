// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/attempt.hpp"

namespace nearfab::agent {
namespace {

// The whole life of an attempt. A pair that is not here is forbidden.
// clang-format off
constexpr std::array steps{
    AttemptStep{Stage::seen, Turn::accept, Stage::reserved,
        "operator, or by itself", "material, place and terms are still right",
        "AcceptOffer"},
    AttemptStep{Stage::seen, Turn::decline, Stage::declined,
        "operator, router, time", "",
        "DeclineOffer, if the router does not know"},

    AttemptStep{Stage::reserved, Turn::ask, Stage::asked,
        "agent", "confirmed, on the machine, bed clear, person there, connected",
        "StartRequest with a fresh nonce"},
    AttemptStep{Stage::reserved, Turn::release, Stage::released,
        "operator, router, agent", "not asked in this run, or the router knows",
        "report"},
    AttemptStep{Stage::reserved, Turn::fail, Stage::failed,
        "agent", "the design or its preparation is bad",
        "report"},
    AttemptStep{Stage::reserved, Turn::burn, Stage::never_started,
        "operator, router, agent", "a right may be on its way",
        "report"},

    AttemptStep{Stage::asked, Turn::hold, Stage::reserved,
        "time, router", "no answer, a refusal, or no session; the nonce is void",
        ""},
    AttemptStep{Stage::asked, Turn::authorise, Stage::authorised,
        "router", "the nonce of the last question, within the window, newest epoch, same code",
        "written and synced"},
    AttemptStep{Stage::asked, Turn::release, Stage::released,
        "router", "the router says that it is over",
        ""},
    AttemptStep{Stage::asked, Turn::burn, Stage::never_started,
        "operator, router, agent", "a right may be on its way",
        "report"},

    AttemptStep{Stage::authorised, Turn::begin, Stage::starting,
        "agent", "the machine is still ready",
        "written and synced; then the start gate"},
    AttemptStep{Stage::authorised, Turn::burn, Stage::never_started,
        "agent, restart", "the machine is not ready any more",
        "report"},

    AttemptStep{Stage::starting, Turn::run, Stage::running,
        "machine", "the gate says started, or the machine runs our file",
        "report"},
    AttemptStep{Stage::starting, Turn::doubt, Stage::in_doubt,
        "machine", "nobody can say whether it started",
        "report"},
    AttemptStep{Stage::starting, Turn::produce, Stage::produced,
        "machine", "its last run was our file, to the end",
        "report"},
    AttemptStep{Stage::starting, Turn::fail, Stage::failed,
        "machine", "its last run was our file, and ended early",
        "report; closed if unsafe"},
    AttemptStep{Stage::starting, Turn::burn, Stage::never_started,
        "gate, machine", "refused, taken back, or the count of runs proves it",
        "report; the bed is as it was"},

    AttemptStep{Stage::running, Turn::doubt, Stage::in_doubt,
        "machine", "it no longer runs and cannot say what came of it",
        "report"},
    AttemptStep{Stage::running, Turn::produce, Stage::produced,
        "machine", "its last run was our file, to the end",
        "report"},
    AttemptStep{Stage::running, Turn::fail, Stage::failed,
        "machine, router", "ended early, or was stopped",
        "report; closed if unsafe"},

    AttemptStep{Stage::in_doubt, Turn::doubt, Stage::in_doubt,
        "machine", "for another reason as well",
        "report"},
    AttemptStep{Stage::in_doubt, Turn::run, Stage::running,
        "machine", "it runs our file",
        "report"},
    AttemptStep{Stage::in_doubt, Turn::produce, Stage::produced,
        "machine, operator", "the part is there",
        "report"},
    AttemptStep{Stage::in_doubt, Turn::fail, Stage::failed,
        "machine, operator", "no usable part",
        "report"},
    AttemptStep{Stage::in_doubt, Turn::burn, Stage::never_started,
        "machine, operator", "nothing was started",
        "report; the bed is as it was"},

    AttemptStep{Stage::produced, Turn::pass, Stage::inspected_good,
        "operator", "",
        "report"},
    AttemptStep{Stage::produced, Turn::reject, Stage::inspected_bad,
        "operator", "",
        "report"},

    AttemptStep{Stage::inspected_good, Turn::reject, Stage::inspected_bad,
        "operator", "a second look, before it is handed over",
        "report"},
    AttemptStep{Stage::inspected_good, Turn::hand_over, Stage::delivered,
        "operator", "",
        "report"},
};
// clang-format on

constexpr std::array<std::string_view, stage_count> stage_names{"seen",
                                                                "declined",
                                                                "reserved",
                                                                "asked",
                                                                "authorised",
                                                                "starting",
                                                                "running",
                                                                "in doubt",
                                                                "produced",
                                                                "failed",
                                                                "never started",
                                                                "released",
                                                                "inspected good",
                                                                "inspected bad",
                                                                "delivered"};

constexpr std::array<std::string_view, turn_count> turn_names{"accept",
                                                              "decline",
                                                              "ask",
                                                              "hold",
                                                              "authorise",
                                                              "begin",
                                                              "run",
                                                              "doubt",
                                                              "produce",
                                                              "fail",
                                                              "burn",
                                                              "release",
                                                              "pass",
                                                              "reject",
                                                              "hand_over"};

}  // namespace

std::string to_string(const AttemptKey& key) {
    return key.work_order.text() + " e" + std::to_string(key.epoch);
}

std::span<const AttemptStep> attempt_steps() {
    return steps;
}

std::optional<Stage> next(Stage stage, Turn turn) {
    for (const AttemptStep& step : steps) {
        if (step.from == stage && step.turn == turn) return step.to;
    }
    return std::nullopt;
}

std::string_view to_string(Stage stage) {
    return stage_names.at(static_cast<std::size_t>(stage));
}

std::string_view to_string(Turn turn) {
    return turn_names.at(static_cast<std::size_t>(turn));
}

message::AttemptState state_of(Stage stage) {
    using message::AttemptState;
    switch (stage) {
        case Stage::seen:
            return AttemptState::seen;
        case Stage::declined:
            return AttemptState::unknown;
        case Stage::reserved:
        case Stage::asked:
            return AttemptState::reserved;
        case Stage::authorised:
            return AttemptState::authorised;
        case Stage::starting:
            return AttemptState::starting;
        case Stage::running:
            return AttemptState::running;
        case Stage::in_doubt:
            return AttemptState::in_doubt;
        case Stage::produced:
            return AttemptState::produced;
        case Stage::failed:
            return AttemptState::failed;
        case Stage::never_started:
            return AttemptState::never_started;
        case Stage::released:
            return AttemptState::released;
        case Stage::inspected_good:
            return AttemptState::inspected_good;
        case Stage::inspected_bad:
            return AttemptState::inspected_bad;
        case Stage::delivered:
            return AttemptState::delivered;
    }
    return AttemptState::unknown;
}

bool is_final(Stage stage) {
    return stage == Stage::declined || stage == Stage::failed || stage == Stage::never_started ||
           stage == Stage::released || stage == Stage::inspected_bad || stage == Stage::delivered;
}

bool is_waiting(Stage stage) {
    return stage == Stage::reserved || stage == Stage::asked;
}

bool occupies_machine(Stage stage) {
    return stage == Stage::asked || stage == Stage::authorised || stage == Stage::starting ||
           stage == Stage::running || stage == Stage::in_doubt;
}

bool was_started(Stage stage) {
    return stage == Stage::starting || stage == Stage::running || stage == Stage::in_doubt ||
           stage == Stage::produced || stage == Stage::failed || stage == Stage::inspected_good ||
           stage == Stage::inspected_bad || stage == Stage::delivered;
}

bool is_reported(Stage stage) {
    return stage == Stage::running || stage == Stage::in_doubt || stage == Stage::produced ||
           stage == Stage::inspected_good || (is_final(stage) && stage != Stage::declined);
}

}  // namespace nearfab::agent
