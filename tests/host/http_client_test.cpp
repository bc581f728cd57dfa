// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/http_client.hpp"

#include "tests/node-agent/drivers/fakes/fake_http_server.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <thread>

namespace nearfab {
namespace {

using agent::fakes::FakeAnswer;
using agent::fakes::FakeHttpServer;
using agent::fakes::FakeRequest;
using Ugliness = FakeAnswer::Ugliness;

std::unique_ptr<HttpClient> client_of(const std::string& url) {
    HttpClientOptions options;
    options.base_url = url;
    options.headers = {{"X-Api-Key", "secret"}};
    auto client = HttpClient::open(options);
    REQUIRE(client);
    return std::move(*client);
}

FakeAnswer redirect_to(const std::string& where) {
    FakeAnswer answer;
    answer.status = 307;
    answer.headers = {{"Location", where}};
    return answer;
}

TEST_CASE("an address is http or https, without a user or a query", "[http]") {
    for (const char* url : {"",
                            "octopi.local",
                            "ftp://octopi.local",
                            "http://a:b@host",
                            "http://host/?key=1",
                            "file:///etc/passwd"}) {
        HttpClientOptions options;
        options.base_url = url;
        INFO(url);
        const auto client = HttpClient::open(options);
        REQUIRE_FALSE(client);
        CHECK(client.error().code == ErrorCode::invalid_argument);
    }
}

TEST_CASE("questions carry their method, headers, body and form", "[http]") {
    FakeRequest seen;
    FakeHttpServer server{[&seen](const FakeRequest& request) {
        seen = request;
        return FakeAnswer{201, "made", "text/plain"};
    }};
    const auto client = client_of(server.url() + "/base/");
    const std::string bytes = "G28 ; \xff\n";
    const std::span<const std::uint8_t> body{reinterpret_cast<const std::uint8_t*>(bytes.data()),
                                             bytes.size()};
    HttpRequest request;
    request.method = GENERATE(as<std::string>{}, "POST", "PUT", "DELETE", "FORM");
    request.target = "/a%20b?x=1";
    const bool form = request.method == "FORM";
    if (form) request.method = "POST";
    if (form) request.form = {{"path", "", body}, {"file", "x.gcode", body}};
    if (!form && request.method != "DELETE") request.body = body;
    const auto answer = client->ask(request);
    INFO((answer ? "" : answer.error().message));
    REQUIRE(answer);
    CHECK(answer->status == 201);
    CHECK(answer->body == "made");
    const auto lock = server.lock();
    CHECK(seen.method == request.method);
    CHECK(seen.path == "/base/a b");
    CHECK(seen.argument("x") == "1");
    CHECK(seen.header("x-api-key") == "secret");
    if (form) {
        CHECK(seen.form.at("file") == bytes);
        CHECK(seen.form.at("file.filename") == "x.gcode");
        CHECK(seen.form.at("path") == bytes);
    } else if (request.method != "DELETE") {
        CHECK(seen.body == bytes);
    }
}

TEST_CASE("a redirect stays with the server that the key is for", "[http]") {
    int strangers = 0;
    FakeHttpServer stranger{[&strangers](const FakeRequest&) {
        ++strangers;
        return FakeAnswer{};
    }};
    std::string to;
    FakeHttpServer server{[&to](const FakeRequest& request) {
        return request.path == "/old" ? redirect_to(to) : FakeAnswer{200, "here"};
    }};
    const auto client = client_of(server.url());
    HttpRequest request;
    request.target = "/old";
    SECTION("elsewhere on the same server") {
        to = "/new";
        REQUIRE(client->ask(request));
        CHECK(client->ask(request)->body == "here");
    }
    SECTION("another server") {
        to = stranger.url() + "/new";
        const auto answer = client->ask(request);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ErrorCode::unauthorised);
        CHECK(strangers == 0);
    }
    SECTION("round in circles") {
        to = "/old";
        const auto answer = client->ask(request);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ErrorCode::malformed);
    }
}

TEST_CASE("an answer over its limit is cut off", "[http]") {
    FakeHttpServer server{[](const FakeRequest&) {
        return FakeAnswer{200, std::string(100'000, 'x')};
    }};
    const auto client = client_of(server.url());
    HttpRequest request;
    request.answer_bytes_max = 100'000;
    CHECK(client->ask(request));
    request.answer_bytes_max = 99'999;
    const auto answer = client->ask(request);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::too_large);
}

TEST_CASE("what may have been received is told from what was not", "[http]") {
    FakeHttpServer server{[](const FakeRequest& request) {
        FakeAnswer answer;
        answer.body = "{}";
        answer.ugliness = request.path == "/half"      ? Ugliness::half
                          : request.path == "/silence" ? Ugliness::silence
                                                       : Ugliness::hang_up;
        return answer;
    }};
    const auto client = client_of(server.url());
    for (const char* path : {"/half", "/silence", "/gone"}) {
        HttpRequest request;
        request.target = path;
        request.limit = Duration{200};
        INFO(path);
        const auto answer = client->ask(request);
        REQUIRE_FALSE(answer);
        CHECK(answer.error().code == ErrorCode::timed_out);
    }
    server.unplug();
    const auto answer = client->ask({});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::unavailable);
}

TEST_CASE("what changes something is asked once, also when the answer is lost", "[http]") {
    FakeHttpServer server{[](const FakeRequest& request) {
        FakeAnswer answer;
        if (request.method == "POST") answer.ugliness = Ugliness::hang_up;
        return answer;
    }};
    const auto client = client_of(server.url());
    REQUIRE(client->ask({}));  // Now there is a connection that could be used again.
    HttpRequest request;
    request.method = "POST";
    CHECK_FALSE(client->ask(request));
    CHECK(server.asked() == std::vector<std::string>{"GET /", "POST /"});
}

TEST_CASE("noise is no HTTP", "[http]") {
    FakeHttpServer server{[](const FakeRequest&) {
        FakeAnswer answer;
        answer.ugliness = Ugliness::noise;
        return answer;
    }};
    const auto client = client_of(server.url());
    CHECK_FALSE(client->ask({}));
}

TEST_CASE("a server without TLS is not reached by https", "[http]") {
    FakeHttpServer server{[](const FakeRequest&) { return FakeAnswer{}; }};
    const auto client = client_of("https://127.0.0.1:" + std::to_string(server.port()));
    HttpRequest request;
    request.limit = Duration{2000};
    const auto answer = client->ask(request);
    REQUIRE_FALSE(answer);
    CHECK(server.asked().empty());
}

TEST_CASE("an interrupt ends the question under way", "[http]") {
    FakeHttpServer server{[](const FakeRequest&) {
        FakeAnswer answer;
        answer.ugliness = Ugliness::silence;
        return answer;
    }};
    const auto client = client_of(server.url());
    std::thread other{[&] {
        while (server.asked().empty())
            std::this_thread::yield();
        client->interrupt();
    }};
    HttpRequest request;
    request.limit = std::chrono::minutes{5};
    const auto answer = client->ask(request);
    other.join();
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == ErrorCode::timed_out);
    CHECK_FALSE(client->ask(request));
}

TEST_CASE("an upload makes way and may be asked again, other questions go on", "[http]") {
    std::atomic<bool> silent{true};
    FakeHttpServer server{[&silent](const FakeRequest&) {
        FakeAnswer answer;
        if (silent) answer.ugliness = Ugliness::silence;
        return answer;
    }};
    const auto client = client_of(server.url());
    std::thread other{[&] {
        while (server.asked().empty())
            std::this_thread::yield();
        client->make_way(true);
    }};
    HttpRequest upload;
    upload.limit = std::chrono::minutes{5};
    upload.makes_way = true;
    const auto broken_off = client->ask(upload);
    other.join();
    REQUIRE_FALSE(broken_off);
    CHECK(broken_off.error().code == ErrorCode::timed_out);
    silent = false;
    CHECK(client->ask(upload).error().code == ErrorCode::unavailable);
    CHECK(client->ask(HttpRequest{}));
    client->make_way(false);
    CHECK(client->ask(upload));
}

TEST_CASE("what is not plain is escaped", "[http]") {
    CHECK(percent_encoded("nf-1_a.gcode~") == "nf-1_a.gcode~");
    CHECK(percent_encoded("a b/\xc3\xa9?") == "a%20b%2F%C3%A9%3F");
}

}  // namespace
}  // namespace nearfab
