// SPDX-License-Identifier: GPL-3.0-or-later
// Each resource against a desk without a router: what is asked, and what is made of the answers.

#include "proto/model/limits.hpp"
#include "router/gateway/admission.hpp"
#include "router/gateway/answer_head.hpp"
#include "tests/router/gateway/fake_desk.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <string>

namespace nearfab::gateway {
namespace {

using nlohmann::json;

const std::string job = "3f9c01d2a4b86e57";
const std::string design(64, 'a');

struct Asking {
    FakeDesk desk;
    Request more;  // Headers beside the usual.

    Response ask(const std::string& method,
                 const std::string& target,
                 const std::string& body = "") {
        Settings settings;
        Head head;
        head.method = method;
        head.target = target;
        head.host = "localhost";
        auto outcome = admit_anybody(head, settings);
        if (auto* refused = std::get_if<Response>(&outcome)) return *refused;
        auto& admitted = std::get<Admitted>(outcome);
        Request request = more;
        request.method = admitted.request.method;
        request.target = admitted.request.target;
        request.body = body;
        std::optional<Response> response;
        Caller caller;
        caller.name = IdentityId{"ada"};
        caller.access = Access::designer;
        const auto exchange = std::make_shared<Exchange>(
            Exchange{request, caller, admitted.names, desk, [&](Response r) {
                         CHECK_FALSE(response);
                         response = std::move(r);
                     }});
        admitted.route->serve(exchange);
        REQUIRE(response);
        return std::move(*response);
    }
};

TEST_CASE("a failure of the router is a problem of its kind", "[gateway]") {
    Asking asking;
    asking.desk.answers = [](const Message&) -> std::optional<Message> {
        return message::Failure{{ErrorCode::limit_reached, "too many jobs", "wait"}, 30};
    };
    const Response response = asking.ask("GET", "/api/v1/jobs");
    CHECK(response.status == 429);
    CHECK(response.headers.front().second == "30");
    CHECK(json::parse(response.body).at("detail") == "too many jobs");
    CHECK(asking.ask("GET", "/api/v1/fabs").status == 429);
    CHECK(asking.ask("GET", "/api/v1/jobs/" + job).status == 429);
    CHECK(asking.ask("GET", "/readyz").status == 429);
}

TEST_CASE("a router that says something else is a fault of ours", "[gateway]") {
    Asking asking;
    asking.desk.answers = [](const Message&) -> std::optional<Message> {
        return message::Keepalive{};
    };
    CHECK(asking.ask("GET", "/api/v1/jobs").status == 500);
}

TEST_CASE("a large piece goes to the router in chunks, in order", "[gateway]") {
    Asking asking;
    const auto hash = *ContentHash::from_hex(design);
    asking.desk.announced[hash] = 1'000'000;
    asking.more.upload_offset = "1000";
    const Response response =
        asking.ask("PATCH", "/api/v1/designs/" + design, std::string(300'000, 'x'));
    CHECK(response.status == 200);
    CHECK(json::parse(response.body).at("received") == 301'000);
    REQUIRE(asking.desk.questions.size() == 3);
    std::uint64_t offset = 1000;
    for (const Message& question : asking.desk.questions) {
        const auto& chunk = std::get<message::UploadChunk>(question);
        CHECK(chunk.offset == offset);
        CHECK(chunk.bytes.size() <= limits::chunk_bytes_max);
        offset += chunk.bytes.size();
    }
    CHECK(offset == 301'000);
    asking.more.upload_offset = "999999";
    CHECK(asking.ask("PATCH", "/api/v1/designs/" + design, "xx").status == 413);
    asking.more.upload_offset = "18446744073709551615";
    CHECK(asking.ask("PATCH", "/api/v1/designs/" + design, "xx").status == 413);
    asking.more.upload_offset = "1x";
    CHECK(asking.ask("PATCH", "/api/v1/designs/" + design, "xx").status == 400);
    CHECK(asking.ask("PATCH", "/api/v1/designs/" + std::string(64, 'b'), "x").status == 400);
}

TEST_CASE("what the worker says of a file is not trusted", "[gateway]") {
    Asking asking;
    asking.desk.designs[*ContentHash::from_hex(design)] = 7;
    const auto check = [&](const std::string& said) {
        asking.desk.known_check = said;
        return asking.ask(
            "POST", "/api/v1/designs/" + design + "/check", R"({"file_name": "a.stl"})");
    };
    CHECK(check(R"({"accepted": true})").status == 200);
    CHECK(check("").status == 500);
    CHECK(check("[]").status == 500);
    CHECK(check(R"({"accepted": "yes"})").status == 500);
    CHECK(check(R"({"accepted": false})").status == 422);
    const Response refused =
        check(R"({"accepted": false, "error": {"message": "open", "next": 3, "where": "at 1"}})");
    CHECK(refused.status == 422);
    CHECK(json::parse(refused.body).at("detail") == "open");
    CHECK(json::parse(refused.body).at("next").is_null());
    CHECK(json::parse(refused.body).at("error").at("where") == "at 1");
    asking.desk.known_check = fail(ErrorCode::limit_reached, "too many", "wait");
    CHECK(asking.ask("POST", "/api/v1/designs/" + design + "/check", R"({"file_name": "a"})")
              .status == 429);
    CHECK(asking.ask("POST", "/api/v1/designs/" + design + "/check", R"({"file_name": "a/b"})")
              .status == 422);
}

TEST_CASE("keys for jobs are printable, and all of them name one job", "[gateway]") {
    Asking asking;
    const std::string order = R"({"parts": [{"design": ")" + design +
                              R"(", "design_bytes": 7, "file_name": "a.stl", "process": "fdm",
        "material": "pla", "quantity": 1}], "at": {"latitude_deg": 1, "longitude_deg": 2},
        "licence": "MIT"})";
    const auto key_sent = [&](const std::string& key) {
        asking.desk.questions.clear();
        asking.more.idempotency_key = key;
        const Response response = asking.ask("POST", "/api/v1/jobs", order);
        INFO(response.body);
        if (response.status != 201) return std::string{};
        return std::get<message::SubmitJob>(asking.desk.questions.at(0)).idempotency_key;
    };
    CHECK(key_sent("abc-1") == "abc-1");
    const std::string odd = key_sent("\"a/b\"=?");
    CHECK(odd.starts_with("h-"));
    CHECK(key_sent("\"a/b\"=?") == odd);
    CHECK(key_sent("\"a/b\"=!") != odd);
    CHECK(key_sent("").empty());
    CHECK(key_sent("a b").empty());
    CHECK(key_sent(std::string(65, 'a')).empty());
    CHECK_FALSE(key_sent(std::string(64, 'a')).empty());
}

TEST_CASE("the stream of a job begins behind what was told already", "[gateway]") {
    Asking asking;
    const Response response = asking.ask("GET", "/api/v1/jobs/" + job + "/events");
    REQUIRE(response.stream);
    CHECK(response.content_type == "text/event-stream");
    std::string text;
    for (const EventText& one : response.stream->take())
        text += *one;
    CHECK(text.starts_with("id: 1\nevent: job_event\ndata: {"));
    CHECK(text.find("event: job_status\ndata: {") != std::string::npos);
    message::JobUpdate last;
    last.status.id = JobId{job};
    last.status.state = JobState::closed;
    last.events = {{1, WallTime{}, {}, "submitted"}, {2, WallTime{}, {}, "closed"}};
    asking.desk.watches.begin()->second(last);
    text.clear();
    for (const EventText& one : response.stream->take())
        text += *one;
    CHECK(text.starts_with("id: 2\n"));
    CHECK(text.ends_with("event: end\ndata: {}\n\n"));
    CHECK(response.stream->ended());
    response.stream->close();
    CHECK(asking.desk.watches.empty());
}

TEST_CASE("an answer has its headers once, and no stream has a length", "[gateway]") {
    Response response;
    response.body = "{}";
    response.headers.emplace_back("Location", "/api/v1/jobs/" + job);
    const std::string head = answer_head(response, true, false);
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(head.find("Content-Length: 2\r\n") != std::string::npos);
    CHECK(head.find("Cache-Control: no-store\r\n") != std::string::npos);
    CHECK(head.find("Connection: keep-alive\r\n") != std::string::npos);
    CHECK(head.find("Strict-Transport") == std::string::npos);
    CHECK(head.ends_with("\r\n\r\n"));
    response.stream = std::make_shared<EventStream>(1);
    const std::string stream = answer_head(response, false, true);
    CHECK(stream.find("Content-Length") == std::string::npos);
    CHECK(stream.find("Connection: close\r\n") != std::string::npos);
    CHECK(stream.find("Strict-Transport-Security") != std::string::npos);
}

TEST_CASE("the page's place without a page says what there is", "[gateway]") {
    Asking asking;
    const Response response = asking.ask("GET", "/");
    CHECK(response.status == 200);
    CHECK(response.content_type == "text/html; charset=utf-8");
    const Response document = asking.ask("GET", "/api/v1/openapi.json");
    CHECK(document.fixed_body.find("3.1.0") != std::string::npos);
    const std::string etag = document.headers.at(0).second;
    asking.more.if_none_match = etag;
    CHECK(asking.ask("GET", "/api/v1/openapi.json").status == 304);
    asking.more.if_none_match = "";
    asking.more.accepts_gzip = true;
    const Response packed = asking.ask("GET", "/api/v1/openapi.json");
    CHECK(packed.fixed_body.size() < document.fixed_body.size());
    CHECK(packed.fixed_body.starts_with("\x1f\x8b"));
}

}  // namespace
}  // namespace nearfab::gateway
