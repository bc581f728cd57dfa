// SPDX-License-Identifier: GPL-3.0-or-later
// What router and agent tell of a job in their logs.

#include "tests/e2e/network.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <signal.h>
#include <sstream>
#include <string>
#include <vector>

namespace nearfab::e2e {
namespace {

using nlohmann::json;

// The objects behind the lines that a program wrote before its log became JSON.
std::vector<json> objects_in(const std::string& log) {
    std::vector<json> objects;
    std::istringstream lines{log};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with('{') || !line.ends_with('}')) continue;
        INFO(line);
        json object = json::parse(line, nullptr, false);
        CHECK_FALSE(object.is_discarded());
        if (!object.is_discarded()) objects.push_back(std::move(object));
    }
    return objects;
}

bool tells(const std::vector<json>& objects,
           const std::string& words,
           const std::vector<std::pair<std::string, std::string>>& fields) {
    return std::any_of(objects.begin(), objects.end(), [&](const json& object) {
        if (object.at("message").get<std::string>().find(words) == std::string::npos) return false;
        return std::all_of(fields.begin(), fields.end(), [&](const auto& field) {
            return object.value(field.first, "") == field.second;
        });
    });
}

TEST_CASE("logs tell programs of which job, piece and fab each line is", "[e2e]") {
    Network network{{FabPlan{.name = "lyon", .acceptance = "manual"}}};
    network.fabs.at("lyon").kill();
    network.router.kill();
    network.more_words = {"--log-format", "json"};
    network.start_router();
    network.start_fab("lyon");
    const std::string job =
        network.submit("wall_hook", {"--title", "a \"hook\", or two", "--material", "pla"});
    const std::string piece = job + "-1";
    const auto agent_tells = [&] {
        return tells(objects_in(network.log_of("lyon")),
                     "seen " + piece,
                     {{"job", job}, {"work_order", piece}});
    };
    REQUIRE(network.until(agent_tells));
    REQUIRE(network.nearfab({"cancel", job}).exit_code == 0);
    const auto over = [&] {
        return tells(objects_in(network.log_of("router")), "is cancelled", {{"job", job}});
    };
    REQUIRE(network.until(over));
    const auto told = objects_in(network.log_of("router"));
    CHECK(tells(told, "submitted by ada: a \"hook\", or two", {{"job", job}, {"level", "info"}}));
    CHECK(tells(told,
                "offered to lyon, p1",
                {{"job", job}, {"work_order", piece}, {"fab", "lyon"}, {"machine", "p1"}}));
}

}  // namespace
}  // namespace nearfab::e2e
