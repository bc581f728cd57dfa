// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/job_request.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {
namespace {

const WallTime now{std::chrono::seconds{1'700'000'000}};

PartFile hook() {
    PartFile part;
    part.path = "parts/hook.stl";
    part.bytes = {1, 2, 3};
    part.hash = hash_of(part.bytes);
    return part;
}

DesignPapers papers_with(std::string_view manifest_text) {
    DesignPapers papers;
    papers.manifest = intake::parse_design_manifest(manifest_text, "okh.toml").value();
    papers.manifest_file = "okh.toml";
    papers.licence = "MIT";
    return papers;
}

PartWishes wishes_at(const std::string& place) {
    PartWishes wishes;
    wishes.file = "parts/hook.stl";
    wishes.at = place;
    return wishes;
}

constexpr std::string_view manifest =
    "name = 'Hooks'\nmaterial = 'PETG'\ntsdc = '3DP'\nprinting-process = 'SLA'\n"
    "[[part]]\nname = 'Coat hook'\nexport = 'out/hook.stl'\nmaterial = 'Nylon PA12'\n";

}  // namespace

TEST_CASE("the manifest fills in what was not typed, the part before the whole") {
    const auto job = make_job(wishes_at("1,2"), hook(), papers_with(manifest), {}, now);
    REQUIRE(job);
    CHECK(job->title == "Coat hook");
    CHECK(job->licence == "MIT");
    CHECK(job->place_of_use == Place{1, 2});
    CHECK(job->redo.kind == RedoRule::Kind::never);
    REQUIRE(job->parts.size() == 1);
    CHECK(job->parts[0].material == MaterialId{"pa12"});
    CHECK(job->parts[0].process == ProcessId{"sla"});
    CHECK(job->parts[0].file_name == "hook.stl");
    CHECK(job->parts[0].design_bytes == 3);
}

TEST_CASE("what was typed wins over the manifest") {
    PartWishes wishes = wishes_at("home");
    wishes.material = "PLA";
    wishes.process = "FFF";
    wishes.title = "Mine";
    wishes.quantity = 1000;
    wishes.deadline = "+1h";
    wishes.objective = "soonest";
    const auto job = make_job(wishes, hook(), papers_with(manifest), {{"home", {3, 4}}}, now);
    REQUIRE(job);
    CHECK(job->title == "Mine");
    CHECK(job->parts[0].material == MaterialId{"pla"});
    CHECK(job->parts[0].process == ProcessId{"fdm"});
    CHECK(job->parts[0].quantity == 1000);
    CHECK(job->deadline == now + std::chrono::hours{1});
    CHECK(job->objective == Objective::soonest);
    CHECK(job->place_of_use == Place{3, 4});
}

TEST_CASE("what cannot be meant is refused by the name of its option") {
    const auto refusal = [](void (*change)(PartWishes&)) {
        PartWishes wishes = wishes_at("1,2");
        wishes.material = "pla";
        change(wishes);
        const auto job = make_job(wishes, hook(), papers_with("name = 'A'"), {}, now);
        REQUIRE_FALSE(job);
        CHECK(job.error().code == ErrorCode::invalid_argument);
        CHECK_FALSE(job.error().next.empty());
        return job.error().message;
    };
    CHECK(refusal([](PartWishes& w) { w.material = "pteg"; }) ==
          "--material: material \"pteg\" is not known; did you mean \"petg\"?");
    CHECK(refusal([](PartWishes& w) { w.material.reset(); }) == "no material is given");
    CHECK(refusal([](PartWishes& w) { w.process = "knitting"; }).starts_with("--process: "));
    CHECK(refusal([](PartWishes& w) { w.quantity = 0; }).starts_with("--quantity: 0 "));
    CHECK(refusal([](PartWishes& w) { w.quantity = -3; }).starts_with("--quantity: -3 "));
    CHECK(refusal([](PartWishes& w) { w.at = "x y"; }).starts_with("--at: "));
    CHECK(refusal([](PartWishes& w) { w.objective = "cheap"; }).starts_with("--objective: "));
    CHECK(refusal([](PartWishes& w) { w.min_feature_mm = 0; }).starts_with("--min-feature: "));
    CHECK(refusal([](PartWishes& w) { w.tolerance_mm = -1; }).starts_with("--tolerance: "));
    CHECK(refusal([](PartWishes& w) { w.deadline = "x"; }).starts_with("--deadline: "));
    CHECK(refusal([](PartWishes& w) { w.deadline = "9999-12-31T23:59:59-23:59"; }) ==
          "--deadline: \"9999-12-31T23:59:59-23:59\" is after the year 9999");
    CHECK(refusal([](PartWishes& w) { w.redo_after = "x"; }).starts_with("--redo-after: "));
}

TEST_CASE("an unknown material of a manifest is blamed on the manifest") {
    const auto job =
        make_job(wishes_at("1,2"), hook(), papers_with("name='A'\nmaterial='wood'"), {}, now);
    REQUIRE_FALSE(job);
    CHECK(job.error().message.starts_with("okh.toml: material \"wood\" is not known"));
}

TEST_CASE("the rule for silent fabs is never, at-once or a span") {
    CHECK(parse_redo_rule("never").value() == RedoRule{RedoRule::Kind::never, 0});
    CHECK(parse_redo_rule("at-once").value() == RedoRule{RedoRule::Kind::at_once, 0});
    CHECK(parse_redo_rule("12h").value() == RedoRule{RedoRule::Kind::after, 43'200});
}

}  // namespace nearfab::cli
