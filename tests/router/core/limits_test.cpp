// SPDX-License-Identifier: GPL-3.0-or-later
// What one identity may ask for, and what it is told when it asks for more.

#include "router/core/router.hpp"
#include "tests/router/core/story.hpp"

#include <catch2/catch.hpp>

namespace nearfab::router {
namespace {

using testing::Story;

bool says(const std::string& answer, const std::string& words) {
    return answer.find(words) != std::string::npos;
}

TEST_CASE("jobs over the rate are refused with the time after which to come again", "[limits]") {
    RouterOptions options;
    options.submits = {.burst = 2, .per_hour = 60};
    Story story{options};
    CHECK(says(story.tell("submit ada k1 hook"), "JobAccepted"));
    CHECK(says(story.tell("submit ada k2 hook"), "JobAccepted"));
    const std::string refused = story.tell("submit ada k3 hook");
    CHECK(says(refused, "Failure limit_reached"));
    CHECK(says(refused, "[61 s]"));
    CHECK_FALSE(says(refused, "record"));
    // What was accepted is not asked again, so it costs nothing.
    CHECK(says(story.tell("submit ada k2 hook"), "JobAccepted k2 (existed)"));
    CHECK(says(story.tell("submit bob b hook"), "JobAccepted"));
    (void)story.tell("wait 61");
    CHECK(says(story.tell("submit ada k3 hook"), "JobAccepted"));
}

TEST_CASE("a job that is refused for another reason costs nothing", "[limits]") {
    RouterOptions options;
    options.submits = {.burst = 1, .per_hour = 1};
    Story story{options};
    for (int i = 0; i < 5; ++i)
        CHECK(says(story.tell("submit ada k hook licence=none"), "licence"));
    CHECK(says(story.tell("submit ada k hook"), "JobAccepted"));
}

TEST_CASE("quotes have a rate of their own", "[limits]") {
    RouterOptions options;
    options.quotes = {.burst = 1, .per_hour = 3600};
    Story story{options};
    CHECK(says(story.tell("quote ada hook 20x20x20"), "Quote"));
    CHECK(says(story.tell("quote ada hook 20x20x20"), "[2 s]"));
    CHECK(says(story.tell("submit ada k hook"), "JobAccepted"));
    (void)story.tell("wait 1");
    CHECK(says(story.tell("quote ada hook 20x20x20"), "Quote"));
}

TEST_CASE("uploads are counted in bytes, for each identity", "[limits]") {
    RouterOptions options;
    options.upload_mib = {.burst = 1, .per_hour = 3600};
    Router router{options};
    const TimePoint now{std::chrono::hours{1}};
    const std::size_t mebibyte = 1024 * 1024;
    CHECK_FALSE(router.refuse_upload(now, IdentityId{"ada"}, mebibyte / 2));
    CHECK_FALSE(router.refuse_upload(now, IdentityId{"ada"}, mebibyte / 2));
    const auto refused = router.refuse_upload(now, IdentityId{"ada"}, mebibyte / 2);
    REQUIRE(refused);
    CHECK(refused->error.code == ErrorCode::limit_reached);
    CHECK(refused->retry_after_s >= 1);
    CHECK_FALSE(router.refuse_upload(now, IdentityId{"bob"}, mebibyte));
    const TimePoint later = now + std::chrono::seconds{refused->retry_after_s};
    CHECK_FALSE(router.refuse_upload(later, IdentityId{"ada"}, mebibyte / 2));
}

TEST_CASE("one submitter's designs do not fill the line for the analysis", "[limits]") {
    RouterOptions options;
    options.analyses_per_submitter_max = 3;
    options.analyses_max = 8;
    Story story{options};
    // Two are given out, three wait.
    for (int i = 0; i < 5; ++i) {
        const std::string n = std::to_string(i);
        CHECK(says(story.tell("submit ada k" + n + " part" + n), "JobAccepted"));
    }
    const std::string own = story.tell("submit ada k5 part5");
    CHECK(says(own, "Failure limit_reached"));
    CHECK(says(own, "[30 s]"));
    // A design that is in the line already needs no place.
    CHECK(says(story.tell("submit ada again part4"), "JobAccepted"));
    for (const char* who : {"bob", "cleo", "dora"})
        CHECK(says(story.tell(std::string{"submit "} + who + " x" + who + " y" + who), "Accepted"));
    const std::string all = story.tell("submit eve e z");
    CHECK(says(all, "Failure unavailable"));
    CHECK(says(all, "[30 s]"));
    // Bob is next although ada came long before.
    CHECK(says(story.tell("analysed part0 20x20x20"), hash_of("ybob").short_hex()));
    CHECK(says(story.tell("submit eve e z"), "JobAccepted"));
}

TEST_CASE("what was accepted is analysed after a restart, whatever the limits say", "[limits]") {
    RouterOptions options;
    options.analyses_per_submitter_max = 3;
    Story story{options};
    for (int i = 0; i < 5; ++i) {
        const std::string n = std::to_string(i);
        (void)story.tell("submit ada k" + n + " part" + n);
    }
    (void)story.tell("restart");
    std::string told;
    for (int i = 0; i < 5; ++i)
        told += story.tell("analysed part" + std::to_string(i) + " 20x20x20");
    CHECK(says(told, "k4 queued"));
}

TEST_CASE("an operator's commands and looks have rates of their own", "[limits]") {
    RouterOptions options;
    options.operator_commands = {.burst = 1, .per_hour = 60};
    options.operator_looks = {.burst = 1, .per_hour = 3600};
    Story story{options};
    (void)story.tell("fab lyon 45.764,4.836 p1 180x180x180 pla:500");
    CHECK(says(story.tell("relay operator k1 lyon drain p1"), "may it come?"));
    CHECK(says(story.tell("relay operator k2 lyon drain p1"), "[61 s]"));
    CHECK(says(story.tell("look operator lyon"), "how is it?"));
    CHECK(says(story.tell("look operator lyon"), "[2 s]"));
    CHECK(says(story.tell("relay operator-two k3 lyon drain p1"), "may it come?"));
}

TEST_CASE("so many commands may wait at one fab, and of one operator", "[limits]") {
    Story story;
    (void)story.tell("fab lyon 45.764,4.836 p1 180x180x180 pla:500");
    (void)story.tell("fab grenoble 45.1885,5.7245 p1 180x180x180 pla:500");
    for (std::size_t i = 0; i < limits::relays_per_fab_max; ++i) {
        CHECK(says(story.tell("relay operator k" + std::to_string(i) + " lyon drain p1"), "tell"));
    }
    const std::string crowded = story.tell("relay operator-two k lyon drain p1");
    CHECK(says(crowded, "Failure limit_reached: too many commands wait"));
    CHECK(says(crowded, "[5 s]"));
    CHECK(says(story.tell("relay operator k grenoble drain p1"), "limit_reached"));
    CHECK(says(story.tell("relay operator-two k grenoble drain p1"), "may it come?"));
    // An answer makes room; so does the end of the waiting.
    CHECK(says(story.tell("refuses lyon 1 no"), "answer"));
    CHECK(says(story.tell("relay operator k99 lyon drain p1"), "may it come?"));
    (void)story.tell("wait 5");
    CHECK(says(story.tell("relay operator-two k lyon drain p1"), "may it come?"));
}

}  // namespace
}  // namespace nearfab::router
