// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/setup/setup_dialogue.hpp"

#include "node-agent/shell/config.hpp"

#include <catch2/catch.hpp>

#include <deque>

namespace nearfab::agent {
namespace {

using Catch::Matchers::Contains;

// A person who answers in this order, and machines that answer as they are told to.
class Person {
public:
    explicit Person(std::deque<std::string> answers) : answers_{std::move(answers)} {
        world.ask = [this](const std::string& question) { return answer(question); };
        world.ask_secret = world.ask;
        world.say = [this](const std::string& text) { heard += text; };
        world.find = [this] { return found; };
        world.identify = [this](const PlannedMachine& machine) { return identify(machine); };
        world.application_key = [this](const std::string&, const std::function<void()>& asked) {
            asked();
            return application_key;
        };
        world.presence_code = [] { return std::string{"brass otter 123"}; };
    }

    SetupWorld world;
    std::string heard;
    std::vector<FoundMachine> found;
    Result<std::string> application_key = std::string{"0123"};
    std::deque<Result<MachineIdentity>> identities;
    std::vector<PlannedMachine> identified;

    [[nodiscard]] bool is_done() const { return answers_.empty(); }

private:
    std::optional<std::string> answer(const std::string& question) {
        heard += question;
        if (answers_.empty()) return std::nullopt;
        std::string text = answers_.front();
        answers_.pop_front();
        heard += text + "\n";
        return text;
    }
    Result<MachineIdentity> identify(const PlannedMachine& machine) {
        identified.push_back(machine);
        if (identities.empty()) return MachineIdentity{};
        auto identity = identities.front();
        identities.pop_front();
        return identity;
    }

    std::deque<std::string> answers_;
};

MachineIdentity printer() {
    MachineIdentity identity;
    identity.kind = "octoprint";
    identity.model = "Ender-3 \"S1\"";
    identity.firmware = "OctoPrint 1.11.8";
    identity.envelope_mm = {220, 220, 250};
    identity.nozzle_mm = 0.6;
    return identity;
}

const std::string router_key = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";

TEST_CASE("what a machine tells of itself is proposed, and Enter takes it", "[agent][setup]") {
    Person person{{"FabLab Lyon",
                   "45.764,4.8357",
                   "tcp://router.example.org:7440",
                   router_key,
                   "",
                   "",
                   "",
                   "",
                   "pla=800, PETG=250",
                   "",
                   "n"}};
    person.found = {{"octoprint", "OctoPrint on left", "http://octopi.local:80"}};
    person.identities = {printer()};
    const auto plan = plan_fab(person.world);
    INFO(person.heard);
    REQUIRE(plan);
    CHECK(person.is_done());
    REQUIRE(plan->machines.size() == 1);
    const PlannedMachine& machine = plan->machines[0];
    CHECK(machine.id == "octoprint-on-left");
    CHECK(machine.process == "fdm");
    CHECK(machine.key == "0123");
    CHECK(machine.envelope_mm == std::array<double, 3>{220, 220, 250});
    CHECK(machine.min_feature_mm == 0.6);
    REQUIRE(machine.loaded.size() == 2);
    CHECK(machine.loaded[1].material == "petg");
    CHECK(machine.loaded[1].grams == 250);
    CHECK_THAT(person.heard, Contains("allow \"nearfab\" on OctoPrint's page"));
}

TEST_CASE("what is written is read back as the same fab", "[agent][setup]") {
    Person person{{"FabLab \"Lyon\" \\o/",
                   "45.764,4.8357",
                   "tcp://router.example.org:7440",
                   router_key,
                   "",
                   "",
                   "",
                   "",
                   "pla=800",
                   "printer.ini",
                   "y",
                   "grbl",
                   "/dev/serial/by-id/usb-laser",
                   "laser_cut",
                   "laser",
                   "400,300,50",
                   "",
                   "plywood_birch=2000",
                   "",
                   "n"}};
    person.found = {{"octoprint", "left", "http://octopi.local:80"}};
    person.identities = {printer(), MachineIdentity{}};
    const auto plan = plan_fab(person.world);
    INFO(person.heard);
    REQUIRE(plan);
    const std::string text = config_text(*plan);
    INFO(text);
    CHECK_THAT(text, !Contains("0123"));
    const auto config = parse_config(text, "agent.toml");
    REQUIRE(config);
    CHECK(config->core.title == "FabLab \"Lyon\" \\o/");
    REQUIRE(config->machines.size() == 2);
    CHECK(config->machines[0].driver.url == "http://octopi.local:80");
    CHECK(config->machines[0].driver.key_file.filename() == "left.key");
    CHECK(config->core.machines[0].capability.model == "Ender-3 \"S1\"");
    CHECK(config->machines[1].driver.port == "/dev/serial/by-id/usb-laser");
    CHECK(config->core.machines[1].presence_code == "brass otter 123");
    CHECK(config->core.machines[1].acceptance == Acceptance::manual);
}

TEST_CASE("a wrong answer is asked again, with what is wrong", "[agent][setup]") {
    Person person{{"",
                   "Lab",
                   "4.8357",
                   "95,4",
                   "45.764,4.8357",
                   "router",
                   "",
                   "hand_of",
                   "hand_off",
                   "",
                   "laser-inbox",
                   "laser_cut",
                   "K40",
                   "my laser",
                   "my-laser",
                   "1,2",
                   "900,600,10",
                   "zero",
                   "0.3",
                   "plywod_birch=1",
                   "plywood_birch",
                   "plywood_birch=5000",
                   "",
                   "n"}};
    const auto plan = plan_fab(person.world);
    INFO(person.heard);
    REQUIRE(plan);
    CHECK(person.is_done());
    CHECK_THAT(person.heard, Contains("it needs a name"));
    CHECK_THAT(person.heard, Contains("\"router\" is no address like tcp://"));
    CHECK_THAT(person.heard, Contains("\"hand_of\" is none of them"));
    CHECK_THAT(person.heard, Contains("use letters, digits"));
    CHECK_THAT(person.heard, Contains("write three numbers, like 220,220,250"));
    CHECK_THAT(person.heard, Contains("\"zero\" is no number from"));
    CHECK_THAT(person.heard, Contains("is it plywood_birch?"));
    CHECK_THAT(person.heard, Contains("write grams behind it: plywood_birch=800"));
    REQUIRE(plan->machines.size() == 1);
    CHECK(plan->machines[0].id == "my-laser");
    CHECK(plan->machines[0].model == "K40");
    CHECK(plan->router_endpoint.empty());
    // The missing lines are comments, and reading says so.
    const auto config = parse_config(config_text(*plan), "agent.toml");
    REQUIRE_FALSE(config);
    CHECK_THAT(config.error().message, Contains("endpoint"));
}

TEST_CASE("a key that is refused is asked again, a silent machine can be left out",
          "[agent][setup]") {
    Person person{{"Lab",
                   "45.764,4.8357",
                   "",
                   "",
                   "wrong",
                   "key",
                   "right",
                   "",
                   "",
                   "",
                   "pla=1",
                   "",
                   "y",
                   "skip",
                   "n"}};
    person.found = {{"octoprint", "left", "http://left.local"},
                    {"moonraker", "voron", "http://voron.local:7125"}};
    person.application_key = fail(ErrorCode::timed_out, "nobody said yes");
    person.identities = {fail(ErrorCode::unauthorised, "it refuses the key"),
                         printer(),
                         fail(ErrorCode::unavailable, "it does not answer")};
    const auto plan = plan_fab(person.world);
    INFO(person.heard);
    REQUIRE(plan);
    CHECK(person.is_done());
    REQUIRE(plan->machines.size() == 1);
    CHECK(plan->machines[0].key == "right");
    REQUIRE(person.identified.size() == 3);
    CHECK(person.identified[0].key == "wrong");
    CHECK_THAT(person.heard, Contains("nobody said yes"));
    CHECK_THAT(person.heard, Contains("it does not answer"));
}

TEST_CASE("two machines of one name get two ids", "[agent][setup]") {
    Person person{{"Lab",
                   "45.764,4.8357",
                   "",
                   "",
                   "",
                   "",
                   "",
                   "pla=1",
                   "",
                   "",
                   "",
                   "",
                   "",
                   "pla=1",
                   "",
                   "n"}};
    person.found = {{"moonraker", "Voron 2.4", "http://a.local:7125"},
                    {"moonraker", "Voron 2.4", "http://b.local:7125"}};
    person.identities = {printer(), printer()};
    const auto plan = plan_fab(person.world);
    INFO(person.heard);
    REQUIRE(plan);
    REQUIRE(plan->machines.size() == 2);
    CHECK(plan->machines[0].id == "voron-2.4");
    CHECK(plan->machines[1].id == "voron-2.4-2");
}

TEST_CASE("when the input ends nothing is planned", "[agent][setup]") {
    Person person{{"Lab"}};
    const auto plan = plan_fab(person.world);
    REQUIRE_FALSE(plan);
    CHECK(plan.error().code == ErrorCode::invalid_argument);
    CHECK_THAT(plan.error().message, Contains("nothing was written"));
}

TEST_CASE("what machines call themselves cannot break the file or the screen", "[agent][setup]") {
    Person person{{"Lab",
                   "45.764,4.8357",
                   "tcp://r.example:7440",
                   router_key,
                   "",
                   "",
                   "220,220,250",
                   "",
                   "pla=1",
                   "p.ini",
                   "n"}};
    person.found = {{"moonraker", "x\"]\n[router]\x1b[2J", "http://a.local"}};
    MachineIdentity identity;
    identity.model = "evil\"\n[router]\nendpoint = \"tcp://evil:1\"";
    identity.firmware = "\x1b[31mred";
    person.identities = {identity};
    const auto plan = plan_fab(person.world);
    INFO(person.heard);
    REQUIRE(plan);
    CHECK(person.heard.find('\x1b') == std::string::npos);
    const auto config = parse_config(config_text(*plan), "agent.toml");
    REQUIRE(config);
    CHECK(config->router_endpoint == "tcp://r.example:7440");
}

}  // namespace
}  // namespace nearfab::agent
