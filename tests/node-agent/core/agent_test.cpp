// SPDX-License-Identifier: GPL-3.0-or-later
// agent_test.cpp - what is easier said in code than in a story.

#include "node-agent/core/agent.hpp"

#include "tests/node-agent/core/fab_builder.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <set>

namespace nearfab::agent {
namespace {

const AttemptKey first{WorkOrderId{"w1"}, 1};
const Moment start{TimePoint{Duration{1'000'000}}, {}};

std::vector<std::string> texts(const Effects& effects) {
    std::vector<std::string> lines;
    for (const Effect& effect : effects)
        lines.push_back(to_string(effect));
    return lines;
}

std::vector<Fact> up_to_prepared() {
    std::vector<Fact> facts = first_facts(small_fab());
    facts.insert(facts.end(),
                 {fact::Seen{offer_for("w1", 1), "boot-1", 1'020'000},
                  fact::Reserved{first},
                  fact::Confirmed{first},
                  fact::Prepared{first, file_of("w1", 1), code_of("w1"), 3600, 12}});
    return facts;
}

TEST_CASE("a right that was not used before a restart is burnt", "[agent][restart]") {
    Agent agent{small_fab()};
    for (const Fact& fact : up_to_prepared())
        REQUIRE(agent.replay({}, fact));
    REQUIRE(agent.replay({}, fact::Authorised{first, "boot-1", 9'000'000}));
    CHECK(texts(agent.step(start, event::Tick{})) ==
          std::vector<std::string>{"record burnt w1 e1: the agent was restarted before the machine "
                                   "was told to start"});
    CHECK(agent.work().at(first).stage == Stage::never_started);
}

TEST_CASE("a journal whose facts do not follow from each other is refused", "[agent][restart]") {
    Agent agent{small_fab()};
    const Status unseen = agent.replay({}, fact::Running{first});
    REQUIRE_FALSE(unseen);
    CHECK(unseen.error().code == ErrorCode::conflict);
    for (const Fact& fact : up_to_prepared())
        REQUIRE(agent.replay({}, fact));
    const Status leap = agent.replay({}, fact::Running{first});
    REQUIRE_FALSE(leap);
    CHECK(leap.error().message ==
          "the fact \"running w1 e1\" cannot follow the stage \"reserved\"");
}

TEST_CASE("epochs that were seen once stay seen after a restart", "[agent][restart]") {
    Agent agent{small_fab()};
    REQUIRE(agent.replay({}, fact::EpochSeen{{WorkOrderId{"w1"}, 7}}));
    CHECK(agent.highest_epoch(WorkOrderId{"w1"}) == 7);
    (void)agent.step(start, event::SessionOpened{"router-1"});
    const Effects effects = agent.step(start, offer_for("w1", 7));
    CHECK(texts(effects) ==
          std::vector<std::string>{"send decline w1 e7: epoch: 7 is not newer than 7, which was "
                                   "heard here before"});
}

TEST_CASE("finished attempts are forgotten, oldest first, their epochs never", "[agent]") {
    AgentOptions options = small_fab();
    options.settled_kept = 1;
    Agent agent{options};
    (void)agent.step(start, event::MachineRead{MachineId{"small"}, idle_machine()});
    (void)agent.step(start, event::SessionOpened{"router-1"});
    for (const char* id : {"w1", "w2", "w3"}) {
        (void)agent.step(start, offer_for(id, 1));
        (void)agent.step(start, message::WithdrawWork{WorkOrderId{id}, 1, "test"});
    }
    CHECK(agent.work().size() == 1);
    CHECK(agent.work().begin()->first.work_order == WorkOrderId{"w3"});
    CHECK(agent.highest_epoch(WorkOrderId{"w1"}) == 1);
}

TEST_CASE("an advertisement tells the state, the stock left and the backlog", "[agent]") {
    Agent agent{small_fab()};
    REQUIRE(agent.replay({}, fact::BedCleared{MachineId{"small"}}));
    (void)agent.step(start, event::MachineRead{MachineId{"small"}, idle_machine()});
    (void)agent.step(start, event::SessionOpened{"router-1"});
    (void)agent.step(start, offer_for("w1", 1));
    const message::AgentStatus status = agent.status(start.boot);
    const auto small =
        std::find_if(status.machines.begin(), status.machines.end(), [](const auto& machine) {
            return machine.capability.machine == MachineId{"small"};
        });
    REQUIRE(small != status.machines.end());
    CHECK(small->capability.state == MachineState::idle);
    CHECK(small->capability.materials.at(0).available_g == Approx(800 - 12.4));
    CHECK(small->capability.backlog_s == 3000);  // 10 cm3 at 12 cm3/h.
}

TEST_CASE("advertisements come every 30 s, give or take a fifth", "[agent]") {
    AgentOptions options = small_fab();
    options.intervals.inventory = std::chrono::hours{9};
    options.intervals.progress = std::chrono::hours{9};
    Agent agent{options};
    Moment now = start;
    (void)agent.step(now, event::SessionOpened{"router-1"});
    Duration shortest = std::chrono::hours{1};
    Duration longest{0};
    for (int i = 0; i < 100; ++i) {
        const Duration pause = *agent.next_deadline() - now.boot;
        now.boot += pause;
        REQUIRE(agent.step(now, event::Tick{}).size() == 1);
        shortest = std::min(shortest, pause);
        longest = std::max(longest, pause);
    }
    CHECK(shortest >= std::chrono::seconds{24});
    CHECK(longest <= std::chrono::seconds{36});
    CHECK(longest - shortest > std::chrono::seconds{8});
}

TEST_CASE("an inventory cuts long details between two characters", "[agent]") {
    Agent agent{small_fab()};
    for (const Fact& fact : up_to_prepared())
        REQUIRE(agent.replay({}, fact));
    std::string told = "x";
    for (int i = 0; i < 300; ++i)
        told += "\xC3\xA9";
    REQUIRE(agent.replay({}, fact::Released{first, told}));
    for (const Effect& effect : agent.step(start, event::SessionOpened{"router-1"})) {
        const auto* sent = std::get_if<effect::SendToRouter>(&effect);
        if (sent == nullptr) continue;
        if (const auto* inventory = std::get_if<message::Inventory>(&sent->message)) {
            REQUIRE(inventory->attempts.size() == 1);
            CHECK(inventory->attempts.front().detail == told.substr(0, 199));
        }
        if (const auto* report = std::get_if<message::AttemptReport>(&sent->message)) {
            CHECK(report->detail == told);
        }
    }
}

TEST_CASE("a foreign file whose name is not UTF-8 is the same file after a restart", "[agent]") {
    MachineReading reading = idle_machine();
    reading.last_run = LastRun{
        "pi\xE8"
        "ce.gcode",
        RunOutcome::completed,
        ""};
    Agent agent{small_fab()};
    (void)agent.step(start, event::Tick{});
    const Effects effects = agent.step(start, event::MachineRead{MachineId{"small"}, reading});
    CHECK(texts(effects) == std::vector<std::string>{"record bed used small: pi?ce.gcode"});
    CHECK(agent.step(start, event::MachineRead{MachineId{"small"}, reading}).empty());
}

TEST_CASE("what may have been said long ago is not obeyed", "[agent]") {
    Agent agent{small_fab()};
    (void)agent.step(start, event::MachineRead{MachineId{"small"}, idle_machine()});
    const auto say = [&](std::optional<TimePoint> said_after) {
        message::OperatorCommand command;
        command.action = message::OperatorAction::presence;
        command.machine = MachineId{"laser"};
        return texts(agent.step(start, event::OperatorAsked{1, command, said_after})).at(0);
    };
    CHECK(say(start.boot - std::chrono::seconds{6})
              .starts_with("refuse (timed_out): the agent did not listen for a while"));
    CHECK_FALSE(agent.machines().at(MachineId{"laser"}).presence_until);
    CHECK(say(start.boot - std::chrono::seconds{5}).ends_with("that a person is there"));
    CHECK(agent.machines().at(MachineId{"laser"}).presence_until);
}

TEST_CASE("a machine's file says by its end what it is", "[agent]") {
    const auto name = [](const char* process) {
        return machine_file_name(first, code_of("w1"), ProcessId{process});
    };
    CHECK(name("fdm").starts_with("nf-w1-e1-"));
    CHECK(name("fdm").ends_with(".gcode"));
    CHECK(name("laser_cut").ends_with(".gcode"));
    CHECK(name("sla").ends_with(".sl1"));
}

TEST_CASE("no nonce comes twice, not even after a restart", "[agent][start]") {
    std::set<std::uint64_t> nonces;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        for (std::uint64_t n = 1; n <= 50; ++n)
            CHECK(nonces.insert(spread(seed << 32, n)).second);
    }
}

}  // namespace
}  // namespace nearfab::agent
