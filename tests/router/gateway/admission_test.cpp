// SPDX-License-Identifier: GPL-3.0-or-later
// Paths, hosts, origins and methods: what is let in, and how the others are refused.

#include "router/gateway/admission.hpp"

#include "router/gateway/guard.hpp"
#include "router/gateway/page_files.hpp"
#include "router/gateway/problem.hpp"
#include "router/gateway/target.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <set>
#include <string>

namespace nearfab::gateway {
namespace {

Settings on_loopback() {
    Settings settings;
    settings.address = "127.0.0.1";
    settings.hosts = {"fabs.example.org"};
    return settings;
}

Head head_for(std::string_view method, std::string_view target) {
    Head head;
    head.method = method;
    head.target = target;
    head.host = "localhost:7480";
    return head;
}

int status_for(const Head& head, const Settings& settings = on_loopback()) {
    const auto outcome = admit_anybody(head, settings);
    const auto* refused = std::get_if<Response>(&outcome);
    if (refused == nullptr) return 200;
    CHECK(refused->content_type == "application/problem+json");
    const auto problem = nlohmann::json::parse(refused->body);
    CHECK(problem.at("status") == refused->status);
    CHECK_FALSE(problem.at("next").get<std::string>().empty());
    return refused->status;
}

TEST_CASE("a path is cut before it is decoded", "[gateway]") {
    const auto target = parse_target("/api/v1/jobs/a%20b?near=1%2C2&x=a+b");
    REQUIRE(target);
    CHECK(target->path == std::vector<std::string>{"api", "v1", "jobs", "a b"});
    CHECK(target->query ==
          std::vector<std::pair<std::string, std::string>>{{"near", "1,2"}, {"x", "a b"}});
    CHECK(parse_target("/")->path.empty());
    for (const char* trick : {"",
                              "api",
                              "http://elsewhere/api",
                              "//api",
                              "/api//v1",
                              "/api/../etc",
                              "/api/%2e%2e/etc",
                              "/a%2fb",
                              "/a%5cb",
                              "/a%00b",
                              "/a%0d%0ab",
                              "/a%",
                              "/a%4",
                              "/a%zz",
                              "/a%ff",
                              "/a#b",
                              "/a?x=1&x=2",
                              "/%e2%80%ae"}) {
        INFO(trick);
        CHECK_FALSE(parse_target(trick));
    }
    CHECK_FALSE(parse_target("/" + std::string(3000, 'a')));
    std::string deep;
    for (int i = 0; i < 20; ++i)
        deep += "/a";
    CHECK_FALSE(parse_target(deep));
}

TEST_CASE("a request finds its route, or is told what there is", "[gateway]") {
    CHECK(status_for(head_for("GET", "/api/v1/jobs/3f9c01d2a4b86e57/why")) == 200);
    CHECK(status_for(head_for("HEAD", "/healthz")) == 200);
    CHECK(status_for(head_for("GET", "/anything.js")) == 200);  // The page's business.
    CHECK(status_for(head_for("GET", "/api/v1/nothing")) == 404);
    CHECK(status_for(head_for("GET", "/api/v1/jobs/a/b/c")) == 404);
    CHECK(status_for(head_for("POST", "/anything")) == 404);
    CHECK(status_for(head_for("DELETE", "/api/v1/jobs")) == 405);
    const auto outcome = admit_anybody(head_for("PUT", "/api/v1/jobs"), on_loopback());
    const auto& refused = std::get<Response>(outcome);
    CHECK(refused.headers.front() ==
          std::pair<std::string, std::string>{"Allow", "POST, GET, HEAD"});
    const auto found = admit_anybody(head_for("GET", "/api/v1/jobs/abc"), on_loopback());
    CHECK(std::get<Admitted>(found).names == std::vector<std::string>{"abc"});
}

TEST_CASE("a name that points here from elsewhere is refused", "[gateway]") {
    const auto with_host = [](std::string_view host) {
        Head head = head_for("GET", "/healthz");
        head.host = host;
        return status_for(head);
    };
    for (const char* good : {"localhost",
                             "localhost:7480",
                             "LOCALHOST:1",
                             "127.0.0.1:7480",
                             "[::1]:7480",
                             "[::1]",
                             "fabs.example.org",
                             "fabs.example.org:443"})
        CHECK(with_host(good) == 200);
    for (const char* bad : {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80"})
        CHECK(with_host(bad) == 421);
    CHECK(with_host("") == 400);
    Settings beyond = on_loopback();
    beyond.loopback = false;
    Head head = head_for("GET", "/healthz");
    head.host = "router.example";
    CHECK(status_for(head, beyond) == 200);
}

TEST_CASE("a page of another site is refused", "[gateway]") {
    const auto with_origin = [](std::string_view origin) {
        Head head = head_for("POST", "/api/v1/jobs");
        head.origin = origin;
        return status_for(head);
    };
    CHECK(with_origin("http://localhost:7480") == 200);
    CHECK(with_origin("https://localhost:7480") == 200);  // Behind a proxy.
    CHECK(with_origin("https://fabs.example.org") == 200);
    for (const char* bad : {"http://localhost:8080",
                            "https://evil.example",
                            "null",
                            "",
                            "file://localhost:7480",
                            "http://localhost:7480.evil.example"})
        CHECK(with_origin(bad) == 403);
    Head twice = head_for("GET", "/healthz");
    twice.repeated = "Host";
    CHECK(status_for(twice) == 400);
}

TEST_CASE("a route says what body it takes and who may use it", "[gateway]") {
    const auto found = admit_anybody(head_for("POST", "/api/v1/jobs"), on_loopback());
    const Route& post = *std::get<Admitted>(found).route;
    CHECK_FALSE(refuse_content(post, "application/json", true));
    for (const char* wrong : {"",
                              "text/plain",
                              "application/json; charset=utf-8",
                              "application/x-www-form-urlencoded",
                              "multipart/form-data"}) {
        REQUIRE(refuse_content(post, wrong, true));
        CHECK(refuse_content(post, wrong, true)->status == 415);
    }
    const auto get = admit_anybody(head_for("GET", "/api/v1/jobs"), on_loopback());
    CHECK(refuse_content(*std::get<Admitted>(get).route, "", true)->status == 400);
    Caller screen;
    CHECK(refuse_access(post, screen)->status == 403);
    screen.access = Access::admin;
    CHECK_FALSE(refuse_access(post, screen));
    for (const Route& route : routes()) {
        INFO(route.path);
        CHECK(route.serve != nullptr);
        // All that is open is told to everybody, and changes nothing.
        if (route.open) CHECK(route.method == Method::get);
    }
}

TEST_CASE("the OpenAPI document describes every route, and no other", "[gateway]") {
    const auto document = nlohmann::json::parse(openapi_file().bytes);
    CHECK(document.at("openapi") == "3.1.0");
    std::set<std::string> described;
    for (const auto& [path, item] : document.at("paths").items()) {
        for (const auto& [method, operation] : item.items()) {
            if (method == "parameters") continue;
            described.insert(method + " " + path);
            // What needs no token says so.
            const bool open = operation.contains("security") && operation.at("security").empty();
            const Method wanted = method == "get"    ? Method::get
                                  : method == "post" ? Method::post
                                                     : Method::patch;
            for (const Route& route : routes()) {
                if (route.path == path && route.method == wanted) CHECK(route.open == open);
            }
        }
    }
    std::set<std::string> there;
    for (const Route& route : routes()) {
        const char* method = route.method == Method::get    ? "get "
                             : route.method == Method::post ? "post "
                                                            : "patch ";
        there.insert(method + std::string{route.path});
    }
    CHECK(described == there);
}

TEST_CASE("each kind of error has its status, title and code", "[gateway]") {
    const Response response =
        problem(Error{ErrorCode::not_found, "there is no job \"<b>\"", "list yours"});
    CHECK(response.status == 404);
    const auto body = nlohmann::json::parse(response.body);
    CHECK(body == nlohmann::json{{"type", "/errors/not_found"},
                                 {"title", "Not Found"},
                                 {"status", 404},
                                 {"detail", "there is no job \"<b>\""},
                                 {"next", "list yours"},
                                 {"code", "not_found"}});
    for (int code = 1; code <= 16; ++code) {
        const int status = status_of(static_cast<ErrorCode>(code));
        CHECK(status >= 400);
        CHECK(title_of(status) != "Error");
    }
    message::Failure wait{{ErrorCode::limit_reached, "too many", "wait"}, 7};
    CHECK(problem(wait).status == 429);
    CHECK(problem(wait).headers.front() == std::pair<std::string, std::string>{"Retry-After", "7"});
    CHECK(bearer("Bearer abc") == "abc");
    CHECK(bearer("bearer abc") == "abc");
    CHECK_FALSE(bearer("Basic abc"));
    CHECK_FALSE(bearer("Bearer "));
    CHECK_FALSE(bearer(""));
}

}  // namespace
}  // namespace nearfab::gateway
