// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/job_request.hpp"

#include <catch2/catch.hpp>

namespace nearfab::cli {
namespace {

const WallTime now{std::chrono::seconds{1'700'000'000}};

PartFile file_called(const std::string& name) {
    PartFile part;
    part.path = "parts/" + name;
    part.name = name;
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

JobWishes wishes_at(const std::string& place) {
    JobWishes wishes;
    wishes.parts.emplace_back();
    wishes.parts[0].file = "parts/hook.stl";
    wishes.at = place;
    return wishes;
}

Result<JobSpec> job_of(const JobWishes& wishes,
                       const DesignPapers& papers,
                       const std::vector<NamedPlace>& places = {}) {
    return make_job(wishes, {{file_called("hook.stl"), papers}}, places, now);
}

constexpr std::string_view manifest =
    "name = 'Hooks'\nmaterial = 'PETG'\ntsdc = '3DP'\nprinting-process = 'SLA'\n"
    "[[part]]\nname = 'Coat hook'\nexport = 'out/hook.stl'\nmaterial = 'Nylon PA12'\n";

}  // namespace

TEST_CASE("the manifest fills in what was not typed, the part before the whole") {
    const auto job = job_of(wishes_at("1,2"), papers_with(manifest));
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
    JobWishes wishes = wishes_at("home");
    wishes.parts[0].material = "PLA";
    wishes.parts[0].process = "FFF";
    wishes.title = "Mine";
    wishes.parts[0].quantity = 1000;
    wishes.deadline = "+1h";
    wishes.prefer = "soonest";
    const auto job = job_of(wishes, papers_with(manifest), {{"home", {3, 4}}});
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
    const auto refusal = [](void (*change)(JobWishes&)) {
        JobWishes wishes = wishes_at("1,2");
        wishes.parts[0].material = "pla";
        change(wishes);
        const auto job = job_of(wishes, papers_with("name = 'A'"));
        REQUIRE_FALSE(job);
        CHECK(job.error().code == ErrorCode::invalid_argument);
        CHECK_FALSE(job.error().next.empty());
        return job.error().message;
    };
    CHECK(refusal([](JobWishes& w) { w.parts[0].material = "pteg"; }) ==
          "--material: material \"pteg\" is not known; did you mean \"petg\"?");
    CHECK(refusal([](JobWishes& w) { w.parts[0].material.reset(); }) == "no material is given");
    CHECK(
        refusal([](JobWishes& w) { w.parts[0].process = "knitting"; }).starts_with("--process: "));
    CHECK(refusal([](JobWishes& w) { w.parts[0].quantity = 0; }).starts_with("--quantity: 0 "));
    CHECK(refusal([](JobWishes& w) { w.parts[0].quantity = -3; }).starts_with("--quantity: -3 "));
    CHECK(refusal([](JobWishes& w) { w.at = "x y"; }).starts_with("--at: "));
    CHECK(refusal([](JobWishes& w) { w.prefer = "cheap"; }).starts_with("--prefer: "));
    CHECK(refusal([](JobWishes& w) {
              w.parts[0].min_feature_mm = 0;
          }).starts_with("--min-feature: "));
    CHECK(refusal([](JobWishes& w) { w.parts[0].tolerance_mm = -1; }).starts_with("--tolerance: "));
    CHECK(refusal([](JobWishes& w) { w.deadline = "x"; }).starts_with("--deadline: "));
    CHECK(refusal([](JobWishes& w) { w.deadline = "9999-12-31T23:59:59-23:59"; }) ==
          "--deadline: \"9999-12-31T23:59:59-23:59\" is after the year 9999");
    CHECK(refusal([](JobWishes& w) { w.redo_after = "x"; }).starts_with("--redo-after: "));
}

TEST_CASE("cheapest compares in one currency, and may add a price for CO2e") {
    JobWishes wishes = wishes_at("1,2");
    wishes.prefer = "cheapest";
    wishes.currency = "eur";
    wishes.carbon_price = 0.19;
    const DesignPapers papers = papers_with(manifest);
    const auto job = job_of(wishes, papers);
    REQUIRE(job);
    CHECK(job->objective == Objective::cheapest);
    CHECK(job->currency == "EUR");
    CHECK(job->carbon_price_per_t == 19'000);  // 190.00 EUR.
    wishes.currency = "JPY";
    CHECK(job_of(wishes, papers)->carbon_price_per_t == 190);
    const auto refusal = [&](void (*change)(JobWishes&)) {
        JobWishes changed = wishes;
        change(changed);
        const auto refused = job_of(changed, papers);
        REQUIRE_FALSE(refused);
        CHECK_FALSE(refused.error().next.empty());
        return refused.error().message;
    };
    CHECK(refusal([](JobWishes& w) { w.currency.reset(); }) ==
          "--prefer cheapest: prices are compared in one currency, and none is given");
    CHECK(refusal([](JobWishes& w) { w.currency = "EUT"; }) ==
          "--currency: \"EUT\" is no currency of ISO 4217; did you mean \"EUR\"?");
    CHECK(refusal([](JobWishes& w) { w.currency = "E"; }) ==
          "--currency: \"E\" cannot be a currency");
    CHECK(refusal([](JobWishes& w) { w.carbon_price = -1; }) ==
          "--carbon-price: what a kg of CO2e costs is out of range: allowed is 0 to 100000000 JPY");
    CHECK(refusal([](JobWishes& w) { w.carbon_price = 1e12; }).starts_with("--carbon-price: "));
    CHECK(refusal([](JobWishes& w) {
              w.prefer = "greenest";
          }).starts_with("--carbon-price: it is only added"));
}

TEST_CASE("parts keep their own wishes, and share a licence and a title") {
    JobWishes wishes = wishes_at("1,2");
    wishes.parts.push_back(wishes.parts[0]);
    wishes.parts[1].said_in = "job.toml, panel.dxf";
    wishes.parts[1].material = "acrylic";
    wishes.parts[1].process = "laser cutting";
    wishes.parts[1].quantity = 3;
    DesignPapers other = papers_with("name = 'Panel'");
    other.manifest_file = "other/okh.toml";
    other.licence = "CC-BY-4.0 OR MIT";
    const std::vector<ReadPart> parts{{file_called("hook.stl"), papers_with(manifest)},
                                      {file_called("panel.dxf"), other}};
    const auto job = make_job(wishes, parts, {}, now);
    INFO((job ? "" : job.error().message));
    REQUIRE(job);
    REQUIRE(job->parts.size() == 2);
    CHECK(job->parts[0].quantity == 1);
    CHECK(job->parts[1].process == ProcessId{"laser_cut"});
    CHECK(job->parts[1].quantity == 3);
    CHECK(job->licence == "MIT AND (CC-BY-4.0 OR MIT)");
    CHECK(job->title == "Coat hook and 1 other part");
    wishes.parts[1].material = "acrylc";
    CHECK(make_job(wishes, parts, {}, now).error().message ==
          "job.toml, panel.dxf: material: material \"acrylc\" is not known; did you mean "
          "\"acrylic\"?");
}

TEST_CASE("an unknown material of a manifest is blamed on the manifest") {
    const auto job = job_of(wishes_at("1,2"), papers_with("name='A'\nmaterial='wood'"));
    REQUIRE_FALSE(job);
    CHECK(job.error().message.starts_with("okh.toml: material \"wood\" is not known"));
}

TEST_CASE("the rule for silent fabs is never, at-once or a span") {
    CHECK(parse_redo_rule("never").value() == RedoRule{RedoRule::Kind::never, 0});
    CHECK(parse_redo_rule("at-once").value() == RedoRule{RedoRule::Kind::at_once, 0});
    CHECK(parse_redo_rule("12h").value() == RedoRule{RedoRule::Kind::after, 43'200});
}

TEST_CASE("names near a currency of ISO 4217 are found, other units are left alone") {
    CHECK(currency_like("EURO") == "EUR");
    CHECK(currency_like("euros") == "EUR");
    CHECK(currency_like("CHHF") == "CHF");
    CHECK_FALSE(currency_like("EUR"));
    CHECK_FALSE(currency_like("HOURS"));
    CHECK_FALSE(currency_like("CREDITS"));
}

}  // namespace nearfab::cli
