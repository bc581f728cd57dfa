// SPDX-License-Identifier: GPL-3.0-or-later
// A request as text: "METHOD TARGET", headers, an empty line, the body. Whoever says it is let in
// as an admin, so that every resource is reached; the router behind it is a fake one.

#include "base/check.hpp"
#include "router/gateway/admission.hpp"
#include "router/gateway/answer_head.hpp"
#include "router/gateway/problem.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/router/gateway/fake_desk.hpp"

#include <nlohmann/json.hpp>

#include <optional>
#include <string>

namespace nearfab::fuzz {
namespace {

using namespace nearfab::gateway;

const std::string design(64, 'a');
const std::string order =
    R"({"parts": [{"design": ")" + design +
    R"(", "design_bytes": 7, "file_name": "a.stl", "process": "fdm", "material": "pla", )" +
    R"("quantity": 2, "unit": "mm", "thickness_mm": 3, "tolerance_mm": 0.1}], )" +
    R"("at": {"latitude_deg": 45.5, "longitude_deg": 4.8}, "licence": "CERN-OHL-P-2.0", )" +
    R"("prefer": "cheapest", "currency": "EUR", "carbon_price": 0.19, )" +
    R"("deadline": "2037-12-24T18:00:00.5+01:00"})";

std::string_view take_line(std::string_view& text) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return line;
}

Head head_of(std::string_view& text) {
    Head head;
    const std::string_view first = take_line(text);
    const auto blank = first.find(' ');
    head.method = first.substr(0, blank);
    head.target = blank == std::string_view::npos ? "" : first.substr(blank + 1);
    head.host = "localhost";
    while (!text.empty()) {
        const std::string_view line = take_line(text);
        if (line.empty()) break;
        const auto colon = line.find(": ");
        const std::string_view name = line.substr(0, colon);
        const std::string_view value =
            colon == std::string_view::npos ? "" : line.substr(colon + 2);
        if (name == "Host") head.host = value;
        if (name == "Origin") head.origin = value;
        if (name == "Content-Type") head.content_type = value;
        if (name == "Idempotency-Key") head.idempotency_key = value;
        if (name == "Upload-Offset") head.upload_offset = value;
        if (name == "Last-Event-ID") head.last_event_id = value;
        if (name == "If-None-Match") head.if_none_match = value;
        if (name == "Accept-Encoding") head.accept_encoding = value;
    }
    head.has_body = !text.empty();
    return head;
}

void check(const Response& response) {
    NEARFAB_CHECK(title_of(response.status) != "Error", "every status has its title");
    const std::string head = answer_head(response, true, true);
    NEARFAB_CHECK(head.find("\r\n\r\n") == head.size() - 4, "a head ends once");
    const bool is_json = response.content_type.find("json") != std::string::npos;
    if (!is_json || response.status == 304 || !response.fixed_body.empty()) return;
    const auto body = nlohmann::json::parse(response.body, nullptr, false);
    NEARFAB_CHECK(body.is_object(), "an answer is a JSON object");
    NEARFAB_CHECK(response.status < 400 || body.at("status") == response.status,
                  "a problem says its own status");
}

}  // namespace

std::vector<Bytes> seeds() {
    const std::string json = "\nContent-Type: application/json\n";
    return {
        bytes_of("GET /api/v1/jobs?after=3f9c01d2a4b86e57&after_submitted_at="
                 "2026-11-30T08:00:00.123Z&include_final=false\n\n"),
        bytes_of("GET /api/v1/fabs?near=45.75,4.85\nOrigin: http://localhost\n\n"),
        bytes_of("GET /api/v1/jobs/3f9c01d2a4b86e57/why\n\n"),
        bytes_of("GET /api/v1/jobs/3f9c01d2a4b86e57/events\nLast-Event-ID: 7\n\n"),
        bytes_of("GET /assets/a%20b.js\nIf-None-Match: \"a\"\nAccept-Encoding: br, gzip;q=0\n\n"),
        bytes_of("POST /api/v1/designs" + json + "\n{\"design\": \"" + design +
                 "\", \"size\": 1000}"),
        bytes_of("PATCH /api/v1/designs/" + design +
                 "\nContent-Type: application/offset+octet-stream\nUpload-Offset: 3\n\nabcd"),
        bytes_of("POST /api/v1/designs/" + design + "/check" + json +
                 "\n{\"file_name\": \"a.stl\", \"processes\": [\"fdm\"], \"unit\": \"in\"}"),
        bytes_of("POST /api/v1/quotes" + json + "\n" + order),
        bytes_of("POST /api/v1/jobs" + json + "Idempotency-Key: k-1\n\n" +
                 order.substr(0, order.size() - 1) +
                 R"(, "title": "A hook", "redo_after": "12h"})"),
        bytes_of("POST /api/v1/jobs/3f9c01d2a4b86e57/cancel" + json +
                 "\n{\"reason\": \"not needed\"}")};
}

std::vector<std::string> words() {
    return {"/api/v1/",
            "%2e%2e",
            "%00",
            "\"parts\"",
            "null",
            "1e309",
            "-1",
            "18446744073709551616",
            "\\u0000",
            "\\ud800",
            "[[[[[[[[",
            "\xE2\x80\xAE",
            "\n\n",
            "Host: ",
            "Origin: null",
            "?near=",
            "Content-Type: "};
}

void run(std::span<const std::uint8_t> input) {
    std::string_view text{reinterpret_cast<const char*>(input.data()), input.size()};
    const Head head = head_of(text);
    Settings settings;
    auto outcome = admit_anybody(head, settings);
    if (const auto* refused = std::get_if<Response>(&outcome)) return check(*refused);
    auto& admitted = std::get<Admitted>(outcome);
    if (const auto refused = refuse_content(*admitted.route, head.content_type, head.has_body)) {
        return check(*refused);
    }
    if (text.size() > admitted.body_bytes_max) return;
    admitted.request.body = text;
    FakeDesk desk;
    const auto known = *ContentHash::from_hex(design);
    desk.announced[known] = 1000;
    if (input.size() % 2 == 0) desk.designs[known] = 7;
    if (input.size() % 3 == 0) desk.known_facts = PartFacts{};
    desk.known_check = std::string{text};
    std::optional<Response> response;
    Caller caller;
    caller.name = IdentityId{"ada"};
    caller.access = Access::admin;
    const auto exchange = std::make_shared<Exchange>(
        Exchange{std::move(admitted.request), caller, admitted.names, desk, [&](Response r) {
                     NEARFAB_CHECK(!response, "a request is answered once");
                     response = std::move(r);
                 }});
    admitted.route->serve(exchange);
    NEARFAB_CHECK(response.has_value(), "a request is answered");
    check(*response);
    if (response->stream) response->stream->close();
}

}  // namespace nearfab::fuzz
