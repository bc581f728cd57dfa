// SPDX-License-Identifier: GPL-3.0-or-later
// What must hold for a router whatever is said to it, in whatever order.

#include "router/core/router.hpp"

#include "tests/router/core/story.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <random>
#include <set>

namespace nearfab::router {
namespace {

using namespace testing;

// Three fabs, a few jobs, and a seed that says whatever comes to its mind.
class Babble {
public:
    explicit Babble(std::uint32_t seed) : random_{seed} {
        for (const char* fab : {"lyon", "grenoble", "paris"})
            advertise(fab);
    }

    void step() {
        static const char* fabs[] = {"lyon", "grenoble", "paris"};
        const std::string fab = fabs[pick(3)];
        switch (pick(16)) {
            case 0:
                submit();
                break;
            case 1:
                advertise(fab);
                break;
            case 2:
                tell("lose " + fab);
                break;
            case 3:
                tell("wait " + std::to_string(pick(400)));
                break;
            case 4:
                if (pick(6) == 0) tell("restart");
                if (pick(6) == 0)
                    tell("connect " + fab + " key=old run=" + std::to_string(pick(3)));
                if (pick(20) == 0) tell("forgive " + fab);
                if (pick(6) == 0) tell("clock " + std::to_string(pick(2'000'000)));
                break;
            case 5:
                if (jobs_ > 0 && pick(6) == 0) tell("cancel ada k" + std::to_string(pick(jobs_)));
                break;
            case 6:
            case 7:
                about_work("accept " + fab, "");
                break;
            case 8:
                about_work("decline " + fab, " no");
                break;
            case 9:
            case 10:
                about_work("ask-start " + fab, " nonce=" + std::to_string(pick(1000)));
                break;
            default: {
                static const char* states[] = {"reserved",
                                               "running",
                                               "produced",
                                               "failed",
                                               "in_doubt",
                                               "never_started",
                                               "inspected_bad",
                                               "delivered",
                                               "inspected_good"};
                about_work("report " + fab, std::string{" "} + states[pick(9)]);
            }
        }
    }

    [[nodiscard]] const Router& router() const { return story_.router(); }
    std::string broken;
    // Start rights given, by work order and epoch.
    std::map<std::string, std::set<std::string>> rights;

private:
    std::uint32_t pick(std::uint32_t below) {
        return std::uniform_int_distribution<std::uint32_t>{0, below - 1}(random_);
    }

    void tell(const std::string& line) {
        const std::string answer = story_.tell(line);
        if (answer.find("BROKEN") != std::string::npos && broken.empty()) broken = line + answer;
        // Whatever is said to a fab about a right was recorded in the same step.
        const auto right = answer.find("StartRight k");
        if (right != std::string::npos) {
            const auto end = answer.find(" nonce", right);
            const std::string name = answer.substr(right + 11, end - right - 11);
            const auto space = name.find(' ');
            rights[name.substr(0, space)].insert(name.substr(space + 1));
        }
    }

    void advertise(const std::string& fab) {
        const std::string place = fab == "lyon"       ? "45.764,4.836"
                                  : fab == "grenoble" ? "45.189,5.725"
                                                      : "48.857,2.352";
        tell("fab " + fab + " " + place + " p1 180x180x180 pla:5000");
    }

    void submit() {
        if (jobs_ >= 12) return;
        static const char* redo[] = {"never", "at-once", "300"};
        tell("submit ada k" + std::to_string(jobs_) +
             " hook quantity=" + std::to_string(1 + pick(3)) + " redo=" + redo[pick(3)]);
        if (jobs_ == 0) tell("analysed hook 20x20x20");
        ++jobs_;
    }

    void about_work(const std::string& verb, const std::string& rest) {
        if (jobs_ == 0) return;
        const std::string key = "k" + std::to_string(pick(jobs_));
        const std::string name = key + "#" + std::to_string(1 + pick(3));
        // Often the present epoch, sometimes an old or impossible one.
        std::string epoch;
        if (pick(4) == 0) epoch = " e=" + std::to_string(1 + pick(4));
        if (!story_.knows(name)) return;
        tell(verb + " " + name + rest + epoch);
    }

    std::mt19937 random_;
    Story story_;
    std::uint32_t jobs_ = 0;
};

TEST_CASE("no babble of fabs and designers breaks an invariant", "[router][babble]") {
    for (std::uint32_t seed = 1; seed <= 60; ++seed) {
        Babble babble{seed};
        for (int i = 0; i < 400; ++i)
            babble.step();
        INFO("seed " << seed);
        CHECK(babble.broken.empty());
    }
}

TEST_CASE("work is offered again only when every start right for it has ended",
          "[router][babble]") {
    for (std::uint32_t seed = 100; seed <= 140; ++seed) {
        Babble babble{seed};
        for (int i = 0; i < 400; ++i)
            babble.step();
        for (const auto& [id, order] : babble.router().ledger().work_orders()) {
            INFO("seed " << seed << ", " << id.text());
            bool right_is_out = false;
            for (const JobEvent& event : babble.router().ledger().job(order.job)->events) {
                if (event.work_order != id) continue;
                const auto says = [&](const char* words) {
                    return event.text.find(words) != std::string::npos;
                };
                if (says("offered to")) CHECK_FALSE(right_is_out);
                if (says("may start now")) right_is_out = true;
                for (const char* end :
                     {"did not start it", "failed at", "declared lost", "not good"}) {
                    if (says(end)) right_is_out = false;
                }
            }
        }
    }
}

TEST_CASE("the same history leads to the same ledger after a restart", "[router]") {
    Story story;
    for (const char* line : {"fab lyon 45.764,4.836 p1 180x180x180 pla:500",
                             "submit ada k hook quantity=2",
                             "analysed hook 20x20x20",
                             "accept lyon k#1",
                             "ask-start lyon k#1",
                             "report lyon k#1 running"}) {
        (void)story.tell(line);
    }
    const std::string before = story.tell("status ada");
    (void)story.tell("restart");
    (void)story.tell("connect lyon");
    CHECK(story.tell("status ada") == before);
}

TEST_CASE("a design can be read only by the fab that holds work for it", "[router]") {
    Story story;
    (void)story.tell("fab lyon 45.764,4.836 p1 180x180x180 pla:500");
    (void)story.tell("fab paris 48.857,2.352 p1 300x300x400 pla:900");
    (void)story.tell("submit ada k hook");
    (void)story.tell("analysed hook 20x20x20");
    CHECK(story.router().may_read(FabId{"lyon"}, hash_of("hook")));
    CHECK_FALSE(story.router().may_read(FabId{"paris"}, hash_of("hook")));
    CHECK_FALSE(story.router().may_read(FabId{"lyon"}, hash_of("other")));
    (void)story.tell("decline lyon k#1 no");
    CHECK_FALSE(story.router().may_read(FabId{"lyon"}, hash_of("hook")));
    CHECK(story.router().may_read(FabId{"paris"}, hash_of("hook")));
}

TEST_CASE("one submitter can keep only so many jobs open", "[router]") {
    Story story;
    for (int i = 0; i < 200; ++i) {
        CHECK(story.tell("submit ada k" + std::to_string(i) + " hook").find("JobAccepted") !=
              std::string::npos);
    }
    CHECK(story.tell("submit ada more hook").find("limit_reached") != std::string::npos);
    CHECK(story.tell("submit bob b hook").find("JobAccepted") != std::string::npos);
}

}  // namespace
}  // namespace nearfab::router
