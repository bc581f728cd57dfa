// SPDX-License-Identifier: GPL-3.0-or-later
// Runs programs of the test's own in the place of nearfab-step: those that do not behave.

#include "step/conversion.hpp"

#include "tests/cli/temporary_folder.hpp"

#include <catch2/catch.hpp>

#include "step/program_place.hpp"

namespace nearfab::step {
namespace {

namespace fs = std::filesystem;
using Catch::Matchers::Contains;
using cli::test::TemporaryFolder;

const std::string a_step =
    "ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('AUTOMOTIVE_DESIGN'));\nENDSEC;\nDATA;\nENDSEC;\n"
    "END-ISO-10303-21;\n";

fs::path program_in(const TemporaryFolder& folder,
                    const std::string& script,
                    const std::string& name = "nearfab-step") {
    const fs::path path = folder.write(name, "#!/bin/sh\n" + script);
    fs::permissions(path, fs::perms::owner_all);
    return path;
}

Result<ConvertedPart> converted_by(const std::string& script, const ConversionLimits& limits = {}) {
    const TemporaryFolder folder;
    return convert({program_in(folder, script), {}, limits},
                   {reinterpret_cast<const std::uint8_t*>(a_step.data()), a_step.size()});
}

TEST_CASE("what the program writes comes back, and it sees the file and the deflection") {
    const auto part = converted_by(
        "cmp -s \"$5\" /dev/null; grep -q AUTOMOTIVE \"$5\" || exit 9\n"
        "printf '# nearfab-step 1\\n# unit inch\\n# linear_mm '$2'\\n# angular_deg '$4'\\n'\n"
        "printf '# solids 1\\n# left_out 0\\nv 0 0 0\\n'\n");
    REQUIRE(part);
    CHECK(part->facts.unit == geometry::Unit::inch);
    CHECK(part->facts.deflection.linear_mm == 0.01);
    CHECK(std::string{part->obj.end() - 8, part->obj.end()} == "v 0 0 0\n");
}

TEST_CASE("the program's own words about the file come through with place and next step") {
    const auto part = converted_by(
        "printf 'noise\\nnearfab-step: the file is odd\\033[31m.\\n  where: line 7\\n' >&2\n"
        "printf '  next: mend it\\n' >&2\nexit 7\n");
    REQUIRE_FALSE(part);
    CHECK(part.error().code == ErrorCode::invalid_file);
    CHECK_THAT(part.error().message, Contains("the file is odd"));
    CHECK(part.error().message.find('\033') == std::string::npos);
    CHECK(part.error().where == "line 7");
    CHECK(part.error().next == "mend it");
}

TEST_CASE("a program that crashes, hangs, floods or lies costs one file") {
    const auto code_of = [](const std::string& script, const ConversionLimits& limits = {}) {
        const auto part = converted_by(script, limits);
        REQUIRE_FALSE(part);
        INFO(part.error().message);
        CHECK_FALSE(part.error().next.empty());
        return part.error().code;
    };
    CHECK(code_of("kill -SEGV $$\n") == ErrorCode::invalid_file);
    CHECK(code_of("exit 3\n") == ErrorCode::invalid_file);
    ConversionLimits hasty;
    hasty.wall_clock = std::chrono::milliseconds{300};
    CHECK(code_of("sleep 60\n", hasty) == ErrorCode::too_large);
    ConversionLimits terse;
    terse.output_bytes = 1000;
    CHECK(code_of("head -c 100000 /dev/zero\n", terse) == ErrorCode::too_large);
    CHECK(code_of("echo v 0 0 0\n") == ErrorCode::malformed);
    CHECK(code_of("printf 'nearfab-step: no disk.\\n  next: wait\\n' >&2; exit 1\n") ==
          ErrorCode::internal);
}

TEST_CASE("what is no whole STEP file never reaches the program") {
    const std::string cut = a_step.substr(0, a_step.size() - 5);
    const auto part = convert({"/nowhere/nearfab-step", {}, {}},
                              {reinterpret_cast<const std::uint8_t*>(cut.data()), cut.size()});
    REQUIRE_FALSE(part);
    CHECK_THAT(part.error().message, Contains("its end is missing"));
}

TEST_CASE("nearfab-step is looked for by name, beside the program, in libexec, then in PATH") {
    const TemporaryFolder folder;
    const fs::path root = folder.path();
    ProgramPlaces places{{}, root / "bin" / "nearfab", "relative::" + (root / "path").string()};
    const auto missing = find_program(places);
    REQUIRE_FALSE(missing);
    CHECK(missing.error().code == ErrorCode::unsupported);
    CHECK_THAT(missing.error().message, Contains("nearfab-step, which is not installed"));
    CHECK_THAT(missing.error().next, Contains("scripts/setup --step") && Contains("3MF or STL"));
    const fs::path in_path = program_in(folder, "", "path/nearfab-step");
    CHECK(find_program(places) == in_path);
    const fs::path in_libexec = program_in(folder, "", "libexec/nearfab/nearfab-step");
    CHECK(find_program(places) == in_libexec);
    const fs::path beside = program_in(folder, "", "bin/nearfab-step");
    CHECK(find_program(places) == beside);
    places.named = program_in(folder, "", "mine");
    CHECK(find_program(places) == places.named);
    places.named = root / "nothing";
    const auto wrong = find_program(places);
    REQUIRE_FALSE(wrong);
    CHECK_THAT(wrong.error().message, Contains("NEARFAB_STEP names"));
}

}  // namespace
}  // namespace nearfab::step
