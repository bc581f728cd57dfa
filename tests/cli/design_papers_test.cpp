// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/design_papers.hpp"

#include "tests/cli/temporary_folder.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {
namespace {

DesignPapers found(const std::filesystem::path& design) {
    auto papers = find_papers({.design = design, .licence = {}, .manifest = {}});
    INFO((papers ? std::string{} : papers.error().message));
    REQUIRE(papers);
    return *papers;
}

constexpr const char* manifest = "okhv = '2.4'\nname = 'A'\nlicense = 'CERN-OHL-S-2.0'\n";

}  // namespace

TEST_CASE("the manifest is found beside the design or up to three folders above") {
    const test::TemporaryFolder folder;
    folder.write("okh.toml", manifest);
    CHECK(found(folder.path() / "a.stl").licence == "CERN-OHL-S-2.0");
    CHECK(found(folder.path() / "1/2/3/a.stl").licence == "CERN-OHL-S-2.0");
    CHECK_FALSE(found(folder.path() / "1/2/3/4/a.stl").licence.has_value());
}

TEST_CASE("a search for the manifest does not leave the repository") {
    const test::TemporaryFolder folder;
    folder.write("okh.toml", manifest);
    folder.write("repository/.git/HEAD", "ref");
    CHECK_FALSE(found(folder.path() / "repository/parts/a.stl").licence.has_value());
    folder.write("repository/okh.toml", "name = 'B'\nlicense = 'MIT'\n");
    CHECK(found(folder.path() / "repository/parts/a.stl").licence == "MIT");
}

TEST_CASE("without a licence in the manifest, the licence file beside the design counts") {
    const test::TemporaryFolder folder;
    folder.write("okh.toml", "okhv = '2.4'\nname = 'A'\n");
    folder.write("parts/COPYING", "SPDX-License-Identifier: CC-BY-4.0\n");
    const DesignPapers papers = found(folder.path() / "parts/a.stl");
    CHECK(papers.licence == "CC-BY-4.0");
    CHECK(papers.licence_origin.ends_with("COPYING"));
    CHECK(papers.manifest->title == "A");
}

TEST_CASE("the option --licence wins, and must be an SPDX expression") {
    const test::TemporaryFolder folder;
    folder.write("okh.toml", manifest);
    const auto design = folder.path() / "a.stl";
    CHECK(find_papers({.design = design, .licence = "MIT", .manifest = {}}).value().licence ==
          "MIT");
    const auto wrong = find_papers({.design = design, .licence = "do what", .manifest = {}});
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().code == ErrorCode::invalid_argument);
    folder.write("okh.toml", "name = 'A'\nlicense = 'see below (TODO'\n");
    const auto odd = find_papers({.design = design, .licence = {}, .manifest = {}});
    REQUIRE_FALSE(odd);
    CHECK(odd.error().code == ErrorCode::invalid_file);
}

TEST_CASE("a manifest that was asked for must exist") {
    const test::TemporaryFolder folder;
    const auto papers = find_papers(
        {.design = folder.path() / "a.stl", .licence = {}, .manifest = folder.path() / "x.toml"});
    REQUIRE_FALSE(papers);
    CHECK(papers.error().code == ErrorCode::invalid_file);
}

TEST_CASE("a design without a licence is refused with the ways to give one") {
    const test::TemporaryFolder folder;
    folder.write("LICENSE", "All rights reserved.");
    folder.write("okh.yml", "title: A");
    const auto design = folder.path() / "a.stl";
    const DesignPapers papers = found(design);
    CHECK(papers.remarks.size() == 1);
    const auto licence = licence_of(papers, design);
    REQUIRE_FALSE(licence);
    CHECK(licence.error().message ==
          "no licence is known for a.stl (okh.yml is not read, only okh.toml)");
    CHECK(licence.error().next.find("--licence CERN-OHL-S-2.0") != std::string::npos);
}

}  // namespace nearfab::cli
