// SPDX-License-Identifier: GPL-3.0-or-later
// `nearfab check` on STEP files, as a person runs it.

#include "tests/cli/run_program.hpp"
#include "tests/folders.hpp"
#include "tests/step/step_files.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "step/conversion.hpp"
#include "step/program_place.hpp"

namespace nearfab::step {
namespace {

using Catch::Matchers::Contains;
using cli::test::Outcome;
using cli::test::run_nearfab;
using cli::test::TemporaryFolder;

const std::string empty_step =
    "ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('AUTOMOTIVE_DESIGN'));\nENDSEC;\nDATA;\nENDSEC;\n"
    "END-ISO-10303-21;\n";

nlohmann::json checked(const TemporaryFolder& home, const std::string& text, int exit_code) {
    const std::string file = home.write("part.step", text).string();
    const Outcome outcome = run_nearfab(home, {"check", "--json", file});
    INFO(outcome.out << outcome.err);
    CHECK(outcome.exit_code == exit_code);
    return nlohmann::json::parse(outcome.out);
}

TEST_CASE("without nearfab-step, a STEP file is not checked but not called bad either") {
    const TemporaryFolder home;
    const std::string file = home.write("part.step", empty_step).string();
    const Outcome outcome = run_nearfab(home, {"check", file}, {"NEARFAB_STEP=/nowhere/x"});
    CHECK(outcome.exit_code == 1);
    CHECK_THAT(outcome.out, Contains("not checked"));
    CHECK_THAT(outcome.err, Contains("NEARFAB_STEP names /nowhere/x") && Contains("next:"));
    const Outcome wrong = run_nearfab(home, {"check", "--step-linear", "0", file});
    CHECK(wrong.exit_code == 2);
    CHECK_THAT(wrong.err, Contains("allowed is 0.001 to 10"));
}

TEST_CASE("a STEP file to submit is cut into triangles where the designer is") {
    const TemporaryFolder home;
    const auto quote = [&home](const std::string& text, std::vector<std::string> environment) {
        const std::string file = home.write("part.step", text).string();
        return run_nearfab(
            home,
            {"quote", file, "--at", "1,2", "--licence", "CC0-1.0", "--material", "pla"},
            std::move(environment));
    };
    const Outcome without = quote(empty_step, {"NEARFAB_STEP=/nowhere/x"});
    CHECK(without.exit_code == 1);
    CHECK_THAT(without.err, Contains("NEARFAB_STEP names /nowhere/x"));
    if (!can_write_step()) {
        WARN("skipped: nearfab-step was not built, because OpenCASCADE is not installed");
        return;
    }
    const Outcome nothing = quote(empty_step, {});
    CHECK(nothing.exit_code == 7);
    CHECK_THAT(nothing.err, Contains("the STEP file holds no shape"));
    // The part is good; what is missing is the router.
    const Outcome box = quote(box_in_millimetres(), {});
    CHECK(box.exit_code == 2);
    CHECK_THAT(box.err, Contains("the router's public key is not known"));
}

TEST_CASE("a box in millimetres is checked as the solid it is") {
    if (!can_write_step()) {
        WARN("skipped: nearfab-step was not built, because OpenCASCADE is not installed");
        return;
    }
    const TemporaryFolder home;
    const auto json = checked(home, box_in_millimetres(), 0);
    CHECK(json["format"] == "step");
    CHECK(json["unit"] == "millimetre");
    CHECK(json["accepted"] == true);
    CHECK(json["closed"] == true);
    CHECK(json["volume_mm3"].get<double>() == Approx(6000));
    const auto& note = json["findings"].back();
    CHECK(note["rule"] == "tessellated");
    CHECK(note["severity"] == "note");
    CHECK_THAT(note["message"].get<std::string>(), Contains("within 0.01 mm and 10 degrees"));
}

TEST_CASE("inches become millimetres, and the report says that they were inches") {
    if (!can_write_step()) {
        WARN("skipped: nearfab-step was not built, because OpenCASCADE is not installed");
        return;
    }
    const TemporaryFolder home;
    const auto json = checked(home, box_in_inches(), 0);
    CHECK(json["unit"] == "inch");
    CHECK(json["size_mm"][0].get<double>() == Approx(25.4));
    CHECK(json["volume_mm3"].get<double>() == Approx(25.4 * 25.4 * 50.8));
}

TEST_CASE("broken STEP files are rejected with their reason") {
    if (!can_write_step()) {
        WARN("skipped: nearfab-step was not built, because OpenCASCADE is not installed");
        return;
    }
    const TemporaryFolder home;
    const std::string box = box_in_millimetres();
    const auto cut = checked(home, box.substr(0, box.size() / 2), 7);
    CHECK_THAT(cut["error"]["message"].get<std::string>(), Contains("its end is missing"));
    CHECK_THAT(cut["error"]["where"].get<std::string>(), Contains("line "));
    const auto nothing = checked(home, empty_step, 7);
    CHECK_THAT(nothing["error"]["message"].get<std::string>(), Contains("no shape"));
    std::string other = box;
    other.replace(other.find("AUTOMOTIVE_DESIGN"), 17, "IFC4");
    const auto building = checked(home, other, 7);
    CHECK_THAT(building["error"]["message"].get<std::string>(), Contains("buildings"));
}

// OpenCASCADE does crash on some of these; that has to stay in its own process.
TEST_CASE("text broken anywhere costs that one file") {
    if (!can_write_step()) {
        WARN("skipped: nearfab-step was not built, because OpenCASCADE is not installed");
        return;
    }
    const auto program = find_program({tests::program_folder() + "/nearfab-step", {}, {}});
    REQUIRE(program);
    const std::string whole = box_in_millimetres();
    const std::size_t data = whole.find("DATA;") + 5;
    const std::size_t end = whole.rfind("ENDSEC;");
    std::uint32_t state = 7;
    const auto random = [&state](std::size_t below) {
        state = state * 1664525U + 1013904223U;
        return static_cast<std::size_t>(state >> 8U) % below;
    };
    for (int i = 0; i < 12; ++i) {
        std::string broken = whole;
        for (int k = 0; k < 3; ++k)
            broken[data + random(end - data)] = "#0(',;)$*9"[random(10)];
        const auto part =
            convert({*program, {}, {}},
                    {reinterpret_cast<const std::uint8_t*>(broken.data()), broken.size()});
        if (part) continue;
        INFO(part.error().message);
        CHECK(part.error().code == ErrorCode::invalid_file);
        CHECK_FALSE(part.error().next.empty());
    }
}

}  // namespace
}  // namespace nearfab::step
