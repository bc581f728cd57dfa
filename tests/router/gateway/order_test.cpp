// SPDX-License-Identifier: GPL-3.0-or-later
// Bodies of requests: read strictly, with the place of what is wrong.

#include "router/gateway/order.hpp"

#include "router/gateway/json_body.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>

namespace nearfab::gateway {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

const WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 30}};

json good() {
    return {{"parts",
             json::array({{{"design", std::string(64, 'a')},
                           {"design_bytes", 1234},
                           {"file_name", "hook.v2.stl"},
                           {"process", "FFF"},
                           {"material", "PETG"},
                           {"quantity", 3},
                           {"unit", "in"},
                           {"tolerance_mm", 0.2}}})},
            {"at", {{"latitude_deg", 45.75}, {"longitude_deg", 4.85}}},
            {"licence", "CERN-OHL-P-2.0"}};
}

std::string fault_of(const json& body) {
    const auto job = read_job_order(body.dump(), now);
    REQUIRE_FALSE(job);
    CHECK(job.error().code == ErrorCode::invalid_argument);
    CHECK_FALSE(job.error().next.empty());
    return job.error().message;
}

json with(const std::string& pointer, const json& value) {
    json body = good();
    body[json::json_pointer{pointer}] = value;
    return body;
}

TEST_CASE("an order is what a client would send", "[gateway]") {
    json body = good();
    body["prefer"] = "cheapest";
    body["currency"] = "eur";
    body["carbon_price"] = 0.19;
    body["deadline"] = "2026-12-24T18:00:00Z";
    const auto quote = read_quote_order(body.dump(), now);
    REQUIRE(quote);
    CHECK(quote->title == "hook.v2");
    const PartSpec& part = quote->parts.at(0);
    CHECK(part.process.text() == "fdm");
    CHECK(part.material.text() == "petg");
    CHECK(part.quantity == 3);
    CHECK(part.unit == LengthUnit::inch);
    CHECK(part.tolerance_mm == 0.2);
    CHECK_FALSE(part.min_feature_mm);
    CHECK(quote->objective == Objective::cheapest);
    CHECK(quote->currency == "EUR");
    CHECK(quote->carbon_price_per_t == 19'000);
    CHECK(quote->deadline == now + 24 * 24h + 18h);
    CHECK(quote->place_of_use == Place{45.75, 4.85});
    body["title"] = "A hook";
    body["redo_after"] = "12h";
    CHECK_FALSE(read_quote_order(body.dump(), now));  // Those are of a job.
    const auto job = read_job_order(body.dump(), now);
    REQUIRE(job);
    CHECK(job->title == "A hook");
    CHECK(job->redo == RedoRule{RedoRule::Kind::after, 43'200});
}

TEST_CASE("what is wrong in an order is named with its place", "[gateway]") {
    CHECK(fault_of(with("/parts/0/quantity", 0)) ==
          "parts[0].quantity: is no whole number of 1 to 1000");
    CHECK(fault_of(with("/parts/0/quantity", 1.5)).starts_with("parts[0].quantity"));
    CHECK(fault_of(with("/parts/0/quantity", "3")).starts_with("parts[0].quantity"));
    CHECK(fault_of(with("/parts/0/material", "petgg")).find("did you mean \"petg\"?") !=
          std::string::npos);
    CHECK(fault_of(with("/parts/0/process", "magic")).starts_with("parts[0].process: \"magic\""));
    CHECK(fault_of(with("/parts/0/design", "abc")).starts_with("parts[0].design"));
    CHECK(fault_of(with("/parts/0/design_bytes", -1)).starts_with("parts[0].design_bytes"));
    CHECK(fault_of(with("/parts/0/design_bytes", 18446744073709551615ULL))
              .starts_with("parts[0].design_bytes"));
    CHECK(
        fault_of(with("/parts/0/file_name", "../../etc/passwd")).starts_with("parts[0].file_name"));
    CHECK(fault_of(with("/parts/0/file_name", "a\nb")).starts_with("parts[0].file_name"));
    CHECK(fault_of(with("/parts/0/thickness_mm", 1e300)).starts_with("parts[0].thickness_mm"));
    CHECK(fault_of(with("/parts/0/thikness_mm", 3)) ==
          "parts[0]: \"thikness_mm\" is not known here");
    CHECK(fault_of(with("/parts", json::array())).starts_with("parts"));
    CHECK(fault_of(with("/parts", json(std::vector<int>{1}))).starts_with("parts"));
    CHECK(fault_of(with("/at/latitude_deg", 95)).starts_with("at.latitude_deg"));
    CHECK(fault_of(with("/at", "here")) == "at: is no object");
    CHECK(fault_of(with("/licence", "")).starts_with("licence"));
    CHECK(fault_of(with("/licence", "MIT OR (")).starts_with("licence"));
    CHECK(fault_of(with("/prefer", "best")).starts_with("prefer"));
    CHECK(fault_of(with("/prefer", "cheapest")).starts_with("currency: is missing"));
    CHECK(fault_of(with("/carbon_price", 1)).starts_with("carbon_price"));
    CHECK(fault_of(with("/deadline", "tomorrow")).starts_with("deadline"));
    CHECK(fault_of(with("/deadline", "2026-11-29T00:00:00Z")).find("already past") !=
          std::string::npos);
    CHECK(fault_of(with("/redo_after", "12")).starts_with("redo_after"));
    CHECK(fault_of(with("/redo_after", "999999999999d")).starts_with("redo_after"));
    CHECK(fault_of(with("/title", std::string(300, 'x'))).starts_with("title"));
    json missing = good();
    missing.erase("at");
    CHECK(fault_of(missing) == "at: is missing");
}

TEST_CASE("what is no object at all is malformed", "[gateway]") {
    for (const std::string text : {"",
                                   "{",
                                   "[]",
                                   "3",
                                   "null",
                                   "{\"a\": 1,}",
                                   "{\"a\": NaN}",
                                   "{\"a\": \"\xff\"}",
                                   "{} {}"}) {
        INFO(text);
        const auto body = JsonBody::parse(text);
        REQUIRE_FALSE(body);
        CHECK(body.error().code == ErrorCode::malformed);
    }
    const std::string deep =
        "{\"a\": " + std::string(100'000, '[') + std::string(100'000, ']') + "}";
    CHECK_FALSE(JsonBody::parse(deep));
}

}  // namespace
}  // namespace nearfab::gateway
