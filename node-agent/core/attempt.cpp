// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/attempt.hpp"

namespace nearfab::agent {
namespace {

struct Step {
    Stage from;
    Turn turn;
    Stage to;
};

// The whole life of an attempt. A pair that is not here is forbidden.
constexpr std::array steps{
    Step{Stage::seen, Turn::accept, Stage::reserved},
    Step{Stage::seen, Turn::decline, Stage::declined},

    Step{Stage::reserved, Turn::ask, Stage::asked},
    Step{Stage::reserved, Turn::release, Stage::released},
    Step{Stage::reserved, Turn::fail, Stage::failed},  // The design or its preparation is bad.
    Step{Stage::reserved, Turn::burn, Stage::never_started},  // Given back after it was asked for.

    Step{Stage::asked, Turn::ask, Stage::asked},  // Again, with a new nonce.
    Step{Stage::asked, Turn::hold, Stage::reserved},
    Step{Stage::asked, Turn::authorise, Stage::authorised},
    Step{Stage::asked, Turn::release, Stage::released},
    Step{Stage::asked, Turn::burn, Stage::never_started},

    Step{Stage::authorised, Turn::begin, Stage::starting},
    Step{Stage::authorised, Turn::burn, Stage::never_started},

    Step{Stage::starting, Turn::run, Stage::running},
    Step{Stage::starting, Turn::doubt, Stage::in_doubt},
    Step{Stage::starting, Turn::produce, Stage::produced},
    Step{Stage::starting, Turn::fail, Stage::failed},
    Step{Stage::starting, Turn::burn, Stage::never_started},

    Step{Stage::running, Turn::doubt, Stage::in_doubt},
    Step{Stage::running, Turn::produce, Stage::produced},
    Step{Stage::running, Turn::fail, Stage::failed},

    Step{Stage::in_doubt, Turn::doubt, Stage::in_doubt},  // For another reason as well.
    Step{Stage::in_doubt, Turn::run, Stage::running},
    Step{Stage::in_doubt, Turn::produce, Stage::produced},
    Step{Stage::in_doubt, Turn::fail, Stage::failed},
    Step{Stage::in_doubt, Turn::burn, Stage::never_started},

    Step{Stage::produced, Turn::pass, Stage::inspected_good},
    Step{Stage::produced, Turn::reject, Stage::inspected_bad},

    Step{Stage::inspected_good, Turn::hand_over, Stage::delivered},
};

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

std::optional<Stage> next(Stage stage, Turn turn) {
    for (const Step& step : steps) {
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
