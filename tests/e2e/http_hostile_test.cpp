// SPDX-License-Identifier: GPL-3.0-or-later
// What no good client does to the HTTP gateway: each is refused, and the others are served on.

#include "host/http_client.hpp"
#include "tests/e2e/network.hpp"
#include "tests/e2e/raw_http.hpp"
#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <vector>

namespace nearfab::e2e {
namespace {

using nlohmann::json;

const std::string json_type = "Content-Type: application/json";

class Target {
public:
    explicit Target(const std::string& settings = "") : network_{{}, settings} {}

    RawHttp connect() const { return RawHttp{network_.http_port()}; }
    std::string token(const std::string& name = "ada") const { return network_.token(name); }
    RawAnswer say(const std::string& bytes) const {
        RawHttp http = connect();
        REQUIRE(http.send(bytes));
        return http.answer();
    }
    RawAnswer ask(const std::string& method,
                  const std::string& path,
                  const std::string& body = "",
                  const std::vector<std::string>& headers = {}) const {
        return say(request_text(method, path, token(), body, headers));
    }
    // It still serves who behaves.
    void lives() const { CHECK(ask("GET", "/api/v1/me").status == 200); }

    Network network_;
};

TEST_CASE("requests that break the rules get an error that says what to do", "[e2e][http]") {
    const Target target;
    const auto refused = [&](const RawAnswer& answer, int status) {
        CHECK(answer.status == status);
        REQUIRE(answer.headers.count("content-type") == 1);
        CHECK(answer.headers.at("content-type") == "application/problem+json");
        CHECK_FALSE(json::parse(answer.body).at("next").get<std::string>().empty());
        CHECK(answer.headers.at("x-content-type-options") == "nosniff");
    };
    refused(target.say("EHLO nearfab\r\n\r\n"), 400);
    refused(target.say("GET /healthz HTTP/1.1\r\n\r\n"), 400);  // No host.
    refused(target.say("GET /healthz HTTP/1.1\r\nHost: a\r\nHost: localhost\r\n\r\n"), 400);
    refused(target.say("GET http://localhost/healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"), 400);
    refused(target.say("GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n"), 421);
    refused(target.say(request_text("GET", "/api/v1/me", "")), 401);
    refused(target.say(request_text("GET", "/api/v1/me", "nf_" + std::string(43, 'A'))), 401);
    refused(target.ask("GET", "/api/v1/../../etc/passwd"), 400);
    refused(target.ask("GET", "/api/v1/jobs/%2e%2e%2fx"), 400);
    refused(target.ask("GET", "/api/v1/jobs/..%00"), 400);
    refused(target.ask("GET", "/api/v1/jobs/%3Cscript%3E"), 404);
    refused(target.ask("GET", "/api/v1/designs/abc"), 404);
    refused(target.ask("GET", "/assets/nothing.js"), 404);
    refused(target.ask("DELETE", "/api/v1/jobs"), 405);
    refused(target.ask("GET", "/api/v1/me", "body", {json_type}), 400);
    refused(target.ask("POST", "/api/v1/quotes", "{}", {"Content-Type: text/plain"}), 415);
    refused(target.ask("POST", "/api/v1/quotes", "{}", {json_type + "; charset=utf-8"}), 415);
    refused(target.ask("POST", "/api/v1/quotes", "{\"parts\": ", {json_type}), 400);
    refused(target.ask("POST", "/api/v1/quotes", std::string(50'000, '['), {json_type}), 400);
    refused(target.ask("POST", "/api/v1/quotes", "{\"a\": 1}", {json_type}), 422);
    refused(target.ask("POST", "/api/v1/jobs", "{}", {json_type}), 400);  // No key.
    refused(target.ask("POST", "/api/v1/jobs", "{}", {json_type, "Idempotency-Key: a b"}), 400);
    refused(target.ask("POST", "/api/v1/jobs", "{}", {json_type, "Origin: https://evil.example"}),
            403);
    refused(target.ask("PATCH",
                       "/api/v1/designs/" + std::string(64, 'a'),
                       "x",
                       {"Content-Type: application/offset+octet-stream", "Upload-Offset: -1"}),
            400);
    refused(target.ask("POST",
                       "/api/v1/designs",
                       R"({"design": ")" + std::string(64, 'a') + R"(", "size": 99999999999})",
                       {json_type}),
            413);
    target.lives();
}

TEST_CASE("requests that are too large are refused before they are read", "[e2e][http]") {
    const Target target;
    const std::string head =
        "POST /api/v1/quotes HTTP/1.1\r\nHost: localhost\r\n"
        "Authorization: Bearer " +
        target.token() + "\r\n" + json_type + "\r\n";
    RawHttp large = target.connect();
    REQUIRE(large.send(head + "Content-Length: 2000000\r\n\r\n"));
    CHECK(large.answer().status == 413);
    CHECK(large.ends_within(5));  // What was on its way is no next request.
    RawHttp huge = target.connect();
    REQUIRE(huge.send(head + "Content-Length: 99999999999999999999\r\n\r\n"));
    CHECK(huge.answer().status == 400);
    RawHttp pieces = target.connect();
    REQUIRE(pieces.send(head + "Transfer-Encoding: chunked\r\n\r\n"));
    const std::string piece = "10000\r\n" + std::string(0x10000, ' ') + "\r\n";
    for (int i = 0; i < 20 && pieces.send(piece); ++i) {
    }
    CHECK(pieces.answer().status == 413);
    RawHttp both = target.connect();
    REQUIRE(both.send(head + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"));
    CHECK(both.answer().status == 400);
    RawHttp headers = target.connect();
    headers.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX: " + std::string(20'000, 'x') +
                 "\r\n\r\n");
    CHECK(headers.answer().status == 431);
    CHECK(target.ask("GET", "/" + std::string(5000, 'a')).status == 400);
    target.lives();
}

TEST_CASE("who is slow, or stops half way, is cut off", "[e2e][http]") {
    const Target target{"read_s = 1\nidle_s = 1\n"};
    RawHttp nothing = target.connect();
    RawHttp half_head = target.connect();
    REQUIRE(half_head.send("GET /api/v1/me HTTP/1.1\r\nHost: loc"));
    RawHttp half_body = target.connect();
    REQUIRE(half_body.send(
        "POST /api/v1/quotes HTTP/1.1\r\nHost: localhost\r\n"
        "Authorization: Bearer " +
        target.token() + "\r\n" + json_type + "\r\nContent-Length: 100\r\n\r\n{\"parts\":"));
    {
        RawHttp gone = target.connect();
        REQUIRE(gone.send("POST /api/v1/quotes HTTP/1.1\r\nHost: localhost\r\nContent-Le"));
    }
    RawHttp idle = target.connect();
    REQUIRE(idle.send(request_text("GET", "/healthz", "")));
    CHECK(idle.answer().status == 200);
    target.lives();
    CHECK(nothing.ends_within(5));
    CHECK(half_head.ends_within(5));
    CHECK(half_body.ends_within(5));
    CHECK(idle.ends_within(5));
    target.lives();
}

TEST_CASE("nobody has more connections, requests or streams than the limits", "[e2e][http]") {
    SECTION("connections of one address") {
        const Target target{"connections_per_address_max = 3\n"};
        std::vector<RawHttp> open;
        for (int i = 0; i < 3; ++i) {
            open.push_back(target.connect());
            REQUIRE(open.back().send(request_text("GET", "/healthz", "")));
            CHECK(open.back().answer().status == 200);
        }
        RawHttp more = target.connect();
        CHECK(more.ends_within(5));
        open.pop_back();
        REQUIRE(target.network_.until([&] {
            RawHttp next = target.connect();
            return next.send(request_text("GET", "/healthz", "")) && next.answer().status == 200;
        }));
    }
    SECTION("requests in a time") {
        const Target target{"requests_per_second = 0.1\nrequests_burst = 5\n"};
        RawHttp http = target.connect();
        for (int i = 0; i < 5; ++i) {
            REQUIRE(http.send(request_text("GET", "/healthz", "")));
            CHECK(http.answer().status == 200);
        }
        REQUIRE(http.send(request_text("GET", "/healthz", "")));
        const RawAnswer answer = http.answer();
        CHECK(answer.status == 429);
        CHECK(std::stoi(answer.headers.at("retry-after")) > 0);
    }
    SECTION("streams of one token") {
        const Target target{"streams_per_token_max = 2\n"};
        std::vector<RawHttp> open;
        for (int i = 0; i < 2; ++i) {
            open.push_back(target.connect());
            REQUIRE(open.back().send(request_text("GET", "/api/v1/events", target.token())));
            CHECK(open.back().head().status == 200);
        }
        CHECK(target.ask("GET", "/api/v1/events").status == 429);
        open.pop_back();  // Its place is free when the gateway has noticed.
        REQUIRE(target.network_.until([&] {
            RawHttp next = target.connect();
            return next.send(request_text("GET", "/api/v1/events", target.token())) &&
                   next.head().status == 200;
        }));
        target.lives();
    }
}

TEST_CASE("requests over one connection are answered in their order", "[e2e][http]") {
    const Target target;
    RawHttp http = target.connect();
    const std::string token = target.token();
    REQUIRE(http.send(request_text("GET", "/healthz", "") +
                      request_text("GET", "/api/v1/me", token) +
                      request_text("HEAD", "/version", "") +
                      request_text("POST", "/api/v1/quotes", token, "{}", {json_type}) +
                      request_text("GET", "/readyz", "")));
    CHECK(http.answer().status == 200);
    CHECK(json::parse(http.answer().body).at("name") == "ada");
    const RawAnswer head = http.answer(true);
    CHECK(head.status == 200);
    CHECK(head.headers.at("content-length") != "0");
    CHECK(http.answer().status == 422);
    CHECK(json::parse(http.answer().body).at("status") == "ready");

    RawHttp polite = target.connect();
    REQUIRE(polite.send(
        "POST /api/v1/quotes HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token +
        "\r\n" + json_type + "\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"));
    REQUIRE(polite.send("{}"));
    CHECK(polite.answer().status == 422);
}

TEST_CASE("with a certificate the gateway speaks TLS and nothing else", "[e2e][http]") {
    if (!std::filesystem::exists("/usr/bin/openssl")) {
        WARN("skipped: openssl is not installed, so there is no certificate");
        return;
    }
    std::string pattern = "/tmp/nearfab-tls-XXXXXX";
    const std::filesystem::path folder = ::mkdtemp(pattern.data());
    const Outcome made = run({"/usr/bin/openssl",
                              "req",
                              "-x509",
                              "-newkey",
                              "ec",
                              "-pkeyopt",
                              "ec_paramgen_curve:prime256v1",
                              "-nodes",
                              "-keyout",
                              (folder / "key.pem").string(),
                              "-out",
                              (folder / "cert.pem").string(),
                              "-days",
                              "2",
                              "-subj",
                              "/CN=localhost",
                              "-addext",
                              "subjectAltName=IP:127.0.0.1"},
                             {{"PATH", "/usr/bin"}, {"HOME", folder.string()}});
    INFO(made.err);
    REQUIRE(made.exit_code == 0);
    const Target target{"certificate = \"" + (folder / "cert.pem").string() +
                        "\"\nprivate_key = \"" + (folder / "key.pem").string() + "\"\n"};
    HttpClientOptions options;
    options.base_url = "https://127.0.0.1:" + std::to_string(target.network_.http_port());
    options.ca_file = folder / "cert.pem";
    options.headers = {{"Authorization", "Bearer " + target.token()}};
    const auto client = HttpClient::open(options);
    REQUIRE(client);
    HttpRequest request;
    request.target = "/api/v1/me";
    const auto answer = (*client)->ask(request);
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(json::parse(answer->body).at("name") == "ada");
    RawHttp plain = target.connect();
    REQUIRE(plain.send(request_text("GET", "/healthz", "")));
    CHECK(plain.ends_within(25));
    std::filesystem::remove_all(folder);
}

TEST_CASE("a gateway that could not be safe is not started", "[e2e][http]") {
    const Target target;
    const std::filesystem::path folder = target.network_.folder();
    const auto refused = [&](const std::string& http, const std::string& tokens) {
        std::ofstream{folder / "other_tokens"} << tokens;
        std::ofstream{folder / "other.toml"}
            << "[router]\nname = \"other\"\nendpoint = \"tcp://127.0.0.1:1\"\nkey_file = "
               "\"router.key\"\nallowed_keys = \"allowed_keys\"\nstate_directory = \"other\"\n"
               "[http]\ntokens = \"other_tokens\"\n"
            << http;
        const Outcome outcome = run({tests::program_folder() + "/nearfab-router",
                                     "--config",
                                     (folder / "other.toml").string(),
                                     "--check-config"},
                                    target.network_.environment());
        CHECK(outcome.exit_code == 2);
        CHECK(outcome.err.find("next: ") != std::string::npos);
        return outcome.err;
    };
    CHECK(refused("listen = \"0.0.0.0:7480\"\n", "").find("other.toml:9") != std::string::npos);
    CHECK(refused("", "designer ada\n").find("other_tokens:1") != std::string::npos);
    CHECK(refused("", "designer ada " + target.token() + "\n").find("the token itself") !=
          std::string::npos);
}

}  // namespace
}  // namespace nearfab::e2e
