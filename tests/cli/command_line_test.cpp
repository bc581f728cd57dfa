// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/command_line.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {
namespace {

template <typename T>
T parsed(const std::vector<std::string>& arguments) {
    auto result = parse_command_line(arguments);
    INFO((result ? std::string{} : result.error().message));
    REQUIRE(result);
    const auto* line = std::get_if<CommandLine>(&*result);
    REQUIRE(line != nullptr);
    const T* command = std::get_if<T>(&line->command);
    REQUIRE(command != nullptr);
    return *command;
}

std::string refused(const std::vector<std::string>& arguments) {
    const auto result = parse_command_line(arguments);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::invalid_argument);
    CHECK_FALSE(result.error().next.empty());
    return result.error().message;
}

}  // namespace

TEST_CASE("check takes several files and a bed") {
    const auto command = parsed<CheckCommand>({"check", "a.stl", "b.stl", "--bed", "1x2x3"});
    CHECK(command.files == std::vector<std::string>{"a.stl", "b.stl"});
    CHECK(command.bed == "1x2x3");
}

TEST_CASE("check, quote and submit take what is done along lines, each word anew") {
    const auto check = parsed<CheckCommand>(
        {"check", "a.svg", "--operation", "red=cut", "b.svg", "--operation", "layer:Fold=score"});
    CHECK(check.files == std::vector<std::string>{"a.svg", "b.svg"});
    CHECK(check.operations ==
          LineRules{{0xFF0000, "", LineOperation::cut}, {{}, "Fold", LineOperation::score}});
    const auto submit =
        parsed<SubmitCommand>({"submit", "a.svg", "--at", "home", "--operation=#00f=engrave"});
    CHECK(submit.wishes.every_part.operations == LineRules{{0x0000FF, "", LineOperation::engrave}});
    CHECK(refused({"check", "a.svg", "--operation", "red=egrave"}).find("\"egrave\" is nothing") !=
          std::string::npos);
}

TEST_CASE("check knows whether the step options were said, even as they are anyway") {
    CHECK_FALSE(parsed<CheckCommand>({"check", "a.step"}).deflection_said);
    CHECK(parsed<CheckCommand>({"check", "a.step", "--step-linear", "0.01"}).deflection_said);
    CHECK(parsed<CheckCommand>({"check", "a.step", "--step-angular", "10"}).deflection_said);
}

TEST_CASE("check, quote and submit take a unit for files that state none") {
    CHECK(parsed<CheckCommand>({"check", "a.stl"}).unit == LengthUnit::unstated);
    CHECK(parsed<CheckCommand>({"check", "a.stl", "--unit", "inch"}).unit == LengthUnit::inch);
    CHECK(parsed<CheckCommand>({"check", "a.stl", "--unit", "MM"}).unit == LengthUnit::millimetre);
    const auto quote = parsed<QuoteCommand>({"quote", "a.svg", "--at", "home", "--unit", "px"});
    CHECK(quote.wishes.every_part.unit == LengthUnit::pixel);
    const auto submit = parsed<SubmitCommand>({"submit", "a.dxf", "--at", "home", "--unit=cm"});
    CHECK(submit.wishes.every_part.unit == LengthUnit::centimetre);
    CHECK(refused({"check", "a.stl", "--unit", "furlong"}).find("furlong") != std::string::npos);
    CHECK(refused({"check", "a.stl", "--unit", ""}).find("no known unit") != std::string::npos);
    CHECK_FALSE(refused({"check", "a.stl", "--unit", "in", "--unit", "mm"}).empty());
}

TEST_CASE("submit understands every wish") {
    const auto command = parsed<SubmitCommand>({"submit",
                                                "a.stl",
                                                "--at=-33.9,18.4",
                                                "-m",
                                                "pla",
                                                "--process",
                                                "fdm",
                                                "-n",
                                                "3",
                                                "--objective",
                                                "soonest",
                                                "--licence",
                                                "MIT",
                                                "--min-feature",
                                                "0.4",
                                                "--tolerance",
                                                "0.2",
                                                "--deadline",
                                                "+48h",
                                                "--title",
                                                "T",
                                                "--redo-after",
                                                "at-once",
                                                "--key",
                                                "k",
                                                "--new",
                                                "--wait",
                                                "--timeout",
                                                "5m",
                                                "--no-wait-for-fabs",
                                                "--manifest",
                                                "okh.toml"});
    CHECK(command.wishes.files == std::vector<std::string>{"a.stl"});
    CHECK(command.wishes.at == "-33.9,18.4");
    CHECK(command.wishes.every_part.material == "pla");
    CHECK(command.wishes.every_part.quantity == 3);
    CHECK(command.wishes.prefer == "soonest");
    CHECK(command.wishes.every_part.min_feature_mm == 0.4);
    CHECK(command.wishes.every_part.tolerance_mm == 0.2);
    CHECK(command.wishes.deadline == "+48h");
    CHECK(command.wishes.redo_after == "at-once");
    CHECK(command.key == "k");
    CHECK(command.fresh);
    CHECK(command.wait);
    CHECK(command.follow.timeout == "5m");
    CHECK(command.follow.no_wait_for_fabs);
}

TEST_CASE("a place south of the equator may stand apart from its option") {
    CHECK(parsed<QuoteCommand>({"quote", "a.stl", "--at", "-33.9,18.4"}).wishes.at == "-33.9,18.4");
    CHECK(parsed<PlaceAddCommand>({"place", "add", "cape", "-33.9,18.4"}).position == "-33.9,18.4");
}

TEST_CASE("global options may stand before and after the verb") {
    const auto result = parse_command_line(
        {"--json", "status", "3f9c", "--router", "tcp://a:1", "--no-color", "-q"});
    REQUIRE(result);
    const auto& line = std::get<CommandLine>(*result);
    CHECK(line.global.json);
    CHECK(line.global.quiet);
    CHECK(line.global.no_colour);
    CHECK(line.global.router == "tcp://a:1");
    CHECK(std::get<StatusCommand>(line.command).job == "3f9c");
}

TEST_CASE("each verb of an operator becomes its action") {
    using message::OperatorAction;
    const auto order = [](std::vector<std::string> words) {
        words.insert(words.begin(), "fab");
        return parsed<FabActionCommand>(words).order;
    };
    CHECK(order({"accept", "w-1"}).action == OperatorAction::accept);
    CHECK(order({"accept", "w-1"}).work_order == WorkOrderId{"w-1"});
    CHECK(order({"decline", "w-1", "--reason", "too busy"}).text == "too busy");
    CHECK(order({"clear-bed", "mk3"}).machine == MachineId{"mk3"});
    CHECK(order({"inspect", "w-1", "--good"}).action == OperatorAction::inspect_good);
    const auto bad = order({"inspect", "w-1", "--bad", "warped"});
    CHECK(bad.action == OperatorAction::inspect_bad);
    CHECK(bad.text == "warped");
    CHECK(order({"hand-over", "w-1"}).action == OperatorAction::hand_over);
    CHECK(order({"drain"}).machine.empty());
    CHECK(order({"resume", "mk3"}).action == OperatorAction::resume);
    CHECK(order({"presence", "mk3"}).action == OperatorAction::presence);
    CHECK(order({"pause", "mk3"}).action == OperatorAction::pause_machine);
    CHECK(order({"continue", "mk3"}).action == OperatorAction::resume_machine);
    CHECK(order({"continue", "mk3"}).machine == MachineId{"mk3"});
    const auto load = order({"load", "mk3", "pla", "12.5"});
    CHECK(load.action == OperatorAction::load);
    CHECK(load.machine == MachineId{"mk3"});
    CHECK(load.material == MaterialId{"pla"});
    CHECK(load.grams == 12.5);
    CHECK_FALSE(load.nothing_else);
    CHECK(order({"load", "mk3", "pla", "0", "--nothing-else"}).nothing_else);
    CHECK(order({"resolve", "w-1", "never-started"}).text == "never_started");
    CHECK(order({"resolve", "w-1", "made"}).action == OperatorAction::resolve);
}

TEST_CASE("an operator's verb that lacks something is refused") {
    refused({"fab", "inspect", "w-1"});
    refused({"fab", "inspect", "w-1", "--good", "--bad", "x"});
    refused({"fab", "decline", "w-1"});
    refused({"fab", "resolve", "w-1", "maybe"});
    refused({"fab", "clear-bed"});
    refused({"fab", "pause"});
    refused({"fab", "load", "mk3", "pla"});
    CHECK(refused({"fab", "load", "mk3", "pla", "750g"}) ==
          "GRAMS: \"750g\" is no number of grams");
    CHECK(refused({"fab", "load", "mk3", "pla", "nan"}) == "GRAMS: \"nan\" is no number of grams");
    CHECK(refused({"fab", "load", "mk3", "pla", "-3"}) ==
          "GRAMS: \"-3\" is out of range: allowed is 0 to 1000000000");
    refused({"fab", "continue"});
    refused({"fab"});
}

TEST_CASE("a fab elsewhere may be named before or behind the verb, but not with a socket") {
    CHECK_FALSE(parsed<FabActionCommand>({"fab", "drain"}).fab);
    CHECK(parsed<FabActionCommand>({"fab", "drain", "--fab", "lyon"}).fab == "lyon");
    CHECK(parsed<FabActionCommand>({"fab", "--fab", "lyon", "drain", "p1"}).fab == "lyon");
    const auto status = parsed<FabStatusCommand>({"fab", "status", "--watch", "--fab", "lyon"});
    CHECK(status.fab == "lyon");
    CHECK(status.watch);
    refused({"fab", "status", "--fab", "lyon", "--agent", "ipc:///a"});
}

TEST_CASE("the socket of the agent may be named beside the verb") {
    const auto result = parse_command_line({"fab", "status", "--agent", "ipc:///a"});
    REQUIRE(result);
    CHECK(std::get<CommandLine>(*result).global.agent == "ipc:///a");
}

TEST_CASE("what is almost right is recognised") {
    CHECK(refused({"sumbit", "a.stl"}) == "\"sumbit\" is not known; did you mean \"submit\"?");
    CHECK(refused({"check", "a.stl", "--bde", "1x1x1"}) ==
          "\"--bde\" is not known; did you mean \"--bed\"?");
    CHECK(refused({"fab", "inspct", "w-1", "--good"}) ==
          "\"inspct\" is not known; did you mean \"inspect\"?");
}

TEST_CASE("a number that is none is refused") {
    CHECK(refused({"quote", "a.stl", "--at", "1,2", "--quantity", "many"}).find("many") !=
          std::string::npos);
}

TEST_CASE("help is text, not an error") {
    for (const auto& words : std::vector<std::vector<std::string>>{
             {"--help"}, {"quote", "--help"}, {"fab", "inspect", "-h"}}) {
        const auto result = parse_command_line(words);
        REQUIRE(result);
        CHECK(std::holds_alternative<HelpText>(*result));
    }
}

}  // namespace nearfab::cli
