// SPDX-License-Identifier: GPL-3.0-or-later
// story.hpp - plays a story of commands to an agent and writes down what it does.
//
// A story file holds prose and scenes, separated by blank lines. A scene is command lines, a line
// "----", and the effects that follow. After every step the invariants are checked.

#pragma once

#include "node-agent/core/agent.hpp"
#include "node-agent/core/invariants.hpp"
#include "tests/node-agent/core/fab_builder.hpp"

#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

namespace nearfab::agent {

class Story {
public:
    Story();

    // One command line; the lines of effects that follow, each ended by a newline.
    [[nodiscard]] std::string play(const std::string& line);

private:
    using Words = std::istringstream;

    [[nodiscard]] std::string step(const Event& event);
    [[nodiscard]] std::string show(const Effects& effects);
    [[nodiscard]] std::optional<Event> event_from(const std::string& verb, Words& words);
    [[nodiscard]] std::optional<Event> router_event(const std::string& verb, Words& words);
    [[nodiscard]] std::optional<Event> worker_event(const std::string& verb, Words& words);
    [[nodiscard]] Event reading_from(Words& words);
    [[nodiscard]] std::string file_from(const std::string& text) const;
    [[nodiscard]] Event right_from(Words& words);
    [[nodiscard]] Event offer_from(Words& words);
    [[nodiscard]] static Event pause_answer_from(Words& words);
    [[nodiscard]] Event command_from(Words& words);
    [[nodiscard]] message::OperatorCommand order_from(Words& words) const;
    [[nodiscard]] Event relayed_from(Words& words);
    [[nodiscard]] std::string wait(Words& words);
    [[nodiscard]] std::string acknowledge();
    [[nodiscard]] std::string restart(bool reboot);
    [[nodiscard]] std::string status() const;

    AgentOptions options_ = small_fab();
    std::unique_ptr<Agent> agent_;
    Invariants invariants_;
    Moment now_{TimePoint{Duration{1'000'000}}, WallTime{Duration{1'700'000'000'000}}};
    std::vector<Fact> journal_;
    std::vector<std::uint64_t> tokens_;
    std::map<AttemptKey, std::vector<std::uint64_t>> nonces_;
    std::map<AttemptKey, ContentHash> codes_;        // Of the last questions.
    std::map<std::uint64_t, message::Pass> passes_;  // Given last, by request.
    bool show_adverts_ = false;
};

}  // namespace nearfab::agent
