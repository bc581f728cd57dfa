// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/drivers/application_key.hpp"

#include "tests/node-agent/drivers/fakes/fake_http_server.hpp"

#include <catch2/catch.hpp>

#include <deque>

namespace nearfab::agent {
namespace {

using Catch::Matchers::Contains;
using namespace std::chrono_literals;
using fakes::FakeAnswer;
using fakes::FakeRequest;

// OctoPrint's plugin: a question, then these answers, one for each look.
class Appkeys {
public:
    explicit Appkeys(std::deque<FakeAnswer> answers, FakeAnswer first = taken())
        : answers_{std::move(answers)}, first_{std::move(first)} {}

    static FakeAnswer taken() {
        FakeAnswer answer{201, "{}"};
        answer.headers = {{"Location", "http://inside.example/plugin/appkeys/request/ABC"}};
        return answer;
    }
    Result<std::string> ask(Duration limit = 20s) {
        KeyQuestion question;
        question.url = server_.url();
        question.poll = 1ms;
        question.limit = limit;
        return ask_for_application_key(question, [this] { ++asked; });
    }
    int asked = 0;
    std::string body;

private:
    FakeAnswer handle(const FakeRequest& request) {
        if (request.method == "POST" && request.path == "/plugin/appkeys/request") {
            body = request.body;
            return first_;
        }
        if (request.path != "/plugin/appkeys/request/ABC") return {404, "{}"};
        if (answers_.size() == 1) return answers_.front();
        FakeAnswer answer = answers_.front();
        answers_.pop_front();
        return answer;
    }

    std::deque<FakeAnswer> answers_;
    FakeAnswer first_;
    fakes::FakeHttpServer server_{[this](const FakeRequest& request) { return handle(request); }};
};

const FakeAnswer pending{202, R"({"message":"Awaiting decision"})"};

TEST_CASE("a person says yes on OctoPrint's page, and the key comes", "[drivers][octoprint]") {
    Appkeys octoprint{{pending, pending, {200, R"({"api_key":"0123456789ABCDEF"})"}}};
    const auto key = octoprint.ask();
    REQUIRE(key);
    CHECK(*key == "0123456789ABCDEF");
    CHECK(octoprint.asked == 1);
    CHECK(octoprint.body == R"({"app":"nearfab"})");
}

TEST_CASE("a person says no on OctoPrint's page", "[drivers][octoprint]") {
    Appkeys octoprint{{pending, {404, "{}"}}};
    const auto key = octoprint.ask();
    REQUIRE_FALSE(key);
    CHECK(key.error().code == ErrorCode::unauthorised);
    CHECK_THAT(key.error().next, Contains("Application Keys"));
}

TEST_CASE("nobody looks at OctoPrint's page", "[drivers][octoprint]") {
    Appkeys octoprint{{pending}};
    const auto key = octoprint.ask(30ms);
    REQUIRE_FALSE(key);
    CHECK(key.error().code == ErrorCode::timed_out);
}

TEST_CASE("a server without the plugin, or asked too often", "[drivers][octoprint]") {
    Appkeys without{{pending}, {404, "{}"}};
    const auto none = without.ask();
    REQUIRE_FALSE(none);
    CHECK(none.error().code == ErrorCode::unsupported);
    CHECK(without.asked == 0);
    Appkeys busy{{pending}, {429, "{}"}};
    const auto later = busy.ask();
    REQUIRE_FALSE(later);
    CHECK(later.error().code == ErrorCode::unavailable);
}

TEST_CASE("one bad answer does not end the question, three in a row do", "[drivers][octoprint]") {
    Appkeys hiccup{{pending, {502, "busy"}, pending, {200, R"({"api_key":"K"})"}}};
    CHECK(hiccup.ask());
    Appkeys broken{{pending, {500, "down"}}};
    const auto key = broken.ask();
    REQUIRE_FALSE(key);
    CHECK(key.error().code == ErrorCode::unavailable);
    Appkeys empty{{{200, R"({"api_key":7})"}}};
    const auto odd = empty.ask();
    REQUIRE_FALSE(odd);
    CHECK(odd.error().code == ErrorCode::malformed);
}

}  // namespace
}  // namespace nearfab::agent
